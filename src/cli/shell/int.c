/* int and bool. */
#include "cli/shell/int.h"

#include "cli/shell/limits.h"
#include "core/float.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

static NU_NORETURN void too_large(void)
{
    nu_raise(NU_OVERFLOW_ERROR, "the shell's integers have 64 bits: the result does not fit");
}

static int digit_value(char c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'z' ? (c | 32) - 'a' + 10
                                                : 99;
}

bool nu__py_int_parse(nu_str digits, int base, nu__py *out)
{
    bool negative = digits.len && digits.ptr[0] == '-';
    size_t at = digits.len && (digits.ptr[0] == '-' || digits.ptr[0] == '+');
    int64_t number = 0;

    if (at == digits.len)
        return false;
    for (; at < digits.len; at++) {
        int digit = digit_value(digits.ptr[at]);

        if (digit >= base)
            return false;
        if (__builtin_mul_overflow(number, base, &number) ||
            __builtin_sub_overflow(number, digit, &number))
            too_large();
    }
    if (!negative && number == INT64_MIN)
        too_large();
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
    return number.type == &nu__py_float_type ? number.f : (double)whole(number);
}

/* ---- arithmetic ------------------------------------------------------------------------------ */

static int64_t power(int64_t base, int64_t exponent)
{
    int64_t out = 1;

    for (; exponent; exponent >>= 1) {
        if ((exponent & 1) && __builtin_mul_overflow(out, base, &out))
            too_large();
        if (exponent > 1 && __builtin_mul_overflow(base, base, &base))
            too_large();
    }
    return out;
}

static void check_divisor(int64_t b, const char *message)
{
    if (!b)
        nu_raise(NU_ZERO_DIVISION_ERROR, "{}", message);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    check_divisor(b, "integer division or modulo by zero");
    if (a == INT64_MIN && b == -1)
        too_large();
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static int64_t floor_mod(int64_t a, int64_t b)
{
    int64_t r;

    check_divisor(b, "integer modulo by zero");
    r = b == -1 ? 0 : a % b;
    return r && (r < 0) != (b < 0) ? r + b : r;
}

static int64_t shifted(int64_t a, int64_t n, bool left)
{
    int64_t out;

    if (n < 0)
        nu_raise(NU_VALUE_ERROR, "negative shift count");
    if (!left)
        return n > 63 ? (a < 0 ? -1 : 0) : a >> n;
    if (a && (n > 62 || __builtin_mul_overflow(a, (int64_t)1 << n, &out)))
        too_large();
    return a ? out : 0;
}

static bool arithmetic(nu__py_operator op, int64_t a, int64_t b, nu__py *out)
{
    int64_t n = 0;
    bool over = false;

    switch (op) {
    case NU__PY_ADD:
        over = __builtin_add_overflow(a, b, &n);
        break;
    case NU__PY_SUB:
        over = __builtin_sub_overflow(a, b, &n);
        break;
    case NU__PY_MUL:
        over = __builtin_mul_overflow(a, b, &n);
        break;
    case NU__PY_DIV:
        check_divisor(b, "division by zero");
        *out = nu__py_float((double)a / (double)b);
        return true;
    case NU__PY_FLOORDIV:
        n = floor_div(a, b);
        break;
    case NU__PY_MOD:
        n = floor_mod(a, b);
        break;
    case NU__PY_POW:
        if (b < 0) {
            check_divisor(a, "zero to a negative power");
            *out = nu__py_float(pow((double)a, (double)b));
            return true;
        }
        n = power(a, b);
        break;
    case NU__PY_LSHIFT:
    case NU__PY_RSHIFT:
        n = shifted(a, b, op == NU__PY_LSHIFT);
        break;
    case NU__PY_NEG:
        over = __builtin_sub_overflow((int64_t)0, a, &n);
        break;
    case NU__PY_POS:
        n = a;
        break;
    case NU__PY_INVERT:
        n = ~a;
        break;
    default:
        return false;
    }
    if (over)
        too_large();
    *out = nu__py_int(n);
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
    if (!NU__PY_IS(a, int) || !NU__PY_IS(b, int))
        return false;
    if (op == NU__PY_AND || op == NU__PY_OR || op == NU__PY_XOR)
        return bitwise(op, a, b, out);
    return arithmetic(op, whole(a), whole(b), out);
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (!NU__PY_IS(a, int) || !NU__PY_IS(b, int))
        return false;
    *out = whole(a) == whole(b);
    return true;
}

static bool compare(nu__py a, nu__py b, int *order)
{
    if (!NU__PY_IS(a, int) || !NU__PY_IS(b, int))
        return false;
    *order = (whole(a) > whole(b)) - (whole(a) < whole(b));
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

static nu__py of_text(nu__py value, int base)
{
    nu_str text = nu_trim(value.s);
    nu__py out;

    if (nu__py_int_parse(text, base, &out))
        return out;
    nu_raise(NU_VALUE_ERROR, "invalid literal for int() with base {}: {}", (int64_t)base,
             nu__py_repr(value));
}

static nu__py of_float(double number)
{
    if (isnan(number))
        nu_raise(NU_VALUE_ERROR, "cannot convert float NaN to integer");
    if (isinf(number))
        nu_raise(NU_OVERFLOW_ERROR, "cannot convert float infinity to integer");
    if (fabs(number) >= 9.2e18)
        too_large();
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
    if (NU__PY_IS(value, int))
        return nu__py_int(whole(value));
    if (value.type == &nu__py_float_type)
        return of_float(value.f);
    if (value.type == &nu__py_decimal_type)
        return nu__py_int(nu_decimal_to_int(*value.decimal));
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
    return nu__py_format_value(nu_v_int(whole(self)), spec);
}

static nu__py bit_length(nu__py self, const nu__py *args)
{
    uint64_t n = whole(self) < 0 ? 0 - (uint64_t)whole(self) : (uint64_t)whole(self);

    (void)args;
    return nu__py_int(n ? 64 - __builtin_clzll(n) : 0);
}

static nu__py real(nu__py self)
{
    return nu__py_int(whole(self));
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
