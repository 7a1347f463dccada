/* int and bool. */
#include "cli/shell/int.h"

#include "cli/shell/long.h"
#include "core/decimal.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

static int digit_value(char c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'z' ? (c | 32) - 'a' + 10
                                                : 99;
}

bool nu__py_int_parse(nu_str digits, int base, nu__py *out)
{
    bool negative = digits.len && digits.ptr[0] == '-', over = false;
    size_t first = digits.len && (digits.ptr[0] == '-' || digits.ptr[0] == '+');
    int64_t number = 0;

    if (first == digits.len)
        return false;
    for (size_t at = first; at < digits.len; at++) {
        int digit = digit_value(digits.ptr[at]);

        if (digit >= base)
            return false;
        over = over || __builtin_mul_overflow(number, base, &number) ||
               __builtin_sub_overflow(number, digit, &number);
    }
    if (over || (!negative && number == INT64_MIN))
        *out = nu__py_long_value(nu__py_long_parse(digits, base));
    else
        *out = nu__py_int(negative ? number : -number);
    return true;
}

bool nu__py_is_number(nu__py value)
{
    return NU__PY_IS(value, int) || NU__PY_IS(value, float);
}

static int64_t whole(nu__py value)
{
    return value.type == &nu__py_bool_type ? value.b : value.i;
}

double nu__py_number_as_float(nu__py number)
{
    if (number.type == &nu__py_long_type)
        return nu__py_long_as_float(nu__py_long_of(number));
    return number.type == &nu__py_float_type ? number.f : (double)whole(number);
}

/* ---- arithmetic ------------------------------------------------------------------------------ */

/* Each of these: false where the result does not fit. */
static bool power(int64_t base, int64_t exponent, int64_t *out)
{
    *out = 1;
    for (; exponent; exponent >>= 1) {
        if ((exponent & 1) && __builtin_mul_overflow(*out, base, out))
            return false;
        if (exponent > 1 && __builtin_mul_overflow(base, base, &base))
            return false;
    }
    return true;
}

static void check_divisor(int64_t b, const char *message)
{
    if (!b)
        nu_raise(NU_ZERO_DIVISION_ERROR, "{}", message);
}

static bool floor_div(int64_t a, int64_t b, int64_t *out)
{
    check_divisor(b, "integer division or modulo by zero");
    if (a == INT64_MIN && b == -1)
        return false;
    *out = a / b - (a % b != 0 && (a < 0) != (b < 0));
    return true;
}

static int64_t floor_mod(int64_t a, int64_t b)
{
    int64_t r;

    check_divisor(b, "integer modulo by zero");
    r = b == -1 ? 0 : a % b;
    return r && (r < 0) != (b < 0) ? r + b : r;
}

static bool shifted_left(int64_t a, int64_t n, int64_t *out)
{
    *out = 0;
    return n >= 0 && (!a || (n < 63 && !__builtin_mul_overflow(a, (int64_t)1 << n, out)));
}

static int64_t shifted_right(int64_t a, int64_t n)
{
    if (n < 0)
        nu_raise(NU_VALUE_ERROR, "negative shift count");
    return n > 63 ? (a < 0 ? -1 : 0) : a >> n;
}

/* false: not with 64 bits. */
static bool arithmetic(nu__py_operator op, int64_t a, int64_t b, int64_t *out)
{
    switch (op) {
    case NU__PY_ADD:
        return !__builtin_add_overflow(a, b, out);
    case NU__PY_SUB:
        return !__builtin_sub_overflow(a, b, out);
    case NU__PY_MUL:
        return !__builtin_mul_overflow(a, b, out);
    case NU__PY_FLOORDIV:
        return floor_div(a, b, out);
    case NU__PY_MOD:
        *out = floor_mod(a, b);
        return true;
    case NU__PY_POW:
        return b >= 0 && power(a, b, out);
    case NU__PY_LSHIFT:
        return shifted_left(a, b, out);
    case NU__PY_RSHIFT:
        *out = shifted_right(a, b);
        return true;
    case NU__PY_NEG:
        return !__builtin_sub_overflow((int64_t)0, a, out);
    case NU__PY_POS:
        *out = a;
        return true;
    case NU__PY_INVERT:
        *out = ~a;
        return true;
    default:
        return false;
    }
}

