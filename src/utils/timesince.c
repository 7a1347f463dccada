#include "utils/timesince.h"

#include "core/buf.h"
#include "core/text.h"
#include "utils/translation.h"

enum { YEARS, MONTHS, WEEKS, DAYS, HOURS, MINUTES, UNITS };

static nu_str unit_text(const char *context, int unit, int64_t count)
{
    static const char *const texts[UNITS][2] = {
        { "%(num)d year", "%(num)d years" }, { "%(num)d month", "%(num)d months" },
        { "%(num)d week", "%(num)d weeks" }, { "%(num)d day", "%(num)d days" },
        { "%(num)d hour", "%(num)d hours" }, { "%(num)d minute", "%(num)d minutes" },
    };
    nu_str where = context ? nu_s(context) : (nu_str){ 0 };
    nu_str text = nu__npgettext(where, nu_s(texts[unit][0]), nu_s(texts[unit][1]), count);

    text = nu__replace(text, S("%(num)d"), nu_fmt("{}", count));
    return nu__replace(text, S(" "), S("\u00a0"));
}

static int64_t whole_months(nu__ymd then, nu__ymd now, int64_t then_time, int64_t now_time)
{
    int64_t months = (now.year - then.year) * 12 + (now.month - then.month);

    if (then.day > now.day || (then.day == now.day && then_time > now_time))
        months--;
    return months;
}

/* `months` after `then`, in whole seconds; the 29th to 31st become the last of a shorter month
   (February's is always the 28th). */
static int64_t shifted(nu__ymd then, int64_t then_time, int64_t months)
{
    static const int last_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int month = then.month - 1 + (int)(months % 12);
    int year = then.year + (int)(months / 12) + month / 12;
    int last = last_days[month % 12];
    int32_t ordinal = nu__ordinal_of(year, month % 12 + 1, then.day < last ? then.day : last);

    return ordinal * NU__US_DAY + then_time / NU__US_SECOND * NU__US_SECOND;
}

static void count_units(int64_t then_us, int64_t now_us, int64_t counts[UNITS])
{
    static const int64_t sizes[UNITS] = { [WEEKS] = 7 * NU__US_DAY,
                                          [DAYS] = NU__US_DAY,
                                          [HOURS] = NU__US_HOUR,
                                          [MINUTES] = NU__US_MINUTE };
    nu__ymd then = nu__ymd_of((int32_t)(then_us / NU__US_DAY));
    nu__ymd now = nu__ymd_of((int32_t)(now_us / NU__US_DAY));
    int64_t months = whole_months(then, now, then_us % NU__US_DAY, now_us % NU__US_DAY);
    int64_t rest = now_us - (months ? shifted(then, then_us % NU__US_DAY, months) : then_us);

    counts[YEARS] = months / 12;
    counts[MONTHS] = months % 12;
    for (int unit = WEEKS; unit < UNITS; unit++) {
        counts[unit] = nu__floor_div(rest, sizes[unit]);
        rest -= counts[unit] * sizes[unit];
    }
}

nu_str nu__timesince(int64_t then_us, int64_t now_us, int depth, const char *context)
{
    nu__buf buf = { 0 };
    int64_t counts[UNITS];
    int unit = 0;

    if (depth < 1)
        nu_raise(NU_VALUE_ERROR, "depth must be greater than 0.");
    if (now_us - then_us < NU__US_SECOND)
        return unit_text(context, MINUTES, 0);
    count_units(then_us, now_us, counts);
    while (unit < UNITS && !counts[unit])
        unit++;
    if (unit == UNITS)
        return unit_text(context, MINUTES, 0);
    for (; unit < UNITS && counts[unit] && depth; unit++, depth--) {
        if (buf.len)
            nu__buf_str_add(&buf, nu__gettext(S(", ")));
        nu__buf_str_add(&buf, unit_text(context, unit, counts[unit]));
    }
    return nu__buf_str(&buf);
}
