#include "core/scan.h"
#include "core/text.h"

/* Bytes of the ASCII prefix. */
static size_t ascii_prefix(const char *at, const char *end)
{
    const char *start = at;

#ifdef NU__BLOCK
    for (; end - at >= NU__BLOCK; at += NU__BLOCK) {
        unsigned high = nu__block_bits(nu__block_load(at));

        if (high)
            return (size_t)(at - start) + (size_t)__builtin_ctz(high);
    }
#endif
    while (at < end && !(*at & 0x80))
        at++;
    return (size_t)(at - start);
}

#ifdef NU__BLOCK
bool nu__is_ascii(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);

    for (; end - at >= NU__BLOCK; at += NU__BLOCK)
        if (nu__block_bits(nu__block_load(at)))
            return false;
    return at == end || !nu__block_bits(nu__block_load_short(at, (size_t)(end - at)));
}
#else
bool nu__is_ascii(nu_str text)
{
    return ascii_prefix(text.ptr, nu__str_end(text)) == text.len;
}
#endif

/* Length of the valid sequence at `at`, 0 when there is none (RFC 3629: no surrogates, no overlong
   forms, nothing past U+10FFFF). */
static int sequence(const uint8_t *at, ptrdiff_t left)
{
    uint8_t lead = at[0], low = 0x80, high = 0xBF;
    int len;

    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (left < len)
        return 0;
    low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : low;
    high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : high;
    if (at[1] < low || at[1] > high)
        return 0;
    for (int i = 2; i < len; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

size_t nu__utf8_valid_prefix(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);

    while (text.len) {
        int len;

        at += ascii_prefix(at, end);
        if (at == end)
            break;
        len = sequence((const uint8_t *)at, end - at);
        if (!len)
            break;
        at += len;
    }
    return (size_t)(at - text.ptr);
}

bool nu__utf8_valid(nu_str text)
{
    return nu__utf8_valid_prefix(text) == text.len;
}

uint32_t nu__utf8_next(const char **at, const char *end)
{
    static const uint8_t lead_bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    const uint8_t *bytes = (const uint8_t *)*at;
    int len = sequence(bytes, end - *at);
    uint32_t c;

    if (!len) {
        ++*at;
        return NU__REPLACEMENT;
    }
    c = bytes[0] & lead_bits[len];
    for (int i = 1; i < len; i++)
        c = c << 6 | (bytes[i] & 0x3F);
    *at += len;
    return c;
}

int nu__utf8_encode(uint32_t c, char out[NU__UTF8_MAX])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

void nu__buf_utf8(nu__buf *buf, uint32_t c)
{
    char bytes[NU__UTF8_MAX];

    nu__buf_add(buf, bytes, (size_t)nu__utf8_encode(c, bytes));
}

/* The text after its first n characters. */
static const char *skip(const char *at, const char *end, size_t n)
{
    for (; n && at < end; n--)
        nu__utf8_next(&at, end);
    return at;
}

size_t nu__utf8_count(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    size_t count = 0;

    while (text.len && at < end) {
        size_t ascii = ascii_prefix(at, end);

        at += ascii;
        count += ascii;
        if (at == end)
            break;
        nu__utf8_next(&at, end);
        count++;
    }
    return count;
}

nu_str nu__utf8_slice(nu_str text, size_t from, size_t to)
{
    const char *end = nu__str_end(text);
    const char *first = skip(text.ptr, end, from);
    const char *last = skip(first, end, to > from ? to - from : 0);

    return (nu_str){ first, (size_t)(last - first) };
}

nu_str nu__utf8_cut(nu_str text, size_t bytes)
{
    if (text.len <= bytes)
        return text;
    while (bytes && (text.ptr[bytes] & 0xC0) == 0x80)
        bytes--;
    return (nu_str){ text.ptr, bytes };
}
