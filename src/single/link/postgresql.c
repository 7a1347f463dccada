/* A static executable has the library in it: its functions are where the linker puts them. */
#include "db/backends/postgresql/library.h"

const nu__pg_library nu__pg_linked = {
#define NU__LINKED(name) .name = name,
    NU__PG_FUNCTIONS(NU__LINKED)
};
