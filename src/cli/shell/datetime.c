/* datetime: operators, text, making. */
#include "cli/shell/dates.h"

#include "core/text.h"
#include "utils/strptime.h"

nu__py nu__py_datetime_at(int64_t wall_us, const nu_timezone *zone, int fold)
{
    nu__py_moment *m;

    if (wall_us < NU__US_DAY || wall_us >= (NU__ORDINAL_MAX + 1) * NU__US_DAY)
        nu_raise(NU_OVERFLOW_ERROR, "date value out of range");
    m = nu_alloc(nu__py_moment);
    *m = (nu__py_moment){ wall_us, zone, fold };
    return nu__py_pointer(&nu__py_datetime_type, m);
}

nu__py nu__py_naive(int64_t wall_us)
{
    return nu__py_datetime_at(wall_us, NULL, 0);
}

nu__py nu__py_datetime(nu_datetime instant, const nu_timezone *zone)
{
    int64_t wall = instant.us + nu__timezone_offset(zone, instant).seconds * NU__US_SECOND;
    int64_t first = wall - nu__timezone_offset_of_wall(zone, wall, 0).seconds * NU__US_SECOND;

    return nu__py_datetime_at(wall, zone, first != instant.us);
}

const nu__py_moment *nu__py_moment_of(nu__py datetime)
{
    return datetime.cp;
}

int64_t nu__py_offset(const nu__py_moment *m)
{
    return m->zone
               ? nu__timezone_offset_of_wall(m->zone, m->wall_us, m->fold).seconds * NU__US_SECOND
               : 0;
}

nu_datetime nu__py_instant(nu__py datetime)
{
    const nu__py_moment *m = nu__py_moment_of(datetime);
    nu__py_moment local = *m;

    if (!local.zone)
        local.zone = nu_timezone_current();
    return (nu_datetime){ m->wall_us - nu__py_offset(&local) };
}

/* Of two in one zone, or both naive, the walls count; else the instants. */
static bool comparable(nu__py a, nu__py b, int64_t *difference)
{
    const nu__py_moment *x, *y;

    if (a.type != &nu__py_datetime_type || b.type != &nu__py_datetime_type)
        return false;
    x = nu__py_moment_of(a);
    y = nu__py_moment_of(b);
    if (!x->zone != !y->zone)
        return false;
    *difference = x->wall_us - y->wall_us;
    if (x->zone != y->zone)
        *difference -= nu__py_offset(x) - nu__py_offset(y);
    return true;
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    const nu__py_moment *m;
    int64_t difference, us;

    if (op == NU__PY_SUB && a.type == &nu__py_datetime_type && b.type == &nu__py_datetime_type) {
        if (!comparable(a, b, &difference))
            nu_raise(NU_TYPE_ERROR, "can't subtract offset-naive and offset-aware datetimes");
        *out = nu__py_timedelta(difference);
        return true;
    }
    if (op == NU__PY_ADD && b.type == &nu__py_datetime_type)
        return binary(op, b, a, out);
    if (a.type != &nu__py_datetime_type || b.type != &nu__py_timedelta_type ||
        (op != NU__PY_ADD && op != NU__PY_SUB))
        return false;
    m = nu__py_moment_of(a);
    if (op == NU__PY_ADD ? __builtin_add_overflow(m->wall_us, b.i, &us)
                         : __builtin_sub_overflow(m->wall_us, b.i, &us))
        nu_raise(NU_OVERFLOW_ERROR, "date value out of range");
    *out = nu__py_datetime_at(us, m->zone, 0);
    return true;
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    int64_t difference;

    if (a.type != b.type)
        return false;
    *out = comparable(a, b, &difference) && !difference;
    return true;
}

