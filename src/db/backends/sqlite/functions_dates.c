#include "core/time.h"
#include "db/backends/sqlite/sqlite.h"

#include <stdio.h>
#include <string.h>

/* Django's date functions, as its Python registers them: they take and give ISO text, null for what
 * is no date. They run inside of SQLite, so they neither raise nor use an arena.
 */

/* What Python's sqlite3 says when a function raises. */
static void refuse(sqlite3_context *context)
{
    sqlite3_result_error(context, "user-defined function raised exception", -1);
}

static nu_str text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);

    return (nu_str){ text, text ? (size_t)sqlite3_value_bytes(value) : 0 };
}

/* ---- reading ------------------------------------------------------------------------------ */

/* Digits up to `end`, which is taken too when it is there; -1: none, or another character. */
static int take_number(nu_str *text, char end)
{
    int number = 0;
    size_t i = 0;

    for (; i < text->len && text->ptr[i] >= '0' && text->ptr[i] <= '9' && i < 9; i++)
        number = number * 10 + (text->ptr[i] - '0');
    if (!i || (i < text->len && text->ptr[i] != end))
        return -1;
    i += i < text->len;
    *text = (nu_str){ text->ptr + i, text->len - i };
    return number;
}

/* "590358" of seconds, read as if it had six digits. */
static int take_fraction(nu_str text)
{
    int us = 0;

    for (size_t i = 0; i < 6; i++) {
        if (i < text.len && (text.ptr[i] < '0' || text.ptr[i] > '9'))
            return -1;
        us = us * 10 + (i < text.len ? text.ptr[i] - '0' : 0);
    }
    return us;
}

/* "15:48:00.590358" in microseconds; -1: no time. */
static int64_t parse_time(nu_str text)
{
    int hour = take_number(&text, ':'), minute = take_number(&text, ':');
    int second = take_number(&text, '.'), us = take_fraction(text);

    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || us < 0)
        return -1;
    return hour * NU__US_HOUR + minute * NU__US_MINUTE + second * NU__US_SECOND + us;
}

/* "2005-07-29", "2005-07-29 15:48:00.59", "2005-07-29 15:48:00-05" (the offset is dropped), as
   microseconds since ordinal 0. */
static bool parse_wall(nu_str text, int64_t *wall)
{
    const char *space = text.len ? memchr(text.ptr, ' ', text.len) : NULL;
    nu_str date = { text.ptr, space ? (size_t)(space - text.ptr) : text.len };
    nu_str time = { text.ptr + date.len + 1, space ? text.len - date.len - 1 : 0 };
    int year = take_number(&date, '-'), month = take_number(&date, '-');
    int day = take_number(&date, '\0');
    int32_t ordinal = year > 0 && !date.len ? nu__ordinal_of(year, month, day) : 0;
    int64_t us = 0;

    for (size_t i = 0; i < time.len; i++)
        if (time.ptr[i] == '-' || time.ptr[i] == '+')
            time.len = i;
    if (space)
        us = parse_time(time);
    *wall = ordinal * NU__US_DAY + us;
    return ordinal && us >= 0;
}

/* A zone's name may carry an offset, "Europe/Berlin+01:30" or "+05:30": Django shifts by it first.
   Takes it off the name. */
static int64_t take_offset(nu_str *name)
{
    for (size_t i = name->len; i-- > 0;) {
        char sign = name->ptr[i];
        nu_str rest = { name->ptr + i + 1, name->len - i - 1 };
        int hours, minutes;

        if (sign != '+' && sign != '-')
            continue;
        hours = take_number(&rest, ':');
        minutes = rest.len ? take_number(&rest, '\0') : 0;
        if (hours < 0 || minutes < 0 || rest.len)
            return 0;
        name->len = i;
        return (sign == '+' ? 1 : -1) * (hours * NU__US_HOUR + minutes * NU__US_MINUTE);
    }
    return 0;
}

/* From the connection's zone to the one asked for. false: no such zone, or out of range. */
static bool to_zone(int64_t *wall, nu_str name, nu_str connection)
{
    int64_t shift = take_offset(&name);
    bool missing;
    const nu_timezone *from = nu__timezone_find(connection, &missing);
    const nu_timezone *to = name.len ? nu__timezone_find(name, &missing) : from;
    nu_datetime instant;

    if (!from || !to || !nu__timezone_from_wall(from, *wall + shift, 0, &instant))
        return false;
    *wall = instant.us + nu__timezone_offset(to, instant).seconds * NU__US_SECOND;
    return nu__instant_in_range(*wall);
}

