#include "pg.h"

#include <stdlib.h>

void pg_database(const char *options)
{
    const char *url = getenv("DATABASE_URL"), *more = getenv("PG_OPTIONS");

    if (!url)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "tests/live/test_postgresql.py sets DATABASE_URL");
    nu__database_add("default", nu_fmt("{}?{}&{}", url, options, more ? more : ""));
}

nu_str pg_cell_(nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(DB, sql, params);
    nu_str text = S("");

    if (nu__rows_next(rows))
        text = rows->cells[0].kind == NU__CELL_NULL ? S("NULL")
                                                    : nu_string(nu__cell_value(&rows->cells[0]));
    nu__rows_close(rows);
    return text;
}

int64_t pg_run_(nu_str sql, nu_values params)
{
    return nu__db_execute(DB, sql, params, NULL);
}
