/* date, and the texts that it shares with datetime and time. */
#include "cli/shell/dates.h"

#include "core/text.h"

nu__py nu__py_date(nu_date date)
{
    return (nu__py){ .type = &nu__py_date_type, .i = date.ordinal };
}

/* ---- shared ---------------------------------------------------------------------------------- */

int32_t nu__py_ordinal(int64_t year, int64_t month, int64_t day)
{
    if (year < 1 || year > 9999)
        nu_raise(NU_VALUE_ERROR, "year {} is out of range", year);
    if (month < 1 || month > 12)
        nu_raise(NU_VALUE_ERROR, "month must be in 1..12");
    if (day < 1 || day > nu__days_in_month((int)year, (int)month))
        nu_raise(NU_VALUE_ERROR, "day is out of range for month");
    return nu__ordinal_of((int)year, (int)month, (int)day);
}

int64_t nu__py_clock(int64_t hour, int64_t minute, int64_t second, int64_t microsecond)
{
    if (hour < 0 || hour > 23)
        nu_raise(NU_VALUE_ERROR, "hour must be in 0..23");
    if (minute < 0 || minute > 59)
        nu_raise(NU_VALUE_ERROR, "minute must be in 0..59");
    if (second < 0 || second > 59)
        nu_raise(NU_VALUE_ERROR, "second must be in 0..59");
    if (microsecond < 0 || microsecond > 999999)
        nu_raise(NU_VALUE_ERROR, "microsecond must be in 0..999999");
    return hour * NU__US_HOUR + minute * NU__US_MINUTE + second * NU__US_SECOND + microsecond;
}

void nu__py_add_date(nu__buf *out, int32_t ordinal)
{
    char text[NU__TIME_TEXT];

    nu__buf_add(out, text, nu__date_iso(text, (nu_date){ ordinal }));
}

void nu__py_add_clock(nu__buf *out, int64_t us)
{
    char text[NU__TIME_TEXT];

    nu__buf_add(out, text, nu__time_iso(text, (nu_time){ us + 1 }));
}

/* ---- date ------------------------------------------------------------------------------------ */

static int32_t ordinal_of(nu__py self)
{
    return self.type == &nu__py_date_type ? (int32_t)self.i
                                          : (int32_t)(nu__py_moment_of(self)->wall_us / NU__US_DAY);
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    int64_t ordinal, days;

    if (op == NU__PY_SUB && a.type == &nu__py_date_type && b.type == &nu__py_date_type) {
        *out = nu__py_timedelta((a.i - b.i) * NU__US_DAY);
        return true;
    }
    if (op == NU__PY_ADD && b.type == &nu__py_date_type) {
        nu__py swap = a;

        a = b;
        b = swap;
    }
    if (a.type != &nu__py_date_type || b.type != &nu__py_timedelta_type ||
        (op != NU__PY_ADD && op != NU__PY_SUB))
        return false;
    days = nu__floor_div(b.i, NU__US_DAY);
    ordinal = op == NU__PY_ADD ? a.i + days : a.i - days;
    if (ordinal < 1 || ordinal > NU__ORDINAL_MAX)
        nu_raise(NU_OVERFLOW_ERROR, "date value out of range");
    *out = nu__py_date((nu_date){ (int32_t)ordinal });
    return true;
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (a.type != &nu__py_date_type || b.type != &nu__py_date_type)
        return false;
    *out = a.i == b.i;
    return true;
}

static bool compare(nu__py a, nu__py b, int *order)
{
    if (a.type != &nu__py_date_type || b.type != &nu__py_date_type)
        return false;
    *order = (a.i > b.i) - (a.i < b.i);
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    *out = (uint64_t)self.i * 0x9E3779B97F4A7C15u + 2;
    return true;
}

static void repr(nu__py self, nu__buf *out)
{
    nu__ymd d = nu__ymd_of((int32_t)self.i);

    nu__buf_fmt(out, "datetime.date({}, {}, {})", d.year, d.month, d.day);
}

static void text(nu__py self, nu__buf *out)
{
    nu__py_add_date(out, (int32_t)self.i);
}

static void json(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "{{\"$date\": \"{}\"}}", nu__py_text(self));
}

static nu_str format(nu__py self, nu_str spec)
{
    return nu__py_strftime(spec, self.i * NU__US_DAY, NULL);
}

