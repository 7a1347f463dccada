#include "utils/strptime.h"

#include "core/buf.h"
#include "core/time.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const months[] = { "January",   "February", "March",    "April",
                                      "May",       "June",     "July",     "August",
                                      "September", "October",  "November", "December" };

typedef struct fields {
    int year, month, day, day_of_year, hour, minute, second, microsecond;
    bool twelve_hours, afternoon;
} fields;

typedef struct reader {
    const char *at, *end;
} reader;

/* `least` to `most` digits; -1: there are fewer. */
static int number(reader *r, int least, int most)
{
    int value = 0, n = 0;

    for (; n < most && r->at < r->end && isdigit((unsigned char)*r->at); n++)
        value = value * 10 + (*r->at++ - '0');
    return n < least ? -1 : value;
}

static int month_name(reader *r, bool whole)
{
    for (int m = 0; m < 12; m++) {
        size_t len = whole ? strlen(months[m]) : 3;

        if ((size_t)(r->end - r->at) < len || strncasecmp(r->at, months[m], len))
            continue;
        r->at += len;
        return m + 1;
    }
    return -1;
}

static int fraction(reader *r)
{
    const char *start = r->at;
    int value = number(r, 1, 6);

    for (int64_t n = r->at - start; value >= 0 && n < 6; n++)
        value *= 10;
    return value;
}

static bool half_day(reader *r, fields *f)
{
    if (r->end - r->at < 2 || (strncasecmp(r->at, "am", 2) && strncasecmp(r->at, "pm", 2)))
        return false;
    f->afternoon = *r->at == 'p' || *r->at == 'P';
    r->at += 2;
    return true;
}

/* Whether `*into` took a value between `low` and `high`. */
static bool took(int *into, int value, int low, int high)
{
    *into = value;
    return value >= low && value <= high;
}

static bool directive(reader *r, char letter, fields *f)
{
    switch (letter) {
    case 'Y':
        return took(&f->year, number(r, 4, 4), 1, 9999);
    case 'y':
        f->year = number(r, 2, 2);
        if (f->year < 0)
            return false;
        f->year += f->year < 69 ? 2000 : 1900;
        return true;
    case 'm':
        return took(&f->month, number(r, 1, 2), 1, 12);
    case 'd':
        return took(&f->day, number(r, 1, 2), 1, 31);
    case 'b':
        return took(&f->month, month_name(r, false), 1, 12);
    case 'B':
        return took(&f->month, month_name(r, true), 1, 12);
    case 'j':
        return took(&f->day_of_year, number(r, 1, 3), 1, 366);
    case 'H':
        return took(&f->hour, number(r, 1, 2), 0, 23);
    case 'I':
        f->twelve_hours = true;
        return took(&f->hour, number(r, 1, 2), 1, 12);
    case 'M':
        return took(&f->minute, number(r, 1, 2), 0, 59);
    case 'S':
        return took(&f->second, number(r, 1, 2), 0, 59);
    case 'f':
        return took(&f->microsecond, fraction(r), 0, 999999);
    case 'p':
        return half_day(r, f);
    default:
        return false;
    }
}

static bool read_fields(reader *r, nu_str format, fields *f)
{
    for (size_t i = 0; i < format.len; i++) {
        char c = format.ptr[i];

        if (c == '%' && i + 1 < format.len) {
            if (!directive(r, format.ptr[++i], f))
                return false;
        } else if (isspace((unsigned char)c)) {
            if (r->at == r->end || !isspace((unsigned char)*r->at))
                return false;
            while (r->at < r->end && isspace((unsigned char)*r->at))
                r->at++;
        } else if (r->at == r->end || *r->at++ != c) {
            return false;
        }
    }
    return r->at == r->end;
}

bool nu__strptime(nu_str text, nu_str format, nu__strptime_result *out)
{
    fields f = { .year = 1900, .month = 1, .day = 1 };
    reader r = { text.ptr, text.ptr + text.len };
    int32_t ordinal;

    if (!text.len || !read_fields(&r, format, &f))
        return false;
    if (f.twelve_hours)
        f.hour = f.hour % 12 + (f.afternoon ? 12 : 0);
    ordinal = f.day_of_year ? nu__ordinal_of(f.year, 1, 1) + f.day_of_year - 1
                            : nu__ordinal_of(f.year, f.month, f.day);
    out->date = (nu_date){ ordinal };
    out->time = (nu_time){ ((f.hour * 60LL + f.minute) * 60 + f.second) * NU__US_SECOND +
                           f.microsecond + 1 };
    return ordinal != 0;
}

/* ---- writing ------------------------------------------------------------------------------- */

/* Python's strftime() of a time: that of 1900-01-01. */
static nu__moment on_the_first_day(nu__moment moment)
{
    moment.year = 1900;
    moment.month = moment.day = 1;
    return moment;
}

static nu__moment moment_of(nu_value value)
{
    if (value.kind == NU_KIND_DATE)
        return nu__moment_of_date((nu_date){ (int32_t)value.i });
    if (value.kind == NU_KIND_TIME)
        return on_the_first_day(nu__moment_of_time((nu_time){ value.i + 1 }));
    return nu__moment_at((nu_datetime){ value.i }, nu_timezone_current());
}

static void write_directive(nu__buf *out, char letter, const nu__moment *m)
{
    switch (letter) {
    case 'Y':
        nu__buf_fmt(out, "{:04}", m->year);
        break;
    case 'y':
        nu__buf_fmt(out, "{:02}", m->year % 100);
        break;
    case 'm':
        nu__buf_fmt(out, "{:02}", m->month);
        break;
    case 'd':
        nu__buf_fmt(out, "{:02}", m->day);
        break;
    case 'b':
        nu__buf_add(out, months[m->month - 1], 3);
        break;
    case 'B':
        nu__buf_str_add(out, nu_s(months[m->month - 1]));
        break;
    case 'H':
        nu__buf_fmt(out, "{:02}", m->hour);
        break;
    case 'I':
        nu__buf_fmt(out, "{:02}", m->hour % 12 ? m->hour % 12 : 12);
        break;
    case 'M':
        nu__buf_fmt(out, "{:02}", m->minute);
        break;
    case 'S':
        nu__buf_fmt(out, "{:02}", m->second);
        break;
    case 'f':
        nu__buf_fmt(out, "{:06}", m->microsecond);
        break;
    case 'p':
        nu__buf_str_add(out, m->hour < 12 ? S("AM") : S("PM"));
        break;
    default:
        nu__buf_char(out, letter);
    }
}

nu_str nu__strftime(nu_value value, nu_str format)
{
    nu__moment moment = moment_of(value);
    nu__buf out = { 0 };

    for (size_t i = 0; i < format.len; i++) {
        if (format.ptr[i] == '%' && i + 1 < format.len)
            write_directive(&out, format.ptr[++i], &moment);
        else
            nu__buf_char(&out, format.ptr[i]);
    }
    return nu__buf_str(&out);
}
