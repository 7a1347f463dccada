/* check: caches whose folder depends on where the program starts, or that the site serves. */
#include "cli/check_caches.h"

#include "cache/cache.h"
#include "conf/settings.h"

#include <limits.h>
#include <stdlib.h>

void nu__check_caches(nu_check_messages *messages)
{
    const nu__cache *cache;

    for (size_t i = 0; (cache = nu__cache_at(i)); i++)
        if (cache->backend->is_folder && !nu_starts_with(cache->location, S("/")))
            nu_check_add(
                messages, NU_CHECK_WARNING, "caches.W003",
                nu_fmt("Your '{}' cache LOCATION path is relative. Use an absolute path instead.",
                       cache->alias),
                (nu_str){ 0 }, (nu_str){ 0 });
}

nu_str nu__resolved_folder(nu_str path)
{
    char real[PATH_MAX];

    return realpath(nu_copy(path).ptr, real) ? nu_copy(nu_s(real)) : path;
}

static bool is_inside(nu_str path, nu_str folder)
{
    return nu_starts_with(path, nu_fmt("{}/", folder));
}

static void compare(nu_check_messages *messages, const nu__cache *cache, const char *setting,
                    nu_str folder)
{
    nu_str own = nu__resolved_folder(cache->location), served = nu__resolved_folder(folder);
    const char *relation = nu_eq_(own, served)      ? "matches"
                           : is_inside(own, served) ? "is inside"
                           : is_inside(served, own) ? "contains"
                                                    : NULL;

    if (relation)
        nu_check_add(messages, NU_CHECK_WARNING, "caches.W002",
                     nu_fmt("Your '{}' cache configuration might expose your cache or lead to "
                            "corruption of your data because its LOCATION {} {}.",
                            cache->alias, relation, setting),
                     (nu_str){ 0 }, (nu_str){ 0 });
}

static void compare_all(nu_check_messages *messages, const char *setting, const nu_str *folders,
                        size_t n)
{
    const nu__cache *cache;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; folders[i].len && (cache = nu__cache_at(k)); k++)
            if (cache->backend->is_folder)
                compare(messages, cache, setting, folders[i]);
}

void nu__check_cache_folders(nu_check_messages *messages)
{
    const nu__conf_list *further = &nu__settings.staticfiles_dirs;

    compare_all(messages, "MEDIA_ROOT", &nu__settings.media_root, 1);
    compare_all(messages, "STATIC_ROOT", &nu__settings.static_root, 1);
    compare_all(messages, "STATICFILES_DIRS", further->items, further->len);
}
