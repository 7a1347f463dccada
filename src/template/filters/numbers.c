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

static bool write_floatformat(const nu__filter_call *call)
{
    int64_t places = call->has_arg ? call->arg.i : -1;

    return call->value.kind == NU_KIND_FLOAT && (!call->has_arg || call->arg.kind == NU_KIND_INT) &&
           nu__floatformat_to(call->context->out, call->value.f, places);
}

static nu_value filesizeformat(const nu__filter_call *call)
{
    nu__integer bytes;

    if (!nu__cast_int_or_overflow(call->value, &bytes))
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

static bool is_empty(nu_value value)
{
    return value.kind == NU_KIND_NULL ||
           ((value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE) && !value.s.len);
}

nu_value nu__date_filter(const nu__filter_call *call)
{
    return is_empty(call->value) ? V("") : formatted(call, nu__date_format, "DATE_FORMAT");
}

static nu_value time_filter(const nu__filter_call *call)
{
    return is_empty(call->value) ? V("") : formatted(call, nu__time_format, "TIME_FORMAT");
}

/* ---- since and until
 * --------------------------------------------------------------------------------- */

static int64_t default_offset(int64_t instant)
{
    return nu__timezone_offset(nu_timezone_default(), (nu_datetime){ instant }).seconds *
           NU__US_SECOND;
}

bool nu__wall_of(const nu__filter_call *call, nu_value value, nu__wall *out)
{
    const nu_timezone *zone = nu__zone_of(call->context);

    value = nu__with_zone(value, &zone);
    *out = (nu__wall){ value.i, .is_date = value.kind == NU_KIND_DATE };
    out->naive = out->is_date || !zone;
    if (out->is_date)
        out->us = value.i * NU__US_DAY;
    else if (value.kind == NU_KIND_DATETIME && out->naive)
        out->us += default_offset(value.i);
    return out->is_date || value.kind == NU_KIND_DATETIME;
}

int64_t nu__wall_now(bool naive)
{
    int64_t now = nu_now().us;

    return naive ? now + default_offset(now) : now;
}

static nu__wall wall_of(const nu__filter_call *call, nu_value value)
{
    nu__wall wall;

    if (!nu__wall_of(call, value, &wall))
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'year'",
                 nu__kind_name(value.kind));
    return wall;
}

static nu_value since(const nu__filter_call *call, bool reversed)
{
    nu__wall wall, other;

    if (!nu__value_truth(call->value))
        return V("");
    wall = wall_of(call, call->value);
    if (call->has_arg && nu__value_truth(call->arg))
        other = wall_of(call, call->arg);
    else
        other = (nu__wall){ nu__wall_now(wall.naive), .naive = wall.naive };
    if (wall.naive != other.naive)
        return V("");
    return V(reversed ? nu__timesince(other.us, wall.us, 2, NULL)
                      : nu__timesince(wall.us, other.us, 2, NULL));
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
    { "floatformat", floatformat, NU__ARG_OPTIONAL, NU__FILTER_SAFE | NU__FILTER_PURE, NULL,
      write_floatformat },
    { "time", time_filter, NU__ARG_OPTIONAL, NU__FILTER_LOCALTIME | NU__FILTER_PURE, NULL },
    { "timesince", timesince, NU__ARG_OPTIONAL, NU__FILTER_PURE, NULL },
    { "timeuntil", timeuntil, NU__ARG_OPTIONAL, NU__FILTER_PURE, NULL },
    { 0 },
};

const nu__library nu__number_filters = { "", NULL, filters };
