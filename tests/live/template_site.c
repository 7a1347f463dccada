/* A site of templates in a folder, for test_templates_live.py: pages that are sent while they are
   rendered, and that wait or fail in the middle. */
#include <nuages/loop.h>
#include <nuages/nuages.h>

#include <unistd.h>

/* ---- tags ------------------------------------------------------------------------------------ */

static int64_t n_rendered; /* pages that are being rendered */

static void end_page(void *unused)
{
    (void)unused;
    n_rendered--;
}

static nu_value begin_page(nu_tag_args *args)
{
    (void)args;
    n_rendered++;
    nu_on_fiber_end(end_page, NULL);
    return V("");
}

/* Until the file is there. */
static nu_value wait_for_file(nu_tag_args *args)
{
    while (access(nu_copy(nu_string(nu_tag_arg(args, 0))).ptr, F_OK) != 0)
        nu_sleep(0.01);
    return V("");
}

static nu_value fail(nu_tag_args *args)
{
    (void)args;
    nu_raise(NU_RUNTIME_ERROR, "the middle of the page");
}

static const nu_template_library tags = {
    .name = "waiting",
    .simple_tags = { SimpleTag("begin_page", begin_page), SimpleTag("wait_for_file", wait_for_file),
                     SimpleTag("fail", fail) },
};

/* ---- views ----------------------------------------------------------------------------------- */

static nu_response *page(nu_request *req)
{
    return nu_render(req, nu_copy(nu_path_str(req, "name")).ptr, ("title", "<t>"));
}

static nu_response *stream(nu_request *req)
{
    nu_list *rows = nu_list_new();

    for (int64_t i = 0; i < 4000; i++)
        nu_list_append(rows, i);
    return nu_render_stream(req, nu_copy(nu_path_str(req, "name")).ptr, ("rows", rows));
}

static nu_response *rendered(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = nu_fmt("{}", n_rendered));
}

static const nu_urlconf urls = {
    .urlpatterns = { path("page/<str:name>", page), path("stream/<str:name>", stream),
                     path("rendered", rendered) },
};

static const nu_embedded_file templates[] = {
    { "embedded.html", (const uint8_t *)"embedded {{ title }}", 20 },
    { "both.html", (const uint8_t *)"the executable's", 16 },
    { 0 },
};

static const nu_app site_app = {
    .name = "site",
    .templates = templates,
    .libraries = { &tags },
};

static const nu_settings settings = {
    .installed_apps = { &site_app },
    .template_dirs = { "templates" },
    .root_urlconf = &urls,
    .allowed_hosts = { "localhost" },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
