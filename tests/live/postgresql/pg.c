#include "pg.h"

#include <nuages/loop.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

void pg_server(const char *what)
{
    char answer[8];

    dprintf(3, "%s\n", what);
    if (read(4, answer, sizeof answer) <= 0)
        nu_raise(NU_RUNTIME_ERROR, "nobody controls the server");
    /* The loop stood still meanwhile: let it see what has come. */
    nu_sleep(0.001);
    nu_sleep(0.01);
}

void pg_join(void)
{
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
}
