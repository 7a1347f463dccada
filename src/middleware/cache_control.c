#include "middleware/cache_control.h"

#include "http/cache_headers.h"

static const struct {
    const char *name;
    size_t offset;
    bool seconds;
} options_table[] = {
    { "public", offsetof(nu_cache_control, public), false },
    { "private", offsetof(nu_cache_control, private), false },
    { "no-cache", offsetof(nu_cache_control, no_cache), false },
    { "no-store", offsetof(nu_cache_control, no_store), false },
    { "no-transform", offsetof(nu_cache_control, no_transform), false },
    { "must-revalidate", offsetof(nu_cache_control, must_revalidate), false },
    { "proxy-revalidate", offsetof(nu_cache_control, proxy_revalidate), false },
    { "immutable", offsetof(nu_cache_control, immutable), false },
    { "max-age", offsetof(nu_cache_control, max_age), true },
    { "s-maxage", offsetof(nu_cache_control, s_maxage), true },
    { "stale-while-revalidate", offsetof(nu_cache_control, stale_while_revalidate), true },
    { "stale-if-error", offsetof(nu_cache_control, stale_if_error), true },
};

void nu__apply_cache_control(nu_response *response, const nu_cache_control *options)
{
    nu__cache_directive added[sizeof(options_table) / sizeof(options_table[0])];
    size_t n = 0;

    for (size_t i = 0; i < sizeof(options_table) / sizeof(options_table[0]); i++) {
        const void *at = (const char *)options + options_table[i].offset;
        int seconds = options_table[i].seconds ? *(const int *)at : 0;

        if (!seconds && (options_table[i].seconds || !*(const bool *)at))
            continue;
        added[n++] = (nu__cache_directive){ options_table[i].name,
                                            seconds ? nu_fmt("{}", seconds < 0 ? 0 : seconds)
                                                    : (nu_str){ 0 } };
    }
    nu__patch_cache_control(response, added, n);
}
