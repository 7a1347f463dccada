/**
 * @file
 * Unsigned integers of 256 bits, as far as decimal arithmetic needs them.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef unsigned __int128 nu__u128;
typedef struct nu__wide {
    uint64_t limb[4]; /* lowest first */
} nu__wide;

static inline nu__wide nu__wide_of(nu__u128 number)
{
    return (nu__wide){ { (uint64_t)number, (uint64_t)(number >> 64) } };
}

static inline bool nu__wide_fits_128(nu__wide number)
{
    return !number.limb[2] && !number.limb[3];
}

static inline nu__u128 nu__wide_low(nu__wide number)
{
    return (nu__u128)number.limb[1] << 64 | number.limb[0];
}

nu__wide nu__wide_mul(nu__u128 a, nu__u128 b);
nu__wide nu__wide_add(nu__wide a, nu__wide b);
nu__wide nu__wide_sub(nu__wide a, nu__wide b); /* a >= b */
int nu__wide_cmp(nu__wide a, nu__wide b);
/* number *= 10^power; false when it does not fit. */
bool nu__wide_scale(nu__wide *number, int power);
/* number /= divisor; the remainder. */
uint64_t nu__wide_div_small(nu__wide *number, uint64_t divisor);
nu__wide nu__wide_div(nu__wide number, nu__u128 divisor, nu__u128 *remainder);
int nu__wide_count_digits(nu__wide number); /* decimal digits; 1 for 0 */
