/* {% load humanize %}: numbers and times as people say them. */
#include "template/filters/humanize.h"
#include "core/object.h"
#include "core/text.h"
#include "core/time.h"
#include "template/filters/dates.h"
#include "template/filters/filters.h"
#include "template/formats.h"
#include "template/numbers.h"
#include "template/tags/libraries.h"
#include "utils/numberformat.h"
#include "utils/timesince.h"
#include "utils/translation.h"

/* "%(value)s million" with the value in its place. */
static nu_str filled(nu_str text, nu_str place, nu_str value)
{
    return nu__replace(text, place, value);
}

/* ---- ordinal
 * ------------------------------------------------------------------------------------------ */

static const char *const ordinal_contexts[] = {
    "ordinal 0", "ordinal 1", "ordinal 2", "ordinal 3", "ordinal 4",
    "ordinal 5", "ordinal 6", "ordinal 7", "ordinal 8", "ordinal 9",
};

static nu_value ordinal(const nu__filter_call *call)
{
    nu__integer number;
    nu_str context, text;
    int last;

    if (!nu__cast_int_or_overflow(call->value, &number))
        return call->value;
    if (number < 0)
        return V(nu_string(nu__integer_value(number)));
    last = (int)(number % 10);
    context = nu_s(ordinal_contexts[last]);
    text = last == 1 ? S("{}st") : last == 2 ? S("{}nd") : last == 3 ? S("{}rd") : S("{}th");
    if (number % 100 >= 11 && number % 100 <= 13) {
        context = S("ordinal 11, 12, 13");
        text = S("{}th");
    }
    return nu_safe(
        filled(nu__pgettext(context, text), S("{}"), nu_string(nu__integer_value(number))));
}

/* ---- intcomma
 * ----------------------------------------------------------------------------------------- */

/* Commas into the digits that the text begins with, of whatever script. */
static nu_str with_commas(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text), *start, *after = at;
    size_t digits = 0;
    nu__buf out = { 0 };

    if (nu_starts_with(text, S("-"))) {
        nu__buf_char(&out, '-');
        at++;
    }
    for (const char *next = at; next < end && nu__is_digit(nu__utf8_next(&next, end)); digits++)
        after = next;
    for (size_t left = digits; left; left--) {
        if (left < digits && left % 3 == 0)
            nu__buf_char(&out, ',');
        start = at;
        nu__utf8_next(&at, end);
        nu__buf_add(&out, start, (size_t)(at - start));
    }
    after = digits ? after : at;
    nu__buf_add(&out, after, (size_t)(end - after));
    return nu__buf_str(&out);
}

nu_value nu__intcomma(nu_value value, bool use_l10n)
{
    const nu__locale *locale = nu__locale_current();
    bool whole = value.kind != NU_KIND_FLOAT && value.kind != NU_KIND_DECIMAL;
    nu__integer number;
    nu_str text;

    if (!use_l10n)
        return V(with_commas(nu_string(value)));
    if (whole) {
        if (!nu__cast_int(value, &number))
            return V(with_commas(nu_string(value)));
        value = nu__integer_value(number);
    }
    text = nu__number_format(value, -1, locale, true);
    return whole && !locale->grouping[0] ? nu_safe(text)
                                         : V(text); /* as number_format() marks it */
}

static nu_value intcomma(const nu__filter_call *call)
{
    bool use_l10n = !call->has_arg || nu__value_truth(call->arg);
    nu_value grouped = nu__intcomma(call->value, use_l10n);
    bool unchanged = call->value.kind == NU_KIND_SAFE && nu_eq(grouped.s, call->value.s);

    return unchanged ? call->value : grouped;
}

/* ---- intword
 * ------------------------------------------------------------------------------------------ */

