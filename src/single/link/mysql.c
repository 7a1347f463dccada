/* A static executable has the library in it: its functions are where the linker puts them. */
#include "db/backends/mysql/library.h"

const nu__mysql_library nu__mysql_linked = {
#define NU__LINKED(name) .name = name,
    NU__MYSQL_FUNCTIONS(NU__LINKED)
};
