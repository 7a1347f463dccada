#include "middleware/middleware.h"

#include "core/arena.h"

#include <stdlib.h>
#include <string.h>

static nu__arena *kept;

nu_str nu__middleware_keep(nu_str text)
{
    char *bytes = nu__arena_try_alloc(kept, text.len + 1, 1);

    if (!bytes)
        nu_raise(NU_MEMORY_ERROR, "out of memory while setting up the middleware");
    memcpy(bytes, text.ptr, text.len);
    return (nu_str){ bytes, text.len };
}

static void list_clear(nu__re_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        nu__re_free(list->items[i]);
    free(list->items);
    *list = (nu__re_list){ 0 };
}

void nu__re_list_compile(nu__re_list *list, const nu__conf_list *patterns)
{
    char error[96];

    list_clear(list);
    list->items = calloc(patterns->len + 1, sizeof(*list->items));
    if (!list->items)
        nu_raise(NU_MEMORY_ERROR, "out of memory while setting up the middleware");
    for (size_t i = 0; i < patterns->len; i++) {
        list->items[i] = nu__re_compile(patterns->items[i], 0, error);
        if (!list->items[i])
            nu_raise(NU_IMPROPERLY_CONFIGURED, "\"{}\" is not a valid regular expression: {}",
                     patterns->items[i], (const char *)error);
        list->len++;
    }
}

bool nu__re_list_matches(const nu__re_list *list, nu_str text)
{
    for (size_t i = 0; i < list->len; i++)
        if (nu__re_test(list->items[i], text))
            return true;
    return false;
}

void nu__middleware_setup(void)
{
    if (kept)
        nu__arena_free(kept);
    kept = nu__arena_new();
    if (!kept)
        nu_raise(NU_MEMORY_ERROR, "out of memory while setting up the middleware");
    nu__security_setup();
    nu__common_setup();
}
