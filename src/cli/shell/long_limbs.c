/* The limbs of whole numbers past 64 bits, without regard to signs: schoolbook, 32 bits each. */
#include "cli/shell/long_limbs.h"

#include <string.h>

NU_NORETURN void nu__limbs_too_large(void)
{
    nu_raise(NU_OVERFLOW_ERROR, "the shell's integers have at most 65,536 bits");
}

nu__py_long nu__limbs_room(uint32_t n)
{
    if (n > NU__PY_MOST_LIMBS)
        nu__limbs_too_large();
    return (nu__py_long){ false, n, nu_alloc_array(uint32_t, n + 1) };
}

nu__py_long nu__limbs_trimmed(nu__py_long a)
{
    while (a.n && !a.limbs[a.n - 1])
        a.n--;
    if (!a.n)
        a.negative = false;
    return a;
}

int nu__limbs_compare(nu__py_long a, nu__py_long b)
{
    if (a.n != b.n)
        return a.n < b.n ? -1 : 1;
    for (uint32_t i = a.n; i-- > 0;)
        if (a.limbs[i] != b.limbs[i])
            return a.limbs[i] < b.limbs[i] ? -1 : 1;
    return 0;
}

uint32_t nu__limb_at(nu__py_long a, uint32_t i)
{
    return i < a.n ? a.limbs[i] : 0;
}

nu__py_long nu__limbs_add(nu__py_long a, nu__py_long b)
{
    nu__py_long out = nu__limbs_room((a.n > b.n ? a.n : b.n) + 1);
    uint64_t carry = 0;

    for (uint32_t i = 0; i < out.n; i++) {
        carry += (uint64_t)nu__limb_at(a, i) + nu__limb_at(b, i);
        out.limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return nu__limbs_trimmed(out);
}

nu__py_long nu__limbs_sub(nu__py_long a, nu__py_long b) /* a >= b */
{
    nu__py_long out = nu__limbs_room(a.n);
    int64_t carry = 0;

    for (uint32_t i = 0; i < out.n; i++) {
        carry += (int64_t)a.limbs[i] - nu__limb_at(b, i);
        out.limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return nu__limbs_trimmed(out);
}

nu__py_long nu__limbs_mul(nu__py_long a, nu__py_long b)
{
    nu__py_long out = nu__limbs_room(a.n + b.n);

    for (uint32_t i = 0; i < a.n; i++) {
        uint64_t carry = 0;

        for (uint32_t k = 0; k < b.n; k++) {
            carry += (uint64_t)a.limbs[i] * b.limbs[k] + out.limbs[i + k];
            out.limbs[i + k] = (uint32_t)carry;
            carry >>= 32;
        }
        out.limbs[i + b.n] = (uint32_t)carry;
    }
    return nu__limbs_trimmed(out);
}

/* a /= d; the remainder. */
uint32_t nu__limbs_div_small(nu__py_long *a, uint32_t d)
{
    uint64_t rest = 0;

    for (uint32_t i = a->n; i-- > 0;) {
        rest = rest << 32 | a->limbs[i];
        a->limbs[i] = (uint32_t)(rest / d);
        rest %= d;
    }
    *a = nu__limbs_trimmed(*a);
    return (uint32_t)rest;
}

nu__py_long nu__limbs_copy(nu__py_long a)
{
    nu__py_long out = nu__limbs_room(a.n);

    memcpy(out.limbs, a.limbs, a.n * sizeof *a.limbs);
    return out;
}

nu__py_long nu__limbs_left(nu__py_long a, uint32_t bits)
{
    uint32_t limbs = bits / 32, rest = bits % 32;
    nu__py_long out = nu__limbs_room(a.n + limbs + 1);

    for (uint32_t i = 0; i < a.n; i++) {
        uint64_t wide = (uint64_t)a.limbs[i] << rest;

        out.limbs[i + limbs] |= (uint32_t)wide;
        out.limbs[i + limbs + 1] |= (uint32_t)(wide >> 32);
    }
    return nu__limbs_trimmed(out);
}

nu__py_long nu__limbs_right(nu__py_long a, uint32_t bits)
{
    uint32_t limbs = bits / 32, rest = bits % 32;
    nu__py_long out = nu__limbs_room(a.n > limbs ? a.n - limbs : 0);

    for (uint32_t i = 0; i < out.n; i++) {
        uint64_t wide = (uint64_t)nu__limb_at(a, i + limbs + 1) << 32 | nu__limb_at(a, i + limbs);

        out.limbs[i] = (uint32_t)(wide >> rest);
    }
    return nu__limbs_trimmed(out);
}

/* Knuth's algorithm D: u / v, both shifted so that v's highest bit is set. */
nu__py_long nu__limbs_divide(nu__py_long a, nu__py_long b, nu__py_long *rest)
{
    uint32_t shift = (uint32_t)__builtin_clz(b.limbs[b.n - 1]), n = b.n, m;
    nu__py_long u, v = nu__limbs_left(b, shift), q;

    u = nu__limbs_room(a.n + 1);
    memcpy(u.limbs, nu__limbs_left(a, shift).limbs,
           (size_t)nu__limbs_left(a, shift).n * sizeof *u.limbs);
    m = a.n - n;
    q = nu__limbs_room(m + 1);
    for (uint32_t j = m + 1; j-- > 0;) {
        uint64_t top = (uint64_t)u.limbs[j + n] << 32 | u.limbs[j + n - 1];
        uint64_t digit = top / v.limbs[n - 1], over = top % v.limbs[n - 1];
        uint64_t carry = 0;
        int64_t borrow = 0;

        while (digit >> 32 ||
               (n > 1 && digit * v.limbs[n - 2] > (over << 32 | u.limbs[j + n - 2]))) {
            digit--;
            over += v.limbs[n - 1];
            if (over >> 32)
                break;
        }
        for (uint32_t i = 0; i < n; i++) {
            carry += digit * v.limbs[i];
            borrow += (int64_t)u.limbs[j + i] - (uint32_t)carry;
            u.limbs[j + i] = (uint32_t)borrow;
            borrow >>= 32;
            carry >>= 32;
        }
        borrow += (int64_t)u.limbs[j + n] - (int64_t)carry;
        u.limbs[j + n] = (uint32_t)borrow;
        if (borrow < 0) { /* the guess was one too high */
            digit--;
            carry = 0;
            for (uint32_t i = 0; i < n; i++) {
                carry += (uint64_t)u.limbs[j + i] + v.limbs[i];
                u.limbs[j + i] = (uint32_t)carry;
                carry >>= 32;
            }
            u.limbs[j + n] += (uint32_t)carry;
        }
        q.limbs[j] = (uint32_t)digit;
    }
    *rest = nu__limbs_right(nu__limbs_trimmed(u), shift);
    return nu__limbs_trimmed(q);
}

nu__py_long nu__limbs_signed(nu__py_long a, bool negative)
{
    a.negative = negative;
    return nu__limbs_trimmed(a);
}
