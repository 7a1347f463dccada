#include "forms/postgres_fields.h"

#include "core/json.h"
#include "core/object.h"
#include "core/text.h"
#include "forms/convert.h"
#include "forms/widget_types.h"

/* ---- items of an array ---------------------------------------------------------------------- */

/* The base field's errors, told of the item at `i`. Django: prefix_validation_error() */
static void tell_of_item(const nu__form_field *field, size_t i, const nu_list *of_item,
                         nu_list *errors)
{
    const nu__message_param *params = NU__PARAMS({ "nth", nu_v_int((int64_t)i + 1) });
    nu_value own =
        field->error_messages ? nu_item(field->error_messages, "item_invalid") : nu_null();
    nu_str prefix =
        own.kind == NU_KIND_NULL
            ? nu__message_translated("Item %(nth)s in the array did not validate:", params)
            : nu__message_expand(nu_copy(nu_string(own)).ptr, params);

    for (size_t k = 0; k < nu_list_len(of_item); k++)
        nu_list_append(
            errors, NU_DICT(("message",
                             nu_fmt("{} {}", prefix, nu_item(nu_at(of_item, k).dict, "message"))),
                            ("code", "item_invalid")));
}

/* Run one step of the base field on each item; false when one of them was refused. */
typedef void item_step(const nu__form_field *base, nu_value item, nu_value *out, nu_list *errors);

static bool on_items(const nu__form_field *field, nu_list *items, item_step *step, nu_list *out,
                     nu_list *errors)
{
    size_t before = nu_list_len(errors);

    for (size_t i = 0; i < nu_list_len(items); i++) {
        nu_list *of_item = nu_list_new();
        nu_value item = nu_at(items, i);

        step(field->base, item, &item, of_item);
        tell_of_item(field, i, of_item, errors);
        nu_list_append_(out, item);
    }
    return nu_list_len(errors) == before;
}

static void convert_item(const nu__form_field *base, nu_value item, nu_value *out, nu_list *errors)
{
    if (base->type->to_python)
        base->type->to_python(base, item, out, errors);
}

static void validate_item(const nu__form_field *base, nu_value item, nu_value *out, nu_list *errors)
{
    (void)out;
    nu__form_field_validate(base, item, errors);
}

static void check_item(const nu__form_field *base, nu_value item, nu_value *out, nu_list *errors)
{
    (void)out;
    nu__form_run_validators(base, item, errors);
}

/* ---- SimpleArrayField ----------------------------------------------------------------------- */

static nu_str delimiter_of(const nu__form_field *field)
{
    return field->delimiter.len ? field->delimiter : S(",");
}

static nu_list *items_of(const nu__form_field *field, nu_value in)
{
    if (in.kind == NU_KIND_LIST)
        return in.list;
    return nu__field_value_empty(in) ? nu_list_new()
                                     : nu__split(nu_string(in), delimiter_of(field));
}

bool nu__form_simple_array(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_list *values = nu_list_new();

    *out = nu_v_list(values);
    return on_items(field, items_of(field, in), convert_item, values, errors);
}

bool nu__form_validate_items(const nu__form_field *field, nu_value value, nu_list *errors)
{
    return on_items(field, nu_as_list(value), validate_item, nu_list_new(), errors);
}

static void refuse_count(const nu__form_field *field, nu_value value, bool too_many,
                         nu_list *errors)
{
    int64_t length = (int64_t)nu_list_len(value.list);
    int64_t limit = too_many ? field->max_length : field->min_length;
    const nu__message_param *params =
        NU__PARAMS({ "limit_value", V(limit) }, { "show_value", V(length) }, { "value", value });

    nu__form_field_tell(field, errors, too_many ? "max_length" : "min_length",
                        nu__message_of_count(too_many, length, params), params);
}

void nu__form_check_count(const nu__form_field *field, nu_value value, nu_list *errors)
{
    int64_t length = (int64_t)nu_list_len(value.list);

    if (field->min_length >= 0 && length < field->min_length)
        refuse_count(field, value, false, errors);
    if (field->max_length >= 0 && length > field->max_length)
        refuse_count(field, value, true, errors);
}

void nu__form_check_items(const nu__form_field *field, nu_value value, nu_list *errors)
{
    on_items(field, nu_as_list(value), check_item, nu_list_new(), errors);
}

