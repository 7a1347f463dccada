#include "harness.h"

#include "conf/settings.h"
#include "handlers/handler.h"
#include "http/client_request.h"
#include "template/template.h"
#include "urls/reverse.h"

#include <nuages/context_processors.h>
#include <nuages/views.h>
#include <string.h>

/* ---- a site ---------------------------------------------------------------------------------- */

static int n_finished;

static nu_response *hello(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = S("hello"));
}

static nu_response *missing(nu_request *req)
{
    nu_raise(NU_HTTP404, "no student {}", nu_path_id(req, "pk"));
}

static nu_response *breaks(nu_request *req)
{
    (void)req;
    nu_raise(NU_KEY_ERROR, "secret detail");
}

static nu_response *forbidden(nu_request *req)
{
    (void)req;
    nu_raise(NU_PERMISSION_DENIED, "not you");
}

static nu_response *suspicious(nu_request *req)
{
    (void)req;
    nu_raise(NU_SUSPICIOUS_OPERATION, "odd");
}

static nu_response *too_big(nu_request *req)
{
    (void)req;
    nu_raise(NU_REQUEST_DATA_TOO_BIG, "too big");
}

static nu_response *slow(nu_request *req)
{
    (void)req;
    nu_raise(NU_REQUEST_TIMEOUT, "too slowly");
}

static nu_response *broken_off(nu_request *req)
{
    (void)req;
    nu_raise(NU_UNREADABLE_POST_ERROR, "went away");
}

static nu_response *nothing(nu_request *req)
{
    (void)req;
    return NULL;
}

static nu_response *page(nu_request *req)
{
    return nu_render(req, "page.html", ("n", 3));
}

static nu_response *shouts(nu_request *req, const nu_next *next)
{
    nu_response *response = nu_next_call(next, req);

    nu_set_body(response, nu_upper(nu_body(response)));
    return response;
}

static nu_str etag(nu_request *req)
{
    (void)req;
    return S("v1");
}

static const nu_urlconf urls = {
    .urlpatterns = {
        path("hello/", hello, .name = "hello"),
        path("post/", hello, .methods = GET | POST),
        path("options/", hello, .methods = GET | PUT | OPTIONS),
        path("students/<int:pk>/", missing),
        path("breaks/", breaks),
        path("forbidden/", forbidden),
        path("suspicious/", suspicious),
        path("big/", too_big),
        path("slow/", slow),
        path("broken-off/", broken_off),
        path("nothing/", nothing),
        path("page/", page),
        path("loud/", hello, .decorators = { shouts }),
        path("cached/", hello, .cache_control = CacheControl(.public = true, .max_age = 300),
             .etag = etag),
        path("never/", hello, .never_cache = true),
        path("old/", RedirectView(.pattern_name = "hello", .query_string = true)),
        path("gone/", RedirectView()),
    },
};

static nu_response *marks(nu_request *req, const nu_next *next)
{
    nu_response *response = nu_next_call(next, req);

    nu_set_header(response, "X-Seen", nu_fmt("{}", nu_status(response)));
    return response;
}

static nu_response *hooked(nu_request *req)
{
    return nu_eq(nu_query_param(req, "hook"), "yes") ? nu_http_response(.body = S("from the hook"))
                                                     : NULL;
}

static nu_response *rescues(nu_request *req, const nu_error *error)
{
    (void)req;
    return error->klass == NU_KEY_ERROR && nu_query_param(req, "rescue").len
               ? nu_http_response(.status = 418, .body = error->message)
               : NULL;
}

static nu_response *hooks(nu_request *req, const nu_next *next)
{
    nu_on_view(req, hooked);
    nu_on_view_error(req, rescues);
    return nu_next_call(next, req);
}

static nu_response *stops(nu_request *req, const nu_next *next)
{
    if (nu_eq(nu_query_param(req, "stop"), "raise"))
        nu_raise(NU_PERMISSION_DENIED, "stopped");
    return nu_query_param(req, "stop").len ? nu_http_response(.status = 204)
                                           : nu_next_call(next, req);
}

static const nu_settings site = {
    .secret_key = "k",
    .allowed_hosts = { "testserver" },
    .root_urlconf = &urls,
    .middleware = { marks, hooks, stops },
};

#define TEMPLATE(name, text)                                                                       \
    {                                                                                              \
        name, (const uint8_t *)(text), sizeof(text) - 1                                            \
    }
static const nu_embedded_file templates[] = {
    TEMPLATE("404.html", "nothing at {{ request_path }}: {{ exception }}"),
    TEMPLATE("page.html", "n is {{ n }}{% if user.is_authenticated %} in{% else %} out{% endif %}, "
                          "{{ request.resolver_match.view_name }}"),
    { NULL, NULL, 0 },
};

