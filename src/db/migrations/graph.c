#include "db/migrations/graph.h"

#include "apps/registry.h"
#include "core/suggest.h"
#include "db/migrations/operations.h"

#include <stdlib.h>
#include <string.h>

/* ---- nodes --------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const nu_migration *x = ((const nu__node *)a)->migration, *y = ((const nu__node *)b)->migration;
    int order = strcmp(x->app_label, y->app_label);

    return order ? order : strcmp(x->name, y->name);
}

static int by_node(const void *a, const void *b)
{
    return by_name(*(nu__node *const *)a, *(nu__node *const *)b);
}

nu__node *nu__graph_find(const nu__graph *graph, nu_str app, nu_str name)
{
    for (size_t i = 0; i < graph->n; i++)
        if (nu_eq(app, graph->nodes[i].migration->app_label) &&
            nu_eq(name, graph->nodes[i].migration->name))
            return &graph->nodes[i];
    return NULL;
}

bool nu__graph_has_app(const nu__graph *graph, nu_str app)
{
    for (size_t i = 0; i < graph->n; i++)
        if (nu_eq(app, graph->nodes[i].migration->app_label))
            return true;
    return false;
}

nu__node *nu__graph_prefix(const nu__graph *graph, nu_str app, nu_str prefix)
{
    nu__node *found = nu__graph_find(graph, app, prefix);
    const char *names[256];
    size_t n = 0, matches = 0;

    for (size_t i = 0; !found && i < graph->n; i++) {
        const nu_migration *migration = graph->nodes[i].migration;

        if (!nu_eq(app, migration->app_label))
            continue;
        if (n < 256)
            names[n++] = migration->name;
        if (nu_starts_with(nu_s(migration->name), prefix) && !matches++)
            found = &graph->nodes[i];
    }
    if (matches > 1)
        nu_raise(NU_COMMAND_ERROR,
                 "More than one migration matches '{}' in app '{}'. Please be more specific.",
                 prefix, app);
    if (!found)
        nu_raise(NU_COMMAND_ERROR, "Cannot find a migration matching '{}' from app '{}'.{}", prefix,
                 app, nu__suggestion(prefix, names, n));
    return found;
}

/* ---- edges --------------------------------------------------------------------------------- */

static nu__node *first_of(const nu__graph *graph, const char *app)
{
    for (size_t i = 0; i < graph->n; i++)
        if (!strcmp(graph->nodes[i].migration->app_label, app))
            return &graph->nodes[i];
    return NULL;
}

static nu__node *dependency(const nu__graph *graph, const nu_migration *of, const char *app,
                            const char *name)
{
    nu__node *node = !strcmp(name, "__first__")    ? first_of(graph, app)
                     : !strcmp(name, "__latest__") ? nu__graph_leaf(graph, nu_s(app))
                                                   : nu__graph_find(graph, nu_s(app), nu_s(name));
    const char *names[256];
    size_t n = 0;

    if (node)
        return node;
    for (size_t i = 0; i < graph->n && n < 256; i++)
        names[n++] =
            nu_fmt("{}.{}", graph->nodes[i].migration->app_label, graph->nodes[i].migration->name)
                .ptr;
    nu_raise(NU_MIGRATION_ERROR, "Migration {}.{} depends on {}.{}, which there is not{}",
             of->app_label, of->name, app, name,
             nu__suggestion(nu_fmt("{}.{}", app, name), names, n));
}

static void add_child(nu__node *parent, nu__node *child)
{
    nu__node **children = nu_alloc_array(nu__node *, parent->n_children + 1);

    if (parent->n_children)
        memcpy(children, parent->children, parent->n_children * sizeof *children);
    children[parent->n_children++] = child;
    qsort(children, parent->n_children, sizeof *children, by_node);
    parent->children = children;
}

