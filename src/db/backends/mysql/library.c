#include "db/backends/mysql/library.h"

#ifdef __APPLE__
#define FILE_NAME "libmariadb.3.dylib"
#else
#define FILE_NAME "libmariadb.so.3"
#endif

nu__mysql_library nu__mysql_client;

void nu__mysql_load(void)
{
#define NU__ENTRY(name) { #name, (nu__library_function **)&nu__mysql_client.name },
    static const nu__library_entry entries[] = { NU__MYSQL_FUNCTIONS(NU__ENTRY) };
    static const nu__library library = {
        .database = "MariaDB",
        .package = "libmariadb3",
        .file = FILE_NAME,
        .place = NU__LIBMARIADB_FOLDER "/" FILE_NAME,
        .entries = entries,
        .n = sizeof entries / sizeof *entries,
    };

    if (&nu__mysql_linked)
        nu__mysql_client = nu__mysql_linked;
    else
        nu__library_load(&library);
}
