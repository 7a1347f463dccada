#include "utils/dateformat.h"

#include "core/object.h"
#include "core/text.h"
#include "utils/translation.h"

typedef nu__dateformat value;

/* ---- values ------------------------------------------------------------------------------- */

nu__dateformat nu__dateformat_of_date(nu_date date)
{
    return (value){ .moment = nu__moment_of_date(date), .has_date = true };
}

nu__dateformat nu__dateformat_of_time(nu_time time)
{
    return (value){ .moment = nu__moment_of_time(time), .has_time = true };
}

nu__dateformat nu__dateformat_of_datetime(nu_datetime instant, const nu_timezone *zone)
{
    value v = { .moment = nu__moment_at(instant, zone),
                .has_date = true,
                .has_time = true,
                .instant = instant };
    int64_t wall = instant.us + v.moment.offset * NU__US_SECOND;

    v.zoned = !nu__timezone_is_ambiguous_or_imaginary(zone, wall);
    return v;
}

/* The instant of a date is its first in the default zone. */
static nu_datetime instant_of(const value *v)
{
    nu_datetime instant = v->instant;

    if (!v->has_time &&
        !nu__timezone_from_wall(nu_timezone_default(), v->moment.ordinal * NU__US_DAY, 0, &instant))
        nu_raise(NU_OVERFLOW_ERROR, "date value out of range");
    return instant;
}

/* ---- fields ------------------------------------------------------------------------------- */

static void put_number(nu__buf *buf, int64_t number, int width)
{
    int64_t limit = 1;

    for (int i = 1; i < width; i++) {
        limit *= 10;
        if (number < limit)
            nu__buf_char(buf, '0');
    }
    nu__buf_int(buf, number);
}

static void put(nu__buf *buf, const char *text)
{
    nu__buf_str_add(buf, nu_s(text));
}

static void put_word(nu__buf *buf, const char *word)
{
    nu__buf_str_add(buf, nu__gettext(nu_s(word)));
}

static int hour_12(const value *v)
{
    return v->moment.hour % 12 ? v->moment.hour % 12 : 12;
}

static void put_am_pm(nu__buf *buf, const value *v)
{
    put_word(buf, v->moment.hour > 11 ? "p.m." : "a.m.");
}

static void put_am_pm_capital(nu__buf *buf, const value *v)
{
    put_word(buf, v->moment.hour > 11 ? "PM" : "AM");
}

static void put_month_3_lower(nu__buf *buf, const value *v)
{
    put_word(buf, nu__months_3[v->moment.month - 1]);
}

static void put_month_3(nu__buf *buf, const value *v)
{
    nu__buf_str_add(buf, nu__title(nu__gettext(nu_s(nu__months_3[v->moment.month - 1]))));
}

static void put_month_ap(nu__buf *buf, const value *v)
{
    nu__buf_str_add(buf,
                    nu__pgettext(S("abbrev. month"), nu_s(nu__months_ap[v->moment.month - 1])));
}

static void put_month_alt(nu__buf *buf, const value *v)
{
    nu__buf_str_add(buf, nu__pgettext(S("alt. month"), nu_s(nu__months[v->moment.month - 1])));
}

static void put_month_name(nu__buf *buf, const value *v)
{
    put_word(buf, nu__months[v->moment.month - 1]);
}

static void put_iso(nu__buf *buf, const value *v)
{
    char text[NU__TIME_TEXT];
    size_t len = nu__moment_iso(text, &v->moment, 'T');

    if (v->naive)
        len -= v->moment.offset % 60 ? 9 : 6;
    nu__buf_add(buf, text, v->has_time ? len : 10);
}

static void put_time_iso(nu__buf *buf, const value *v)
{
    const nu__moment *m = &v->moment;

    nu__buf_fmt(buf, "{:02}:{:02}:{:02}", m->hour, m->minute, m->second);
    if (m->microsecond)
        nu__buf_fmt(buf, ".{:06}", m->microsecond);
}

static void put_day_2(nu__buf *buf, const value *v)
{
    put_number(buf, v->moment.day, 2);
}

