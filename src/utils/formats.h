/**
 * @file
 * What differs from language to language in dates and numbers: a row of data for each.
 *
 * Django keeps these as django/conf/locale/xx/formats.py. The words (months, weekdays, "a.m.") are
 * texts like all others and come from the catalogues; see translation.h.
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu__locale {
    const char *language; /* "en" */
    const char *date_format, *time_format, *datetime_format, *year_month_format;
    const char *month_day_format, *short_date_format, *short_datetime_format;
    int first_day_of_week;                                             /* 0: Sunday */
    const char *const *date_input_formats, *const *time_input_formats; /* end with NULL */
    const char *const *datetime_input_formats;
    const char *decimal_separator, *thousand_separator;
    uint8_t grouping[4]; /* sizes of groups from the point on, 0 repeats the last: {3}, {3, 2} */
} nu__locale;

extern const nu__locale nu__locale_en;
/* Settings alone, without any language; as Django's: a point, no grouping, "N j, Y". Where
   localization is off. Django: use_l10n=False */
extern const nu__locale nu__locale_none;
const nu__locale *nu__locale_settings(void);
/* The site's settings in their place, which must outlive the process' use; NULL: none. */
void nu__locale_set_settings(const nu__locale *settings);

/* The row of a language, else of the one it is a variety of ("de-ch": German); NULL: none. */
const nu__locale *nu__locale_named(nu_str language);

/* Where none is activated: English, or what was set; NULL sets English again. */
void nu__locale_set_default(const nu__locale *locale);
/* The running fiber's: the activated one, else the default. */
const nu__locale *nu__locale_current(void);
/* For the rest of the fiber, or until deactivated by NULL. The locale must outlive it. */
void nu__locale_activate(const nu__locale *locale);

/* A format by its setting's name, "DATE_FORMAT", "SHORT_DATETIME_FORMAT"; NULL when it is none. */
const char *nu__get_format(const nu__locale *locale, nu_str name);

/* English words of the calendar, from January and Monday on: the keys of their translations. */
extern const char *const nu__months[12], *const nu__months_3[12], *const nu__months_ap[12];
extern const char *const nu__weekdays[7], *const nu__weekdays_abbr[7];
