#include "db/migrations/executor.h"

#include "core/buf.h"
#include "core/suggest.h"
#include "db/migrations/operations.h"

#include <string.h>

/* ---- the plan ------------------------------------------------------------------------------ */

static void add_forwards(nu__graph *graph, nu__plan *plan, nu__node *target)
{
    size_t n;
    nu__node **nodes = nu__graph_order(graph, target, true, &n);

    for (size_t i = 0; i < n; i++)
        if (!nodes[i]->applied)
            plan->steps[plan->n++] = (nu__plan_step){ nodes[i], false };
}

/* Everything that rests on `node`, and it, the last applied first. */
static void add_backwards(nu__graph *graph, nu__plan *plan, nu__node *node)
{
    size_t n;
    nu__node **nodes = nu__graph_order(graph, node, false, &n);

    for (size_t i = 0; i < n; i++) {
        bool planned = !nodes[i]->applied;

        for (size_t k = 0; k < plan->n; k++)
            planned |= plan->steps[k].node == nodes[i];
        if (!planned)
            plan->steps[plan->n++] = (nu__plan_step){ nodes[i], true };
    }
}

static bool same_app(const nu__node *node, nu_str app)
{
    return nu_eq(app, node->migration->app_label);
}

/* Back to just after `target`: its own app's children go. */
static void add_back_to(nu__graph *graph, nu__plan *plan, nu__node *target)
{
    for (size_t i = 0; i < target->n_children; i++)
        if (same_app(target->children[i], nu_s(target->migration->app_label)))
            add_backwards(graph, plan, target->children[i]);
}

static void add_zero(nu__graph *graph, nu__plan *plan, nu_str app)
{
    for (size_t i = 0; i < graph->n; i++) {
        nu__node *node = &graph->nodes[i];
        bool root = same_app(node, app);

        for (size_t k = 0; k < node->n_parents; k++)
            root &= !same_app(node->parents[k], app);
        if (root)
            add_backwards(graph, plan, node);
    }
}

static NU_NORETURN void no_such_app(const nu__graph *graph, nu_str app)
{
    const char *names[128];
    size_t n = 0;

    for (size_t i = 0; i < graph->n && n < 128; i++)
        if (!i ||
            strcmp(graph->nodes[i].migration->app_label, graph->nodes[i - 1].migration->app_label))
            names[n++] = graph->nodes[i].migration->app_label;
    nu_raise(NU_COMMAND_ERROR, "App '{}' does not have migrations.{}", app,
             nu__suggestion(app, names, n));
}

nu__plan nu__executor_plan(nu__graph *graph, nu_str app, nu_str name)
{
    nu__plan plan = { nu_alloc_array(nu__plan_step, graph->n + 1), 0 };
    nu__node *target;
    size_t n;

    if (!app.ptr) {
        nu__node **nodes = nu__graph_full(graph, &n);

        for (size_t i = 0; i < n; i++)
            if (!nodes[i]->applied)
                plan.steps[plan.n++] = (nu__plan_step){ nodes[i], false };
        return plan;
    }
    if (!nu__graph_has_app(graph, app))
        no_such_app(graph, app);
    if (nu_eq(name, "zero")) {
        add_zero(graph, &plan, app);
        return plan;
    }
    target = name.ptr ? nu__graph_prefix(graph, app, name) : nu__graph_leaf(graph, app);
    if (target->applied)
        add_back_to(graph, &plan, target);
    else
        add_forwards(graph, &plan, target);
    return plan;
}

/* ---- one migration ------------------------------------------------------------------------- */

enum { OPERATIONS_MAX = 4096 };

typedef struct applying {
    nu__schema_editor *editor;
    const nu_migration *migration;
    const nu_operation *operation; /* the one that runs: for the message when it fails */
    nu__project_state *state;      /* before the migration */
    bool backwards;
    nu__buf *words; /* sqlmigrate: comments go between the statements */
} applying;

static size_t count_operations(const nu_migration *migration)
{
    size_t n = 0;

    while (n < OPERATIONS_MAX && migration->operations && migration->operations[n].kind)
        n++;
    return n;
}

static void collect_statements(applying *a, size_t from)
{
    for (size_t i = from; i < nu_list_len(a->editor->collected); i++)
        nu__buf_fmt(a->words, "{}\n", nu_at(a->editor->collected, i));
}

