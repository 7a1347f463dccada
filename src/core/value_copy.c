/* Deep copies into an arena of one's choice, without raising. */
#include "core/list.h"
#include "core/object.h"

enum { DEPTH_MAX = 512 };

static bool copy(nu__arena *arena, nu_value value, nu_value *out, int depth);

static bool copy_bytes(nu__arena *arena, const void *bytes, size_t len, const char **out)
{
    char *made = len == SIZE_MAX ? NULL : nu__arena_try_alloc_raw(arena, len + 1);

    if (!made)
        return false;
    if (len)
        memcpy(made, bytes, len);
    made[len] = '\0';
    *out = made;
    return true;
}

static bool copy_list(nu__arena *arena, const nu_list *list, nu_list **out, int depth)
{
    size_t len = nu_list_len(list);
    nu_list *made = nu__arena_try_alloc(arena, 1, sizeof(*made));

    if (!made)
        return false;
    made->arena = arena;
    made->sequence = list ? list->sequence : NU__LIST;
    if (len && !(made->items = nu__arena_try_alloc(arena, len, sizeof(nu_value))))
        return false;
    made->cap = len;
    for (; made->len < len; made->len++)
        if (!copy(arena, list->items[made->len], &made->items[made->len], depth + 1))
            return false;
    *out = made;
    return true;
}

static bool copy_dict(nu__arena *arena, const nu_dict *dict, nu_dict **out, int depth)
{
    nu_dict *made = nu__dict_try_in(arena, nu_dict_len(dict));

    if (!made)
        return false;
    for (size_t i = 0; i < nu_dict_len(dict); i++) {
        nu_str key = nu_dict_key(dict, i);
        nu_value value;

        if (!copy_bytes(arena, key.ptr, key.len, &key.ptr) ||
            !copy(arena, nu_dict_value(dict, i), &value, depth + 1))
            return false;
        nu__dict_set_borrowed(made, key, value);
    }
    *out = made;
    return true;
}

static bool copy(nu__arena *arena, nu_value value, nu_value *out, int depth)
{
    *out = value;
    if (depth > DEPTH_MAX)
        return false;
    switch (value.kind) {
    case NU_KIND_STR:
    case NU_KIND_SAFE:
    case NU_KIND_FILE:
        return copy_bytes(arena, value.s.ptr, value.s.len, &out->s.ptr);
    case NU_KIND_BYTES:
        return copy_bytes(arena, value.bytes.ptr, value.bytes.len, (const char **)&out->bytes.ptr);
    case NU_KIND_DECIMAL:
        out->decimal = nu__arena_try_alloc_raw(arena, sizeof(nu_decimal));
        if (out->decimal)
            *(nu_decimal *)out->decimal = *value.decimal;
        return out->decimal;
    case NU_KIND_LIST:
        return copy_list(arena, value.list, &out->list, depth);
    case NU_KIND_DICT:
        return copy_dict(arena, value.dict, &out->dict, depth);
    default:
        return true;
    }
}

bool nu__value_copy(nu__arena *arena, nu_value value, nu_value *out)
{
    return copy(arena, value, out, 0);
}
