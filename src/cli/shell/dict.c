/* The hash table behind dict and set, and dict itself. */
#include "cli/shell/dict.h"

#include "cli/shell/limits.h"
#include "core/json.h"

#include <string.h>

/* ---- the table ------------------------------------------------------------------------------- */

nu__py nu__py_dict_new(const nu__py_type *type)
{
    return (nu__py){ .type = type, .dict = nu_alloc(nu__py_dict) };
}

static size_t slot_of(const nu__py_dict *dict, nu__py key, uint64_t hash, bool *found)
{
    size_t slot = (size_t)(hash ^ hash >> 32) & dict->mask;

    for (*found = false; dict->slots[slot]; slot = (slot + 1) & dict->mask) {
        const nu__py_entry *entry = &dict->entries[dict->slots[slot] - 1];

        if (nu__py_given(entry->key) && entry->hash == hash &&
            (nu__py_same(entry->key, key) || nu__py_equal(entry->key, key))) {
            *found = true;
            break;
        }
    }
    return slot;
}

static void rebuild(nu__py_dict *dict)
{
    size_t cap = dict->len ? dict->len * 2 : 8, slots = 16, used = 0;
    nu__py_entry *entries;

    nu__py_check_size(cap);
    while (slots < cap * 2)
        slots *= 2;
    entries = nu_alloc_array(nu__py_entry, cap);
    dict->slots = nu_alloc_array(uint32_t, slots);
    dict->mask = slots - 1;
    for (size_t i = 0; i < dict->used; i++) {
        size_t slot = (size_t)(dict->entries[i].hash ^ dict->entries[i].hash >> 32) & dict->mask;

        if (!nu__py_given(dict->entries[i].key))
            continue;
        while (dict->slots[slot])
            slot = (slot + 1) & dict->mask;
        entries[used++] = dict->entries[i];
        dict->slots[slot] = (uint32_t)used;
    }
    dict->entries = entries;
    dict->used = used;
    dict->cap = cap;
}

nu__py *nu__py_dict_find(const nu__py_dict *dict, nu__py key)
{
    uint64_t hash = nu__py_hash(key);
    bool found;
    size_t slot;

    if (!dict->len)
        return NULL;
    slot = slot_of(dict, key, hash, &found);
    return found ? &dict->entries[dict->slots[slot] - 1].value : NULL;
}

void nu__py_dict_set(nu__py_dict *dict, nu__py key, nu__py value)
{
    uint64_t hash = nu__py_hash(key);
    bool found;
    size_t slot;

    if (dict->used == dict->cap)
        rebuild(dict);
    slot = slot_of(dict, key, hash, &found);
    if (found) {
        dict->entries[dict->slots[slot] - 1].value = value;
        return;
    }
    dict->entries[dict->used++] = (nu__py_entry){ hash, key, value };
    dict->slots[slot] = (uint32_t)dict->used;
    dict->len++;
}

bool nu__py_dict_remove(nu__py_dict *dict, nu__py key)
{
    uint64_t hash = nu__py_hash(key);
    bool found;
    size_t slot;

    if (!dict->len)
        return false;
    slot = slot_of(dict, key, hash, &found);
    if (found) {
        dict->entries[dict->slots[slot] - 1].key = (nu__py){ 0 };
        dict->len--;
    }
    return found;
}

nu__py_entry *nu__py_dict_next(const nu__py_dict *dict, size_t *at)
{
    while (*at < dict->used) {
        nu__py_entry *entry = &dict->entries[(*at)++];

        if (nu__py_given(entry->key))
            return entry;
    }
    return NULL;
}

static void update_from_pairs(nu__py_dict *dict, nu__py pairs)
{
    nu__py iterator = nu__py_iterate(pairs), each, pair;

    for (size_t n = 0; nu__py_step(iterator, &each); n++) {
        if (!nu__py_is_iterable(each.type))
            nu_raise(NU_TYPE_ERROR,
                     "cannot convert dictionary update sequence element #{} to a sequence", n);
        pair = nu__py_collect(each, &nu__py_list_type);
        if (pair.list->len != 2)
            nu_raise(NU_VALUE_ERROR,
                     "dictionary update sequence element #{} has length {}; 2 is required", n,
                     pair.list->len);
        nu__py_dict_set(dict, pair.list->items[0], pair.list->items[1]);
    }
}

void nu__py_dict_update(nu__py_dict *dict, nu__py other)
{
    nu__py_entry *entry;

    if (!NU__PY_IS(other, dict)) {
        update_from_pairs(dict, other);
        return;
    }
    for (size_t at = 0; (entry = nu__py_dict_next(other.dict, &at));)
        nu__py_dict_set(dict, entry->key, entry->value);
}

/* ---- views and iteration --------------------------------------------------------------------- */

typedef struct walk {
    const nu__py_dict *dict;
    size_t at, len;
    nu__py_part part;
} walk;

