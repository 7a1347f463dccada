/* time, ZoneInfo and timezone. */
#include "cli/shell/dates.h"

#include "core/text.h"

nu__py nu__py_time(nu_time time)
{
    return (nu__py){ .type = &nu__py_time_type, .i = time.us_plus_1 - 1 };
}

/* ---- zones ----------------------------------------------------------------------------------- */

/* datetime.timezone has UTC and fixed offsets, whose names begin with a sign. */
nu__py nu__py_zone(const nu_timezone *zone)
{
    nu_str name = nu_timezone_name(zone);
    bool fixed = zone == nu_utc || (name.len && (name.ptr[0] == '+' || name.ptr[0] == '-'));

    return nu__py_pointer(fixed ? &nu__py_timezone_type : &nu__py_zone_type, zone);
}

nu__py nu__py_zone_or_none(const nu_timezone *zone)
{
    return zone ? nu__py_zone(zone) : nu__py_none();
}

const nu_timezone *nu__py_as_zone(nu__py value)
{
    if (!nu__py_given(value) || value.type == &nu__py_none_type)
        return NULL;
    if (!nu__py_is_a(value.type, &nu__py_zone_type))
        nu_raise(NU_TYPE_ERROR,
                 "tzinfo argument must be None or of a tzinfo subclass, not type "
                 "'{}'",
                 value.type->name);
    return value.cp;
}

static void zone_repr(nu__py self, nu__buf *out)
{
    if (self.cp == nu_utc)
        nu__buf_lit(out, "datetime.timezone.utc");
    else if (self.type == &nu__py_timezone_type)
        nu__buf_fmt(out, "datetime.timezone({})",
                    nu__py_repr(nu__py_timedelta(
                        nu__timezone_offset(self.cp, (nu_datetime){ NU__US_DAY }).seconds *
                        NU__US_SECOND)));
    else
        nu__buf_fmt(out, "zoneinfo.ZoneInfo(key='{}')", nu_timezone_name(self.cp));
}

static void zone_text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu_timezone_name(self.cp));
}

static nu__py zone_key(nu__py self)
{
    return nu__py_str(nu_timezone_name(self.cp));
}

static nu__py zone_make(nu__py self, const nu__py *args)
{
    nu_str name = nu__py_as_str(args[0], "ZoneInfo key");
    bool missing = false;
    const nu_timezone *zone = nu__timezone_find(name, &missing);

    (void)self;
    if (!zone && missing)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "no zoneinfo is installed (Debian: package tzdata)");
    if (!zone)
        nu__py_raise(&nu__py_zone_not_found, "No time zone found with key {}", name);
    return nu__py_zone(zone);
}

const nu__py_type nu__py_zone_type = {
    .name = "ZoneInfo",
    .module = "zoneinfo",
    .attributes = (const nu__py_attribute[]){ { "key", zone_key }, { NULL, NULL } },
    .signature = "key",
    .make = zone_make,
    .repr = zone_repr,
    .text = zone_text,
};

const nu__py_type nu__py_zone_not_found = { .name = "ZoneInfoNotFoundError",
                                            .base = &nu__py_errors[NU_KEY_ERROR],
                                            .module = "zoneinfo",
                                            .error = NU_KEY_ERROR };

static nu__py timezone_make(nu__py self, const nu__py *args)
{
    (void)self;
    if (args[0].type != &nu__py_timedelta_type)
        nu_raise(NU_TYPE_ERROR, "timezone() argument 1 must be datetime.timedelta, not {}",
                 args[0].type->name);
    if (args[0].i % NU__US_MINUTE)
        nu_raise(NU_VALUE_ERROR, "the shell's time zones are whole minutes from UTC");
    return args[0].i ? nu__py_zone(nu_timezone_fixed((int)(args[0].i / NU__US_MINUTE)))
                     : nu__py_zone(nu_utc);
}

static bool timezone_static(const nu__py_type *type, nu_str name, nu__py *out)
{
    (void)type;
    if (!nu_eq(name, "utc"))
        return false;
    *out = nu__py_zone(nu_utc);
    return true;
}

