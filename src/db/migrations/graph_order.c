/* In which order the migrations of a graph run, and the models that come of them. */
#include "db/migrations/graph_int.h"

#include "db/migrations/operations.h"

/* ---- orders -------------------------------------------------------------------------------- */

typedef struct order {
    nu__node **nodes;
    size_t n;
    uint32_t visit;
    bool forwards;
} order;

static void visit(order *o, nu__node *node)
{
    nu__node **next = o->forwards ? node->parents : node->children;
    size_t n = o->forwards ? node->n_parents : node->n_children;

    if (node->visited == o->visit)
        return;
    node->visited = o->visit;
    for (size_t i = n; i-- > 0;) /* the last first, as Django's stack takes them */
        visit(o, next[i]);
    o->nodes[o->n++] = node;
}

nu__node **nu__graph_order(nu__graph *graph, nu__node *node, bool forwards, size_t *n)
{
    order o = { nu_alloc_array(nu__node *, graph->n + 1), 0, ++graph->visit, forwards };

    visit(&o, node);
    *n = o.n;
    return o.nodes;
}

nu__node **nu__graph_full(nu__graph *graph, size_t *n)
{
    order o = { nu_alloc_array(nu__node *, graph->n + 1), 0, ++graph->visit, true };

    for (size_t i = 0; i < graph->n; i++)
        if (nu__graph_is_leaf(&graph->nodes[i]))
            visit(&o, &graph->nodes[i]);
    *n = o.n;
    return o.nodes;
}

/* ---- states -------------------------------------------------------------------------------- */

void nu__migration_apply_state(const nu_migration *migration, nu__project_state *state)
{
    for (const nu_operation *op = migration->operations; op && op->kind; op++)
        nu__operation_change_state(op, migration, state);
}

nu__project_state *nu__graph_state(nu__graph *graph, nu__node *node, bool before)
{
    nu__project_state *state = nu__state_new(nu__user_model_label());
    size_t n;
    nu__node **nodes = node ? nu__graph_order(graph, node, true, &n) : nu__graph_full(graph, &n);

    for (size_t i = 0; i < n - (before && node ? 1 : 0); i++)
        nu__migration_apply_state(nodes[i]->migration, state);
    return state;
}