/* `arguments`: text, and where there are zones the zone asked for and the connection's. */
static bool wall_of(sqlite3_context *context, sqlite3_value **arguments, bool zones, int64_t *wall)
{
    nu_str text = text_of(arguments[0]);
    nu_str zone = zones ? text_of(arguments[1]) : (nu_str){ 0 };
    nu_str connection = zones ? text_of(arguments[2]) : (nu_str){ 0 };

    if (!text.ptr || !parse_wall(text, wall))
        return false;
    if (!zone.ptr || !connection.ptr ||
        (zone.len == connection.len && memcmp(zone.ptr, connection.ptr, zone.len) == 0))
        return true;
    if (to_zone(wall, zone, connection))
        return true;
    refuse(context);
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
    refuse(context);
}

static void datetime_extract(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    nu__moment at;
    int64_t wall;

    if (!wall_of(context, arguments + 1, n == 4, &wall))
        return;
    at = moment_of(wall);
    result_part(context, text_of(arguments[0]), &at, false);
}

static void time_extract(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    nu_str text = text_of(arguments[1]);
    int64_t us = text.ptr ? parse_time(text) : -1;
    nu__moment at;

    (void)n;
    if (us < 0)
        return;
    at = moment_of(NU__US_DAY + us);
    result_part(context, text_of(arguments[0]), &at, true);
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
    refuse(context);
    return false;
}

