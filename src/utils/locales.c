/* The formats of each language, as Django's. A language whose row leaves a list of input formats
   out has the settings' own. */
#include "core/text.h"
#include "utils/formats.h"

#define WITH_TIMES(date) date " %H:%M:%S", date " %H:%M:%S.%f", date " %H:%M"
#define ISO_TIMES        WITH_TIMES("%Y-%m-%d")
#define LIST(...)        ((const char *const[]){ __VA_ARGS__, NULL })

/* Settings' own lists, which languages without any of theirs have; `...`: more at the end. */
#define DATETIME_INPUTS(...)                                                                       \
    LIST(ISO_TIMES, WITH_TIMES("%m/%d/%Y"), WITH_TIMES("%m/%d/%y") __VA_OPT__(, ) __VA_ARGS__)
#define DATE_AND_TIME_INPUTS                                                                       \
    .date_input_formats =                                                                          \
        LIST("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%b %d %Y", "%b %d, %Y", "%d %b %Y", "%d %b, %Y", \
             "%B %d %Y", "%B %d, %Y", "%d %B %Y", "%d %B, %Y"),                                    \
    .time_input_formats = LIST("%H:%M:%S", "%H:%M:%S.%f", "%H:%M")
#define USUAL_INPUTS DATE_AND_TIME_INPUTS, .datetime_input_formats = DATETIME_INPUTS()
/* Days first, with a separator; `...`: further formats of date-times, before the ISO ones. */
#define DAY_FIRST_INPUTS(sep, ...)                                                                 \
    .date_input_formats = LIST("%d" sep "%m" sep "%Y", "%d" sep "%m" sep "%y", "%Y-%m-%d"),        \
    .time_input_formats = LIST("%H:%M:%S", "%H:%M:%S.%f", "%H:%M"),                                \
    .datetime_input_formats =                                                                      \
        LIST(WITH_TIMES("%d" sep "%m" sep "%Y"), __VA_ARGS__ __VA_OPT__(, ) ISO_TIMES, "%Y-%m-%d")

#define ENGLISH_FORMATS                                                                            \
    .date_format = "N j, Y", .time_format = "P", .datetime_format = "N j, Y, P",                   \
    .year_month_format = "F Y", .month_day_format = "F j", .short_date_format = "m/d/Y",           \
    .short_datetime_format = "m/d/Y P", .decimal_separator = ".", .thousand_separator = ","

#define NBSP "\u00a0"

const nu__locale nu__locale_en = { .language = "en",
                                   ENGLISH_FORMATS,
                                   DATE_AND_TIME_INPUTS,
                                   .datetime_input_formats = DATETIME_INPUTS("%Y-%m-%d"),
                                   .grouping = { 3 } };
const nu__locale nu__locale_none = { .language = "", ENGLISH_FORMATS, USUAL_INPUTS };