static nu__py part_of(const nu__py_entry *entry, nu__py_part part)
{
    return part == NU__PY_KEYS     ? entry->key
           : part == NU__PY_VALUES ? entry->value
                                   : nu__py_pair(entry->key, entry->value);
}

static bool walk_next(void *state, nu__py *out)
{
    walk *w = state;
    const nu__py_entry *entry;

    if (w->dict->len != w->len)
        nu_raise(NU_RUNTIME_ERROR, "dictionary changed size during iteration");
    entry = nu__py_dict_next(w->dict, &w->at);
    if (entry)
        *out = part_of(entry, w->part);
    return entry != NULL;
}

nu__py nu__py_dict_iterate(const nu__py_dict *dict, nu__py_part part, const char *name)
{
    walk *w = nu_alloc(walk);

    *w = (walk){ dict, 0, dict->len, part };
    return nu__py_iterator(name, walk_next, w);
}

static nu__py iterate(nu__py self)
{
    return nu__py_dict_iterate(self.dict, NU__PY_KEYS, "dict_keyiterator");
}

/* ---- dict ------------------------------------------------------------------------------------ */

static int64_t length(nu__py self)
{
    return (int64_t)self.dict->len;
}

static nu__py item(nu__py self, nu__py key)
{
    nu__py *found = nu__py_dict_find(self.dict, key);

    if (found)
        return *found;
    nu__py_raise_key(key);
}

void nu__py_raise_key(nu__py key)
{
    nu__py args = nu__py_list_new(&nu__py_tuple_type, 1);

    nu__py_append(args, key);
    nu__py_throw_from(nu__py_exception_new(&nu__py_errors[NU_KEY_ERROR], args), (nu__py){ 0 });
}

static void set_item(nu__py self, nu__py key, nu__py value)
{
    nu__py_dict_set(self.dict, key, value);
}

static void del_item(nu__py self, nu__py key)
{
    if (!nu__py_dict_remove(self.dict, key))
        nu__py_raise_key(key);
}

static bool contains(nu__py self, nu__py key)
{
    return nu__py_dict_find(self.dict, key) != NULL;
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    nu__py_entry *entry;

    if (!NU__PY_IS(a, dict) || !NU__PY_IS(b, dict))
        return false;
    *out = a.dict->len == b.dict->len;
    for (size_t at = 0; *out && (entry = nu__py_dict_next(a.dict, &at));) {
        nu__py *other = nu__py_dict_find(b.dict, entry->key);

        *out = other && nu__py_equal(entry->value, *other);
    }
    return true;
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    if (op != NU__PY_OR || !NU__PY_IS(a, dict) || !NU__PY_IS(b, dict))
        return false;
    *out = nu__py_dict_new(&nu__py_dict_type);
    nu__py_dict_update(out->dict, a);
    nu__py_dict_update(out->dict, b);
    return true;
}

static bool unhashable(nu__py self, uint64_t *out)
{
    (void)self, (void)out;
    return false;
}

static void repr(nu__py self, nu__buf *out)
{
    nu__py_entry *entry;
    const char *gap = "";

    nu__buf_char(out, '{');
    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at)); gap = ", ") {
        nu__buf_str_add(out, nu_s(gap));
        nu__py_repr_to(entry->key, out);
        nu__buf_lit(out, ": ");
        nu__py_repr_to(entry->value, out);
    }
    nu__buf_char(out, '}');
}

static void json(nu__py self, nu__buf *out)
{
    nu__py_entry *entry;
    const char *gap = "";

    nu__buf_char(out, '{');
    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at)); gap = ", ") {
        nu__buf_str_add(out, nu_s(gap));
        nu__json_str(out, nu__py_text(entry->key), &nu__json_dumps);
        nu__buf_lit(out, ": ");
        nu__py_json(entry->value, out);
    }
    nu__buf_char(out, '}');
}

static nu__py make(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    (void)self;
    if (nu__py_given(args[0]))
        nu__py_dict_update(out.dict, args[0]);
    nu__py_dict_update(out.dict, args[1]);
    return out;
}

nu__py nu__py_dict_copied(nu__py self, nu__py_dict *memo)
{
    nu__py out = nu__py_dict_new(self.type);
    nu__py_entry *entry;

    nu__py_copied_as(memo, self, out);
    out.dict->missing = self.dict->missing;
    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at));)
        nu__py_dict_set(out.dict, nu__py_copied(entry->key, memo),
                        nu__py_copied(entry->value, memo));
    return out;
}

const nu__py_type nu__py_dict_type = {
    .name = "dict",
    .methods = nu__py_dict_methods,
    .statics = nu__py_dict_statics,
    .signature = "iterable=, /, **kwargs",
    .make = make,
    .copy = nu__py_dict_copied,
    .binary = binary,
    .equal = equal,
    .hash = unhashable,
    .length = length,
    .item = item,
    .set_item = set_item,
    .del_item = del_item,
    .contains = contains,
    .iterate = iterate,
    .repr = repr,
    .json = json,
};
