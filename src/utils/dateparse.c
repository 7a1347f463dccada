#include "utils/dateparse.h"

#include "core/float.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

typedef struct {
    const char *at, *end;
} cursor;

static cursor cursor_of(nu_str text)
{
    return (cursor){ text.ptr, text.len ? text.ptr + text.len : text.ptr };
}

/* Python's $ lets a last newline through. */
static bool at_end(const cursor *c)
{
    return c->at == c->end || (c->end - c->at == 1 && *c->at == '\n');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* `min` to `max` digits, as many as there are. */
static bool take_number(cursor *c, int min, int max, int *out)
{
    int n = 0;

    *out = 0;
    for (; n < max && c->at < c->end && is_digit(*c->at); n++)
        *out = *out * 10 + (*c->at++ - '0');
    return n >= min;
}

static bool take(cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_word(cursor *c, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(c->end - c->at) < len || memcmp(c->at, word, len) != 0)
        return false;
    c->at += len;
    return true;
}

/* [.,] and up to twelve digits, of which six count; true also when there is none. */
static bool take_fraction(cursor *c, int *microsecond)
{
    int digits = 0;

    *microsecond = 0;
    if (c->at == c->end || (*c->at != '.' && *c->at != ','))
        return true;
    c->at++;
    for (; digits < 12 && c->at < c->end && is_digit(*c->at); digits++, c->at++)
        if (digits < 6)
            *microsecond = *microsecond * 10 + (*c->at - '0');
    for (int i = digits; i < 6; i++)
        *microsecond *= 10;
    return digits > 0;
}

/* ---- dates and times ---------------------------------------------------------------------- */

static bool take_date(cursor *c, int ymd[3])
{
    return take_number(c, 4, 4, &ymd[0]) && take(c, '-') && take_number(c, 1, 2, &ymd[1]) &&
           take(c, '-') && take_number(c, 1, 2, &ymd[2]);
}

static bool take_time(cursor *c, int parts[4])
{
    parts[2] = parts[3] = 0;
    if (!take_number(c, 1, 2, &parts[0]) || !take(c, ':') || !take_number(c, 1, 2, &parts[1]))
        return false;
    return !take(c, ':') || (take_number(c, 1, 2, &parts[2]) && take_fraction(c, &parts[3]));
}

static bool to_microseconds(const int parts[4], int64_t *us)
{
    *us = parts[0] * NU__US_HOUR + parts[1] * NU__US_MINUTE + parts[2] * NU__US_SECOND + parts[3];
    return parts[0] < 24 && parts[1] < 60 && parts[2] < 60;
}

nu__parsed nu__parse_date(nu_str text, nu_date *out)
{
    cursor c = cursor_of(text);
    int ymd[3];

    if (nu__date_from_iso(text, out))
        return NU__PARSED;
    if (!take_date(&c, ymd) || !at_end(&c))
        return NU__PARSE_NO_MATCH;
    out->ordinal = nu__ordinal_of(ymd[0], ymd[1], ymd[2]);
    return out->ordinal ? NU__PARSED : NU__PARSE_INVALID;
}

nu__parsed nu__parse_time(nu_str text, nu_time *out)
{
    cursor c = cursor_of(text);
    int parts[4];
    int64_t us;

    if (nu__time_from_iso(text, out))
        return NU__PARSED;
    if (!take_time(&c, parts) || !at_end(&c))
        return NU__PARSE_NO_MATCH;
    if (!to_microseconds(parts, &us))
        return NU__PARSE_INVALID;
    out->us_plus_1 = us + 1;
    return NU__PARSED;
}

/* Z, +HH, +HHMM or +HH:MM; true also when there is none. */
static bool take_offset(cursor *c, nu__iso_datetime *out)
{
    int hours, minutes = 0, sign = 1;

    if (at_end(c))
        return true;
    out->has_offset = true;
    if (take(c, 'Z'))
        return true;
    if (take(c, '-'))
        sign = -1;
    else if (!take(c, '+'))
        return false;
    if (!take_number(c, 2, 2, &hours))
        return false;
    if (take(c, ':') ? !take_number(c, 2, 2, &minutes)
                     : c->at < c->end && is_digit(*c->at) && !take_number(c, 2, 2, &minutes))
        return false;
    out->offset_us = sign * (hours * 60 + minutes) * NU__US_MINUTE;
    return true;
}

static void skip_space(cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || (*c->at >= '\t' && *c->at <= '\r')))
        c->at++;
}

