/* What each migration depends on, and which are the last of their app. */
#include "db/migrations/graph_int.h"

#include "apps/registry.h"
#include "core/suggest.h"
#include "core/text.h"
#include "db/migrations/operations.h"

#include <stdlib.h>
#include <string.h>

static int by_node(const void *a, const void *b)
{
    return nu__compare_nodes(*(nu__node *const *)a, *(nu__node *const *)b);
}

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

static nu_str file_of(const nu_migration *migration)
{
    const nu__app_config *app = nu__app_find(nu_s(migration->app_label));
    const char *path = app && app->app->path ? app->app->path : migration->app_label;

    return nu_fmt("{}/migrations/{}.c", path, migration->name);
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
    nu_raise(
        NU_NODE_NOT_FOUND_ERROR,
        "Migration {}.{} dependencies reference nonexistent parent node ('{}', '{}'){}\nName one "
        "that is there in .dependencies or .run_before of {}, or add what is missing: its file "
        "to the build, its app to .installed_apps.",
        of->app_label, of->name, app, name, nu__suggestion(nu_fmt("{}.{}", app, name), names, n),
        file_of(of));
}

/* Of a replacement that cannot be used: those of the ones it replaces that no other of them
   follows. */
static void add_edges_to_replaced(const nu__graph *graph, const nu__node *replacement,
                                  nu__node *child)
{
    const char *const(*replaces)[2] = replacement->migration->replaces;

    for (size_t i = 0; replaces[i][0]; i++) {
        nu__node *node = nu__graph_any_node(graph, replaces[i][0], replaces[i][1]);
        bool last = node && node != child;

        for (size_t k = 0; last && replaces[k][0]; k++) {
            const nu__node *other = nu__graph_any_node(graph, replaces[k][0], replaces[k][1]);

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
                                         : nu__graph_any_node(graph, app, name);
    if (!node && !strncmp(name, "__", 2) && nu__app_find(nu_s(app)))
        return; /* an app without migrations */
    if (!node)
        no_such_node(graph, of, app, name);
    if (node->left_out && !node->instead)
        add_edges_to_replaced(graph, node, child);
    else if (node->instead != child && node != child)
        add_edge(node->instead ? (nu__node *)node->instead : node, child);
}

void nu__graph_link(const nu__graph *graph, nu__node *node)
{
    const nu_migration *migration = node->migration;
    nu__node *child = node->instead ? (nu__node *)node->instead : node;

    if (node->left_out && !node->instead)
        return;
    for (size_t i = 0; i < 16 && migration->dependencies[i][0]; i++)
        add_dependency(graph, child, migration, migration->dependencies[i][0],
                       migration->dependencies[i][1]);
    for (size_t i = 0; i < 8 && migration->run_before[i][0]; i++) {
        nu__node *later =
            nu__graph_any_node(graph, migration->run_before[i][0], migration->run_before[i][1]);

        if (!later)
            no_such_node(graph, migration, migration->run_before[i][0],
                         migration->run_before[i][1]);
        add_edge(child, later->instead ? (nu__node *)later->instead : later);
    }
}

bool nu__graph_is_leaf(const nu__node *node)
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
        if (nu_eq(app, graph->nodes[i].migration->app_label) && nu__graph_is_leaf(&graph->nodes[i]))
            leaves[(*n)++] = &graph->nodes[i];
    return leaves;
}

nu__node *nu__graph_leaf(const nu__graph *graph, nu_str app)
{
    size_t n;
    nu__node **leaves = nu__graph_leaves(graph, app, &n);

    return n ? leaves[0] : NULL;
}
