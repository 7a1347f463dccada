/**
 * @file
 * Calendar arithmetic and the text of dates and times, for the library's own parts.
 *
 * Days are Python's ordinals (1 is 0001-01-01), times count microseconds. A "wall" is what a
 * zone's clocks show, as microseconds since ordinal 0. Nothing here allocates, raises or yields,
 * unless said.
 */
#pragma once
#include <nuages/timezone.h>

#define NU__US_SECOND     1000000LL
#define NU__US_MINUTE     (60 * NU__US_SECOND)
#define NU__US_HOUR       (3600 * NU__US_SECOND)
#define NU__US_DAY        (86400 * NU__US_SECOND)
#define NU__ORDINAL_MAX   3652059 /* 9999-12-31 */
#define NU__ORDINAL_EPOCH 719163  /* 1970-01-01 */
#define NU__UNIX_EPOCH_US (NU__ORDINAL_EPOCH * NU__US_DAY)
#define NU__TIME_TEXT     64 /* bytes that hold any text made here and a NUL */

static inline int64_t nu__floor_div(int64_t a, int64_t b) /* b > 0 */
{
    return a / b - (a % b < 0);
}

static inline int64_t nu__floor_mod(int64_t a, int64_t b)
{
    return a % b + (a % b < 0 ? b : 0);
}

/* ---- the calendar ------------------------------------------------------------------------- */

typedef struct nu__ymd {
    int32_t year, month, day;
} nu__ymd;

bool nu__is_leap(int year);
int nu__days_in_month(int year, int month);
/* 0 when there is no such day. */
int32_t nu__ordinal_of(int year, int month, int day);
nu__ymd nu__ymd_of(int32_t ordinal);
int nu__weekday(int32_t ordinal); /* Monday 0 */
int nu__day_of_year(int32_t ordinal);
/* The week by ISO 8601 and the year it belongs to. */
int nu__iso_week(int32_t ordinal, int *iso_year);
/* The Monday-based day of an ISO week, weekday 1 to 7; 0 when there is no such day. */
int32_t nu__ordinal_of_iso_week(int year, int week, int weekday);

static inline bool nu__instant_in_range(int64_t us)
{
    return us >= NU__US_DAY && us < (NU__ORDINAL_MAX + 1) * NU__US_DAY;
}

/* An instant as a zone's clocks show it. */
typedef struct nu__moment {
    int32_t ordinal, year, month, day;
    int32_t hour, minute, second, microsecond;
    int32_t offset;   /* seconds east of UTC */
    bool dst;         /* daylight saving time is in force */
    const char *zone; /* abbreviation, "CEST"; NULL for a date or time without a zone */
} nu__moment;

/* Raises OverflowError where the offset leads out of the years 1 to 9999. */
nu__moment nu__moment_at(nu_datetime instant, const nu_timezone *zone);
nu__moment nu__moment_of_date(nu_date date);
nu__moment nu__moment_of_time(nu_time time);

/* Tests stop the clock; 0 lets it run again. */
void nu__clock_stop_at(nu_datetime instant);

/* ---- zones -------------------------------------------------------------------------------- */

typedef struct nu__offset {
    int32_t seconds; /* east of UTC */
    bool dst;
    const char *abbreviation; /* lives as long as the process */
} nu__offset;

nu__offset nu__timezone_offset(const nu_timezone *zone, nu_datetime instant);
/* `fold` 1: the second of two times that the clocks show it. */
nu__offset nu__timezone_offset_of_wall(const nu_timezone *zone, int64_t wall_us, int fold);
/* False out of range. */
bool nu__timezone_from_wall(const nu_timezone *zone, int64_t wall_us, int fold, nu_datetime *out);
/* The zone's clocks never show this, or show it twice. */
bool nu__timezone_is_ambiguous_or_imaginary(const nu_timezone *zone, int64_t wall_us);
/* NULL when there is none of that name; *missing when no zoneinfo is installed. */
const nu_timezone *nu__timezone_find(nu_str name, bool *missing);
/* The setting TIME_ZONE. Raises ImproperlyConfigured. */
void nu__timezone_set_default(const char *name);

/* ---- text: each returns the length, NUL-terminates, and gives "" for null ------------------ */

size_t nu__date_iso(char out[NU__TIME_TEXT], nu_date date);
size_t nu__time_iso(char out[NU__TIME_TEXT], nu_time time);
/* "2024-05-17T12:30:45.000123+02:00"; `separator` 'T' is isoformat(), ' ' is str(). */
size_t nu__moment_iso(char out[NU__TIME_TEXT], const nu__moment *moment, char separator);
/* The same in UTC. */
size_t nu__datetime_iso(char out[NU__TIME_TEXT], nu_datetime instant, char separator);
/* "2024-05-17 12:30:45.000123": as Django writes to a database without zones. */
size_t nu__datetime_naive(char out[NU__TIME_TEXT], nu_datetime instant);
/* "-1 day, 23:59:59.500000": str(timedelta) */
size_t nu__timedelta_str(char out[NU__TIME_TEXT], nu_timedelta delta);
/* "P1DT02H03M04.000005S": Django's duration_iso_string() */
size_t nu__timedelta_iso(char out[NU__TIME_TEXT], nu_timedelta delta);

/* ---- reading ISO 8601, as Python's fromisoformat(): false when malformed or out of range ---- */

/* A date and time as written: with an offset an instant, without one a zone's wall. */
typedef struct nu__iso_datetime {
    int64_t wall_us;
    bool has_offset;
    int64_t offset_us;
} nu__iso_datetime;

/* "2024-05-17", "20240517", "2024-W20-5" */
bool nu__date_from_iso(nu_str text, nu_date *out);
/* "12:30", "T123045.5", "12:30:45+02:00": an offset is dropped, as a time has no zone. */
bool nu__time_from_iso(nu_str text, nu_time *out);
/* A date, and where one follows any one character and a time: "2024-05-17 12:30Z" */
bool nu__datetime_from_iso(nu_str text, nu__iso_datetime *out);
/* The instant, by the zone where no offset was written. False out of range. */
bool nu__iso_instant(const nu__iso_datetime *parsed, const nu_timezone *zone, nu_datetime *out);
