/* The caches of the settings, CACHE_URL, and which backend each names. */
#include "cache/cache.h"

#include "conf/settings.h"
#include "core/suggest.h"
#include "core/text.h"
#include "utils/url.h"

#include <stdlib.h>
#include <string.h>

static const nu__cache_backend *const backends[] = { &nu__cache_locmem, &nu__cache_db,
                                                     &nu__cache_file, &nu__cache_dummy };
enum { N_BACKENDS = sizeof backends / sizeof *backends, N_CACHES = 8 };

static nu__cache caches[N_CACHES + 1];
static size_t n_caches;

/* ---- backends -------------------------------------------------------------------------------- */

static const nu__cache_backend *backend_named(nu_str name, nu_str where)
{
    const char *names[N_BACKENDS], *near;

    for (size_t i = 0; i < N_BACKENDS; i++) {
        if (nu_eq(name, backends[i]->name) || nu_eq(name, backends[i]->dotted))
            return backends[i];
        names[i] = backends[i]->name;
    }
    near = nu__suggest(name, names, N_BACKENDS);
    nu_raise(NU_INVALID_CACHE_BACKEND_ERROR,
             "{} names “{}”, which is no kind of cache: there are locmem, db, file and dummy.{}",
             where, name, near ? nu_fmt(" Perhaps you meant {}?", near) : S(""));
}

static int64_t number_or(int64_t given, int64_t fallback)
{
    return given < 0 ? 0 : given ? given : fallback;
}

static nu__cache cache_from(const nu_cache *row)
{
    const nu__cache_backend *backend = backend_named(nu_s(row->backend ? row->backend : "locmem"),
                                                     nu_fmt("The cache “{}”", row->alias));

    return (nu__cache){
        .backend = backend,
        .alias = nu_s(row->alias),
        .location = nu_s(row->location ? row->location : backend->location),
        .key_prefix = nu_s(row->key_prefix ? row->key_prefix : ""),
        .key_function = row->key_function,
        .timeout = number_or(row->timeout, 300),
        .version = number_or(row->version, 1),
        .max_entries = number_or(row->max_entries, 300),
        .cull_frequency = number_or(row->cull_frequency, 3),
    };
}

static void check(const nu__cache *cache)
{
    if (cache->backend == &nu__cache_db && !cache->location.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "The cache “{}” is a table of a database without a name: set its .location, such "
                 "as \"my_cache\" (in CACHE_URL db://my_cache), and make the table by "
                 "createcachetable.",
                 cache->alias);
    if (cache->backend->is_folder && !cache->location.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "The cache “{}” is a folder without a name: set its .location, such as "
                 "\"/var/cache/mysite\" (in CACHE_URL file:///var/cache/mysite).",
                 cache->alias);
    for (size_t i = 0; i < n_caches; i++)
        if (nu_eq(caches[i].alias, cache->alias))
            nu_raise(NU_IMPROPERLY_CONFIGURED, "There are two caches “{}” in .caches.",
                     cache->alias);
}

/* ---- CACHE_URL ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t offset;
} numbers[] = {
    { "timeout", offsetof(nu__cache, timeout) },
    { "version", offsetof(nu__cache, version) },
    { "max_entries", offsetof(nu__cache, max_entries) },
    { "cull_frequency", offsetof(nu__cache, cull_frequency) },
};
enum { N_NUMBERS = sizeof numbers / sizeof *numbers };

static int64_t number_of(nu_str name, nu_str text)
{
    char *end;
    long long number = strtoll(text.ptr, &end, 10);

    if (nu_eq(name, "timeout") && nu_eq(text, "none"))
        return NU_CACHE_FOREVER;
    if (!text.len || *end || number < 0)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "CACHE_URL has {}={}: write a whole number from 0.",
                 name, text);
    return number;
}

static char *kept[2]; /* what is read from a URL outlives the fiber of the set-up */

static nu_str keep(nu_str text, size_t i)
{
    free(kept[i]);
    kept[i] = strndup(text.len ? text.ptr : "", text.len);
    if (!kept[i])
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading CACHE_URL");
    return nu_s(kept[i]);
}

static void take_option(nu__cache *cache, nu_str option)
{
    nu_list *sides = nu__split(option, S("="));
    nu_str name = nu__unquote(nu_at(sides, 0).s);
    nu_str text = nu_list_len(sides) > 1 ? nu_copy(nu__unquote(nu_at(sides, 1).s)) : S("");

    for (size_t i = 0; i < N_NUMBERS; i++) {
        if (nu_eq(name, numbers[i].name)) {
            *(int64_t *)((char *)cache + numbers[i].offset) = number_of(name, text);
            return;
        }
    }
    if (!nu_eq(name, "key_prefix"))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "CACHE_URL has the option “{}”: there are timeout, version, max_entries, "
                 "cull_frequency and key_prefix.",
                 name);
    cache->key_prefix = keep(text, 1);
}

static nu__cache cache_from_url(nu_str text)
{
    nu__url url;
    nu__cache cache;
    nu_list *options;
    nu_str path;

    if (!nu__urlsplit(text, &url) || !url.scheme.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "CACHE_URL is no URL: write locmem://, dummy://, "
                                           "file:///var/cache/mysite or "
                                           "db://my_table?timeout=60&max_entries=1000.");
    cache = cache_from(&(nu_cache){ .alias = "default", .backend = nu_copy(url.scheme).ptr });
    path = nu_fmt("{}{}", url.netloc, url.path);
    if (!cache.backend->is_folder)
        path = nu__strip_chars(path, "/");
    if (path.len)
        cache.location = keep(nu__unquote(path), 0);
    options = url.query.len ? nu__split(url.query, S("&")) : NULL;
    for (size_t i = 0; i < nu_list_len(options); i++)
        take_option(&cache, nu_at(options, i).s);
    return cache;
}

/* ---- by alias -------------------------------------------------------------------------------- */

const nu__cache *nu__cache_at(size_t i)
{
    return i < n_caches ? &caches[i] : NULL;
}

const nu__cache *nu__cache_find(nu_str alias)
{
    for (size_t i = 0; i < n_caches; i++)
        if (nu_eq(caches[i].alias, alias))
            return &caches[i];
    return NULL;
}

const nu__cache *nu__cache_of(const char *alias)
{
    nu_str name = nu_s(alias ? alias : "default");
    const nu__cache *found = nu__cache_find(name);
    const char *names[N_CACHES + 1], *near;

    if (found)
        return found;
    for (size_t i = 0; i < n_caches; i++)
        names[i] = caches[i].alias.ptr;
    near = nu__suggest(name, names, n_caches);
    nu_raise(NU_INVALID_CACHE_BACKEND_ERROR, "The connection '{}' doesn't exist.{}", name,
             near ? nu_fmt(" Perhaps you meant '{}'?", near)
                  : S(" List it in the site's .caches."));
}

static void add(nu__cache cache)
{
    check(&cache);
    caches[n_caches++] = cache;
}

void nu__cache_setup(void)
{
    const nu_cache *rows = nu__settings.site->caches;
    bool by_url = nu__settings.cache_url.len > 0;

    n_caches = 0;
    if (by_url)
        add(cache_from_url(nu__settings.cache_url));
    for (size_t i = 0; i < N_CACHES && rows[i].alias; i++)
        if (!by_url || strcmp(rows[i].alias, "default") != 0)
            add(cache_from(&rows[i]));
    if (!n_caches)
        add(cache_from(&(nu_cache){ .alias = "default" }));
    if (!nu__cache_find(S("default")))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "The site's .caches have none with the alias \"default\".");
}
