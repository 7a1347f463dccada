/* Arithmetic of whole numbers past 64 bits: schoolbook, on limbs of 32 bits. */
#include "cli/shell/long.h"

#include "cli/shell/int.h"

#include <math.h>
#include <string.h>

static NU_NORETURN void too_large(void)
{
    nu_raise(NU_OVERFLOW_ERROR, "the shell's integers have at most 65,536 bits");
}

static nu__py_long room(uint32_t n)
{
    if (n > NU__PY_MOST_LIMBS)
        too_large();
    return (nu__py_long){ false, n, nu_alloc_array(uint32_t, n + 1) };
}

static nu__py_long trimmed(nu__py_long a)
{
    while (a.n && !a.limbs[a.n - 1])
        a.n--;
    if (!a.n)
        a.negative = false;
    return a;
}

nu__py_long nu__py_long_of(nu__py number)
{
    nu__py_long out;
    int64_t n;
    uint64_t size;

    if (number.type == &nu__py_long_type)
        return *(const nu__py_long *)number.cp;
    n = number.type == &nu__py_bool_type ? number.b : number.i;
    size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    out = room(2);
    out.negative = n < 0;
    out.limbs[0] = (uint32_t)size;
    out.limbs[1] = (uint32_t)(size >> 32);
    return trimmed(out);
}