/* What gives a float: true division, and a power below 0. */
static bool floating(nu__py_operator op, int64_t a, int64_t b, nu__py *out)
{
    if (op == NU__PY_DIV) {
        check_divisor(b, "division by zero");
        *out = nu__py_float((double)a / (double)b);
        return true;
    }
    if (op != NU__PY_POW || b >= 0)
        return false;
    check_divisor(a, "0.0 cannot be raised to a negative power");
    *out = nu__py_float(pow((double)a, (double)b));
    return true;
}

static bool bitwise(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    int64_t x = whole(a), y = whole(b);
    int64_t n = op == NU__PY_AND ? (x & y) : op == NU__PY_OR ? (x | y) : (x ^ y);

    *out =
        a.type == &nu__py_bool_type && b.type == &nu__py_bool_type ? nu__py_bool(n) : nu__py_int(n);
    return true;
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    int64_t number;

    if (!NU__PY_IS(a, int) || !NU__PY_IS(b, int))
        return false;
    if (a.type == &nu__py_long_type || b.type == &nu__py_long_type)
        return nu__py_long_operate(op, nu__py_long_of(a), nu__py_long_of(b), out);
    if (op == NU__PY_AND || op == NU__PY_OR || op == NU__PY_XOR)
        return bitwise(op, a, b, out);
    if (floating(op, whole(a), whole(b), out))
        return true;
    if (!arithmetic(op, whole(a), whole(b), &number))
        return nu__py_long_operate(op, nu__py_long_of(a), nu__py_long_of(b), out);
    *out = nu__py_int(number);
    return true;
}

static int order_of(nu__py a, nu__py b)
{
    if (a.type == &nu__py_long_type || b.type == &nu__py_long_type)
        return nu__py_long_compare(nu__py_long_of(a), nu__py_long_of(b));
    return (whole(a) > whole(b)) - (whole(a) < whole(b));
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (!NU__PY_IS(a, int) || !NU__PY_IS(b, int))
        return false;
    *out = order_of(a, b) == 0;
    return true;
}

static bool compare(nu__py a, nu__py b, int *order)
{
    if (!NU__PY_IS(a, int) || !NU__PY_IS(b, int))
        return false;
    *order = order_of(a, b);
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    *out = (uint64_t)whole(self) * 0x9E3779B97F4A7C15u;
    return true;
}

static bool truth(nu__py self)
{
    return whole(self) != 0;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_int(out, self.i);
}

static void repr_bool(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, self.b ? S("True") : S("False"));
}

static void json(nu__py self, nu__buf *out)
{
    nu__buf_int(out, self.i);
}

static void json_bool(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, self.b ? S("true") : S("false"));
}

/* ---- int(x), bool(x) ------------------------------------------------------------------------- */

/* "0x1f" where the base asks for it or is 0; underscores between digits. */
static nu_str plain_digits(nu_str text, int *base)
{
    static const char letters[] = "xob";
    static const int bases[] = { 16, 8, 2 };
    size_t sign = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');
    const char *letter = text.len > sign + 2 && text.ptr[sign] == '0'
                             ? strchr(letters, text.ptr[sign + 1] | 32)
                             : NULL;
    nu__buf out = { 0 };

    nu__buf_str_add(&out, nu__sub(text, 0, sign));
    if (letter && (*base == 0 || *base == bases[letter - letters])) {
        *base = bases[letter - letters];
        sign += 2;
    }
    *base = *base ? *base : 10;
    for (size_t i = sign; i < text.len; i++)
        if (text.ptr[i] != '_' || i == sign || i + 1 == text.len || text.ptr[i - 1] == '_')
            nu__buf_char(&out, text.ptr[i]);
    return nu__buf_str(&out);
}

static nu__py of_text(nu__py value, int base)
{
    int found = base;
    nu_str text;
    nu__py out;

    if (base && (base < 2 || base > 36))
        nu_raise(NU_VALUE_ERROR, "int() base must be >= 2 and <= 36, or 0");
    text = plain_digits(nu_trim(value.s), &found);
    if (nu__py_int_parse(text, found, &out))
        return out;
    nu_raise(NU_VALUE_ERROR, "invalid literal for int() with base {}: {}", (int64_t)base,
             nu__py_repr(value));
}