static void setup_with(const nu_settings *settings, bool debug)
{
    static nu__template_engine *engine;

    nu__conf_setup(settings);
    nu__settings.debug = debug;
    engine = nu__template_engine_new(&(const nu__template_options){
        .memory = templates,
        .context_processors =
            (nu_context_processor *const[]){ nu_auth_processor, nu_request_processor, NULL } });
    nu__template_engine_free(nu__template_engine_use(engine));
    nu__url_setup(settings->root_urlconf);
    nu__handler_setup(settings);
}

static void setup(void)
{
    setup_with(&site, false);
}

static void done(void)
{
    nu__template_engine_free(nu__template_engine_use(NULL));
    nu__resolvers_release();
    nu__conf_release();
}

static nu_response *ask(nu_method method, const char *target)
{
    return nu__client_run(nu__handle, nu__client_request(&(const nu__client_options){
                                          .method = method, .target = nu_s(target) }));
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void a_view_answers_through_the_onion(void)
{
    nu_response *response;

    setup();
    response = ask(GET, "/hello/");
    CHECK_INT(nu_status(response), 200);
    CHECK_STR(nu_body(response), "hello");
    CHECK_STR(nu_response_header(response, "X-Seen"), "200");
    done();
}

static void an_error_is_a_response_for_the_middleware_around_it(void)
{
    nu_response *response;

    setup();
    response = ask(GET, "/breaks/");
    CHECK_INT(nu_status(response), 500);
    CHECK_STR(nu_response_header(response, "X-Seen"), "500");
    CHECK(!memmem(nu_body(response).ptr, nu_body(response).len, "secret", 6));
    CHECK(memmem(nu_body(response).ptr, nu_body(response).len, "<h1>Server Error (500)</h1>", 27));
    response = ask(GET, "/hello/?stop=raise");
    CHECK_INT(nu_status(response), 403);
    CHECK_STR(nu_response_header(response, "X-Seen"), "403");
    CHECK_INT(nu_status(ask(GET, "/hello/?stop=1")), 204);
    done();
}

static void each_class_of_error_has_its_status(void)
{
    static const struct {
        const char *target;
        int status;
    } rows[] = {
        { "/nowhere/", 404 },    { "/students/3/", 404 }, { "/forbidden/", 403 },
        { "/suspicious/", 400 }, { "/big/", 413 },        { "/nothing/", 500 },
        { "/gone/", 410 },       { "/slow/", 408 },       { "/broken-off/", 400 },
    };

    setup();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_INT(nu_status(ask(GET, rows[i].target)), rows[i].status);
    done();
}

static void the_404_template_knows_path_and_message(void)
{
    setup();
    CHECK_STR(nu_body(ask(GET, "/students/3/")), "nothing at /students/3/: no student 3");
    CHECK_STR(nu_body(ask(GET, "/n%C3%A9e/")), "nothing at /n%C3%A9e/: Resolver404");
    done();
}

static void without_a_template_the_page_is_djangos_bare_one(void)
{
    setup();
    CHECK_STR(nu_body(ask(GET, "/suspicious/")),
              "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Bad Request (400)</title>\n"
              "</head>\n<body>\n  <h1>Bad Request (400)</h1><p></p>\n</body>\n</html>\n");
    done();
}

static void a_page_that_looks_at_the_visitor_varies_by_cookie(void)
{
    nu_response *response;

    setup();
    response = ask(GET, "/page/");
    CHECK_STR(nu_body(response), "n is 3 out, page");
    CHECK_STR(nu_response_header(response, "Vary"), "Cookie");
    CHECK(nu_response_header(ask(GET, "/hello/"), "Vary").ptr == NULL);
    done();
}

static void another_method_gets_405_with_allow(void)
{
    nu_response *response;

    setup();
    response = ask(PUT, "/post/");
    CHECK_INT(nu_status(response), 405);
    CHECK_STR(nu_response_header(response, "Allow"), "GET, POST");
    CHECK_INT(nu_status(ask(POST, "/post/")), 200);
    done();
}

static void options_among_the_methods_is_answered_with_allow(void)
{
    nu_response *response;

    setup();
    response = ask(OPTIONS, "/options/");
    CHECK_INT(nu_status(response), 200);
    CHECK_STR(nu_response_header(response, "Allow"), "GET, PUT, OPTIONS");
    CHECK_STR(nu_body(response), "");
    CHECK_INT(nu_status(ask(POST, "/options/")), 405);
    CHECK_INT(nu_status(ask(PUT, "/options/")), 200);
    CHECK_INT(nu_status(ask(OPTIONS, "/post/")), 405);
    done();
}

static void hooks_answer_for_the_view_and_its_errors(void)
{
    nu_response *response;

    setup();
    CHECK_STR(nu_body(ask(GET, "/hello/?hook=yes")), "from the hook");
    response = ask(GET, "/breaks/?rescue=1");
    CHECK_INT(nu_status(response), 418);
    CHECK_STR(nu_body(response), "secret detail");
    done();
}

static void a_decorator_wraps_one_view(void)
{
    setup();
    CHECK_STR(nu_body(ask(GET, "/loud/")), "HELLO");
    CHECK_STR(nu_body(ask(GET, "/hello/")), "hello");
    done();
}

static void caching_is_said_by_the_pattern(void)
{
    static const nu__header known = { { "If-None-Match", 13 }, { "\"v1\"", 4 } };
    nu_response *response;

    setup();
    response = ask(GET, "/cached/");
    CHECK_STR(nu_response_header(response, "Cache-Control"), "public, max-age=300");
    CHECK_STR(nu_response_header(response, "ETag"), "\"v1\"");
    response = nu__client_run(nu__handle,
                              nu__client_request(&(const nu__client_options){
                                  .target = S("/cached/"), .headers = &known, .n_headers = 1 }));
    CHECK_INT(nu_status(response), 304);
    CHECK_STR(nu_response_header(response, "ETag"), "\"v1\"");
    CHECK_STR(nu_response_header(ask(GET, "/never/"), "Cache-Control"),
              "max-age=0, no-cache, no-store, must-revalidate, private");
    done();
}

static void a_redirect_keeps_the_query(void)
{
    nu_response *response;

    setup();
    response = ask(GET, "/old/?a=1");
    CHECK_INT(nu_status(response), 302);
    CHECK_STR(nu_response_header(response, "Location"), "/hello/?a=1");
    done();
}

static void debug_pages_tell_what_was_tried_and_mask_secrets(void)
{
    static const nu__header text = { { "Accept", 6 }, { "text/plain", 10 } };
    nu_str body;

    setup_with(&site, true);
    body = nu_body(ask(GET, "/nowhere/"));
    CHECK(memmem(body.ptr, body.len, "<code>hello/ [name=&#x27;hello&#x27;]</code>", 44));
    CHECK(memmem(body.ptr, body.len, "The current path, nowhere/, didn’t match any of these.", 56));
    body = nu_body(ask(GET, "/breaks/?password=hunter2"));
    CHECK(memmem(body.ptr, body.len, "KeyError at /breaks/", 20));
    CHECK(memmem(body.ptr, body.len, "secret detail", 13));
    CHECK(!memmem(body.ptr, body.len, "['hunter2']", 11));
    body = nu_body(nu__client_run(
        nu__handle, nu__client_request(&(const nu__client_options){
                        .target = S("/breaks/"), .headers = &text, .n_headers = 1 })));
    CHECK(nu_starts_with(body, S("KeyError at /breaks/\n")));
    done();
}

static void finished(const nu_signal_event *event)
{
    n_finished += event->req != NULL;
}

static void request_signals_are_sent(void)
{
    const nu_receiver row = { .signal = NU_REQUEST_STARTED, .fn = finished };

    setup();
    n_finished = 0;
    nu_signal_connect(&row);
    ask(GET, "/hello/");
    CHECK_INT(n_finished, 1);
    nu_signal_disconnect(&row);
    done();
}

static void force_script_name_mounts_the_site_below_a_path(void)
{
    static const nu_settings mounted = { .secret_key = "k",
                                         .allowed_hosts = { "*" },
                                         .root_urlconf = &urls,
                                         .force_script_name = "/app" };
    nu_response *response;

    setup_with(&mounted, false);
    response = ask(GET, "/old/");
    CHECK_STR(nu_response_header(response, "Location"), "/app/hello/");
    done();
}

HARNESS(a_view_answers_through_the_onion, an_error_is_a_response_for_the_middleware_around_it,
        each_class_of_error_has_its_status, the_404_template_knows_path_and_message,
        without_a_template_the_page_is_djangos_bare_one,
        a_page_that_looks_at_the_visitor_varies_by_cookie, another_method_gets_405_with_allow,
        options_among_the_methods_is_answered_with_allow, hooks_answer_for_the_view_and_its_errors,
        a_decorator_wraps_one_view, caching_is_said_by_the_pattern, a_redirect_keeps_the_query,
        debug_pages_tell_what_was_tried_and_mask_secrets, request_signals_are_sent,
        force_script_name_mounts_the_site_below_a_path)
