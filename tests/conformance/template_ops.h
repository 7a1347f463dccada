#pragma once
#include "conformance.h"

#include "template/template.h"

extern const conf_op conf_templates[], conf_filters[];

/* The language that the case was recorded in, for the rest of it: its "translations" are the
   catalogue, its "formats" those of the locale, USE_THOUSAND_SEPARATOR among its settings. */
void conf_localize_by(const nu_dict *data);
/* Keeps what {% cache %} stores: recorded cases see what those before them stored. */
extern const nu__template_cache conf_template_cache;

/* A member of env.settings, of env; null when there is none. */
nu_value conf_setting(const nu_dict *data, const char *name);
bool conf_uses_tz(const nu_dict *data);
/* As conf_untag(); date-times that keep their own zone (USE_TZ = False) have it with them. */
