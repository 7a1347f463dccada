/* Built-in functions over numbers and characters. */
#include "cli/shell/builtins.h"

#include "cli/shell/int.h"
#include "core/decimal.h"
#include "core/text.h"

#include <math.h>

static nu__py absolute(nu__py self, const nu__py *args)
{
    nu__py x = args[0], method;

    (void)self;
    if (nu__py_find(x, S("__abs__"), &method))
        return nu__py_invoke(method, &(nu__py_call){ 0 });
    if (!nu__py_is_number(x) && x.type != &nu__py_decimal_type)
        nu_raise(NU_TYPE_ERROR, "bad operand type for abs(): '{}'", x.type->name);
    if (x.type == &nu__py_float_type)
        return nu__py_float(fabs(x.f));
    return nu__py_less(x, nu__py_int(0)) ? nu__py_unary(NU__PY_NEG, x)
                                         : nu__py_unary(NU__PY_POS, x);
}

static nu__py rounded_decimal(nu_decimal number, nu__py digits)
{
    nu_decimal out;

    if (!nu__py_given(digits) || digits.type == &nu__py_none_type)
        return nu__py_int(nu_decimal_to_int(nu_decimal_quantize(number, 0)));
    if (nu__decimal_quantize(number, (int)-nu__py_as_int(digits, "ndigits"), &nu__decimal_default,
                             &out) != NU__DECIMAL_OK)
        nu_raise(NU_INVALID_OPERATION, "[<class 'decimal.InvalidOperation'>]");
    return nu__py_decimal(out);
}

static nu__py rounded_float(double number, nu__py digits)
{
    int64_t n;

    if (!nu__py_given(digits) || digits.type == &nu__py_none_type) {
        nu__py whole = nu__py_float(nearbyint(number));

        return nu__py_invoke(nu__py_class(&nu__py_int_type),
                             &(nu__py_call){ .args = &whole, .n = 1 });
    }
    n = nu__py_as_int(digits, "ndigits");
    if (!isfinite(number) || n > 300)
        return nu__py_float(number);
    if (n >= 0) {
        nu__py text = nu__py_str(nu__py_format_value(nu_v_float(number), nu_fmt(".{}f", n)));

        return nu__py_invoke(nu__py_class(&nu__py_float_type),
                             &(nu__py_call){ .args = &text, .n = 1 });
    }
    return nu__py_float(nearbyint(number / pow(10, (double)-n)) * pow(10, (double)-n));
}

static nu__py round_(nu__py self, const nu__py *args)
{
    int64_t n;
    nu__py unit, half, out;

    (void)self;
    if (args[0].type == &nu__py_float_type)
        return rounded_float(args[0].f, args[1]);
    if (args[0].type == &nu__py_decimal_type)
        return rounded_decimal(*args[0].decimal, args[1]);
    if (!NU__PY_IS(args[0], int))
        nu_raise(NU_TYPE_ERROR, "type {} doesn't define __round__ method", args[0].type->name);
    n = nu__py_int_or(args[1], 0, "ndigits");
    if (n >= 0)
        return nu__py_unary(NU__PY_POS, args[0]);
    if (n < -18)
        return nu__py_int(0);
    unit = nu__py_binary(NU__PY_POW, nu__py_int(10), nu__py_int(-n));
    half = nu__py_binary(NU__PY_MOD, args[0], unit);
    out = nu__py_binary(NU__PY_SUB, args[0], half);
    if (half.i * 2 > unit.i || (half.i * 2 == unit.i && (out.i / unit.i) % 2))
        out = nu__py_binary(NU__PY_ADD, out, unit);
    return out;
}

static nu__py divmod(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_pair(nu__py_binary(NU__PY_FLOORDIV, args[0], args[1]),
                       nu__py_binary(NU__PY_MOD, args[0], args[1]));
}

static nu__py power(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_int(1), base, left;

    (void)self;
    if (!nu__py_given(args[2]) || args[2].type == &nu__py_none_type)
        return nu__py_binary(NU__PY_POW, args[0], args[1]);
    base = nu__py_binary(NU__PY_MOD, args[0], args[2]);
    for (left = args[1]; nu__py_truth(left);
         left = nu__py_binary(NU__PY_RSHIFT, left, nu__py_int(1))) {
        if (nu__py_truth(nu__py_binary(NU__PY_AND, left, nu__py_int(1))))
            out = nu__py_binary(NU__PY_MOD, nu__py_binary(NU__PY_MUL, out, base), args[2]);
        base = nu__py_binary(NU__PY_MOD, nu__py_binary(NU__PY_MUL, base, base), args[2]);
    }
    return out;
}

static nu__py in_base(nu__py value, const char *spec)
{
    if (!NU__PY_IS(value, int))
        nu_raise(NU_TYPE_ERROR, "'{}' object cannot be interpreted as an integer",
                 value.type->name);
    return nu__py_str(nu__py_format(value, nu_s(spec)));
}

static nu__py hex(nu__py self, const nu__py *args)
{
    (void)self;
    return in_base(args[0], "#x");
}

static nu__py oct(nu__py self, const nu__py *args)
{
    (void)self;
    return in_base(args[0], "#o");
}

static nu__py bin(nu__py self, const nu__py *args)
{
    (void)self;
    return in_base(args[0], "#b");
}

static nu__py ord(nu__py self, const nu__py *args)
{
    nu_str text = nu__py_as_str(args[0], "ord() argument");
    const char *at = text.ptr;

    (void)self;
    if (nu__utf8_count(text) != 1)
        nu_raise(NU_TYPE_ERROR, "ord() expected a character, but string of length {} found",
                 nu__utf8_count(text));
    return nu__py_int(nu__utf8_next(&at, nu__str_end(text)));
}

static nu__py chr(nu__py self, const nu__py *args)
{
    int64_t c = nu__py_as_int(args[0], "chr() argument");
    nu__buf out = { 0 };

    (void)self;
    if (c < 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        nu_raise(NU_VALUE_ERROR, "chr() arg not in range(0x110000)");
    nu__buf_utf8(&out, (uint32_t)c);
    return nu__py_str(nu__buf_str(&out));
}

const nu__py_method nu__py_number_builtins[] = {
    { "abs", "x, /", absolute },
    { "bin", "number, /", bin },
    { "chr", "i, /", chr },
    { "divmod", "x, y, /", divmod },
    { "hex", "number, /", hex },
    { "oct", "number, /", oct },
    { "ord", "c, /", ord },
    { "pow", "base, exp, mod=", power },
    { "round", "number, ndigits=", round_ },
    { NULL, NULL, NULL },
};
