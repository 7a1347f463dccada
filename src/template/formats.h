/**
 * @file
 * Dates and numbers as templates write them: in the context's time zone and language.
 */
#pragma once
#include "template/context.h"

#include <nuages/timezone.h>

/* The zone that date-times are shown in: the current one; UTC within {% localtime off %}; NULL with
   USE_TZ off: the default one, and it is not shown. The context may be NULL. */
const nu_timezone *nu__zone_of(const nu_template_context *context);

/* formats.localize() as text: STR, or SAFE. */
nu_value nu__localized(nu_value value, bool use_l10n, const nu_timezone *zone);

/* A date-time that keeps its own zone, as |timezone makes it; an OBJECT. Zone NULL: Python's naive
   ones, which show what the default zone's clocks do and belong to no zone. */
nu_value nu__zoned_datetime(nu_datetime instant, const nu_timezone *zone);
/* A DATETIME, or one with its zone. */
bool nu__is_datetime(nu_value value, nu_datetime *instant);
/* The value and the zone to show it in: its own one where it has one. */
nu_value nu__with_zone(nu_value value, const nu_timezone **zone);
