/**
 * @file
 * date, datetime, time, timedelta and zones, for the files that hold them.
 */
#pragma once
#include "cli/shell/object.h"
#include "core/time.h"

/* A point of the calendar: naive without a zone. */
typedef struct nu__py_moment {
    int64_t wall_us; /* microseconds since ordinal 0, as the clock shows it */
    const nu_timezone *zone;
    int fold;
} nu__py_moment;

nu__py nu__py_datetime_at(int64_t wall_us, const nu_timezone *zone, int fold);
const nu__py_moment *nu__py_moment_of(nu__py datetime);
int64_t nu__py_offset(const nu__py_moment *moment); /* microseconds east of UTC */
/* None, or the zone's value; the other way TypeError for what is no zone. */
nu__py nu__py_zone_or_none(const nu_timezone *zone);
const nu_timezone *nu__py_as_zone(nu__py value);

/* The text of a clock: "12:30:45.000123" */
void nu__py_add_clock(nu__buf *out, int64_t us);
/* As date.isoformat(): "2024-05-17" */
void nu__py_add_date(nu__buf *out, int32_t ordinal);
/* An ISO text cut or filled as isoformat(timespec=) asks; its clock begins at `at`. ValueError. */
nu_str nu__py_timespec(nu_str iso, size_t at, nu__py timespec);
/* %Y, %d, …: of a wall; `zone` NULL: %z and %Z are empty. */
nu_str nu__py_strftime(nu_str format, int64_t wall_us, const nu__py_moment *aware);
/* year, month, day or hour, minute, second, microsecond with Python's ranges; ValueError. */
int32_t nu__py_ordinal(int64_t year, int64_t month, int64_t day);
int64_t nu__py_clock(int64_t hour, int64_t minute, int64_t second, int64_t microsecond);

/* Of two times or two durations, which are microseconds; false: the other is of another type. */
bool nu__py_same_count(nu__py a, nu__py b, bool *out);
bool nu__py_compare_counts(nu__py a, nu__py b, int *order);

extern const nu__py_type nu__py_timezone_type, nu__py_zone_not_found;
