/* Numbers as the language writes them. */
#include "forms/convert.h"

#include "core/float.h"
#include "core/text.h"
#include "utils/formats.h"
#include "utils/numberformat.h"

#include <nuages/decimal.h>
#include <string.h>

/* "12.00 " is 12: the fraction of zeros that number inputs of browsers send. */
static nu_str without_zero_fraction(nu_str text)
{
    size_t end = text.len;

    while (end && text.ptr[end - 1] == '0')
        end--;
    return end && text.ptr[end - 1] == '.' ? (nu_str){ text.ptr, end - 1 } : text;
}

/* int(text): a sign, digits with single underscores between; past 64 bits it stays a decimal. */
static bool whole_number(nu_str text, nu_value *out)
{
    nu__buf digits = { 0 };
    nu_decimal number;
    int64_t small;
    bool digit = false;

    for (size_t i = 0; i < text.len; i++) {
        bool is_digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';
        bool sign = !i && (text.ptr[i] == '-' || text.ptr[i] == '+');

        if (!is_digit && !sign && !(text.ptr[i] == '_' && digit))
            return false;
        digit = is_digit;
        if (is_digit || sign)
            nu__buf_char(&digits, text.ptr[i]);
    }
    if (!digit || !nu_decimal_try_parse(nu__buf_str(&digits), &number))
        return false;
    *out = nu__decimal_try_int(number, &small) ? nu_v_int(small) : nu_v_decimal(number);
    return true;
}

/* Django's sanitize_separators(): a number as the language writes it, with a point and no groups.
 */
static bool is_plain_fraction(nu_str text, nu_str group)
{
    const char *dot = text.len ? memchr(text.ptr, '.', text.len) : NULL;

    return nu_eq(group, ".") && dot &&
           !memchr(dot + 1, '.', (size_t)(nu__str_end(text) - dot) - 1) &&
           nu__str_end(text) - dot - 1 != 3;
}

static nu_str unlocalized(const nu__form_field *field, nu_str text)
{
    const nu__locale *locale = nu__locale_current();
    nu_str point = nu_s(locale->decimal_separator), group = nu_s(locale->thousand_separator);
    nu_str fraction = { NULL, 0 };
    const char *at;

    if (!field->localize)
        return text;
    at = point.len && text.len ? memmem(text.ptr, text.len, point.ptr, point.len) : NULL;
    if (at) {
        fraction = (nu_str){ at + point.len, (size_t)(nu__str_end(text) - at) - point.len };
        text.len = (size_t)(at - text.ptr);
    }
    if (nu__use_thousand_separator() && group.len && !is_plain_fraction(text, group)) {
        text = nu__replace(text, group, S(""));
        if (nu_eq(group, "\u00a0") || nu_eq(group, "\u202f"))
            text = nu__replace(text, S(" "), S(""));
    }
    return fraction.ptr ? nu_fmt("{}.{}", text, fraction) : text;
}

bool nu__form_integer(const nu__form_field *field, nu_value in, nu_value *out)
{
    if (in.kind == NU_KIND_INT) {
        *out = in;
        return true;
    }
    return whole_number(nu_trim(without_zero_fraction(
                            nu_trim(nu__ascii_digits(unlocalized(field, nu_string(in)))))),
                        out);
}

bool nu__form_float(const nu__form_field *field, nu_value in, nu_value *out)
{
    double number;

    if (in.kind == NU_KIND_INT || in.kind == NU_KIND_FLOAT || in.kind == NU_KIND_BOOL) {
        *out = nu_v_float(in.kind == NU_KIND_BOOL ? in.b : nu_float(in));
        return true;
    }
    if (!nu__float_try_parse(nu_trim(nu__ascii_digits(unlocalized(field, nu_string(in)))), &number))
        return false;
    *out = nu_v_float(number);
    return true;
}

nu__decimal_status nu__form_decimal(const nu__form_field *field, nu_value in, nu_decimal *out)
{
    nu_str text = nu_trim(nu__ascii_digits(unlocalized(field, nu_string(in))));
    nu__decimal_status status = nu__decimal_parse(text, out);

    return status == NU__DECIMAL_OK && !nu__decimal_is_finite(*out) ? NU__DECIMAL_NO_NUMBER
                                                                    : status;
}