bool nu__form_clean_items(const nu__form_field *field, nu_value *out, nu_list *errors)
{
    nu_list *values = nu_list_new(), *items = nu_as_list(*out);
    bool valid = true;

    for (size_t i = 0; i < nu_list_len(items) && valid; i++) {
        nu_value item;

        valid = nu__form_field_clean(field->base, nu_at(items, i), nu_null(), &item, errors);
        if (valid)
            nu_list_append_(values, item);
    }
    *out = nu_v_list(values);
    return valid;
}

nu_value nu__form_prepare_array(const nu__form_field *field, nu_value value)
{
    nu_list *texts = nu_list_new();

    if (value.kind != NU_KIND_LIST)
        return value;
    for (size_t i = 0; i < nu_list_len(value.list); i++)
        nu_list_append(texts, nu_string(nu__form_field_prepare(field->base, nu_at(value.list, i))));
    return nu_v_str(nu_join(delimiter_of(field), texts));
}

/* ---- SplitArrayField ------------------------------------------------------------------------ */

static nu_list *sent_items(nu_value in)
{
    return in.kind == NU_KIND_LIST ? in.list : nu_list_new();
}

/* How many items stay: those before the empty ones at the end. */
static size_t count_kept(const nu__form_field *field, nu_list *items)
{
    size_t n = nu_list_len(items);

    while (field->remove_trailing_nulls && n && nu__field_value_empty(nu_at(items, n - 1)))
        n--;
    return n;
}

static nu_value first_items(nu_list *items, size_t n)
{
    nu_list *first = nu_list_new();

    for (size_t i = 0; i < n; i++)
        nu_list_append_(first, nu_at(items, i));
    return nu_v_list(first);
}

bool nu__form_split_array(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_list *items = sent_items(in), *values = nu_list_new();
    size_t before = nu_list_len(errors);

    for (size_t i = 0; i < nu_list_len(items); i++) {
        nu_value item = nu_at(items, i);

        convert_item(field->base, item, &item, errors);
        nu_list_append_(values, item);
    }
    *out = first_items(values, count_kept(field, values));
    return nu_list_len(errors) == before;
}

static bool any_filled(nu_list *items)
{
    for (size_t i = 0; i < nu_list_len(items); i++)
        if (nu__value_truth(nu_at(items, i)))
            return true;
    return false;
}

/* Errors of items that are taken off as empty ones count no more. */
bool nu__form_clean_split(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_list *items = sent_items(in), *values = nu_list_new(), *refused = nu_list_new();
    size_t n = nu_list_len(items) > field->size ? nu_list_len(items) : field->size;
    size_t before = nu_list_len(errors);

    if (field->required && !any_filled(items))
        return nu__form_refuse(field, errors, "required", S("This field is required."));
    for (size_t i = 0; i < n; i++) {
        nu_value item = i < nu_list_len(items) ? nu_at(items, i) : nu_null(), cleaned;
        nu_list *of_item = nu_list_new();
        bool valid = nu__form_field_clean(field->base, item, nu_null(), &cleaned, of_item);

        nu_list_append_(values, valid ? cleaned : item);
        nu_list_append(refused, nu_v_list(of_item));
    }
    n = count_kept(field, values);
    for (size_t i = 0; i < n; i++)
        tell_of_item(field, i, nu_at(refused, i).list, errors);
    *out = first_items(values, n);
    return nu_list_len(errors) == before;
}

/* ---- HStoreField ---------------------------------------------------------------------------- */

bool nu__form_hstore(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_dict *map = nu_dict_new();
    nu__json_error error;

    *out = nu_v_dict(map);
    if (nu__field_value_empty(in))
        return true;
    if (in.kind != NU_KIND_DICT && !nu__json_try_loads(nu_string(in), &in, &error))
        return nu__form_refuse(field, errors, "invalid_json", S("Could not load JSON data."));
    if (in.kind != NU_KIND_DICT)
        return nu__form_refuse(field, errors, "invalid_format",
                               S("Input must be a JSON dictionary."));
    for (size_t i = 0; i < nu_dict_len(in.dict); i++) {
        nu_value value = nu_dict_value(in.dict, i);

        nu_dict_set_str(map, nu_dict_key(in.dict, i),
                        value.kind == NU_KIND_NULL ? value : nu_v_str(nu_string(value)));
    }
    return true;
}

nu_value nu__form_prepare_hstore(const nu__form_field *field, nu_value value)
{
    (void)field;
    return value.kind == NU_KIND_DICT ? nu_v_str(nu__form_json_text(value)) : value;
}