static const struct {
    int exponent;
    nu_str text;
} large_numbers[] = {
    { 6, S("%(value)s million") },      { 9, S("%(value)s billion") },
    { 12, S("%(value)s trillion") },    { 15, S("%(value)s quadrillion") },
    { 18, S("%(value)s quintillion") }, { 21, S("%(value)s sextillion") },
    { 24, S("%(value)s septillion") },  { 27, S("%(value)s octillion") },
    { 30, S("%(value)s nonillion") },   { 33, S("%(value)s decillion") },
    { 100, S("%(value)s googol") },
};

/* The plural form's number: away from one, so that 1.1 million are several. */
static int64_t away_from_one(double number)
{
    return (int64_t)(number < 1 ? __builtin_floor(number) : __builtin_ceil(number));
}

/* An integer of any size: exactly where it has up to 126 bits. */
typedef struct large {
    double number;
    nu__integer exact; /* 0: it has more bits */
    nu_value text;     /* what it was read from, where that is all that holds it */
} large;

/* int(value), of as many digits as there are. */
static bool integer_of(nu_value value, large *out)
{
    bool text = value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;

    *out = (large){ .text = value };
    if (nu__cast_int_or_overflow(value, &out->exact)) {
        out->number = (double)out->exact;
        return true;
    }
    out->exact = 0;
    for (size_t i = text && value.s.len && value.s.ptr[0] == '-'; text && i < value.s.len; i++)
        if (value.s.ptr[i] < '0' || value.s.ptr[i] > '9')
            return false;
    return (text || value.kind == NU_KIND_FLOAT) && nu__cast_float(value, &out->number) &&
           __builtin_isfinite(out->number);
}

/* Below a thousand of 10^exponent. */
static bool is_below_thousand(const large *n, int exponent)
{
    nu__integer size = n->exact < 0 ? -n->exact : n->exact, limit = 1;

    if (!n->exact || exponent > 33)
        return __builtin_fabs(n->number) < __builtin_pow(10, exponent) * 1000;
    for (int i = 0; i < exponent + 3; i++)
        limit *= 10;
    return size < limit;
}

/* By 10^exponent. Above 10^22 that is no double: a whole multiple must not come out as a bit more.
 */
static double in_units_of(const large *n, int exponent)
{
    nu__integer unit = 1;

    if (!n->exact || exponent <= 22 || exponent > 33)
        return n->number / __builtin_pow(10, exponent);
    for (int i = 0; i < exponent; i++)
        unit *= 10;
    return (double)(n->exact / unit) + (double)(n->exact % unit) / (double)unit;
}

static nu_value whole_of(const large *n)
{
    return n->number == 0 || n->exact ? nu__integer_value(n->exact) : n->text;
}

static nu_value intword(const nu__filter_call *call)
{
    large n;
    double scaled;
    nu_value digits;

    if (!integer_of(call->value, &n))
        return call->value;
    if (n.number > -1e6 && n.number < 1e6)
        return whole_of(&n);
    for (size_t i = 0; i < sizeof(large_numbers) / sizeof(*large_numbers); i++) {
        if (!is_below_thousand(&n, large_numbers[i].exponent))
            continue;
        scaled = in_units_of(&n, large_numbers[i].exponent);
        digits = nu__floatformat(V(scaled), V(1));
        return V(filled(nu__ngettext(large_numbers[i].text, large_numbers[i].text,
                                     away_from_one(__builtin_fabs(scaled))),
                        S("%(value)s"), digits.s));
    }
    return whole_of(&n);
}

/* ---- apnumber
 * ----------------------------------------------------------------------------------------- */

static nu_value apnumber(const nu__filter_call *call)
{
    static const char *const words[] = { "one", "two",   "three", "four", "five",
                                         "six", "seven", "eight", "nine" };
    nu__integer number;

    if (!nu__cast_int_or_overflow(call->value, &number))
        return call->value;
    if (number < 1 || number > 9)
        return nu__integer_value(number);
    return V(nu__gettext(nu_s(words[number - 1])));
}

/* ---- naturalday
 * ------------------------------------------------------------------------------------------ */

