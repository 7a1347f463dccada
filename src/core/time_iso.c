#include "core/text.h"
#include "core/time.h"

typedef struct {
    const char *at, *end;
} cursor;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Exactly `n` digits. */
static bool take_number(cursor *c, int n, int *out)
{
    if (c->end - c->at < n)
        return false;
    *out = 0;
    for (; n; n--, c->at++) {
        if (!is_digit(*c->at))
            return false;
        *out = *out * 10 + (*c->at - '0');
    }
    return true;
}

static bool take(cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

/* ---- dates -------------------------------------------------------------------------------- */

static bool take_week(cursor *c, int year, bool hyphens, int32_t *ordinal)
{
    int week, weekday = 1;

    if (!take_number(c, 2, &week))
        return false;
    if (c->at < c->end && (take(c, '-') != hyphens || !take_number(c, 1, &weekday)))
        return false;
    *ordinal = nu__ordinal_of_iso_week(year, week, weekday);
    return *ordinal != 0;
}

static bool parse_date(cursor c, int32_t *ordinal)
{
    int year, month, day;
    bool hyphens;

    if (!take_number(&c, 4, &year))
        return false;
    hyphens = take(&c, '-');
    if (take(&c, 'W'))
        return take_week(&c, year, hyphens, ordinal) && c.at == c.end;
    if (!take_number(&c, 2, &month) || take(&c, '-') != hyphens || !take_number(&c, 2, &day))
        return false;
    *ordinal = nu__ordinal_of(year, month, day);
    return *ordinal && c.at == c.end;
}

bool nu__date_from_iso(nu_str text, nu_date *out)
{
    return parse_date((cursor){ text.ptr, nu__str_end(text) }, &out->ordinal);
}

/* ---- times -------------------------------------------------------------------------------- */

/* Any number of digits, of which six count. */
static bool take_fraction(cursor *c, int *microsecond)
{
    int digits = 0;

    *microsecond = 0;
    for (; c->at < c->end && is_digit(*c->at); c->at++, digits++)
        if (digits < 6)
            *microsecond = *microsecond * 10 + (*c->at - '0');
    for (int i = digits; i < 6; i++)
        *microsecond *= 10;
    return digits > 0;
}

/* HH[[:]MM[[:]SS]], with colons everywhere or nowhere, and a fraction that counts as one of a
   second whatever it stands behind: all of it. */
static bool parse_clock(cursor c, int parts[4])
{
    bool colons = false;

    parts[1] = parts[2] = parts[3] = 0;
    for (int i = 0; i < 3; i++) {
        bool colon = i && take(&c, ':');

        if (i == 1)
            colons = colon;
        if ((i && colon != colons) || !take_number(&c, 2, &parts[i]))
            return false;
        if (take(&c, '.') || take(&c, ','))
            return take_fraction(&c, &parts[3]) && c.at == c.end;
        if (c.at == c.end)
            return true;
    }
    return false;
}

static int64_t microseconds(const int parts[4])
{
    return parts[0] * NU__US_HOUR + parts[1] * NU__US_MINUTE + parts[2] * NU__US_SECOND + parts[3];
}

static bool parse_offset(cursor c, nu__iso_datetime *out)
{
    bool negative = *c.at == '-';
    int parts[4];

    out->has_offset = true;
    out->offset_us = 0;
    if (*c.at++ == 'Z')
        return c.at == c.end;
    if (!parse_clock(c, parts))
        return false;
    out->offset_us = microseconds(parts);
    if (out->offset_us >= NU__US_DAY)
        return false;
    if (negative)
        out->offset_us = -out->offset_us;
    return true;
}

/* Adds to the wall. */
static bool parse_time(cursor c, nu__iso_datetime *out)
{
    cursor zone = c;
    int parts[4];

    while (zone.at < zone.end && *zone.at != '+' && *zone.at != '-' && *zone.at != 'Z')
        zone.at++;
    if (!parse_clock((cursor){ c.at, zone.at }, parts))
        return false;
    if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59)
        return false;
    out->wall_us += microseconds(parts);
    return zone.at == zone.end || parse_offset(zone, out);
}

bool nu__time_from_iso(nu_str text, nu_time *out)
{
    cursor c = { text.ptr, nu__str_end(text) };
    nu__iso_datetime parsed = { 0 };

    take(&c, 'T');
    if (!parse_time(c, &parsed))
        return false;
    out->us_plus_1 = parsed.wall_us + 1;
    return true;
}

/* ---- dates with times --------------------------------------------------------------------- */

/* How long the date in front is: told by its fifth and sixth character. */
static size_t date_length(nu_str text)
{
    size_t digits = 7;

    if (text.len <= 7)
        return text.len;
    if (text.ptr[4] == '-') {
        if (text.ptr[5] != 'W')
            return 10;
        return text.len > 9 && text.ptr[8] == '-' && !(text.len > 10 && is_digit(text.ptr[10])) ? 10
                                                                                                : 8;
    }
    if (text.ptr[4] != 'W')
        return 8;
    while (digits < text.len && is_digit(text.ptr[digits]))
        digits++;
    if (digits < 9)
        return digits;
    return digits % 2 ? 7 : 8;
}

static size_t character_length(char first)
{
    unsigned char c = (unsigned char)first;

    return c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

bool nu__datetime_from_iso(nu_str text, nu__iso_datetime *out)
{
    size_t len = date_length(text);
    cursor time = { text.ptr + len, text.ptr + text.len };
    int32_t ordinal;

    *out = (nu__iso_datetime){ 0 };
    if (len > text.len || !parse_date((cursor){ text.ptr, text.ptr + len }, &ordinal))
        return false;
    out->wall_us = ordinal * NU__US_DAY;
    if (text.len == len)
        return true;
    if ((size_t)(time.end - time.at) <= character_length(*time.at))
        return false;
    time.at += character_length(*time.at);
    return parse_time(time, out);
}

bool nu__iso_instant(const nu__iso_datetime *parsed, const nu_timezone *zone, nu_datetime *out)
{
    if (!parsed->has_offset)
        return nu__timezone_from_wall(zone, parsed->wall_us, 0, out);
    out->us = parsed->wall_us - parsed->offset_us;
    return nu__instant_in_range(out->us);
}
