/* Migrations that no transaction can hold: on MariaDB all of them, elsewhere those that say so.
 *
 * Each operation is worked out as a list of statements, which is written down in a table before the
 * first of them runs, with how many have run since (progress.h). A process that is killed leaves
 * that row behind; the next one goes on with the list. Whether the statement after the last that
 * was counted has run is not known then: it runs again, and where the schema is not as it was
 * before that statement, it may say that its work has been done. One that ended in an error has
 * not run: that is written down as well.
 *
 *     for each operation
 *       statements = what the schema editor collects      INSERT the row
 *       for each statement                                 it runs; UPDATE the row
 *     the migration is recorded                           DELETE the row, with it
 */
#include "db/backends/locks.h"
#include "db/migrations/progress.h"

#include <nuages/transaction.h>

typedef struct progress {
    nu__half half;
    bool retried; /* the statement after the done ones runs again */
    bool resumed; /* it is one of those that were written down */
} progress;

/* ---- the row ------------------------------------------------------------------------------- */

/* What changes rows can be counted in one transaction with it, on every database. */
static bool changes_rows(nu_str sql)
{
    return nu_starts_with(sql, S("INSERT ")) || nu_starts_with(sql, S("UPDATE ")) ||
           nu_starts_with(sql, S("DELETE "));
}

static nu_str next_statement(const nu__half *half)
{
    nu_str sql = (size_t)half->done < nu_list_len(half->statements)
                     ? nu_string(nu_at(half->statements, (size_t)half->done))
                     : S("");

    if (sql.len && sql.ptr[sql.len - 1] == ';')
        sql.len--;
    return nu_copy(sql);
}

/* Before the next statement runs. */
static void take_mark(nu__connection *connection, nu__half *half)
{
    nu_str sql = next_statement(half);

    half->refused = false;
    half->mark = !sql.len || changes_rows(sql) ? S("") : nu__schema_mark(connection);
}

static void begin_operation(const nu__applying *a, progress *p, int64_t operation,
                            nu_list *statements)
{
    nu__connection *connection = a->execution->connection;
    bool added = p->half.statements != NULL;

    p->half.operation = operation;
    p->half.done = 0;
    p->half.statements = statements;
    take_mark(connection, &p->half);
    (added ? nu__half_save : nu__half_add)(connection, &p->half);
}

static void count_statement(const nu__applying *a, progress *p)
{
    p->half.done++;
    p->retried = false;
    take_mark(a->execution->connection, &p->half);
    nu__half_save(a->execution->connection, &p->half);
}

/* The row of a run that was cut short, or a new one. */
static progress find_row(const nu__applying *a)
{
    progress p = { .half = nu__half_find(a) };
    nu_list *texts = nu__operation_texts(a);

    if (p.half.backwards != a->backwards && nu__half_is_nothing(&p.half)) {
        nu__half_forget(a->execution->connection, a->migration);
        p.half = nu__half_find(a);
    }
    p.retried = p.resumed = p.half.statements;
    if (p.resumed && p.half.backwards != a->backwards)
        nu_raise(NU_MIGRATION_ERROR,
                 "Migration {}.{} was cut short while it was {}: run `migrate` that way first, so "
                 "that it is whole.",
                 a->migration->app_label, a->migration->name,
                 p.half.backwards ? "taken back" : "applied");
    if (p.resumed && nu__half_may_restart(a, &p.half, texts))
        p.resumed = false;
    p.half.operations = texts;
    return p;
}

/* ---- statements ---------------------------------------------------------------------------- */

static nu_list *statements_of(const nu__applying *a, size_t k)
{
    nu__schema_editor *editor = nu__schema_begin(a->execution->connection, true, false);
    const nu__operation_run run = { editor, a->migration->app_label, a->states[k],
                                    a->states[k + 1] };

    editor->to_run = true;
    if (nu__operation_is_sql(a->operation))
        nu__operation_apply(&run, a->operation, a->backwards);
    nu__schema_end(editor);
    return editor->collected;
}

