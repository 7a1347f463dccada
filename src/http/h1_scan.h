/**
 * @file
 * The byte classes of HTTP/1.1 and the loops over them.
 */
#pragma once
#include "core/scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* RFC 9110 tchar: what methods, field names and header parameters consist of. 3 for `_`. */
extern const uint8_t nu__h1_token[256];

#ifdef NU__BLOCK
/* A bit for each byte that no field value may hold: a control other than tab. */
static inline unsigned nu__h1_controls(nu__block bytes)
{
    nu__block controls = nu__block_or(nu__block_up_to(bytes, 0x1f), nu__block_eq(bytes, 0x7f));

    return nu__block_bits(controls) & ~nu__block_bits(nu__block_eq(bytes, '\t'));
}
#endif

/* The first byte of [p, end) that no field value may hold. */
static inline const char *nu__h1_value_end(const char *p, const char *end)
{
#ifdef NU__BLOCK
    for (; end - p >= NU__BLOCK; p += NU__BLOCK) {
        unsigned bad = nu__h1_controls(nu__block_load(p));

        if (bad)
            return p + __builtin_ctz(bad);
    }
#endif
    while (p < end && ((uint8_t)*p >= 0x20 || *p == '\t') && *p != 0x7f)
        p++;
    return p;
}

/* Copy `len` bytes that a field may hold; false: it may not. Up to NU__H1_OVERRUN bytes behind them
   are written too. */
enum { NU__H1_OVERRUN = 16 };

static inline bool nu__h1_copy_value(char *out, const char *p, size_t len)
{
#ifdef NU__BLOCK
    unsigned bad = 0;

    for (; len >= NU__BLOCK; p += NU__BLOCK, out += NU__BLOCK, len -= NU__BLOCK) {
        nu__block bytes = nu__block_load(p);

        nu__block_store(out, bytes);
        bad |= nu__h1_controls(bytes);
    }
    if (len) {
        nu__block bytes = nu__block_load_short(p, len);

        nu__block_store(out, bytes);
        bad |= nu__h1_controls(bytes) & ((1U << len) - 1);
    }
    return !bad;
#else
    if (len)
        memcpy(out, p, len);
    return nu__h1_value_end(p, p + len) == p + len;
#endif
}

/* The first byte of [p, end) that no request-target may hold: a control, space, DEL or `#`. */
static inline const char *nu__h1_target_end(const char *p, const char *end)
{
#ifdef NU__BLOCK
    for (; end - p >= NU__BLOCK; p += NU__BLOCK) {
        nu__block bytes = nu__block_load(p);
        unsigned bad = nu__block_bits(
            nu__block_or(nu__block_up_to(bytes, ' '),
                         nu__block_or(nu__block_eq(bytes, 0x7f), nu__block_eq(bytes, '#'))));

        if (bad)
            return p + __builtin_ctz(bad);
    }
#endif
    while (p < end && (uint8_t)*p > 0x20 && *p != 0x7f && *p != '#')
        p++;
    return p;
}

static inline const char *nu__h1_token_end(const char *p, const char *end)
{
    while (p < end && nu__h1_token[(uint8_t)*p])
        p++;
    return p;
}

/* The same, and in *seen the classes met, ored: bit 1 for an underscore. */
static inline const char *nu__h1_name_end(const char *p, const char *end, uint8_t *seen)
{
    uint8_t class, all = 0;

    for (; p < end && (class = nu__h1_token[(uint8_t)*p]); p++)
        all |= class;
    *seen = all;
    return p;
}
