#include "db/migrations/executor.h"

#include "core/buf.h"
#include "db/backends/locks.h"
#include "db/migrations/advice.h"
#include "db/migrations/progress.h"

#include <nuages/loop.h>

#include <string.h>

/* ---- states -------------------------------------------------------------------------------- */

static void prepare(nu__applying *a, nu__project_state *before)
{
    a->n = nu__operation_count(a->migration->operations);
    a->states = nu_alloc_array(nu__project_state *, a->n + 1);
    a->states[0] = before;
    for (size_t i = 0; i < a->n; i++) {
        a->operation = &a->migration->operations[i];
        a->states[i + 1] = nu__state_copy(a->states[i]);
        nu__operation_change_state(a->operation, a->migration, a->states[i + 1]);
    }
    a->operation = NULL;
}

nu__project_state *nu__executor_state_before(nu__graph *graph, const nu__plan_step *step)
{
    nu__project_state *state = nu__state_new(nu__user_model_label());
    size_t n;
    nu__node **nodes = nu__graph_full(graph, &n);

    for (size_t i = 0; i < n; i++) {
        if (nodes[i] == step->node && step->backwards)
            break;
        if (nodes[i]->applied && nodes[i] != step->node)
            nu__migration_apply_state(nodes[i]->migration, state);
    }
    return state;
}

/* ---- one migration ------------------------------------------------------------------------- */

/* The position of the operation that runs as the `i`th. */
static size_t at(const nu__applying *a, size_t i)
{
    return a->backwards ? a->n - 1 - i : i;
}

static void run_operations(nu__applying *a, nu__schema_editor *editor)
{
    const nu__progress *progress = &a->execution->progress;

    for (size_t i = 0; i < a->n; i++) {
        size_t k = at(a, i);
        const nu__operation_run run = { editor, a->migration->app_label, a->states[k],
                                        a->states[k + 1] };

        a->operation = &a->migration->operations[k];
        a->begun = true;
        if (progress->operation)
            progress->operation(progress->self, a->operation, i, a->n);
        nu__operation_apply(&run, a->operation, a->backwards);
    }
    a->operation = NULL;
}

static void record(const nu__applying *a)
{
    nu__connection *connection = a->execution->connection;

    (a->backwards ? nu__recorder_remove : nu__recorder_add)(connection, a->migration);
}

static void run_atomically(nu__applying *a)
{
    nu__schema_editor *editor = nu__schema_begin(a->execution->connection, false, true);

    nu_defer(nu__schema_abort, editor);
    run_operations(a, editor);
    record(a);
    nu__schema_end(editor);
}

static bool is_atomic(const nu__applying *a)
{
    return !a->migration->non_atomic && !a->is_half &&
           a->execution->connection->backend->features->can_rollback_ddl;
}

static void apply(nu__applying *a)
{
    if (is_atomic(a))
        run_atomically(a);
    else
        nu__run_stepwise(a);
}

static nu_str place_of(const nu__applying *a)
{
    return a->operation ? nu__operation_type_of(a->operation)->describe(a->operation)
           : a->begun   ? S("At its end")
                        : S("Before its first operation");
}

/* What the migration itself is refused for is said in whole sentences. */
static NU_NORETURN void failed(const nu__applying *a, const nu_error *error)
{
    if (!a->operation && nu_error_is_a(error->klass, NU_MIGRATION_ERROR))
        nu_raise_(error->klass, error->file, error->line, "{}", NU_ARGS(error->message));
    nu_raise_(error->klass, error->file, error->line,
              is_atomic(a) ? "Migration {}.{} failed and was rolled back. {}: {}{}"
                           : "Migration {}.{} stopped before its end; the next `migrate` goes on "
                             "there. {}: {}{}",
              NU_ARGS(a->migration->app_label, a->migration->name, place_of(a), error->message,
                      nu__migration_advice(a->migration, a->operation, error)));
}

/* What is there already is only recorded. */
static bool apply_or_fake(nu__applying *a)
{
    const nu__execution *execution = a->execution;
    const nu__progress *progress = &execution->progress;
    const nu_error *error;

    if (execution->fake ||
        (execution->fake_initial && !a->backwards &&
         nu__is_soft_applied(execution->connection, a->migration, a->states[a->n]))) {
        record(a);
        nu__half_forget(execution->connection, a->migration);
        return true;
    }
    for (int64_t i = 1; (error = nu_catch(NU_EXCEPTION, apply(a))); i++) {
        if (i > execution->retries || !nu__is_lock_error(error))
            failed(a, error);
        if (progress->retry)
            progress->retry(progress->self, error, i);
        nu_sleep(i < 5 ? 0.2 * (double)i : 1.0);
    }
    return false;
}

