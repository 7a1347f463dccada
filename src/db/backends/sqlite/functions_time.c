#include "core/time.h"
#include "db/backends/sqlite/functions.h"

#include <string.h>

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

int64_t nu__function_time(nu_str text)
{
    int hour = take_number(&text, ':'), minute = take_number(&text, ':');
    int second = take_number(&text, '.'), us = take_fraction(text);

    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || us < 0)
        return -1;
    return hour * NU__US_HOUR + minute * NU__US_MINUTE + second * NU__US_SECOND + us;
}

bool nu__function_wall(nu_str text, int64_t *wall)
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
        us = nu__function_time(time);
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

bool nu__function_to_zone(int64_t *wall, nu_str name, nu_str connection)
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

/* ---- results -------------------------------------------------------------------------------- */

void nu__function_result_text(sqlite3_context *context, const char *text)
{
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

void nu__function_result_date(sqlite3_context *context, int64_t wall)
{
    char text[NU__TIME_TEXT];

    if (wall < NU__US_DAY) {
        nu__function_refuse(context);
        return;
    }
    nu__date_iso(text, (nu_date){ (int32_t)(wall / NU__US_DAY) });
    nu__function_result_text(context, text);
}

void nu__function_result_time(sqlite3_context *context, int64_t wall)
{
    char text[NU__TIME_TEXT];

    nu__time_iso(text, (nu_time){ wall % NU__US_DAY + 1 });
    nu__function_result_text(context, text);
}

void nu__function_result_datetime(sqlite3_context *context, int64_t wall)
{
    char text[NU__TIME_TEXT];

    if (wall < NU__US_DAY) {
        nu__function_refuse(context);
        return;
    }
    nu__datetime_naive(text, (nu_datetime){ wall });
    nu__function_result_text(context, text);
}
