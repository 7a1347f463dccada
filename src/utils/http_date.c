#include "core/time.h"
#include "utils/http.h"

#include <nuages/errors.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char weekdays[7][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static char *put_two(char *at, int number)
{
    *at++ = (char)('0' + number / 10);
    *at++ = (char)('0' + number % 10);
    return at;
}

static char *put(char *at, const char *text, size_t len)
{
    memcpy(at, text, len);
    return at + len;
}

void nu__http_date(char out[NU__HTTP_DATE_LEN + 1], int64_t unix_seconds)
{
    int64_t day = nu__floor_div(unix_seconds, 86400) + NU__ORDINAL_EPOCH;
    int seconds = (int)nu__floor_mod(unix_seconds, 86400);
    int32_t ordinal = day < 1 ? 1 : day > NU__ORDINAL_MAX ? NU__ORDINAL_MAX : (int32_t)day;
    nu__ymd date = nu__ymd_of(ordinal);
    char *at = put(out, weekdays[nu__weekday(ordinal)], 3);

    at = put_two(put(at, ", ", 2), date.day);
    at = put(put(put(at, " ", 1), months[date.month - 1], 3), " ", 1);
    at = put_two(put_two(at, date.year / 100), date.year % 100);
    at = put_two(put(at, " ", 1), seconds / 3600);
    at = put_two(put(at, ":", 1), seconds / 60 % 60);
    at = put_two(put(at, ":", 1), seconds % 60);
    put(at, " GMT", 5);
}

nu_str nu__http_date_str(int64_t unix_seconds)
{
    char text[NU__HTTP_DATE_LEN + 1];
    int64_t day = nu__floor_div(unix_seconds, 86400) + NU__ORDINAL_EPOCH;

    if (day < 1 || day > NU__ORDINAL_MAX)
        nu_raise(NU_VALUE_ERROR, "{} seconds lie outside of the years 1 to 9999.", unix_seconds);
    nu__http_date(text, unix_seconds);
    return nu_copy((nu_str){ text, NU__HTTP_DATE_LEN });
}

/* ---- reading ------------------------------------------------------------------------------ */

typedef struct {
    int year, month, day, hour, minute, second;
} fields;

/* One pattern letter each: w a word character, W 0 to 3 more, D Y H M S a digit of day, year, hour,
   minute, second, d a digit or space, m a month's letter; all else stands for itself. */
static const char *const forms[] = {
    "www, DD mmm YYYY HH:MM:SS GMT",
    "wwwwwwWWW, DD-mmm-YY HH:MM:SS GMT",
    "www mmm dD HH:MM:SS YYYY",
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool take_digit(char c, int *number)
{
    if (c < '0' || c > '9')
        return false;
    *number = *number * 10 + (c - '0');
    return true;
}

static bool take(char letter, char c, fields *f, char month[4])
{
    switch (letter) {
    case 'w':
        return is_word(c);
    case 'D':
        return take_digit(c, &f->day);
    case 'd':
        return c == ' ' || take_digit(c, &f->day);
    case 'Y':
        return take_digit(c, &f->year);
    case 'H':
        return take_digit(c, &f->hour);
    case 'M':
        return take_digit(c, &f->minute);
    case 'S':
        return take_digit(c, &f->second);
    case 'm':
        month[strlen(month)] = c;
        return is_word(c);
    default:
        return c == letter;
    }
}

/* The G and M of GMT are no fields: they come after the last blank of a pattern that ends so. */
static bool matches(const char *pattern, nu_str text, fields *f, char month[4])
{
    size_t at = 0;

    for (; *pattern; pattern++) {
        if (strcmp(pattern, " GMT") == 0)
            return text.len - at == 4 && memcmp(text.ptr + at, " GMT", 4) == 0;
        if (*pattern == 'W') {
            at += at < text.len && is_word(text.ptr[at]);
            continue;
        }
        if (at == text.len || !take(*pattern, text.ptr[at], f, month))
            return false;
        at++;
    }
    return at == text.len;
}

static int month_number(const char *name)
{
    for (int i = 0; i < 12; i++)
        if (strcasecmp(months[i], name) == 0)
            return i + 1;
    return 0;
}

/* Two digits mean the year of that ending which is at most 50 years ahead. */
static int full_year(int year)
{
    int current = nu__moment_at(nu_now(), nu_utc).year;
    int century = current - current % 100;

    return year - current % 100 > 50 ? century - 100 + year : century + year;
}

static bool to_seconds(const fields *f, const char *month, int64_t *unix_seconds)
{
    int year = f->year < 100 ? full_year(f->year) : f->year;
    int32_t ordinal = nu__ordinal_of(year, month_number(month), f->day);

    if (!ordinal || f->hour > 23 || f->minute > 59 || f->second > 59)
        return false;
    *unix_seconds =
        (ordinal - NU__ORDINAL_EPOCH) * 86400LL + f->hour * 3600 + f->minute * 60 + f->second;
    return true;
}

bool nu__parse_http_date(nu_str text, int64_t *unix_seconds)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        fields f = { 0 };
        char month[4] = "";

        if (matches(forms[i], text, &f, month))
            return to_seconds(&f, month, unix_seconds);
    }
    return false;
}
