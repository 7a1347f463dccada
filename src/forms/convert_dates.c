/* Dates, times and durations, by the field's formats or the language's. */
#include "forms/convert.h"

#include "core/object.h"
#include "core/text.h"
#include "core/time.h"
#include "utils/dateparse.h"
#include "utils/formats.h"
#include "utils/strptime.h"

/* What is read in every language, behind the locale's own formats. */
static const char *const iso_dates[] = { "%Y-%m-%d", NULL };
static const char *const iso_times[] = { "%H:%M:%S", "%H:%M:%S.%f", "%H:%M", NULL };
static const char *const iso_datetimes[] = { "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f",
                                             "%Y-%m-%d %H:%M", "%Y-%m-%d", NULL };

/* Dates and times are read from text; digits of other scripts are as good. */
static nu_str written(nu_value in)
{
    if (in.kind != NU_KIND_STR && in.kind != NU_KIND_SAFE)
        nu_raise(NU_ATTRIBUTE_ERROR, "a date or time is read from text, not from a {}",
                 nu__kind_name(in.kind));
    return nu_trim(nu__ascii_digits(in.s));
}

static bool by_any(nu_str text, const char *const *formats, nu__strptime_result *out)
{
    for (size_t i = 0; formats && formats[i]; i++)
        if (nu__strptime(text, nu_s(formats[i]), out))
            return true;
    return false;
}

/* By the field's own formats, else by those of the locale. */
static bool by_formats(const nu_list *own, nu_str text, const char *const *locale,
                       const char *const *iso, nu__strptime_result *out)
{
    for (size_t i = 0; own && i < nu_list_len(own); i++)
        if (nu__strptime(text, nu_string(nu_at(own, i)), out))
            return true;
    return !own && (by_any(text, locale, out) || by_any(text, iso, out));
}

bool nu__form_date(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu__strptime_result result;

    if (in.kind == NU_KIND_DATETIME)
        in = nu_v_date(nu_datetime_date((nu_datetime){ in.i }, nu_timezone_current()));
    if (in.kind == NU_KIND_DATE) {
        *out = in;
        return true;
    }
    if (!by_formats(field->input_formats, written(in), nu__locale_current()->date_input_formats,
                    iso_dates, &result))
        return false;
    *out = nu_v_date(result.date);
    return true;
}

bool nu__form_time(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu__strptime_result result;

    if (in.kind == NU_KIND_TIME) {
        *out = in;
        return true;
    }
    if (!by_formats(field->input_formats, written(in), nu__locale_current()->time_input_formats,
                    iso_times, &result))
        return false;
    *out = nu_v_time(result.time);
    return true;
}

bool nu__form_local_instant(nu_date date, nu_time time, nu_value *out, nu_value *wall)
{
    const nu_timezone *zone = nu_timezone_current();
    int64_t us = date.ordinal * NU__US_DAY + time.us_plus_1 - 1;
    nu_datetime instant;

    *wall = nu_v_str(nu_fmt("{} {}", date, time));
    if (nu__timezone_is_ambiguous_or_imaginary(zone, us) ||
        !nu__timezone_from_wall(zone, us, 0, &instant))
        return false;
    *out = nu_v_datetime(instant);
    return true;
}

nu_str nu__form_ambiguous_text(nu_value wall)
{
    return nu_fmt("{} couldn’t be interpreted in time zone {}; it may be ambiguous or it may not "
                  "exist.",
                  wall, nu_timezone_name(nu_timezone_current()));
}

static bool written_instant(const nu__iso_datetime *written, nu_value *out, nu_value *wall)
{
    nu_datetime instant;

    if (!written->has_offset)
        return nu__form_local_instant((nu_date){ (int32_t)(written->wall_us / NU__US_DAY) },
                                      (nu_time){ written->wall_us % NU__US_DAY + 1 }, out, wall);
    if (!nu__iso_instant(written, nu_utc, &instant))
        return false;
    *out = nu_v_datetime(instant);
    return true;
}

bool nu__form_datetime(const nu__form_field *field, nu_value in, nu_value *out, nu_value *wall)
{
    const nu__locale *locale = nu__locale_current();
    nu__strptime_result result;
    nu__iso_datetime iso;
    nu_str text;

    *wall = nu_null();
    if (in.kind == NU_KIND_DATETIME) {
        *out = in;
        return true;
    }
    if (in.kind == NU_KIND_DATE)
        return nu__form_local_instant((nu_date){ (int32_t)in.i }, (nu_time){ 1 }, out, wall);
    text = written(in);
    switch (nu__parse_written_datetime(text, &iso)) {
    case NU__PARSED:
        return written_instant(&iso, out, wall);
    case NU__PARSE_INVALID:
        return false;
    default:
        break;
    }
    if (!by_formats(field->input_formats, text, locale->datetime_input_formats, iso_datetimes,
                    &result) &&
        (field->input_formats ||
         !by_formats(NULL, text, locale->date_input_formats, iso_dates, &result)))
        return false;
    return nu__form_local_instant(result.date, result.time, out, wall);
}

nu_value nu__form_local_datetime(nu_value value)
{
    nu__moment moment = nu__moment_at((nu_datetime){ value.i }, nu_timezone_current());

    return nu_v_str(nu_fmt("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", moment.year, moment.month,
                           moment.day, moment.hour, moment.minute, moment.second));
}

bool nu__form_duration(nu_value in, nu_value *out, bool *overflow)
{
    nu_timedelta delta;

    if (in.kind == NU_KIND_TIMEDELTA) {
        *out = in;
        return true;
    }
    switch (nu__parse_duration(nu_string(in), &delta)) {
    case NU__PARSED:
        break;
    case NU__PARSE_INVALID:
        *overflow = true;
        return false;
    default:
        return false;
    }
    *out = nu_v_timedelta(delta);
    return true;
}

/* "3 02:01:00.000005": Django's duration_string(). */
nu_value nu__form_duration_text(const nu__form_field *field, nu_value value)
{
    int64_t days, rest, us;
    nu__buf out = { 0 };

    (void)field;
    if (value.kind != NU_KIND_TIMEDELTA)
        return value;
    days = nu__floor_div(value.i, NU__US_DAY);
    rest = nu__floor_mod(value.i, NU__US_DAY);
    us = rest % NU__US_SECOND;
    rest /= NU__US_SECOND;
    if (days)
        nu__buf_fmt(&out, "{} ", days);
    nu__buf_fmt(&out, "{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
    if (us)
        nu__buf_fmt(&out, ".{:06}", us);
    return nu_v_str(nu__buf_str(&out));
}
