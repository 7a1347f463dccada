#include "db/models/flush.h"

#include "core/buf.h"
#include "core/text.h"
#include "db/backends/base.h"
#include "db/backends/names.h"
#include "db/models/options.h"

#include <nuages/transaction.h>

static bool is_model_table(nu_str table)
{
    const nu__registry *registry = nu__models();

    for (size_t i = 0; i < registry->n_models; i++)
        if (registry->models[i]->concrete == registry->models[i] &&
            nu_eq_(registry->models[i]->db_table, table))
            return true;
    return false;
}

nu_list *nu__model_tables(nu__connection *connection)
{
    nu_list *tables = nu_list_new();
    size_t n;
    const nu__table *there = connection->backend->introspection->tables(connection, &n);

    for (size_t i = 0; i < n; i++)
        if (there[i].kind == 't' && is_model_table(there[i].name))
            nu_list_append(tables, there[i].name);
    return tables;
}

/* ---- a row a database ------------------------------------------------------------------------ */

static nu_str quoted(nu__connection *connection, nu_value name)
{
    nu__buf out = { 0 };

    connection->backend->operations->quote_name(&out, nu_string(name));
    return nu__buf_str(&out);
}

static void each_table(nu_list *out, nu__connection *connection, const nu_list *tables,
                       const char *verb)
{
    for (size_t i = 0; i < nu_list_len(tables); i++)
        nu_list_append(out, nu_fmt("{} {};", verb, quoted(connection, nu_at(tables, i))));
}

static void flush_sqlite(nu_list *out, nu__connection *connection, const nu_list *tables,
                         bool reset)
{
    nu_list *names = nu_list_new();

    each_table(out, connection, tables, "DELETE FROM");
    for (size_t i = 0; i < nu_list_len(tables); i++)
        nu_list_append(names, nu_fmt("'{}'", nu_at(tables, i)));
    if (reset)
        nu_list_append(out, nu_fmt("UPDATE \"sqlite_sequence\" SET \"seq\" = 0 WHERE \"name\" IN "
                                   "({});",
                                   nu__join(S(", "), names)));
}

static void flush_postgresql(nu_list *out, nu__connection *connection, const nu_list *tables,
                             bool reset)
{
    nu_list *names = nu_list_new();

    for (size_t i = 0; i < nu_list_len(tables); i++)
        nu_list_append(names, quoted(connection, nu_at(tables, i)));
    nu_list_append(
        out, nu_fmt("TRUNCATE {}{};", nu__join(S(", "), names), reset ? " RESTART IDENTITY" : ""));
}

static void flush_mysql(nu_list *out, nu__connection *connection, const nu_list *tables, bool reset)
{
    nu_list_append(out, "SET FOREIGN_KEY_CHECKS = 0;");
    each_table(out, connection, tables, reset ? "TRUNCATE" : "DELETE FROM");
    nu_list_append(out, "SET FOREIGN_KEY_CHECKS = 1;");
}

static void (*const flushes[NU__DIALECT_COUNT])(nu_list *, nu__connection *, const nu_list *,
                                                bool) = {
    [NU__SQLITE] = flush_sqlite,
    [NU__POSTGRESQL] = flush_postgresql,
    [NU__MYSQL] = flush_mysql,
};

nu_list *nu__sql_flush(nu__connection *connection, bool reset_sequences)
{
    nu_list *statements = nu_list_new(), *tables = nu__model_tables(connection);

    if (nu_list_len(tables))
        flushes[connection->backend->dialect](statements, connection, tables, reset_sequences);
    return statements;
}

static void run_all(nu__connection *connection, const nu_list *statements)
{
    for (size_t i = 0; i < nu_list_len(statements); i++)
        nu__db_execute(connection, nu_at(statements, i).s, (nu_values){ 0 }, NULL);
}

static void run_in_transaction(nu__connection *connection, const nu_list *statements)
{
    nu_atomic_scope(.using = connection->alias);
    run_all(connection, statements);
}

static void let_go(void *connection)
{
    nu__connection_let_go(connection);
}

/* Where TRUNCATE commits by itself a transaction around it would say that it was given up. */
void nu__flush(nu__connection *connection, bool reset_sequences)
{
    nu_list *statements = nu__sql_flush(connection, reset_sequences);

    if (connection->backend->features->can_rollback_ddl) {
        run_in_transaction(connection, statements);
        return;
    }
    nu__connection_hold(connection);
    nu_defer(let_go, connection);
    run_all(connection, statements);
}
