/* strftime() of date, datetime and time: a row a letter. */
#include "cli/shell/dates.h"

#include "core/text.h"

/* A moment, taken apart. */
typedef struct look {
    int64_t wall, clock;
    nu__ymd date;
    int day_of_year, weekday, iso_year, iso_week;
    const nu__py_moment *aware; /* NULL: of no zone */
} look;

static look look_at(int64_t wall, const nu__py_moment *aware)
{
    int32_t ordinal = (int32_t)(wall / NU__US_DAY);
    look at = { .wall = wall, .clock = wall % NU__US_DAY, .aware = aware };

    at.date = nu__ymd_of(ordinal);
    at.day_of_year = nu__day_of_year(ordinal);
    at.weekday = nu__weekday(ordinal);
    at.iso_week = nu__iso_week(ordinal, &at.iso_year);
    return at;
}

/* ---- numbers -----------------------------------------------------------------------------------
 */

static int64_t year(const look *at)
{
    return at->date.year;
}

static int64_t year_of_century(const look *at)
{
    return at->date.year % 100;
}

static int64_t month(const look *at)
{
    return at->date.month;
}

static int64_t day(const look *at)
{
    return at->date.day;
}

static int64_t day_of_year(const look *at)
{
    return at->day_of_year;
}

static int64_t hour(const look *at)
{
    return at->clock / NU__US_HOUR;
}

static int64_t hour_of_half_day(const look *at)
{
    return (hour(at) + 11) % 12 + 1;
}

static int64_t minute(const look *at)
{
    return at->clock / NU__US_MINUTE % 60;
}

static int64_t second(const look *at)
{
    return at->clock / NU__US_SECOND % 60;
}

static int64_t microsecond(const look *at)
{
    return at->clock % NU__US_SECOND;
}

static int64_t day_from_sunday(const look *at)
{
    return (at->weekday + 1) % 7;
}

static int64_t iso_weekday(const look *at)
{
    return at->weekday + 1;
}

static int64_t iso_year(const look *at)
{
    return at->iso_year;
}

static int64_t iso_week(const look *at)
{
    return at->iso_week;
}

static int64_t week_from_sunday(const look *at)
{
    return (at->day_of_year + 6 - day_from_sunday(at)) / 7;
}

static int64_t week_from_monday(const look *at)
{
    return (at->day_of_year + 6 - at->weekday) / 7;
}

static int64_t unix_seconds(const look *at)
{
    return (at->wall - NU__UNIX_EPOCH_US) / NU__US_SECOND;
}

static const struct number {
    char letter, fill;
    int width; /* 1: as it is */
    int64_t (*of)(const look *at);
} numbers[] = {
    { 'Y', '0', 4, year },
    { 'y', '0', 2, year_of_century },
    { 'm', '0', 2, month },
    { 'd', '0', 2, day },
    { 'e', ' ', 2, day },
    { 'H', '0', 2, hour },
    { 'I', '0', 2, hour_of_half_day },
    { 'M', '0', 2, minute },
    { 'S', '0', 2, second },
    { 'f', '0', 6, microsecond },
    { 'j', '0', 3, day_of_year },
    { 'w', '0', 1, day_from_sunday },
    { 'u', '0', 1, iso_weekday },
    { 'G', '0', 1, iso_year },
    { 'V', '0', 2, iso_week },
    { 'U', '0', 2, week_from_sunday },
    { 'W', '0', 2, week_from_monday },
    { 's', '0', 1, unix_seconds },
};

static bool add_number(nu__buf *out, char letter, const look *at)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int64_t value, most = 10;

        if (numbers[i].letter != letter)
            continue;
        value = numbers[i].of(at);
        for (int width = numbers[i].width; width > 1; width--)
            most *= 10;
        for (most /= 10; most > 1 && value < most; most /= 10)
            nu__buf_char(out, numbers[i].fill);
        nu__buf_int(out, value);
        return true;
    }
    return false;
}

/* ---- words -------------------------------------------------------------------------------------
 */

static void weekday_name(nu__buf *out, const look *at)
{
    static const char *const names[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                         "Friday", "Saturday", "Sunday" };

    nu__buf_str_add(out, nu_s(names[at->weekday]));
}

