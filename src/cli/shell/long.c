/* Operators of whole numbers past 64 bits. */
#include "cli/shell/int.h"
#include "cli/shell/long_limbs.h"

#include <math.h>
#include <string.h>

nu__py_long nu__py_long_of(nu__py number)
{
    nu__py_long out;
    int64_t n;
    uint64_t size;

    if (number.type == &nu__py_long_type)
        return *(const nu__py_long *)number.cp;
    n = number.type == &nu__py_bool_type ? number.b : number.i;
    size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    out = nu__limbs_room(2);
    out.negative = n < 0;
    out.limbs[0] = (uint32_t)size;
    out.limbs[1] = (uint32_t)(size >> 32);
    return nu__limbs_trimmed(out);
}

nu__py nu__py_long_value(nu__py_long number)
{
    nu__py_long *kept;
    uint64_t size;

    number = nu__limbs_trimmed(number);
    if (number.n > NU__PY_MOST_LIMBS)
        nu__limbs_too_large();
    if (number.n <= 2) {
        size = (number.n > 0 ? number.limbs[0] : 0) | (uint64_t)(number.n > 1 ? number.limbs[1] : 0)
                                                          << 32;
        if (size <= INT64_MAX)
            return nu__py_int(number.negative ? -(int64_t)size : (int64_t)size);
        if (number.negative && size == (uint64_t)INT64_MAX + 1)
            return nu__py_int(INT64_MIN);
    }
    kept = nu_alloc(nu__py_long);
    *kept = number;
    return nu__py_pointer(&nu__py_long_type, kept);
}

/* ---- with signs ------------------------------------------------------------------------------ */

static nu__py_long sum(nu__py_long a, nu__py_long b)
{
    if (a.negative == b.negative)
        return nu__limbs_signed(nu__limbs_add(a, b), a.negative);
    if (nu__limbs_compare(a, b) >= 0)
        return nu__limbs_signed(nu__limbs_sub(a, b), a.negative);
    return nu__limbs_signed(nu__limbs_sub(b, a), b.negative);
}

static nu__py_long one(void)
{
    return nu__py_long_of(nu__py_int(1));
}

/* Rounded down, as Python's // and %. */
static nu__py_long divided(nu__py_long a, nu__py_long b, nu__py_long *rest)
{
    nu__py_long q;

    if (!b.n)
        nu_raise(NU_ZERO_DIVISION_ERROR, "integer division or modulo by zero");
    *rest = (nu__py_long){ 0 };
    if (nu__limbs_compare(a, b) < 0) {
        q = nu__limbs_room(0);
        *rest = nu__limbs_copy(a);
    } else if (b.n == 1) {
        q = nu__limbs_copy(a);
        *rest = nu__limbs_room(1);
        rest->limbs[0] = nu__limbs_div_small(&q, b.limbs[0]);
    } else {
        q = nu__limbs_divide(a, b, rest);
    }
    q = nu__limbs_signed(q, a.negative != b.negative);
    *rest = nu__limbs_signed(*rest, a.negative);
    if (rest->n && a.negative != b.negative) {
        q = sum(q, nu__limbs_signed(one(), true));
        *rest = sum(*rest, b);
    }
    return q;
}

int nu__py_long_compare(nu__py_long a, nu__py_long b)
{
    if (a.negative != b.negative)
        return a.negative ? -1 : 1;
    return a.negative ? nu__limbs_compare(b, a) : nu__limbs_compare(a, b);
}

static nu__py_long power(nu__py_long base, int64_t exponent)
{
    nu__py_long out = one();

    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            out = nu__limbs_signed(nu__limbs_mul(out, base), out.negative != base.negative);
        if (exponent > 1)
            base = nu__limbs_mul(base, base);
    }
    return out;
}

