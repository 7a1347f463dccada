#include "db/backends/query_log.h"

#include "db/backends/base.h"
#include <nuages/logging.h>

nu_str nu__db_query_line(const nu__connection *connection, nu_str sql, nu_values params,
                         double seconds)
{
    nu__buf args = { 0 };

    for (size_t i = 0; i < params.len; i++) {
        if (i)
            nu__buf_lit(&args, ", ");
        connection->backend->operations->quote_value(&args, params.items[i]);
    }
    return nu_fmt("({:.3f}) {}; args=({}); alias={}", seconds, sql, nu__buf_str(&args),
                  connection->alias);
}

static void log_query(void *arg, const nu__connection *connection, nu_str sql, nu_values params,
                      double seconds)
{
    (void)arg;
    nu_debug("{}", nu__db_query_line(connection, sql, params, seconds));
}

void nu__db_log_queries(bool on)
{
    static nu__query_listener before;
    static bool is_on;

    if (on == is_on)
        return;
    is_on = on;
    if (on)
        before = nu__db_listen((nu__query_listener){ log_query, NULL });
    else
        nu__db_listen(before);
}
