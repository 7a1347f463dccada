/* Decimal, in Django's context: 28 digits, half to even. */
#include "core/decimal.h"
#include "cli/shell/int.h"
#include "cli/shell/long.h"
#include "cli/shell/object.h"
#include "core/text.h"

#include <math.h>
#include <stdio.h>

static bool as_decimal(nu__py value, nu_decimal *out)
{
    if (value.type == &nu__py_decimal_type)
        *out = *value.decimal;
    else if (value.type == &nu__py_long_type)
        *out = nu_decimal_parse(nu__py_text(value).ptr);
    else if (NU__PY_IS(value, int))
        *out = nu_decimal_from(nu__py_as_int(value, "Decimal"), 0);
    else
        return false;
    return true;
}

/* a - b * trunc(a / b), and the quotient; the sign is a's, as Decimal's % has it. */
/* Python's decimal signals are classes of their own. */
const nu__py_type nu__py_division_by_zero = { .name = "DivisionByZero",
                                              .base = &nu__py_errors[NU_ZERO_DIVISION_ERROR],
                                              .module = "decimal",
                                              .error = NU_ZERO_DIVISION_ERROR };

static void check_divisor(nu__py_operator op, nu_decimal a, nu_decimal b)
{
    if (!nu_decimal_is_zero(b) || nu_decimal_is_nan(a))
        return;
    if (op == NU__PY_MOD)
        nu_raise(NU_INVALID_OPERATION, "[<class 'decimal.{}'>]",
                 nu_decimal_is_zero(a) ? "DivisionUndefined" : "InvalidOperation");
    if (nu_decimal_is_zero(a))
        nu_raise(NU_INVALID_OPERATION, "[<class 'decimal.DivisionUndefined'>]");
    nu__py_raise(&nu__py_division_by_zero, "[<class 'decimal.DivisionByZero'>]");
}

static nu_decimal whole_part(nu_decimal number)
{
    static const nu__decimal_context down = { NU__DECIMAL_PRECISION, NU__ROUND_DOWN };
    nu_decimal out;

    if (nu__decimal_unpack(number).exponent >= 0)
        return number;
    if (nu__decimal_quantize(number, 0, &down, &out) != NU__DECIMAL_OK)
        nu_raise(NU_INVALID_OPERATION, "[<class 'decimal.DivisionImpossible'>]");
    return out;
}

static nu_decimal power(nu_decimal base, nu__py exponent)
{
    int64_t n = nu__py_as_int(exponent, "the exponent of a Decimal"), left = n < 0 ? -n : n;
    nu_decimal out = nu_decimal_from(1, 0);

    for (; left; left >>= 1) {
        if (left & 1)
            out = nu_decimal_mul(out, base);
        if (left > 1)
            base = nu_decimal_mul(base, base);
    }
    return n < 0 ? nu_decimal_div(nu_decimal_from(1, 0), out) : out;
}

static bool operate(nu__py_operator op, nu_decimal a, nu_decimal b, nu__py right, nu_decimal *out)
{
    nu_decimal quotient;

    if (op == NU__PY_DIV || op == NU__PY_FLOORDIV || op == NU__PY_MOD)
        check_divisor(op, a, b);
    switch (op) {
    case NU__PY_ADD:
        *out = nu_decimal_add(a, b);
        return true;
    case NU__PY_SUB:
        *out = nu_decimal_sub(a, b);
        return true;
    case NU__PY_MUL:
        *out = nu_decimal_mul(a, b);
        return true;
    case NU__PY_DIV:
        *out = nu_decimal_div(a, b);
        return true;
    case NU__PY_FLOORDIV:
    case NU__PY_MOD:
        quotient = whole_part(nu_decimal_div(a, b));
        *out = op == NU__PY_MOD ? nu_decimal_sub(a, nu_decimal_mul(quotient, b)) : quotient;
        return true;
    case NU__PY_POW:
        *out = power(a, right);
        return true;
    case NU__PY_NEG:
        *out = nu_decimal_neg(a);
        return true;
    case NU__PY_POS:
        *out = nu_decimal_add(a, nu_decimal_from(0, 0));
        return true;
    default:
        return false;
    }
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    nu_decimal x, y, made;

    if (!as_decimal(a, &x) || !as_decimal(b, &y) || !operate(op, x, y, b, &made))
        return false;
    *out = nu__py_decimal(made);
    return true;
}