const nu__py_type nu__py_timezone_type = {
    .name = "timezone",
    .module = "datetime",
    .base = &nu__py_zone_type,
    .signature = "offset, name=",
    .make = timezone_make,
    .get_static = timezone_static,
};

/* ---- time ------------------------------------------------------------------------------------ */

static bool hash(nu__py self, uint64_t *out)
{
    *out = (uint64_t)self.i * 0x9E3779B97F4A7C15u + 4;
    return true;
}

static void text(nu__py self, nu__buf *out)
{
    nu__py_add_clock(out, self.i);
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_repr(out, nu_v_time((nu_time){ self.i + 1 }));
}

static void json(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "{{\"$time\": \"{}\"}}", nu__py_text(self));
}

static nu_str format(nu__py self, nu_str spec)
{
    return nu__py_strftime(spec, (int64_t)nu__ordinal_of(1900, 1, 1) * NU__US_DAY + self.i, NULL);
}

#define PART(name, expression)                                                                     \
    static nu__py name(nu__py self)                                                                \
    {                                                                                              \
        return nu__py_int(expression);                                                             \
    }
PART(hour, self.i / NU__US_HOUR)
PART(minute, self.i / NU__US_MINUTE % 60)
PART(second, self.i / NU__US_SECOND % 60)
PART(microsecond, self.i % NU__US_SECOND)

static nu__py isoformat(nu__py self, const nu__py *args)
{
    return nu__py_str(nu__py_timespec(nu__py_text(self), 0, args[0]));
}

static nu__py in_format(nu__py self, const nu__py *args)
{
    return nu__py_str(format(self, nu__py_as_str(args[0], "strftime() argument 1")));
}

static nu__py replace(nu__py self, const nu__py *args)
{
    return nu__py_time(
        (nu_time){ nu__py_clock(nu__py_int_or(args[0], hour(self).i, "hour"),
                                nu__py_int_or(args[1], minute(self).i, "minute"),
                                nu__py_int_or(args[2], second(self).i, "second"),
                                nu__py_int_or(args[3], microsecond(self).i, "microsecond")) +
                   1 });
}

static nu__py make(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_time((nu_time){ nu__py_clock(nu__py_int_or(args[0], 0, "hour"),
                                               nu__py_int_or(args[1], 0, "minute"),
                                               nu__py_int_or(args[2], 0, "second"),
                                               nu__py_int_or(args[3], 0, "microsecond")) +
                                  1 });
}

static nu__py fromisoformat(nu__py self, const nu__py *args)
{
    nu_str given = nu__py_as_str(args[0], "fromisoformat: argument");
    nu_time time;

    (void)self;
    if (!nu__time_from_iso(given, &time))
        nu_raise(NU_VALUE_ERROR, "Invalid isoformat string: {}", nu__repr_str(given));
    return nu__py_time(time);
}

static bool get_static(const nu__py_type *type, nu_str name, nu__py *out)
{
    bool min = nu_eq(name, "min");

    (void)type;
    if (!min && !nu_eq(name, "max"))
        return false;
    *out = nu__py_time((nu_time){ min ? 1 : NU__US_DAY });
    return true;
}

const nu__py_type nu__py_time_type = {
    .name = "time",
    .module = "datetime",
    .methods =
        (const nu__py_method[]){ { "isoformat", "timespec=", isoformat },
                                 { "replace", "hour=, minute=, second=, microsecond=", replace },
                                 { "strftime", "format", in_format },
                                 { NULL, NULL, NULL } },
    .attributes = (const nu__py_attribute[]){ { "hour", hour },
                                              { "minute", minute },
                                              { "second", second },
                                              { "microsecond", microsecond },
                                              { NULL, NULL } },
    .statics = (const nu__py_method[]){ { "fromisoformat", "time_string, /", fromisoformat },
                                        { NULL, NULL, NULL } },
    .get_static = get_static,
    .signature = "hour=, minute=, second=, microsecond=",
    .make = make,
    .equal = nu__py_same_count,
    .compare = nu__py_compare_counts,
    .hash = hash,
    .repr = repr,
    .text = text,
    .format = format,
    .json = json,
};
