/**
 * @file
 * The layout of lists and dicts, for who reads them on hot paths, and what only the library does
 * with them.
 *
 * Each knows its arena and grows there, whatever arena is in use when it does.
 */
#pragma once
#include "core/arena.h"
#include "core/short.h"

/* What Python would have in a list's place: shown in its text, and a tuple equals no list. */
typedef enum nu__sequence {
    NU__LIST,
    NU__TUPLE,
    NU__DICT_ITEMS,
    NU__DICT_KEYS,
    NU__DICT_VALUES
} nu__sequence;

struct nu_list {
    nu__arena *arena;
    nu_value *items;
    size_t len, cap;
    nu__sequence sequence;
};

typedef struct nu__entry {
    nu_str key; /* {NULL, 0}: removed */
    nu_value value;
} nu__entry;

/* Entries in order of insertion. Up to 8 are searched in line; more by an open-addressed table of
   entry numbers under a keyed hash. Removed entries stay as gaps until somebody asks by index. */
struct nu_dict {
    nu__arena *arena;
    nu__entry *entries;
    uint32_t used, gaps, cap;
    uint32_t *slots; /* entry number + 1; 0 free; NULL while small */
    uint32_t mask;
};

nu_list *nu__list_in(nu__arena *arena); /* raises MemoryError */
nu_dict *nu__dict_in(nu__arena *arena);
nu_dict *nu__dict_try_in(nu__arena *arena, size_t n); /* room for n entries; NULL: no memory */
void nu__list_reserve(nu_list *list, size_t more);
void nu__list_insert(nu_list *list, size_t index, nu_value value);
void nu__list_remove(nu_list *list, size_t index);
nu_list *nu__list_copy(const nu_list *list); /* shallow */
/* The list itself, as that from now on. */
nu_list *nu__list_as(nu_list *list, nu__sequence sequence);

/* Set without copying the key, which must live as long as the dict: names of columns, literals. */
void nu__dict_set_borrowed(nu_dict *dict, nu_str key, nu_value value);
/* The value's place, to change it; NULL when there is none. Valid until the next set. */
nu_value *nu__dict_slot(nu_dict *dict, nu_str key);
/* The same for a key that stands at the same place in many dicts: *hint is where it was last. */
static inline const nu_value *nu__dict_near(const nu_dict *dict, nu_str key, uint32_t *hint)
{
    const nu_value *slot;

    if (*hint < dict->used) {
        const nu__entry *entry = &dict->entries[*hint];

        if (entry->key.len == key.len && entry->key.ptr &&
            nu__equal_short(entry->key.ptr, key.ptr, key.len))
            return &entry->value;
    }
    slot = nu__dict_slot((nu_dict *)dict, key); /* which is only read */
    if (slot)
        *hint = (uint32_t)((const nu__entry *)((const char *)slot - offsetof(nu__entry, value)) -
                           dict->entries);
    return slot;
}
nu_dict *nu__dict_copy(const nu_dict *dict);              /* shallow */
void nu__dict_update(nu_dict *dict, const nu_dict *from); /* dict.update() */
nu_list *nu__dict_keys(const nu_dict *dict);
nu_list *nu__dict_values(const nu_dict *dict);
nu_list *nu__dict_items(const nu_dict *dict); /* tuples of key and value */

/* A keyed hash of bytes (SipHash-1-3, the key random for each process): collisions can't be made
   from outside. */
uint64_t nu__hash(const void *bytes, size_t len);