nu__parsed nu__parse_written_datetime(nu_str text, nu__iso_datetime *out)
{
    cursor c = cursor_of(text);
    int ymd[3], parts[4];
    int32_t ordinal;

    if (nu__datetime_from_iso(text, out))
        return NU__PARSED;
    *out = (nu__iso_datetime){ 0 };
    if (!take_date(&c, ymd) || (!take(&c, 'T') && !take(&c, ' ')) || !take_time(&c, parts))
        return NU__PARSE_NO_MATCH;
    skip_space(&c);
    if (!take_offset(&c, out) || !at_end(&c))
        return NU__PARSE_NO_MATCH;
    ordinal = nu__ordinal_of(ymd[0], ymd[1], ymd[2]);
    if (!ordinal || !to_microseconds(parts, &out->wall_us) || out->offset_us >= NU__US_DAY ||
        out->offset_us <= -NU__US_DAY)
        return NU__PARSE_INVALID;
    out->wall_us += ordinal * NU__US_DAY;
    return NU__PARSED;
}

nu__parsed nu__parse_datetime(nu_str text, nu_datetime *out)
{
    nu__iso_datetime written;
    nu__parsed status = nu__parse_written_datetime(text, &written);

    if (status == NU__PARSED && !nu__iso_instant(&written, nu_timezone_default(), out))
        return NU__PARSE_INVALID;
    return status;
}

/* ---- durations ---------------------------------------------------------------------------- */

/* Sums stay exact: all parts but those of ISO 8601 are whole. */
typedef struct {
    int64_t us;
    bool overflow;
} total;

static void add(total *sum, int64_t count, int64_t unit)
{
    int64_t us;

    sum->overflow |=
        __builtin_mul_overflow(count, unit, &us) || __builtin_add_overflow(sum->us, us, &sum->us);
}

static bool take_count(cursor *c, int64_t *out, bool *overflow)
{
    const char *start = c->at;

    *out = 0;
    for (; c->at < c->end && is_digit(*c->at); c->at++)
        *overflow |= __builtin_mul_overflow(*out, 10, out) ||
                     __builtin_add_overflow(*out, *c->at - '0', out);
    return c->at > start;
}

static nu__parsed finish(total days, total rest, bool negative, nu_timedelta *out)
{
    if (negative)
        rest.us = -rest.us;
    if (days.overflow || rest.overflow || __builtin_add_overflow(days.us, rest.us, &out->us))
        return NU__PARSE_INVALID;
    out->set = true;
    return NU__PARSED;
}

/* The word behind a number of days: "days, ", which may be missing, or PostgreSQL's "days ". */
static bool take_days_word(cursor *c, bool standard)
{
    cursor start = *c;

    if (!take_word(c, "day"))
        return standard;
    take(c, 's');
    if (!standard) {
        take(c, ' ');
        return true;
    }
    if (!take_word(c, ", "))
        *c = start;
    return true;
}

/* The cursor stays where it is when there are none. */
static void take_days(cursor *c, total *sum, bool standard)
{
    cursor start = *c;
    bool negative = take(c, '-'), overflow = false;
    int64_t days;

    if (!take_count(c, &days, &overflow) || !take(c, ' ') || !take_days_word(c, standard)) {
        *c = start;
        return;
    }
    sum->overflow |= overflow;
    add(sum, negative ? -days : days, NU__US_DAY);
}

/* [[H:]M:]S[.f] */
static bool take_clock(cursor *c, total *sum)
{
    int64_t parts[3];
    int n = 0, microsecond;

    do
        if (!take_count(c, &parts[n++], &sum->overflow))
            return false;
    while (n < 3 && take(c, ':'));
    if (!take_fraction(c, &microsecond))
        return false;
    add(sum, parts[n - 1], NU__US_SECOND);
    if (n > 1)
        add(sum, parts[n - 2], NU__US_MINUTE);
    if (n > 2)
        add(sum, parts[0], NU__US_HOUR);
    add(sum, microsecond, 1);
    return true;
}

static nu__parsed parse_standard(nu_str text, nu_timedelta *out)
{
    cursor c = cursor_of(text);
    total days = { 0 }, rest = { 0 };
    bool negative;

    take_days(&c, &days, true);
    negative = take(&c, '-');
    if (!take_clock(&c, &rest) || !at_end(&c))
        return NU__PARSE_NO_MATCH;
    return finish(days, rest, negative, out);
}

