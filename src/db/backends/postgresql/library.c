#include "db/backends/postgresql/library.h"

#ifdef __APPLE__
#define FILE_NAME "libpq.5.dylib"
#else
#define FILE_NAME "libpq.so.5"
#endif

nu__pg_library nu__pg_client;

void nu__pg_load(void)
{
#define NU__ENTRY(name) { #name, (nu__library_function **)&nu__pg_client.name },
    static const nu__library_entry entries[] = { NU__PG_FUNCTIONS(NU__ENTRY) };
    static const nu__library library = {
        .database = "PostgreSQL",
        .package = "libpq5",
        .file = FILE_NAME,
        .place = NU__LIBPQ_FOLDER "/" FILE_NAME,
        .entries = entries,
        .n = sizeof entries / sizeof *entries,
    };

    if (&nu__pg_linked)
        nu__pg_client = nu__pg_linked;
    else
        nu__library_load(&library);
}