static void link_node(const nu__graph *graph, nu__node *node)
{
    const nu_migration *migration = node->migration;

    node->parents = nu_alloc_array(nu__node *, 16);
    for (size_t i = 0; i < 16 && migration->dependencies[i][0]; i++) {
        nu__node *parent = dependency(graph, migration, migration->dependencies[i][0],
                                      migration->dependencies[i][1]);

        node->parents[node->n_parents++] = parent;
        add_child(parent, node);
    }
    qsort(node->parents, node->n_parents, sizeof *node->parents, by_node);
}

static bool is_leaf(const nu__node *node)
{
    for (size_t i = 0; i < node->n_children; i++)
        if (!strcmp(node->children[i]->migration->app_label, node->migration->app_label))
            return false;
    return true;
}

nu__node *nu__graph_leaf(const nu__graph *graph, nu_str app)
{
    nu__node *leaf = NULL;

    for (size_t i = 0; i < graph->n; i++)
        if (nu_eq(app, graph->nodes[i].migration->app_label) && is_leaf(&graph->nodes[i]))
            leaf = &graph->nodes[i];
    return leaf;
}

static void check_leaves(const nu__graph *graph)
{
    for (size_t i = 0; i < graph->n; i++) {
        const nu_migration *own = graph->nodes[i].migration;
        nu__node *leaf = nu__graph_leaf(graph, nu_s(own->app_label));

        if (is_leaf(&graph->nodes[i]) && leaf != &graph->nodes[i])
            nu_raise(NU_COMMAND_ERROR,
                     "Conflicting migrations detected; multiple leaf nodes in the migration graph: "
                     "({}, {} in "
                     "{}). Give one of them the other as a dependency.",
                     own->name, leaf->migration->name, own->app_label);
    }
}

/* A circle is found when a node is met again before it is done. */
static void check_circles(nu__node *node, uint32_t open, uint32_t done, nu_str path)
{
    path = nu_fmt("{}{}{}.{}", path, path.len ? " -> " : "", node->migration->app_label,
                  node->migration->name);
    if (node->visited == open)
        nu_raise(NU_MIGRATION_ERROR, "These migrations depend on each other: {}", path);
    if (node->visited == done)
        return;
    node->visited = open;
    for (size_t i = 0; i < node->n_parents; i++)
        check_circles(node->parents[i], open, done, path);
    node->visited = done;
}

static size_t count_migrations(const nu__app_config *apps, size_t n_apps)
{
    size_t n = 0;

    for (size_t a = 0; a < n_apps; a++)
        for (const nu_migration *const *m = apps[a].app->migrations; m && *m; m++)
            n++;
    return n;
}

nu__graph *nu__graph_build(void)
{
    nu__graph *graph = nu_alloc(nu__graph);
    size_t n_apps;
    const nu__app_config *apps = nu__apps(&n_apps);
    uint32_t open, done;

    graph->nodes = nu_alloc_array(nu__node, count_migrations(apps, n_apps) + 1);
    for (size_t a = 0; a < n_apps; a++)
        for (const nu_migration *const *m = apps[a].app->migrations; m && *m; m++)
            graph->nodes[graph->n++].migration = *m;
    qsort(graph->nodes, graph->n, sizeof *graph->nodes, by_name);
    for (size_t i = 0; i < graph->n; i++)
        link_node(graph, &graph->nodes[i]);
    open = ++graph->visit;
    done = ++graph->visit;
    for (size_t i = 0; i < graph->n; i++)
        check_circles(&graph->nodes[i], open, done, S(""));
    check_leaves(graph);
    return graph;
}

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
        if (is_leaf(&graph->nodes[i]))
            visit(&o, &graph->nodes[i]);
    *n = o.n;
    return o.nodes;
}

/* ---- states -------------------------------------------------------------------------------- */

void nu__migration_apply_state(const nu_migration *migration, nu__project_state *state)
{
    for (const nu_operation *op = migration->operations; op && op->kind; op++)
        nu__operation_type_of(op)->state(state, migration->app_label, op);
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
