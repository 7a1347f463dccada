#include "template/formats.h"

#include "core/buf.h"
#include "core/object.h"
#include "core/text.h"
#include "core/time.h"
#include "utils/dateformat.h"
#include "utils/numberformat.h"

const nu_timezone *nu__zone_of(const nu_template_context *context)
{
    if (!context)
        return nu_timezone_current();
    if (!context->engine->use_tz)
        return NULL;
    return context->use_tz ? nu_timezone_current() : nu_utc;
}

/* ---- a date-time with a zone of its own
 * ------------------------------------------------------------ */

typedef struct zoned {
    nu_object object;
    nu_datetime instant;
    const nu_timezone *zone;
} zoned;

/* The zone whose clocks show it. */
static const nu_timezone *clocks_of(const zoned *z)
{
    return z->zone ? z->zone : nu_timezone_default();
}

static nu_value wall_value(const zoned *z)
{
    int64_t offset = nu__timezone_offset(clocks_of(z), z->instant).seconds;

    return (nu_value){ .kind = NU_KIND_DATETIME, .i = z->instant.us + offset * NU__US_SECOND };
}

static nu_value iso_of(const zoned *z, char separator)
{
    nu__moment moment = nu__moment_at(z->instant, clocks_of(z));
    char text[NU__TIME_TEXT];
    size_t len = nu__moment_iso(text, &moment, separator);

    if (!z->zone) /* the offset goes: +HH:MM, or +HH:MM:SS */
        len -= moment.offset % 60 ? 9 : 6;
    return V(nu_copy((nu_str){ text, len }));
}

static nu_value text_of_zoned(const nu_object *self)
{
    return iso_of((const zoned *)self, ' ');
}

/* Its calendar: what the zone's clocks show. */
static bool get_of_zoned(const nu_object *self, nu_str name, nu_value *out)
{
    const zoned *z = (const zoned *)self;
    nu_value wall = wall_value(z);

    if (nu_eq(name, "tzinfo"))
        *out = z->zone ? V(nu_timezone_name(z->zone)) : nu_null();
    else if (nu_eq(name, "utcoffset"))
        *out = z->zone ? V(((nu_timedelta){ wall.i - z->instant.us, true })) : nu_null();
    else if (nu_eq(name, "timestamp"))
        *out = V(nu_datetime_timestamp(z->instant));
    else if (nu_eq(name, "isoformat"))
        *out = iso_of(z, 'T');
    else
        return nu__value_get(wall, name, out);
    return true;
}

/* As in Python, one with a zone and one without are neither equal nor in an order. */
static bool compare_zoned(const nu_object *self, const nu_object *other, int *order)
{
    const zoned *a = (const zoned *)self, *b = (const zoned *)other;

    *order = (a->instant.us > b->instant.us) - (a->instant.us < b->instant.us);
    return !a->zone == !b->zone;
}

static bool equal_zoned(const nu_object *self, const nu_object *other)
{
    int order;

    return compare_zoned(self, other, &order) && order == 0;
}

static nu_value repr_of_zoned(const nu_object *self)
{
    const zoned *z = (const zoned *)self;
    nu_str utc = S(", tzinfo=datetime.timezone.utc)"), text = nu_fmt("{!r}", wall_value(z));

    text = nu__sub(text, 0, text.len - utc.len);
    if (!z->zone)
        return V(nu_fmt("{})", text));
    return V(nu_fmt("{}, tzinfo=zoneinfo.ZoneInfo(key={!r}))", text, nu_timezone_name(z->zone)));
}

/* As Django's JSON encoder: milliseconds, and "Z" for UTC. */
static nu_value json_of_zoned(const nu_object *self)
{
    const zoned *z = (const zoned *)self;
    nu__moment moment = nu__moment_at(z->instant, clocks_of(z));
    char text[NU__TIME_TEXT];
    nu_str iso = { text, nu__moment_iso(text, &moment, 'T') };
    nu_str day = nu__sub(iso, 0, 19), zone = nu__sub(iso, moment.microsecond ? 26 : 19, iso.len);
    nu__buf json = { 0 };

    nu__buf_str_add(&json, day);
    if (moment.microsecond)
        nu__buf_fmt(&json, ".{:03}", moment.microsecond / 1000);
    if (z->zone)
        nu__buf_str_add(&json, nu_eq(zone, "+00:00") ? S("Z") : zone);
    return V(nu__buf_take(&json));
}

static const nu_object_ops zoned_ops = { .kind = "datetime",
                                         .get = get_of_zoned,
                                         .equal = equal_zoned,
                                         .compare = compare_zoned,
                                         .json = json_of_zoned,
                                         .repr = repr_of_zoned,
                                         .text = text_of_zoned };
static const nu_class zoned_class = { &zoned_ops, "datetime" };

nu_value nu__zoned_datetime(nu_datetime instant, const nu_timezone *zone)
{
    zoned *z = nu_alloc(zoned);

    *z = (zoned){ { .type = &zoned_class }, instant, zone };
    return nu_v_object(z);
}

nu_value nu__with_zone(nu_value value, const nu_timezone **zone)
{
    const zoned *z = value.p;

    if (value.kind != NU_KIND_OBJECT || z->object.type != &zoned_class)
        return value;
    *zone = z->zone;
    return V(z->instant);
}

bool nu__is_datetime(nu_value value, nu_datetime *instant)
{
    const nu_timezone *zone;

    value = nu__with_zone(value, &zone);
    instant->us = value.i;
    return value.kind == NU_KIND_DATETIME;
}

/* ---- localize
 * --------------------------------------------------------------------------------------- */

static bool is_number(nu_value value)
{
    return value.kind == NU_KIND_INT || value.kind == NU_KIND_UINT || value.kind == NU_KIND_FLOAT ||
           value.kind == NU_KIND_DECIMAL;
}

nu_value nu__localized(nu_value value, bool use_l10n, const nu_timezone *zone)
{
    const nu__locale *locale = use_l10n ? nu__locale_current() : nu__locale_settings();

    value = nu__with_zone(value, &zone);
    if (value.kind == NU_KIND_DATETIME)
        return V(nu__date_format(value, zone, nu_s(locale->datetime_format)));
    if (!use_l10n && is_number(value)) /* as it is, by no locale's rules */
        return nu__value_text(value);
    return nu__value_text(nu__localize(value, locale));
}