static void run_operation(applying *a, nu__project_state *before, nu__project_state *after,
                          const nu_operation *op)
{
    const nu__operation_type *type = nu__operation_type_of(op);
    nu__operation_run run = { a->editor, a->migration->app_label, before, after };
    size_t had = a->words ? nu_list_len(a->editor->collected) : 0;

    a->operation = op;
    if (a->words)
        nu__buf_fmt(a->words, "--\n-- {}\n--\n", type->describe(op));
    if (nu__operation_is_managed(&run, op))
        (a->backwards ? type->backwards : type->forwards)(&run, op);
    if (!a->words)
        return;
    if (had == nu_list_len(a->editor->collected))
        nu__buf_lit(a->words, "-- (no-op)\n");
    collect_statements(a, had);
}

/* All operations, with the states before and after each. */
static void run_operations(applying *a)
{
    size_t n = count_operations(a->migration);
    nu__project_state **states = nu_alloc_array(nu__project_state *, n + 1);

    states[0] = a->state;
    for (size_t i = 0; i < n; i++) {
        const nu_operation *op = &a->migration->operations[i];

        states[i + 1] = nu__state_copy(states[i]);
        a->operation = op;
        nu__operation_type_of(op)->state(states[i + 1], a->migration->app_label, op);
        if (!a->backwards)
            run_operation(a, states[i], states[i + 1], op);
    }
    for (size_t i = n; a->backwards && i-- > 0;)
        run_operation(a, states[i], states[i + 1], &a->migration->operations[i]);
}

static void apply(nu__connection *connection, applying *a)
{
    a->editor = nu__schema_begin(connection, false, !a->migration->non_atomic);
    nu_defer(nu__schema_abort, a->editor);
    run_operations(a);
    a->operation = NULL;
    (a->backwards ? nu__recorder_remove : nu__recorder_add)(connection, a->migration);
    nu__schema_end(a->editor);
}

static void record_only(nu__connection *connection, const applying *a)
{
    (a->backwards ? nu__recorder_remove : nu__recorder_add)(connection, a->migration);
}

static NU_NORETURN void failed(const applying *a, const nu_error *error)
{
    nu_str doing = a->operation ? nu__operation_type_of(a->operation)->describe(a->operation)
                                : S("committing");

    nu_raise_(error->klass, error->file, error->line,
              "Migration {}.{} failed and was rolled back. {}: {}",
              NU_ARGS(a->migration->app_label, a->migration->name, doing, error->message));
}

void nu__executor_run(nu__connection *connection, nu__graph *graph, const nu__plan *plan, bool fake,
                      const nu__progress *progress)
{
    const nu_error *error;

    nu__recorder_ensure(connection);
    for (size_t i = 0; i < plan->n; i++) {
        const nu__plan_step *step = &plan->steps[i];
        applying a = { .migration = step->node->migration,
                       .backwards = step->backwards,
                       .state = nu__graph_state(graph, step->node, true) };

        if (progress && progress->before)
            progress->before(progress->self, step, fake);
        error = fake ? nu_catch(NU_EXCEPTION, record_only(connection, &a))
                     : nu_catch(NU_EXCEPTION, apply(connection, &a));
        if (error)
            failed(&a, error);
        step->node->applied = !step->backwards;
        if (progress && progress->after)
            progress->after(progress->self, step, fake);
    }
}

nu_str nu__executor_sql(nu__connection *connection, nu__graph *graph, nu__node *node,
                        bool backwards)
{
    nu__buf words = { 0 };
    applying a = { .migration = node->migration,
                   .backwards = backwards,
                   .words = &words,
                   .state = nu__graph_state(graph, node, true) };
    bool transaction =
        !node->migration->non_atomic && connection->backend->features->can_rollback_ddl;
    size_t had;

    if (!count_operations(node->migration))
        return S("");
    a.editor = nu__schema_begin(connection, true, false);
    if (transaction)
        nu__buf_lit(&words, "BEGIN;\n");
    run_operations(&a);
    had = nu_list_len(a.editor->collected);
    nu__schema_end(a.editor);
    collect_statements(&a, had);
    if (transaction)
        nu__buf_lit(&words, "COMMIT;\n");
    return nu__buf_str(&words);
}
