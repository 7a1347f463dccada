/**
 * @file
 * The byte classes of HTTP/1.1 and the loops over them.
 */
#pragma once
#include "core/scan.h"

#include <stdbool.h>
#include <stdint.h>

/* RFC 9110 tchar: what methods, field names and header parameters consist of. 3 for `_`. */
extern const uint8_t nu__h1_token[256];

/* The first byte of [p, end) that no field value may hold: a control other than tab. */
static inline const char *nu__h1_value_end(const char *p, const char *end)
{
#ifdef NU__BLOCK
    for (; end - p >= NU__BLOCK; p += NU__BLOCK) {
        nu__block bytes = nu__block_load(p), tab = nu__block_eq(bytes, '\t');
        unsigned bad =
            nu__block_bits(nu__block_or(nu__block_up_to(bytes, 0x1f), nu__block_eq(bytes, 0x7f))) &
            ~nu__block_bits(tab);

        if (bad)
            return p + __builtin_ctz(bad);
    }
#endif
    while (p < end && ((uint8_t)*p >= 0x20 || *p == '\t') && *p != 0x7f)
        p++;
    return p;
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
