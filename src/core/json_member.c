#include "core/json.h"

#include <string.h>

/* ---- deep copies -------------------------------------------------------------------------- */

static nu_value copy(nu_value value, int depth);

static nu_value copy_list(const nu_list *list, int depth)
{
    nu_list *copied = nu_list_new();

    for (size_t i = 0; i < nu_list_len(list); i++)
        nu_list_append_(copied, copy(nu_at(list, i), depth));
    return (nu_value){ .kind = NU_KIND_LIST, .list = copied };
}

static nu_value copy_dict(const nu_dict *dict, int depth)
{
    nu_dict *copied = nu_dict_new();

    for (size_t i = 0; i < nu_dict_len(dict); i++)
        nu_dict_set_str(copied, nu_dict_key(dict, i), copy(nu_dict_value(dict, i), depth));
    return (nu_value){ .kind = NU_KIND_DICT, .dict = copied };
}

static nu_value copy(nu_value value, int depth)
{
    if (depth == NU__JSON_DEPTH)
        nu_raise(NU_VALUE_ERROR, "Circular reference detected: nested over {} deep",
                 NU__JSON_DEPTH);
    switch (value.kind) {
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        value.s = nu_copy(value.s);
        return value;
    case NU_KIND_DECIMAL:
        return nu_v_decimal(*value.decimal);
    case NU_KIND_LIST:
        return copy_list(value.list, depth + 1);
    case NU_KIND_DICT:
        return copy_dict(value.dict, depth + 1);
    default:
        return value;
    }
}

nu_json_value nu_json_of_(nu_value value)
{
    nu_value *kept = nu_alloc(nu_value);

    *kept = copy(value, 0);
    return (nu_json_value){ kept };
}

nu_value nu_json_value_of(nu_json_value json)
{
    return json.json ? *(const nu_value *)json.json : (nu_value){ .kind = NU_KIND_NULL };
}

/* ---- paths -------------------------------------------------------------------------------- */

static bool index_of(nu_str part, size_t *index)
{
    *index = 0;
    for (size_t i = 0; i < part.len; i++) {
        if (part.ptr[i] < '0' || part.ptr[i] > '9' || *index > UINT32_MAX)
            return false;
        *index = *index * 10 + (size_t)(part.ptr[i] - '0');
    }
    return part.len > 0;
}

static nu_value child(nu_value value, nu_str part)
{
    nu_value found = { .kind = NU_KIND_NULL };
    size_t index;

    if (value.kind == NU_KIND_DICT && nu_dict_find(value.dict, part, &found))
        return found;
    if (value.kind == NU_KIND_LIST && index_of(part, &index))
        return nu_at(value.list, index);
    return (nu_value){ .kind = NU_KIND_NULL };
}

nu_value nu_json_get_(nu_json_value json, const char *path)
{
    nu_value value = nu_json_value_of(json);

    while (*path) {
        const char *dot = strchrnul(path, '.');

        value = child(value, (nu_str){ path, (size_t)(dot - path) });
        path = *dot ? dot + 1 : dot;
    }
    return value;
}