nu__py nu__py_long_value(nu__py_long number)
{
    nu__py_long *kept;
    uint64_t size;

    number = trimmed(number);
    if (number.n > NU__PY_MOST_LIMBS)
        too_large();
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

/* ---- without signs --------------------------------------------------------------------------- */

static int compare_sizes(nu__py_long a, nu__py_long b)
{
    if (a.n != b.n)
        return a.n < b.n ? -1 : 1;
    for (uint32_t i = a.n; i-- > 0;)
        if (a.limbs[i] != b.limbs[i])
            return a.limbs[i] < b.limbs[i] ? -1 : 1;
    return 0;
}

static uint32_t limb(nu__py_long a, uint32_t i)
{
    return i < a.n ? a.limbs[i] : 0;
}

static nu__py_long add_sizes(nu__py_long a, nu__py_long b)
{
    nu__py_long out = room((a.n > b.n ? a.n : b.n) + 1);
    uint64_t carry = 0;

    for (uint32_t i = 0; i < out.n; i++) {
        carry += (uint64_t)limb(a, i) + limb(b, i);
        out.limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return trimmed(out);
}

static nu__py_long sub_sizes(nu__py_long a, nu__py_long b) /* a >= b */
{
    nu__py_long out = room(a.n);
    int64_t carry = 0;

    for (uint32_t i = 0; i < out.n; i++) {
        carry += (int64_t)a.limbs[i] - limb(b, i);
        out.limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return trimmed(out);
}

static nu__py_long mul_sizes(nu__py_long a, nu__py_long b)
{
    nu__py_long out = room(a.n + b.n);

    for (uint32_t i = 0; i < a.n; i++) {
        uint64_t carry = 0;

        for (uint32_t k = 0; k < b.n; k++) {
            carry += (uint64_t)a.limbs[i] * b.limbs[k] + out.limbs[i + k];
            out.limbs[i + k] = (uint32_t)carry;
            carry >>= 32;
        }
        out.limbs[i + b.n] = (uint32_t)carry;
    }
    return trimmed(out);
}

/* a /= d; the remainder. */
static uint32_t div_small(nu__py_long *a, uint32_t d)
{
    uint64_t rest = 0;

    for (uint32_t i = a->n; i-- > 0;) {
        rest = rest << 32 | a->limbs[i];
        a->limbs[i] = (uint32_t)(rest / d);
        rest %= d;
    }
    *a = trimmed(*a);
    return (uint32_t)rest;
}

static nu__py_long copy_of(nu__py_long a)
{
    nu__py_long out = room(a.n);

    memcpy(out.limbs, a.limbs, a.n * sizeof *a.limbs);
    return out;
}

static nu__py_long shifted_left(nu__py_long a, uint32_t bits)
{
    uint32_t limbs = bits / 32, rest = bits % 32;
    nu__py_long out = room(a.n + limbs + 1);

    for (uint32_t i = 0; i < a.n; i++) {
        uint64_t wide = (uint64_t)a.limbs[i] << rest;

        out.limbs[i + limbs] |= (uint32_t)wide;
        out.limbs[i + limbs + 1] |= (uint32_t)(wide >> 32);
    }
    return trimmed(out);
}

static nu__py_long shifted_right(nu__py_long a, uint32_t bits)
{
    uint32_t limbs = bits / 32, rest = bits % 32;
    nu__py_long out = room(a.n > limbs ? a.n - limbs : 0);

    for (uint32_t i = 0; i < out.n; i++) {
        uint64_t wide = (uint64_t)limb(a, i + limbs + 1) << 32 | limb(a, i + limbs);

        out.limbs[i] = (uint32_t)(wide >> rest);
    }
    return trimmed(out);
}

/* Knuth's algorithm D: u / v, both shifted so that v's highest bit is set. */
static nu__py_long divide_sizes(nu__py_long a, nu__py_long b, nu__py_long *rest)
{
    uint32_t shift = (uint32_t)__builtin_clz(b.limbs[b.n - 1]), n = b.n, m;
    nu__py_long u, v = shifted_left(b, shift), q;

    u = room(a.n + 1);
    memcpy(u.limbs, shifted_left(a, shift).limbs,
           (size_t)shifted_left(a, shift).n * sizeof *u.limbs);
    m = a.n - n;
    q = room(m + 1);
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
    *rest = shifted_right(trimmed(u), shift);
    return trimmed(q);
}

/* ---- with signs ------------------------------------------------------------------------------ */

static nu__py_long signed_as(nu__py_long a, bool negative)
{
    a.negative = negative;
    return trimmed(a);
}

static nu__py_long sum(nu__py_long a, nu__py_long b)
{
    if (a.negative == b.negative)
        return signed_as(add_sizes(a, b), a.negative);
    if (compare_sizes(a, b) >= 0)
        return signed_as(sub_sizes(a, b), a.negative);
    return signed_as(sub_sizes(b, a), b.negative);
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
    if (compare_sizes(a, b) < 0) {
        q = room(0);
        *rest = copy_of(a);
    } else if (b.n == 1) {
        q = copy_of(a);
        *rest = room(1);
        rest->limbs[0] = div_small(&q, b.limbs[0]);
    } else {
        q = divide_sizes(a, b, rest);
    }
    q = signed_as(q, a.negative != b.negative);
    *rest = signed_as(*rest, a.negative);
    if (rest->n && a.negative != b.negative) {
        q = sum(q, signed_as(one(), true));
        *rest = sum(*rest, b);
    }
    return q;
}

int nu__py_long_compare(nu__py_long a, nu__py_long b)
{
    if (a.negative != b.negative)
        return a.negative ? -1 : 1;
    return a.negative ? compare_sizes(b, a) : compare_sizes(a, b);
}

static nu__py_long power(nu__py_long base, int64_t exponent)
{
    nu__py_long out = one();

    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            out = signed_as(mul_sizes(out, base), out.negative != base.negative);
        if (exponent > 1)
            base = mul_sizes(base, base);
    }
    return out;
}

/* Limbs of the two's complement, which negative numbers have in `&`, `|` and `^`. */
static void complement(nu__py_long a, uint32_t *out, uint32_t n)
{
    uint64_t carry = a.negative;

    for (uint32_t i = 0; i < n; i++) {
        carry += a.negative ? (uint32_t)~limb(a, i) : limb(a, i);
        out[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static nu__py_long bitwise(nu__py_operator op, nu__py_long a, nu__py_long b)
{
    uint32_t n = (a.n > b.n ? a.n : b.n) + 1;
    nu__py_long x = room(n), y = room(n), out = room(n);

    complement(a, x.limbs, n);
    complement(b, y.limbs, n);
    for (uint32_t i = 0; i < n; i++)
        out.limbs[i] = op == NU__PY_AND  ? (x.limbs[i] & y.limbs[i])
                       : op == NU__PY_OR ? (x.limbs[i] | y.limbs[i])
                                         : (x.limbs[i] ^ y.limbs[i]);
    if (!(out.limbs[n - 1] >> 31))
        return trimmed(out);
    out.negative = true;
    complement(out, out.limbs, n);
    return trimmed(out);
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
        too_large();
    if (left)
        return a.n ? signed_as(shifted_left(a, (uint32_t)bits), a.negative) : a;
    if (bits > NU__PY_MOST_LIMBS * 32)
        bits = NU__PY_MOST_LIMBS * 32;
    if (!a.negative)
        return shifted_right(a, (uint32_t)bits);
    out = shifted_right(sub_sizes(a, one()), (uint32_t)bits); /* rounds down */
    return signed_as(add_sizes(out, one()), true);
}

static double ratio(nu__py_long a, nu__py_long b)
{
    int64_t shift_a = nu__py_long_bits(a) - 1000, shift_b = nu__py_long_bits(b) - 1000;
    double x, y;

    if (!b.n)
        nu_raise(NU_ZERO_DIVISION_ERROR, "division by zero");
    x = nu__py_long_as_float(
        shift_a > 0 ? signed_as(shifted_right(a, (uint32_t)shift_a), a.negative) : a);
    y = nu__py_long_as_float(
        shift_b > 0 ? signed_as(shifted_right(b, (uint32_t)shift_b), b.negative) : b);
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
        made = sum(a, signed_as(b, !b.negative));
        break;
    case NU__PY_MUL:
        made = signed_as(mul_sizes(a, b), a.negative != b.negative);
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
        made = signed_as(a, !a.negative);
        break;
    case NU__PY_POS:
        made = a;
        break;
    case NU__PY_INVERT:
        made = sum(signed_as(a, !a.negative), signed_as(one(), true));
        break;
    default:
        return false;
    }
    *out = nu__py_long_value(made);
    return true;
}

/* ---- text and floats ------------------------------------------------------------------------- */

int64_t nu__py_long_bits(nu__py_long number)
{
    return number.n ? (int64_t)number.n * 32 - __builtin_clz(number.limbs[number.n - 1]) : 0;
}

/* The highest 64 bits, the last of them set when anything below is: rounded once. */
double nu__py_long_as_float(nu__py_long number)
{
    int64_t shift = nu__py_long_bits(number) - 64;
    nu__py_long top = shift > 0 ? shifted_right(number, (uint32_t)shift) : number;
    uint64_t bits = (top.n > 0 ? top.limbs[0] : 0) | (uint64_t)(top.n > 1 ? top.limbs[1] : 0) << 32;
    double out;

    if (shift > 0 && compare_sizes(shifted_left(top, (uint32_t)shift), number))
        bits |= 1;
    out = ldexp((double)bits, shift > 0 ? (int)shift : 0);
    if (isinf(out))
        nu_raise(NU_OVERFLOW_ERROR, "int too large to convert to float");
    return number.negative ? -out : out;
}

nu__py nu__py_long_of_float(double number)
{
    int exponent;
    double mantissa = frexp(fabs(trunc(number)), &exponent);
    nu__py_long whole = nu__py_long_of(nu__py_int((int64_t)ldexp(mantissa, 53)));

    whole = exponent >= 53 ? shifted_left(whole, (uint32_t)(exponent - 53))
                           : shifted_right(whole, (uint32_t)(53 - exponent));
    return nu__py_long_value(signed_as(whole, number < 0));
}

static int digit_value(char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

nu__py_long nu__py_long_parse(nu_str digits, int base)
{
    bool negative = digits.len && digits.ptr[0] == '-';
    nu__py_long out;

    if (digits.len > NU__PY_MOST_LIMBS * 32)
        too_large();
    out = room((uint32_t)(digits.len / 5 + 2 < NU__PY_MOST_LIMBS ? digits.len / 5 + 2
                                                                 : NU__PY_MOST_LIMBS));
    for (size_t i = negative || (digits.len && digits.ptr[0] == '+'); i < digits.len; i++) {
        uint64_t carry = (uint64_t)digit_value(digits.ptr[i]);

        for (uint32_t k = 0; k < out.n; k++) {
            carry += (uint64_t)out.limbs[k] * (uint32_t)base;
            out.limbs[k] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry)
            too_large();
    }
    return signed_as(out, negative);
}

nu_str nu__py_long_text(nu__py_long number, int base)
{
    size_t cap = (size_t)number.n * 32 + 2, at = cap;
    char *text = nu_alloc_array(char, cap + 1);
    nu__py_long left = copy_of(number);

    do
        text[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[div_small(&left, (uint32_t)base)];
    while (left.n);
    if (number.negative)
        text[--at] = '-';
    return (nu_str){ text + at, cap - at };
}

/* ---- the type -------------------------------------------------------------------------------- */

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu__py_long_text(nu__py_long_of(self), 10));
}

static bool hash(nu__py self, uint64_t *out)
{
    nu__py_long number = nu__py_long_of(self);

    *out = (uint64_t)nu__py_float(number.n < 33 ? nu__py_long_as_float(number) : number.n).i;
    return true;
}

static bool truth(nu__py self)
{
    (void)self;
    return true;
}

/* Digits with groups and padding; sign, width and fill as format() has them for any int. */
static nu_str format(nu__py self, nu_str spec)
{
    char type = spec.len ? spec.ptr[spec.len - 1] : 'd';
    bool floating = strchr("eEfFgG%", type) != NULL;
    int base = type == 'x' || type == 'X' ? 16 : type == 'o' ? 8 : type == 'b' ? 2 : 10;
    nu_str digits, prefix;
    nu__buf out = { 0 };
    size_t group = base == 10 ? 3 : 4;

    if (floating)
        return nu__py_format_value(nu_v_float(nu__py_long_as_float(nu__py_long_of(self))), spec);
    digits = nu__py_long_text(nu__py_long_of(self), base);
    prefix = memchr(spec.ptr, '#', spec.len) && base != 10 ? nu_fmt("0{}", ((nu_str){ &type, 1 }))
                                                           : S("");
    if (!memchr(spec.ptr, ',', spec.len) && !memchr(spec.ptr, '_', spec.len))
        nu__buf_fmt(&out, "{}{}", prefix, type == 'X' ? nu_upper(digits) : digits);
    else
        for (size_t i = 0; i < digits.len; i++) {
            if (i > (digits.ptr[0] == '-') && (digits.len - i) % group == 0)
                nu__buf_char(&out, memchr(spec.ptr, ',', spec.len) ? ',' : '_');
            nu__buf_char(&out, digits.ptr[i]);
        }
    return nu__buf_str(&out);
}

static void json(nu__py self, nu__buf *out)
{
    repr(self, out);
}

const nu__py_type nu__py_long_type = {
    .name = "int",
    .base = &nu__py_int_type,
    .hash = hash,
    .truth = truth,
    .repr = repr,
    .format = format,
    .json = json,
};
