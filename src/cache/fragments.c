/* The cache of {% cache %}. */
#include "cache/cache.h"

static const nu__cache *fragments(nu_str using)
{
    const nu__cache *cache = nu__cache_find(using.len ? using : S("template_fragments"));

    if (!cache && using.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Invalid cache name specified for cache tag: {!r}",
                 using);
    return cache ? cache : nu__cache_of(NULL);
}

static bool fragment_get(nu_str using, nu_str key, nu_str *text)
{
    nu_value value;
    nu_cache_options options = { .using = fragments(using)->alias.ptr };

    if (!nu_cache_find_(key, &value, &options) || value.kind != NU_KIND_STR)
        return false;
    *text = value.s;
    return true;
}

static void fragment_set(nu_str using, nu_str key, nu_str text, int64_t timeout)
{
    nu_cache_options options = {
        .using = fragments(using)->alias.ptr,
        .timeout = timeout < 0 ? NU_CACHE_FOREVER
                   : timeout   ? timeout
                               : -1,
    };

    nu_cache_set_(key, V(text), &options);
}

const nu__template_cache nu__cache_of_fragments = { fragment_get, fragment_set };
