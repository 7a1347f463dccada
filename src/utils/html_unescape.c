#include "core/text.h"
#include "utils/html.h"
#include "utils/html_entities.h"

#include <stdlib.h>

enum { LONGEST_NAME = 33 };

/* ---- numbers ------------------------------------------------------------------------------ */

/* What the standard makes of references to the control characters 80 to 9F: those that pages in
   Windows-1252 meant. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
};

/* Code points that are no characters, nor errors that have a replacement. */
static bool is_dropped(uint32_t c)
{
    return (c >= 1 && c <= 8) || c == 0xb || (c >= 0xe && c <= 0x1f) || c == 0x7f ||
           (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

static void put_number(nu__buf *buf, uint32_t c)
{
    if (c >= 0x80 && c <= 0x9f)
        nu__buf_utf8(buf, windows_1252[c - 0x80]);
    else if (c == 0 || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
        nu__buf_utf8(buf, NU__REPLACEMENT);
    else if (!is_dropped(c))
        nu__buf_utf8(buf, c);
}

static int digit_value(char c, int base)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* `at` stands behind "&#"; how many bytes the reference takes from there, 0 when it is none. */
static size_t put_numeric(nu__buf *buf, const char *at, const char *end)
{
    const char *start = at;
    int base = at < end && (*at | 0x20) == 'x' ? 16 : 10, digit;
    uint32_t c = 0;
    bool any = false;

    at += base == 16;
    for (; at < end && (digit = digit_value(*at, base)) >= 0; at++) {
        any = true;
        if (c <= 0x10ffff)
            c = c * (uint32_t)base + (uint32_t)digit;
    }
    if (!any)
        return 0;
    put_number(buf, c);
    at += at < end && *at == ';';
    return (size_t)(at - start);
}

/* ---- names -------------------------------------------------------------------------------- */

static int compare(const void *key, const void *row)
{
    const nu_str *name = key;
    const char *other = ((const nu__html_entity *)row)->name;
    int order = strncmp(name->ptr, other, name->len);

    return order ? order : -(other[name->len] != 0);
}

static const char *text_of(nu_str name)
{
    const nu__html_entity *found = bsearch(&name, nu__html_entities, nu__html_entity_count,
                                           sizeof *nu__html_entities, compare);

    return found ? found->text : NULL;
}

/* Up to 32 characters that could be a name, and its semicolon. */
static size_t name_length(const char *at, const char *end)
{
    const char *start = at;

    for (int n = 0; at < end && n < 32 && !strchr("\t\n\f <&#;", *at) && *at; n++)
        nu__utf8_next(&at, end);
    at += at < end && at > start && *at == ';';
    return (size_t)(at - start);
}

/* The name, or the longest one that it begins with: old pages leave the semicolon out. */
static size_t put_named(nu__buf *buf, const char *at, const char *end)
{
    size_t len = name_length(at, end);

    if (len > LONGEST_NAME)
        len = LONGEST_NAME;
    for (; len > 1; len--) {
        const char *text = text_of((nu_str){ at, len });

        if (text) {
            nu__buf_str_add(buf, nu_s(text));
            return len;
        }
    }
    return 0;
}

nu_str nu__html_unescape(nu_str html)
{
    nu__buf buf = { 0 };
    const char *end = nu__str_end(html);

    if (!html.len || !memchr(html.ptr, '&', html.len))
        return html;
    for (const char *at = html.ptr; at < end;) {
        const char *mark = memchr(at, '&', (size_t)(end - at));
        size_t taken;

        nu__buf_add(&buf, at, (size_t)((mark ? mark : end) - at));
        if (!mark)
            break;
        at = mark + 1;
        if (at < end && *at == '#')
            taken = put_numeric(&buf, at + 1, end);
        else
            taken = put_named(&buf, at, end);
        if (!taken)
            nu__buf_char(&buf, '&');
        else
            at += taken + (*at == '#');
    }
    return nu__buf_str(&buf);
}