static void month_name(nu__buf *out, const look *at)
{
    static const char *const names[] = { "January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December" };

    nu__buf_str_add(out, nu_s(names[at->date.month - 1]));
}

static void half_day(nu__buf *out, const look *at)
{
    nu__buf_str_add(out, hour(at) < 12 ? S("AM") : S("PM"));
}

/* "+05:30"; without a zone nothing. */
static void offset_with_colon(nu__buf *out, const look *at)
{
    int64_t us = at->aware ? nu__py_offset(at->aware) : 0,
            minutes = (us < 0 ? -us : us) / NU__US_MINUTE;

    if (at->aware)
        nu__buf_fmt(out, "{}{:02}:{:02}", us < 0 ? "-" : "+", minutes / 60, minutes % 60);
}

static void offset(nu__buf *out, const look *at)
{
    int64_t us = at->aware ? nu__py_offset(at->aware) : 0,
            minutes = (us < 0 ? -us : us) / NU__US_MINUTE;

    if (at->aware)
        nu__buf_fmt(out, "{}{:02}{:02}", us < 0 ? "-" : "+", minutes / 60, minutes % 60);
}

static void zone_name(nu__buf *out, const look *at)
{
    const nu__py_moment *aware = at->aware;

    if (aware)
        nu__buf_str_add(
            out,
            nu_s(nu__timezone_offset_of_wall(aware->zone, at->wall, aware->fold).abbreviation));
}

static const struct word {
    char letter;
    size_t most; /* bytes of it; 0: all */
    void (*add)(nu__buf *out, const look *at);
} words[] = {
    { 'A', 0, weekday_name }, { 'a', 3, weekday_name },      { 'B', 0, month_name },
    { 'b', 3, month_name },   { 'h', 3, month_name },        { 'p', 0, half_day },
    { 'z', 0, offset },       { ':', 0, offset_with_colon }, { 'Z', 0, zone_name },
};

static bool add_word(nu__buf *out, char letter, const look *at)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t before = out->len;

        if (words[i].letter != letter)
            continue;
        words[i].add(out, at);
        if (words[i].most && out->len > before + words[i].most)
            out->len = before + words[i].most;
        return true;
    }
    return false;
}

/* ---- letters that stand for texts --------------------------------------------------------------
 */

static const struct text {
    char letter;
    const char *format; /* with letters of its own, but for the first three */
} texts[] = {
    { '%', "%" },           { 'n', "\n" },
    { 't', "\t" },          { 'c', "%a %b %e %H:%M:%S %Y" },
    { 'x', "%m/%d/%y" },    { 'D', "%m/%d/%y" },
    { 'X', "%H:%M:%S" },    { 'T', "%H:%M:%S" },
    { 'F', "%Y-%m-%d" },    { 'R', "%H:%M" },
    { 'r', "%I:%M:%S %p" },
};

static void add_format(nu__buf *out, nu_str format, const look *at);

static bool add_text(nu__buf *out, char letter, const look *at)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].letter == letter) {
            add_format(out, nu_s(texts[i].format), at);
            return true;
        }
    return false;
}

/* A letter that means nothing stays. */
static void add_letter(nu__buf *out, char letter, const look *at)
{
    if (add_number(out, letter, at) || add_word(out, letter, at) || add_text(out, letter, at))
        return;
    nu__buf_char(out, '%');
    nu__buf_char(out, letter);
}

/* "%:z" has two letters; a per cent sign at the end is one. */
static void add_format(nu__buf *out, nu_str format, const look *at)
{
    for (size_t i = 0; i < format.len; i++) {
        if (format.ptr[i] != '%' || i + 1 == format.len || !format.ptr[i + 1]) {
            nu__buf_char(out, format.ptr[i]);
            continue;
        }
        add_letter(out, format.ptr[i + 1], at);
        i += format.ptr[i + 1] == ':' && i + 2 < format.len ? 2 : 1;
    }
}

nu_str nu__py_strftime(nu_str format, int64_t wall, const nu__py_moment *aware)
{
    look at = look_at(wall, aware);
    nu__buf out = { 0 };

    add_format(&out, format, &at);
    return nu__buf_str(&out);
}
