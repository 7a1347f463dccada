#include "core/posix_tz.h"

#include "core/text.h"

#include <string.h>

#define DAY 86400

typedef struct {
    const char *at, *end;
} cursor;

/* ---- reading ------------------------------------------------------------------------------ */

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool take(cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_number(cursor *c, int *out, int max)
{
    const char *start = c->at;

    *out = 0;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        *out = *out * 10 + (*c->at - '0');
        if (*out > max)
            return false;
    }
    return c->at > start;
}

/* Letters, or anything between < and >. */
static bool take_name(cursor *c, char out[16])
{
    bool quoted = take(c, '<');
    const char *start = c->at;
    size_t len;

    while (c->at < c->end && (quoted ? *c->at != '>' : is_letter(*c->at)))
        c->at++;
    len = (size_t)(c->at - start);
    if (len < 3 || len > 15)
        return false;
    memcpy(out, start, len);
    out[len] = 0;
    return !quoted || take(c, '>');
}

/* [+-]hh[:mm[:ss]] */
static bool take_seconds(cursor *c, int32_t *out)
{
    bool negative = take(c, '-');
    int hours, minutes = 0, seconds = 0;

    if (!negative)
        take(c, '+');
    if (!take_number(c, &hours, 167))
        return false;
    if (take(c, ':') && !take_number(c, &minutes, 59))
        return false;
    if (take(c, ':') && !take_number(c, &seconds, 59))
        return false;
    *out = hours * 3600 + minutes * 60 + seconds;
    if (negative)
        *out = -*out;
    return true;
}

static bool take_day(cursor *c, nu__posix_day *day)
{
    day->seconds = 2 * 3600;
    if (take(c, 'M')) {
        day->kind = NU__POSIX_MONTH_WEEKDAY;
        if (!take_number(c, &day->month, 12) || !day->month || !take(c, '.') ||
            !take_number(c, &day->week, 5) || !day->week || !take(c, '.') ||
            !take_number(c, &day->weekday, 6))
            return false;
    } else {
        day->kind = take(c, 'J') ? NU__POSIX_DAY_WITHOUT_LEAP : NU__POSIX_DAY;
        if (!take_number(c, &day->day, 365) ||
            (day->kind == NU__POSIX_DAY_WITHOUT_LEAP && !day->day))
            return false;
    }
    return !take(c, '/') || take_seconds(c, &day->seconds);
}

/* POSIX counts offsets west of Greenwich. */
bool nu__posix_parse(nu_str text, nu__posix_rule *out)
{
    cursor c = { text.ptr, nu__str_end(text) };

    *out = (nu__posix_rule){ 0 };
    if (!take_name(&c, out->names[0]) || !take_seconds(&c, &out->offsets[0]))
        return false;
    out->offsets[0] = -out->offsets[0];
    if (c.at == c.end)
        return true;
    out->has_dst = true;
    if (!take_name(&c, out->names[1]))
        return false;
    out->offsets[1] = out->offsets[0] + 3600;
    if (c.at < c.end && *c.at != ',') {
        if (!take_seconds(&c, &out->offsets[1]))
            return false;
        out->offsets[1] = -out->offsets[1];
    }
    return take(&c, ',') && take_day(&c, &out->start) && take(&c, ',') && take_day(&c, &out->end) &&
           c.at == c.end;
}

/* ---- asking ------------------------------------------------------------------------------- */

static int32_t month_weekday(const nu__posix_day *day, int year)
{
    int32_t first = nu__ordinal_of(year, day->month, 1);
    int skip = (int)nu__floor_mod(day->weekday - (nu__weekday(first) + 1), 7);
    int in_month = 1 + skip + (day->week - 1) * 7;

    if (in_month > nu__days_in_month(year, day->month))
        in_month -= 7;
    return first + in_month - 1;
}

/* When the day's time comes, on the wall, in seconds since ordinal 0. */
static int64_t day_of_year(const nu__posix_day *day, int year)
{
    int32_t new_year = nu__ordinal_of(year, 1, 1);
    int64_t ordinal = new_year;

    if (day->kind == NU__POSIX_MONTH_WEEKDAY)
        ordinal = month_weekday(day, year);
    else if (day->kind == NU__POSIX_DAY)
        ordinal += day->day;
    else
        ordinal += day->day - 1 + (day->day >= 60 && nu__is_leap(year));
    return ordinal * DAY + day->seconds;
}

static int year_at(int64_t seconds)
{
    int64_t ordinal = nu__floor_div(seconds, DAY);

    if (ordinal < 1)
        return 1;
    return ordinal > NU__ORDINAL_MAX ? 9999 : nu__ymd_of((int32_t)ordinal).year;
}

static int is_within(int64_t seconds, int64_t start, int64_t end)
{
    if (start < end)
        return start <= seconds && seconds < end;
    return !(end <= seconds && seconds < start);
}

int nu__posix_at(const nu__posix_rule *rule, int64_t utc_seconds)
{
    int year = year_at(utc_seconds);

    if (!rule->has_dst)
        return 0;
    return is_within(utc_seconds, day_of_year(&rule->start, year) - rule->offsets[0],
                     day_of_year(&rule->end, year) - rule->offsets[1]);
}

/* The rule's days are walls before the change. A fold's first pass belongs to the time before the
   change and its second to the one after; a gap is read the other way round. */
int nu__posix_at_wall(const nu__posix_rule *rule, int64_t wall_seconds, int fold)
{
    int year = year_at(wall_seconds);
    int32_t saving = rule->offsets[1] - rule->offsets[0];
    int64_t start = day_of_year(&rule->start, year), end = day_of_year(&rule->end, year);

    if (!rule->has_dst)
        return 0;
    if (fold == (saving >= 0))
        end -= saving;
    else
        start += saving;
    return is_within(wall_seconds, start, end);
}
