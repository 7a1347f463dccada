#include "core/arena.h"
#include "core/error.h"
#include "core/text.h"

#include <stdlib.h>

bool nu_null_str(nu_str text)
{
    return !text.ptr;
}

nu_str nu_same(nu_str text)
{
    return text;
}

nu_str nu_s(const char *borrowed)
{
    return (nu_str){ borrowed, borrowed ? strlen(borrowed) : 0 };
}

nu_str nu_copy(nu_str text)
{
    char *copy;

    if (!text.ptr)
        return text;
    if (text.len == SIZE_MAX)
        nu__raise_no_memory(SIZE_MAX);
    copy = nu__alloc_raw(text.len + 1);
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return (nu_str){ copy, text.len };
}

nu_str nu_copy_cstr(const char *text)
{
    return nu_copy(nu_s(text));
}

bool nu_eq_(nu_str a, nu_str b)
{
    return a.len == b.len && (!a.len || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool nu_starts_with(nu_str text, nu_str prefix)
{
    return text.len >= prefix.len && (!prefix.len || memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

bool nu_ends_with(nu_str text, nu_str suffix)
{
    return text.len >= suffix.len &&
           (!suffix.len || memcmp(text.ptr + text.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Byte by byte: names are short, and two calls of the C library take longer than they do. */
bool nu__same_ignore_ascii_case(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (a[i] != b[i] && ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
    return true;
}

int nu__str_compare(nu_str a, nu_str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

ptrdiff_t nu__find(nu_str text, nu_str needle)
{
    const char *found;

    if (!needle.len)
        return 0;
    if (needle.len > text.len)
        return -1;
    found = memmem(text.ptr, text.len, needle.ptr, needle.len);
    return found ? found - text.ptr : -1;
}

/* ---- trimming ----------------------------------------------------------------------------- */

static const char *last_char(const char *start, const char *end)
{
    const char *at = end - 1;

    while (at > start && end - at < NU__UTF8_MAX && (*at & 0xC0) == 0x80)
        at--;
    return at;
}

nu_str nu_trim(nu_str text)
{
    const char *start = text.ptr, *end = nu__str_end(text), *at;

    for (at = start; text.len && at < end && nu__is_space(nu__utf8_next(&at, end));)
        start = at;
    while (end > start) {
        const char *last = at = last_char(start, end);

        if (!nu__is_space(nu__utf8_next(&at, end)) || at != end)
            break;
        end = last;
    }
    return (nu_str){ start, (size_t)(end - start) };
}

nu_str nu__strip_chars(nu_str text, const char *ascii)
{
    while (text.len && text.ptr[0] && strchr(ascii, text.ptr[0]))
        text = nu__sub(text, 1, text.len);
    while (text.len && text.ptr[text.len - 1] && strchr(ascii, text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* ---- parts -------------------------------------------------------------------------------- */

nu_list *nu__split_space(nu_str text)
{
    nu_list *words = nu_list_new();
    const char *at = text.ptr, *end = nu__str_end(text), *start = NULL, *before;

    while (text.len && at < end) {
        before = at;
        if (!nu__is_space(nu__utf8_next(&at, end))) {
            start = start ? start : before;
        } else if (start) {
            nu_list_append(words, ((nu_str){ start, (size_t)(before - start) }));
            start = NULL;
        }
    }
    if (start)
        nu_list_append(words, ((nu_str){ start, (size_t)(end - start) }));
    return words;
}

nu_list *nu__split(nu_str text, nu_str separator)
{
    nu_list *parts = nu_list_new();
    ptrdiff_t at;

    while (separator.len && (at = nu__find(text, separator)) >= 0) {
        nu_list_append(parts, nu__sub(text, 0, (size_t)at));
        text = nu__sub(text, (size_t)at + separator.len, text.len);
    }
    nu_list_append(parts, text);
    return parts;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(((const nu_str *)a)->ptr, ((const nu_str *)b)->ptr);
}

void nu__sort_texts(nu_str *texts, size_t n)
{
    qsort(texts, n, sizeof *texts, by_bytes);
}

nu_list *nu__sorted_texts(const nu_list *texts)
{
    size_t n = nu_list_len(texts);
    nu_str *all = nu_alloc_array(nu_str, n + 1);
    nu_list *sorted = nu_list_new();

    for (size_t i = 0; i < n; i++)
        all[i] = nu_at(texts, i).s;
    nu__sort_texts(all, n);
    for (size_t i = 0; i < n; i++)
        nu_list_append(sorted, all[i]);
    return sorted;
}

nu_str nu__join(nu_str separator, const nu_list *parts)
{
    nu__buf joined = { 0 };

    for (size_t i = 0; i < nu_list_len(parts); i++) {
        if (i)
            nu__buf_str_add(&joined, separator);
        nu__buf_value(&joined, nu_at(parts, i));
    }
    return nu__buf_take(&joined);
}

nu_str nu__replace(nu_str text, nu_str old, nu_str with)
{
    nu__buf replaced = { 0 };
    ptrdiff_t at;

    while (old.len && (at = nu__find(text, old)) >= 0) {
        nu__buf_add(&replaced, text.ptr, (size_t)at);
        nu__buf_str_add(&replaced, with);
        text = nu__sub(text, (size_t)at + old.len, text.len);
    }
    nu__buf_str_add(&replaced, text);
    return nu__buf_take(&replaced);
}

nu_str nu_truncate_words(nu_str text, int words)
{
    nu_list *all = nu__split_space(text);
    nu__buf kept = { 0 };

    for (int i = 0; i < words && (size_t)i < nu_list_len(all); i++) {
        if (i)
            nu__buf_char(&kept, ' ');
        nu__buf_str_add(&kept, nu_at(all, (size_t)i).s);
    }
    if (words > 0 && nu_list_len(all) > (size_t)words)
        nu__buf_lit(&kept, "…");
    return nu__buf_take(&kept);
}

/* ---- quoting ------------------------------------------------------------------------------ */

static void escape_char(nu__buf *buf, uint32_t c)
{
    static const char hex[] = "0123456789abcdef";
    int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;

    nu__buf_char(buf, '\\');
    nu__buf_char(buf, digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
    for (int shift = digits * 4 - 4; shift >= 0; shift -= 4)
        nu__buf_char(buf, hex[c >> shift & 15]);
}

static void repr_char(nu__buf *buf, uint32_t c, char quote, bool printable)
{
    static const char named[] = "\\\\\nn\rr\tt";

    if (c == (uint32_t)quote) {
        nu__buf_char(buf, '\\');
        nu__buf_char(buf, quote);
        return;
    }
    for (const char *row = named; *row; row += 2)
        if (c == (uint32_t)row[0]) {
            nu__buf_char(buf, '\\');
            nu__buf_char(buf, row[1]);
            return;
        }
    if (printable)
        nu__buf_utf8(buf, c);
    else
        escape_char(buf, c);
}

static char quote_for(const void *bytes, size_t len)
{
    return len && memchr(bytes, '\'', len) && !memchr(bytes, '"', len) ? '"' : '\'';
}

void nu__buf_repr_str(nu__buf *buf, nu_str text)
{
    char quote = quote_for(text.ptr, text.len);
    const char *at = text.ptr, *end = nu__str_end(text);

    nu__buf_char(buf, quote);
    while (text.len && at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        repr_char(buf, c, quote, nu__is_printable(c));
    }
    nu__buf_char(buf, quote);
}

void nu__buf_repr_bytes(nu__buf *buf, nu_bytes bytes)
{
    char quote = quote_for(bytes.ptr, bytes.len);

    nu__buf_char(buf, 'b');
    nu__buf_char(buf, quote);
    for (size_t i = 0; i < bytes.len; i++)
        repr_char(buf, bytes.ptr[i], quote, bytes.ptr[i] >= ' ' && bytes.ptr[i] < 0x7F);
    nu__buf_char(buf, quote);
}

nu_str nu__repr_str(nu_str text)
{
    nu__buf buf = { 0 };

    nu__buf_repr_str(&buf, text);
    return nu__buf_take(&buf);
}

nu_list *nu_split(nu_str text)
{
    return nu__split_space(text);
}

nu_str nu_join(nu_str separator, const nu_list *texts)
{
    return nu__join(separator, texts);
}

bool nu__is_identifier(nu_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (!(c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (i && c >= '0' && c <= '9')))
            return false;
    }
    return text.len > 0;
}