/* Limbs of the two's complement, which negative numbers have in `&`, `|` and `^`. */
static void complement(nu__py_long a, uint32_t *out, uint32_t n)
{
    uint64_t carry = a.negative;

    for (uint32_t i = 0; i < n; i++) {
        carry += a.negative ? (uint32_t)~nu__limb_at(a, i) : nu__limb_at(a, i);
        out[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static nu__py_long bitwise(nu__py_operator op, nu__py_long a, nu__py_long b)
{
    uint32_t n = (a.n > b.n ? a.n : b.n) + 1;
    nu__py_long x = nu__limbs_room(n), y = nu__limbs_room(n), out = nu__limbs_room(n);

    complement(a, x.limbs, n);
    complement(b, y.limbs, n);
    for (uint32_t i = 0; i < n; i++)
        out.limbs[i] = op == NU__PY_AND  ? (x.limbs[i] & y.limbs[i])
                       : op == NU__PY_OR ? (x.limbs[i] | y.limbs[i])
                                         : (x.limbs[i] ^ y.limbs[i]);
    if (!(out.limbs[n - 1] >> 31))
        return nu__limbs_trimmed(out);
    out.negative = true;
    complement(out, out.limbs, n);
    return nu__limbs_trimmed(out);
}

static int64_t small(nu__py_long a, const char *what)
{
    nu__py value = nu__py_long_value(a);

    if (value.type == &nu__py_long_type)
        nu_raise(NU_OVERFLOW_ERROR, "{} too large to convert to C int", what);
    return value.i;
}

static nu__py_long shifted(nu__py_long a, nu__py_long b, bool left)
{
    int64_t bits = small(b, "shift count");
    nu__py_long out;

    if (bits < 0)
        nu_raise(NU_VALUE_ERROR, "negative shift count");
    if (left && a.n && bits > NU__PY_MOST_LIMBS * 32)
        nu__limbs_too_large();
    if (left)
        return a.n ? nu__limbs_signed(nu__limbs_left(a, (uint32_t)bits), a.negative) : a;
    if (bits > NU__PY_MOST_LIMBS * 32)
        bits = NU__PY_MOST_LIMBS * 32;
    if (!a.negative)
        return nu__limbs_right(a, (uint32_t)bits);
    out = nu__limbs_right(nu__limbs_sub(a, one()), (uint32_t)bits); /* rounds down */
    return nu__limbs_signed(nu__limbs_add(out, one()), true);
}

static double ratio(nu__py_long a, nu__py_long b)
{
    int64_t shift_a = nu__py_long_bits(a) - 1000, shift_b = nu__py_long_bits(b) - 1000;
    double x, y;

    if (!b.n)
        nu_raise(NU_ZERO_DIVISION_ERROR, "division by zero");
    x = nu__py_long_as_float(
        shift_a > 0 ? nu__limbs_signed(nu__limbs_right(a, (uint32_t)shift_a), a.negative) : a);
    y = nu__py_long_as_float(
        shift_b > 0 ? nu__limbs_signed(nu__limbs_right(b, (uint32_t)shift_b), b.negative) : b);
    x = ldexp(x / y, (int)((shift_a > 0 ? shift_a : 0) - (shift_b > 0 ? shift_b : 0)));
    if (isinf(x))
        nu_raise(NU_OVERFLOW_ERROR, "integer division result too large for a float");
    return x;
}

bool nu__py_long_operate(nu__py_operator op, nu__py_long a, nu__py_long b, nu__py *out)
{
    nu__py_long made, rest;

    switch (op) {
    case NU__PY_ADD:
        made = sum(a, b);
        break;
    case NU__PY_SUB:
        made = sum(a, nu__limbs_signed(b, !b.negative));
        break;
    case NU__PY_MUL:
        made = nu__limbs_signed(nu__limbs_mul(a, b), a.negative != b.negative);
        break;
    case NU__PY_DIV:
        *out = nu__py_float(ratio(a, b));
        return true;
    case NU__PY_FLOORDIV:
        made = divided(a, b, &rest);
        break;
    case NU__PY_MOD:
        (void)divided(a, b, &rest);
        made = rest;
        break;
    case NU__PY_POW:
        if (b.negative) {
            *out = nu__py_float(pow(nu__py_long_as_float(a), nu__py_long_as_float(b)));
            return true;
        }
        made = power(a, small(b, "exponent"));
        break;
    case NU__PY_AND:
    case NU__PY_OR:
    case NU__PY_XOR:
        made = bitwise(op, a, b);
        break;
    case NU__PY_LSHIFT:
    case NU__PY_RSHIFT:
        made = shifted(a, b, op == NU__PY_LSHIFT);
        break;
    case NU__PY_NEG:
        made = nu__limbs_signed(a, !a.negative);
        break;
    case NU__PY_POS:
        made = a;
        break;
    case NU__PY_INVERT:
        made = sum(nu__limbs_signed(a, !a.negative), nu__limbs_signed(one(), true));
        break;
    default:
        return false;
    }
    *out = nu__py_long_value(made);
    return true;
}
