#include "core/wide.h"

#define TEN_19 10000000000000000000ULL /* the largest power of ten in 64 bits */

nu__wide nu__wide_mul(nu__u128 a, nu__u128 b)
{
    uint64_t left[2] = { (uint64_t)a, (uint64_t)(a >> 64) };
    uint64_t right[2] = { (uint64_t)b, (uint64_t)(b >> 64) };
    nu__wide product = { 0 };

    for (int i = 0; i < 2; i++) {
        nu__u128 carry = 0;

        for (int j = 0; j < 2; j++) {
            carry += (nu__u128)left[i] * right[j] + product.limb[i + j];
            product.limb[i + j] = (uint64_t)carry;
            carry >>= 64;
        }
        product.limb[i + 2] = (uint64_t)carry;
    }
    return product;
}

nu__wide nu__wide_add(nu__wide a, nu__wide b)
{
    nu__u128 carry = 0;

    for (int i = 0; i < 4; i++) {
        carry += (nu__u128)a.limb[i] + b.limb[i];
        a.limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return a;
}

nu__wide nu__wide_sub(nu__wide a, nu__wide b)
{
    bool borrow = false;

    for (int i = 0; i < 4; i++) {
        bool under = __builtin_sub_overflow(a.limb[i], b.limb[i], &a.limb[i]);

        borrow = __builtin_sub_overflow(a.limb[i], (uint64_t)borrow, &a.limb[i]) || under;
    }
    return a;
}

int nu__wide_cmp(nu__wide a, nu__wide b)
{
    for (int i = 3; i >= 0; i--)
        if (a.limb[i] != b.limb[i])
            return a.limb[i] < b.limb[i] ? -1 : 1;
    return 0;
}

static bool mul_small(nu__wide *number, uint64_t factor)
{
    nu__u128 carry = 0;

    for (int i = 0; i < 4; i++) {
        carry += (nu__u128)number->limb[i] * factor;
        number->limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return carry == 0;
}

bool nu__wide_scale(nu__wide *number, int power)
{
    uint64_t rest = 1;

    for (; power >= 19; power -= 19)
        if (!mul_small(number, TEN_19))
            return false;
    for (; power > 0; power--)
        rest *= 10;
    return mul_small(number, rest);
}

uint64_t nu__wide_div_small(nu__wide *number, uint64_t divisor)
{
    nu__u128 rest = 0;

    for (int i = 3; i >= 0; i--) {
        rest = rest << 64 | number->limb[i];
        number->limb[i] = (uint64_t)(rest / divisor);
        rest %= divisor;
    }
    return (uint64_t)rest;
}

/* Bit by bit: divisors stay below 2^127, so that the running rest never overflows. */
nu__wide nu__wide_div(nu__wide number, nu__u128 divisor, nu__u128 *remainder)
{
    nu__wide quotient = { 0 };
    nu__u128 rest = 0;

    for (int bit = 255; bit >= 0; bit--) {
        rest = rest << 1 | (number.limb[bit / 64] >> bit % 64 & 1);
        if (rest >= divisor) {
            rest -= divisor;
            quotient.limb[bit / 64] |= 1ULL << bit % 64;
        }
    }
    *remainder = rest;
    return quotient;
}

int nu__wide_count_digits(nu__wide number)
{
    int digits = 1;

    while (number.limb[1] || number.limb[2] || number.limb[3]) {
        nu__wide_div_small(&number, TEN_19);
        digits += 19;
    }
    for (uint64_t rest = number.limb[0]; rest >= 10; rest /= 10)
        digits++;
    return digits;
}
