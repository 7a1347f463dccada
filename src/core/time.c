#include "core/time.h"

#include <math.h>
#include <time.h>

static nu_datetime stopped;

/* ---- clocks ------------------------------------------------------------------------------- */

void nu__clock_stop_at(nu_datetime instant)
{
    stopped = instant;
}

nu_datetime nu_now(void)
{
    struct timespec now;

    if (stopped.us)
        return stopped;
    clock_gettime(CLOCK_REALTIME, &now);
    return (nu_datetime){ NU__UNIX_EPOCH_US + now.tv_sec * NU__US_SECOND + now.tv_nsec / 1000 };
}

nu_datetime nu_ago(double seconds)
{
    return nu_datetime_add(nu_now(), nu_seconds(-seconds));
}

nu_date nu_today(void)
{
    return nu_datetime_date(nu_now(), nu_timezone_current());
}

double nu_monotonic(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- making ------------------------------------------------------------------------------- */

nu_date nu_date_of(int year, int month, int day)
{
    int32_t ordinal = nu__ordinal_of(year, month, day);

    if (!ordinal)
        nu_raise(NU_VALUE_ERROR, "there is no day {:04}-{:02}-{:02} in the years 1 to 9999", year,
                 month, day);
    return (nu_date){ ordinal };
}

nu_time nu_time_of(int hour, int minute, int second, int microsecond)
{
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 ||
        microsecond < 0 || microsecond >= NU__US_SECOND)
        nu_raise(NU_VALUE_ERROR, "there is no time {:02}:{:02}:{:02}.{:06}", hour, minute, second,
                 microsecond);
    return (nu_time){ hour * NU__US_HOUR + minute * NU__US_MINUTE + second * NU__US_SECOND +
                      microsecond + 1 };
}

nu_datetime nu_datetime_of(int year, int month, int day, int hour, int minute, int second)
{
    nu_date date = nu_date_of(year, month, day);
    nu_time time = nu_time_of(hour, minute, second, 0);

    return (nu_datetime){ date.ordinal * NU__US_DAY + time.us_plus_1 - 1 };
}

static NU_NORETURN void raise_too_long(double seconds)
{
    nu_raise(NU_OVERFLOW_ERROR, "{} seconds are more than a timedelta holds", seconds);
}

nu_timedelta nu_seconds(double seconds)
{
    double us = nearbyint(seconds * 1e6);

    if (!(fabs(us) < 9e18))
        raise_too_long(seconds);
    return (nu_timedelta){ (int64_t)us, true };
}

nu_timedelta nu_days(int64_t days)
{
    int64_t us;

    if (__builtin_mul_overflow(days, NU__US_DAY, &us))
        raise_too_long((double)days * 86400);
    return (nu_timedelta){ us, true };
}

/* ---- arithmetic --------------------------------------------------------------------------- */

static NU_NORETURN void raise_out_of_range(void)
{
    nu_raise(NU_OVERFLOW_ERROR, "date value out of range: the years go from 1 to 9999");
}

static void refuse_null(bool is_null)
{
    if (is_null)
        nu_raise(NU_TYPE_ERROR,
                 "arithmetic with a null date or time: test with nu_is_null() first");
}

nu_datetime nu_datetime_add(nu_datetime instant, nu_timedelta delta)
{
    int64_t us;

    refuse_null(!instant.us || !delta.set);
    if (__builtin_add_overflow(instant.us, delta.us, &us) || !nu__instant_in_range(us))
        raise_out_of_range();
    return (nu_datetime){ us };
}

nu_timedelta nu_datetime_sub(nu_datetime a, nu_datetime b)
{
    refuse_null(!a.us || !b.us);
    return (nu_timedelta){ a.us - b.us, true };
}

nu_date nu_date_add(nu_date date, int64_t days)
{
    int64_t ordinal;

    refuse_null(!date.ordinal);
    if (__builtin_add_overflow((int64_t)date.ordinal, days, &ordinal) || ordinal < 1 ||
        ordinal > NU__ORDINAL_MAX)
        raise_out_of_range();
    return (nu_date){ (int32_t)ordinal };
}

double nu_timedelta_seconds(nu_timedelta delta)
{
    refuse_null(!delta.set);
    return (double)delta.us / 1e6;
}

double nu_datetime_timestamp(nu_datetime instant)
{
    refuse_null(!instant.us);
    return (double)(instant.us - NU__UNIX_EPOCH_US) / 1e6;
}

nu_datetime nu_datetime_from_timestamp(double seconds)
{
    double us = nearbyint(seconds * 1e6);

    if (!(fabs(us) < 4e17) || !nu__instant_in_range((int64_t)us + NU__UNIX_EPOCH_US))
        raise_out_of_range();
    return (nu_datetime){ (int64_t)us + NU__UNIX_EPOCH_US };
}

/* ---- moments ------------------------------------------------------------------------------ */

static void fill_date(nu__moment *moment, int32_t ordinal)
{
    nu__ymd ymd = nu__ymd_of(ordinal);

    moment->ordinal = ordinal;
    moment->year = ymd.year;
    moment->month = ymd.month;
    moment->day = ymd.day;
}

static void fill_time(nu__moment *moment, int64_t us)
{
    moment->hour = (int32_t)(us / NU__US_HOUR);
    moment->minute = (int32_t)(us / NU__US_MINUTE % 60);
    moment->second = (int32_t)(us / NU__US_SECOND % 60);
    moment->microsecond = (int32_t)(us % NU__US_SECOND);
}

nu__moment nu__moment_at(nu_datetime instant, const nu_timezone *zone)
{
    nu__offset offset = nu__timezone_offset(zone, instant);
    int64_t wall = instant.us + offset.seconds * NU__US_SECOND;
    nu__moment moment = { .offset = offset.seconds,
                          .dst = offset.dst,
                          .zone = offset.abbreviation };

    if (!nu__instant_in_range(wall))
        raise_out_of_range();
    fill_date(&moment, (int32_t)(wall / NU__US_DAY));
    fill_time(&moment, wall % NU__US_DAY);
    return moment;
}

nu__moment nu__moment_of_date(nu_date date)
{
    nu__moment moment = { 0 };

    fill_date(&moment, date.ordinal);
    return moment;
}

nu__moment nu__moment_of_time(nu_time time)
{
    nu__moment moment = { 0 };

    fill_time(&moment, time.us_plus_1 - 1);
    return moment;
}

nu_date nu_datetime_date(nu_datetime instant, const nu_timezone *zone)
{
    refuse_null(!instant.us);
    return (nu_date){ nu__moment_at(instant, zone).ordinal };
}

nu_datetime nu_make_aware(nu_date date, nu_time time, const nu_timezone *zone)
{
    nu_datetime instant;

    refuse_null(!date.ordinal || !time.us_plus_1);
    if (!nu__timezone_from_wall(zone, date.ordinal * NU__US_DAY + time.us_plus_1 - 1, 0, &instant))
        raise_out_of_range();
    return instant;
}
