/**
 * @file
 * The inside of caches.
 *
 *   nu_cache_get("x") -> nu__cache by alias (config.c) -> ":1:x" -> backend
 *                                                                   locmem.c, db.c, file.c, dummy.c
 */
#pragma once
#include <nuages/cache.h>

#include <nuages/models.h>

#include "template/template.h"

typedef struct nu__cache_backend nu__cache_backend;

/* One of the settings, its defaults filled in. */
typedef struct nu__cache {
    const nu__cache_backend *backend;
    nu_str alias, location, key_prefix;
    nu_str (*key_function)(nu_str key, nu_str key_prefix, int64_t version); /* NULL: Django's */
    int64_t timeout, version, max_entries;
    int64_t cull_frequency; /* 0: all goes */
} nu__cache;

typedef enum nu__cache_mode {
    NU__CACHE_SET,
    NU__CACHE_ADD,
    NU__CACHE_TOUCH /* without a value */
} nu__cache_mode;

/* A row a backend. Keys are whole ones; values are JSON; `expires` is INT64_MAX for never. */
struct nu__cache_backend {
    const char *name, *dotted; /* Django's path */
    const char *location;      /* the default one */
    bool is_folder;            /* the location is a path */
    /* texts[i]: the value of keys[i] in the fiber's arena, null for none. */
    void (*get)(const nu__cache *cache, const nu_str *keys, size_t n, nu_str *texts);
    bool (*put)(const nu__cache *cache, nu__cache_mode mode, nu_str key, nu_str text,
                nu_datetime expires);
    /* Another value under the same expiry; NULL: incr() sets it anew. */
    void (*replace)(const nu__cache *cache, nu_str key, nu_str text);
    bool (*has_key)(const nu__cache *cache, nu_str key);
    bool (*remove)(const nu__cache *cache, const nu_str *keys, size_t n); /* any? */
    void (*clear)(const nu__cache *cache);
};
/* Of tables of caches, as routers and migrations know them: django_cache.CacheEntry. */
extern const nu_model nu__cache_entry_model;

extern const nu__cache_backend nu__cache_locmem, nu__cache_db, nu__cache_file, nu__cache_dummy;

/* Read the settings. Raises InvalidCacheBackendError,
   ImproperlyConfigured. */
void nu__cache_setup(void);
/* By alias; NULL: "default". Raises InvalidCacheBackendError. */
const nu__cache *nu__cache_of(const char *alias);
const nu__cache *nu__cache_find(nu_str alias); /* NULL: none */
const nu__cache *nu__cache_at(size_t i);       /* NULL past the last */

/* What a call did, as the debug toolbar shows it. */
typedef struct nu__cache_use {
    const nu__cache *cache;
    const char *call;   /* "get", "set_many" */
    const nu_str *keys; /* whole ones; valid in the call only */
    size_t n, hits;
    bool looked; /* it asked for values: what is no hit is a miss */
    double seconds;
} nu__cache_use;
/* Told of each call of a backend. NULL: nobody asks. May not raise, nor use a cache. */
extern void (*nu__cache_used)(const nu__cache_use *use);

/* For nu__template_cache_hook. */
extern const nu__template_cache nu__cache_of_fragments;

/* Forget all that locmem has. */
void nu__cache_locmem_release(void);
