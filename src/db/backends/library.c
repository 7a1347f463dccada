#include "db/backends/library.h"

#include "core/error.h"

#include <dlfcn.h>

static void *open_library(const nu__library *library)
{
    void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);

    if (!handle)
        handle = dlopen(library->place, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "{}'s client library {} cannot be loaded: {}; install the package {}",
                 library->database, library->file, dlerror(), library->package);
    return handle;
}

void nu__library_load(const nu__library *library)
{
    void *handle;

    if (*library->entries[0].function)
        return;
    handle = open_library(library);
    for (size_t i = library->n; i-- > 0;) { /* the first one last: it tells that all are there */
        const nu__library_entry *entry = &library->entries[i];

        *(void **)entry->function = dlsym(handle, entry->name);
        if (!*entry->function)
            nu_raise(NU_IMPROPERLY_CONFIGURED,
                     "{}'s client library {} has no function {}; install a newer {}",
                     library->database, library->file, entry->name, library->package);
    }
}
