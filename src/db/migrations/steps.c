/* Migrations that no transaction can hold: on MariaDB all of them, elsewhere those that say so.
 *
 * Each operation is worked out as a list of statements, which is written down in a table before the
 * first of them runs, with how many have run since. A process that is killed leaves that row
 * behind; the next one goes on with the list. Whether the statement after the last that was counted
 * has run is not known: it runs again, and may say that its work has been done.
 *
 *     for each operation
 *       statements = what the schema editor collects      INSERT the row
 *       for each statement                                 it runs; UPDATE the row
 *     the migration is recorded                           DELETE the row, with it
 */
#include "db/backends/locks.h"
#include "db/migrations/executor.h"

#include <nuages/json.h>
#include <nuages/transaction.h>

#include <string.h>

/* clang-format off */
static const nu_model progress_model = {
    .name = "Progress", .app_label = "migrations", .db_table = "nuages_migration_progress",
    .fields = {
        models_BigAutoField("id", .primary_key = true),
        models_CharField("app", .max_length = 255),
        models_CharField("name", .max_length = 255),
        models_BooleanField("backwards", Default(false)),
        models_IntegerField("operation"),
        models_IntegerField("done"),
        models_TextField("statements"),
    },
};
/* clang-format on */

typedef struct progress {
    int64_t operation, done; /* counted in the order in which they run */
    nu_list *statements;     /* of the operation; NULL: there is no row */
    bool resumed;            /* the statement after the last done one may have run */
} progress;

static void execute(nu__connection *connection, const char *sql, nu_values params)
{
    nu__db_execute(connection, nu__dialect_sql(connection, sql), params, NULL);
}

/* ---- the row ------------------------------------------------------------------------------- */

static void begin_operation(const nu__applying *a, progress *p, int64_t operation,
                            nu_list *statements)
{
    nu__connection *connection = a->execution->connection;
    nu_str text = nu_to_json(statements);

    if (p->statements)
        execute(connection,
                "UPDATE \"nuages_migration_progress\" SET \"operation\" = %s, \"done\" = 0, "
                "\"statements\" = %s WHERE \"app\" = %s AND \"name\" = %s",
                NU_ARGS(operation, text, a->migration->app_label, a->migration->name));
    else
        execute(
            connection,
            "INSERT INTO \"nuages_migration_progress\" (\"app\", \"name\", \"backwards\", "
            "\"operation\", \"done\", \"statements\") VALUES (%s, %s, %s, %s, 0, %s)",
            NU_ARGS(a->migration->app_label, a->migration->name, a->backwards, operation, text));
    *p = (progress){ .operation = operation, .statements = statements };
}

static void count_statement(const nu__applying *a, progress *p)
{
    p->done++;
    p->resumed = false;
    execute(a->execution->connection,
            "UPDATE \"nuages_migration_progress\" SET \"done\" = %s WHERE \"app\" = %s AND "
            "\"name\" = %s",
            NU_ARGS(p->done, a->migration->app_label, a->migration->name));
}

static void read_row(nu__applying *a, nu__rows *rows, progress *p)
{
    bool backwards = nu__cell_value(&rows->cells[0]).i != 0;

    if (backwards != a->backwards)
        nu_raise(NU_MIGRATION_ERROR,
                 "it was cut short while it was {}: run `migrate` that way first, so that it is "
                 "whole",
                 backwards ? "taken back" : "applied");
    p->operation = nu__cell_value(&rows->cells[1]).i;
    p->done = nu__cell_value(&rows->cells[2]).i;
    p->statements = nu_json_read(nu_string(nu__cell_value(&rows->cells[3]))).list;
    p->resumed = true;
}

static progress find_row(nu__applying *a)
{
    nu__connection *connection = a->execution->connection;
    progress p = { .statements = NULL };
    nu__rows *rows = nu__db_query(
        connection,
        nu__dialect_sql(connection,
                        "SELECT \"backwards\", \"operation\", \"done\", \"statements\" FROM "
                        "\"nuages_migration_progress\" WHERE \"app\" = %s AND \"name\" = %s"),
        NU_ARGS(a->migration->app_label, a->migration->name));

    nu_defer(nu__rows_close, rows);
    if (nu__rows_next(rows))
        read_row(a, rows, &p);
    return p;
}

/* ---- statements ---------------------------------------------------------------------------- */

