#pragma once
#include "conformance.h"

extern const conf_op conf_templates[], conf_filters[];

/* Install what the case's "translations" list as the catalogue. */
void conf_translate_by(const nu_dict *data);
