#include "template/formats.h"

#include "core/object.h"
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

static nu_value text_of_zoned(const nu_object *self)
{
    const zoned *z = (const zoned *)self;
    nu__moment moment = nu__moment_at(z->instant, z->zone);
    char text[NU__TIME_TEXT];
    size_t len = nu__moment_iso(text, &moment, ' ');

    return V(nu_copy((nu_str){ text, len }));
}

/* Its calendar: what the zone's clocks show. */
static bool get_of_zoned(const nu_object *self, nu_str name, nu_value *out)
{
    const zoned *z = (const zoned *)self;
    int64_t offset = nu__timezone_offset(z->zone, z->instant).seconds;
    nu_value wall = { .kind = NU_KIND_DATETIME, .i = z->instant.us + offset * NU__US_SECOND };

    if (nu_eq(name, "tzinfo")) {
        *out = V(nu_timezone_name(z->zone));
        return true;
    }
    return nu__value_get(wall, name, out);
}

static const nu_object_ops zoned_ops = { .kind = "datetime",
                                         .get = get_of_zoned,
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

nu_value nu__localized(nu_value value, bool use_l10n, const nu_timezone *zone)
{
    const nu__locale *locale = use_l10n ? nu__locale_current() : &nu__locale_none;

    value = nu__with_zone(value, &zone);
    if (value.kind == NU_KIND_DATETIME)
        return V(nu__date_format(value, zone, nu_s(locale->datetime_format)));
    return nu__value_text(nu__localize(value, locale));
}
