/* Filters on numbers and dates: floatformat, filesizeformat, date, time, timesince, timeuntil. */
#include "template/numbers.h"
#include "core/object.h"
#include "core/text.h"
#include "core/time.h"
#include "template/filters/dates.h"
#include "template/filters/filters.h"
#include "template/formats.h"
#include "utils/dateformat.h"
#include "utils/numberformat.h"
#include "utils/timesince.h"

static nu_value floatformat(const nu__filter_call *call)
{
    return nu__floatformat(call->value, call->has_arg ? call->arg : nu_v_int(-1));
}

static nu_value filesizeformat(const nu__filter_call *call)
{
    int64_t bytes;

    if (!nu__cast_int_within(call->value, INT64_MIN, INT64_MAX, &bytes))
        bytes = 0;
    return V(nu__filesizeformat(bytes, nu__locale_current()));
}

/* ---- dates
 * ----------------------------------------------------------------------------------------- */

static nu_str format_or(const nu__filter_call *call, const char *otherwise)
{
    const nu__locale *locale = nu__locale_current();
    nu_str format =
        call->has_arg && nu__value_truth(call->arg) ? nu_string(call->arg) : nu_s(otherwise);
    const char *named = nu__get_format(locale, format);

    return named ? nu_s(named) : format;
}

typedef nu_str formatter(nu_value value, const nu_timezone *zone, nu_str format);

/* Empty where the value has not what the format asks for; a wrong type of value is an error only
   for |date, as in Django. */
static nu_value formatted(const nu__filter_call *call, formatter *format, const char *otherwise)
{
    const nu_timezone *zone = nu__zone_of(call->context);
    nu_value value = nu__with_zone(call->value, &zone);
    nu_str text = { 0 };
    const nu_error *error;

    error = nu_catch(NU_EXCEPTION, text = format(value, zone, format_or(call, otherwise)));
    if (!error)
        return V(text);
    if (error->klass != NU_ATTRIBUTE_ERROR &&
        (format == nu__date_format || error->klass != NU_TYPE_ERROR))
        nu_reraise(error);
    return V("");
}

static bool has_kind(nu_value value, uint32_t kinds)
{
    nu_datetime instant;

    return kinds >> value.kind & 1 || nu__is_datetime(value, &instant);
}

nu_value nu__date_filter(const nu__filter_call *call)
{
    if (!has_kind(call->value, 1u << NU_KIND_DATE | 1u << NU_KIND_TIME))
        return V("");
    return formatted(call, nu__date_format, "DATE_FORMAT");
}

static nu_value time_filter(const nu__filter_call *call)
{
    if (!has_kind(call->value, 1u << NU_KIND_TIME))
        return V("");
    return formatted(call, nu__time_format, "TIME_FORMAT");
}

/* ---- since and until
 * --------------------------------------------------------------------------------- */

bool nu__wall_of(nu_value value, bool *is_date, int64_t *wall)
{
    nu_datetime instant;

    *is_date = value.kind == NU_KIND_DATE;
    if (*is_date)
        *wall = value.i * NU__US_DAY;
    else if (nu__is_datetime(value, &instant))
        *wall = instant.us;
    return *is_date || nu__is_datetime(value, &instant);
}

/* Now on the clocks that the other value is read from: days in the default time zone, instants in
   UTC. */
int64_t nu__wall_now(bool of_date)
{
    nu_datetime now = nu_now();

    if (!of_date)
        return now.us;
    return now.us + nu__timezone_offset(nu_timezone_default(), now).seconds * NU__US_SECOND;
}

/* A date-time that belongs to no zone. */
static bool is_naive(const nu__filter_call *call, nu_value value)
{
    const nu_timezone *zone = nu__zone_of(call->context);

    nu__with_zone(value, &zone);
    return !zone;
}

static void wall_of(nu_value value, bool *is_date, int64_t *wall)
{
    if (!nu__wall_of(value, is_date, wall))
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'year'",
                 nu__kind_name(value.kind));
}

static nu_value since(const nu__filter_call *call, bool reversed)
{
    bool is_date, other_is_date;
    int64_t wall, other;
    if (!nu__value_truth(call->value))
        return V("");
    wall_of(call->value, &is_date, &wall);
    other = nu__wall_now(is_date);
    if (call->has_arg && nu__value_truth(call->arg)) {
        wall_of(call->arg, &other_is_date, &other);
        if (is_date != other_is_date || is_naive(call, call->value) != is_naive(call, call->arg))
            return V("");
    }
    return V(reversed ? nu__timesince(other, wall, 2, NULL) : nu__timesince(wall, other, 2, NULL));
}

static nu_value timesince(const nu__filter_call *call)
{
    return since(call, false);
}

static nu_value timeuntil(const nu__filter_call *call)
{
    return since(call, true);
}

static const nu__filter filters[] = {
    { "date", nu__date_filter, NU__ARG_OPTIONAL, NU__FILTER_LOCALTIME | NU__FILTER_PURE, NULL },
    { "filesizeformat", filesizeformat, NU__ARG_NONE, NU__FILTER_SAFE | NU__FILTER_PURE, NULL },
    { "floatformat", floatformat, NU__ARG_OPTIONAL, NU__FILTER_SAFE | NU__FILTER_PURE, NULL },
    { "time", time_filter, NU__ARG_OPTIONAL, NU__FILTER_LOCALTIME | NU__FILTER_PURE, NULL },
    { "timesince", timesince, NU__ARG_OPTIONAL, NU__FILTER_PURE, NULL },
    { "timeuntil", timeuntil, NU__ARG_OPTIONAL, NU__FILTER_PURE, NULL },
    { 0 },
};

const nu__library nu__number_filters = { "", NULL, filters };
