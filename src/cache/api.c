/* django.core.cache's functions over any backend. */
#include "cache/cache.h"

#include "core/text.h"

#include <nuages/json.h>
#include <nuages/logging.h>
#include <nuages/timezone.h>

enum { LONGEST_KEY = 250 }; /* memcached's */

void (*nu__cache_used)(const nu__cache_use *use);

/* ---- what is asked of a backend ---------------------------------------------------------------
 */

static double begin(void)
{
    return nu__cache_used ? nu_monotonic() : 0;
}

static void tell(double began, nu__cache_use use)
{
    if (!nu__cache_used)
        return;
    use.seconds = nu_monotonic() - began;
    nu__cache_used(&use);
}

static void get(const nu__cache *cache, const char *call, const nu_str *keys, size_t n,
                nu_str *texts)
{
    double began = begin();
    size_t hits = 0;

    cache->backend->get(cache, keys, n, texts);
    for (size_t i = 0; i < n; i++)
        hits += texts[i].ptr != NULL;
    tell(began, (nu__cache_use){ cache, call, keys, n, hits, .looked = true });
}

static bool remove_keys(const nu__cache *cache, const char *call, const nu_str *keys, size_t n)
{
    double began = begin();
    bool any = cache->backend->remove(cache, keys, n);

    tell(began, (nu__cache_use){ cache, call, keys, n });
    return any;
}

/* ---- keys and times -------------------------------------------------------------------------- */

static void warn_of(nu_str key)
{
    if (nu__utf8_count(key) > LONGEST_KEY)
        nu_warning("Cache key will cause errors if used with memcached: {!r} (longer than {})", key,
                   (int)LONGEST_KEY);
    for (size_t i = 0; i < key.len; i++) {
        if ((unsigned char)key.ptr[i] <= ' ' || key.ptr[i] == 0x7f) {
            nu_warning("Cache key contains characters that will cause errors if used with "
                       "memcached: {!r}",
                       key);
            return;
        }
    }
}

static nu_str whole_key(const nu__cache *cache, nu_str key, const nu_cache_options *options)
{
    int64_t version = options->version ? options->version : cache->version;
    nu_str whole = cache->key_function ? cache->key_function(key, cache->key_prefix, version)
                                       : nu_fmt("{}:{}:{}", cache->key_prefix, version, key);

    warn_of(whole);
    return whole;
}

static nu_datetime expiry(const nu__cache *cache, const nu_cache_options *options)
{
    int64_t seconds = options->timeout ? options->timeout : cache->timeout, us;
    nu_datetime at = nu_now();

    if (seconds <= 0) /* 0 is the cache's own; it is over before the next look at the clock */
        return (nu_datetime){ at.us - 1000000 };
    if (__builtin_mul_overflow(seconds, INT64_C(1000000), &us) ||
        __builtin_add_overflow(at.us, us, &at.us))
        at.us = INT64_MAX;
    return at;
}

/* ---- one key --------------------------------------------------------------------------------- */

static bool look(const nu__cache *cache, const char *call, nu_str whole, nu_value *value)
{
    nu_str text;

    get(cache, call, &whole, 1, &text);
    if (!text.ptr)
        return false;
    *value = nu_json_read(text);
    return true;
}

bool nu_cache_find_(nu_str key, nu_value *value, const nu_cache_options *options)
{
    const nu__cache *cache = nu__cache_of(options->using);

    return look(cache, "get", whole_key(cache, key, options), value);
}

nu_value nu_cache_get_(nu_str key, const nu_cache_options *options)
{
    nu_value value = nu_null();

    nu_cache_find_(key, &value, options);
    return value;
}

static bool put(nu__cache_mode mode, nu_str key, nu_str text, const nu_cache_options *options)
{
    static const char *const calls[] = {
        [NU__CACHE_SET] = "set", [NU__CACHE_ADD] = "add", [NU__CACHE_TOUCH] = "touch"
    };
    const nu__cache *cache = nu__cache_of(options->using);
    nu_str whole = whole_key(cache, key, options);
    double began = begin();
    bool done = cache->backend->put(cache, mode, whole, text, expiry(cache, options));

    tell(began, (nu__cache_use){ cache, calls[mode], &whole, 1 });
    return done;
}

void nu_cache_set_(nu_str key, nu_value value, const nu_cache_options *options)
{
    put(NU__CACHE_SET, key, nu_to_json(value), options);
}

bool nu_cache_add_(nu_str key, nu_value value, const nu_cache_options *options)
{
    return put(NU__CACHE_ADD, key, nu_to_json(value), options);
}

bool nu_cache_touch_(nu_str key, const nu_cache_options *options)
{
    return put(NU__CACHE_TOUCH, key, (nu_str){ 0 }, options);
}