/* Decimals and floats compare by their exact values. */
static bool order_of(nu__py a, nu__py b, int *order)
{
    nu_decimal x, y;

    if (as_decimal(a, &x) && as_decimal(b, &y)) {
        *order = nu_decimal_cmp(x, y);
        return true;
    }
    if (b.type == &nu__py_float_type && as_decimal(a, &x) && isfinite(b.f)) {
        *order = nu_decimal_cmp(x, nu__py_decimal_of_float(b.f));
        return true;
    }
    if (a.type == &nu__py_float_type && as_decimal(b, &y) && isfinite(a.f)) {
        *order = nu_decimal_cmp(nu__py_decimal_of_float(a.f), y);
        return true;
    }
    return false;
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    nu_decimal x, y;
    int order;

    if ((as_decimal(a, &x) && nu_decimal_is_nan(x)) ||
        (as_decimal(b, &y) && nu_decimal_is_nan(y))) {
        *out = false;
        return true;
    }
    if (!order_of(a, b, &order))
        return false;
    *out = order == 0;
    return true;
}

static bool compare(nu__py a, nu__py b, int *order)
{
    return order_of(a, b, order);
}

static bool hash(nu__py self, uint64_t *out)
{
    int64_t whole;

    if (nu__decimal_try_int(*self.decimal, &whole) &&
        !nu_decimal_cmp(*self.decimal, nu_decimal_from(whole, 0)))
        *out = (uint64_t)whole * 0x9E3779B97F4A7C15u;
    else
        *out = (uint64_t)nu__py_float(nu_decimal_to_float(*self.decimal)).i;
    return true;
}

static bool truth(nu__py self)
{
    return !nu_decimal_is_zero(*self.decimal);
}

/* ---- text ------------------------------------------------------------------------------------ */

static void text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu_decimal_str(*self.decimal));
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "Decimal('{}')", nu_decimal_str(*self.decimal));
}

static void json(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "{{\"$decimal\": \"{}\"}}", nu_decimal_str(*self.decimal));
}

static nu_str format(nu__py self, nu_str spec)
{
    return nu__py_format_value(nu_v_decimal(*self.decimal), spec);
}

/* ---- methods --------------------------------------------------------------------------------- */

static nu__py quantize(nu__py self, const nu__py *args)
{
    static const struct {
        const char *name;
        nu__rounding rounding;
    } roundings[] = {
        { "ROUND_HALF_EVEN", NU__ROUND_HALF_EVEN },
        { "ROUND_HALF_UP", NU__ROUND_HALF_UP },
        { "ROUND_HALF_DOWN", NU__ROUND_HALF_DOWN },
        { "ROUND_DOWN", NU__ROUND_DOWN },
        { "ROUND_UP", NU__ROUND_UP },
        { "ROUND_CEILING", NU__ROUND_CEILING },
        { "ROUND_FLOOR", NU__ROUND_FLOOR },
    };
    nu__decimal_context context = nu__decimal_default;
    nu_decimal exponent, out;
    bool known = !nu__py_given(args[1]) || args[1].type == &nu__py_none_type;

    if (!as_decimal(args[0], &exponent))
        nu_raise(NU_TYPE_ERROR, "conversion from {} to Decimal is not supported",
                 args[0].type->name);
    for (size_t i = 0; !known && i < sizeof(roundings) / sizeof(*roundings); i++)
        if (NU__PY_IS(args[1], str) && nu_eq(args[1].s, roundings[i].name)) {
            context.rounding = roundings[i].rounding;
            known = true;
        }
    if (!known)
        nu_raise(NU_TYPE_ERROR, "valid values for rounding are: [ROUND_CEILING, ROUND_FLOOR, "
                                "ROUND_UP, ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_DOWN, "
                                "ROUND_HALF_EVEN]");
    if (nu__decimal_quantize(*self.decimal, nu__decimal_unpack(exponent).exponent, &context,
                             &out) != NU__DECIMAL_OK)
        nu_raise(NU_INVALID_OPERATION, "[<class 'decimal.InvalidOperation'>]");
    return nu__py_decimal(out);
}

static nu__py normalize(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_decimal(nu__decimal_normalize(*self.decimal));
}

static nu__py to_integral_value(nu__py self, const nu__py *args)
{
    (void)args;
    if (nu__decimal_unpack(*self.decimal).exponent >= 0)
        return self;
    return nu__py_decimal(nu_decimal_quantize(*self.decimal, 0));
}

static nu__py is_nan(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_bool(nu_decimal_is_nan(*self.decimal));
}

static nu__py is_zero(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_bool(nu_decimal_is_zero(*self.decimal));
}