static nu_list *statements_of(const nu__applying *a, size_t k)
{
    nu__schema_editor *editor = nu__schema_begin(a->execution->connection, true, false);
    const nu__operation_run run = { editor, a->migration->app_label, a->states[k],
                                    a->states[k + 1] };

    if (nu__operation_is_sql(a->operation))
        nu__operation_apply(&run, a->operation, a->backwards);
    nu__schema_end(editor);
    return editor->collected;
}

/* What changes rows can be counted in one transaction with it, on every database. */
static bool changes_rows(nu_str sql)
{
    return nu_starts_with(sql, S("INSERT ")) || nu_starts_with(sql, S("UPDATE ")) ||
           nu_starts_with(sql, S("DELETE "));
}

static void run_and_count(nu__applying *a, progress *p, nu__schema_editor *editor, nu_str sql)
{
    nu_atomic_scope(.using = a->execution->connection->alias);
    nu__schema_execute(editor, sql, (nu_values){ NULL, 0 });
    count_statement(a, p);
}

/* It may have run before: then the database says so. */
static void run_statement(nu__schema_editor *editor, nu_str sql, bool in_doubt)
{
    const nu_error *error =
        nu_catch(NU_DATABASE_ERROR_BASE, nu__schema_execute(editor, sql, (nu_values){ NULL, 0 }));

    if (error && !(in_doubt && nu__is_done_already(error)))
        nu_raise_(error->klass, error->file, error->line, "{}", NU_ARGS(error->message));
}

static nu_str without_semicolon(nu_str sql)
{
    if (sql.len && sql.ptr[sql.len - 1] == ';')
        sql.len--;
    return nu_copy(sql);
}

static void run_statements(nu__applying *a, progress *p)
{
    nu__schema_editor *editor = nu__schema_begin(a->execution->connection, false, false);

    nu_defer(nu__schema_abort, editor);
    while (p->done < (int64_t)nu_list_len(p->statements)) {
        nu_str sql = without_semicolon(nu_string(nu_at(p->statements, (size_t)p->done)));

        if (changes_rows(sql)) {
            run_and_count(a, p, editor, sql);
        } else {
            run_statement(editor, sql, p->resumed);
            count_statement(a, p);
        }
    }
    nu__schema_end(editor);
}

/* Code is no list of statements: it has a transaction to itself, which counts it as well. */
static void run_code(nu__applying *a, progress *p, size_t k)
{
    nu_atomic_scope(.using = a->execution->connection->alias);
    nu__schema_editor *editor = nu__schema_begin(a->execution->connection, true, false);
    const nu__operation_run run = { editor, a->migration->app_label, a->states[k],
                                    a->states[k + 1] };

    if (p->done)
        return;
    nu__operation_apply(&run, a->operation, a->backwards);
    count_statement(a, p);
}

/* ---- all of a migration -------------------------------------------------------------------- */

static void tell_resumed(const nu__applying *a, const progress *p)
{
    const nu__progress *told = &a->execution->progress;

    if (told->resumed)
        told->resumed(told->self, a->operation, p->operation + 1, p->done + 1);
}

static void run_one(nu__applying *a, progress *p, size_t i)
{
    size_t k = a->backwards ? a->n - 1 - i : i;

    a->operation = &a->migration->operations[k];
    if (p->statements && p->resumed && (int64_t)i == p->operation)
        tell_resumed(a, p);
    else
        begin_operation(a, p, (int64_t)i, statements_of(a, k));
    if (nu__operation_is_sql(a->operation))
        run_statements(a, p);
    else
        run_code(a, p, k);
    p->resumed = false;
}

static void finish(nu__applying *a)
{
    nu__connection *connection = a->execution->connection;

    nu_atomic_scope(.using = connection->alias);
    (a->backwards ? nu__recorder_remove : nu__recorder_add)(connection, a->migration);
    execute(connection,
            "DELETE FROM \"nuages_migration_progress\" WHERE \"app\" = %s AND \"name\" = %s",
            NU_ARGS(a->migration->app_label, a->migration->name));
}

void nu__run_stepwise(nu__applying *a)
{
    const nu__progress *told = &a->execution->progress;
    progress p;

    nu__ensure_table(a->execution->connection, &progress_model);
    p = find_row(a);
    for (size_t i = p.statements ? (size_t)p.operation : 0; i < a->n; i++) {
        if (told->operation)
            told->operation(told->self, &a->migration->operations[i], i, a->n);
        run_one(a, &p, i);
    }
    a->operation = NULL;
    finish(a);
}
