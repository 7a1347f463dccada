/* Case, normal forms and slugs of whole texts. */
#include "core/arena.h"
#include "core/error.h"
#include "core/text.h"

#include <stdlib.h>
#include <utf8proc.h>

enum { SIGMA = 0x3A3, FINAL_SIGMA = 0x3C2 };

static nu_str map_ascii(nu_str text, char first, char last)
{
    char *mapped = nu__alloc_raw(text.len + 1);

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        mapped[i] = (char)(c >= first && c <= last ? c ^ 0x20 : c);
    }
    mapped[text.len] = '\0';
    return (nu_str){ mapped, text.len };
}

static void add_all(nu__buf *buf, const uint32_t *characters, int n)
{
    for (int i = 0; i < n; i++)
        nu__buf_utf8(buf, characters[i]);
}

nu_str nu_upper(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    uint32_t mapped[NU__CASE_MAX];
    nu__buf buf = { 0 };

    if (!text.ptr || nu__is_ascii(text))
        return text.ptr ? map_ascii(text, 'a', 'z') : text;
    while (at < end)
        add_all(&buf, mapped, nu__char_upper(nu__utf8_next(&at, end), mapped));
    return nu__buf_take(&buf);
}

/* Is the next character that is not case-ignorable a cased one? */
static bool cased_follows(const char *at, const char *end)
{
    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        if (!nu__is_case_ignorable(c))
            return nu__is_cased(c);
    }
    return false;
}

/* Sigma at a word's end is another letter than inside: after a cased one, before none. */
static int lower_in_text(uint32_t c, bool cased_before, const char *at, const char *end,
                         uint32_t out[NU__CASE_MAX])
{
    if (c != SIGMA || !cased_before || cased_follows(at, end))
        return nu__char_lower(c, out);
    out[0] = FINAL_SIGMA;
    return 1;
}

nu_str nu_lower(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    uint32_t mapped[NU__CASE_MAX];
    bool cased_before = false;
    nu__buf buf = { 0 };

    if (!text.ptr || nu__is_ascii(text))
        return text.ptr ? map_ascii(text, 'A', 'Z') : text;
    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        add_all(&buf, mapped, lower_in_text(c, cased_before, at, end, mapped));
        cased_before = nu__is_case_ignorable(c) ? cased_before : nu__is_cased(c);
    }
    return nu__buf_take(&buf);
}

nu_str nu__title(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    uint32_t mapped[NU__CASE_MAX];
    bool inside = false, cased_before = false;
    nu__buf buf = { 0 };

    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);
        int n =
            inside ? lower_in_text(c, cased_before, at, end, mapped) : nu__char_title(c, mapped);

        add_all(&buf, mapped, n);
        inside = nu__is_cased(c);
        cased_before = nu__is_case_ignorable(c) ? cased_before : inside;
    }
    return nu__buf_take(&buf);
}

nu_str nu__capfirst(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    uint32_t mapped[NU__CASE_MAX];
    nu__buf buf = { 0 };

    if (!text.len)
        return text;
    add_all(&buf, mapped, nu__char_upper(nu__utf8_next(&at, end), mapped));
    nu__buf_add(&buf, at, (size_t)(end - at));
    return nu__buf_take(&buf);
}

nu_str nu__casefold(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    utf8proc_int32_t folded[8];
    nu__buf buf = { 0 };
    int last_class;

    if (!text.ptr || nu__is_ascii(text))
        return text.ptr ? map_ascii(text, 'A', 'Z') : text;
    while (at < end) {
        utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)nu__utf8_next(&at, end),
                                                     folded, 8, UTF8PROC_CASEFOLD, &last_class);

        for (utf8proc_ssize_t i = 0; i < n && i < 8; i++)
            nu__buf_utf8(&buf, (uint32_t)folded[i]);
    }
    return nu__buf_take(&buf);
}

/* U+FFFD for each wrong byte: utf8proc would take none of the text. */
static nu_str repaired(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    nu__buf buf = { 0 };

    while (at < end)
        nu__buf_utf8(&buf, nu__utf8_next(&at, end));
    return nu__buf_take(&buf);
}

static nu_str normalize(nu_str text, utf8proc_option_t options)
{
    utf8proc_uint8_t *made = NULL;
    utf8proc_ssize_t len;
    nu_str normalized = text;

    if (nu__is_ascii(text))
        return text;
    if (!nu__utf8_valid(text))
        text = repaired(text);
    len = utf8proc_map((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &made,
                       options | UTF8PROC_STABLE);
    if (len == UTF8PROC_ERROR_NOMEM || len == UTF8PROC_ERROR_OVERFLOW)
        nu__raise_no_memory(text.len);
    if (len < 0)
        nu_raise(NU_UNICODE_ERROR, "text cannot be normalized: {}", utf8proc_errmsg(len));
    normalized = (nu_str){ nu_try_alloc((size_t)len + 1, 1), (size_t)len };
    if (normalized.ptr)
        memcpy((char *)normalized.ptr, made, (size_t)len);
    free(made);
    if (!normalized.ptr)
        nu__raise_no_memory((size_t)len + 1);
    return normalized;
}

nu_str nu__normalize_kc(nu_str text)
{
    return normalize(text, UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}

nu_str nu__normalize_c(nu_str text)
{
    return normalize(text, UTF8PROC_COMPOSE);
}

nu_str nu_slugify(nu_str text)
{
    nu_str plain = normalize(text, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
    nu__buf slug = { 0 };
    bool dash = false;

    for (size_t i = 0; i < plain.len; i++) {
        uint8_t c = (uint8_t)plain.ptr[i];

        if (c >= 0x80 || (!nu__is_word(c) && !nu__is_space(c) && c != '-'))
            continue;
        if (nu__is_word(c))
            nu__buf_char(&slug, (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c));
        else if (!dash)
            nu__buf_char(&slug, '-');
        dash = !nu__is_word(c);
    }
    return nu_copy(nu__strip_chars(nu__buf_str(&slug), "-_"));
}
