/* A cache in the memory of this process. What was not asked for longest goes first when it is full.
 * Django: LocMemCache */
#include "cache/cache.h"

#include "core/fault.h"
#include "core/list.h"

#include <nuages/timezone.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
    struct entry *chain;         /* of the same bucket */
    struct entry *newer, *older; /* by use */
    nu_datetime expires;
    char *text;
    size_t text_len, key_len;
    uint64_t hash;
    char key[];
} entry;

/* All caches of one location share it; it outlives changes of the settings. */
typedef struct store {
    struct store *next;
    entry **buckets;
    size_t n_buckets; /* a power of two */
    size_t len;
    entry *newest, *oldest;
    char location[];
} store;
static store *stores;

enum { FIRST_BUCKETS = 64 };

static void *owned(size_t bytes)
{
    void *made = nu__malloc_zeroed(bytes);

    if (!made)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a cache");
    return made;
}

static store *store_of(const nu__cache *cache)
{
    store *made;

    for (store *each = stores; each; each = each->next)
        if (nu_eq(cache->location, (const char *)each->location))
            return each;
    made = owned(sizeof *made + cache->location.len + 1);
    memcpy(made->location, cache->location.ptr, cache->location.len);
    made->next = stores;
    return stores = made;
}

/* ---- order of use ---------------------------------------------------------------------------- */

static void unlink_entry(store *in, entry *e)
{
    *(e->newer ? &e->newer->older : &in->newest) = e->older;
    *(e->older ? &e->older->newer : &in->oldest) = e->newer;
}

static void link_newest(store *in, entry *e)
{
    e->newer = NULL;
    e->older = in->newest;
    *(in->newest ? &in->newest->newer : &in->oldest) = e;
    in->newest = e;
}

static void used(store *in, entry *e)
{
    unlink_entry(in, e);
    link_newest(in, e);
}

/* ---- the table ------------------------------------------------------------------------------- */

/* Where the pointer to the entry is, or would be. */
static entry **slot_of(store *in, nu_str key, uint64_t hash)
{
    entry **at = &in->buckets[hash & (in->n_buckets - 1)];

    while (*at && ((*at)->hash != hash || (*at)->key_len != key.len ||
                   memcmp((*at)->key, key.ptr, key.len) != 0))
        at = &(*at)->chain;
    return at;
}

static entry *find(store *in, nu_str key)
{
    return in->n_buckets ? *slot_of(in, key, nu__hash(key.ptr, key.len)) : NULL;
}

static void drop(store *in, entry *e)
{
    *slot_of(in, (nu_str){ e->key, e->key_len }, e->hash) = e->chain;
    unlink_entry(in, e);
    in->len--;
    free(e->text);
    free(e);
}

static void grow(store *in)
{
    size_t n = in->n_buckets ? in->n_buckets * 2 : FIRST_BUCKETS;
    entry **buckets = owned(n * sizeof *buckets);

    free(in->buckets);
    in->buckets = buckets;
    in->n_buckets = n;
    for (entry *e = in->newest; e; e = e->older) {
        e->chain = buckets[e->hash & (n - 1)];
        buckets[e->hash & (n - 1)] = e;
    }
}

static entry *insert(store *in, nu_str key)
{
    entry *e = owned(sizeof *e + key.len + 1), **at;

    if (in->len >= in->n_buckets) {
        const nu_error *full = nu_catch(NU_MEMORY_ERROR, grow(in));

        if (full) {
            free(e);
            nu_raise_from(full, NU_MEMORY_ERROR, "out of memory for a cache");
        }
    }
    memcpy(e->key, key.ptr, key.len);
    e->key_len = key.len;
    e->hash = nu__hash(key.ptr, key.len);
    at = slot_of(in, key, e->hash);
    e->chain = *at;
    *at = e;
    link_newest(in, e);
    in->len++;
    return e;
}

