/**
 * @file
 * The rule at the foot of a TZif file (POSIX TZ): what a zone does after its last transition.
 *
 *     CET-1CEST,M3.5.0,M10.5.0/3      <+1030>-10:30<+11>-11,M10.1.0,M4.1.0
 */
#pragma once
#include "core/time.h"

/* A day of every year and a time on it. */
typedef struct nu__posix_day {
    enum { NU__POSIX_MONTH_WEEKDAY, NU__POSIX_DAY_WITHOUT_LEAP, NU__POSIX_DAY } kind;
    int month, week, weekday; /* week 5: the last; weekday 0: Sunday */
    int day;
    int32_t seconds; /* from local midnight; may be negative or above a day */
} nu__posix_day;

typedef struct nu__posix_rule {
    char names[2][16];  /* standard, daylight saving */
    int32_t offsets[2]; /* seconds east of UTC */
    bool has_dst;
    nu__posix_day start, end;
} nu__posix_rule;

bool nu__posix_parse(nu_str text, nu__posix_rule *out);
/* 1 in daylight saving time. */
int nu__posix_at(const nu__posix_rule *rule, int64_t utc_seconds);
int nu__posix_at_wall(const nu__posix_rule *rule, int64_t wall_seconds, int fold);
