/* Values of any kind as dates, times and durations: to_python() of those fields. */
#include "db/models/field_values.h"

#include "core/object.h"
#include "utils/dateparse.h"

#include <nuages/timezone.h>

#define DATE_FORM     "(YYYY-MM-DD)"
#define DATETIME_FORM "YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]"
#define TIME_FORM     "HH:MM[:ss[.uuuuuu]]"

bool nu__to_date(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu_date date;

    (void)field;
    if (in.kind == NU_KIND_DATE) {
        *out = in;
        return true;
    }
    if (in.kind == NU_KIND_DATETIME) {
        *out = nu_v_date(nu_datetime_date((nu_datetime){ in.i }, nu_timezone_default()));
        return true;
    }
    if (nu__is_text(in))
        switch (nu__parse_date(in.s, &date)) {
        case NU__PARSED:
            *out = nu_v_date(date);
            return true;
        case NU__PARSE_INVALID:
            return nu__refuse_written(why, "invalid_date", in,
                                      "value has the correct format " DATE_FORM
                                      " but it is an invalid date.");
        case NU__PARSE_NO_MATCH:
            break;
        }
    return nu__refuse_written(why, "invalid", in,
                              "value has an invalid date format. It must be in YYYY-MM-DD format.");
}

static nu_datetime midnight(nu_date date)
{
    return nu_make_aware(date, nu_time_of(0, 0, 0, 0), nu_timezone_default());
}

bool nu__to_datetime(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu_datetime moment;
    nu_date date;

    (void)field;
    if (in.kind == NU_KIND_DATETIME) {
        *out = in;
        return true;
    }
    if (in.kind == NU_KIND_DATE) {
        *out = nu_v_datetime(midnight((nu_date){ (int32_t)in.i }));
        return true;
    }
    if (!nu__is_text(in))
        goto no_match;
    switch (nu__parse_datetime(in.s, &moment)) {
    case NU__PARSED:
        *out = nu_v_datetime(moment);
        return true;
    case NU__PARSE_INVALID:
        return nu__refuse_written(why, "invalid_datetime", in,
                                  "value has the correct format (" DATETIME_FORM
                                  ") but it is an invalid date/time.");
    case NU__PARSE_NO_MATCH:
        break;
    }
    switch (nu__parse_date(in.s, &date)) {
    case NU__PARSED:
        *out = nu_v_datetime(midnight(date));
        return true;
    case NU__PARSE_INVALID:
        return nu__refuse_written(why, "invalid_date", in,
                                  "value has the correct format " DATE_FORM
                                  " but it is an invalid date.");
    case NU__PARSE_NO_MATCH:
        break;
    }
no_match:
    return nu__refuse_written(
        why, "invalid", in, "value has an invalid format. It must be in " DATETIME_FORM " format.");
}

bool nu__to_time(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu_time time;

    (void)field;
    if (in.kind == NU_KIND_TIME) {
        *out = in;
        return true;
    }
    if (nu__is_text(in))
        switch (nu__parse_time(in.s, &time)) {
        case NU__PARSED:
            *out = nu_v_time(time);
            return true;
        case NU__PARSE_INVALID:
            return nu__refuse_written(why, "invalid_time", in,
                                      "value has the correct format (" TIME_FORM
                                      ") but it is an invalid time.");
        case NU__PARSE_NO_MATCH:
            break;
        }
    return nu__refuse_written(why, "invalid", in,
                              "value has an invalid format. It must be in " TIME_FORM " format.");
}

bool nu__to_duration(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu_timedelta duration;

    (void)field;
    if (in.kind == NU_KIND_TIMEDELTA) {
        *out = in;
        return true;
    }
    if (nu__is_text(in) && nu__parse_duration(in.s, &duration) == NU__PARSED) {
        *out = nu_v_timedelta(duration);
        return true;
    }
    return nu__refuse_written(
        why, "invalid", in,
        "value has an invalid format. It must be in [DD] [[HH:]MM:]ss[.uuuuuu] format.");
}
