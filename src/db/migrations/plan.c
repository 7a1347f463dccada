/* What must run to reach a target. */
#include "db/migrations/executor.h"

#include "core/suggest.h"

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
        bool root = same_app(node, app) && !node->left_out;

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
    target = name.ptr ? nu__graph_target(graph, app, name) : nu__graph_leaf(graph, app);
    if (target->applied)
        add_back_to(graph, &plan, target);
    else
        add_forwards(graph, &plan, target);
    return plan;
}
