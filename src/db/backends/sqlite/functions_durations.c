#include "core/time.h"
#include "db/backends/sqlite/functions.h"

#include <string.h>

/* Differences of times, and sums and products of durations, which Django keeps as microseconds. */

static void time_diff(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t left, right;

    if (nu__function_any_null(n, arguments))
        return;
    left = nu__function_time(nu__function_text(arguments[0]));
    right = nu__function_time(nu__function_text(arguments[1]));
    if (left < 0 || right < 0)
        nu__function_refuse(context);
    else
        sqlite3_result_int64(context, left - right);
}

static void timestamp_diff(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    int64_t left, right;

    if (nu__function_any_null(n, arguments))
        return;
    if (!nu__function_wall(nu__function_text(arguments[0]), &left) ||
        !nu__function_wall(nu__function_text(arguments[1]), &right))
        nu__function_refuse(context);
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
    text = nu__function_text(value);
    out->is_time = true;
    out->is_date = !memchr(text.ptr, ' ', text.len);
    return nu__function_wall(text, &out->us);
}

/* str() of a timedelta, of a date, or of a datetime, as Python has them. */
static void result_sum(sqlite3_context *context, const operand *left, const operand *right,
                       int64_t us)
{
    char text[NU__TIME_TEXT];

    if (left->is_time == right->is_time) {
        nu__timedelta_str(text, (nu_timedelta){ us, true });
        nu__function_result_text(context, text);
    } else if (!nu__instant_in_range(us)) {
        nu__function_refuse(context);
    } else if (left->is_time ? left->is_date : right->is_date) {
        nu__function_result_date(context, us);
    } else {
        nu__function_result_datetime(context, us);
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
        nu__function_refuse(context);
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
        nu__function_refuse(context);
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
    nu_str connector = nu__function_text(arguments[0]);
    char sign = connector.len ? connector.ptr[0] : '\0';

    if (nu__function_any_null(n, arguments))
        return;
    if (sign == '+' || sign == '-')
        add_or_subtract(context, sign, arguments);
    else if (sign == '*' || sign == '/')
        scale(context, sign, arguments);
    else
        nu__function_refuse(context);
}

/* ---- the table ------------------------------------------------------------------------------ */

static const nu__function functions[] = {
    { "django_time_diff", 2, time_diff },
    { "django_timestamp_diff", 2, timestamp_diff },
    { "django_format_dtdelta", 3, format_dtdelta },
};

int nu__sqlite_duration_functions(sqlite3 *db)
{
    return nu__functions_add(db, functions, sizeof functions / sizeof *functions);
}
