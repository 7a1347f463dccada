/**
 * @file
 * Python's % operator for one value, and pprint.pformat().
 */
#pragma once
#include "core/buf.h"

/* ("%" + spec) % value: "s", "05d", ".2f of them". False where Python raises ValueError or
   TypeError, and for widths and precisions that only an attack has. */
bool nu__percent_format(nu__buf *out, nu_str spec, nu_value value);

/* text % value, of a text with any number of specifications. */
bool nu__percent_format_text(nu__buf *out, nu_str text, nu_value value);

/* pprint.pformat(value): repr() with long containers broken to lines of 80 characters. */
void nu__pformat(nu__buf *out, nu_value value);
