#include "core/time.h"
#include "db/backends/sqlite/functions.h"

#include <string.h>

/* Django's date functions, as its Python registers them: they take and give ISO text, null for what
 * is no date.
 */

/* `arguments`: text, and where there are zones the zone asked for and the connection's. */
static bool wall_of(sqlite3_context *context, sqlite3_value **arguments, bool zones, int64_t *wall)
{
    nu_str text = nu__function_text(arguments[0]);
    nu_str zone = zones ? nu__function_text(arguments[1]) : (nu_str){ 0 };
    nu_str connection = zones ? nu__function_text(arguments[2]) : (nu_str){ 0 };

    if (!text.ptr || !nu__function_wall(text, wall))
        return false;
    if (!zone.ptr || !connection.ptr ||
        (zone.len == connection.len && memcmp(zone.ptr, connection.ptr, zone.len) == 0))
        return true;
    if (nu__function_to_zone(wall, zone, connection))
        return true;
    nu__function_refuse(context);
    return false;
}

static nu__moment moment_of(int64_t wall)
{
    nu__ymd ymd = nu__ymd_of((int32_t)(wall / NU__US_DAY));
    int64_t us = wall % NU__US_DAY;

    return (nu__moment){ .ordinal = (int32_t)(wall / NU__US_DAY),
                         .year = ymd.year,
                         .month = ymd.month,
                         .day = ymd.day,
                         .hour = (int32_t)(us / NU__US_HOUR),
                         .minute = (int32_t)(us / NU__US_MINUTE % 60),
                         .second = (int32_t)(us / NU__US_SECOND % 60),
                         .microsecond = (int32_t)(us % NU__US_SECOND) };
}

/* ---- parts -------------------------------------------------------------------------------- */

static int64_t part_year(const nu__moment *at)
{
    return at->year;
}

static int64_t part_quarter(const nu__moment *at)
{
    return (at->month + 2) / 3;
}

static int64_t part_month(const nu__moment *at)
{
    return at->month;
}

static int64_t part_day(const nu__moment *at)
{
    return at->day;
}

static int64_t part_hour(const nu__moment *at)
{
    return at->hour;
}

static int64_t part_minute(const nu__moment *at)
{
    return at->minute;
}

static int64_t part_second(const nu__moment *at)
{
    return at->second;
}

static int64_t part_microsecond(const nu__moment *at)
{
    return at->microsecond;
}

static int64_t part_week_day(const nu__moment *at)
{
    return (nu__weekday(at->ordinal) + 1) % 7 + 1;
}

static int64_t part_iso_week_day(const nu__moment *at)
{
    return nu__weekday(at->ordinal) + 1;
}

static int64_t part_week(const nu__moment *at)
{
    int year;

    return nu__iso_week(at->ordinal, &year);
}

static int64_t part_iso_year(const nu__moment *at)
{
    int year;

    nu__iso_week(at->ordinal, &year);
    return year;
}

static const struct {
    const char *name;
    int64_t (*get)(const nu__moment *at);
    bool of_time;
} parts[] = {
    { "year", part_year, false },
    { "month", part_month, false },
    { "day", part_day, false },
    { "hour", part_hour, true },
    { "minute", part_minute, true },
    { "second", part_second, true },
    { "microsecond", part_microsecond, true },
    { "week_day", part_week_day, false },
    { "iso_week_day", part_iso_week_day, false },
    { "week", part_week, false },
    { "quarter", part_quarter, false },
    { "iso_year", part_iso_year, false },
};

static void result_part(sqlite3_context *context, nu_str name, const nu__moment *at, bool of_time)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (nu_eq_(name, nu_s(parts[i].name)) && (!of_time || parts[i].of_time)) {
            sqlite3_result_int64(context, parts[i].get(at));
            return;
        }
    nu__function_refuse(context);
}

static void datetime_extract(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    nu__moment at;
    int64_t wall;

    if (!wall_of(context, arguments + 1, n == 4, &wall))
        return;
    at = moment_of(wall);
    result_part(context, nu__function_text(arguments[0]), &at, false);
}

static void time_extract(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    nu_str text = nu__function_text(arguments[1]);
    int64_t us = text.ptr ? nu__function_time(text) : -1;
    nu__moment at;

    (void)n;
    if (us < 0)
        return;
    at = moment_of(NU__US_DAY + us);
    result_part(context, nu__function_text(arguments[0]), &at, true);
}

