#include "core/decimal.h"

#include "core/wide.h"

const nu__decimal_context nu__decimal_default = { NU__DECIMAL_PRECISION, NU__ROUND_HALF_EVEN };

static const nu_decimal not_a_number = { .kind = NU__DECIMAL_NAN };

/* A result before it is rounded. */
typedef struct {
    nu__wide coefficient;
    int32_t exponent;
    bool negative;
} working;

nu__decimal_parts nu__decimal_unpack(nu_decimal number)
{
    __int128 value = (__int128)((nu__u128)(uint64_t)number.hi << 64 | number.lo);
    bool negative = value < 0 || number.kind == NU__DECIMAL_MINUS_ZERO;

    if (!nu__decimal_is_finite(number))
        return (nu__decimal_parts){ 0 };
    return (nu__decimal_parts){ value < 0 ? -(nu__u128)value : (nu__u128)value, number.exponent,
                                negative };
}

static nu__u128 power_of_ten(int power)
{
    nu__u128 result = 1;

    while (power-- > 0)
        result *= 10;
    return result;
}

nu__decimal_status nu__decimal_pack(nu__decimal_parts parts, nu_decimal *out)
{
    nu__u128 value = parts.negative ? -parts.coefficient : parts.coefficient;

    if (parts.coefficient >= power_of_ten(NU__DECIMAL_DIGITS))
        return NU__DECIMAL_TOO_MANY_DIGITS;
    if (parts.exponent < INT16_MIN || parts.exponent > INT16_MAX)
        return NU__DECIMAL_OUT_OF_RANGE;
    *out = (nu_decimal){
        .hi = (int64_t)(value >> 64),
        .lo = (uint64_t)value,
        .exponent = (int16_t)parts.exponent,
        .kind = parts.coefficient || !parts.negative ? NU__DECIMAL_FINITE : NU__DECIMAL_MINUS_ZERO,
    };
    return NU__DECIMAL_OK;
}

int nu__decimal_count_digits(nu__u128 coefficient)
{
    return nu__wide_count_digits(nu__wide_of(coefficient));
}

static working work_on(nu__decimal_parts parts)
{
    return (working){ nu__wide_of(parts.coefficient), parts.exponent, parts.negative };
}

/* ---- rounding ----------------------------------------------------------------------------- */

static bool rounds_up(nu__rounding rounding, bool negative, bool odd, int digit, bool below)
{
    switch (rounding) {
    case NU__ROUND_HALF_EVEN:
        return digit > 5 || (digit == 5 && (below || odd));
    case NU__ROUND_HALF_UP:
        return digit >= 5;
    case NU__ROUND_HALF_DOWN:
        return digit > 5 || (digit == 5 && below);
    case NU__ROUND_DOWN:
        return false;
    case NU__ROUND_UP:
        return digit || below;
    case NU__ROUND_CEILING:
        return !negative && (digit || below);
    case NU__ROUND_FLOOR:
        return negative && (digit || below);
    }
    return false;
}

/* Cut the last `n` digits off, n > 0, rounding. */
static void cut_digits(working *number, int32_t n, nu__rounding rounding)
{
    bool below = false;
    int digit = 0;

    for (int32_t i = 0; i < n; i++) {
        below |= digit != 0;
        digit = (int)nu__wide_div_small(&number->coefficient, 10);
        if (nu__wide_fits_128(number->coefficient) && !nu__wide_low(number->coefficient) &&
            i + 1 < n) { /* all that is left to cut are zeros in front */
            below |= digit != 0;
            digit = 0;
            break;
        }
    }
    number->exponent += n;
    if (rounds_up(rounding, number->negative, number->coefficient.limb[0] & 1, digit, below))
        number->coefficient = nu__wide_add(number->coefficient, nu__wide_of(1));
}

/* Round to the context's precision and pack. */
static nu__decimal_status finish(working number, const nu__decimal_context *context,
                                 nu_decimal *out)
{
    int excess = nu__wide_count_digits(number.coefficient) - context->precision;

    if (excess > 0)
        cut_digits(&number, excess, context->rounding);
    if (nu__wide_count_digits(number.coefficient) > context->precision) { /* 99.9 became 100 */
        nu__wide_div_small(&number.coefficient, 10);
        number.exponent++;
    }
    if (!nu__wide_low(number.coefficient)) /* a zero's exponent is clamped, never an error */
        number.exponent = number.exponent < INT16_MIN   ? INT16_MIN
                          : number.exponent > INT16_MAX ? INT16_MAX
                                                        : number.exponent;
    return nu__decimal_pack(
        (nu__decimal_parts){ nu__wide_low(number.coefficient), number.exponent, number.negative },
        out);
}

/* ---- addition ----------------------------------------------------------------------------- */

