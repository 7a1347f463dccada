#include "conformance.h"
#include "core/text.h"
#include "utils/text.h"
#include "utils_ops.h"

#define TEXT_OP(op, call)                                                                          \
    static nu_value op(const conf_case *c)                                                         \
    {                                                                                              \
        return V(call(conf_text(c, 0)));                                                           \
    }
TEXT_OP(capfirst, nu__capfirst)
TEXT_OP(normalize_newlines, nu__normalize_newlines)
TEXT_OP(camel_case_to_spaces, nu__camel_case_to_spaces)
TEXT_OP(get_valid_filename, nu__get_valid_filename)
TEXT_OP(phone2numeric, nu__phone2numeric)

static nu_value slugify(const conf_case *c)
{
    bool unicode = conf_kwarg(c, "allow_unicode").kind == NU_KIND_BOOL;

    return V(unicode ? nu__slugify_unicode(conf_text(c, 0)) : nu_slugify(conf_text(c, 0)));
}

static nu_value wrap(const conf_case *c)
{
    return V(nu__wrap(conf_text(c, 0), nu_int(conf_arg(c, 1))));
}

static nu_value get_text_list(const conf_case *c)
{
    nu_str last = nu_list_len(c->args) > 1 ? conf_text(c, 1) : S("or");

    return V(nu__get_text_list(nu_as_list(conf_arg(c, 0)), last));
}

static nu_value smart_split(const conf_case *c)
{
    return V(nu__smart_split(conf_text(c, 0)));
}

static nu_value unescape_string_literal(const conf_case *c)
{
    nu_str text;

    if (!nu__unescape_string_literal(conf_text(c, 0), &text))
        nu_raise(NU_VALUE_ERROR, "not a string literal");
    return V(text);
}

typedef nu_str truncate(nu_str text, int64_t length, nu_str suffix);

static nu_value run_truncate(const conf_case *c, truncate *call)
{
    nu_value suffix = conf_kwarg(c, "truncate");

    return V(call(conf_text(c, 0), nu_int(conf_arg(c, 1)),
                  suffix.kind == NU_KIND_NULL ? (nu_str){ NULL, 0 } : nu_string(suffix)));
}

#define TRUNCATE_OP(op, call)                                                                      \
    static nu_value op(const conf_case *c)                                                         \
    {                                                                                              \
        return run_truncate(c, call);                                                              \
    }
TRUNCATE_OP(truncate_chars, nu__truncate_chars)
TRUNCATE_OP(truncate_words, nu__truncate_words)
TRUNCATE_OP(truncate_html_chars, nu__truncate_html_chars)
TRUNCATE_OP(truncate_html_words, nu__truncate_html_words)

const conf_op conf_utils_text[] = {
    { "capfirst", capfirst },
    { "normalize_newlines", normalize_newlines },
    { "camel_case_to_spaces", camel_case_to_spaces },
    { "get_valid_filename", get_valid_filename },
    { "phone2numeric", phone2numeric },
    { "slugify", slugify },
    { "wrap", wrap },
    { "get_text_list", get_text_list },
    { "smart_split", smart_split },
    { "unescape_string_literal", unescape_string_literal },
    { "truncate_chars", truncate_chars },
    { "truncate_words", truncate_words },
    { "truncate_html_chars", truncate_html_chars },
    { "truncate_html_words", truncate_html_words },
    { 0 },
};
