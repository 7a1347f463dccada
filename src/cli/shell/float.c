/* float. */
#include "core/float.h"
#include "cli/shell/int.h"
#include "core/json.h"

#include <math.h>

static double mod(double a, double b)
{
    double r = fmod(a, b);

    return r && (r < 0) != (b < 0) ? r + b : r ? r : copysign(0, b);
}

static double power(double a, double b)
{
    double out = pow(a, b);

    if (!a && b < 0)
        nu_raise(NU_ZERO_DIVISION_ERROR, "0.0 cannot be raised to a negative power");
    if (isnan(out) && !isnan(a) && !isnan(b))
        nu_raise(NU_VALUE_ERROR, "the shell has no complex numbers");
    if (isinf(out) && !isinf(a) && !isinf(b))
        nu_raise(NU_OVERFLOW_ERROR, "(34, 'Numerical result out of range')");
    return out;
}

static bool arithmetic(nu__py_operator op, double a, double b, double *out)
{
    if ((op == NU__PY_DIV || op == NU__PY_FLOORDIV || op == NU__PY_MOD) && !b)
        nu_raise(NU_ZERO_DIVISION_ERROR, "{}",
                 op == NU__PY_DIV        ? "float division by zero"
                 : op == NU__PY_FLOORDIV ? "float floor division by zero"
                                         : "float modulo");
    switch (op) {
    case NU__PY_ADD:
        *out = a + b;
        return true;
    case NU__PY_SUB:
        *out = a - b;
        return true;
    case NU__PY_MUL:
        *out = a * b;
        return true;
    case NU__PY_DIV:
        *out = a / b;
        return true;
    case NU__PY_FLOORDIV:
        *out = floor((a - mod(a, b)) / b + 0.5);
        return true;
    case NU__PY_MOD:
        *out = mod(a, b);
        return true;
    case NU__PY_POW:
        *out = power(a, b);
        return true;
    case NU__PY_NEG:
        *out = -a;
        return true;
    case NU__PY_POS:
        *out = a;
        return true;
    default:
        return false;
    }
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    double number;

    if (!nu__py_is_number(a) || !nu__py_is_number(b) ||
        !arithmetic(op, nu__py_number_as_float(a), nu__py_number_as_float(b), &number))
        return false;
    *out = nu__py_float(number);
    return true;
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (!nu__py_is_number(a) || !nu__py_is_number(b))
        return false;
    *out = nu__py_number_as_float(a) == nu__py_number_as_float(b);
    return true;
}

static bool rich_compare(const char *op, nu__py a, nu__py b, bool *out)
{
    double x, y;

    if (!nu__py_is_number(a) || !nu__py_is_number(b))
        return false;
    x = nu__py_number_as_float(a);
    y = nu__py_number_as_float(b);
    *out = op[0] == '<' ? (op[1] ? x <= y : x < y) : (op[1] ? x >= y : x > y);
    return true;
}

static bool compare(nu__py a, nu__py b, int *order)
{
    double x, y;

    if (!nu__py_is_number(a) || !nu__py_is_number(b))
        return false;
    x = nu__py_number_as_float(a);
    y = nu__py_number_as_float(b);
    *order = (x > y) - (x < y);
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    if (fabs(self.f) < 9e18 && self.f == floor(self.f))
        *out = (uint64_t)(int64_t)self.f * 0x9E3779B97F4A7C15u;
    else
        *out = (uint64_t)self.i;
    return true;
}

static bool truth(nu__py self)
{
    return self.f != 0;
}

static void repr(nu__py self, nu__buf *out)
{
    char text[NU__FLOAT_TEXT];

    nu__buf_add(out, text, nu__float_text(text, self.f));
}

static void json(nu__py self, nu__buf *out)
{
    nu__json_float(out, self.f, &nu__json_dumps);
}

static nu__py make(nu__py self, const nu__py *args)
{
    nu__py value = args[0];
    double number;

    (void)self;
    if (!nu__py_given(value))
        return nu__py_float(0);
    if (nu__py_is_number(value))
        return nu__py_float(nu__py_number_as_float(value));
    if (value.type == &nu__py_decimal_type)
        return nu__py_float(nu_decimal_to_float(*value.decimal));
    if (!NU__PY_IS(value, str))
        nu_raise(NU_TYPE_ERROR, "float() argument must be a string or a real number, not '{}'",
                 value.type->name);
    if (!nu__float_try_parse(value.s, &number))
        nu_raise(NU_VALUE_ERROR, "could not convert string to float: {}", nu__py_repr(value));
    return nu__py_float(number);
}

static nu_str format(nu__py self, nu_str spec)
{
    return nu__py_format_value(nu_v_float(self.f), spec);
}

static nu__py is_integer(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_bool(isfinite(self.f) && self.f == floor(self.f));
}

const nu__py_type nu__py_float_type = {
    .name = "float",
    .methods = (const nu__py_method[]){ { "is_integer", NULL, is_integer }, { NULL, NULL, NULL } },
    .signature = "x=, /",
    .make = make,
    .binary = binary,
    .equal = equal,
    .rich_compare = rich_compare,
    .compare = compare,
    .hash = hash,
    .truth = truth,
    .repr = repr,
    .format = format,
    .json = json,
};
