#include "db/backends/own_functions.h"

/* Filled at start-up, before connections are opened; read-only afterwards. */
#define MAX_TABLES 16
static const nu_sql_function *tables[MAX_TABLES];
static size_t n_tables;

void nu_register_sql_functions(const nu_sql_function *functions)
{
    for (size_t i = 0; i < n_tables; i++)
        if (tables[i] == functions)
            return;
    if (n_tables == MAX_TABLES)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "more than {} tables of SQL functions were registered",
                 MAX_TABLES);
    for (const nu_sql_function *one = functions; one->name; one++)
        if (!one->call || one->n_arguments < -1 || one->n_arguments > NU_SQL_MAX_ARGUMENTS)
            nu_raise(NU_IMPROPERLY_CONFIGURED,
                     "the SQL function {} needs a .call and -1 to {} arguments", one->name,
                     NU_SQL_MAX_ARGUMENTS);
    tables[n_tables++] = functions;
}

const nu_sql_function *const *nu__own_sql_functions(size_t *n)
{
    *n = n_tables;
    return tables;
}
