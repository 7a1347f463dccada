/* templates.jsonl: whole templates, compiled and rendered. */
#include "template_ops.h"
#include "urlconf.h"
#include "urls/reverse.h"

#include "core/text.h"
#include "http/message.h"
#include "template/template.h"
#include "utils/numberformat.h"

/* ---- translations
 * -------------------------------------------------------------------------------- */

static const nu_list *catalogue;

static bool is_entry(const nu_list *entry, nu_str context, nu_str message, nu_str plural,
                     int64_t count)
{
    nu_value entry_plural = nu_at(entry, 2), entry_context = nu_at(entry, 0);

    if (!nu_eq(nu_string(nu_at(entry, 1)), message) ||
        (entry_plural.kind == NU_KIND_NULL) != !plural.ptr ||
        (entry_context.kind == NU_KIND_NULL) != !context.ptr)
        return false;
    if (context.ptr && !nu_eq(entry_context.s, context))
        return false;
    return !plural.ptr || (nu_eq(entry_plural.s, plural) && nu_int(nu_at(entry, 3)) == count);
}

static nu_str translate(nu_str context, nu_str message, nu_str plural, int64_t count)
{
    for (size_t i = 0; i < nu_list_len(catalogue); i++) {
        const nu_list *entry = nu_as_list(nu_at(catalogue, i));

        if (is_entry(entry, context, message, plural, count))
            return nu_string(nu_at(entry, 4));
    }
    return plural.ptr && count != 1 ? plural : message;
}

static nu_value language;

static nu_str current_language(void)
{
    return language.kind == NU_KIND_STR ? language.s : (nu_str){ 0 };
}

static void activate(nu_str code)
{
    language = V(code);
}

static const nu__i18n recorded = { translate, current_language, activate };

void conf_translate_by(const nu_dict *data)
{
    nu_value list = nu_item(data, "translations"), env = nu_item(data, "env");

    catalogue = list.kind == NU_KIND_LIST ? list.list : NULL;
    language = env.kind == NU_KIND_DICT ? nu_item(env.dict, "language") : nu_null();
    language = language.kind == NU_KIND_STR ? language : V("en-us");
    nu__template_i18n = &recorded;
}

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
    nu_value env = nu_item(c->data, "env");
    nu_value settings = env.kind == NU_KIND_DICT ? nu_item(env.dict, "settings") : nu_null();
    nu_value value = settings.kind == NU_KIND_DICT ? nu_item(settings.dict, name) : nu_null();

    return value.kind == NU_KIND_STR ? nu_copy(value.s).ptr : NULL;
}

static bool flag_setting(const conf_case *c, const char *name)
{
    nu_value env = nu_item(c->data, "env");
    nu_value settings = env.kind == NU_KIND_DICT ? nu_item(env.dict, "settings") : nu_null();

    return settings.kind == NU_KIND_DICT && nu_item(settings.dict, name).kind == NU_KIND_BOOL &&
           nu_item(settings.dict, name).b;
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
        .naive_times = !option(c, "env", "use_tz", true),
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
            .dict = nu_as_dict(conf_untag(nu_item(c->data, "context"))),
            .request = request_of(c),
            .autoescape_off = !option(c, "options", "context_autoescape", true),
            .l10n_off = !option(c, "options", "use_l10n", true),
            .tz_off = !option(c, "options", "context_use_tz", true),
        },
        &r->out);
}

/* Django's message, without the place and the suggestions behind it. */
NU_NORETURN static void raise_plain(const nu_error *error)
{
    ptrdiff_t place = nu__find(error->message, S("\n  "));
    nu_str message = place < 0 ? error->message : nu__sub(error->message, 0, (size_t)place);

    nu_raise_(error->klass, error->file, error->line, "{}", NU_ARGS(message));
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

    conf_translate_by(c->data);
    nu__set_use_thousand_separator(flag_setting(c, "USE_THOUSAND_SEPARATOR"));
    urlconf_use(c);
    r.engine = engine_of(c);
    error = nu_catch(NU_EXCEPTION, render(&r));
    nu__template_engine_free(r.engine);
    if (error)
        raise_plain(error);
    return V(nu__buf_str(&r.out));
}

const conf_op conf_templates[] = { { "render", run_template, NULL }, { 0 } };