static void put_day(nu__buf *buf, const value *v)
{
    nu__buf_int(buf, v->moment.day);
}

static void put_weekday_abbr(nu__buf *buf, const value *v)
{
    put_word(buf, nu__weekdays_abbr[nu__weekday(v->moment.ordinal)]);
}

static void put_weekday_name(nu__buf *buf, const value *v)
{
    put_word(buf, nu__weekdays[nu__weekday(v->moment.ordinal)]);
}

static void put_weekday_number(nu__buf *buf, const value *v)
{
    nu__buf_int(buf, (nu__weekday(v->moment.ordinal) + 1) % 7);
}

static void put_hour_12_and_minutes(nu__buf *buf, const value *v)
{
    nu__buf_int(buf, hour_12(v));
    if (v->moment.minute) {
        nu__buf_char(buf, ':');
        put_number(buf, v->moment.minute, 2);
    }
}

static void put_hour_12(nu__buf *buf, const value *v)
{
    nu__buf_int(buf, hour_12(v));
}

static void put_hour_12_2(nu__buf *buf, const value *v)
{
    put_number(buf, hour_12(v), 2);
}

static void put_hour(nu__buf *buf, const value *v)
{
    nu__buf_int(buf, v->moment.hour);
}

static void put_hour_2(nu__buf *buf, const value *v)
{
    put_number(buf, v->moment.hour, 2);
}

static void put_minute(nu__buf *buf, const value *v)
{
    put_number(buf, v->moment.minute, 2);
}

static void put_second(nu__buf *buf, const value *v)
{
    put_number(buf, v->moment.second, 2);
}

static void put_microsecond(nu__buf *buf, const value *v)
{
    put_number(buf, v->moment.microsecond, 6);
}

static void put_time_in_words(nu__buf *buf, const value *v)
{
    bool full_hour = v->moment.minute == 0;

    if (full_hour && v->moment.hour == 0) {
        put_word(buf, "midnight");
    } else if (full_hour && v->moment.hour == 12) {
        put_word(buf, "noon");
    } else {
        put_hour_12_and_minutes(buf, v);
        nu__buf_char(buf, ' ');
        put_am_pm(buf, v);
    }
}

static void put_dst(nu__buf *buf, const value *v)
{
    if (v->zoned)
        nu__buf_char(buf, v->moment.dst ? '1' : '0');
}

static void put_leap(nu__buf *buf, const value *v)
{
    put(buf, nu__is_leap(v->moment.year) ? "True" : "False");
}

static void put_month_2(nu__buf *buf, const value *v)
{
    put_number(buf, v->moment.month, 2);
}

static void put_month(nu__buf *buf, const value *v)
{
    nu__buf_int(buf, v->moment.month);
}

static void put_iso_year(nu__buf *buf, const value *v)
{
    int year;

    nu__iso_week(v->moment.ordinal, &year);
    nu__buf_int(buf, year);
}

static void put_iso_week(nu__buf *buf, const value *v)
{
    int year;

    nu__buf_int(buf, nu__iso_week(v->moment.ordinal, &year));
}

/* "+0200"; seconds only where an old local time has them and `seconds` is set. */
static void put_offset_of(nu__buf *buf, int32_t offset, bool seconds)
{
    int size = offset < 0 ? -offset : offset;

    nu__buf_char(buf, offset < 0 ? '-' : '+');
    put_number(buf, size / 3600, 2);
    put_number(buf, size / 60 % 60, 2);
    if (seconds && size % 60)
        put_number(buf, size % 60, 2);
}

static void put_offset(nu__buf *buf, const value *v)
{
    if (v->zoned)
        put_offset_of(buf, v->moment.offset, false);
}

static void put_offset_seconds(nu__buf *buf, const value *v)
{
    if (v->zoned)
        nu__buf_int(buf, v->moment.offset);
}

static void put_zone(nu__buf *buf, const value *v)
{
    if (v->zoned)
        put(buf, v->moment.zone);
}

static void put_zone_unless_naive(nu__buf *buf, const value *v)
{
    if (!v->naive)
        put_zone(buf, v);
}