bool nu_cache_delete_(nu_str key, const nu_cache_options *options)
{
    const nu__cache *cache = nu__cache_of(options->using);
    nu_str whole = whole_key(cache, key, options);

    return remove_keys(cache, "delete", &whole, 1);
}

bool nu_cache_has_key_(nu_str key, const nu_cache_options *options)
{
    const nu__cache *cache = nu__cache_of(options->using);
    nu_str whole = whole_key(cache, key, options);
    double began = begin();
    bool there = cache->backend->has_key(cache, whole);

    tell(began, (nu__cache_use){ cache, "has_key", &whole, 1, there, .looked = true });
    return there;
}

void nu_cache_clear(const char *alias)
{
    const nu__cache *cache = nu__cache_of(alias);
    double began = begin();

    cache->backend->clear(cache);
    tell(began, (nu__cache_use){ cache, "clear" });
}

/* ---- many keys ------------------------------------------------------------------------------- */

static nu_str *whole_keys(const nu__cache *cache, const nu_list *keys,
                          const nu_cache_options *options)
{
    size_t n = nu_list_len(keys);
    nu_str *whole = nu_alloc_array(nu_str, n + 1);

    for (size_t i = 0; i < n; i++)
        whole[i] = whole_key(cache, nu_string(nu_at(keys, i)), options);
    return whole;
}

nu_dict *nu_cache_get_many_(const nu_list *keys, const nu_cache_options *options)
{
    const nu__cache *cache = nu__cache_of(options->using);
    size_t n = nu_list_len(keys);
    nu_str *texts = nu_alloc_array(nu_str, n + 1);
    nu_dict *found = nu_dict_new();

    if (n)
        get(cache, "get_many", whole_keys(cache, keys, options), n, texts);
    for (size_t i = 0; i < n; i++)
        if (texts[i].ptr)
            nu_dict_set_str(found, nu_string(nu_at(keys, i)), nu_json_read(texts[i]));
    return found;
}

void nu_cache_set_many_(const nu_dict *values, const nu_cache_options *options)
{
    for (size_t i = 0; i < nu_dict_len(values); i++)
        nu_cache_set_(nu_dict_key(values, i), nu_dict_value(values, i), options);
}

void nu_cache_delete_many_(const nu_list *keys, const nu_cache_options *options)
{
    const nu__cache *cache = nu__cache_of(options->using);

    remove_keys(cache, "delete_many", whole_keys(cache, keys, options), nu_list_len(keys));
}

/* ---- both at once ---------------------------------------------------------------------------- */

nu_value nu_cache_get_or_set_(nu_str key, nu_value (*make)(void *arg), void *arg,
                              const nu_cache_options *options)
{
    nu_value value;

    if (nu_cache_find_(key, &value, options))
        return value;
    value = make(arg);
    nu_cache_add_(key, value, options);
    nu_cache_find_(key, &value, options); /* another may have been first */
    return value;
}

static nu_value sum(nu_str key, nu_value value, int64_t delta)
{
    int64_t total;

    if (value.kind == NU_KIND_FLOAT)
        return V(value.f + (double)delta);
    if (value.kind != NU_KIND_INT && value.kind != NU_KIND_BOOL && value.kind != NU_KIND_UINT)
        nu_raise(NU_TYPE_ERROR,
                 "The cache has {!r} under the key '{}', which is no number to add "
                 "to.",
                 value, key);
    if (__builtin_add_overflow(nu_int(value), delta, &total))
        nu_raise(NU_OVERFLOW_ERROR, "The number under the key '{}' is past 64 bits.", key);
    return V(total);
}

nu_value nu_cache_incr_(nu_str key, int64_t delta, const nu_cache_options *options)
{
    const nu__cache *cache = nu__cache_of(options->using);
    nu_str whole = whole_key(cache, key, options);
    nu_cache_options usual = { .using = options->using, .version = options->version };
    nu_value value;

    if (!look(cache, "incr", whole, &value))
        nu_raise(NU_VALUE_ERROR, "Key '{}' not found", cache->backend->replace ? whole : key);
    value = sum(key, value, delta);
    if (cache->backend->replace)
        cache->backend->replace(cache, whole, nu_to_json(value));
    else
        nu_cache_set_(key, value, &usual);
    return value;
}

nu_value nu_cache_decr_(nu_str key, int64_t delta, const nu_cache_options *options)
{
    if (delta == INT64_MIN)
        nu_raise(NU_OVERFLOW_ERROR, "The number to take away from '{}' is past 64 bits.", key);
    return nu_cache_incr_(key, -delta, options);
}
