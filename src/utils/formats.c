#include "utils/formats.h"

#include "core/context.h"

#include <stddef.h>

const char *const nu__months[12] = { "January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December" };
const char *const nu__months_3[12] = { "jan", "feb", "mar", "apr", "may", "jun",
                                       "jul", "aug", "sep", "oct", "nov", "dec" };
const char *const nu__months_ap[12] = { "Jan.", "Feb.", "March", "April", "May",  "June",
                                        "July", "Aug.", "Sept.", "Oct.",  "Nov.", "Dec." };
const char *const nu__weekdays[7] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                      "Friday", "Saturday", "Sunday" };
const char *const nu__weekdays_abbr[7] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

static const nu__locale *site_settings;

const nu__locale *nu__locale_settings(void)
{
    return site_settings ? site_settings : &nu__locale_none;
}

void nu__locale_set_settings(const nu__locale *settings)
{
    site_settings = settings;
}

static const nu__locale *site_locale = &nu__locale_en;

void nu__locale_set_default(const nu__locale *locale)
{
    site_locale = locale ? locale : &nu__locale_en;
}

const nu__locale *nu__locale_current(void)
{
    const nu__locale *active = nu__here ? nu__here->locals[NU__LOCAL_LANGUAGE] : NULL;

    return active ? active : site_locale;
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