/* "Thu, 21 Dec 2000 16:01:07 +0200", in English whatever the language. */
static void put_rfc5322(nu__buf *buf, const value *v)
{
    nu__moment m = v->has_time ? v->moment : nu__moment_at(instant_of(v), nu_timezone_default());
    nu_str month = nu__title(nu_s(nu__months_3[m.month - 1]));

    nu__buf_fmt(buf, "{}, {:02} {} {:04} {:02}:{:02}:{:02} ",
                nu__weekdays_abbr[nu__weekday(m.ordinal)], m.day, month, m.year, m.hour, m.minute,
                m.second);
    put_offset_of(buf, m.offset, true);
}

static void put_ordinal_suffix(nu__buf *buf, const value *v)
{
    static const char *const suffixes[] = { "th", "st", "nd", "rd" };
    int day = v->moment.day, last = day % 10;

    put(buf, (day >= 11 && day <= 13) || last > 3 ? "th" : suffixes[last]);
}

static void put_days_in_month(nu__buf *buf, const value *v)
{
    nu__buf_int(buf, nu__days_in_month(v->moment.year, v->moment.month));
}

static void put_unix_time(nu__buf *buf, const value *v)
{
    int64_t us = instant_of(v).us - NU__UNIX_EPOCH_US;

    /* Python finds the offset of a date by the day before, which the first of all does not have. */
    if (!v->has_time && v->moment.ordinal == 1)
        nu_raise(NU_VALUE_ERROR, "the first day of the calendar has no timestamp");
    nu__buf_int(buf, us / NU__US_SECOND);
}

static void put_year_2(nu__buf *buf, const value *v)
{
    put_number(buf, v->moment.year % 100, 2);
}

static void put_year(nu__buf *buf, const value *v)
{
    put_number(buf, v->moment.year, 4);
}

static void put_day_of_year(nu__buf *buf, const value *v)
{
    nu__buf_int(buf, nu__day_of_year(v->moment.ordinal));
}

/* ---- the format --------------------------------------------------------------------------- */

/* OF_ZONES: all but a date may be asked for it; what has none shows none. OF_ALL_ZONES: a date
   too, but not where a time alone is asked for. */
typedef enum { OF_DATES, OF_TIMES, OF_ZONES, OF_ALL_ZONES } part;

static const struct {
    void (*put)(nu__buf *buf, const value *v);
    part part;
} letters[128] = {
    ['a'] = { put_am_pm, OF_TIMES },
    ['A'] = { put_am_pm_capital, OF_TIMES },
    ['b'] = { put_month_3_lower, OF_DATES },
    ['c'] = { put_iso, OF_DATES },
    ['d'] = { put_day_2, OF_DATES },
    ['D'] = { put_weekday_abbr, OF_DATES },
    ['e'] = { put_zone_unless_naive, OF_ZONES },
    ['E'] = { put_month_alt, OF_DATES },
    ['f'] = { put_hour_12_and_minutes, OF_TIMES },
    ['F'] = { put_month_name, OF_DATES },
    ['g'] = { put_hour_12, OF_TIMES },
    ['G'] = { put_hour, OF_TIMES },
    ['h'] = { put_hour_12_2, OF_TIMES },
    ['H'] = { put_hour_2, OF_TIMES },
    ['i'] = { put_minute, OF_TIMES },
    ['I'] = { put_dst, OF_ALL_ZONES },
    ['j'] = { put_day, OF_DATES },
    ['l'] = { put_weekday_name, OF_DATES },
    ['L'] = { put_leap, OF_DATES },
    ['m'] = { put_month_2, OF_DATES },
    ['M'] = { put_month_3, OF_DATES },
    ['n'] = { put_month, OF_DATES },
    ['N'] = { put_month_ap, OF_DATES },
    ['o'] = { put_iso_year, OF_DATES },
    ['O'] = { put_offset, OF_ZONES },
    ['P'] = { put_time_in_words, OF_TIMES },
    ['r'] = { put_rfc5322, OF_DATES },
    ['s'] = { put_second, OF_TIMES },
    ['S'] = { put_ordinal_suffix, OF_DATES },
    ['t'] = { put_days_in_month, OF_DATES },
    ['T'] = { put_zone, OF_ZONES },
    ['u'] = { put_microsecond, OF_TIMES },
    ['U'] = { put_unix_time, OF_DATES },
    ['w'] = { put_weekday_number, OF_DATES },
    ['W'] = { put_iso_week, OF_DATES },
    ['y'] = { put_year_2, OF_DATES },
    ['Y'] = { put_year, OF_DATES },
    ['z'] = { put_day_of_year, OF_DATES },
    ['Z'] = { put_offset_seconds, OF_ZONES },
};

