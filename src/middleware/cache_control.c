#include "middleware/cache_control.h"

#include "http/cache_headers.h"

static const struct {
    const char *name;
    size_t offset;
    bool seconds;
} options_table[] = {
#define FLAG(n, m)                                                                                 \
    {                                                                                              \
        { n, sizeof(n) - 1 }, offsetof(nu_cache_control, m), false                                 \
    }
#define AGE(n, m)                                                                                  \
    {                                                                                              \
        { n, sizeof(n) - 1 }, offsetof(nu_cache_control, m), true                                  \
    }
    FLAG("public", public),
    FLAG("private", private),
    FLAG("no-cache", no_cache),
    FLAG("no-store", no_store),
    FLAG("no-transform", no_transform),
    FLAG("must-revalidate", must_revalidate),
    FLAG("proxy-revalidate", proxy_revalidate),
    FLAG("immutable", immutable),
    AGE("max-age", max_age),
    AGE("s-maxage", s_maxage),
    AGE("stale-while-revalidate", stale_while_revalidate),
    AGE("stale-if-error", stale_if_error),
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