static bool compare(nu__py a, nu__py b, int *order)
{
    int64_t difference;

    if (a.type == &nu__py_date_type || b.type == &nu__py_date_type)
        nu_raise(NU_TYPE_ERROR, "can't compare {} to {}", nu__py_shown(a.type),
                 nu__py_shown(b.type));
    if (a.type != &nu__py_datetime_type || b.type != &nu__py_datetime_type)
        return false;
    if (!comparable(a, b, &difference))
        nu_raise(NU_TYPE_ERROR, "can't compare offset-naive and offset-aware datetimes");
    *order = (difference > 0) - (difference < 0);
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    const nu__py_moment *m = nu__py_moment_of(self);

    *out = (uint64_t)(m->wall_us - nu__py_offset(m)) * 0x9E3779B97F4A7C15u + 3;
    return true;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void add_offset(nu__buf *out, int64_t us)
{
    int64_t seconds = (us < 0 ? -us : us) / NU__US_SECOND;

    nu__buf_fmt(out, "{}{:02}:{:02}", us < 0 ? "-" : "+", seconds / 3600, seconds / 60 % 60);
    if (seconds % 60)
        nu__buf_fmt(out, ":{:02}", seconds % 60);
}

static void add_iso(nu__py self, nu__buf *out, nu_str separator, int64_t cut)
{
    const nu__py_moment *m = nu__py_moment_of(self);
    int64_t clock = m->wall_us % NU__US_DAY;

    nu__py_add_date(out, (int32_t)(m->wall_us / NU__US_DAY));
    nu__buf_str_add(out, separator);
    nu__py_add_clock(out, cut ? clock / cut * cut : clock);
    if (m->zone)
        add_offset(out, nu__py_offset(m));
}

static void text(nu__py self, nu__buf *out)
{
    add_iso(self, out, S(" "), 0);
}

static void repr(nu__py self, nu__buf *out)
{
    const nu__py_moment *m = nu__py_moment_of(self);
    nu__ymd d = nu__ymd_of((int32_t)(m->wall_us / NU__US_DAY));
    int64_t clock = m->wall_us % NU__US_DAY;

    nu__buf_fmt(out, "datetime.datetime({}, {}, {}, {}, {}", d.year, d.month, d.day,
                clock / NU__US_HOUR, clock / NU__US_MINUTE % 60);
    if (clock % NU__US_MINUTE)
        nu__buf_fmt(out, ", {}", clock / NU__US_SECOND % 60);
    if (clock % NU__US_SECOND)
        nu__buf_fmt(out, ", {}", clock % NU__US_SECOND);
    if (m->fold)
        nu__buf_lit(out, ", fold=1");
    if (m->zone)
        nu__buf_fmt(out, ", tzinfo={}", nu__py_repr(nu__py_zone(m->zone)));
    nu__buf_char(out, ')');
}

static void json(nu__py self, nu__buf *out)
{
    nu__buf_lit(out, "{\"$datetime\": \"");
    add_iso(self, out, S("T"), 0);
    nu__buf_lit(out, "\"}");
}

static nu_str format(nu__py self, nu_str spec)
{
    const nu__py_moment *m = nu__py_moment_of(self);

    return nu__py_strftime(spec, m->wall_us, m->zone ? m : NULL);
}

nu_str nu__py_timespec(nu_str iso, size_t at, nu__py timespec)
{
    static const struct {
        const char *name;
        size_t clock, fraction; /* characters of "03:04:05", and of ".678901" */
    } specs[] = { { "hours", 2, 0 },
                  { "minutes", 5, 0 },
                  { "seconds", 8, 0 },
                  { "milliseconds", 8, 4 },
                  { "microseconds", 8, 7 } };
    nu_str spec = nu__py_given(timespec) ? nu__py_as_str(timespec, "timespec") : S("auto");
    size_t end = at + sizeof "03:04:05" - 1;
    bool fraction = end < iso.len && iso.ptr[end] == '.';
    nu_str offset = { iso.ptr + end, iso.len - end }, digits = S(".000000");

    if (nu_eq(spec, "auto"))
        return iso;
    if (fraction) {
        digits = (nu_str){ offset.ptr, digits.len };
        offset = (nu_str){ offset.ptr + digits.len, offset.len - digits.len };
    }
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++)
        if (nu_eq(spec, specs[i].name)) {
            iso.len = at + specs[i].clock;
            digits.len = specs[i].fraction;
            return nu_fmt("{}{}{}", iso, digits, offset);
        }
    nu_raise(NU_VALUE_ERROR, "Unknown timespec value");
}

static nu__py isoformat(nu__py self, const nu__py *args)
{
    nu_str separator =
        nu__py_given(args[0]) ? nu__py_as_str(args[0], "isoformat() argument 1") : S("T");
    nu__buf out = { 0 };

    add_iso(self, &out, separator, 0);
    return nu__py_str(
        nu__py_timespec(nu__buf_str(&out), sizeof "2024-05-17" - 1 + separator.len, args[1]));
}

/* ---- making ---------------------------------------------------------------------------------- */

