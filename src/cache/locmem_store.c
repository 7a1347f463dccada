#include "cache/locmem_store.h"

#include "core/fault.h"
#include "core/list.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 64 };

static nu__locmem_store *stores;

void *nu__locmem_owned(size_t bytes)
{
    void *made = nu__malloc_zeroed(bytes);

    if (!made)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a cache");
    return made;
}

nu__locmem_store *nu__locmem_of(const nu__cache *cache)
{
    nu__locmem_store *made;

    for (nu__locmem_store *each = stores; each; each = each->next)
        if (nu_eq(cache->location, (const char *)each->location))
            return each;
    made = nu__locmem_owned(sizeof *made + cache->location.len + 1);
    memcpy(made->location, cache->location.ptr, cache->location.len);
    made->next = stores;
    return stores = made;
}

/* ---- order of use ---------------------------------------------------------------------------- */

static void unlink_entry(nu__locmem_store *in, nu__locmem_entry *e)
{
    *(e->newer ? &e->newer->older : &in->newest) = e->older;
    *(e->older ? &e->older->newer : &in->oldest) = e->newer;
}

static void link_newest(nu__locmem_store *in, nu__locmem_entry *e)
{
    e->newer = NULL;
    e->older = in->newest;
    *(in->newest ? &in->newest->newer : &in->oldest) = e;
    in->newest = e;
}

void nu__locmem_used(nu__locmem_store *in, nu__locmem_entry *e)
{
    unlink_entry(in, e);
    link_newest(in, e);
}

/* ---- the table ------------------------------------------------------------------------------- */

/* Where the pointer to the entry is, or would be. */
static nu__locmem_entry **slot_of(nu__locmem_store *in, nu_str key, uint64_t hash)
{
    nu__locmem_entry **at = &in->buckets[hash & (in->n_buckets - 1)];

    while (*at && ((*at)->hash != hash || (*at)->key_len != key.len ||
                   memcmp((*at)->key, key.ptr, key.len) != 0))
        at = &(*at)->chain;
    return at;
}

nu__locmem_entry *nu__locmem_find(nu__locmem_store *in, nu_str key)
{
    return in->n_buckets ? *slot_of(in, key, nu__hash(key.ptr, key.len)) : NULL;
}

void nu__locmem_drop(nu__locmem_store *in, nu__locmem_entry *e)
{
    *slot_of(in, (nu_str){ e->key, e->key_len }, e->hash) = e->chain;
    unlink_entry(in, e);
    in->len--;
    free(e->text);
    free(e);
}

static void grow(nu__locmem_store *in)
{
    size_t n = in->n_buckets ? in->n_buckets * 2 : FIRST_BUCKETS;
    nu__locmem_entry **buckets = nu__locmem_owned(n * sizeof *buckets);

    free(in->buckets);
    in->buckets = buckets;
    in->n_buckets = n;
    for (nu__locmem_entry *e = in->newest; e; e = e->older) {
        e->chain = buckets[e->hash & (n - 1)];
        buckets[e->hash & (n - 1)] = e;
    }
}

nu__locmem_entry *nu__locmem_insert(nu__locmem_store *in, nu_str key)
{
    nu__locmem_entry *e = nu__locmem_owned(sizeof *e + key.len + 1), **at;

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

void nu__locmem_empty(nu__locmem_store *in)
{
    while (in->oldest)
        nu__locmem_drop(in, in->oldest);
}

void nu__cache_locmem_release(void)
{
    while (stores) {
        nu__locmem_store *in = stores;

        nu__locmem_empty(in);
        stores = in->next;
        free(in->buckets);
        free(in);
    }
}
