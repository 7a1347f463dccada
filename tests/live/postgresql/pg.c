#include "pg.h"

#include <stdlib.h>

void pg_database(const char *options)
{
    const char *url = getenv("DATABASE_URL"), *more = getenv("PG_OPTIONS");

    if (!url)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "tests/live/test_postgresql.py sets DATABASE_URL");
    nu__database_add("default", nu_fmt("{}?{}&{}", url, options, more ? more : ""));
}
