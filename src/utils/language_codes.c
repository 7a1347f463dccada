#include "utils/language_codes.h"

#include "core/float.h"
#include "core/list.h"
#include "core/text.h"
#include "utils/languages.h"

enum { MAX_LENGTH = 500 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alphanumeric(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

static nu_str from(nu_str text, size_t at)
{
    return nu__sub(text, at, text.len);
}

/* Where the last `c` stands before `end`; -1: nowhere. */
static ptrdiff_t find_last(nu_str text, char c, size_t end)
{
    size_t at = end < text.len ? end : text.len;

    while (at && text.ptr[at - 1] != c)
        at--;
    return (ptrdiff_t)at - 1;
}

/* ---- locales --------------------------------------------------------------------------------- */

nu_str nu__to_locale(nu_str language)
{
    nu_str lower = nu_lower(language), country, tail;
    ptrdiff_t dash = nu__find(lower, S("-"));

    if (dash < 0 || (size_t)dash + 1 == lower.len)
        return nu_fmt("{}{}", nu_lower(nu__utf8_slice(language, 0, 3)),
                      nu__utf8_slice(language, 3, language.len));
    country = from(lower, (size_t)dash + 1);
    tail = S("");
    lower = nu__sub(lower, 0, (size_t)dash);
    dash = nu__find(country, S("-"));
    if (dash >= 0) {
        tail = from(country, (size_t)dash + 1);
        country = nu__sub(country, 0, (size_t)dash);
    }
    country = nu__utf8_count(country) > 2 ? nu__title(country) : nu_upper(country);
    return nu_fmt("{}_{}{}{}", lower, country, tail.len ? "-" : "", tail);
}

nu_str nu__to_language(nu_str locale)
{
    ptrdiff_t at = nu__find(locale, S("_"));

    if (at < 0)
        return nu_lower(locale);
    return nu_fmt("{}-{}", nu_lower(nu__sub(locale, 0, (size_t)at)),
                  nu_lower(from(locale, (size_t)at + 1)));
}

/* ---- Accept-Language ------------------------------------------------------------------------- */

/* One to eight characters of a kind. */
static bool take_subtag(nu_str *text, bool (*is)(char))
{
    size_t n = 0;

    while (n < text->len && is(text->ptr[n]))
        n++;
    *text = from(*text, n);
    return n >= 1 && n <= 8;
}

static bool take_range(nu_str *text)
{
    if (nu_starts_with(*text, S("*"))) {
        *text = from(*text, 1);
        return true;
    }
    if (!take_subtag(text, is_letter))
        return false;
    while (nu_starts_with(*text, S("-"))) {
        *text = from(*text, 1);
        if (!take_subtag(text, is_alphanumeric))
            return false;
    }
    return true;
}

static nu_str without_space(nu_str text)
{
    size_t n = 0;

    while (n < text.len && nu__is_space((unsigned char)text.ptr[n]))
        n++;
    return from(text, n);
}

/* ";q=0.25" of up to three decimals, at most 1; what is no such thing stays. */
static double take_quality(nu_str *text)
{
    nu_str at = without_space(*text);
    size_t len = 0;
    double quality = 1;

    if (!nu_starts_with(at, S(";")))
        return 1;
    at = without_space(from(at, 1));
    if (!nu_starts_with(at, S("q=0")) && !nu_starts_with(at, S("q=1")))
        return 1;
    at = from(at, 2);
    len = 1;
    if (len < at.len && at.ptr[len] == '.')
        for (len = 2; len < 5 && len < at.len && at.ptr[len] >= '0' && at.ptr[len] <= '9' &&
                      (at.ptr[0] == '0' || at.ptr[len] == '0');)
            len++;
    nu__float_try_parse(nu__sub(at, 0, len), &quality);
    *text = from(at, len);
    return quality;
}

/* A comma, or the end. */
static bool take_separator(nu_str *text)
{
    nu_str at = without_space(*text);

    if (!text->len)
        return true;
    if (!nu_starts_with(at, S(",")))
        return false;
    *text = without_space(from(at, 1));
    return true;
}

/* Behind those of the same quality. */
static void insert(nu_list *list, nu_str code, double quality)
{
    size_t at = list->len;

    while (at && nu_at(nu_as_list(list->items[at - 1]), 1).f < quality)
        at--;
    nu__list_insert(list, at, V(nu__list_as(NU_LIST(code, quality), NU__TUPLE)));
}

nu_list *nu__parse_accept_lang_header(nu_str header)
{
    nu_list *list = nu__list_as(nu_list_new(), NU__TUPLE);
    nu_str text = nu_lower(header);
    ptrdiff_t comma;

    if (nu__utf8_count(header) > MAX_LENGTH) {
        comma = find_last(header, ',', MAX_LENGTH);
        text = nu_lower(nu__sub(header, 0, comma > 0 ? (size_t)comma : 0));
    }
    while (text.len) {
        nu_str code = text;
        double quality;

        if (!take_range(&text))
            return nu__list_as(nu_list_new(), NU__TUPLE);
        code.len -= text.len;
        quality = take_quality(&text);
        if (!take_separator(&text))
            return nu__list_as(nu_list_new(), NU__TUPLE);
        insert(list, code, quality);
    }
    return list;
}

/* ---- what the site speaks -------------------------------------------------------------------- */

/* "de", "sr-latn", "sr@latin". */
static bool is_well_formed(nu_str code)
{
    size_t variant;

    if (nu_starts_with(code, S("*")) || !take_range(&code))
        return false;
    if (nu_starts_with(code, S("@"))) {
        for (variant = 1; variant < code.len && is_alphanumeric(code.ptr[variant]);)
            variant++;
        code = variant > 1 && variant <= 21 ? from(code, variant) : code;
    }
    return !code.len;
}

static bool is_spoken(nu_str code, const nu__language_settings *settings)
{
    nu_str lower = nu_lower(code);
    const char *const *at = settings->codes;

    while (*at && !nu_eq(lower, *at))
        at++;
    return *at && code.len <= MAX_LENGTH && is_well_formed(code) && nu__language_has_words(lower);
}

static nu_str variant_of(nu_str code, bool strict, const nu__language_settings *settings)
{
    const char *fallback = nu__language_fallback(code);
    nu_str general = code, prefix;

    if (is_spoken(code, settings))
        return code;
    if (fallback && is_spoken(nu_s(fallback), settings))
        return nu_s(fallback);
    for (ptrdiff_t dash; (dash = find_last(general, '-', general.len)) >= 0;) {
        general = nu__sub(code, 0, (size_t)dash);
        if (is_spoken(general, settings))
            return general;
    }
    prefix = nu_fmt("{}-", general);
    for (const char *const *at = settings->codes; !strict && *at; at++)
        if (nu_starts_with(nu_s(*at), prefix))
            return nu_s(*at);
    return (nu_str){ 0 };
}

nu_str nu__get_supported_language_variant(nu_str code, bool strict,
                                          const nu__language_settings *settings)
{
    ptrdiff_t dash;

    if (!code.len)
        return (nu_str){ 0 };
    if (nu__utf8_count(code) <= MAX_LENGTH)
        return variant_of(code, strict, settings);
    dash = find_last(code, '-', MAX_LENGTH);
    if (strict || dash <= 0)
        return (nu_str){ 0 };
    return variant_of(nu__sub(code, 0, (size_t)dash), strict, settings);
}

static size_t skip_word(nu_str text, size_t at)
{
    const char *next = text.ptr + at, *end = nu__str_end(text);

    while (at < text.len && nu__is_word(nu__utf8_next(&next, end)))
        at = (size_t)(next - text.ptr);
    return at;
}

static bool is_joint(char c)
{
    return c == '@' || c == '-';
}

nu_str nu__get_language_from_path(nu_str path, const nu__language_settings *settings)
{
    size_t end = skip_word(path, 1), next;

    if (!nu_starts_with(path, S("/")) || end == 1)
        return (nu_str){ 0 };
    for (int more = 0; more < 2 && end < path.len && is_joint(path.ptr[end]); more++) {
        next = skip_word(path, end + 1);
        if (next == end + 1)
            return (nu_str){ 0 };
        end = next;
    }
    if (end < path.len && path.ptr[end] != '/')
        return (nu_str){ 0 };
    return nu__get_supported_language_variant(nu__sub(path, 1, end), false, settings);
}

nu_str nu__choose_language(nu_str cookie, nu_str accept_language,
                           const nu__language_settings *settings)
{
    nu_str found = nu__get_supported_language_variant(cookie, false, settings);
    nu_list *wanted = found.len ? NULL : nu__parse_accept_lang_header(accept_language);

    for (size_t i = 0; !found.len && i < nu_list_len(wanted); i++) {
        nu_str code = nu_at(nu_as_list(nu_at(wanted, i)), 0).s;

        if (nu_eq(code, "*"))
            break;
        found = nu__get_supported_language_variant(code, false, settings);
    }
    if (!found.len)
        found = nu__get_supported_language_variant(nu_s(settings->otherwise), false, settings);
    return found.len ? found : nu_s(settings->otherwise);
}
