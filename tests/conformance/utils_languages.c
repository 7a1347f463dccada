/* The language functions of utils.jsonl, for the site's languages that FORMAT.md names. */
#include "conformance.h"
#include "utils/language_codes.h"
#include "utils_ops.h"

static const nu__language_settings settings = {
    .codes = (const char *const[]){ "en", "de", "fr", "pt", "pt-br", "zh-hans", "zh-hant", "es",
                                    "es-mx", "sr-latn", "nb", NULL },
    .otherwise = "en",
};

static nu_value to_locale(const conf_case *c)
{
    return V(nu__to_locale(conf_text(c, 0)));
}

static nu_value to_language(const conf_case *c)
{
    return V(nu__to_language(conf_text(c, 0)));
}

static nu_value parse_accept_lang_header(const conf_case *c)
{
    return V(nu__parse_accept_lang_header(conf_text(c, 0)));
}

static nu_value get_supported_language_variant(const conf_case *c)
{
    nu_value strict = conf_kwarg(c, "strict");
    nu_str code = nu__get_supported_language_variant(
        conf_text(c, 0), strict.kind == NU_KIND_BOOL && strict.b, &settings);

    if (!code.ptr)
        nu_raise(NU_LOOKUP_ERROR, "no language is near to {}", conf_text(c, 0));
    return V(code);
}

static nu_value get_language_from_path(const conf_case *c)
{
    nu_str code = nu__get_language_from_path(conf_text(c, 0), &settings);

    return code.ptr ? V(code) : nu_null();
}

static nu_value get_language_from_request(const conf_case *c)
{
    nu_value cookie = conf_kwarg(c, "cookie"), header = conf_kwarg(c, "accept_language");

    return V(nu__choose_language(cookie.kind == NU_KIND_NULL ? (nu_str){ 0 } : nu_string(cookie),
                                 header.kind == NU_KIND_NULL ? S("") : nu_string(header),
                                 &settings));
}

const conf_op conf_utils_languages[] = {
    { "to_locale", to_locale },
    { "to_language", to_language },
    { "parse_accept_lang_header", parse_accept_lang_header },
    { "get_supported_language_variant", get_supported_language_variant },
    { "get_language_from_path", get_language_from_path },
    { "get_language_from_request", get_language_from_request },
    { 0 },
};
