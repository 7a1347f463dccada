#include "core/fault.h"
#include "db/driver.h"

#include <stdlib.h>

bool nu__batch_reserve(nu__batch *batch, size_t bytes)
{
    char *data;

    if (batch->size >= bytes)
        return true;
    data = nu__malloc(bytes);
    if (!data)
        return false;
    free(batch->data);
    batch->data = data;
    batch->size = bytes;
    return true;
}
