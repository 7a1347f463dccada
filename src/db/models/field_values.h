/**
 * @file
 * to_python of each field type, for the table in fields.c: field_values.c, of dates and times
 * field_times.c, of arrays and ranges arrays.c and ranges.c. All leave null to the caller.
 */
#pragma once
#include "db/models/fields.h"

typedef bool nu__to_python(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why);

nu__to_python nu__to_text, nu__to_integer, nu__to_float, nu__to_decimal, nu__to_boolean,
    nu__to_date, nu__to_datetime, nu__to_time, nu__to_duration, nu__to_uuid, nu__to_json,
    nu__to_bytes, nu__to_array, nu__to_range, nu__to_hstore;

/* False, with the reason: "“%(value)s” …" of what was written. */
bool nu__refuse_written(nu__invalid *why, const char *code, nu_value value, const char *rest);

static inline bool nu__is_text(nu_value value)
{
    return value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;
}