/* ---- attributes and methods, of datetime too ------------------------------------------------- */

#define PART(name)                                                                                 \
    static nu__py name(nu__py self)                                                                \
    {                                                                                              \
        return nu__py_int(nu__ymd_of(ordinal_of(self)).name);                                      \
    }
PART(year)
PART(month)
PART(day)

static nu__py weekday(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_int(nu__weekday(ordinal_of(self)));
}

static nu__py isoweekday(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_int(nu__weekday(ordinal_of(self)) + 1);
}

static nu__py ctime_of(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str(nu__py_format(self, S("%a %b %e %H:%M:%S %Y")));
}

static nu__py toordinal(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_int(ordinal_of(self));
}

static nu__py isocalendar(nu__py self, const nu__py *args)
{
    int year = 0, week = nu__iso_week(ordinal_of(self), &year);
    nu__py out = nu__py_pair(nu__py_int(year), nu__py_int(week));

    nu__py_append(out, isoweekday(self, args));
    return out;
}

static nu__py isoformat(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str(nu__py_text(self));
}

static nu__py in_format(nu__py self, const nu__py *args)
{
    return nu__py_str(nu__py_strftime(nu__py_as_str(args[0], "strftime() argument 1"),
                                      self.i * NU__US_DAY, NULL));
}

static nu__py replace(nu__py self, const nu__py *args)
{
    nu__ymd d = nu__ymd_of((int32_t)self.i);

    return nu__py_date((nu_date){ nu__py_ordinal(nu__py_int_or(args[0], d.year, "year"),
                                                 nu__py_int_or(args[1], d.month, "month"),
                                                 nu__py_int_or(args[2], d.day, "day")) });
}

static nu__py today(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    return nu__py_date(nu_datetime_date(nu_now(), nu_timezone_default()));
}

static nu__py fromisoformat(nu__py self, const nu__py *args)
{
    nu_str given = nu__py_as_str(args[0], "fromisoformat: argument");
    nu_date date;

    (void)self;
    if (!nu__date_from_iso(given, &date))
        nu_raise(NU_VALUE_ERROR, "Invalid isoformat string: {}", nu__repr_str(given));
    return nu__py_date(date);
}

static nu__py fromordinal(nu__py self, const nu__py *args)
{
    int64_t ordinal = nu__py_as_int(args[0], "ordinal");

    (void)self;
    if (ordinal < 1 || ordinal > NU__ORDINAL_MAX)
        nu_raise(NU_VALUE_ERROR, "ordinal must be >= 1");
    return nu__py_date((nu_date){ (int32_t)ordinal });
}

static nu__py make(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_date(
        (nu_date){ nu__py_ordinal(nu__py_as_int(args[0], "year"), nu__py_as_int(args[1], "month"),
                                  nu__py_as_int(args[2], "day")) });
}

static bool get_static(const nu__py_type *type, nu_str name, nu__py *out)
{
    bool min = nu_eq(name, "min");

    if (type != &nu__py_date_type || (!min && !nu_eq(name, "max")))
        return false;
    *out = nu__py_date((nu_date){ min ? 1 : NU__ORDINAL_MAX });
    return true;
}

const nu__py_type nu__py_date_type = {
    .name = "date",
    .module = "datetime",
    .methods = (const nu__py_method[]){ { "ctime", NULL, ctime_of },
                                        { "isocalendar", NULL, isocalendar },
                                        { "isoformat", NULL, isoformat },
                                        { "isoweekday", NULL, isoweekday },
                                        { "replace", "year=, month=, day=", replace },
                                        { "strftime", "format", in_format },
                                        { "toordinal", NULL, toordinal },
                                        { "weekday", NULL, weekday },
                                        { NULL, NULL, NULL } },
    .attributes =
        (const nu__py_attribute[]){
            { "year", year }, { "month", month }, { "day", day }, { NULL, NULL } },
    .statics = (const nu__py_method[]){ { "today", NULL, today },
                                        { "fromisoformat", "date_string, /", fromisoformat },
                                        { "fromordinal", "ordinal, /", fromordinal },
                                        { NULL, NULL, NULL } },
    .get_static = get_static,
    .signature = "year, month, day",
    .make = make,
    .binary = binary,
    .equal = equal,
    .compare = compare,
    .hash = hash,
    .repr = repr,
    .text = text,
    .format = format,
    .json = json,
};