static bool is_letter(nu_str format, size_t i)
{
    unsigned char c = (unsigned char)format.ptr[i];

    return c < 128 && letters[c].put && (i == 0 || format.ptr[i - 1] != '\\');
}

static bool has_part(const value *v, part part)
{
    switch (part) {
    case OF_DATES:
        return v->has_date && !v->clock_only;
    case OF_TIMES:
        return v->has_time;
    case OF_ZONES:
        return v->has_time || !v->has_date;
    case OF_ALL_ZONES:
        return !v->clock_only;
    }
    return false;
}

/* Text between letters: a backslash goes, what follows it stays. */
static size_t put_literal(nu__buf *buf, nu_str format, size_t i)
{
    for (; i < format.len && !is_letter(format, i); i++) {
        if (format.ptr[i] == '\\' && i + 1 < format.len && format.ptr[i + 1] != '\n')
            i++;
        nu__buf_char(buf, format.ptr[i]);
    }
    return i;
}

char nu__dateformat_to(nu__buf *buf, const nu__dateformat *v, nu_str format)
{
    for (size_t i = put_literal(buf, format, 0); i < format.len;
         i = put_literal(buf, format, i + 1)) {
        unsigned char c = (unsigned char)format.ptr[i];

        if (c == 'c' && v->has_time && !v->has_date && !v->clock_only) {
            put_time_iso(buf, v);
            continue;
        }
        if (!has_part(v, letters[c].part))
            return (char)c;
        letters[c].put(buf, v);
    }
    return 0;
}

/* ---- for values --------------------------------------------------------------------------- */

static NU_NORETURN void raise_missing(const value *v, char letter)
{
    nu_str text = { &letter, 1 };
    part part = letters[(unsigned char)letter].part;

    if (v->has_date && !v->has_time && has_part(&(value){ .has_time = true }, part))
        nu_raise(NU_TYPE_ERROR,
                 "The format for date objects may not contain time-related format specifiers "
                 "(found '{}').",
                 text);
    if (letter == 'r' || letter == 'U')
        nu_raise(NU_TYPE_ERROR, "combine() argument 1 must be datetime.date");
    nu_raise(NU_ATTRIBUTE_ERROR, "the value has nothing for the format specifier '{}'", text);
}

static nu_str format_value(const value *v, nu_str format)
{
    nu__buf buf = { 0 };
    char missing = nu__dateformat_to(&buf, v, format);

    if (missing)
        raise_missing(v, missing);
    return nu__buf_str(&buf);
}

static value value_of(nu_value any, const nu_timezone *zone)
{
    value v;

    switch (any.kind) {
    case NU_KIND_DATE:
        return nu__dateformat_of_date((nu_date){ (int32_t)any.i });
    case NU_KIND_TIME:
        return nu__dateformat_of_time((nu_time){ any.i + 1 });
    case NU_KIND_DATETIME:
        v = nu__dateformat_of_datetime((nu_datetime){ any.i }, zone ? zone : nu_timezone_default());
        v.naive = !zone;
        return v;
    default: /* formats without a letter are good for anything */
        return (value){ 0 };
    }
}

nu_str nu__date_format(nu_value any, const nu_timezone *zone, nu_str format)
{
    value v = value_of(any, zone);

    return format_value(&v, format);
}

nu_str nu__time_format(nu_value any, const nu_timezone *zone, nu_str format)
{
    value v = value_of(any, zone);

    v.clock_only = true;
    return format_value(&v, format);
}
