/* createcachetable: the tables of caches in databases. */
#include "cache/cache.h"
#include "cli/commands.h"
#include "core/buf.h"
#include "db/backends/base.h"
#include "db/models/fields.h"
#include "db/models/router.h"
#include "db/transaction.h"

#include <string.h>

static const struct column {
    const char *name;
    nu_field_type type;
    int max_length;
    bool primary_key, db_index;
} columns[] = {
    { "cache_key", NU_CHAR_FIELD, 255, true, false },
    { "value", NU_TEXT_FIELD, 0, false, false },
    { "expires", NU_DATETIME_FIELD, 0, false, true },
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

static void add_column(nu__buf *out, const nu__backend *backend, const struct column *column)
{
    nu__field field = { .type = nu__field_type_row(column->type),
                        .max_length = column->max_length };

    field.target = &field;
    backend->operations->quote_name(out, nu_s(column->name));
    nu__buf_fmt(out, " {} NOT NULL{}", nu__field_db_type(&field, backend->dialect),
                column->primary_key ? " PRIMARY KEY" : "");
}

static nu_str table_sql(const nu__backend *backend, nu_str table)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out, "CREATE TABLE ");
    backend->operations->quote_name(&out, table);
    nu__buf_lit(&out, " (\n");
    for (size_t i = 0; i < N_COLUMNS; i++) {
        nu__buf_lit(&out, "    ");
        add_column(&out, backend, &columns[i]);
        nu__buf_fmt(&out, "{}\n", i + 1 < N_COLUMNS ? "," : "");
    }
    nu__buf_lit(&out, ");");
    return nu__buf_str(&out);
}

static nu_str index_sql(const nu__backend *backend, nu_str table, const struct column *column)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out, "CREATE INDEX ");
    backend->operations->quote_name(&out, nu_fmt("{}_{}", table, column->name));
    nu__buf_lit(&out, " ON ");
    backend->operations->quote_name(&out, table);
    nu__buf_lit(&out, " (");
    backend->operations->quote_name(&out, nu_s(column->name));
    nu__buf_lit(&out, ");");
    return nu__buf_str(&out);
}

static nu_list *statements_of(const nu__backend *backend, nu_str table)
{
    nu_list *statements = nu_list_new();

    nu_list_append(statements, table_sql(backend, table));
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (columns[i].db_index)
            nu_list_append(statements, index_sql(backend, table, &columns[i]));
    return statements;
}

static bool is_there(nu__connection *connection, nu_str table)
{
    size_t n;
    const nu__table *tables = connection->backend->introspection->tables(connection, &n);

    for (size_t i = 0; i < n; i++)
        if (nu_eq(tables[i].name, table))
            return true;
    return false;
}

static void execute_each(nu__connection *connection, const nu_list *statements)
{
    for (size_t i = 0; i < nu_list_len(statements); i++)
        nu__db_execute(connection, nu_at(statements, i).s, (nu_values){ 0 }, NULL);
}

/* Where DDL ends a transaction there is none to be in. */
static void execute(nu__connection *connection, const nu_list *statements)
{
    if (!connection->backend->features->can_rollback_ddl) {
        execute_each(connection, statements);
        return;
    }
    nu_atomic_with (.using = connection->alias) {
        execute_each(connection, statements);
    }
}

static void create_table(const nu_command_run *run, nu__connection *connection, nu_str table)
{
    nu_list *statements = statements_of(connection->backend, table);
    const nu_error *error;

    if (is_there(connection, table)) {
        if (nu_command_verbosity(run) > 0)
            nu_command_print(run, "Cache table '{}' already exists.\n", table);
        return;
    }
    if (nu_command_flag(run, "--dry-run")) {
        for (size_t i = 0; i < nu_list_len(statements); i++)
            nu_command_print(run, "{}\n", nu_at(statements, i));
        return;
    }
    error = nu_catch(NU_DATABASE_ERROR, execute(connection, statements));
    if (error)
        nu_raise_from(error, NU_COMMAND_ERROR,
                      "Cache table '{}' could not be created.\nThe error was: {}.", table,
                      error->message);
    if (nu_command_verbosity(run) > 1)
        nu_command_print(run, "Cache table '{}' created.\n", table);
}

static int createcachetable(const nu_command_run *run)
{
    nu__connection *connection = nu__connection_of(nu_command_text(run, "--database").ptr);
    nu_list *names = nu_command_list(run, "table_name");
    const nu__cache *cache;

    if (!nu__router_allow_migrate(connection->alias, &nu__cache_entry_model))
        return 0;
    for (size_t i = 0; i < nu_list_len(names); i++)
        create_table(run, connection, nu_at(names, i).s);
    for (size_t i = 0; !nu_list_len(names) && (cache = nu__cache_at(i)); i++)
        if (cache->backend == &nu__cache_db)
            create_table(run, connection, cache->location);
    return 0;
}

const nu_command nu__createcachetable_command = {
    .name = "createcachetable",
    .help = "Creates the tables needed to use the SQL cache backend.",
    .run = createcachetable, .no_checks = true,
    .arguments = {
        { "table_name", .repeated = true, .optional = true,
          .help = "Optional table names. Otherwise, settings.CACHES is used to find cache tables." },
        { "--database", .database = true, .default_ = "default",
          .help = "Nominates a database onto which the cache tables will be installed. Defaults to "
                  "the \"default\" database." },
        { "--dry-run", .flag = true,
          .help = "Does not create the table, just prints the SQL that would be run." },
    },
};
