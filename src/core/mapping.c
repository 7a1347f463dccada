#include "core/mapping.h"

#include "core/buf.h"
#include "core/decimal.h"
#include "core/list.h"
#include "core/object.h"

#include <math.h>
#include <nuages/errors.h>
#include <nuages/json.h>

typedef struct mapping {
    nu_object object;
    nu_list *keys, *values;
    nu_dict *places; /* by the key's name: its number in the lists */
} mapping;

static const nu_class mapping_class;

static const mapping *of(nu_value value)
{
    const mapping *self = (const mapping *)value.object;

    return value.kind == NU_KIND_OBJECT && self->object.type == &mapping_class ? self : NULL;
}

static void name_number(nu__buf *name, nu_value key)
{
    nu_decimal number;

    if (key.kind == NU_KIND_FLOAT && fabs(key.f) < 0x1p62 && key.f == trunc(key.f))
        nu__buf_int(name, (int64_t)key.f);
    else if (key.kind == NU_KIND_BOOL)
        nu__buf_int(name, key.b);
    else if (key.kind == NU_KIND_DECIMAL) {
        number = nu__decimal_normalize(*key.decimal);
        nu__buf_value(name, number.exponent > 0 ? key : nu_v_decimal(number));
    } else {
        nu__buf_value(name, key);
    }
}

/* Keys that are equal have one name. */
static nu_str name_of(nu_value key)
{
    nu__buf name = { 0 };
    bool number = key.kind >= NU_KIND_BOOL && key.kind <= NU_KIND_DECIMAL;
    bool text = key.kind == NU_KIND_STR || key.kind == NU_KIND_SAFE;

    nu__buf_char(&name, number ? '0' : (char)('A' + (text ? NU_KIND_STR : key.kind)));
    if (number)
        name_number(&name, key);
    else if (text)
        nu__buf_str_add(&name, key.s);
    else
        nu__buf_repr(&name, key);
    return nu__buf_take(&name);
}

static bool find(const mapping *self, nu_value key, size_t *index)
{
    nu_value place;

    if (!nu_dict_find(self->places, name_of(key), &place))
        return false;
    *index = (size_t)place.i;
    return true;
}

nu_value nu__mapping_new(void)
{
    mapping *self = nu_alloc(mapping);

    *self = (mapping){ { .type = &mapping_class }, nu_list_new(), nu_list_new(), nu_dict_new() };
    return nu_v_object(self);
}

void nu__mapping_set(nu_value value, nu_value key, nu_value item)
{
    const mapping *self = of(value);
    size_t index;

    if (find(self, key, &index)) {
        self->values->items[index] = item;
        return;
    }
    nu_dict_set_str(self->places, name_of(key), nu_v_int((int64_t)self->keys->len));
    nu_list_append_(self->keys, key);
    nu_list_append_(self->values, item);
}

bool nu__mapping_find(nu_value value, nu_value key, nu_value *out)
{
    const mapping *self = of(value);
    size_t index;

    if (!self || !find(self, key, &index))
        return false;
    *out = self->values->items[index];
    return true;
}

const nu_list *nu__mapping_keys(nu_value value)
{
    return of(value) ? of(value)->keys : NULL;
}

const nu_list *nu__mapping_values(nu_value value)
{
    return of(value) ? of(value)->values : NULL;
}

/* ---- as an object ---------------------------------------------------------------------------- */

static nu_list *pairs(const mapping *self)
{
    nu_list *pairs = nu__list_as(nu_list_new(), NU__DICT_ITEMS);

    for (size_t i = 0; i < self->keys->len; i++)
        nu_list_append(
            pairs, nu__list_as(NU_LIST(self->keys->items[i], self->values->items[i]), NU__TUPLE));
    return pairs;
}

static nu_list *view(const nu_list *list, nu__sequence sequence)
{
    return nu__list_as(nu__list_copy(list), sequence);
}

static bool mapping_get(const nu_object *object, nu_str name, nu_value *out)
{
    const mapping *self = (const mapping *)object;

    if (nu__mapping_find(nu_v_object(self), nu_v_str(name), out))
        return true;
    if (nu_eq(name, "items"))
        *out = nu_v_list(pairs(self));
    else if (nu_eq(name, "keys"))
        *out = nu_v_list(view(self->keys, NU__DICT_KEYS));
    else if (nu_eq(name, "values"))
        *out = nu_v_list(view(self->values, NU__DICT_VALUES));
    else
        return false;
    return true;
}

static bool mapping_at(const nu_object *object, int64_t index, nu_value *out)
{
    return nu__mapping_find(nu_v_object(object), nu_v_int(index), out);
}

static nu_value mapping_text(const nu_object *object)
{
    const mapping *self = (const mapping *)object;
    nu__buf text = { 0 };

    nu__buf_char(&text, '{');
    for (size_t i = 0; i < self->keys->len; i++) {
        if (i)
            nu__buf_lit(&text, ", ");
        nu__buf_repr(&text, self->keys->items[i]);
        nu__buf_lit(&text, ": ");
        nu__buf_repr(&text, self->values->items[i]);
    }
    nu__buf_char(&text, '}');
    return nu_v_str(nu__buf_take(&text));
}

static nu_list *mapping_items(const nu_object *object)
{
    return view(((const mapping *)object)->keys, NU__DICT_KEYS);
}

static int64_t mapping_length(const nu_object *object)
{
    return (int64_t)((const mapping *)object)->keys->len;
}

static bool mapping_equal(const nu_object *object, const nu_object *other)
{
    const mapping *a = (const mapping *)object;
    nu_value value;

    if (mapping_length(object) != mapping_length(other))
        return false;
    for (size_t i = 0; i < a->keys->len; i++)
        if (!nu__mapping_find(nu_v_object(other), a->keys->items[i], &value) ||
            !nu__value_equal(a->values->items[i], value))
            return false;
    return true;
}

/* A dict by the keys' texts, as json.dumps() writes numbers, booleans and None. */
static nu_value mapping_json(const nu_object *object)
{
    const mapping *self = (const mapping *)object;
    nu_dict *dict = nu_dict_new();

    for (size_t i = 0; i < self->keys->len; i++) {
        nu_value key = self->keys->items[i];

        if (key.kind == NU_KIND_NULL || key.kind == NU_KIND_BOOL)
            key = nu_v_str(nu_to_json(key));
        else if (key.kind > NU_KIND_FLOAT && key.kind != NU_KIND_STR && key.kind != NU_KIND_SAFE)
            nu_raise(NU_TYPE_ERROR, "keys must be str, int, float, bool or None, not {}",
                     nu__kind_name(key.kind));
        nu_dict_set_str(dict, nu_string(key), self->values->items[i]);
    }
    return nu_v_dict(dict);
}

static const nu_object_ops mapping_ops = { .kind = "dict",
                                           .get = mapping_get,
                                           .text = mapping_text,
                                           .repr = mapping_text,
                                           .items = mapping_items,
                                           .length = mapping_length,
                                           .at = mapping_at,
                                           .equal = mapping_equal,
                                           .json = mapping_json };
static const nu_class mapping_class = { &mapping_ops, "dict" };
