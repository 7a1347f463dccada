/* Values of any kind as dates, times and durations: to_python() of those fields. */
#include "db/models/field_values.h"

#include "core/object.h"
#include "utils/dateparse.h"

#include <nuages/timezone.h>

#define DATE_FORM     "(YYYY-MM-DD)"
#define DATETIME_FORM "YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]"
#define TIME_FORM     "HH:MM[:ss[.uuuuuu]]"

/* With which words a text is refused: in the right form but of no day or time, and in no such form.
 */
typedef struct refusals {
    const char *code, *impossible, *no_match;
} refusals;

static const refusals of_date = {
    "invalid_date", "value has the correct format " DATE_FORM " but it is an invalid date.",
    "value has an invalid date format. It must be in YYYY-MM-DD format."
};
static const refusals of_datetime = { "invalid_datetime",
                                      "value has the correct format (" DATETIME_FORM
                                      ") but it is an invalid date/time.",
                                      "value has an invalid format. It must be in " DATETIME_FORM
                                      " format." };
static const refusals of_time = {
    "invalid_time", "value has the correct format (" TIME_FORM ") but it is an invalid time.",
    "value has an invalid format. It must be in " TIME_FORM " format."
};

static bool refuse(nu__parsed how, const refusals *words, nu_value in, nu__invalid *why)
{
    if (how == NU__PARSE_INVALID)
        return nu__refuse_written(why, words->code, in, words->impossible);
    return nu__refuse_written(why, "invalid", in, words->no_match);
}

bool nu__to_date(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu__parsed how = NU__PARSE_NO_MATCH;
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
        how = nu__parse_date(in.s, &date);
    if (how != NU__PARSED)
        return refuse(how, &of_date, in, why);
    *out = nu_v_date(date);
    return true;
}

static nu_datetime midnight(nu_date date)
{
    return nu_make_aware(date, nu_time_of(0, 0, 0, 0), nu_timezone_default());
}

/* A date alone is its midnight. */
static bool text_to_datetime(nu_value in, nu_value *out, nu__invalid *why)
{
    nu_datetime moment;
    nu_date date;
    nu__parsed how = nu__parse_datetime(in.s, &moment);
    const refusals *words = &of_datetime;

    if (how == NU__PARSE_NO_MATCH) {
        how = nu__parse_date(in.s, &date);
        if (how == NU__PARSED)
            moment = midnight(date);
        if (how == NU__PARSE_INVALID)
            words = &of_date;
    }
    if (how != NU__PARSED)
        return refuse(how, words, in, why);
    *out = nu_v_datetime(moment);
    return true;
}

bool nu__to_datetime(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    (void)field;
    if (in.kind == NU_KIND_DATETIME) {
        *out = in;
        return true;
    }
    if (in.kind == NU_KIND_DATE) {
        *out = nu_v_datetime(midnight((nu_date){ (int32_t)in.i }));
        return true;
    }
    return nu__is_text(in) ? text_to_datetime(in, out, why)
                           : refuse(NU__PARSE_NO_MATCH, &of_datetime, in, why);
}

bool nu__to_time(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu__parsed how = NU__PARSE_NO_MATCH;
    nu_time time;

    (void)field;
    if (in.kind == NU_KIND_TIME) {
        *out = in;
        return true;
    }
    if (nu__is_text(in))
        how = nu__parse_time(in.s, &time);
    if (how != NU__PARSED)
        return refuse(how, &of_time, in, why);
    *out = nu_v_time(time);
    return true;
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
