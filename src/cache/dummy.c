/* A cache that keeps nothing: for development. Django: DummyCache */
#include "cache/cache.h"

static void get(const nu__cache *cache, const nu_str *keys, size_t n, nu_str *texts)
{
    (void)cache;
    (void)keys;
    for (size_t i = 0; i < n; i++)
        texts[i] = (nu_str){ 0 };
}

static bool put(const nu__cache *cache, nu__cache_mode mode, nu_str key, nu_str text,
                nu_datetime expires)
{
    (void)cache;
    (void)key;
    (void)text;
    (void)expires;
    return mode != NU__CACHE_TOUCH;
}

static bool has_key(const nu__cache *cache, nu_str key)
{
    (void)cache;
    (void)key;
    return false;
}

static bool remove_keys(const nu__cache *cache, const nu_str *keys, size_t n)
{
    (void)cache;
    (void)keys;
    (void)n;
    return false;
}

static void clear(const nu__cache *cache)
{
    (void)cache;
}

const nu__cache_backend nu__cache_dummy = {
    .name = "dummy",
    .dotted = "django.core.cache.backends.dummy.DummyCache",
    .location = "",
    .get = get,
    .put = put,
    .has_key = has_key,
    .remove = remove_keys,
    .clear = clear,
};
