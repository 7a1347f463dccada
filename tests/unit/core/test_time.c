#include "core/time.h"
#include "table.h"

#include <nuages/timezone.h>
#include <stdlib.h>

static int64_t number(nu_str text)
{
    return strtoll(text.ptr, NULL, 10);
}

/* ---- calendar ----------------------------------------------------------------------------- */

static bool check_day(const nu_str cells[TABLE_CELLS], size_t n)
{
    int32_t ordinal = (int32_t)number(cells[0]);
    char text[NU__TIME_TEXT];
    int year, week = nu__iso_week(ordinal, &year);
    nu_date back = { 0 };

    (void)n;
    nu__date_iso(text, (nu_date){ ordinal });
    return CHECK_STR((const char *)text, cells[1]) &&
           CHECK(nu__date_from_iso(cells[1], &back) && back.ordinal == ordinal) &&
           CHECK_INT(nu__weekday(ordinal), number(cells[2])) &&
           CHECK_INT(nu__day_of_year(ordinal), number(cells[3])) &&
           CHECK_INT(year, number(cells[4])) && CHECK_INT(week, number(cells[5])) &&
           CHECK_INT(nu__ordinal_of_iso_week(year, week, nu__weekday(ordinal) + 1), ordinal);
}

static void the_calendar_is_that_of_python(void)
{
    table_each("time/calendar.txt", check_day);
}

static void every_day_is_read_back(void)
{
    int32_t last = nu_date_of(9999, 12, 31).ordinal, ordinal = 1;

    for (; ordinal <= last; ordinal++) {
        nu__ymd day = nu__ymd_of(ordinal);

        if (nu__ordinal_of(day.year, day.month, day.day) != ordinal)
            break;
    }
    CHECK_INT(ordinal, last + 1);
    CHECK_INT(last, 3652059);
}

static void days_that_do_not_exist_are_refused(void)
{
    CHECK_RAISES(NU_VALUE_ERROR, "there is no day 2023-02-29", nu_date_of(2023, 2, 29));
    CHECK_RAISES(NU_VALUE_ERROR, "in the years 1 to 9999", nu_date_of(0, 1, 1));
    CHECK_RAISES(NU_VALUE_ERROR, "there is no day", nu_date_of(10000, 1, 1));
    CHECK_RAISES(NU_VALUE_ERROR, "there is no time 24:00:00", nu_time_of(24, 0, 0, 0));
    CHECK_INT(nu_date_of(2024, 2, 29).ordinal, 738945);
}

/* ---- ISO 8601 ----------------------------------------------------------------------------- */

static bool check_iso(const nu_str cells[TABLE_CELLS], size_t n)
{
    nu__iso_datetime parsed;
    bool ok = nu__datetime_from_iso(cells[0], &parsed);

    (void)n;
    if (nu_eq(cells[1], "no"))
        return CHECK(!ok);
    return CHECK(ok) && CHECK_INT(parsed.wall_us, number(cells[1])) &&
           CHECK_INT(parsed.has_offset, cells[2].len > 0) &&
           CHECK_INT(parsed.offset_us, number(cells[2]));
}

static void iso_texts_are_read_as_python_reads_them(void)
{
    table_each("time/iso.txt", check_iso);
}

static void text_of(nu_str *date, nu_str *time, nu_datetime moment)
{
    char text[NU__TIME_TEXT];

    nu__datetime_iso(text, moment, 'T');
    *date = nu_copy_cstr(text);
    nu__datetime_naive(text, moment);
    *time = nu_copy_cstr(text);
}

static void moments_are_written_with_and_without_their_zone(void)
{
    nu_datetime moment = nu_datetime_of(2024, 5, 17, 12, 30, 45);
    nu_str iso, naive;

    text_of(&iso, &naive, moment);
    CHECK_STR(iso, "2024-05-17T12:30:45+00:00");
    CHECK_STR(naive, "2024-05-17 12:30:45");
    text_of(&iso, &naive, (nu_datetime){ moment.us + 1200 });
    CHECK_STR(iso, "2024-05-17T12:30:45.001200+00:00");
    CHECK_STR(naive, "2024-05-17 12:30:45.001200");
    text_of(&iso, &naive, (nu_datetime){ 0 });
    CHECK_STR(iso, "");
}

