#include "template/numbers.h"

#include "core/decimal.h"
#include "core/float.h"
#include "core/object.h"
#include "core/text.h"

#include <math.h>
#include <nuages/errors.h>

#define MAX_INTEGER ((nu__integer)(((unsigned __int128)1 << 127) - 1))

/* ---- int()
 * ---------------------------------------------------------------------------------------- */

/* Digits with single underscores between them. */
static bool read_digits(nu_str text, nu__integer *out)
{
    bool after_digit = false;

    *out = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '_' && after_digit) {
            after_digit = false;
            continue;
        }
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || *out > (MAX_INTEGER - 9) / 10)
            return false;
        *out = *out * 10 + (text.ptr[i] - '0');
        after_digit = true;
    }
    return after_digit;
}

/* Of a text in ASCII int() and float() strip only C's spaces, not the separators \x1c to \x1f. */
static nu_str stripped(nu_str text)
{
    return nu__is_ascii(text) ? nu__strip_chars(text, " \t\n\v\f\r") : nu_trim(text);
}

static bool int_of_text(nu_str text, nu__integer *out)
{
    bool negative;

    text = nu__ascii_digits(stripped(text));
    negative = text.len && text.ptr[0] == '-';
    if (text.len && (text.ptr[0] == '-' || text.ptr[0] == '+'))
        text = nu__sub(text, 1, text.len);
    if (!read_digits(text, out))
        return false;
    *out = negative ? -*out : *out;
    return true;
}

static bool int_of_float(double number, nu__integer *out)
{
    if (!isfinite(number) || fabs(number) >= 0x1p126)
        return false;
    *out = (nu__integer)number;
    return true;
}

static bool int_of_decimal(nu_decimal number, nu__integer *out)
{
    nu__decimal_parts parts = nu__decimal_unpack(number);
    nu__integer value = (nu__integer)parts.coefficient;

    if (!nu__decimal_is_finite(number))
        return false;
    for (int32_t i = parts.exponent; i < 0 && value; i++)
        value /= 10;
    for (int32_t i = 0; i < parts.exponent && value; i++)
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
    *out = parts.negative ? -value : value;
    return true;
}

bool nu__cast_int(nu_value value, nu__integer *out)
{
    switch (value.kind) {
    case NU_KIND_BOOL:
        *out = value.b;
        return true;
    case NU_KIND_INT:
        *out = value.i;
        return true;
    case NU_KIND_UINT:
        *out = value.u;
        return true;
    case NU_KIND_FLOAT:
        return int_of_float(value.f, out);
    case NU_KIND_DECIMAL:
        return int_of_decimal(*value.decimal, out);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return int_of_text(value.s, out);
    default:
        return false;
    }
}

bool nu__cast_int_or_overflow(nu_value value, nu__integer *out)
{
    if (value.kind == NU_KIND_FLOAT && isinf(value.f))
        *out = nu__cast_int_or_raise(value);
    return nu__cast_int(value, out);
}

bool nu__int_is_type_error(nu_value value)
{
    return value.kind == NU_KIND_NULL || value.kind > NU_KIND_SAFE;
}

nu__integer nu__cast_int_or_raise(nu_value value)
{
    nu__integer number;

    if (nu__cast_int(value, &number))
        return number;
    if (nu__int_is_type_error(value))
        nu_raise(NU_TYPE_ERROR,
                 "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                 nu__kind_name(value.kind));
    if (value.kind == NU_KIND_FLOAT && isinf(value.f))
        nu_raise(NU_OVERFLOW_ERROR, "cannot convert float infinity to integer");
    if (value.kind == NU_KIND_FLOAT && isnan(value.f))
        nu_raise(NU_VALUE_ERROR, "cannot convert float NaN to integer");
    if (value.kind == NU_KIND_FLOAT || value.kind == NU_KIND_DECIMAL)
        nu_raise(NU_OVERFLOW_ERROR, "{} is too large an integer", value);
    nu_raise(NU_VALUE_ERROR, "invalid literal for int() with base 10: {!r}", value);
}

bool nu__cast_int_within(nu_value value, int64_t low, int64_t high, int64_t *out)
{
    nu__integer number;

    if (!nu__cast_int(value, &number))
        return false;
    *out = number < low ? low : number > high ? high : (int64_t)number;
    return true;
}

nu_value nu__integer_value(nu__integer number)
{
    nu_decimal decimal;
    bool negative = number < 0;

    if (number >= INT64_MIN && number <= INT64_MAX)
        return nu_v_int((int64_t)number);
    if (number > 0 && number <= UINT64_MAX)
        return nu_v_uint((uint64_t)number);
    if (nu__decimal_pack(
            (nu__decimal_parts){ (unsigned __int128)(negative ? -number : number), 0, negative },
            &decimal) != NU__DECIMAL_OK)
        nu_raise(NU_OVERFLOW_ERROR, "An integer has more than {} digits.", NU__DECIMAL_DIGITS);
    return nu_v_decimal(decimal);
}

/* ---- float()
 * --------------------------------------------------------------------------------------- */

bool nu__cast_float(nu_value value, double *out)
{
    switch (value.kind) {
    case NU_KIND_BOOL:
    case NU_KIND_INT:
    case NU_KIND_UINT:
    case NU_KIND_FLOAT:
        *out = nu_float(value);
        return true;
    case NU_KIND_DECIMAL:
        *out = nu_float(value);
        return !isinf(*out);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return nu__float_try_parse(nu__ascii_digits(stripped(value.s)), out);
    default:
        return false;
    }
}
