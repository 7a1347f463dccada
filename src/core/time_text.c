#include "core/time.h"

#include <string.h>

/* A number of at least `width` digits. */
static char *put_number(char *at, uint64_t number, int width)
{
    char reversed[20];
    int n = 0;

    do
        reversed[n++] = (char)('0' + number % 10);
    while (number /= 10);
    for (int i = n; i < width; i++)
        *at++ = '0';
    while (n)
        *at++ = reversed[--n];
    return at;
}

static char *put_two(char *at, int number)
{
    *at++ = (char)('0' + number / 10);
    *at++ = (char)('0' + number % 10);
    return at;
}

static size_t finish(char *out, char *at)
{
    *at = 0;
    return (size_t)(at - out);
}

static char *put_date(char *at, const nu__moment *moment)
{
    at = put_two(at, moment->year / 100);
    at = put_two(at, moment->year % 100);
    *at++ = '-';
    at = put_two(at, moment->month);
    *at++ = '-';
    return put_two(at, moment->day);
}

static char *put_fraction(char *at, int32_t microsecond)
{
    if (!microsecond)
        return at;
    *at++ = '.';
    return put_number(at, (uint64_t)microsecond, 6);
}

/* ":30:45.000123" */
static char *put_minutes(char *at, const nu__moment *moment)
{
    *at++ = ':';
    at = put_two(at, moment->minute);
    *at++ = ':';
    return put_fraction(put_two(at, moment->second), moment->microsecond);
}

static char *put_time(char *at, const nu__moment *moment)
{
    return put_minutes(put_two(at, moment->hour), moment);
}

static char *put_offset(char *at, int32_t offset)
{
    int seconds = offset < 0 ? -offset : offset;

    *at++ = offset < 0 ? '-' : '+';
    at = put_two(at, seconds / 3600);
    *at++ = ':';
    at = put_two(at, seconds / 60 % 60);
    if (seconds % 60) { /* local mean times, before zones were agreed on */
        *at++ = ':';
        at = put_two(at, seconds % 60);
    }
    return at;
}

size_t nu__date_iso(char out[NU__TIME_TEXT], nu_date date)
{
    nu__moment moment = nu__moment_of_date(date);

    return finish(out, date.ordinal ? put_date(out, &moment) : out);
}

size_t nu__time_iso(char out[NU__TIME_TEXT], nu_time time)
{
    nu__moment moment = nu__moment_of_time(time);

    return finish(out, time.us_plus_1 ? put_time(out, &moment) : out);
}

size_t nu__moment_iso(char out[NU__TIME_TEXT], const nu__moment *moment, char separator)
{
    char *at = put_date(out, moment);

    *at++ = separator;
    return finish(out, put_offset(put_time(at, moment), moment->offset));
}

size_t nu__datetime_iso(char out[NU__TIME_TEXT], nu_datetime instant, char separator)
{
    nu__moment moment;

    if (!instant.us)
        return finish(out, out);
    moment = nu__moment_at(instant, nu_utc);
    return nu__moment_iso(out, &moment, separator);
}

size_t nu__datetime_naive(char out[NU__TIME_TEXT], nu_datetime instant)
{
    nu__moment moment;
    char *at;

    if (!instant.us)
        return finish(out, out);
    moment = nu__moment_at(instant, nu_utc);
    at = put_date(out, &moment);
    *at++ = ' ';
    return finish(out, put_time(at, &moment));
}

/* ---- timedeltas --------------------------------------------------------------------------- */

/* Python counts days towards minus infinity, and the rest of the day up from there. */
size_t nu__timedelta_str(char out[NU__TIME_TEXT], nu_timedelta delta)
{
    int64_t days = nu__floor_div(delta.us, NU__US_DAY), rest = nu__floor_mod(delta.us, NU__US_DAY);
    uint64_t count = days < 0 ? -(uint64_t)days : (uint64_t)days;
    nu__moment moment = nu__moment_of_time((nu_time){ rest + 1 });
    char *at = out;

    if (!delta.set)
        return finish(out, out);
    if (days) {
        if (days < 0)
            *at++ = '-';
        at = put_number(at, count, 1);
        memcpy(at, " days, ", 7);
        if (count == 1)
            memcpy(at, " day, ", 6);
        at += count == 1 ? 6 : 7;
    }
    at = put_number(at, (uint64_t)moment.hour, 1);
    return finish(out, put_minutes(at, &moment));
}

size_t nu__timedelta_iso(char out[NU__TIME_TEXT], nu_timedelta delta)
{
    uint64_t us = delta.us < 0 ? -(uint64_t)delta.us : (uint64_t)delta.us;
    nu__moment moment = nu__moment_of_time((nu_time){ (int64_t)(us % NU__US_DAY) + 1 });
    char *at = out;

    if (!delta.set)
        return finish(out, out);
    if (delta.us < 0)
        *at++ = '-';
    *at++ = 'P';
    at = put_number(at, us / NU__US_DAY, 1);
    memcpy(at, "DT", 2);
    at = put_two(at + 2, moment.hour);
    *at++ = 'H';
    at = put_two(at, moment.minute);
    *at++ = 'M';
    at = put_fraction(put_two(at, moment.second), moment.microsecond);
    *at++ = 'S';
    return finish(out, at);
}
