#include "core/context.h"
#include "core/json.h"
#include "core/object.h"

#include <string.h>

nu_json_value nu_json_of_(nu_value value)
{
    nu_value *kept = nu_alloc(nu_value);

    if (!nu__value_copy(nu__here->arena, value, kept))
        nu_raise(NU_VALUE_ERROR,
                 "the value for a JSONField is nested over {} deep, as one that "
                 "holds itself is, or too large for memory",
                 NU__JSON_DEPTH);
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
