/**
 * @file
 * Caches: values kept under keys for a while, as django.core.cache.
 *
 *     nu_cache_set("news", NU_LIST("one", "two"), .timeout = 60);
 *     nu_value news = nu_cache_get("news"); // null once it is gone
 *
 * `.caches` lists them: { .alias = "default", .backend = "db", .location = "my_cache" }. A site
 * that lists none has one of the kind "locmem". The environment's CACHE_URL replaces "default".
 *
 * Values are kept as JSON: numbers, flags, texts, lists, dicts, null. Dates and decimals come back
 * as the text that JSON has for them; bytes are refused.
 * Counterpart: django.core.cache.
 */
#pragma once
#include <nuages/errors.h>

/* A cache of the settings. What is left out or 0 has Django's default; -1 stands for 0. */
typedef struct nu_cache {
    const char *alias;   /* "default" */
    const char *backend; /* "locmem": of this process; "db": a table; "file": a folder; "dummy":
                            keeps nothing */
    const char
        *location; /* locmem: its name, caches of one name share; db: the table; file: its path */
    const char *key_prefix;
    /* The whole key; missing: "prefix:version:key". Django: KEY_FUNCTION */
    nu_str (*key_function)(nu_str key, nu_str key_prefix, int64_t version);
    int64_t timeout;        /* seconds: 300; NU_CACHE_FOREVER */
    int64_t version;        /* 1 */
    int64_t max_entries;    /* 300 */
    int64_t cull_frequency; /* 3: a third goes when it is full; -1: all */
} nu_cache;

#define NU_CACHE_FOREVER INT64_MAX

typedef struct nu_cache_options {
    NU_NAMED_ONLY;
    const char *using; /* the cache's alias; "default" */
    int64_t timeout;   /* seconds; 0: the cache's own; -1: gone at once; NU_CACHE_FOREVER */
    int64_t version;   /* 0: the cache's own */
} nu_cache_options;
#define NU__CACHE_OPTIONS(...) (&(const nu_cache_options){ __VA_ARGS__ })

/* Keys are texts, nu_str or C strings. One that memcached would refuse is taken with a warning in
 * the log, as by Django.
 * All raise InvalidCacheBackendError for an alias that is none, and the errors of the database
 * where the cache is a table, OSError where it is a folder; those yield. Values that they give are
 * in the fiber's arena. */

/** The value; null where there is none. Django: cache.get() */
#define nu_cache_get(key, ...) nu_cache_get_(NU_STR(key), NU__CACHE_OPTIONS(__VA_ARGS__))
nu_value nu_cache_get_(nu_str key, const nu_cache_options *options);
/** The same that tells a null from none: false, and *value stays. Django: cache.get(key, sentinel)
 */
#define nu_cache_find(key, value, ...)                                                             \
    nu_cache_find_(NU_STR(key), (value), NU__CACHE_OPTIONS(__VA_ARGS__))
bool nu_cache_find_(nu_str key, nu_value *value, const nu_cache_options *options);
/** Raises TypeError for what JSON can't hold. Django: cache.set() */
#define nu_cache_set(key, x, ...) nu_cache_set_(NU_STR(key), V(x), NU__CACHE_OPTIONS(__VA_ARGS__))
void nu_cache_set_(nu_str key, nu_value value, const nu_cache_options *options);
/** Set it unless it is there: false. Django: cache.add() */
#define nu_cache_add(key, x, ...) nu_cache_add_(NU_STR(key), V(x), NU__CACHE_OPTIONS(__VA_ARGS__))
bool nu_cache_add_(nu_str key, nu_value value, const nu_cache_options *options);
/** A new timeout; false where there is no such key. Django: cache.touch() */
#define nu_cache_touch(key, ...) nu_cache_touch_(NU_STR(key), NU__CACHE_OPTIONS(__VA_ARGS__))
bool nu_cache_touch_(nu_str key, const nu_cache_options *options);
/** Was it there? Django: cache.delete() */
#define nu_cache_delete(key, ...) nu_cache_delete_(NU_STR(key), NU__CACHE_OPTIONS(__VA_ARGS__))
bool nu_cache_delete_(nu_str key, const nu_cache_options *options);
/** Django: cache.has_key(), key in cache */
#define nu_cache_has_key(key, ...) nu_cache_has_key_(NU_STR(key), NU__CACHE_OPTIONS(__VA_ARGS__))
bool nu_cache_has_key_(nu_str key, const nu_cache_options *options);

/** Those of the keys that are there, with their values. Django: cache.get_many() */
#define nu_cache_get_many(keys, ...) nu_cache_get_many_((keys), NU__CACHE_OPTIONS(__VA_ARGS__))
nu_dict *nu_cache_get_many_(const nu_list *keys, const nu_cache_options *options);
#define nu_cache_set_many(values, ...) nu_cache_set_many_((values), NU__CACHE_OPTIONS(__VA_ARGS__))
void nu_cache_set_many_(const nu_dict *values, const nu_cache_options *options);
#define nu_cache_delete_many(keys, ...)                                                            \
    nu_cache_delete_many_((keys), NU__CACHE_OPTIONS(__VA_ARGS__))
void nu_cache_delete_many_(const nu_list *keys, const nu_cache_options *options);

/** The value, which make(arg) gives where there is none yet. Raises what make() does. Django:
 * cache.get_or_set() */
#define nu_cache_get_or_set(key, make, arg, ...)                                                   \
    nu_cache_get_or_set_(NU_STR(key), (make), (arg), NU__CACHE_OPTIONS(__VA_ARGS__))
nu_value nu_cache_get_or_set_(nu_str key, nu_value (*make)(void *arg), void *arg,
                              const nu_cache_options *options);

/** Add to a number; the new one. Raises ValueError where there is no such key, TypeError where it
 * is no number, OverflowError past 64 bits. In a table or folder its timeout begins anew, as
 * Django's. Django: cache.incr() */
#define nu_cache_incr(key, delta, ...)                                                             \
    nu_cache_incr_(NU_STR(key), (delta), NU__CACHE_OPTIONS(__VA_ARGS__))
nu_value nu_cache_incr_(nu_str key, int64_t delta, const nu_cache_options *options);
/** The same the other way. Django: cache.decr() */
#define nu_cache_decr(key, delta, ...)                                                             \
    nu_cache_decr_(NU_STR(key), (delta), NU__CACHE_OPTIONS(__VA_ARGS__))
nu_value nu_cache_decr_(nu_str key, int64_t delta, const nu_cache_options *options);

/** Remove everything, of whatever prefix and version. NULL: "default". Django: cache.clear() */
void nu_cache_clear(const char *alias);
