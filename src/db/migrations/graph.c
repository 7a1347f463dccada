#include "db/migrations/graph_int.h"

#include "apps/registry.h"
#include "core/suggest.h"
#include "core/text.h"
#include "db/migrations/operations.h"

#include <stdlib.h>
#include <string.h>

/* ---- nodes --------------------------------------------------------------------------------- */

int nu__compare_nodes(const void *a, const void *b)
{
    const nu_migration *x = ((const nu__node *)a)->migration, *y = ((const nu__node *)b)->migration;
    int order = strcmp(x->app_label, y->app_label);

    return order ? order : strcmp(x->name, y->name);
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
    nu__node *found = NULL;
    const char *names[256];
    size_t n = 0, matches = 0;

    for (size_t i = 0; i < graph->n; i++) {
        const nu_migration *migration = graph->nodes[i].migration;

        if (!nu_eq(app, migration->app_label))
            continue;
        if (nu_eq(prefix, migration->name))
            return &graph->nodes[i];
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

static nu__node *last_replaced(const nu__graph *graph, const nu_migration *migration)
{
    nu__node *last = NULL;

    for (size_t i = 0; migration->replaces && migration->replaces[i][0]; i++)
        last = nu__graph_any_node(graph, migration->replaces[i][0], migration->replaces[i][1]);
    return last;
}

nu__node *nu__graph_target(const nu__graph *graph, nu_str app, nu_str prefix)
{
    nu__node *node = nu__graph_prefix(graph, app, prefix);
    nu__node *target =
        node->left_out && !node->instead ? last_replaced(graph, node->migration) : node;

    if (target && !target->left_out)
        return target;
    nu_raise(NU_NODE_NOT_FOUND_ERROR,
             "Node ('{}', '{}') not a valid node\n{} stands for it now: name that, or one that "
             "follows it.",
             app, node->migration->name,
             node->instead ? nu_s(node->instead->migration->name) : S("A squashed migration"));
}

/* ---- replacements -------------------------------------------------------------------------- */

const nu__applied *nu__history_find(const nu__history *history, const char *app, const char *name)
{
    for (size_t i = 0; history && i < history->n; i++)
        if (nu_eq(history->items[i].app, app) && nu_eq(history->items[i].name, name))
            return &history->items[i];
    return NULL;
}

bool nu__history_has(const nu__history *history, const char *app, const char *name)
{
    return nu__history_find(history, app, name) != NULL;
}

nu__node *nu__graph_any_node(const nu__graph *graph, const char *app, const char *name)
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
        nu__node *replaced = nu__graph_any_node(graph, replaces[i][0], replaces[i][1]);

        if (!replaced || replaced == node)
            continue;
        replaced->left_out = true;
        replaced->instead = node;
    }
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

        for (size_t k = 0; node->applied && !node->left_out && k < node->n_parents; k++) {
            const nu_migration *parent = node->parents[k]->migration;

            if (!node->parents[k]->applied)
                nu_raise(NU_INCONSISTENT_MIGRATION_HISTORY,
                         "Migration {}.{} is applied before its dependency {}.{} on database "
                         "'{}'.\nThe dependency came later than the record, or its own record is "
                         "gone. Take it out of .dependencies again; or, where all that it makes is "
                         "there: INSERT INTO django_migrations (app, name, applied) VALUES ('{}', "
                         "'{}', CURRENT_TIMESTAMP)",
                         node->migration->app_label, node->migration->name, parent->app_label,
                         parent->name, alias, parent->app_label, parent->name);
        }
    }
}

/* The way from a node to itself, as Django tells it. */
static NU_NORETURN void circle(nu__node *const *path, size_t n)
{
    nu_list *names = nu_list_new();
    size_t first = 0;

    while (path[first] != path[n - 1])
        first++;
    for (size_t i = first; i + 1 < n; i++)
        nu_list_append(names,
                       nu_fmt("{}.{}", path[i]->migration->app_label, path[i]->migration->name));
    nu_raise(
        NU_CIRCULAR_DEPENDENCY_ERROR,
        "{}\nThese migrations depend on each other in a circle: take one of their .dependencies "
        "or .run_before away, or split the migration that needs both.",
        nu__join(S(", "), names));
}

/* A circle is found when a node is met again before it is done. */
static void check_circles(nu__node *node, uint32_t open, uint32_t done, nu__node **path, size_t n)
{
    path[n++] = node;
    if (node->visited == open)
        circle(path, n);
    if (node->visited == done)
        return;
    node->visited = open;
    for (size_t i = 0; i < node->n_parents; i++)
        check_circles(node->parents[i], open, done, path, n);
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
    qsort(graph->nodes, graph->n, sizeof *graph->nodes, nu__compare_nodes);
    for (size_t i = 1; i < graph->n; i++)
        if (!nu__compare_nodes(&graph->nodes[i - 1], &graph->nodes[i]))
            nu_raise(NU_MIGRATION_ERROR, "the app {} has two migrations called {}",
                     graph->nodes[i].migration->app_label, graph->nodes[i].migration->name);
}

static nu__graph *linked(nu__graph *graph)
{
    nu__node **path = nu_alloc_array(nu__node *, graph->n + 2);
    uint32_t open, done;

    for (size_t i = 0; i < graph->n; i++)
        nu__graph_link(graph, &graph->nodes[i]);
    open = ++graph->visit;
    done = ++graph->visit;
    for (size_t i = 0; i < graph->n; i++)
        check_circles(&graph->nodes[i], open, done, path, 0);
    return graph;
}

nu__graph *nu__graph_build(const nu__history *history)
{
    nu__graph *graph = nu_alloc(nu__graph);

    add_nodes(graph, history);
    for (size_t i = 0; i < graph->n; i++)
        if (graph->nodes[i].migration->replaces)
            replace(graph, &graph->nodes[i], history);
    return linked(graph);
}

nu__graph *nu__graph_build_whole(void)
{
    nu__graph *graph = nu_alloc(nu__graph);

    add_nodes(graph, NULL);
    return linked(graph);
}
