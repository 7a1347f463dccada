/* templates.jsonl: whole templates, compiled and rendered. */
#include "template_ops.h"
#include "urlconf.h"
#include "urls/reverse.h"

#include "core/text.h"
#include "http/message.h"

/* ---- one case
 * --------------------------------------------------------------------------------------- */

static bool option(const conf_case *c, const char *where, const char *name, bool otherwise)
{
    nu_value dict = nu_item(c->data, where);
    nu_value flag = dict.kind == NU_KIND_DICT ? nu_item(dict.dict, name) : nu_null();

    return flag.kind == NU_KIND_BOOL ? flag.b : otherwise;
}

static const char *setting(const conf_case *c, const char *name)
{
    nu_value value = conf_setting(c->data, name);

    return value.kind == NU_KIND_STR ? nu_copy(value.s).ptr : NULL;
}

static nu_embedded_file *files_of(const nu_dict *templates)
{
    nu_embedded_file *files = nu_alloc_array(nu_embedded_file, nu_dict_len(templates) + 1);

    for (size_t i = 0; i < nu_dict_len(templates); i++) {
        nu_str text = nu_string(nu_dict_value(templates, i));

        files[i] = (nu_embedded_file){ nu_dict_key(templates, i).ptr, (const uint8_t *)text.ptr,
                                       text.len };
    }
    return files;
}

static const char *const *libraries_of(const conf_case *c)
{
    nu_value dict = nu_item(c->data, "libraries");
    size_t n = dict.kind == NU_KIND_DICT ? nu_dict_len(dict.dict) : 0;
    const char **names = nu_alloc_array(const char *, n + 1);

    for (size_t i = 0; i < n; i++)
        names[i] = nu_dict_key(dict.dict, i).ptr;
    return names;
}

static nu_dict *context_of(const conf_case *c)
{
    nu_dict *recorded = nu_as_dict(nu_item(c->data, "context")), *context = nu_dict_new();

    for (size_t i = 0; i < nu_dict_len(recorded); i++)
        nu_dict_set_str(context, nu_dict_key(recorded, i), conf_untag(nu_dict_value(recorded, i)));
    return context;
}

static nu_request *request_of(const conf_case *c)
{
    nu_value recorded = nu_item(c->data, "request");
    nu_request *request;
    nu_str query;

    if (recorded.kind != NU_KIND_DICT)
        return NULL;
    request = nu__request_new(NULL);
    query = nu_string(nu_item(recorded.dict, "query"));
    nu__request_set_target(request, nu_fmt("{}?{}", nu_item(recorded.dict, "path"), query));
    return request;
}

static nu__template_engine *engine_of(const conf_case *c)
{
    nu_value options = nu_item(c->data, "options"), invalid;

    invalid = options.kind == NU_KIND_DICT ? nu_item(options.dict, "string_if_invalid") : nu_null();
    return nu__template_engine_new(&(nu__template_options){
        .memory = files_of(nu_as_dict(nu_item(c->data, "templates"))),
        .string_if_invalid = invalid.kind == NU_KIND_STR ? nu_copy(invalid.s).ptr : NULL,
        .static_url = setting(c, "STATIC_URL"),
        .media_url = setting(c, "MEDIA_URL"),
        .autoescape_off = !option(c, "options", "autoescape", true),
        .naive_times = !conf_uses_tz(c->data),
        .own_libraries = libraries_of(c),
    });
}

typedef struct rendering {
    const conf_case *c;
    nu__template_engine *engine;
    nu__buf out;
} rendering;

static void render(rendering *r)
{
    const conf_case *c = r->c;
    nu_value source = nu_item(c->data, "source");
    nu__template *tpl =
        source.kind == NU_KIND_STR
            ? nu__template_from_string(r->engine, source.s)
            : nu__template_engine_get(r->engine, nu_string(nu_item(c->data, "name")));

    nu__template_render_with(
        tpl,
        &(nu__render_options){
            .dict = context_of(c),
            .request = request_of(c),
            .autoescape_off = !option(c, "options", "context_autoescape", true),
            .l10n_off = !option(c, "options", "use_l10n", true),
            .tz_off = !option(c, "options", "context_use_tz", true),
        },
        &r->out);
}

static void urlconf_use(const conf_case *c)
{
    nu_str name = conf_member_text(c, "urlconf");

    nu__url_setup(name.len ? conf_urlconf("urlconfs.json", name) : NULL);
    nu__template_reverse = nu__url_reverse_for_template;
}

static nu_value run_template(const conf_case *c)
{
    rendering r = { .c = c };
    const nu_error *error;

    conf_localize_by(c->data);
    urlconf_use(c);
    r.engine = engine_of(c);
    error = nu_catch(NU_EXCEPTION, render(&r));
    nu__template_engine_free(r.engine);
    if (error)
        conf_raise_plain(error);
    return V(nu__buf_str(&r.out));
}

const conf_op conf_templates[] = { { "render", run_template, NULL }, { 0 } };
