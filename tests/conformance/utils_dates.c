#include "conformance.h"
#include "core/time.h"
#include "utils/dateformat.h"
#include "utils/dateparse.h"
#include "utils/timesince.h"
#include "utils_ops.h"

/* ---- formats ------------------------------------------------------------------------------ */

/* Recorded datetimes may have no zone; they are shown in the default one. */
static nu__dateformat formatted_value(nu_value raw)
{
    nu_value value = conf_untag(raw);
    const nu_timezone *zone = conf_zone(raw);
    nu__dateformat shown;
    nu_value name;

    if (value.kind == NU_KIND_DATE)
        return nu__dateformat_of_date((nu_date){ (int32_t)value.i });
    if (value.kind == NU_KIND_TIME)
        return nu__dateformat_of_time((nu_time){ value.i + 1 });
    shown =
        nu__dateformat_of_datetime((nu_datetime){ value.i }, zone ? zone : nu_timezone_default());
    shown.naive = !zone;
    name = nu_item(raw.dict, "tzname");
    if (zone && name.kind == NU_KIND_STR) /* a zone of Python's, named in its own way */
        shown.moment.zone = nu_copy(name.s).ptr;
    return shown;
}

static nu_value format(nu__dateformat value, nu_str format)
{
    nu__buf buf = { 0 };

    if (nu__dateformat_to(&buf, &value, format))
        nu_raise(NU_TYPE_ERROR, "no such part");
    return V(nu__buf_str(&buf));
}

static nu_value date_format(const conf_case *c)
{
    return format(formatted_value(conf_raw(c, 0)), conf_text(c, 1));
}

static nu_value time_format(const conf_case *c)
{
    nu__dateformat value = formatted_value(conf_raw(c, 0));

    value.clock_only = true;
    return format(value, conf_text(c, 1));
}

/* ---- intervals ---------------------------------------------------------------------------- */

static int64_t wall_of(nu_value raw, const nu_timezone *zone)
{
    nu_value value = conf_untag(raw);

    if (value.kind == NU_KIND_DATE)
        return value.i * NU__US_DAY;
    return value.i + nu__timezone_offset(zone, (nu_datetime){ value.i }).seconds * NU__US_SECOND;
}

/* Both by the clocks of the first one's zone. */
static nu_value interval(const conf_case *c, bool reversed)
{
    nu_value depth = conf_kwarg(c, "depth");
    const nu_timezone *zone = conf_zone(conf_raw(c, 0));
    int64_t then, now;

    if (!zone)
        zone = nu_timezone_default();
    then = wall_of(conf_raw(c, 0), zone);
    now = conf_raw(c, 1).kind == NU_KIND_NULL ? wall_of(V(nu_now()), zone)
                                              : wall_of(conf_raw(c, 1), zone);
    return V(nu__timesince(reversed ? now : then, reversed ? then : now,
                           depth.kind == NU_KIND_INT ? (int)depth.i : 2, NULL));
}

static nu_value timesince(const conf_case *c)
{
    return interval(c, false);
}

static nu_value timeuntil(const conf_case *c)
{
    return interval(c, true);
}

/* ---- reading ------------------------------------------------------------------------------ */

static nu_value parsed(nu__parsed status, nu_value value)
{
    if (status == NU__PARSE_INVALID)
        nu_raise(NU_VALUE_ERROR, "well formed but invalid");
    return status == NU__PARSED ? value : nu_null();
}

static nu_value parse_date(const conf_case *c)
{
    nu_date date = { 0 };
    nu__parsed status = nu__parse_date(conf_text(c, 0), &date);

    return parsed(status, V(date));
}

static nu_value parse_time(const conf_case *c)
{
    nu_time time = { 0 };
    nu__parsed status = nu__parse_time(conf_text(c, 0), &time);

    return parsed(status, V(time));
}

static nu_value parse_datetime(const conf_case *c)
{
    nu_datetime instant = { 0 };
    nu__parsed status = nu__parse_datetime(conf_text(c, 0), &instant);

    return parsed(status, V(instant));
}

static nu_value parse_duration(const conf_case *c)
{
    nu_timedelta delta = { 0 };
    nu__parsed status = nu__parse_duration(conf_text(c, 0), &delta);

    return parsed(status, V(delta));
}

/* ---- durations ---------------------------------------------------------------------------- */

static nu_timedelta duration(const conf_case *c)
{
    return (nu_timedelta){ conf_arg(c, 0).i, true };
}

static nu_value duration_string(const conf_case *c)
{
    char text[NU__TIME_TEXT];

    nu__duration_string(text, duration(c));
    return V(nu_copy_cstr(text));
}

static nu_value duration_iso_string(const conf_case *c)
{
    char text[NU__TIME_TEXT];

    nu__timedelta_iso(text, duration(c));
    return V(nu_copy_cstr(text));
}

static nu_value duration_microseconds(const conf_case *c)
{
    return V(duration(c).us);
}

/* ---- zones -------------------------------------------------------------------------------- */

static nu_value make_aware(const conf_case *c)
{
    nu_value naive = conf_arg(c, 0);

    return V(nu_make_aware((nu_date){ (int32_t)(naive.i / NU__US_DAY) },
                           (nu_time){ naive.i % NU__US_DAY + 1 },
                           nu_timezone_get(nu_copy(conf_text(c, 1)).ptr)));
}

/* The same instant; what a zone's clocks show of it is seen through its text. */
static nu_value localtime_(const conf_case *c)
{
    const nu_timezone *zone = nu_timezone_get(nu_copy(conf_text(c, 1)).ptr);
    nu__moment moment = nu__moment_at((nu_datetime){ conf_arg(c, 0).i }, zone);
    char text[NU__TIME_TEXT];
    nu__iso_datetime read;
    nu_datetime instant;

    nu__moment_iso(text, &moment, 'T');
    nu__datetime_from_iso(nu_s(text), &read);
    nu__iso_instant(&read, nu_utc, &instant);
    return V(instant);
}

static nu_value get_fixed_timezone_name(const conf_case *c)
{
    return V(nu_timezone_name(nu_timezone_fixed((int)nu_int(conf_arg(c, 0)))));
}

const conf_op conf_utils_dates[] = {
    { "date_format", date_format },
    { "date_format_dateonly", date_format },
    { "time_format", time_format },
    { "timesince", timesince },
    { "timeuntil", timeuntil },
    { "parse_date", parse_date },
    { "parse_time", parse_time },
    { "parse_datetime", parse_datetime },
    { "parse_duration", parse_duration },
    { "duration_string", duration_string },
    { "duration_iso_string", duration_iso_string },
    { "duration_microseconds", duration_microseconds },
    { "make_aware", make_aware },
    { "localtime", localtime_ },
    { "get_fixed_timezone_name", get_fixed_timezone_name },
    { 0 },
};
