/* A cache in the memory of this process. What was not asked for longest goes first when it is full.
 * Django: LocMemCache */
#include "cache/locmem_store.h"

#include <nuages/timezone.h>
#include <stdlib.h>
#include <string.h>

static void cull(const nu__cache *cache, nu__locmem_store *in)
{
    size_t n = cache->cull_frequency ? in->len / (size_t)cache->cull_frequency : in->len;

    while (n-- && in->oldest)
        nu__locmem_drop(in, in->oldest);
}

/* The entry, unless its time is over. */
static nu__locmem_entry *living(nu__locmem_store *in, nu_str key)
{
    nu__locmem_entry *e = nu__locmem_find(in, key);

    return e && e->expires.us > nu_now().us ? e : NULL;
}

/* The same; one that is over goes. */
static nu__locmem_entry *living_or_gone(nu__locmem_store *in, nu_str key)
{
    nu__locmem_entry *e = nu__locmem_find(in, key);

    if (e && e->expires.us <= nu_now().us) {
        nu__locmem_drop(in, e);
        return NULL;
    }
    return e;
}

static void store_text(nu__locmem_entry *e, char *text, size_t len)
{
    free(e->text);
    e->text = text;
    e->text_len = len;
}

static char *copied(nu_str text)
{
    char *copy = nu__locmem_owned(text.len + 1);

    memcpy(copy, text.ptr, text.len);
    return copy;
}

/* ---- the backend ----------------------------------------------------------------------------- */

static void get(const nu__cache *cache, const nu_str *keys, size_t n, nu_str *texts)
{
    nu__locmem_store *in = nu__locmem_of(cache);

    for (size_t i = 0; i < n; i++) {
        nu__locmem_entry *e = living_or_gone(in, keys[i]);

        texts[i] = e ? nu_copy((nu_str){ e->text, e->text_len }) : (nu_str){ 0 };
        if (e)
            nu__locmem_used(in, e);
    }
}

static void write_entry(const nu__cache *cache, nu__locmem_store *in, nu_str key, nu_str text,
                        nu_datetime expires)
{
    nu__locmem_entry *e;
    char *copy;

    if (in->len >= (size_t)cache->max_entries)
        cull(cache, in);
    copy = copied(text);
    e = nu__locmem_find(in, key);
    if (!e) {
        const nu_error *full = nu_catch(NU_MEMORY_ERROR, nu__locmem_insert(in, key));

        if (full) {
            free(copy);
            nu_raise_from(full, NU_MEMORY_ERROR, "out of memory for a cache");
        }
        e = nu__locmem_find(in, key);
    }
    store_text(e, copy, text.len);
    e->expires = expires;
    nu__locmem_used(in, e);
}

static bool put(const nu__cache *cache, nu__cache_mode mode, nu_str key, nu_str text,
                nu_datetime expires)
{
    nu__locmem_store *in = nu__locmem_of(cache);
    nu__locmem_entry *e = mode == NU__CACHE_SET ? NULL : living(in, key);

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
    nu__locmem_store *in = nu__locmem_of(cache);
    char *copy = copied(text);
    nu__locmem_entry *e = nu__locmem_find(in, key);

    if (e)
        store_text(e, copy, text.len);
    else
        free(copy);
}

static bool has_key(const nu__cache *cache, nu_str key)
{
    return living_or_gone(nu__locmem_of(cache), key) != NULL;
}

static bool remove_keys(const nu__cache *cache, const nu_str *keys, size_t n)
{
    nu__locmem_store *in = nu__locmem_of(cache);
    size_t before = in->len;

    for (size_t i = 0; i < n; i++) {
        nu__locmem_entry *e = nu__locmem_find(in, keys[i]);

        if (e)
            nu__locmem_drop(in, e);
    }
    return in->len < before;
}

static void clear(const nu__cache *cache)
{
    nu__locmem_empty(nu__locmem_of(cache));
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