/* The digits before the point. */
static nu__py of_decimal(nu_decimal number)
{
    nu__decimal_parts parts = nu__decimal_unpack(number);
    nu__buf digits = { 0 };
    nu__py out;

    if (!nu__decimal_is_finite(number))
        nu_raise(NU_VALUE_ERROR, "cannot convert NaN to integer");
    for (; parts.exponent < 0; parts.exponent++)
        parts.coefficient /= 10;
    nu__buf_str_add(
        &digits,
        nu__py_long_text((nu__py_long){ false, 4,
                                        (uint32_t[]){ (uint32_t)parts.coefficient,
                                                      (uint32_t)(parts.coefficient >> 32),
                                                      (uint32_t)(parts.coefficient >> 64),
                                                      (uint32_t)(parts.coefficient >> 96) } },
                         10));
    nu__buf_fill(&digits, '0', (size_t)parts.exponent);
    if (!nu__py_int_parse(nu__buf_str(&digits), 10, &out))
        out = nu__py_int(0);
    return parts.negative ? nu__py_unary(NU__PY_NEG, out) : out;
}

static nu__py of_float(double number)
{
    if (isnan(number))
        nu_raise(NU_VALUE_ERROR, "cannot convert float NaN to integer");
    if (isinf(number))
        nu_raise(NU_OVERFLOW_ERROR, "cannot convert float infinity to integer");
    if (fabs(number) >= 9.2e18)
        return nu__py_long_of_float(number);
    return nu__py_int((int64_t)number);
}

static nu__py make(nu__py self, const nu__py *args)
{
    nu__py value = args[0];

    (void)self;
    if (!nu__py_given(value))
        return nu__py_int(0);
    if (NU__PY_IS(value, str))
        return of_text(value, (int)nu__py_int_or(args[1], 10, "int() base"));
    if (nu__py_given(args[1]))
        nu_raise(NU_TYPE_ERROR, "int() can't convert non-string with explicit base");
    if (value.type == &nu__py_long_type)
        return value;
    if (NU__PY_IS(value, int))
        return nu__py_int(whole(value));
    if (value.type == &nu__py_float_type)
        return of_float(value.f);
    if (value.type == &nu__py_decimal_type)
        return of_decimal(*value.decimal);
    nu_raise(NU_TYPE_ERROR,
             "int() argument must be a string, a bytes-like object or a real number, not '{}'",
             value.type->name);
}

static nu__py make_bool(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_bool(nu__py_given(args[0]) && nu__py_truth(args[0]));
}

static nu_str format(nu__py self, nu_str spec)
{
    if (spec.ptr[spec.len - 1] == 'c' &&
        (spec.len == 1 || strchr("<>=^0123456789", spec.ptr[spec.len - 2]))) {
        nu__buf character = { 0 };

        nu__buf_utf8(&character, (uint32_t)whole(self));
        return nu__py_format_value(nu_v_str(nu__buf_str(&character)),
                                   nu__sub(spec, 0, spec.len - 1));
    }
    return nu__py_format_value(nu_v_int(whole(self)), spec);
}

static nu__py bit_length(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_int(nu__py_long_bits(nu__py_long_of(self)));
}

static nu__py real(nu__py self)
{
    return self.type == &nu__py_bool_type ? nu__py_int(self.b) : self;
}

const nu__py_type nu__py_int_type = {
    .name = "int",
    .methods = (const nu__py_method[]){ { "bit_length", NULL, bit_length }, { NULL, NULL, NULL } },
    .attributes =
        (const nu__py_attribute[]){ { "real", real }, { "numerator", real }, { NULL, NULL } },
    .signature = "x=, /, base=",
    .make = make,
    .binary = binary,
    .equal = equal,
    .compare = compare,
    .hash = hash,
    .truth = truth,
    .repr = repr,
    .format = format,
    .json = json,
};

const nu__py_type nu__py_bool_type = {
    .name = "bool",
    .base = &nu__py_int_type,
    .signature = "x=, /",
    .make = make_bool,
    .repr = repr_bool,
    .json = json_bool,
};
