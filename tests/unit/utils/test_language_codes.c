#include "harness.h"

#include "core/buf.h"
#include "utils/language_codes.h"

static const nu__language_settings settings = {
    .codes = (const char *const[]){ "en", "de", "pt-br", "zh-hans", NULL },
    .otherwise = "en",
};

static void a_header_is_sorted_by_quality(void)
{
    CHECK_STR(nu_string(V(nu__parse_accept_lang_header(S("de;q=0.5, en-GB, *;q=0.1")))),
              "(('en-gb', 1.0), ('de', 0.5), ('*', 0.1))");
    CHECK_STR(nu_string(V(nu__parse_accept_lang_header(S("de;q=2, en")))), "()");
    CHECK_STR(nu_string(V(nu__parse_accept_lang_header(S("de;q=0.1234")))), "()");
}

static void a_long_header_ends_at_its_last_comma_within_the_limit(void)
{
    nu__buf header = { 0 };

    for (int i = 0; i < 1000; i++)
        nu__buf_lit(&header, "de, ");
    CHECK_INT(nu_list_len(nu__parse_accept_lang_header(nu__buf_str(&header))), 125);
}

static void the_nearest_language_is_found(void)
{
    CHECK_STR(nu__get_supported_language_variant(S("de-at"), true, &settings), "de");
    CHECK_STR(nu__get_supported_language_variant(S("pt"), false, &settings), "pt-br");
    CHECK(!nu__get_supported_language_variant(S("pt"), true, &settings).ptr);
    CHECK_STR(nu__get_supported_language_variant(S("zh-cn"), true, &settings), "zh-hans");
    CHECK(!nu__get_supported_language_variant(S("fr"), false, &settings).ptr);
}

static void a_path_may_begin_with_a_language(void)
{
    CHECK_STR(nu__get_language_from_path(S("/de/courses/"), &settings), "de");
    CHECK(!nu__get_language_from_path(S("/dept/"), &settings).ptr);
    CHECK(!nu__get_language_from_path(S("/de-/"), &settings).ptr);
}

static void a_cookie_comes_before_the_header(void)
{
    CHECK_STR(nu__choose_language(S("de"), S("pt"), &settings), "de");
    CHECK_STR(nu__choose_language((nu_str){ 0 }, S("fr, pt;q=0.5"), &settings), "pt-br");
    CHECK_STR(nu__choose_language(S("xx"), S("*"), &settings), "en");
}

static void codes_become_locales(void)
{
    CHECK_STR(nu__to_locale(S("en-us")), "en_US");
    CHECK_STR(nu__to_locale(S("sr-latn-rs")), "sr_Latn-rs");
    CHECK_STR(nu__to_language(S("pt_BR")), "pt-br");
}

HARNESS(a_header_is_sorted_by_quality, a_long_header_ends_at_its_last_comma_within_the_limit,
        the_nearest_language_is_found, a_path_may_begin_with_a_language,
        a_cookie_comes_before_the_header, codes_become_locales)
