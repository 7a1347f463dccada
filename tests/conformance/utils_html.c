#include "conformance.h"
#include "core/buf.h"
#include "utils/html.h"
#include "utils_ops.h"

static bool flag(const conf_case *c, const char *name)
{
    nu_value value = conf_kwarg(c, name);

    return value.kind == NU_KIND_BOOL && value.b;
}

static nu_value escape(const conf_case *c)
{
    return conf_safe(nu__escape(conf_text(c, 0)));
}

static nu_value conditional_escape(const conf_case *c)
{
    nu__buf buf = { 0 };

    nu__conditional_escape_to(&buf, conf_arg(c, 0));
    return conf_safe(nu__buf_str(&buf));
}

static nu_value escapejs(const conf_case *c)
{
    return conf_safe(nu__escapejs(conf_text(c, 0)));
}

static nu_value linebreaks(const conf_case *c)
{
    return V(nu__linebreaks(conf_text(c, 0), flag(c, "autoescape")));
}

static nu_value linebreaksbr(const conf_case *c)
{
    nu_value text = conf_arg(c, 0), autoescape = conf_kwarg(c, "autoescape");
    bool escaped = autoescape.kind == NU_KIND_NULL || autoescape.b;

    return conf_safe(nu__linebreaksbr(nu_string(text), escaped && text.kind != NU_KIND_SAFE));
}

static nu_value strip_tags(const conf_case *c)
{
    return V(nu__strip_tags(conf_text(c, 0)));
}

static nu_value strip_spaces_between_tags(const conf_case *c)
{
    return V(nu__strip_spaces_between_tags(conf_text(c, 0)));
}

static nu_value smart_urlquote(const conf_case *c)
{
    return V(nu__smart_urlquote(conf_text(c, 0)));
}

static nu_value urlize(const conf_case *c)
{
    nu_value text = conf_arg(c, 0), limit = conf_kwarg(c, "trim_url_limit");
    nu__urlize options = { .nofollow = flag(c, "nofollow"),
                           .autoescape = flag(c, "autoescape"),
                           .safe_input = text.kind == NU_KIND_SAFE,
                           .trim = limit.kind == NU_KIND_INT };

    options.trim_limit = options.trim ? limit.i : 0;
    return V(nu__urlize_text(nu_string(text), &options));
}

static nu_value json_script(const conf_case *c)
{
    return conf_safe(nu__json_script(conf_arg(c, 0), conf_arg(c, 1)));
}

static nu_value format_html(const conf_case *c)
{
    size_t len = nu_list_len(c->args);
    nu_value *args = nu_alloc_array(nu_value, len + 1);

    for (size_t i = 1; i < len; i++)
        args[i - 1] = conf_arg(c, i);
    return conf_safe(nu__format_html_(nu_copy(conf_text(c, 0)).ptr, (nu_values){ args, len - 1 }));
}

static nu_value format_html_join(const conf_case *c)
{
    return conf_safe(nu__format_html_join(conf_arg(c, 0), nu_copy(conf_text(c, 1)).ptr,
                                          nu_as_list(conf_arg(c, 2))));
}

const conf_op conf_utils_html[] = {
    { "escape", escape },
    { "conditional_escape", conditional_escape },
    { "escapejs", escapejs },
    { "linebreaks", linebreaks },
    { "linebreaksbr", linebreaksbr },
    { "strip_tags", strip_tags },
    { "striptags_filter", strip_tags },
    { "strip_spaces_between_tags", strip_spaces_between_tags },
    { "smart_urlquote", smart_urlquote },
    { "urlize", urlize },
    { "json_script", json_script },
    { "format_html", format_html },
    { "format_html_join", format_html_join },
    { 0 },
};