static bool day_of(const nu__filter_call *call, nu_date *day, nu_date *today)
{
    const nu_timezone *zone = nu__zone_of(call->context);
    nu_value value = nu__with_zone(call->value, &zone);

    if (value.kind == NU_KIND_DATE) {
        *day = (nu_date){ (int32_t)value.i };
        *today = nu_datetime_date(nu_now(), nu_timezone_default());
        return true;
    }
    if (value.kind != NU_KIND_DATETIME)
        return false;
    zone = zone ? zone : nu_timezone_default();
    *day = nu_datetime_date((nu_datetime){ value.i }, zone);
    *today = nu_datetime_date(nu_now(), zone);
    return true;
}

static nu_value naturalday(const nu__filter_call *call)
{
    nu__filter_call date = *call;
    nu_date day, today;

    if (!day_of(call, &day, &today))
        return call->value;
    switch (day.ordinal - today.ordinal) {
    case 0:
        return V(nu__gettext(S("today")));
    case 1:
        return V(nu__gettext(S("tomorrow")));
    case -1:
        return V(nu__gettext(S("yesterday")));
    default:
        date.value = V(day);
        return nu__date_filter(&date);
    }
}

/* ---- naturaltime
 * ------------------------------------------------------------------------------------------ */

typedef struct unit {
    int64_t seconds;
    nu_str past, pasts, future, futures;
} unit;

static const unit units[] = {
    { 3600, S("an hour ago"), S("%(count)s\u00a0hours ago"), S("an hour from now"),
      S("%(count)s\u00a0hours from now") },
    { 60, S("a minute ago"), S("%(count)s\u00a0minutes ago"), S("a minute from now"),
      S("%(count)s\u00a0minutes from now") },
    { 1, S("a second ago"), S("%(count)s\u00a0seconds ago"), S("a second from now"),
      S("%(count)s\u00a0seconds from now") },
};

static nu_value within_a_day(int64_t seconds, bool past)
{
    const unit *unit = units;
    nu_str text;
    int64_t count;

    if (!seconds)
        return V(nu__gettext(S("now")));
    while (seconds < unit->seconds)
        unit++;
    count = seconds / unit->seconds;
    text = past ? nu__ngettext(unit->past, unit->pasts, count)
                : nu__ngettext(unit->future, unit->futures, count);
    return V(filled(text, S("%(count)s"), nu_string(V(count))));
}

static nu_value naturaltime(const nu__filter_call *call)
{
    int64_t now, delta;
    nu__wall wall;
    bool past;
    nu_str text;

    if (!nu__wall_of(call, call->value, &wall))
        return call->value;
    if (wall.is_date)
        nu_raise(NU_TYPE_ERROR, "can't compare datetime.datetime to datetime.date");
    now = nu__wall_now(wall.naive);
    past = wall.us < now;
    delta = past ? now - wall.us : wall.us - now;
    if (delta < NU__US_DAY)
        return within_a_day(delta / NU__US_SECOND, past);
    text = past ? nu__timesince(wall.us, now, 2, "naturaltime-past")
                : nu__timesince(now, wall.us, 2, "naturaltime-future");
    return V(filled(nu__gettext(past ? S("%(delta)s ago") : S("%(delta)s from now")),
                    S("%(delta)s"), text));
}

static const nu__filter filters[] = {
    { "apnumber", apnumber, NU__ARG_NONE, NU__FILTER_SAFE | NU__FILTER_PURE, NULL },
    { "intcomma", intcomma, NU__ARG_OPTIONAL, NU__FILTER_SAFE | NU__FILTER_PURE, NULL },
    { "intword", intword, NU__ARG_NONE, NU__FILTER_PURE, NULL },
    { "naturalday", naturalday, NU__ARG_OPTIONAL, NU__FILTER_LOCALTIME | NU__FILTER_PURE, NULL },
    { "naturaltime", naturaltime, NU__ARG_NONE, NU__FILTER_PURE, NULL },
    { "ordinal", ordinal, NU__ARG_NONE, NU__FILTER_SAFE | NU__FILTER_PURE, NULL },
    { 0 },
};

const nu__library nu__humanize_library = { "humanize", NULL, filters };
