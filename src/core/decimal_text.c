#include "core/decimal.h"

#include "core/text.h"

#include <string.h>

/* ---- reading ------------------------------------------------------------------------------ */

typedef struct {
    const char *at, *end;
} cursor;

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

static cursor trimmed(nu_str text)
{
    cursor c = { text.ptr, nu__str_end(text) };

    while (c.at < c.end && is_space(*c.at))
        c.at++;
    while (c.end > c.at && is_space(c.end[-1]))
        c.end--;
    return c;
}

/* Underscores may stand anywhere: Python's Decimal drops them all. */
static void skip_underscores(cursor *c)
{
    while (c->at < c->end && *c->at == '_')
        c->at++;
}

static bool take(cursor *c, char wanted)
{
    skip_underscores(c);
    if (c->at == c->end || (*c->at | 0x20) != (wanted | 0x20))
        return false;
    c->at++;
    return true;
}

static bool take_digit(cursor *c, int *digit)
{
    skip_underscores(c);
    if (c->at == c->end || *c->at < '0' || *c->at > '9')
        return false;
    *digit = *c->at++ - '0';
    return true;
}

static bool take_word(cursor *c, const char *word)
{
    cursor start = *c;

    for (; *word; word++)
        if (!take(c, *word)) {
            *c = start;
            return false;
        }
    return true;
}

static bool take_sign(cursor *c)
{
    skip_underscores(c);
    if (c->at < c->end && (*c->at == '-' || *c->at == '+'))
        return *c->at++ == '-';
    return false;
}

/* The digits around the point; false when there is none. Zeros in front count for nothing. */
static bool take_coefficient(cursor *c, nu__decimal_parts *parts, int *significant)
{
    bool any = false, point = false;
    int digit;

    for (;;) {
        if (take_digit(c, &digit)) {
            any = true;
            *significant += *significant > 0 || digit > 0;
            if (*significant <= NU__DECIMAL_DIGITS)
                parts->coefficient = parts->coefficient * 10 + (unsigned)digit;
            if (point)
                __builtin_sub_overflow(parts->exponent, 1, &parts->exponent);
        } else if (!point && c->at < c->end && *c->at == '.') {
            point = true;
            c->at++;
        } else {
            return any;
        }
    }
}

static bool take_exponent(cursor *c, nu__decimal_parts *parts)
{
    bool negative = take_sign(c), any = false;
    int digit;
    int64_t exponent = 0;

    while (take_digit(c, &digit)) {
        any = true;
        if (exponent < 1000000000)
            exponent = exponent * 10 + digit;
    }
    exponent = parts->exponent + (negative ? -exponent : exponent);
    parts->exponent = exponent < INT32_MIN   ? INT32_MIN
                      : exponent > INT32_MAX ? INT32_MAX
                                             : (int32_t)exponent;
    return any;
}

/* The number that `parts` and the digits left out of them come nearest to, cut off, not rounded. */
static nu_decimal first_digits(nu__decimal_parts parts, int left_out)
{
    int64_t exponent = (int64_t)parts.exponent + left_out;
    nu_decimal result = { 0 };

    parts.exponent = exponent < INT16_MIN   ? INT16_MIN
                     : exponent > INT16_MAX ? INT16_MAX
                                            : (int32_t)exponent;
    nu__decimal_pack(parts, &result);
    return result;
}

