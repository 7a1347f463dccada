/* Dates, times and durations: what is read is written and reads back as the same; any text is a
   format. */
#include "target.h"
#include "utils/dateformat.h"
#include "utils/dateparse.h"
#include "utils/strptime.h"

static void check_date(nu_str text)
{
    nu_date date, again;
    char iso[NU__TIME_TEXT];

    if (nu__parse_date(text, &date) != NU__PARSED)
        return;
    FUZZ_CHECK(date.ordinal >= 1 && date.ordinal <= NU__ORDINAL_MAX);
    FUZZ_CHECK(nu__parse_date((nu_str){ iso, nu__date_iso(iso, date) }, &again) == NU__PARSED);
    FUZZ_CHECK(again.ordinal == date.ordinal);
}

static void check_time(nu_str text)
{
    nu_time time, again;
    char iso[NU__TIME_TEXT];

    if (nu__parse_time(text, &time) != NU__PARSED)
        return;
    FUZZ_CHECK(time.us_plus_1 >= 1 && time.us_plus_1 <= NU__US_DAY);
    FUZZ_CHECK(nu__parse_time((nu_str){ iso, nu__time_iso(iso, time) }, &again) == NU__PARSED);
    FUZZ_CHECK(again.us_plus_1 == time.us_plus_1);
}

static void check_datetime(nu_str text)
{
    nu_datetime instant, again;
    nu__iso_datetime written;
    char iso[NU__TIME_TEXT];

    nu__parse_written_datetime(text, &written);
    if (nu__parse_datetime(text, &instant) != NU__PARSED)
        return;
    FUZZ_CHECK(nu__instant_in_range(instant.us));
    FUZZ_CHECK(nu__parse_datetime((nu_str){ iso, nu__datetime_iso(iso, instant, 'T') }, &again) ==
               NU__PARSED);
    FUZZ_CHECK(again.us == instant.us);
}

static void check_duration(nu_str text)
{
    nu_timedelta delta, again;
    char written[NU__TIME_TEXT];
    size_t len;

    if (nu__parse_duration(text, &delta) != NU__PARSED)
        return;
    len = nu__duration_string(written, delta);
    FUZZ_CHECK(nu__parse_duration((nu_str){ written, len }, &again) == NU__PARSED);
    FUZZ_CHECK(again.us == delta.us);
    len = nu__timedelta_iso(written, delta);
    FUZZ_CHECK(nu__parse_duration((nu_str){ written, len }, &again) == NU__PARSED);
    FUZZ_CHECK(again.us == delta.us);
    nu__timedelta_str(written, delta);
}

static void check_inputs(nu_str text)
{
    static const char *const formats[] = {
        "%Y-%m-%d", "%d %b %Y", "%B %d, %y", "%m/%d/%Y %H:%M", "%I:%M:%S.%f %p", "100%%%Y", NULL
    };
    nu__strptime_result result;

    for (size_t i = 0; formats[i]; i++)
        if (nu__strptime(text, nu_s(formats[i]), &result)) {
            nu_str shown = nu__strftime(nu_v_date(result.date), S("%Y-%m-%d"));

            FUZZ_UTF8(shown);
            FUZZ_CHECK(result.date.ordinal >= 1 && result.time.us_plus_1 >= 1);
        }
    nu__strptime(S("2024-05-17 12:30:45"), text, &result);
}

/* A date has no hours to show. */
static nu_str date_shown(nu_str format)
{
    return nu__date_format(nu_v_date(nu_date_of(2024, 2, 29)), nu_utc, format);
}

static void check_format(nu_str text)
{
    nu_str *shown = nu_alloc(nu_str);
    nu_datetime instant = nu_datetime_of(2024, 5, 17, 0, 30, 45);

    FUZZ_UTF8(nu__date_format(nu_v_datetime(instant), nu_utc, text));
    FUZZ_UTF8(nu__strftime(nu_v_datetime(instant), text));
    *shown = S("");
    FUZZ_MAY_RAISE(NU_TYPE_ERROR, FUZZ_MAY_RAISE(NU_ATTRIBUTE_ERROR, *shown = date_shown(text)));
    FUZZ_UTF8(*shown);
}

FUZZ_TARGET(dates)
{
    nu_str text = fuzz_as_utf8(input);

    check_date(text);
    check_time(text);
    check_datetime(text);
    check_duration(text);
    check_inputs(text);
    check_format(text);
}
