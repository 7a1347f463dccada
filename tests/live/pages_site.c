/* A site of pages that a developer looks at: errors of each kind, and pages that the debug toolbar
 * has to find its place in. For tests/browser/test_developers_pages.py.
 */
#include <nuages/auth.h>
#include <nuages/nuages.h>

#include <string.h>

NU_DECLARE_MODEL(Cloud);
struct Cloud {
    NU_OBJECT(Cloud);
    nu_id id;
    nu_str name;
};

const nu_model Cloud_model = {
    MODEL(Cloud),
    .app_label = "site",
    .fields = { CharField(Cloud, name, .max_length = 20) },
};

static nu_response *page(const char *body)
{
    return nu_http_response(.body = nu_fmt(
                                "<!doctype html>\n<html lang=\"en\"><head><meta "
                                "charset=\"utf-8\"><title>Page</title>\n"
                                "<meta name=\"viewport\" content=\"width=device-width\"></head>\n"
                                "<body><h1>Page</h1><p>{}</p></body></html>\n",
                                body));
}

static nu_response *home(nu_request *req)
{
    (void)req;
    return page("Fine.");
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void read_forecast(nu_str station)
{
    nu_raise(NU_OS_ERROR, "no answer from {}", station);
}

static int64_t forecast(nu_request *req)
{
    nu_str station = nu_query_param(req, "station");
    const nu_error *e = nu_catch(NU_OS_ERROR, read_forecast(station));

    if (e)
        nu_raise_from(e, NU_VALUE_ERROR, "no forecast for <{}>", station); /* raised */
    return 1;
}

static nu_response *with_cause(nu_request *req)
{
    for (int i = 0; i < 3; i++)
        nu_count(nu_filter(nu_objects(Cloud), Q("name__icontains", "cirrus")));
    return nu_http_response(.body = nu_fmt("{}", forecast(req)));
}

static nu_response *long_error(nu_request *req)
{
    nu_str words = S("");

    (void)req;
    for (int i = 0; i < 200; i++)
        words = nu_fmt("{}word{},", words, (int64_t)i);
    nu_raise(NU_VALUE_ERROR, "{}", words);
}

static nu_response *missing_template(nu_request *req)
{
    return nu_render(req, "clouds/nowhere.html", ("name", "cirrus"));
}

static nu_response *wrong_tag(nu_request *req)
{
    return nu_render(req, "wrong_tag.html", ("name", "cirrus"));
}

static nu_response *refused(nu_request *req)
{
    (void)req;
    nu_raise(NU_PERMISSION_DENIED, "not for you");
}

static nu_response *suspicious(nu_request *req)
{
    (void)req;
    nu_raise(NU_SUSPICIOUS_OPERATION, "that looks odd");
}

static nu_response *no_object(nu_request *req)
{
    (void)req;
    nu_get_or_404(Cloud, Q("name", "nimbus"));
    return page("never");
}

static nu_response *nothing(nu_request *req)
{
    (void)req;
    return NULL;
}

/* ---- pages that the toolbar is on ------------------------------------------------------------ */

static nu_response *many_queries(nu_request *req)
{
    (void)req;
    for (int i = 0; i < 120; i++)
        nu_count(nu_filter(nu_objects(Cloud), Q("id", i % 60)));
    for (int i = 0; i < 4; i++) {
        nu_list *names = nu_list_new();

        for (int k = 0; k < 300; k++)
            nu_list_append(names, nu_fmt("cloud-{}-{}", (int64_t)i, (int64_t)k));
        nu_count(nu_filter(nu_objects(Cloud), Q("name__in", names)));
    }
    return page("Many queries.");
}

/* A page of any path under the policy that its address asks for. */
static nu_response *policy_of_the_address(nu_request *req, const nu_next *next)
{
    nu_response *response = nu_next_call(next, req);
    nu_str policy = nu_query_param(req, "policy");

    if (policy.len)
        nu_set_header(response, "Content-Security-Policy", policy);
    return response;
}

/* A body's end may be left out, or written in capitals, or stand in a script as well. */
static nu_response *open_ended(nu_request *req)
{
    static const char *const bodies[] = {
        "<!doctype html>\n<title>Open</title><p>Open.\n",
        "<HTML><BODY><P>Old.</P></BODY></HTML>\n",
        ("<!doctype html><title>Script</title><body><script>var end = "
         "\"</body>\";</script><p>Last.</p></body>\n"),
        "<p>A fragment.</p>\n",
        "<!-- a note --> <!DOCTYPE html>\n<title>Note</title><p>Noted.\n",
    };

    return nu_http_response(.body = nu_s(bodies[nu_path_id(req, "number")]));
}

static nu_response *as_json(nu_request *req)
{
    (void)req;
    return nu_json(200, ("fine", true));
}

static nu_response *moved(nu_request *req)
{
    return nu_redirect(req, "home");
}

static void write_pieces(nu_request *req, nu_stream *stream)
{
    (void)req;
    nu_stream_write(stream, S("<!doctype html><title>Stream</title><body><p>One.</p>"));
    nu_stream_write(stream, S("<p>Two.</p></body>"));
}

static nu_response *streamed(nu_request *req)
{
    return nu_stream_response(req, "text/html; charset=utf-8", write_pieces);
}

static const nu_urlconf urls = {
    .urlpatterns = { path("", home, .name = "home"), path("cause/", with_cause, .name = "cause"),
                     path("long/", long_error), path("templates/missing/", missing_template),
                     path("templates/tag/", wrong_tag), path("refused/", refused),
                     path("suspicious/", suspicious), path("object/", no_object),
                     path("nothing/", nothing), path("queries/", many_queries),
                     path("open/<int:number>/", open_ended), path("json/", as_json),
                     path("moved/", moved), path("streamed/", streamed) },
};

static const char wrong_tag_html[] =
    "<h1>{{ name }}</h1>\n<p>\n{% iff name %}\n  yes\n{% endiff %}\n</p>\n";

static const nu_embedded_file templates[] = {
    { "wrong_tag.html", (const uint8_t *)wrong_tag_html, sizeof wrong_tag_html - 1 },
    { 0 },
};

static const nu_app site_app = { .name = "site",
                                 .models = { &Cloud_model },
                                 .templates = templates };

static const nu_settings settings = {
    .secret_key_env = "SECRET_KEY",
    .allowed_hosts = { "localhost", "127.0.0.1" },
    .installed_apps = { &site_app, &contenttypes_app, &auth_app, &sessions_app },
    .middleware = { policy_of_the_address, SecurityMiddleware, SessionMiddleware, CommonMiddleware,
                    CsrfViewMiddleware },
    .databases = { Database("default", .engine = "sqlite3", .name = "db.sqlite3",
                            .url_env = "DATABASE_URL") },
    .root_urlconf = &urls,
    .static_url = "static/",
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
