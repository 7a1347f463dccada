/* A cache in the files of a folder, one a key. Django: FileBasedCache */
#include "cache/cache.h"
#include "cache/file_disk.h"
#include "loop/pool.h"
#include "utils/crypto.h"

#include <nuages/logging.h>
#include <nuages/timezone.h>
#include <stdlib.h>
#include <string.h>

typedef nu__cache_file_job job;

static job job_of(const nu__cache *cache, nu_str key)
{
    nu_str name = nu__hex(nu__digest_of("md5", key));

    return (job){ .folder = cache->location.ptr,
                  .path = nu_fmt("{}/{}" NU__CACHE_FILE_SUFFIX, cache->location, name).ptr };
}

static NU_NORETURN void refuse(const nu__cache *cache, const char *what, const char *path,
                               int error)
{
    nu_raise(
        NU_OS_ERROR,
        "The cache “{}” can't {} {}: {}. Its .location has to be a folder that the site's user "
        "may write to.",
        cache->alias, what, path, strerror(error));
}

static void run(const nu__cache *cache, void (*work)(void *), job *j, const char *what)
{
    nu__pool_run(work, j);
    if (j->state == NU__CACHE_FILE_FAILED)
        refuse(cache, what, j->path, j->error);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Whether it is there; what is over, or no file of ours, goes. */
static bool look(const nu__cache *cache, job *j)
{
    run(cache, nu__cache_file_read, j, "read");
    if (j->state == NU__CACHE_FILE_ABSENT)
        return false;
    if (j->state == NU__CACHE_FILE_THERE && j->expires > nu_now().us)
        return true;
    if (j->state == NU__CACHE_FILE_DAMAGED)
        nu_warning("{} is damaged and goes: the cache “{}” has nothing under its key.", j->path,
                   cache->alias);
    run(cache, nu__cache_file_remove, j, "remove");
    return false;
}

static void release(void *arg)
{
    free(((job *)arg)->read);
}

static nu_str text_of(const nu__cache *cache, nu_str key)
{
    job *j = nu_alloc(job);

    *j = job_of(cache, key);
    nu_defer(release, j);
    return look(cache, j) ? nu_copy((nu_str){ j->read, j->read_len }) : (nu_str){ 0 };
}

static void get(const nu__cache *cache, const nu_str *keys, size_t n, nu_str *texts)
{
    for (size_t i = 0; i < n; i++)
        texts[i] = text_of(cache, keys[i]);
}

static bool has_key(const nu__cache *cache, nu_str key)
{
    job j = job_of(cache, key);

    j.head_only = true;
    return look(cache, &j);
}

/* ---- removing -------------------------------------------------------------------------------- */

static bool remove_keys(const nu__cache *cache, const nu_str *keys, size_t n)
{
    bool any = false;

    for (size_t i = 0; i < n; i++) {
        job j = job_of(cache, keys[i]);

        run(cache, nu__cache_file_remove, &j, "remove");
        any |= j.state == NU__CACHE_FILE_THERE;
    }
    return any;
}

/* The first `n` become ones by chance. */
static void draw(char **names, size_t len, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t other = i + nu__random_below((uint32_t)(len - i));
        char *name = names[i];

        names[i] = names[other];
        names[other] = name;
    }
}

/* When there are `least` or more: all for a `frequency` of 0, else one in so many. */
static void remove_some(const nu__cache *cache, size_t least, size_t frequency)
{
    nu__cache_file_names all = { .folder = cache->location.ptr }, some;

    nu_defer(nu__cache_file_names_release, &all);
    nu__pool_run(nu__cache_file_list, &all);
    if (all.error)
        refuse(cache, "list", all.folder, all.error);
    if (all.n < least)
        return;
    some = all;
    some.n = frequency ? all.n / frequency : all.n;
    draw(all.names, all.n, some.n);
    nu__pool_run(nu__cache_file_remove_listed, &some);
    if (some.error)
        refuse(cache, "empty", some.folder, some.error);
}

static void clear(const nu__cache *cache)
{
    remove_some(cache, 0, 0);
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool put(const nu__cache *cache, nu__cache_mode mode, nu_str key, nu_str text,
                nu_datetime expires)
{
    job j = job_of(cache, key);

    if (mode != NU__CACHE_SET && has_key(cache, key) != (mode == NU__CACHE_TOUCH))
        return false;
    j.expires = expires.us < 0 ? 0 : expires.us;
    if (mode == NU__CACHE_TOUCH) {
        run(cache, nu__cache_file_touch, &j, "write");
        return j.state == NU__CACHE_FILE_THERE;
    }
    remove_some(cache, (size_t)cache->max_entries, (size_t)cache->cull_frequency);
    j.text = text;
    j.only_new = mode == NU__CACHE_ADD;
    run(cache, nu__cache_file_write, &j, "write");
    return j.state == NU__CACHE_FILE_THERE;
}

const nu__cache_backend nu__cache_file = {
    .name = "file",
    .dotted = "django.core.cache.backends.filebased.FileBasedCache",
    .location = "",
    .is_folder = true,
    .get = get,
    .put = put,
    .has_key = has_key,
    .remove = remove_keys,
    .clear = clear,
};
