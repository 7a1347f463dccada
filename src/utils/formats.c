#include "utils/formats.h"

#include "core/context.h"

#include <stddef.h>

static const char *const date_inputs_en[] = {
    "%Y-%m-%d",  "%m/%d/%Y", "%m/%d/%y",  "%b %d %Y", "%b %d, %Y", "%d %b %Y",
    "%d %b, %Y", "%B %d %Y", "%B %d, %Y", "%d %B %Y", "%d %B, %Y", NULL,
};
static const char *const time_inputs_en[] = { "%H:%M:%S", "%H:%M:%S.%f", "%H:%M", NULL };
static const char *const datetime_inputs_en[] = {
    "%Y-%m-%d %H:%M:%S",    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M",       "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S.%f", "%m/%d/%Y %H:%M",
    "%m/%d/%y %H:%M:%S",    "%m/%d/%y %H:%M:%S.%f",
    "%m/%d/%y %H:%M",       NULL,
};

#define MONTH_NAMES                                                                                \
    {                                                                                              \
        "January", "February", "March", "April", "May", "June", "July", "August", "September",     \
            "October", "November", "December"                                                      \
    }
/* Words that English and "no language" share. */
#define WORDS                                                                                      \
    .weekdays = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },  \
    .weekdays_abbr = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" }, .months = MONTH_NAMES,   \
    .months_alt = MONTH_NAMES, .months_3 = { "jan", "feb", "mar", "apr", "may", "jun",             \
                                             "jul", "aug", "sep", "oct", "nov", "dec" },           \
    .months_ap = { "Jan.", "Feb.", "March", "April", "May",  "June",                               \
                   "July", "Aug.", "Sept.", "Oct.",  "Nov.", "Dec." },                             \
    .am = "a.m.", .pm = "p.m.", .am_capital = "AM", .pm_capital = "PM", .midnight = "midnight",    \
    .noon = "noon", .years = { "{} year", "{} years" },                                            \
    .months_count = { "{} month", "{} months" }, .weeks = { "{} week", "{} weeks" },               \
    .days = { "{} day", "{} days" }, .hours = { "{} hour", "{} hours" },                           \
    .minutes = { "{} minute", "{} minutes" }, .bytes = { "{} byte", "{} bytes" },                  \
    .date_format = "N j, Y", .time_format = "P", .datetime_format = "N j, Y, P",                   \
    .year_month_format = "F Y", .month_day_format = "F j", .short_date_format = "m/d/Y",           \
    .short_datetime_format = "m/d/Y P", .date_input_formats = date_inputs_en,                      \
    .time_input_formats = time_inputs_en, .datetime_input_formats = datetime_inputs_en,            \
    .decimal_separator = ".", .thousand_separator = ","

const nu__locale nu__locale_en = { .language = "en", WORDS, .grouping = { 3 } };
const nu__locale nu__locale_none = { .language = "", WORDS };

static const nu__locale *site_settings;

const nu__locale *nu__locale_settings(void)
{
    return site_settings ? site_settings : &nu__locale_none;
}

void nu__locale_set_settings(const nu__locale *settings)
{
    site_settings = settings;
}

const nu__locale *nu__locale_current(void)
{
    const nu__locale *active = nu__here ? nu__here->locals[NU__LOCAL_LANGUAGE] : NULL;

    return active ? active : &nu__locale_en;
}

void nu__locale_activate(const nu__locale *locale)
{
    nu__here->locals[NU__LOCAL_LANGUAGE] = (void *)locale;
}

const char *nu__get_format(const nu__locale *locale, nu_str name)
{
    static const struct {
        const char *name;
        size_t offset;
    } rows[] = {
        { "DATE_FORMAT", offsetof(nu__locale, date_format) },
        { "TIME_FORMAT", offsetof(nu__locale, time_format) },
        { "DATETIME_FORMAT", offsetof(nu__locale, datetime_format) },
        { "YEAR_MONTH_FORMAT", offsetof(nu__locale, year_month_format) },
        { "MONTH_DAY_FORMAT", offsetof(nu__locale, month_day_format) },
        { "SHORT_DATE_FORMAT", offsetof(nu__locale, short_date_format) },
        { "SHORT_DATETIME_FORMAT", offsetof(nu__locale, short_datetime_format) },
        { "DECIMAL_SEPARATOR", offsetof(nu__locale, decimal_separator) },
        { "THOUSAND_SEPARATOR", offsetof(nu__locale, thousand_separator) },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (nu_eq(name, rows[i].name))
            return *(const char *const *)((const char *)locale + rows[i].offset);
    return NULL;
}

nu_str nu__plural_text(nu__plural plural, int64_t number)
{
    return nu_fmt_(number == 1 ? plural.one : plural.many, NU_ARGS(number));
}