/* A number with a fraction and its letter; true also when there is none. */
static bool take_iso_part(cursor *c, char letter, int64_t unit, total *sum)
{
    cursor start = *c;
    char number[64];
    size_t len = 0;
    bool point = false;

    for (; c->at < c->end && len < sizeof number; c->at++) {
        char ch = *c->at == ',' ? '.' : *c->at;

        if (!is_digit(ch) && (ch != '.' || point || !len))
            break;
        point |= ch == '.';
        number[len++] = ch;
    }
    if (!len || number[len - 1] == '.' || !take(c, letter)) {
        *c = start;
        return false;
    }
    if (!point) {
        cursor digits = { number, number + len };
        int64_t count;

        take_count(&digits, &count, &sum->overflow);
        add(sum, count, unit);
        return true;
    }
    double us = nearbyint(nu__float_parse(number, len) * (double)unit);

    sum->overflow |= us > 9e18;
    add(sum, us > 9e18 ? 0 : (int64_t)us, 1);
    return true;
}

static nu__parsed parse_iso(nu_str text, nu_timedelta *out)
{
    cursor c = cursor_of(text);
    total rest = { 0 }, days = { 0 };
    bool negative = take(&c, '-');

    if (!negative)
        take(&c, '+');
    if (!take(&c, 'P'))
        return NU__PARSE_NO_MATCH;
    take_iso_part(&c, 'D', NU__US_DAY, &rest);
    if (take(&c, 'T')) {
        take_iso_part(&c, 'H', NU__US_HOUR, &rest);
        take_iso_part(&c, 'M', NU__US_MINUTE, &rest);
        take_iso_part(&c, 'S', NU__US_SECOND, &rest);
    }
    return at_end(&c) ? finish(days, rest, negative, out) : NU__PARSE_NO_MATCH;
}

/* PostgreSQL's "3 days 04:05:06"; minutes and seconds have two digits. */
static nu__parsed parse_postgres(nu_str text, nu_timedelta *out)
{
    cursor c = cursor_of(text);
    total days = { 0 }, rest = { 0 };
    int64_t hours;
    int minutes, seconds, microsecond = 0;
    bool negative;

    take_days(&c, &days, false);
    if (at_end(&c))
        return finish(days, rest, false, out);
    negative = take(&c, '-');
    if (!negative)
        take(&c, '+');
    if (!take_count(&c, &hours, &rest.overflow) || !take(&c, ':') ||
        !take_number(&c, 2, 2, &minutes) || !take(&c, ':') || !take_number(&c, 2, 2, &seconds) ||
        !take_fraction(&c, &microsecond) || !at_end(&c))
        return NU__PARSE_NO_MATCH;
    add(&rest, hours, NU__US_HOUR);
    add(&rest, minutes, NU__US_MINUTE);
    add(&rest, seconds, NU__US_SECOND);
    add(&rest, microsecond, 1);
    return finish(days, rest, negative, out);
}

nu__parsed nu__parse_duration(nu_str text, nu_timedelta *out)
{
    static nu__parsed (*const forms[])(nu_str, nu_timedelta *) = { parse_standard, parse_iso,
                                                                   parse_postgres };
    nu__parsed status = NU__PARSE_NO_MATCH;

    text = nu__ascii_digits(text);
    for (size_t i = 0; status == NU__PARSE_NO_MATCH && i < 3; i++)
        status = forms[i](text, out);
    return status;
}

size_t nu__duration_string(char out[NU__TIME_TEXT], nu_timedelta delta)
{
    int64_t days = nu__floor_div(delta.us, NU__US_DAY);
    nu_time time = { nu__floor_mod(delta.us, NU__US_DAY) + 1 };
    char *at = out, digits[20];
    uint64_t count = days < 0 ? -(uint64_t)days : (uint64_t)days;
    int n = 0;

    if (!delta.set)
        return nu__timedelta_str(out, delta);
    if (days < 0)
        *at++ = '-';
    for (; count; count /= 10)
        digits[n++] = (char)('0' + count % 10);
    if (n) {
        while (n)
            *at++ = digits[--n];
        *at++ = ' ';
    }
    return (size_t)(at - out) + nu__time_iso(at, time);
}
