/* What may be asked of any value: attributes, items, length, truth. */
#include "core/object.h"

#include "core/attributes.h"
#include "core/list.h"
#include "core/text.h"

#include <nuages/decimal.h>

const nu_object_ops *nu__value_ops(nu_value value)
{
    const nu_object *object = value.p;

    if ((value.kind != NU_KIND_OBJECT && value.kind != NU_KIND_QUERY) || !object->type)
        return NULL;
    return ((const nu_class *)object->type)->ops;
}

/* ---- items by number ------------------------------------------------------------------------- */

static bool parse_index(nu_str text, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || i > 17)
            return false;
        *out = *out * 10 + (text.ptr[i] - '0');
    }
    return text.len;
}

static bool get_item(nu_value value, int64_t index, nu_value *out)
{
    const nu_object_ops *ops = nu__value_ops(value);
    nu_str character;

    if (ops)
        return ops->at && ops->at(value.p, index, out);
    if (value.kind == NU_KIND_LIST) {
        *out = nu_at(value.list, (size_t)index);
        return (size_t)index < nu_list_len(value.list) && value.list->sequence <= NU__TUPLE;
    }
    if (value.kind != NU_KIND_STR && value.kind != NU_KIND_SAFE)
        return false;
    character = nu__utf8_slice(value.s, (size_t)index, (size_t)index + 1);
    *out = nu_v_str(character);
    return character.len;
}

bool nu__value_get(nu_value value, nu_str name, nu_value *out)
{
    const nu_object_ops *ops = nu__value_ops(value);
    int64_t index;

    if (value.kind == NU_KIND_DICT && nu_dict_find(value.dict, name, out))
        return true;
    if (ops && ops->get && ops->get(value.p, name, out))
        return true;
    return nu__value_attribute(value, name, out) ||
           (parse_index(name, &index) && get_item(value, index, out));
}

/* ---- items, length, truth -------------------------------------------------------------------- */

static nu_list *characters_of(nu_str text)
{
    nu_list *characters = nu_list_new();
    const char *at = text.ptr, *end = nu__str_end(text), *start;

    nu__list_reserve(characters, nu__utf8_count(text));
    while (at < end) {
        start = at;
        nu__utf8_next(&at, end);
        nu_list_append(characters, ((nu_str){ start, (size_t)(at - start) }));
    }
    return characters;
}

static nu_list *numbers_of(nu_bytes bytes)
{
    nu_list *numbers = nu_list_new();

    for (size_t i = 0; i < bytes.len; i++)
        nu_list_append(numbers, (int64_t)((const uint8_t *)bytes.ptr)[i]);
    return numbers;
}

nu_list *nu__value_items(nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);

    switch (value.kind) {
    case NU_KIND_LIST:
        return value.list;
    case NU_KIND_DICT:
        return nu__list_as(nu__dict_keys(value.dict), NU__LIST);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return characters_of(value.s);
    case NU_KIND_BYTES:
        return numbers_of(value.bytes);
    default:
        return ops && ops->items ? ops->items(value.p) : NULL;
    }
}

int64_t nu__value_length(nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);

    switch (value.kind) {
    case NU_KIND_LIST:
        return (int64_t)nu_list_len(value.list);
    case NU_KIND_DICT:
        return (int64_t)nu_dict_len(value.dict);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return (int64_t)nu__utf8_count(value.s);
    case NU_KIND_BYTES:
        return (int64_t)value.bytes.len;
    default:
        return ops && ops->length ? ops->length(value.p) : -1;
    }
}

static bool object_truth(nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);

    if (ops && ops->truth)
        return ops->truth(value.p);
    return !ops || !ops->length || ops->length(value.p) != 0;
}

bool nu__value_truth(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        return false;
    case NU_KIND_BOOL:
        return value.b;
    case NU_KIND_INT:
    case NU_KIND_TIMEDELTA:
        return value.i != 0;
    case NU_KIND_FLOAT:
        return value.f != 0;
    case NU_KIND_DECIMAL:
        return !nu_decimal_is_zero(*value.decimal);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
    case NU_KIND_FILE:
        return value.s.len;
    case NU_KIND_BYTES:
        return value.bytes.len;
    case NU_KIND_LIST:
        return nu_list_len(value.list);
    case NU_KIND_DICT:
        return nu_dict_len(value.dict);
    case NU_KIND_OBJECT:
    case NU_KIND_QUERY:
        return object_truth(value);
    default:
        return true;
    }
}