static const nu__locale locales[] = {
    { .language = "ar",
      .date_format = "j F، Y",
      .time_format = "g:i A",
      .datetime_format = "N j, Y, P",
      .year_month_format = "F Y",
      .month_day_format = "j F",
      .short_date_format = "d\u200f/m\u200f/Y",
      .short_datetime_format = "m/d/Y P",
      .decimal_separator = ",",
      .thousand_separator = ".",
      USUAL_INPUTS },
    { .language = "de",
      .date_format = "j. F Y",
      .time_format = "H:i",
      .datetime_format = "j. F Y H:i",
      .year_month_format = "F Y",
      .month_day_format = "j. F",
      .short_date_format = "d.m.Y",
      .short_datetime_format = "d.m.Y H:i",
      .first_day_of_week = 1,
      .decimal_separator = ",",
      .thousand_separator = ".",
      .grouping = { 3 },
      DAY_FIRST_INPUTS(".") },
    { .language = "en-gb",
      .date_format = "j M Y",
      .time_format = "P",
      .datetime_format = "j M Y, P",
      .year_month_format = "F Y",
      .month_day_format = "j F",
      .short_date_format = "d/m/Y",
      .short_datetime_format = "d/m/Y P",
      .first_day_of_week = 1,
      .decimal_separator = ".",
      .thousand_separator = ",",
      .grouping = { 3 },
      .date_input_formats = LIST("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d"),
      .time_input_formats = LIST("%H:%M:%S", "%H:%M:%S.%f", "%H:%M"),
      .datetime_input_formats =
          LIST(ISO_TIMES, WITH_TIMES("%d/%m/%Y"), WITH_TIMES("%d/%m/%y"), "%Y-%m-%d") },
    { .language = "es",
      .date_format = "j \\d\\e F \\d\\e Y",
      .time_format = "H:i",
      .datetime_format = "j \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i",
      .year_month_format = "F \\d\\e Y",
      .month_day_format = "j \\d\\e F",
      .short_date_format = "d/m/Y",
      .short_datetime_format = "d/m/Y H:i",
      .first_day_of_week = 1,
      .decimal_separator = ",",
      .thousand_separator = NBSP,
      .grouping = { 3 },
      DAY_FIRST_INPUTS("/", WITH_TIMES("%d/%m/%y")) },
    { .language = "fr",
      .date_format = "j F Y",
      .time_format = "H:i",
      .datetime_format = "j F Y H:i",
      .year_month_format = "F Y",
      .month_day_format = "j F",
      .short_date_format = "d/m/Y",
      .short_datetime_format = "d/m/Y H:i",
      .first_day_of_week = 1,
      .decimal_separator = ",",
      .thousand_separator = NBSP,
      .grouping = { 3 },
      DAY_FIRST_INPUTS("/") },
    { .language = "hi",
      .date_format = "j F Y",
      .time_format = "g:i A",
      .datetime_format = "N j, Y, P",
      .year_month_format = "F Y",
      .month_day_format = "j F",
      .short_date_format = "d-m-Y",
      .short_datetime_format = "m/d/Y P",
      .decimal_separator = ".",
      .thousand_separator = ",",
      USUAL_INPUTS },
    { .language = "ja",
      .date_format = "Y年n月j日",
      .time_format = "G:i",
      .datetime_format = "Y年n月j日G:i",
      .year_month_format = "Y年n月",
      .month_day_format = "n月j日",
      .short_date_format = "Y/m/d",
      .short_datetime_format = "Y/m/d G:i",
      .decimal_separator = ".",
      .thousand_separator = ",",
      .grouping = { 3 },
      USUAL_INPUTS },
    { .language = "pl",
      .date_format = "j E Y",
      .time_format = "H:i",
      .datetime_format = "j E Y H:i",
      .year_month_format = "F Y",
      .month_day_format = "j E",
      .short_date_format = "d-m-Y",
      .short_datetime_format = "d-m-Y  H:i",
      .first_day_of_week = 1,
      .decimal_separator = ",",
      .thousand_separator = NBSP,
      .grouping = { 3 },
      .date_input_formats = LIST("%d.%m.%Y", "%d.%m.%y", "%y-%m-%d", "%Y-%m-%d"),
      .time_input_formats = LIST("%H:%M:%S", "%H:%M:%S.%f", "%H:%M"),
      .datetime_input_formats = LIST(WITH_TIMES("%d.%m.%Y"), ISO_TIMES, "%Y-%m-%d") },
    { .language = "pt-br",
      .date_format = "j \\d\\e F \\d\\e Y",
      .time_format = "H:i",
      .datetime_format = "j \\d\\e F \\d\\e Y à\\s H:i",
      .year_month_format = "F \\d\\e Y",
      .month_day_format = "j \\d\\e F",
      .short_date_format = "d/m/Y",
      .short_datetime_format = "d/m/Y H:i",
      .decimal_separator = ",",
      .thousand_separator = ".",
      .grouping = { 3 },
      DAY_FIRST_INPUTS("/", WITH_TIMES("%d/%m/%y")) },
    { .language = "ru",
      .date_format = "j E Y г.",
      .time_format = "G:i",
      .datetime_format = "j E Y г. G:i",
      .year_month_format = "F Y г.",
      .month_day_format = "j F",
      .short_date_format = "d.m.Y",
      .short_datetime_format = "d.m.Y H:i",
      .first_day_of_week = 1,
      .decimal_separator = ",",
      .thousand_separator = NBSP,
      .grouping = { 3 },
      DAY_FIRST_INPUTS(".", WITH_TIMES("%d.%m.%y")) },
    { .language = "zh-hans",
      .date_format = "Y年n月j日",
      .time_format = "H:i",
      .datetime_format = "Y年n月j日 H:i",
      .year_month_format = "Y年n月",
      .month_day_format = "m月j日",
      .short_date_format = "Y年n月j日",
      .short_datetime_format = "Y年n月j日 H:i",
      .first_day_of_week = 1,
      .decimal_separator = ".",
      .thousand_separator = "",
      .grouping = { 4 },
      .date_input_formats = LIST("%Y/%m/%d", "%Y-%m-%d", "%Y年%n月%j日"),
      .time_input_formats = LIST("%H:%M", "%H:%M:%S", "%H:%M:%S.%f"),
      .datetime_input_formats =
          LIST("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y年%n月%j日 %H:%M", "%Y/%m/%d %H:%M:%S",
               "%Y-%m-%d %H:%M:%S", "%Y年%n月%j日 %H:%M:%S", "%Y/%m/%d %H:%M:%S.%f",
               "%Y-%m-%d %H:%M:%S.%f", "%Y年%n月%j日 %H:%n:%S.%f", "%Y-%m-%d") },
};

static const nu__locale *exact(nu_str language)
{
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++)
        if (nu_eq(language, locales[i].language))
            return &locales[i];
    return nu_eq(language, "en") ? &nu__locale_en : NULL;
}

const nu__locale *nu__locale_named(nu_str language)
{
    const nu__locale *locale = exact(language);
    const char *dash = language.len ? memchr(language.ptr, '-', language.len) : NULL;

    if (locale || !dash)
        return locale;
    return exact(nu__sub(language, 0, (size_t)(dash - language.ptr)));
}