static void check_delta(nu_timedelta delta, const char *str, const char *iso)
{
    char text[NU__TIME_TEXT];

    nu__timedelta_str(text, delta);
    CHECK_STR((const char *)text, str);
    nu__timedelta_iso(text, delta);
    CHECK_STR((const char *)text, iso);
}

static void durations_are_written_as_python_and_django_write_them(void)
{
    check_delta(nu_seconds(0), "0:00:00", "P0DT00H00M00S");
    check_delta(nu_seconds(93784.000005), "1 day, 2:03:04.000005", "P1DT02H03M04.000005S");
    check_delta(nu_seconds(-0.5), "-1 day, 23:59:59.500000", "-P0DT00H00M00.500000S");
    check_delta(nu_days(-2), "-2 days, 0:00:00", "-P2DT00H00M00S");
    check_delta((nu_timedelta){ 0 }, "", "");
    check_delta((nu_timedelta){ INT64_MIN, true }, "-106751992 days, 19:59:05.224192",
                "-P106751991DT04H00M54.775808S");
}

/* ---- arithmetic --------------------------------------------------------------------------- */

static void what_leaves_the_years_1_to_9999_is_an_overflow(void)
{
    nu_datetime first = nu_datetime_of(1, 1, 1, 0, 0, 0);
    nu_datetime last = nu_datetime_of(9999, 12, 31, 23, 59, 59);

    CHECK_RAISES(NU_OVERFLOW_ERROR, "date value out of range",
                 nu_datetime_add(first, nu_seconds(-1)));
    CHECK_RAISES(NU_OVERFLOW_ERROR, "date value out of range",
                 nu_datetime_add(last, nu_seconds(1)));
    CHECK_RAISES(NU_OVERFLOW_ERROR, "date value out of range",
                 nu_datetime_add(last, (nu_timedelta){ INT64_MAX, true }));
    CHECK_RAISES(NU_OVERFLOW_ERROR, "date value out of range",
                 nu_date_add(nu_date_of(9999, 12, 31), 1));
    CHECK_RAISES(NU_OVERFLOW_ERROR, "more than a timedelta holds", nu_seconds(1e18));
    CHECK_RAISES(NU_OVERFLOW_ERROR, "more than a timedelta holds", nu_days(INT64_MAX));
    CHECK_RAISES(NU_TYPE_ERROR, "null date or time",
                 nu_datetime_add((nu_datetime){ 0 }, nu_seconds(1)));
    CHECK_INT(nu_timedelta_seconds(nu_datetime_sub(last, first)), 315537897599);
}

static void timestamps_count_from_1970(void)
{
    nu_datetime moment = nu_datetime_from_timestamp(1715949045.25);

    CHECK_INT(moment.us, nu_datetime_of(2024, 5, 17, 12, 30, 45).us + 250000);
    CHECK(nu_datetime_timestamp(moment) == 1715949045.25);
    CHECK_INT(nu_datetime_from_timestamp(-62135596800).us, nu_datetime_of(1, 1, 1, 0, 0, 0).us);
    CHECK_RAISES(NU_OVERFLOW_ERROR, "out of range", nu_datetime_from_timestamp(1e20));
}

static void a_stopped_clock_stands_until_it_is_released(void)
{
    nu_datetime moment = nu_datetime_of(2024, 5, 17, 12, 30, 45);

    nu__clock_stop_at(moment);
    CHECK_INT(nu_now().us, moment.us);
    CHECK_INT(nu_ago(45).us, nu_datetime_of(2024, 5, 17, 12, 30, 0).us);
    CHECK_INT(nu_today().ordinal, nu_date_of(2024, 5, 17).ordinal);
    nu__clock_stop_at((nu_datetime){ 0 });
    CHECK(nu_now().us > moment.us);
}

HARNESS(the_calendar_is_that_of_python, every_day_is_read_back, days_that_do_not_exist_are_refused,
        iso_texts_are_read_as_python_reads_them, moments_are_written_with_and_without_their_zone,
        durations_are_written_as_python_and_django_write_them,
        what_leaves_the_years_1_to_9999_is_an_overflow, timestamps_count_from_1970,
        a_stopped_clock_stands_until_it_is_released)
