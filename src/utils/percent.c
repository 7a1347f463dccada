#include "utils/percent.h"

#include "core/arena.h"
#include "core/text.h"

#include <string.h>

static const int8_t hex[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

size_t nu__percent_decode(nu_str text, bool plus, char *into)
{
    const char *p = text.ptr, *end = nu__str_end(text);
    char *out = into;

    while (p < end) {
        int high = 0, low = 0;

        if (*p == '%' && end - p > 2) {
            high = hex[(uint8_t)p[1]];
            low = hex[(uint8_t)p[2]];
        }
        if (high && low) {
            *out++ = (char)((high - 1) << 4 | (low - 1));
            p += 3;
        } else {
            *out++ = plus && *p == '+' ? ' ' : *p;
            p++;
        }
    }
    return (size_t)(out - into);
}

static void add_percent(nu__buf *out, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)bytes[i];
        char code[3] = { '%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15] };

        nu__buf_add(out, code, 3);
    }
}

static void add_replacement(nu__buf *out, const char *bytes, size_t len)
{
    (void)bytes;
    (void)len;
    nu__buf_lit(out, "\xef\xbf\xbd");
}

/* How many bytes of a broken sequence Python's decoder takes for one error: as far as they could
   have been the beginning of a character. */
static size_t broken_length(const char *text, const char *end)
{
    const uint8_t *p = (const uint8_t *)text;
    uint8_t low = 0x80, high = 0xbf;
    size_t need = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4, len = 1;

    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 1;
    low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : low;
    high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : high;
    for (; len < need && text + len < end && p[len] >= low && p[len] <= high; len++) {
        low = 0x80;
        high = 0xbf;
    }
    return len;
}

static nu_str repair(nu_str bytes, void (*add_broken)(nu__buf *, const char *, size_t))
{
    const char *p = bytes.ptr, *end = nu__str_end(bytes);
    size_t n = nu__utf8_valid_prefix(bytes);
    nu__buf out = { 0 };

    if (n == bytes.len)
        return bytes;
    while (p < end) {
        n = nu__utf8_valid_prefix((nu_str){ p, (size_t)(end - p) });
        nu__buf_str_add(&out, (nu_str){ p, n });
        p += n;
        if (p == end)
            break;
        n = broken_length(p, end);
        add_broken(&out, p, n);
        p += n;
    }
    return nu__buf_str(&out);
}

nu_str nu__utf8_repercent(nu_str bytes)
{
    return repair(bytes, add_percent);
}

nu_str nu__utf8_replace(nu_str bytes)
{
    return repair(bytes, add_replacement);
}

nu_str nu__latin1_to_utf8(nu_str bytes)
{
    size_t high = 0;
    char *text, *out;

    for (size_t i = 0; i < bytes.len; i++)
        high += (uint8_t)bytes.ptr[i] >> 7;
    if (!high)
        return bytes;
    out = text = nu__alloc_raw(bytes.len + high + 1);
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t byte = (uint8_t)bytes.ptr[i];

        if (byte >= 0x80)
            *out++ = (char)(0xc0 | byte >> 6);
        *out++ = (char)(byte < 0x80 ? byte : 0x80 | (byte & 0x3f));
    }
    *out = '\0';
    return (nu_str){ text, bytes.len + high };
}
