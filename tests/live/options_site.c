/* A site that has set what Django calls the OPTIONS of TEMPLATES, for test_templates_live.py. */
#include <nuages/nuages.h>

static nu_value shout(nu_value value, nu_value arg)
{
    (void)arg;
    return V(nu_fmt("{}!", nu_upper(nu_string(value))));
}

static nu_value twice(nu_value value, nu_value arg)
{
    (void)arg;
    return V(nu_fmt("{}{}", value, value));
}

static const nu_template_library loadable = { .name = "loud",
                                              .filters = { Filter("shout", shout) } };
static const nu_template_library always = { .name = "always",
                                            .filters = { Filter("twice", twice) } };

static void school_name(nu_request *req, nu_dict *context)
{
    (void)req;
    nu_dict_set(context, "school", "Nuages High");
}

static const nu_embedded_file texts[] = {
    { "both.html", (const uint8_t *)"the table's", 11 },
    { "table.html", (const uint8_t *)"{% include 'part.html' %}", 25 },
    { 0 },
};

static nu_response *page(nu_request *req)
{
    return nu_render(req, nu_copy(nu_path_str(req, "name")).ptr, ("title", "<t>"));
}

static const nu_urlconf urls = { .urlpatterns = { path("page/<str:name>", page) } };

static const nu_settings settings = {
    .template_dirs = { "templates" },
    .context_processors = { nu_request_processor, school_name },
    .templates = { .string_if_invalid = "[no %s]",
                   .libraries = { &loadable },
                   .builtins = { &always },
                   .dict = texts },
    .root_urlconf = &urls,
    .allowed_hosts = { "localhost" },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
