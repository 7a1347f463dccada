#include "db/migrations/graph.h"

#include "apps/registry.h"
#include "core/suggest.h"
#include "core/text.h"
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
        if (!graph->nodes[i].left_out && nu_eq(app, graph->nodes[i].migration->app_label) &&
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
    nu__node *exact = nu__graph_find(graph, app, prefix), *found = exact;
    const char *names[256];
    size_t n = 0, matches = 0;

    for (size_t i = 0; !exact && i < graph->n; i++) {
        const nu_migration *migration = graph->nodes[i].migration;

        if (!nu_eq(app, migration->app_label) || graph->nodes[i].left_out)
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

/* ---- replacements -------------------------------------------------------------------------- */

bool nu__history_has(const nu__history *history, const char *app, const char *name)
{
    for (size_t i = 0; history && i < history->n; i++)
        if (nu_eq(history->items[i].app, app) && nu_eq(history->items[i].name, name))
            return true;
    return false;
}

static nu__node *any_node(const nu__graph *graph, const char *app, const char *name)
{
    for (size_t i = 0; i < graph->n; i++)
        if (!strcmp(graph->nodes[i].migration->app_label, app) &&
            !strcmp(graph->nodes[i].migration->name, name))
            return &graph->nodes[i];
    return NULL;
}

/* It stands for what it replaces when all of that is applied, or none. */
static void replace(nu__graph *graph, nu__node *node, const nu__history *history)
{
    const char *const(*replaces)[2] = node->migration->replaces;
    size_t n = 0, n_applied = 0;

    for (; replaces[n][0]; n++)
        n_applied += nu__history_has(history, replaces[n][0], replaces[n][1]);
    node->applied = n && n_applied == n;
    node->left_out = n_applied && n_applied < n;
    for (size_t i = 0; !node->left_out && i < n; i++) {
        nu__node *replaced = any_node(graph, replaces[i][0], replaces[i][1]);

        if (!replaced || replaced == node)
            continue;
        replaced->left_out = true;
        replaced->instead = node;
    }
}

/* ---- edges --------------------------------------------------------------------------------- */

static void add_edge(nu__node *parent, nu__node *child)
{
    nu__node **children, **parents;

    for (size_t i = 0; i < child->n_parents; i++)
        if (child->parents[i] == parent)
            return;
    children = nu_alloc_array(nu__node *, parent->n_children + 1);
    parents = nu_alloc_array(nu__node *, child->n_parents + 1);
    if (parent->n_children)
        memcpy(children, parent->children, parent->n_children * sizeof *children);
    if (child->n_parents)
        memcpy(parents, child->parents, child->n_parents * sizeof *parents);
    children[parent->n_children++] = child;
    parents[child->n_parents++] = parent;
    qsort(children, parent->n_children, sizeof *children, by_node);
    qsort(parents, child->n_parents, sizeof *parents, by_node);
    parent->children = children;
    child->parents = parents;
}

static bool is_own(const nu_migration *migration, const char *app)
{
    return !strcmp(migration->app_label, app);
}

/* The first of an app is the one without a parent in the app. */
static nu__node *first_of(const nu__graph *graph, const char *app)
{
    for (size_t i = 0; i < graph->n; i++) {
        const nu_migration *migration = graph->nodes[i].migration;
        bool root = is_own(migration, app) && !graph->nodes[i].left_out;

        for (size_t k = 0; root && k < 16 && migration->dependencies[k][0]; k++)
            root = !is_own(migration, migration->dependencies[k][0]);
        if (root)
            return &graph->nodes[i];
    }
    return NULL;
}

/* The last in the order of names: leaves are not known while edges are made. */
static nu__node *latest_of(const nu__graph *graph, const char *app)
{
    for (size_t i = graph->n; i-- > 0;)
        if (is_own(graph->nodes[i].migration, app) && !graph->nodes[i].left_out)
            return &graph->nodes[i];
    return NULL;
}

static NU_NORETURN void no_such_node(const nu__graph *graph, const nu_migration *of,
                                     const char *app, const char *name)
{
    const char *names[256];
    size_t n = 0;

    for (size_t i = 0; i < graph->n && n < 256; i++)
        names[n++] =
            nu_fmt("{}.{}", graph->nodes[i].migration->app_label, graph->nodes[i].migration->name)
                .ptr;
    nu_raise(NU_NODE_NOT_FOUND_ERROR,
             "Migration {}.{} dependencies reference nonexistent parent node ('{}', '{}'){}",
             of->app_label, of->name, app, name,
             nu__suggestion(nu_fmt("{}.{}", app, name), names, n));
}

/* Of a replacement that cannot be used: those of the ones it replaces that no other of them
   follows. */
static void add_edges_to_replaced(const nu__graph *graph, const nu__node *replacement,
                                  nu__node *child)
{
    const char *const(*replaces)[2] = replacement->migration->replaces;

    for (size_t i = 0; replaces[i][0]; i++) {
        nu__node *node = any_node(graph, replaces[i][0], replaces[i][1]);
        bool last = node && node != child;

        for (size_t k = 0; last && replaces[k][0]; k++) {
            const nu__node *other = any_node(graph, replaces[k][0], replaces[k][1]);

            for (size_t d = 0; other && d < 16 && other->migration->dependencies[d][0]; d++)
                last &= !(is_own(node->migration, other->migration->dependencies[d][0]) &&
                          !strcmp(node->migration->name, other->migration->dependencies[d][1]));
        }
        if (last)
            add_edge(node, child);
    }
}

static void add_dependency(const nu__graph *graph, nu__node *child, const nu_migration *of,
                           const char *app, const char *name)
{
    nu__node *node;

    if (!strcmp(app, NU_AUTH_USER_MODEL))
        app = nu__label_app(nu__user_model_label());
    if (!strcmp(name, "__first__") && is_own(of, app))
        return;
    node = !strcmp(name, "__first__")    ? first_of(graph, app)
           : !strcmp(name, "__latest__") ? latest_of(graph, app)
                                         : any_node(graph, app, name);
    if (!node && !strncmp(name, "__", 2) && nu__app_find(nu_s(app)))
        return; /* an app without migrations */
    if (!node)
        no_such_node(graph, of, app, name);
    if (node->left_out && !node->instead)
        add_edges_to_replaced(graph, node, child);
    else if (node->instead != child && node != child)
        add_edge(node->instead ? (nu__node *)node->instead : node, child);
}

static void link_node(const nu__graph *graph, nu__node *node)
{
    const nu_migration *migration = node->migration;
    nu__node *child = node->instead ? (nu__node *)node->instead : node;

    if (node->left_out && !node->instead)
        return;
    for (size_t i = 0; i < 16 && migration->dependencies[i][0]; i++)
        add_dependency(graph, child, migration, migration->dependencies[i][0],
                       migration->dependencies[i][1]);
    for (size_t i = 0; i < 8 && migration->run_before[i][0]; i++) {
        nu__node *later = any_node(graph, migration->run_before[i][0], migration->run_before[i][1]);

        if (!later)
            no_such_node(graph, migration, migration->run_before[i][0],
                         migration->run_before[i][1]);
        add_edge(child, later->instead ? (nu__node *)later->instead : later);
    }
}

static bool is_leaf(const nu__node *node)
{
    if (node->left_out)
        return false;
    for (size_t i = 0; i < node->n_children; i++)
        if (!strcmp(node->children[i]->migration->app_label, node->migration->app_label))
            return false;
    return true;
}

nu__node **nu__graph_leaves(const nu__graph *graph, nu_str app, size_t *n)
{
    nu__node **leaves = nu_alloc_array(nu__node *, graph->n + 1);

    *n = 0;
    for (size_t i = 0; i < graph->n; i++)
        if (nu_eq(app, graph->nodes[i].migration->app_label) && is_leaf(&graph->nodes[i]))
            leaves[(*n)++] = &graph->nodes[i];
    return leaves;
}

nu__node *nu__graph_leaf(const nu__graph *graph, nu_str app)
{
    size_t n;
    nu__node **leaves = nu__graph_leaves(graph, app, &n);

    return n ? leaves[0] : NULL;
}

/* ---- what is wrong with a graph ------------------------------------------------------------ */

static nu_str conflict(nu__node *const *leaves, size_t n)
{
    nu_list *names = nu_list_new();

    for (size_t i = 0; i < n; i++)
        nu_list_append(names, leaves[i]->migration->name);
    return nu_fmt("{} in {}", nu__join(S(", "), names), leaves[0]->migration->app_label);
}

static bool is_listed(const nu_list *apps, const char *app)
{
    for (size_t i = 0; apps && i < nu_list_len(apps); i++)
        if (nu_eq(nu_at(apps, i).s, app))
            return true;
    return !apps || !nu_list_len(apps);
}

void nu__graph_check_conflicts(const nu__graph *graph, const nu_list *apps)
{
    nu_list *conflicts = nu_list_new();

    for (size_t i = 0; i < graph->n; i++) {
        nu_str app = nu_s(graph->nodes[i].migration->app_label);
        size_t n;
        nu__node **leaves = nu__graph_leaves(graph, app, &n);

        if (n > 1 && leaves[0] == &graph->nodes[i] && is_listed(apps, app.ptr))
            nu_list_append(conflicts, conflict(leaves, n));
    }
    if (nu_list_len(conflicts))
        nu_raise(NU_COMMAND_ERROR,
                 "Conflicting migrations detected; multiple leaf nodes in the migration graph: "
                 "({}).\nTo fix them run 'manage makemigrations --merge'",
                 nu__join(S("; "), conflicts));
}

void nu__graph_check_consistent(const nu__graph *graph, const char *alias)
{
    for (size_t i = 0; i < graph->n; i++) {
        const nu__node *node = &graph->nodes[i];

        for (size_t k = 0; node->applied && !node->left_out && k < node->n_parents; k++)
            if (!node->parents[k]->applied)
                nu_raise(NU_INCONSISTENT_MIGRATION_HISTORY,
                         "Migration {}.{} is applied before its dependency {}.{} on database "
                         "'{}'.",
                         node->migration->app_label, node->migration->name,
                         node->parents[k]->migration->app_label, node->parents[k]->migration->name,
                         alias);
    }
}

/* A circle is found when a node is met again before it is done. */
static void check_circles(nu__node *node, uint32_t open, uint32_t done, nu_str path)
{
    path = nu_fmt("{}{}{}.{}", path, path.len ? ", " : "", node->migration->app_label,
                  node->migration->name);
    if (node->visited == open)
        nu_raise(NU_CIRCULAR_DEPENDENCY_ERROR,
                 "{}: these migrations depend on each other in a circle", path);
    if (node->visited == done)
        return;
    node->visited = open;
    for (size_t i = 0; i < node->n_parents; i++)
        check_circles(node->parents[i], open, done, path);
    node->visited = done;
}

/* ---- building ------------------------------------------------------------------------------ */

static size_t count_migrations(const nu__app_config *apps, size_t n_apps)
{
    size_t n = 0;

    for (size_t a = 0; a < n_apps; a++)
        for (const nu_migration *const *m = apps[a].app->migrations; m && *m; m++)
            n++;
    return n;
}

static void add_nodes(nu__graph *graph, const nu__history *history)
{
    size_t n_apps;
    const nu__app_config *apps = nu__apps(&n_apps);

    graph->nodes = nu_alloc_array(nu__node, count_migrations(apps, n_apps) + 1);
    for (size_t a = 0; a < n_apps; a++)
        for (const nu_migration *const *m = apps[a].app->migrations; m && *m; m++)
            graph->nodes[graph->n++] = (nu__node){
                .migration = *m,
                .applied = nu__history_has(history, (*m)->app_label, (*m)->name),
            };
    qsort(graph->nodes, graph->n, sizeof *graph->nodes, by_name);
    for (size_t i = 1; i < graph->n; i++)
        if (!by_name(&graph->nodes[i - 1], &graph->nodes[i]))
            nu_raise(NU_MIGRATION_ERROR, "the app {} has two migrations called {}",
                     graph->nodes[i].migration->app_label, graph->nodes[i].migration->name);
}

nu__graph *nu__graph_build(const nu__history *history)
{
    nu__graph *graph = nu_alloc(nu__graph);
    uint32_t open, done;

    add_nodes(graph, history);
    for (size_t i = 0; i < graph->n; i++)
        if (graph->nodes[i].migration->replaces)
            replace(graph, &graph->nodes[i], history);
    for (size_t i = 0; i < graph->n; i++)
        link_node(graph, &graph->nodes[i]);
    open = ++graph->visit;
    done = ++graph->visit;
    for (size_t i = 0; i < graph->n; i++)
        check_circles(&graph->nodes[i], open, done, S(""));
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