static void empty(store *in)
{
    while (in->oldest)
        drop(in, in->oldest);
}

static void cull(const nu__cache *cache, store *in)
{
    size_t n = cache->cull_frequency ? in->len / (size_t)cache->cull_frequency : in->len;

    while (n-- && in->oldest)
        drop(in, in->oldest);
}

/* The entry, unless its time is over. */
static entry *living(store *in, nu_str key)
{
    entry *e = find(in, key);

    return e && e->expires.us > nu_now().us ? e : NULL;
}

/* The same; one that is over goes. */
static entry *living_or_gone(store *in, nu_str key)
{
    entry *e = find(in, key);

    if (e && e->expires.us <= nu_now().us) {
        drop(in, e);
        return NULL;
    }
    return e;
}

static void store_text(entry *e, char *text, size_t len)
{
    free(e->text);
    e->text = text;
    e->text_len = len;
}

static char *copied(nu_str text)
{
    char *copy = owned(text.len + 1);

    memcpy(copy, text.ptr, text.len);
    return copy;
}

/* ---- the backend ----------------------------------------------------------------------------- */

static void get(const nu__cache *cache, const nu_str *keys, size_t n, nu_str *texts)
{
    store *in = store_of(cache);

    for (size_t i = 0; i < n; i++) {
        entry *e = living_or_gone(in, keys[i]);

        texts[i] = e ? nu_copy((nu_str){ e->text, e->text_len }) : (nu_str){ 0 };
        if (e)
            used(in, e);
    }
}

static void write_entry(const nu__cache *cache, store *in, nu_str key, nu_str text,
                        nu_datetime expires)
{
    entry *e;
    char *copy;

    if (in->len >= (size_t)cache->max_entries)
        cull(cache, in);
    copy = copied(text);
    e = find(in, key);
    if (!e) {
        const nu_error *full = nu_catch(NU_MEMORY_ERROR, insert(in, key));

        if (full) {
            free(copy);
            nu_raise_from(full, NU_MEMORY_ERROR, "out of memory for a cache");
        }
        e = find(in, key);
    }
    store_text(e, copy, text.len);
    e->expires = expires;
    used(in, e);
}

static bool put(const nu__cache *cache, nu__cache_mode mode, nu_str key, nu_str text,
                nu_datetime expires)
{
    store *in = store_of(cache);
    entry *e = mode == NU__CACHE_SET ? NULL : living(in, key);

    if (mode == NU__CACHE_TOUCH) {
        if (e)
            e->expires = expires;
        return e != NULL;
    }
    if (e)
        return false;
    write_entry(cache, in, key, text, expires);
    return true;
}

static void replace(const nu__cache *cache, nu_str key, nu_str text)
{
    store *in = store_of(cache);
    char *copy = copied(text);
    entry *e = find(in, key);

    if (e)
        store_text(e, copy, text.len);
    else
        free(copy);
}

static bool has_key(const nu__cache *cache, nu_str key)
{
    return living_or_gone(store_of(cache), key) != NULL;
}

static bool remove_keys(const nu__cache *cache, const nu_str *keys, size_t n)
{
    store *in = store_of(cache);
    size_t before = in->len;

    for (size_t i = 0; i < n; i++) {
        entry *e = find(in, keys[i]);

        if (e)
            drop(in, e);
    }
    return in->len < before;
}

static void clear(const nu__cache *cache)
{
    empty(store_of(cache));
}

void nu__cache_locmem_release(void)
{
    while (stores) {
        store *in = stores;

        empty(in);
        stores = in->next;
        free(in->buckets);
        free(in);
    }
}

const nu__cache_backend nu__cache_locmem = {
    .name = "locmem",
    .dotted = "django.core.cache.backends.locmem.LocMemCache",
    .location = "",
    .get = get,
    .put = put,
    .replace = replace,
    .has_key = has_key,
    .remove = remove_keys,
    .clear = clear,
};
