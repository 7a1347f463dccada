/* What the databases' introspections share. */
#include "db/backends/base.h"

#include <string.h>

void *nu__room_for_one(void *items, size_t n, size_t size)
{
    char *grown;

    if (n & (n - 1))
        return items;
    grown = nu_alloc_(n ? 2 * n : 1, size);
    if (n)
        memcpy(grown, items, n * size);
    return grown;
}
