#include "utils/numberformat.h"

#include "core/decimal.h"
#include "core/float.h"
#include "core/object.h"
#include "core/text.h"
#include "utils/dateformat.h"

#include <math.h>

enum { LONGEST = 200 };

bool nu__thousand_separator_used;

void nu__set_use_thousand_separator(bool use)
{
    nu__thousand_separator_used = use;
}

/* ---- groups ------------------------------------------------------------------------------- */

/* Where separators go, counted from the point. */
typedef struct {
    const uint8_t *sizes;
    size_t size, in_group;
} groups;

/* True when a separator comes before the next digit to the left. */
static bool group_is_full(groups *g)
{
    if (g->in_group++ < g->sizes[g->size])
        return false;
    if (g->size + 1 < 4 && g->sizes[g->size + 1])
        g->size++;
    g->in_group = 1;
    return true;
}

static void put_grouped(nu__buf *buf, nu_str digits, const nu__numberformat *format)
{
    nu_str separator = nu_s(format->thousand_separator);
    groups g = { .sizes = format->grouping };
    size_t len = nu__utf8_count(digits), at = 0;
    const char *end = nu__str_end(digits), *next = digits.ptr;
    bool *breaks = nu_alloc_array(bool, len + 1);

    for (size_t i = 0; i < len; i++)
        breaks[len - i] = group_is_full(&g);
    while (next < end) {
        const char *start = next;

        nu__utf8_next(&next, end);
        nu__buf_add(buf, start, (size_t)(next - start));
        if (breaks[++at])
            nu__buf_str_add(buf, separator);
    }
}

/* ---- text --------------------------------------------------------------------------------- */

/* [-]digits[.digits] */
static nu_str format_plain(nu_str text, const nu__numberformat *format)
{
    nu__buf buf = { 0 };
    bool negative = nu_starts_with(text, S("-"));
    ptrdiff_t point;
    nu_str whole, fraction = S("");

    if (negative) {
        nu__buf_char(&buf, '-');
        text = nu__sub(text, 1, text.len);
    }
    point = nu__find(text, S("."));
    whole = point < 0 ? text : nu__sub(text, 0, (size_t)point);
    if (point >= 0)
        fraction = nu__sub(text, (size_t)point + 1, text.len);
    if (format->places >= 0)
        fraction = nu__utf8_slice(fraction, 0, (size_t)format->places);
    if (format->group && format->grouping[0])
        put_grouped(&buf, whole, format);
    else
        nu__buf_str_add(&buf, whole);
    if (fraction.len || format->places > 0)
        nu__buf_str_add(&buf, nu_s(format->decimal_separator));
    nu__buf_str_add(&buf, fraction);
    if (format->places > (int)nu__utf8_count(fraction))
        nu__buf_fill(&buf, '0', (size_t)format->places - nu__utf8_count(fraction));
    return nu__buf_str(&buf);
}

/* "123.45" of coefficient and exponent: at most LONGEST digits. */
static nu_str fixed_text(nu__decimal_parts parts)
{
    nu__buf buf = { 0 };
    char text[NU__DECIMAL_TEXT];
    nu__decimal_parts whole = { .coefficient = parts.coefficient };
    nu_decimal digits;
    size_t len;

    nu__decimal_pack(whole, &digits);
    len = nu__decimal_text(text, digits);
    if (parts.negative)
        nu__buf_char(&buf, '-');
    if (parts.exponent >= 0) {
        nu__buf_add(&buf, text, len);
        if (parts.coefficient)
            nu__buf_fill(&buf, '0', (size_t)parts.exponent);
    } else if (len > (size_t)-parts.exponent) {
        nu__buf_add(&buf, text, len - (size_t)-parts.exponent);
        nu__buf_char(&buf, '.');
        nu__buf_add(&buf, text + len - (size_t)-parts.exponent, (size_t)-parts.exponent);
    } else {
        nu__buf_lit(&buf, "0.");
        nu__buf_fill(&buf, '0', (size_t)-parts.exponent - len);
        nu__buf_add(&buf, text, len);
    }
    return nu__buf_str(&buf);
}

/* "1.23e+300": only the coefficient is formatted. */
static nu_str format_scientific(nu__decimal_parts parts, const nu__numberformat *format)
{
    int digits = nu__decimal_count_digits(parts.coefficient);
    int exponent = parts.exponent + digits - 1;

    parts.exponent = 1 - digits;
    return nu_fmt("{}e{}{}", format_plain(fixed_text(parts), format), exponent < 0 ? "-" : "+",
                  exponent < 0 ? -exponent : exponent);
}

/* Too small to be seen in `places` digits. */
static bool is_below(nu__decimal_parts parts, int places)
{
    int digits = nu__decimal_count_digits(parts.coefficient);

    if (places == 0) /* Django compares with 0.1 then */
        places = 1;
    return parts.exponent + digits - 1 < -places;
}

static nu_str format_decimal(nu_decimal number, const nu__numberformat *format)
{
    nu__decimal_parts parts = nu__decimal_unpack(number);
    int32_t size = parts.exponent < 0 ? -parts.exponent : parts.exponent;

    if (!nu__decimal_is_finite(number))
        return S("NaN");
    if (format->places >= 0 && (!parts.coefficient || is_below(parts, format->places)))
        return format_plain(S("0"), format);
    if (size + nu__decimal_count_digits(parts.coefficient) > LONGEST)
        return format_scientific(parts, format);
    return format_plain(fixed_text(parts), format);
}

static nu_str format_float(double number, const nu__numberformat *format)
{
    char text[NU__FLOAT_TEXT];
    nu_str shown = { text, nu__float_text(text, number) };
    nu_decimal exact;

    if (isfinite(number) && memchr(text, 'e', shown.len) &&
        nu__decimal_parse(shown, &exact) == NU__DECIMAL_OK)
        return format_decimal(exact, format);
    return format_plain(shown, format);
}

nu_str nu__number_text(nu_value number, const nu__numberformat *format)
{
    nu_str text;

    if (number.kind == NU_KIND_DECIMAL)
        return format_decimal(*number.decimal, format);
    if (number.kind == NU_KIND_FLOAT)
        return format_float(number.f, format);
    text = nu_string(number);
    return text.len ? format_plain(text, format) : text;
}

/* ---- by locale ---------------------------------------------------------------------------- */

nu_str nu__number_format(nu_value number, int places, const nu__locale *locale, bool force_grouping)
{
    nu__numberformat format = { .decimal_separator = locale->decimal_separator,
                                .thousand_separator = locale->thousand_separator,
                                .places = places,
                                .group = force_grouping || nu__thousand_separator_used };

    memcpy(format.grouping, locale->grouping, sizeof format.grouping);
    return nu__number_text(number, &format);
}

nu_value nu__localize(nu_value value, const nu__locale *locale)
{
    switch (value.kind) {
    case NU_KIND_INT:
    case NU_KIND_UINT:
    case NU_KIND_FLOAT:
    case NU_KIND_DECIMAL:
        return V(nu__number_format(value, -1, locale, false));
    case NU_KIND_DATETIME:
        return V(nu__date_format(value, nu_timezone_current(), nu_s(locale->datetime_format)));
    case NU_KIND_DATE:
        return V(nu__date_format(value, nu_utc, nu_s(locale->date_format)));
    case NU_KIND_TIME:
        return V(nu__time_format(value, nu_utc, nu_s(locale->time_format)));
    default:
        return value;
    }
}
