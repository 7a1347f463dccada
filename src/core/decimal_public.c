#include "core/decimal.h"
#include "core/float.h"

#include <math.h>
#include <nuages/decimal.h>

/* How a status is raised; a row for each but OK. `text` is an operand where one is to blame. */
static NU_NORETURN void raise(nu__decimal_status status, const char *operation, nu_str text)
{
    switch (status) {
    case NU__DECIMAL_IS_NULL:
        nu_raise(NU_TYPE_ERROR, "{} of a null decimal: test it with nu_is_null() first", operation);
    case NU__DECIMAL_BY_ZERO:
        nu_raise(NU_ZERO_DIVISION_ERROR, "division of a decimal by zero");
    case NU__DECIMAL_NO_NUMBER:
        nu_raise(NU_INVALID_OPERATION, "\"{}\" is no decimal number", text);
    case NU__DECIMAL_COMPARED_NAN:
        nu_raise(NU_INVALID_OPERATION, "comparison involving NaN");
    case NU__DECIMAL_OUT_OF_RANGE:
        nu_raise(NU_INVALID_OPERATION,
                 "{} of decimals: the exponent is out of the range -32768 to 32767", operation);
    default:
        nu_raise(NU_INVALID_OPERATION,
                 "{}: the number has too many digits; a decimal holds {}, "
                 "and arithmetic gives {}",
                 operation, NU__DECIMAL_DIGITS, NU__DECIMAL_PRECISION);
    }
}

static nu_decimal operate(nu__decimal_operation *operation, const char *name, nu_decimal a,
                          nu_decimal b)
{
    nu_decimal result;
    nu__decimal_status status = operation(a, b, &nu__decimal_default, &result);

    if (status != NU__DECIMAL_OK)
        raise(status, name, S(""));
    return result;
}

nu_decimal nu_decimal_add(nu_decimal a, nu_decimal b)
{
    return operate(nu__decimal_add, "addition", a, b);
}

nu_decimal nu_decimal_sub(nu_decimal a, nu_decimal b)
{
    return operate(nu__decimal_sub, "subtraction", a, b);
}

nu_decimal nu_decimal_mul(nu_decimal a, nu_decimal b)
{
    return operate(nu__decimal_mul, "multiplication", a, b);
}

nu_decimal nu_decimal_div(nu_decimal a, nu_decimal b)
{
    return operate(nu__decimal_div, "division", a, b);
}

nu_decimal nu_decimal_neg(nu_decimal a)
{
    nu_decimal result;
    nu__decimal_status status = nu__decimal_plus(a, true, &nu__decimal_default, &result);

    if (status != NU__DECIMAL_OK)
        raise(status, "negation", S(""));
    return result;
}

nu_decimal nu_decimal_quantize(nu_decimal a, int places)
{
    nu_decimal result;
    nu__decimal_status status = nu__decimal_quantize(
        a, -(int64_t)places < INT16_MIN ? INT16_MIN - 1 : -places, &nu__decimal_default, &result);

    if (status != NU__DECIMAL_OK)
        raise(status, "quantize", S(""));
    return result;
}

int nu_decimal_cmp(nu_decimal a, nu_decimal b)
{
    int order;
    nu__decimal_status status = nu__decimal_compare(a, b, &order);

    if (status != NU__DECIMAL_OK)
        raise(status, "comparison", S(""));
    return order;
}

bool nu_decimal_is_zero(nu_decimal a)
{
    if (a.kind == NU__DECIMAL_NULL)
        raise(NU__DECIMAL_IS_NULL, "test", S(""));
    return nu__decimal_is_finite(a) && !nu__decimal_unpack(a).coefficient;
}

bool nu_decimal_is_nan(nu_decimal a)
{
    if (a.kind == NU__DECIMAL_NULL)
        raise(NU__DECIMAL_IS_NULL, "test", S(""));
    return a.kind == NU__DECIMAL_NAN;
}

static nu_decimal parse(nu_str text)
{
    nu_decimal result;
    nu__decimal_status status = nu__decimal_parse(text, &result);

    if (status != NU__DECIMAL_OK)
        raise(status, "reading", text);
    return result;
}

nu_decimal nu_decimal_parse(const char *text)
{
    return parse(nu_s(text));
}

bool nu_decimal_try_parse(nu_str text, nu_decimal *out)
{
    return nu__decimal_parse(text, out) == NU__DECIMAL_OK;
}

nu_decimal nu_decimal_from(int64_t coefficient, int exponent)
{
    nu__decimal_parts parts = { coefficient < 0 ? -(uint64_t)coefficient : (uint64_t)coefficient,
                                exponent, coefficient < 0 };
    nu_decimal result;
    nu__decimal_status status;

    /* Rows of a query are full of these: 64 bits are below 38 digits. */
    if (exponent == (int16_t)exponent)
        return (nu_decimal){ .hi = coefficient >> 63,
                             .lo = (uint64_t)coefficient,
                             .exponent = (int16_t)exponent,
                             .kind = NU__DECIMAL_FINITE };
    status = nu__decimal_pack(parts, &result);
    if (status != NU__DECIMAL_OK)
        raise(status, "making", S(""));
    return result;
}

nu_decimal nu_decimal_from_float(double number)
{
    char text[NU__FLOAT_TEXT];
    size_t len = nu__float_text(text, number);

    return parse((nu_str){ text, len });
}

double nu_decimal_to_float(nu_decimal a)
{
    char text[NU__DECIMAL_TEXT];
    size_t len = nu__decimal_text(text, a);

    if (a.kind == NU__DECIMAL_NULL)
        raise(NU__DECIMAL_IS_NULL, "conversion", S(""));
    return a.kind == NU__DECIMAL_NAN ? NAN : nu__float_parse(text, len);
}

int64_t nu_decimal_to_int(nu_decimal a)
{
    int64_t result;

    if (a.kind == NU__DECIMAL_NULL)
        raise(NU__DECIMAL_IS_NULL, "conversion", S(""));
    if (a.kind == NU__DECIMAL_NAN)
        nu_raise(NU_VALUE_ERROR, "cannot convert NaN to integer");
    if (!nu__decimal_try_int(a, &result))
        nu_raise(NU_OVERFLOW_ERROR, "{} does not fit in an integer of 64 bits", nu_decimal_str(a));
    return result;
}

nu_str nu_decimal_str(nu_decimal a)
{
    char text[NU__DECIMAL_TEXT];
    size_t len = nu__decimal_text(text, a);

    if (a.kind == NU__DECIMAL_NULL)
        raise(NU__DECIMAL_IS_NULL, "text", S(""));
    return nu_copy((nu_str){ text, len });
}
