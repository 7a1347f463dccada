#include "core/context.h"
#include "core/error.h"
#include "core/list.h"

enum { FIRST = 4, SMALL = 8, MAX_ENTRIES = 1 << 30 };

nu_dict *nu__dict_in(nu__arena *arena)
{
    nu_dict *dict = nu__arena_try_alloc(arena, 1, sizeof(*dict));

    if (!dict)
        nu__raise_no_memory(sizeof(*dict));
    dict->arena = arena;
    return dict;
}

nu_dict *nu_dict_new(void)
{
    return nu__dict_in(nu__here->arena);
}

static bool same_key(nu_str a, nu_str b)
{
    return a.len == b.len && a.ptr && (a.ptr == b.ptr || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* The slot where the key's entry number stands, or the free one where it would. */
static uint32_t find_slot(const nu_dict *dict, nu_str key)
{
    uint32_t slot = (uint32_t)nu__hash(key.ptr, key.len) & dict->mask;

    while (dict->slots[slot] && !same_key(dict->entries[dict->slots[slot] - 1].key, key))
        slot = (slot + 1) & dict->mask;
    return slot;
}

static nu__entry *find(const nu_dict *dict, nu_str key)
{
    if (!dict || !key.ptr)
        return NULL;
    if (dict->slots) {
        uint32_t number = dict->slots[find_slot(dict, key)];

        return number ? &dict->entries[number - 1] : NULL;
    }
    for (uint32_t i = 0; i < dict->used; i++)
        if (same_key(dict->entries[i].key, key))
            return &dict->entries[i];
    return NULL;
}

static void index_entries(nu_dict *dict)
{
    memset(dict->slots, 0, ((size_t)dict->mask + 1) * sizeof(uint32_t));
    for (uint32_t i = 0; i < dict->used; i++)
        if (dict->entries[i].key.ptr)
            dict->slots[find_slot(dict, dict->entries[i].key)] = i + 1;
}

/* Close the gaps that removals left: the arena's memory is in the dict's own hands. */
static void compact(const nu_dict *constant)
{
    nu_dict *dict = (nu_dict *)constant;
    uint32_t kept = 0;

    if (!dict->gaps)
        return;
    for (uint32_t i = 0; i < dict->used; i++)
        if (dict->entries[i].key.ptr)
            dict->entries[kept++] = dict->entries[i];
    dict->used = kept;
    dict->gaps = 0;
    if (dict->slots)
        index_entries(dict);
}

/* The table first: entries that it has no place for would be searched for without end. */
static bool try_grow(nu_dict *dict, uint32_t cap)
{
    uint32_t *slots = NULL;
    nu__entry *grown;

    if (cap > MAX_ENTRIES)
        return false;
    if (cap > SMALL) {
        slots = nu__arena_try_alloc_raw(dict->arena, (size_t)cap * 2 * sizeof(*slots));
        if (!slots)
            return false;
    }
    grown = nu__arena_try_grow(dict->arena, dict->entries, dict->cap * sizeof(nu__entry),
                               (size_t)cap * sizeof(nu__entry));
    if (!grown)
        return false;
    dict->entries = grown;
    dict->cap = cap;
    dict->slots = slots;
    dict->mask = cap * 2 - 1;
    if (slots)
        index_entries(dict);
    return true;
}

static void grow(nu_dict *dict)
{
    uint32_t cap = dict->cap ? dict->cap * 2 : FIRST;

    if (!try_grow(dict, cap))
        nu__raise_no_memory((size_t)cap * sizeof(nu__entry));
}

nu_dict *nu__dict_try_in(nu__arena *arena, size_t n)
{
    nu_dict *dict = nu__arena_try_alloc(arena, 1, sizeof(*dict));
    uint32_t cap = FIRST;

    if (!dict || n > MAX_ENTRIES)
        return NULL;
    dict->arena = arena;
    while (cap < n)
        cap *= 2;
    return !n || try_grow(dict, cap) ? dict : NULL;
}

static void append(nu_dict *dict, nu_str key, nu_value value)
{
    if (dict->used == dict->cap) {
        if (dict->gaps > dict->cap / 4)
            compact(dict);
        else
            grow(dict);
    }
    dict->entries[dict->used++] = (nu__entry){ key, value };
    if (dict->slots)
        dict->slots[find_slot(dict, key)] = dict->used;
}

void nu__dict_set_borrowed(nu_dict *dict, nu_str key, nu_value value)
{
    nu__entry *entry;

    key.ptr = key.ptr ? key.ptr : "";
    entry = find(dict, key);
    if (entry)
        entry->value = value;
    else
        append(dict, key, value);
}

static nu_str own_key(nu_dict *dict, nu_str key)
{
    char *copy = key.len == SIZE_MAX ? NULL : nu__arena_try_alloc_raw(dict->arena, key.len + 1);

    if (!copy)
        nu__raise_no_memory(key.len);
    if (key.len)
        memcpy(copy, key.ptr, key.len);
    copy[key.len] = '\0';
    return (nu_str){ copy, key.len };
}

void nu_dict_set_str(nu_dict *dict, nu_str key, nu_value value)
{
    nu__entry *entry;

    key.ptr = key.ptr ? key.ptr : "";
    entry = find(dict, key);
    if (entry)
        entry->value = value;
    else
        append(dict, own_key(dict, key), value);
}

void nu_dict_set_(nu_dict *dict, const char *key, nu_value value)
{
    nu_dict_set_str(dict, nu_s(key), value);
}

nu_dict *nu_dict_of(const nu_var *vars)
{
    nu_dict *dict = nu_dict_new();

    for (; vars && vars->key; vars++)
        nu_dict_set_(dict, vars->key, vars->value);
    return dict;
}

nu_value *nu__dict_slot(nu_dict *dict, nu_str key)
{
    nu__entry *entry = find(dict, key);

    return entry ? &entry->value : NULL;
}

bool nu_dict_find(const nu_dict *dict, nu_str key, nu_value *out)
{
    const nu__entry *entry = find(dict, key);

    if (entry && out)
        *out = entry->value;
    return entry;
}

nu_value nu_item(const nu_dict *dict, const char *key)
{
    const nu__entry *entry = find(dict, nu_s(key));

    return entry ? entry->value : nu_null();
}

size_t nu_dict_len(const nu_dict *dict)
{
    return dict ? dict->used - dict->gaps : 0;
}

nu_str nu_dict_key(const nu_dict *dict, size_t index)
{
    if (index >= nu_dict_len(dict))
        return (nu_str){ 0 };
    compact(dict);
    return dict->entries[index].key;
}

nu_value nu_dict_value(const nu_dict *dict, size_t index)
{
    if (index >= nu_dict_len(dict))
        return nu_null();
    compact(dict);
    return dict->entries[index].value;
}

bool nu_dict_remove(nu_dict *dict, nu_str key)
{
    nu__entry *entry = find(dict, key);

    if (!entry)
        return false;
    if (!dict->slots) {
        dict->used--;
        memmove(entry, entry + 1, (size_t)(dict->entries + dict->used - entry) * sizeof(nu__entry));
        return true;
    }
    *entry = (nu__entry){ 0 }; /* its slot goes on pointing here, so that searches pass over it */
    dict->gaps++;
    return true;
}

nu_dict *nu__dict_copy(const nu_dict *dict)
{
    nu_dict *copy = nu_dict_new();

    nu__dict_update(copy, dict);
    return copy;
}

void nu__dict_update(nu_dict *dict, const nu_dict *from)
{
    for (size_t i = 0; i < nu_dict_len(from); i++)
        nu_dict_set_str(dict, nu_dict_key(from, i), nu_dict_value(from, i));
}

nu_list *nu__dict_keys(const nu_dict *dict)
{
    nu_list *keys = nu__list_as(nu_list_new(), NU__DICT_KEYS);

    for (size_t i = 0; i < nu_dict_len(dict); i++)
        nu_list_append(keys, nu_dict_key(dict, i));
    return keys;
}

nu_list *nu__dict_values(const nu_dict *dict)
{
    nu_list *values = nu__list_as(nu_list_new(), NU__DICT_VALUES);

    for (size_t i = 0; i < nu_dict_len(dict); i++)
        nu_list_append_(values, nu_dict_value(dict, i));
    return values;
}

nu_list *nu__dict_items(const nu_dict *dict)
{
    nu_list *items = nu__list_as(nu_list_new(), NU__DICT_ITEMS);

    for (size_t i = 0; i < nu_dict_len(dict); i++) {
        nu_list *pair = NU_LIST(nu_dict_key(dict, i), nu_dict_value(dict, i));

        nu_list_append(items, nu__list_as(pair, NU__TUPLE));
    }
    return items;
}