/* Null and NaN operands: true when they settle the result. */
static bool is_settled(nu_decimal a, nu_decimal b, nu__decimal_status *status, nu_decimal *out)
{
    if (nu__decimal_is_finite(a) && nu__decimal_is_finite(b))
        return false;
    *status = NU__DECIMAL_OK;
    *out = not_a_number;
    if (a.kind == NU__DECIMAL_NULL || b.kind == NU__DECIMAL_NULL)
        *status = NU__DECIMAL_IS_NULL;
    return true;
}

static int32_t smaller(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t larger(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static nu__decimal_status add_to_zero(nu__decimal_parts zero, nu__decimal_parts other,
                                      const nu__decimal_context *context, nu_decimal *out)
{
    working sum = work_on(other);
    int32_t exponent =
        smaller(larger(zero.exponent, other.exponent - context->precision - 1), other.exponent);

    nu__wide_scale(&sum.coefficient, sum.exponent - exponent);
    sum.exponent = exponent;
    return finish(sum, context, out);
}

/* Bring both to one exponent. A number so small that it only decides the rounding is replaced by
   the smallest one that decides it the same way. */
static void align(working *high, working *low, int precision)
{
    int digits = nu__wide_count_digits(high->coefficient);
    int32_t floor = high->exponent + smaller(-1, digits - precision - 2);

    if (nu__wide_count_digits(low->coefficient) + low->exponent - 1 < floor) {
        low->coefficient = nu__wide_of(1);
        low->exponent = floor;
    }
    nu__wide_scale(&high->coefficient, high->exponent - low->exponent);
    high->exponent = low->exponent;
}

static nu__decimal_status add_parts(nu__decimal_parts a, nu__decimal_parts b,
                                    const nu__decimal_context *context, nu_decimal *out)
{
    working high = work_on(a.exponent >= b.exponent ? a : b);
    working low = work_on(a.exponent >= b.exponent ? b : a);
    bool minus_zero = context->rounding == NU__ROUND_FLOOR && a.negative != b.negative;
    int order;

    if (!a.coefficient && !b.coefficient) {
        low.negative = (a.negative && b.negative) || minus_zero;
        return finish(low, context, out);
    }
    if (!a.coefficient || !b.coefficient)
        return a.coefficient ? add_to_zero(b, a, context, out) : add_to_zero(a, b, context, out);
    align(&high, &low, context->precision);
    order = nu__wide_cmp(high.coefficient, low.coefficient);
    if (high.negative == low.negative) {
        high.coefficient = nu__wide_add(high.coefficient, low.coefficient);
    } else if (order >= 0) {
        high.coefficient = nu__wide_sub(high.coefficient, low.coefficient);
        high.negative = order ? high.negative : minus_zero;
    } else {
        high.coefficient = nu__wide_sub(low.coefficient, high.coefficient);
        high.negative = low.negative;
    }
    return finish(high, context, out);
}

nu__decimal_status nu__decimal_add(nu_decimal a, nu_decimal b, const nu__decimal_context *context,
                                   nu_decimal *out)
{
    nu__decimal_status status;

    if (is_settled(a, b, &status, out))
        return status;
    return add_parts(nu__decimal_unpack(a), nu__decimal_unpack(b), context, out);
}

nu__decimal_status nu__decimal_sub(nu_decimal a, nu_decimal b, const nu__decimal_context *context,
                                   nu_decimal *out)
{
    nu__decimal_parts right = nu__decimal_unpack(b);
    nu__decimal_status status;

    if (is_settled(a, b, &status, out))
        return status;
    right.negative = !right.negative;
    return add_parts(nu__decimal_unpack(a), right, context, out);
}

nu__decimal_status nu__decimal_plus(nu_decimal a, bool negate, const nu__decimal_context *context,
                                    nu_decimal *out)
{
    nu__decimal_parts parts = nu__decimal_unpack(a);
    nu__decimal_status status;

    if (is_settled(a, a, &status, out))
        return status;
    parts.negative = parts.coefficient && parts.negative != negate;
    return finish(work_on(parts), context, out);
}

/* ---- multiplication and division ---------------------------------------------------------- */

nu__decimal_status nu__decimal_mul(nu_decimal a, nu_decimal b, const nu__decimal_context *context,
                                   nu_decimal *out)
{
    nu__decimal_parts left = nu__decimal_unpack(a), right = nu__decimal_unpack(b);
    nu__decimal_status status;

    if (is_settled(a, b, &status, out))
        return status;
    return finish((working){ nu__wide_mul(left.coefficient, right.coefficient),
                             left.exponent + right.exponent, left.negative != right.negative },
                  context, out);
}

/* Two digits more than the precision, the last one made odd-looking when a rest remains, so that
   rounding sees it; an exact quotient loses the zeros that the shift brought. */
static working divide(nu__decimal_parts a, nu__decimal_parts b, int precision)
{
    int shift = nu__decimal_count_digits(b.coefficient) - nu__decimal_count_digits(a.coefficient) +
                precision + 1;
    int32_t ideal = a.exponent - b.exponent;
    nu__wide dividend = nu__wide_of(a.coefficient), divisor = nu__wide_of(b.coefficient);
    nu__u128 rest, quotient;

    nu__wide_scale(shift >= 0 ? &dividend : &divisor, shift >= 0 ? shift : -shift);
    quotient = nu__wide_low(nu__wide_div(dividend, nu__wide_low(divisor), &rest));
    if (rest && quotient % 5 == 0)
        quotient++;
    ideal -= shift;
    for (; !rest && shift > 0 && quotient % 10 == 0; shift--) {
        quotient /= 10;
        ideal++;
    }
    return (working){ nu__wide_of(quotient), ideal, a.negative != b.negative };
}

nu__decimal_status nu__decimal_div(nu_decimal a, nu_decimal b, const nu__decimal_context *context,
                                   nu_decimal *out)
{
    nu__decimal_parts left = nu__decimal_unpack(a), right = nu__decimal_unpack(b);
    nu__decimal_status status;

    if (is_settled(a, b, &status, out))
        return status;
    if (!right.coefficient)
        return NU__DECIMAL_BY_ZERO;
    if (!left.coefficient)
        return finish(
            (working){ { { 0 } }, left.exponent - right.exponent, left.negative != right.negative },
            context, out);
    return finish(divide(left, right, context->precision), context, out);
}

/* ---- quantize, compare -------------------------------------------------------------------- */

nu__decimal_status nu__decimal_quantize(nu_decimal a, int exponent,
                                        const nu__decimal_context *context, nu_decimal *out)
{
    nu__decimal_parts parts = nu__decimal_unpack(a);
    working number = work_on(parts);
    nu__decimal_status status;
    int64_t digits = (int64_t)parts.exponent - exponent;

    if (is_settled(a, a, &status, out))
        return status;
    if (exponent < INT16_MIN || exponent > INT16_MAX)
        return NU__DECIMAL_OUT_OF_RANGE;
    if (!parts.coefficient)
        return nu__decimal_pack((nu__decimal_parts){ 0, exponent, parts.negative }, out);
    if (nu__wide_count_digits(number.coefficient) + digits > context->precision)
        return NU__DECIMAL_TOO_MANY_DIGITS;
    if (digits >= 0)
        nu__wide_scale(&number.coefficient, (int)digits);
    else
        cut_digits(&number, (int32_t)-digits, context->rounding);
    if (nu__wide_count_digits(number.coefficient) > context->precision)
        return NU__DECIMAL_TOO_MANY_DIGITS;
    return nu__decimal_pack(
        (nu__decimal_parts){ nu__wide_low(number.coefficient), exponent, parts.negative }, out);
}

static int compare_magnitudes(nu__decimal_parts a, nu__decimal_parts b)
{
    int32_t top_a = nu__decimal_count_digits(a.coefficient) + a.exponent;
    int32_t top_b = nu__decimal_count_digits(b.coefficient) + b.exponent;
    nu__wide left = nu__wide_of(a.coefficient), right = nu__wide_of(b.coefficient);

    if (!a.coefficient || !b.coefficient)
        return (a.coefficient != 0) - (b.coefficient != 0);
    if (top_a != top_b)
        return top_a < top_b ? -1 : 1;
    if (a.exponent > b.exponent) /* as many digits apart as the coefficients: at most 37 */
        nu__wide_scale(&left, a.exponent - b.exponent);
    else
        nu__wide_scale(&right, b.exponent - a.exponent);
    return nu__wide_cmp(left, right);
}

nu__decimal_status nu__decimal_compare(nu_decimal a, nu_decimal b, int *order)
{
    nu__decimal_parts left = nu__decimal_unpack(a), right = nu__decimal_unpack(b);

    if (a.kind == NU__DECIMAL_NULL || b.kind == NU__DECIMAL_NULL)
        return NU__DECIMAL_IS_NULL;
    if (a.kind == NU__DECIMAL_NAN || b.kind == NU__DECIMAL_NAN)
        return NU__DECIMAL_COMPARED_NAN;
    if (!left.coefficient && !right.coefficient)
        *order = 0;
    else if (left.coefficient && right.coefficient && left.negative == right.negative)
        *order = left.negative ? compare_magnitudes(right, left) : compare_magnitudes(left, right);
    else if (left.coefficient)
        *order = left.negative ? -1 : 1;
    else
        *order = right.negative ? 1 : -1;
    return NU__DECIMAL_OK;
}

nu_decimal nu__decimal_normalize(nu_decimal a)
{
    nu__decimal_parts parts = nu__decimal_unpack(a);

    if (!nu__decimal_is_finite(a))
        return a;
    if (!parts.coefficient)
        parts.exponent = 0;
    for (; parts.coefficient && parts.coefficient % 10 == 0 && parts.exponent < INT16_MAX;
         parts.exponent++)
        parts.coefficient /= 10;
    nu__decimal_pack(parts, &a);
    return a;
}