static nu__py make(nu__py self, const nu__py *args)
{
    int32_t ordinal =
        nu__py_ordinal(nu__py_as_int(args[0], "year"), nu__py_as_int(args[1], "month"),
                       nu__py_as_int(args[2], "day"));
    int64_t clock =
        nu__py_clock(nu__py_int_or(args[3], 0, "hour"), nu__py_int_or(args[4], 0, "minute"),
                     nu__py_int_or(args[5], 0, "second"), nu__py_int_or(args[6], 0, "microsecond"));

    (void)self;
    return nu__py_datetime_at(ordinal * NU__US_DAY + clock, nu__py_as_zone(args[7]),
                              (int)nu__py_int_or(args[8], 0, "fold"));
}

static nu__py in_format(nu__py self, const nu__py *args)
{
    return nu__py_str(format(self, nu__py_as_str(args[0], "strftime() argument 1")));
}

#define CLOCK_PART(name, expression)                                                               \
    static nu__py name(nu__py self)                                                                \
    {                                                                                              \
        int64_t us = nu__py_moment_of(self)->wall_us % NU__US_DAY;                                 \
                                                                                                   \
        return nu__py_int(expression);                                                             \
    }
CLOCK_PART(hour, us / NU__US_HOUR)
CLOCK_PART(minute, us / NU__US_MINUTE % 60)
CLOCK_PART(second, us / NU__US_SECOND % 60)
CLOCK_PART(microsecond, us % NU__US_SECOND)

static nu__py tzinfo(nu__py self)
{
    return nu__py_zone_or_none(nu__py_moment_of(self)->zone);
}

static nu__py fold(nu__py self)
{
    return nu__py_int(nu__py_moment_of(self)->fold);
}

static nu__py date_of(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_date((nu_date){ (int32_t)(nu__py_moment_of(self)->wall_us / NU__US_DAY) });
}

static nu__py time_of(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_time((nu_time){ nu__py_moment_of(self)->wall_us % NU__US_DAY + 1 });
}

static nu__py timestamp(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_float((double)(nu__py_instant(self).us - NU__UNIX_EPOCH_US) / 1e6);
}

static nu__py astimezone(nu__py self, const nu__py *args)
{
    const nu_timezone *zone = nu__py_as_zone(args[0]);

    return nu__py_datetime(nu__py_instant(self), zone ? zone : nu_timezone_current());
}

static nu__py utcoffset(nu__py self, const nu__py *args)
{
    const nu__py_moment *m = nu__py_moment_of(self);

    (void)args;
    return m->zone ? nu__py_timedelta(nu__py_offset(m)) : nu__py_none();
}

static nu__py tzname(nu__py self, const nu__py *args)
{
    const nu__py_moment *m = nu__py_moment_of(self);

    (void)args;
    return m->zone ? nu__py_str(nu__py_strftime(S("%Z"), m->wall_us, m)) : nu__py_none();
}

static nu__py replace(nu__py self, const nu__py *args)
{
    const nu__py_moment *m = nu__py_moment_of(self);
    nu__ymd d = nu__ymd_of((int32_t)(m->wall_us / NU__US_DAY));
    int64_t us = m->wall_us % NU__US_DAY;
    int32_t ordinal = nu__py_ordinal(nu__py_int_or(args[0], d.year, "year"),
                                     nu__py_int_or(args[1], d.month, "month"),
                                     nu__py_int_or(args[2], d.day, "day"));

    us = nu__py_clock(nu__py_int_or(args[3], us / NU__US_HOUR, "hour"),
                      nu__py_int_or(args[4], us / NU__US_MINUTE % 60, "minute"),
                      nu__py_int_or(args[5], us / NU__US_SECOND % 60, "second"),
                      nu__py_int_or(args[6], us % NU__US_SECOND, "microsecond"));
    return nu__py_datetime_at(ordinal * NU__US_DAY + us,
                              nu__py_given(args[7]) ? nu__py_as_zone(args[7]) : m->zone,
                              (int)nu__py_int_or(args[8], m->fold, "fold"));
}

/* ---- datetime.now() and the like ------------------------------------------------------------- */

static nu__py now(nu__py self, const nu__py *args)
{
    const nu_timezone *zone = nu__py_as_zone(args[0]);
    nu__py local = nu__py_datetime(nu_now(), zone ? zone : nu_timezone_default());

    (void)self;
    return zone ? local : nu__py_naive(nu__py_moment_of(local)->wall_us);
}

static nu__py utcnow(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    return nu__py_naive(nu_now().us);
}

