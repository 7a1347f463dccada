/* Whole numbers past 64 bits as text, as floats, and as a type of the shell. */
#include "cli/shell/int.h"
#include "cli/shell/long_limbs.h"

#include <math.h>
#include <string.h>

int64_t nu__py_long_bits(nu__py_long number)
{
    return number.n ? (int64_t)number.n * 32 - __builtin_clz(number.limbs[number.n - 1]) : 0;
}

/* The highest 64 bits, the last of them set when anything below is: rounded once. */
double nu__py_long_as_float(nu__py_long number)
{
    int64_t shift = nu__py_long_bits(number) - 64;
    nu__py_long top = shift > 0 ? nu__limbs_right(number, (uint32_t)shift) : number;
    uint64_t bits = (top.n > 0 ? top.limbs[0] : 0) | (uint64_t)(top.n > 1 ? top.limbs[1] : 0) << 32;
    double out;

    if (shift > 0 && nu__limbs_compare(nu__limbs_left(top, (uint32_t)shift), number))
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

    whole = exponent >= 53 ? nu__limbs_left(whole, (uint32_t)(exponent - 53))
                           : nu__limbs_right(whole, (uint32_t)(53 - exponent));
    return nu__py_long_value(nu__limbs_signed(whole, number < 0));
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
        nu__limbs_too_large();
    out = nu__limbs_room((uint32_t)(digits.len / 5 + 2 < NU__PY_MOST_LIMBS ? digits.len / 5 + 2
                                                                           : NU__PY_MOST_LIMBS));
    for (size_t i = negative || (digits.len && digits.ptr[0] == '+'); i < digits.len; i++) {
        uint64_t carry = (uint64_t)digit_value(digits.ptr[i]);

        for (uint32_t k = 0; k < out.n; k++) {
            carry += (uint64_t)out.limbs[k] * (uint32_t)base;
            out.limbs[k] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry)
            nu__limbs_too_large();
    }
    return nu__limbs_signed(out, negative);
}

nu_str nu__py_long_text(nu__py_long number, int base)
{
    size_t cap = (size_t)number.n * 32 + 2, at = cap;
    char *text = nu_alloc_array(char, cap + 1);
    nu__py_long left = nu__limbs_copy(number);

    do
        text[--at] =
            "0123456789abcdefghijklmnopqrstuvwxyz"[nu__limbs_div_small(&left, (uint32_t)base)];
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
