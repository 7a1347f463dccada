#include "maria.h"

#include <stdlib.h>
#include <string.h>

void maria_fresh_with(const char *alias, const char *options)
{
    const char *url = getenv("DATABASE_URL");

    if (!url)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "tests/live/test_mariadb.py sets DATABASE_URL");
    nu__database_add(alias, nu_fmt("{}{}{}", url, strchr(url, '?') ? "&" : "?", options));
}

void maria_fresh(const char *options)
{
    maria_fresh_with("default", options);
    maria_fresh_with("other", "");
    maria_fresh_with("third", "");
    PLAIN("DROP TABLE IF EXISTS u");
    PLAIN("DROP TABLE IF EXISTS t");
    PLAIN(
        "CREATE TABLE t (id integer AUTO_INCREMENT PRIMARY KEY, v varchar(40) UNIQUE, n integer)");
}

nu_value maria_one(nu__connection *connection, nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(connection, sql, params);
    nu_value value = nu__rows_next(rows) ? nu__cell_value(&rows->cells[0]) : nu_null();

    nu__rows_close(rows);
    return value;
}

void maria_insert(const char *text)
{
    RUN("INSERT INTO t (v) VALUES (?)", text);
}