static nu__py fromtimestamp(nu__py self, const nu__py *args)
{
    const nu_timezone *zone = nu__py_as_zone(args[1]);
    double seconds = args[0].type == &nu__py_float_type
                         ? args[0].f
                         : (double)nu__py_as_int(args[0], "timestamp");
    nu__py local =
        nu__py_datetime(nu_datetime_from_timestamp(seconds), zone ? zone : nu_timezone_default());

    (void)self;
    return zone ? local : nu__py_naive(nu__py_moment_of(local)->wall_us);
}

static nu__py combine(nu__py self, const nu__py *args)
{
    (void)self;
    if (args[0].type != &nu__py_date_type && args[0].type != &nu__py_datetime_type)
        nu_raise(NU_TYPE_ERROR, "combine() argument 1 must be datetime.date, not {}",
                 args[0].type->name);
    if (args[1].type != &nu__py_time_type)
        nu_raise(NU_TYPE_ERROR, "combine() argument 2 must be datetime.time, not {}",
                 args[1].type->name);
    return nu__py_datetime_at((args[0].type == &nu__py_date_type
                                   ? args[0].i
                                   : nu__py_moment_of(args[0])->wall_us / NU__US_DAY) *
                                      NU__US_DAY +
                                  args[1].i,
                              nu__py_as_zone(args[2]), 0);
}

static nu__py fromisoformat(nu__py self, const nu__py *args)
{
    nu_str given = nu__py_as_str(args[0], "fromisoformat: argument");
    nu__iso_datetime iso;
    const nu_timezone *zone = NULL;

    (void)self;
    if (!nu__datetime_from_iso(given, &iso))
        nu_raise(NU_VALUE_ERROR, "Invalid isoformat string: {}", nu__repr_str(given));
    if (iso.has_offset)
        zone = iso.offset_us ? nu_timezone_fixed((int)(iso.offset_us / NU__US_MINUTE)) : nu_utc;
    return nu__py_datetime_at(iso.wall_us, zone, 0);
}

static nu__py strptime_(nu__py self, const nu__py *args)
{
    nu_str text = nu__py_as_str(args[0], "strptime() argument 1");
    nu_str format = nu__py_as_str(args[1], "strptime() argument 2");
    nu__strptime_result found;

    (void)self;
    if (!nu__strptime(text, format, &found))
        nu_raise(NU_VALUE_ERROR, "time data {} does not match format {}", nu__repr_str(text),
                 nu__repr_str(format));
    return nu__py_naive(found.date.ordinal * NU__US_DAY + found.time.us_plus_1 - 1);
}

static bool get_static(const nu__py_type *type, nu_str name, nu__py *out)
{
    bool min = nu_eq(name, "min");

    (void)type;
    if (!min && !nu_eq(name, "max"))
        return false;
    *out = nu__py_naive(min ? NU__US_DAY : (NU__ORDINAL_MAX + 1) * NU__US_DAY - 1);
    return true;
}

#define PARTS "year=, month=, day=, hour=, minute=, second=, microsecond=, tzinfo=, *, fold="

const nu__py_type nu__py_datetime_type = {
    .name = "datetime",
    .module = "datetime",
    .base = &nu__py_date_type,
    .methods = (const nu__py_method[]){ { "astimezone", "tz=", astimezone },
                                        { "date", NULL, date_of },
                                        { "isoformat", "sep=, timespec=", isoformat },
                                        { "replace", PARTS, replace },
                                        { "strftime", "format", in_format },
                                        { "time", NULL, time_of },
                                        { "timestamp", NULL, timestamp },
                                        { "tzname", NULL, tzname },
                                        { "utcoffset", NULL, utcoffset },
                                        { NULL, NULL, NULL } },
    .attributes = (const nu__py_attribute[]){ { "hour", hour },
                                              { "minute", minute },
                                              { "second", second },
                                              { "microsecond", microsecond },
                                              { "tzinfo", tzinfo },
                                              { "fold", fold },
                                              { NULL, NULL } },
    .statics = (const nu__py_method[]){ { "combine", "date, time, tzinfo=", combine },
                                        { "fromisoformat", "date_string, /", fromisoformat },
                                        { "fromtimestamp", "timestamp, tz=", fromtimestamp },
                                        { "now", "tz=", now },
                                        { "strptime", "date_string, format, /", strptime_ },
                                        { "today", NULL, utcnow },
                                        { "utcnow", NULL, utcnow },
                                        { NULL, NULL, NULL } },
    .get_static = get_static,
    .signature = "year, month, day, hour=, minute=, second=, microsecond=, tzinfo=, *, fold=",
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