static void must_be_reversible(const nu_migration *migration)
{
    for (const nu_operation *op = migration->operations; op && op->kind; op++)
        if (!nu__operation_is_reversible(op))
            nu_raise(NU_IRREVERSIBLE_ERROR,
                     "Operation <{}> in {}.{} is not reversible: give it {}, or take another way "
                     "back",
                     nu__operation_type_of(op)->describe(op), migration->app_label, migration->name,
                     op->kind == NU_RUN_SQL ? ".reverse_sql" : "RunC_reverse(…)");
}

static void run_step(const nu__execution *execution, const nu__plan_step *step, bool is_half)
{
    const nu__progress *progress = &execution->progress;
    nu__applying a = { .execution = execution,
                       .migration = step->node->migration,
                       .backwards = step->backwards,
                       .is_half = is_half };
    bool faked;
    nu_scratch_scope(); /* states and their models: a long history has many */

    if (a.backwards && !execution->fake)
        must_be_reversible(a.migration);
    prepare(&a, nu__executor_state_before(execution->graph, step));
    if (progress->before)
        progress->before(progress->self, step);
    faked = apply_or_fake(&a);
    step->node->applied = !step->backwards;
    if (progress->after)
        progress->after(progress->self, step, faked);
}

static bool is_one_of(const nu__half *halves, size_t n, const nu_migration *migration)
{
    for (size_t i = 0; i < n; i++)
        if (nu_eq(halves[i].app, migration->app_label) && nu_eq(halves[i].name, migration->name))
            return true;
    return false;
}

void nu__executor_run(const nu__execution *execution, const nu__plan *plan)
{
    nu__half *halves;
    size_t n;

    nu__recorder_ensure(execution->connection);
    halves = nu__halves(execution->connection, &n);
    for (size_t i = 0; i < plan->n; i++)
        run_step(execution, &plan->steps[i], is_one_of(halves, n, plan->steps[i].node->migration));
}

static bool all_are_applied(const nu_migration *migration, const nu__history *history)
{
    size_t n = 0;

    for (; migration->replaces[n][0]; n++)
        if (!nu__history_has(history, migration->replaces[n][0], migration->replaces[n][1]))
            return false;
    return n > 0;
}

void nu__executor_check_replacements(nu__connection *connection, const nu__graph *graph,
                                     const nu__history *history)
{
    for (size_t i = 0; i < graph->n; i++) {
        const nu_migration *migration = graph->nodes[i].migration;

        if (migration->replaces && all_are_applied(migration, history) &&
            !nu__history_has(history, migration->app_label, migration->name))
            nu__recorder_add_name(connection, migration->app_label, migration->name);
    }
}

/* ---- as text ------------------------------------------------------------------------------- */

static void collect_statements(nu__buf *out, const nu__schema_editor *editor, size_t from)
{
    for (size_t i = from; i < nu_list_len(editor->collected); i++)
        nu__buf_fmt(out, "{}\n", nu_at(editor->collected, i));
}

static void write_operation(nu__buf *out, nu__schema_editor *editor, const nu__applying *a,
                            size_t k)
{
    const nu_operation *op = &a->migration->operations[k];
    const nu__operation_run run = { editor, a->migration->app_label, a->states[k],
                                    a->states[k + 1] };
    size_t had = nu_list_len(editor->collected);

    nu__buf_fmt(out, "--\n-- {}\n--\n", nu__operation_type_of(op)->describe(op));
    if (!nu__operation_is_sql(op)) {
        nu__buf_lit(out, "-- THIS OPERATION CANNOT BE WRITTEN AS SQL\n");
        return;
    }
    nu__operation_apply(&run, op, a->backwards);
    if (had == nu_list_len(editor->collected))
        nu__buf_lit(out, "-- (no-op)\n");
    collect_statements(out, editor, had);
}

nu_str nu__executor_sql(nu__connection *connection, nu__graph *graph, nu__node *node,
                        bool backwards)
{
    nu__buf out = { 0 };
    nu__applying a = { .migration = node->migration, .backwards = backwards };
    bool transaction =
        !node->migration->non_atomic && connection->backend->features->can_rollback_ddl;
    nu__schema_editor *editor;
    size_t had;

    prepare(&a, nu__graph_state(graph, node, true));
    if (!a.n)
        return S("");
    if (backwards)
        must_be_reversible(a.migration);
    editor = nu__schema_begin(connection, true, false);
    if (transaction)
        nu__buf_lit(&out, "BEGIN;\n");
    for (size_t i = 0; i < a.n; i++)
        write_operation(&out, editor, &a, at(&a, i));
    had = nu_list_len(editor->collected);
    nu__schema_end(editor);
    collect_statements(&out, editor, had);
    if (transaction)
        nu__buf_lit(&out, "COMMIT;\n");
    return nu__buf_str(&out);
}