nu__decimal_status nu__decimal_parse(nu_str text, nu_decimal *out)
{
    cursor c = trimmed(text);
    nu__decimal_parts parts = { 0 };
    int significant = 0;

    parts.negative = take_sign(&c);
    if (take_word(&c, "nan")) {
        skip_underscores(&c);
        *out = (nu_decimal){ .kind = NU__DECIMAL_NAN };
        return c.at == c.end ? NU__DECIMAL_OK : NU__DECIMAL_NO_NUMBER;
    }
    if (!take_coefficient(&c, &parts, &significant))
        return NU__DECIMAL_NO_NUMBER;
    if (take(&c, 'e') && !take_exponent(&c, &parts))
        return NU__DECIMAL_NO_NUMBER;
    skip_underscores(&c);
    if (c.at != c.end)
        return NU__DECIMAL_NO_NUMBER;
    if (significant <= NU__DECIMAL_DIGITS && nu__decimal_pack(parts, out) == NU__DECIMAL_OK)
        return NU__DECIMAL_OK;
    *out = first_digits(parts,
                        significant > NU__DECIMAL_DIGITS ? significant - NU__DECIMAL_DIGITS : 0);
    return significant > NU__DECIMAL_DIGITS ? NU__DECIMAL_TOO_MANY_DIGITS
                                            : NU__DECIMAL_OUT_OF_RANGE;
}

/* ---- writing ------------------------------------------------------------------------------ */

static int digits_text(char out[NU__DECIMAL_DIGITS + 1], unsigned __int128 coefficient)
{
    char reversed[NU__DECIMAL_DIGITS + 1];
    uint64_t low;
    int n = 0;

    for (; coefficient > UINT64_MAX && n < NU__DECIMAL_DIGITS; coefficient /= 10)
        reversed[n++] = (char)('0' + (int)(coefficient % 10));
    /* most numbers are short, and dividing those costs a tenth */
    low = (uint64_t)coefficient;
    do
        reversed[n++] = (char)('0' + (int)(low % 10));
    while ((low /= 10) && n < NU__DECIMAL_DIGITS);
    for (int i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    return n;
}

static char *put(char *at, const char *text, int len)
{
    memcpy(at, text, (size_t)len);
    return at + len;
}

/* "E+3" */
static char *put_exponent(char *at, int exponent)
{
    char digits[NU__DECIMAL_DIGITS + 1];

    *at++ = 'E';
    *at++ = exponent < 0 ? '-' : '+';
    return put(at, digits,
               digits_text(digits, (unsigned __int128)(exponent < 0 ? -exponent : exponent)));
}

/* `point` digits stand before the decimal point; at most 6 zeros come after it. */
static char *put_digits(char *at, const char *digits, int n, int point)
{
    if (point <= 0) {
        at = put(at, "0.000000", 2 - point);
        return put(at, digits, n);
    }
    at = put(at, digits, point);
    if (point < n) {
        *at++ = '.';
        at = put(at, digits + point, n - point);
    }
    return at;
}

static char *put_finite(char *at, nu__decimal_parts parts)
{
    char digits[NU__DECIMAL_DIGITS + 1];
    int n = digits_text(digits, parts.coefficient);
    int left = parts.exponent + n;

    if (parts.negative)
        *at++ = '-';
    if (parts.exponent <= 0 && left > -6)
        return put_digits(at, digits, n, left);
    return put_exponent(put_digits(at, digits, n, 1), left - 1);
}

size_t nu__decimal_text(char out[NU__DECIMAL_TEXT], nu_decimal number)
{
    char *at = out;

    if (number.kind == NU__DECIMAL_NAN)
        at = put(at, "NaN", 3);
    else if (nu__decimal_is_finite(number))
        at = put_finite(at, nu__decimal_unpack(number));
    *at = 0;
    return (size_t)(at - out);
}

bool nu__decimal_try_int(nu_decimal number, int64_t *out)
{
    nu__decimal_parts parts = nu__decimal_unpack(number);

    if (!nu__decimal_is_finite(number))
        return false;
    for (; parts.exponent < 0 && parts.coefficient; parts.exponent++)
        parts.coefficient /= 10;
    for (; parts.exponent > 0 && parts.coefficient && parts.coefficient <= UINT64_MAX;
         parts.exponent--)
        parts.coefficient *= 10;
    if (parts.coefficient > (unsigned __int128)INT64_MAX + parts.negative)
        return false;
    *out = (int64_t)(parts.negative ? -(uint64_t)parts.coefficient : (uint64_t)parts.coefficient);
    return true;
}
