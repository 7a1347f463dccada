#include "core/fault.h"

#include <stdlib.h>

_Thread_local int64_t nu__fault_countdown;

bool nu__fault_count_down(void)
{
    return --nu__fault_countdown == 0;
}

void *nu__malloc(size_t bytes)
{
    return nu__fault_now() ? NULL : malloc(bytes);
}

void *nu__malloc_zeroed(size_t bytes)
{
    return nu__fault_now() ? NULL : calloc(1, bytes);
}

void *nu__realloc(void *old, size_t bytes)
{
    return nu__fault_now() ? NULL : realloc(old, bytes);
}
