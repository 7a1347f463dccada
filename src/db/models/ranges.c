/* Ranges of range fields. Django: contrib.postgres.fields.ranges */
#include "core/json.h"
#include "core/object.h"
#include "db/models/field_values.h"
#include "db/models/postgres_values.h"

#include <nuages/postgres.h>

static const char *default_bounds(const nu__field *field)
{
    return field->type->family == NU__RANGE_OPTIONS && field->def
               ? ((const nu_range_field *)field->def)->default_bounds
               : NULL;
}

static bool convert_end(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    return nu__field_to_python(field->base, in, out, why);
}

static bool convert(const nu__field *field, nu_value lower, nu_value upper, const char *bounds,
                    nu_value *out, nu__invalid *why)
{
    if (!convert_end(field, lower, &lower, why) || !convert_end(field, upper, &upper, why))
        return false;
    *out = nu_v_object(nu_range_of(lower, upper, bounds));
    return true;
}

static bool of_dict(const nu__field *field, nu_dict *dict, nu_value *out, nu__invalid *why)
{
    nu_value bounds = nu_item(dict, "bounds");

    if (nu__value_truth(nu_item(dict, "empty"))) {
        *out = nu_v_object(nu_empty_range());
        return true;
    }
    return convert(field, nu_item(dict, "lower"), nu_item(dict, "upper"),
                   bounds.kind == NU_KIND_STR ? nu_copy(bounds.s).ptr : NULL, out, why);
}

bool nu__range_convert(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    const nu_range *range = nu_as_range(in);

    *out = in;
    if (range && range->bounds[0])
        return convert(field, range->lower, range->upper, range->bounds, out, why);
    if (in.kind == NU_KIND_DICT)
        return of_dict(field, in.dict, out, why);
    if (in.kind != NU_KIND_LIST || nu_list_len(in.list) != 2)
        return true;
    return convert(field, nu_at(in.list, 0), nu_at(in.list, 1), default_bounds(field), out, why);
}

/* A text is JSON, as fixtures have it: {"bounds": "[)", "lower": "1", "upper": "5"}. */
bool nu__to_range(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu__json_error error;

    if ((in.kind == NU_KIND_STR || in.kind == NU_KIND_SAFE) &&
        !nu__json_try_loads(in.s, &in, &error)) {
        *why = (nu__invalid){ "invalid", nu_s(error.message) };
        return false;
    }
    return nu__range_convert(field, in, out, why);
}
