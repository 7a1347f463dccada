#include "db/models/keys.h"

#include "core/object.h"

#include <nuages/strings.h>

struct nu__key_slot {
    nu_value key;
    void *value;
    bool used;
};

nu__key_index nu__key_index_new(size_t n)
{
    size_t cap = 16;

    while (cap < 2 * n)
        cap *= 2;
    return (nu__key_index){ nu_alloc_array(struct nu__key_slot, cap), cap };
}

static uint64_t hash_bytes(const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ at[i]) * 0x100000001b3u;
    return hash;
}

static uint64_t hash_key(nu_value key)
{
    switch (key.kind) {
    case NU_KIND_INT:
        return (uint64_t)key.i * 0x9e3779b97f4a7c15u >> 20;
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return hash_bytes(key.s.ptr, key.s.len);
    case NU_KIND_UUID:
        return hash_bytes(key.uuid.bytes, sizeof(key.uuid.bytes));
    default:
        return 0;
    }
}

static struct nu__key_slot *slot_of(const nu__key_index *index, nu_value key)
{
    for (uint64_t at = hash_key(key);; at++) {
        struct nu__key_slot *slot = &index->slots[at & (index->cap - 1)];

        if (!slot->used || nu__value_equal(slot->key, key))
            return slot;
    }
}

void **nu__key_index_at(nu__key_index *index, nu_value key)
{
    struct nu__key_slot *slot;

    if (key.kind == NU_KIND_NULL)
        return NULL;
    slot = slot_of(index, key);
    slot->key = key;
    slot->used = true;
    return &slot->value;
}

void *nu__key_index_get(const nu__key_index *index, nu_value key)
{
    const struct nu__key_slot *slot = key.kind == NU_KIND_NULL ? NULL : slot_of(index, key);

    return slot && slot->used ? slot->value : NULL;
}