/* Newton's method, from the double's root. */
static nu__py square_root(nu__py self, const nu__py *args)
{
    nu_decimal x = *self.decimal, root, half = nu_decimal_from(5, -1);

    (void)args;
    if (nu_decimal_is_zero(x) || nu_decimal_is_nan(x))
        return self;
    if (nu_decimal_cmp(x, nu_decimal_from(0, 0)) < 0)
        nu_raise(NU_INVALID_OPERATION, "[<class 'decimal.InvalidOperation'>]");
    root = nu_decimal_from_float(sqrt(nu_decimal_to_float(x)));
    for (int i = 0; i < 4; i++)
        root = nu_decimal_mul(nu_decimal_add(root, nu_decimal_div(x, root)), half);
    if (!nu_decimal_cmp(nu_decimal_mul(root, root), x))
        root = nu__decimal_normalize(root);
    return nu__py_decimal(root);
}

static nu__py copy_abs(nu__py self, const nu__py *args)
{
    nu__decimal_parts parts = nu__decimal_unpack(*self.decimal);
    nu_decimal out;

    (void)args;
    parts.negative = false;
    if (nu_decimal_is_nan(*self.decimal) || nu__decimal_pack(parts, &out) != NU__DECIMAL_OK)
        return self;
    return nu__py_decimal(out);
}

static nu__py compare_to(nu__py self, const nu__py *args)
{
    nu_decimal other;

    if (!as_decimal(args[0], &other))
        nu_raise(NU_TYPE_ERROR, "conversion from {} to Decimal is not supported",
                 args[0].type->name);
    return nu__py_decimal(nu_decimal_from(nu_decimal_cmp(*self.decimal, other), 0));
}

static nu__py adjusted(nu__py self, const nu__py *args)
{
    nu__decimal_parts parts = nu__decimal_unpack(*self.decimal);

    (void)args;
    return nu__py_int(parts.exponent + nu__decimal_count_digits(parts.coefficient) - 1);
}

static nu__py as_tuple(nu__py self, const nu__py *args)
{
    nu__decimal_parts parts = nu__decimal_unpack(*self.decimal);
    nu__py digits = nu__py_list_new(&nu__py_tuple_type, 8), out;
    char text[48];
    size_t n = 0;

    (void)args;
    do
        text[n++] = (char)(parts.coefficient % 10);
    while (parts.coefficient /= 10);
    while (n)
        nu__py_append(digits, nu__py_int(text[--n]));
    out = nu__py_pair(nu__py_int(parts.negative), digits);
    nu__py_append(out, nu__py_int(parts.exponent));
    return out;
}

static nu__py make(nu__py self, const nu__py *args)
{
    nu__py value = nu__py_given(args[0]) ? args[0] : nu__py_int(0);
    nu_decimal out;

    (void)self;
    if (as_decimal(value, &out))
        return nu__py_decimal(out);
    if (value.type == &nu__py_float_type)
        return nu__py_decimal(nu__py_decimal_of_float(value.f));
    if (!NU__PY_IS(value, str))
        nu_raise(NU_TYPE_ERROR, "conversion from {} to Decimal is not supported", value.type->name);
    if (!nu_decimal_try_parse(nu__replace(value.s, S("_"), S("")), &out))
        nu_raise(NU_INVALID_OPERATION, "[<class 'decimal.ConversionSyntax'>]");
    return nu__py_decimal(out);
}

const nu__py_type nu__py_decimal_type = {
    .name = "Decimal",
    .module = "decimal",
    .methods = (const nu__py_method[]){ { "adjusted", NULL, adjusted },
                                        { "as_tuple", NULL, as_tuple },
                                        { "compare", "other", compare_to },
                                        { "copy_abs", NULL, copy_abs },
                                        { "is_nan", NULL, is_nan },
                                        { "is_zero", NULL, is_zero },
                                        { "normalize", NULL, normalize },
                                        { "quantize", "exp, rounding=", quantize },
                                        { "sqrt", NULL, square_root },
                                        { "to_integral_value", NULL, to_integral_value },
                                        { NULL, NULL, NULL } },
    .signature = "value=",
    .make = make,
    .binary = binary,
    .equal = equal,
    .compare = compare,
    .hash = hash,
    .truth = truth,
    .repr = repr,
    .text = text,
    .format = format,
    .json = json,
};

/* The exact value where 38 digits hold it, else rounded there: Python shows up to 55. */
nu_decimal nu__py_decimal_of_float(double number)
{
    char text[64];
    nu_decimal out;

    snprintf(text, sizeof text, "%.*g", NU__DECIMAL_DIGITS, number);
    if (!nu_decimal_try_parse(nu_copy_cstr(text), &out))
        nu_raise(NU_INVALID_OPERATION, "the shell's Decimal holds no {}", nu_s(text));
    return out;
}
