/* Dates, numbers, spans and sizes in each language, as Django writes them: tests/data/i18n. */
#include "table.h"

#include "apps/registry.h"
#include "conf/settings.h"
#include "core/buf.h"
#include "i18n/translation.h"
#include "utils/dateformat.h"
#include "utils/dateparse.h"
#include "utils/numberformat.h"
#include "utils/timesince.h"

#include <nuages/i18n.h>

#include <stdlib.h>

static nu_str joined(const char *const *formats)
{
    nu__buf out = { 0 };

    for (; *formats; formats++)
        nu__buf_fmt(&out, "{}{}", out.len ? "|" : "", *formats);
    return nu__buf_str(&out);
}

static nu_str inputs(const nu__locale *locale, nu_str name)
{
    return joined(nu_starts_with(name, S("DATE_"))   ? locale->date_input_formats
                  : nu_starts_with(name, S("TIME_")) ? locale->time_input_formats
                                                     : locale->datetime_input_formats);
}

static nu_str date(nu_str iso)
{
    nu_datetime moment = { 0 };

    CHECK(nu__parse_datetime(iso, &moment) == NU__PARSED);
    return nu__date_format(V(moment), nu_utc, S("N|E|F|b|M|D|l|a|A|P"));
}

static nu_str since(nu_str seconds)
{
    int64_t start = nu_datetime_of(2020, 1, 1, 0, 0, 0).us;

    return nu__timesince(start, start + atoll(seconds.ptr) * 1000000, 2, NULL);
}

static nu_str written(nu_str kind, nu_str argument)
{
    const nu__locale *locale = nu__locale_current();

    if (nu_eq(kind, "format"))
        return nu_s(nu__get_format(locale, argument));
    if (nu_eq(kind, "inputs"))
        return inputs(locale, argument);
    if (nu_eq(kind, "date"))
        return date(argument);
    if (nu_eq(kind, "number"))
        return nu__number_format(V(argument), -1, locale, true);
    if (nu_eq(kind, "since"))
        return since(argument);
    return nu__filesizeformat(atoll(argument.ptr), locale);
}

static bool check_row(const nu_str cells[TABLE_CELLS], size_t n)
{
    CHECK_INT(n, 4);
    nu_language_activate(cells[0]);
    return CHECK_STR(written(cells[1], cells[2]), cells[3]);
}

static void every_language_writes_as_djangos_does(void)
{
    static const nu_settings site = { .secret_key = "k" };

    nu__conf_setup(&site);
    nu__apps_setup(site.installed_apps, 1);
    nu__i18n_setup();
    table_each("i18n/locales.txt", check_row);
    nu__i18n_release();
    nu__apps_release();
    nu__conf_release();
}

HARNESS(every_language_writes_as_djangos_does)