/* ---- truncation --------------------------------------------------------------------------- */

static int64_t months_before(const nu__moment *at, int months)
{
    return nu__ordinal_of(at->year, at->month - months, 1) * NU__US_DAY;
}

static int64_t trunc_year(int64_t wall, const nu__moment *at)
{
    (void)wall;
    return months_before(at, at->month - 1);
}

static int64_t trunc_quarter(int64_t wall, const nu__moment *at)
{
    (void)wall;
    return months_before(at, (at->month - 1) % 3);
}

static int64_t trunc_month(int64_t wall, const nu__moment *at)
{
    (void)wall;
    return months_before(at, 0);
}

static int64_t trunc_week(int64_t wall, const nu__moment *at)
{
    (void)wall;
    return (at->ordinal - nu__weekday(at->ordinal)) * NU__US_DAY;
}

static int64_t trunc_day(int64_t wall, const nu__moment *at)
{
    (void)at;
    return wall - wall % NU__US_DAY;
}

static int64_t trunc_hour(int64_t wall, const nu__moment *at)
{
    (void)at;
    return wall - wall % NU__US_HOUR;
}

static int64_t trunc_minute(int64_t wall, const nu__moment *at)
{
    (void)at;
    return wall - wall % NU__US_MINUTE;
}

static int64_t trunc_second(int64_t wall, const nu__moment *at)
{
    (void)at;
    return wall - wall % NU__US_SECOND;
}

static const struct {
    const char *name;
    int64_t (*truncate)(int64_t wall, const nu__moment *at);
    bool of_date, of_time;
} truncations[] = {
    { "year", trunc_year, true, false },     { "quarter", trunc_quarter, true, false },
    { "month", trunc_month, true, false },   { "week", trunc_week, true, false },
    { "day", trunc_day, true, false },       { "hour", trunc_hour, false, true },
    { "minute", trunc_minute, false, true }, { "second", trunc_second, false, true },
};

/* false: refused. */
static bool truncate_wall(sqlite3_context *context, nu_str to, bool of_date, bool of_time,
                          int64_t *wall)
{
    nu__moment at = moment_of(*wall);

    for (size_t i = 0; i < sizeof truncations / sizeof *truncations; i++)
        if (nu_eq_(to, nu_s(truncations[i].name)) &&
            ((of_date && truncations[i].of_date) || (of_time && truncations[i].of_time))) {
            *wall = truncations[i].truncate(*wall, &at);
            return true;
        }
    nu__function_refuse(context);
    return false;
}

static void date_trunc(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t wall;

    (void)n;
    if (wall_of(context, arguments + 1, true, &wall) &&
        truncate_wall(context, nu__function_text(arguments[0]), true, false, &wall))
        nu__function_result_date(context, wall);
}

static void datetime_trunc(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t wall;

    (void)n;
    if (wall_of(context, arguments + 1, true, &wall) &&
        truncate_wall(context, nu__function_text(arguments[0]), true, true, &wall))
        nu__function_result_datetime(context, wall);
}

static void time_trunc(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    nu_str text = nu__function_text(arguments[1]);
    int64_t wall, us = text.ptr ? nu__function_time(text) : -1;

    (void)n;
    if (us >= 0)
        wall = NU__US_DAY + us;
    else if (!wall_of(context, arguments + 1, true, &wall))
        return;
    if (truncate_wall(context, nu__function_text(arguments[0]), false, true, &wall))
        nu__function_result_time(context, wall);
}

static void cast_date(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t wall;

    (void)n;
    if (wall_of(context, arguments, true, &wall))
        nu__function_result_date(context, wall);
}

static void cast_time(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t wall;

    (void)n;
    if (wall_of(context, arguments, true, &wall))
        nu__function_result_time(context, wall);
}

/* ---- the table ------------------------------------------------------------------------------ */

static const nu__function functions[] = {
    { "django_date_extract", 2, datetime_extract },
    { "django_date_trunc", 4, date_trunc },
    { "django_datetime_cast_date", 3, cast_date },
    { "django_datetime_cast_time", 3, cast_time },
    { "django_datetime_extract", 4, datetime_extract },
    { "django_datetime_trunc", 4, datetime_trunc },
    { "django_time_extract", 2, time_extract },
    { "django_time_trunc", 4, time_trunc },
};

int nu__sqlite_date_functions(sqlite3 *db)
{
    return nu__functions_add(db, functions, sizeof functions / sizeof *functions);
}
