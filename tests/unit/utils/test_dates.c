#include "harness.h"
#include "utils/dateformat.h"
#include "utils/dateparse.h"
#include "utils/timesince.h"

#include <nuages/timezone.h>

/* ---- formats ------------------------------------------------------------------------------ */

static nu_datetime moment(void)
{
    return nu_datetime_of(2024, 5, 17, 15, 5, 9);
}

static nu_str shown(const char *format)
{
    return nu__date_format(V(moment()), nu_timezone_fixed(330), nu_s(format));
}

static void moments_are_shown_by_letters(void)
{
    CHECK_STR(shown("N j, Y, P"), "May 17, 2024, 8:35 p.m.");
    CHECK_STR(shown("jS F Y \\a\\t H:i:s"), "17th May 2024 at 20:35:09");
    CHECK_STR(shown("D d M y, z W o t L w"), "Fri 17 May 24, 138 20 2024 31 True 5");
    CHECK_STR(shown("c|r"), "2024-05-17T20:35:09+05:30|Fri, 17 May 2024 20:35:09 +0530");
    CHECK_STR(shown("e T O Z I U"), "+0530 +0530 +0530 19800 0 1715958309");
    CHECK_STR(shown("a A g G h H f"), "p.m. PM 8 20 08 20 8:35");
}

static void midnight_and_noon_have_names(void)
{
    CHECK_STR(nu__time_format(V(nu_time_of(0, 0, 0, 0)), nu_utc, S("P")), "midnight");
    CHECK_STR(nu__time_format(V(nu_time_of(12, 0, 0, 0)), nu_utc, S("P")), "noon");
    CHECK_STR(nu__time_format(V(nu_time_of(13, 0, 0, 5)), nu_utc, S("P u")), "1 p.m. 000005");
}

static void letters_that_a_value_lacks_are_errors(void)
{
    CHECK_RAISES(NU_TYPE_ERROR, "time-related format specifiers (found 'H')",
                 nu__date_format(V(nu_date_of(2024, 5, 17)), nu_utc, S("Y H")));
    CHECK_RAISES(NU_ATTRIBUTE_ERROR, "'Y'",
                 nu__time_format(V(nu_time_of(1, 2, 3, 0)), nu_utc, S("H Y")));
    CHECK_RAISES(NU_ATTRIBUTE_ERROR, "'Y'", nu__date_format(V("x"), nu_utc, S("Y")));
}

/* ---- reading ------------------------------------------------------------------------------ */

static void dates_are_read_leniently(void)
{
    nu_date date;
    nu_time time;

    CHECK_INT(nu__parse_date(S("2012-4-9"), &date), NU__PARSED);
    CHECK_INT(date.ordinal, nu_date_of(2012, 4, 9).ordinal);
    CHECK_INT(nu__parse_date(S("2012-04-56"), &date), NU__PARSE_INVALID);
    CHECK_INT(nu__parse_date(S("04/09/2012"), &date), NU__PARSE_NO_MATCH);
    CHECK_INT(nu__parse_time(S("9:5"), &time), NU__PARSED);
    CHECK_INT(time.us_plus_1, nu_time_of(9, 5, 0, 0).us_plus_1);
    CHECK_INT(nu__parse_time(S("09:15:90"), &time), NU__PARSE_INVALID);
    CHECK_INT(nu__parse_time(S("091500 "), &time), NU__PARSE_NO_MATCH);
}

static void moments_are_read_with_their_offset(void)
{
    nu_datetime instant;

    CHECK_INT(nu__parse_datetime(S("2012-4-9 4:8:16-0320"), &instant), NU__PARSED);
    CHECK_INT(instant.us, nu_datetime_of(2012, 4, 9, 7, 28, 16).us);
    CHECK_INT(nu__parse_datetime(S("2012-04-23T10:20:30.400 +02"), &instant), NU__PARSED);
    CHECK_INT(instant.us, nu_datetime_of(2012, 4, 23, 8, 20, 30).us + 400000);
    CHECK_INT(nu__parse_datetime(S("2012-04-56T09:15:90"), &instant), NU__PARSE_INVALID);
    CHECK_INT(nu__parse_datetime(S("20120423091500"), &instant), NU__PARSE_NO_MATCH);
}

static void check_duration(const char *text, const char *want)
{
    nu_timedelta delta = { 0 };
    char got[NU__TIME_TEXT] = "";

    if (nu__parse_duration(nu_s(text), &delta) == NU__PARSED)
        nu__duration_string(got, delta);
    if (!CHECK_STR((const char *)got, want))
        printf("      %s\n", text);
}

static void durations_are_read_in_three_forms(void)
{
    check_duration("30", "00:00:30");
    check_duration("15:30", "00:15:30");
    check_duration("4 days, 10:15:30.1", "4 10:15:30.100000");
    check_duration("-1 15:30", "-1 00:15:30");
    check_duration("-15:30", "-1 23:44:30");
    check_duration("P4DT1,5H", "4 01:30:00");
    check_duration("-PT5S", "-1 23:59:55");
    check_duration("1 day -0:00:01", "23:59:59");
    check_duration("P1Y", "");
    check_duration("x", "");
    check_duration("99999999999999999999", "");
}

/* ---- intervals ---------------------------------------------------------------------------- */

static nu_str since(nu_datetime then, int depth)
{
    return nu__timesince(then.us, moment().us, depth, NULL);
}

static void time_passed_is_told_in_adjacent_units(void)
{
    CHECK_STR(since(nu_datetime_of(2024, 5, 17, 15, 4, 9), 2), "1\u00a0minute");
    CHECK_STR(since(nu_datetime_of(2024, 5, 4, 12, 0, 0), 2), "1\u00a0week, 6\u00a0days");
    CHECK_STR(
        since(nu_datetime_of(2022, 4, 1, 0, 0, 0), 9),
        "2\u00a0years, 1\u00a0month, 2\u00a0weeks, 2\u00a0days, 15\u00a0hours, 5\u00a0minutes");
    CHECK_STR(since(nu_datetime_of(2023, 5, 15, 0, 0, 0), 2), "1\u00a0year");
    CHECK_STR(since(nu_datetime_of(2030, 1, 1, 0, 0, 0), 2), "0\u00a0minutes");
    CHECK_RAISES(NU_VALUE_ERROR, "depth must be greater than 0", since(moment(), 0));
}

HARNESS(moments_are_shown_by_letters, midnight_and_noon_have_names,
        letters_that_a_value_lacks_are_errors, dates_are_read_leniently,
        moments_are_read_with_their_offset, durations_are_read_in_three_forms,
        time_passed_is_told_in_adjacent_units)