static void result_text(sqlite3_context *context, const char *text)
{
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

/* A day long before the year 1 is what a week's Monday can be. */
static void result_date(sqlite3_context *context, int64_t wall)
{
    char text[NU__TIME_TEXT];

    if (wall < NU__US_DAY) {
        refuse(context);
        return;
    }
    nu__date_iso(text, (nu_date){ (int32_t)(wall / NU__US_DAY) });
    result_text(context, text);
}

static void result_time(sqlite3_context *context, int64_t wall)
{
    char text[NU__TIME_TEXT];

    nu__time_iso(text, (nu_time){ wall % NU__US_DAY + 1 });
    result_text(context, text);
}

static void result_datetime(sqlite3_context *context, int64_t wall)
{
    char text[NU__TIME_TEXT];

    if (wall < NU__US_DAY) {
        refuse(context);
        return;
    }
    nu__datetime_naive(text, (nu_datetime){ wall });
    result_text(context, text);
}

static void date_trunc(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t wall;

    (void)n;
    if (wall_of(context, arguments + 1, true, &wall) &&
        truncate_wall(context, text_of(arguments[0]), true, false, &wall))
        result_date(context, wall);
}

static void datetime_trunc(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t wall;

    (void)n;
    if (wall_of(context, arguments + 1, true, &wall) &&
        truncate_wall(context, text_of(arguments[0]), true, true, &wall))
        result_datetime(context, wall);
}

static void time_trunc(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    nu_str text = text_of(arguments[1]);
    int64_t wall, us = text.ptr ? parse_time(text) : -1;

    (void)n;
    if (us >= 0)
        wall = NU__US_DAY + us;
    else if (!wall_of(context, arguments + 1, true, &wall))
        return;
    if (truncate_wall(context, text_of(arguments[0]), false, true, &wall))
        result_time(context, wall);
}

static void cast_date(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t wall;

    (void)n;
    if (wall_of(context, arguments, true, &wall))
        result_date(context, wall);
}

static void cast_time(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t wall;

    (void)n;
    if (wall_of(context, arguments, true, &wall))
        result_time(context, wall);
}

/* ---- differences -------------------------------------------------------------------------- */

static bool any_null(int n, sqlite3_value **arguments)
{
    for (int i = 0; i < n; i++)
        if (sqlite3_value_type(arguments[i]) == SQLITE_NULL)
            return true;
    return false;
}

static void time_diff(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t left, right;

    if (any_null(n, arguments))
        return;
    left = parse_time(text_of(arguments[0]));
    right = parse_time(text_of(arguments[1]));
    if (left < 0 || right < 0)
        refuse(context);
    else
        sqlite3_result_int64(context, left - right);
}

static void timestamp_diff(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t left, right;

    if (any_null(n, arguments))
        return;
    if (!parse_wall(text_of(arguments[0]), &left) || !parse_wall(text_of(arguments[1]), &right))
        refuse(context);
    else
        sqlite3_result_int64(context, left - right);
}

/* One side of + or -: whole numbers are microseconds, texts are dates or instants. */
typedef struct operand {
    bool is_time, is_date;
    int64_t us;
} operand;

static bool read_operand(sqlite3_value *value, operand *out)
{
    nu_str text;

    *out = (operand){ 0 };
    if (sqlite3_value_type(value) == SQLITE_INTEGER) {
        out->us = sqlite3_value_int64(value);
        return true;
    }
    if (sqlite3_value_type(value) != SQLITE_TEXT)
        return false;
    text = text_of(value);
    out->is_time = true;
    out->is_date = !memchr(text.ptr, ' ', text.len);
    return parse_wall(text, &out->us);
}

/* str() of a timedelta, of a date, or of a datetime, as Python has them. */
static void result_sum(sqlite3_context *context, const operand *left, const operand *right,
                       int64_t us)
{
    char text[NU__TIME_TEXT];

    if (left->is_time == right->is_time) {
        nu__timedelta_str(text, (nu_timedelta){ us, true });
        result_text(context, text);
    } else if (!nu__instant_in_range(us)) {
        refuse(context);
    } else if (left->is_time ? left->is_date : right->is_date) {
        result_date(context, us);
    } else {
        result_datetime(context, us);
    }
}

static void add_or_subtract(sqlite3_context *context, char sign, sqlite3_value **arguments)
{
    operand left, right;
    int64_t us;
    bool over;

    if (!read_operand(arguments[1], &left) || !read_operand(arguments[2], &right))
        return;
    over = sign == '+' ? __builtin_add_overflow(left.us, right.us, &us)
                       : __builtin_sub_overflow(left.us, right.us, &us);
    if (over || (left.is_time && right.is_time && sign == '+') ||
        (!left.is_time && right.is_time && sign == '-'))
        refuse(context);
    else
        result_sum(context, &left, &right, us);
}

static void scale(sqlite3_context *context, char sign, sqlite3_value **arguments)
{
    bool whole = sqlite3_value_type(arguments[1]) == SQLITE_INTEGER &&
                 sqlite3_value_type(arguments[2]) == SQLITE_INTEGER;
    double left = sqlite3_value_double(arguments[1]), right = sqlite3_value_double(arguments[2]);
    int64_t product;

    if (sign == '/' && right == 0)
        refuse(context);
    else if (sign == '/')
        sqlite3_result_double(context, left / right);
    else if (whole && !__builtin_mul_overflow(sqlite3_value_int64(arguments[1]),
                                              sqlite3_value_int64(arguments[2]), &product))
        sqlite3_result_int64(context, product);
    else
        sqlite3_result_double(context, left * right);
}

static void format_dtdelta(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    nu_str connector = text_of(arguments[0]);
    char sign = connector.len ? connector.ptr[0] : '\0';

    if (any_null(n, arguments))
        return;
    if (sign == '+' || sign == '-')
        add_or_subtract(context, sign, arguments);
    else if (sign == '*' || sign == '/')
        scale(context, sign, arguments);
    else
        refuse(context);
}

static const struct {
    const char *name;
    int n_arguments;
    void (*call)(sqlite3_context *, int, sqlite3_value **);
} functions[] = {
    { "django_date_extract", 2, datetime_extract },
    { "django_date_trunc", 4, date_trunc },
    { "django_datetime_cast_date", 3, cast_date },
    { "django_datetime_cast_time", 3, cast_time },
    { "django_datetime_extract", 4, datetime_extract },
    { "django_datetime_trunc", 4, datetime_trunc },
    { "django_time_extract", 2, time_extract },
    { "django_time_trunc", 4, time_trunc },
    { "django_time_diff", 2, time_diff },
    { "django_timestamp_diff", 2, timestamp_diff },
    { "django_format_dtdelta", 3, format_dtdelta },
};

int nu__sqlite_date_functions(sqlite3 *db)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < sizeof functions / sizeof *functions && code == SQLITE_OK; i++)
        code = sqlite3_create_function(db, functions[i].name, functions[i].n_arguments,
                                       SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, functions[i].call,
                                       NULL, NULL);
    return code;
}
