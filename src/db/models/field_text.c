/* Values as fixtures have them. Django: Field.value_to_string() */
#include "core/json.h"
#include "core/object.h"
#include "core/text.h"
#include "db/models/postgres_values.h"

static nu_str json_of(nu_value value, bool ascii)
{
    nu__json_style style = nu__json_dumps;
    nu__buf out = { 0 };

    style.ascii = ascii;
    nu__json_value(&out, value, &style);
    return nu__buf_str(&out);
}

static nu_value item_text(const nu__field *base, nu_value item, void *arg)
{
    (void)arg;
    return base->type->type == NU_JSON_FIELD ? item : nu_v_str(nu__field_text(base, item));
}

static nu_value end_text(const nu__field *field, nu_value end)
{
    return end.kind == NU_KIND_NULL ? end : nu_v_str(nu__field_text(field->base, end));
}

static nu_str range_text(const nu__field *field, const nu_range *range)
{
    nu_dict *out = nu_dict_new();

    if (!range->bounds[0]) {
        nu_dict_set(out, "empty", true);
    } else {
        nu_dict_set(out, "bounds", nu_s(range->bounds));
        nu_dict_set_(out, "lower", end_text(field, range->lower));
        nu_dict_set_(out, "upper", end_text(field, range->upper));
    }
    return json_of(nu_v_dict(out), true);
}

/* Date-times have a T. */
static nu_str plain_text(nu_value value)
{
    nu_str text = nu_string(nu__value_text(value));

    return value.kind == NU_KIND_DATETIME ? nu__replace(text, S(" "), S("T")) : text;
}

nu_str nu__field_text(const nu__field *field, nu_value value)
{
    const nu_range *range = nu_as_range(value);

    if (range && field->base)
        return range_text(field, range);
    if (value.kind == NU_KIND_LIST && field->type->type == NU_ARRAY_FIELD)
        return json_of(nu_v_list(nu__array_map(field, value.list, item_text, NULL)), false);
    if (value.kind == NU_KIND_DICT && field->type->type == NU_HSTORE_FIELD)
        return json_of(value, false);
    if (field->type->type == NU_JSON_FIELD)
        return json_of(value, true);
    return plain_text(value);
}