static void run_and_count(nu__applying *a, progress *p, nu__schema_editor *editor, nu_str sql)
{
    nu_atomic_scope(.using = a->execution->connection->alias);
    nu__schema_execute(editor, sql, (nu_values){ NULL, 0 });
    count_statement(a, p);
}

/* Has what runs again perhaps run before? What is left of it otherwise is dropped. */
static bool is_in_doubt(nu__connection *connection, progress *p, nu_str sql)
{
    bool unknown = p->resumed && !p->half.refused, may_be_its_own;

    if (!p->retried)
        return false;
    may_be_its_own = nu__clear_unfinished(connection, sql);
    if (unknown)
        return may_be_its_own && !nu_eq(p->half.mark, nu__schema_mark(connection));
    take_mark(connection, &p->half);
    nu__half_save(connection, &p->half);
    return false;
}

/* Where the connection is gone nothing can be written down, and the outcome is not known. */
static NU_NORETURN void refuse(nu__connection *connection, progress *p, const nu_error *error)
{
    const nu_error *unsaved;

    p->half.refused = true;
    unsaved = nu_catch(NU_DATABASE_ERROR_BASE, nu__half_save(connection, &p->half));
    nu_raise_(error->klass, error->file, error->line, "{}{}",
              NU_ARGS(error->message, unsaved ? nu_fmt(" (then: {})", unsaved->message) : S("")));
}

static void run_statement(nu__applying *a, progress *p, nu__schema_editor *editor, nu_str sql)
{
    nu__connection *connection = a->execution->connection;
    bool in_doubt = is_in_doubt(connection, p, sql);
    const nu_error *error =
        nu_catch(NU_DATABASE_ERROR_BASE, nu__schema_execute(editor, sql, (nu_values){ NULL, 0 }));

    if (error && !(in_doubt && nu__is_done_already(error)))
        refuse(connection, p, error);
    count_statement(a, p);
}

static void run_statements(nu__applying *a, progress *p)
{
    nu__schema_editor *editor = nu__schema_begin(a->execution->connection, false, false);

    nu_defer(nu__schema_abort, editor);
    while (p->half.done < (int64_t)nu_list_len(p->half.statements)) {
        nu_str sql = next_statement(&p->half);

        (changes_rows(sql) ? run_and_count : run_statement)(a, p, editor, sql);
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

    if (p->half.done)
        return;
    nu__operation_apply(&run, a->operation, a->backwards);
    count_statement(a, p);
}

/* ---- all of a migration -------------------------------------------------------------------- */

static void tell_resumed(const nu__applying *a, const progress *p)
{
    const nu__progress *told = &a->execution->progress;

    if (told->resumed)
        told->resumed(told->self, a->operation, p->half.operation + 1, p->half.done + 1);
}

static void run_one(nu__applying *a, progress *p, size_t i)
{
    size_t k = a->backwards ? a->n - 1 - i : i;

    a->operation = &a->migration->operations[k];
    a->begun = true;
    if (p->retried)
        tell_resumed(a, p);
    if (!p->resumed)
        begin_operation(a, p, (int64_t)i, statements_of(a, k));
    if (nu__operation_is_sql(a->operation))
        run_statements(a, p);
    else
        run_code(a, p, k);
    p->retried = p->resumed = false;
}

static void finish(nu__applying *a)
{
    nu__connection *connection = a->execution->connection;

    nu_atomic_scope(.using = connection->alias);
    (a->backwards ? nu__recorder_remove : nu__recorder_add)(connection, a->migration);
    nu__half_forget(connection, a->migration);
}

void nu__run_stepwise(nu__applying *a)
{
    const nu__progress *told = &a->execution->progress;
    progress p;

    p = find_row(a);
    for (size_t i = p.half.statements ? (size_t)p.half.operation : 0; i < a->n; i++) {
        if (told->operation)
            told->operation(told->self, &a->migration->operations[i], i, a->n);
        run_one(a, &p, i);
    }
    a->operation = NULL;
    finish(a);
}
