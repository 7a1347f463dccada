/* makemigrations --update: changes go into the last migration of their app, while no one has it
 * yet. */
#include "cli/makemigrations.h"

#include "core/text.h"
#include "db/migrations/operations.h"
#include "db/migrations/reduce.h"

#include <string.h>

static nu_str names_of_children(const nu__node *node)
{
    nu_list *names = nu_list_new();

    for (size_t i = 0; i < node->n_children; i++)
        nu_list_append(names, nu_fmt("'{}.{}'", node->children[i]->migration->app_label,
                                     node->children[i]->migration->name));
    return nu__join(S(", "), names);
}

static bool has_code(const nu_operation *op)
{
    for (; op->kind; op++)
        if (op->kind == NU_RUN_C)
            return true;
    return false;
}

static void must_be_nobodys(const nu__node *leaf, const nu__history *history)
{
    const nu_migration *last = leaf->migration;

    if (last->replaces)
        nu_raise(NU_COMMAND_ERROR, "Cannot update squash migration '{}.{}'.", last->app_label,
                 last->name);
    if (nu__history_has(history, last->app_label, last->name))
        nu_raise(NU_COMMAND_ERROR, "Cannot update applied migration '{}.{}'.", last->app_label,
                 last->name);
    if (leaf->n_children)
        nu_raise(NU_COMMAND_ERROR, "Cannot update migration '{}.{}' that migrations {} depend on.",
                 last->app_label, last->name, names_of_children(leaf));
    if (has_code(last->operations))
        nu_raise(NU_COMMAND_ERROR,
                 "Cannot update migration '{}.{}': it has functions of its own. Add the operations "
                 "by hand (--dry-run -v 3 shows them).",
                 last->app_label, last->name);
}

static const nu_operation *joined(const nu_migration *last, const nu_migration *more)
{
    size_t n = nu__operation_count(last->operations), k = nu__operation_count(more->operations);
    nu_operation *all = nu_alloc_array(nu_operation, n + k + 1);

    if (n)
        memcpy(all, last->operations, n * sizeof *all);
    memcpy(all + n, more->operations, k * sizeof *all);
    return all;
}

static bool depends_on(const nu_migration *migration, const char *const dependency[2], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(migration->dependencies[i][0], dependency[0]) &&
            !strcmp(migration->dependencies[i][1], dependency[1]))
            return true;
    return false;
}

/* What other apps must have done: the app's own migrations it comes after already. */
static void add_dependencies(nu_migration *migration, const nu_migration *more)
{
    size_t n = 0;

    while (n < 16 && migration->dependencies[n][0])
        n++;
    for (size_t i = 0; i < 16 && more->dependencies[i][0]; i++) {
        const char *const *dependency = more->dependencies[i];

        if (!strcmp(dependency[0], migration->app_label) ||
            !strcmp(dependency[0], NU_AUTH_USER_MODEL) || depends_on(migration, dependency, n))
            continue;
        if (n == 16)
            nu_raise(NU_COMMAND_ERROR, "Migration {}.{} would depend on more than 16 others",
                     migration->app_label, migration->name);
        memcpy(migration->dependencies[n++], dependency, sizeof *migration->dependencies);
    }
}

static const char *new_name(const nu_migration *migration, const char *name)
{
    nu_str words =
        name ? nu_s(name) : nu__migration_words(migration->operations, migration->initial);
    nu_str number = { migration->name, strlen(migration->name) < 4 ? strlen(migration->name) : 4 };
    nu_str suggested = nu_fmt("{}_{}", number, words);

    return nu_eq(suggested, migration->name) ? nu_fmt("{}_updated", migration->name).ptr
                                             : suggested.ptr;
}

/* The last migration of an app with the operations of all `made` for it: where a circle was cut,
   there are two. */
static nu_migration updated(const nu__graph *graph, const nu__history *history,
                            const nu__new_migration *made, size_t n, const char *name)
{
    nu__node *leaf = nu__graph_leaf(graph, nu_s(made->app_label));
    nu_migration last;

    if (!leaf)
        nu_raise(NU_COMMAND_ERROR, "App {} has no migration, cannot update last migration.",
                 made->app_label);
    must_be_nobodys(leaf, history);
    last = *leaf->migration;
    for (size_t i = 0; i < n; i++) {
        last.operations = joined(&last, &made[i].migration);
        add_dependencies(&last, &made[i].migration);
    }
    last.operations = nu__optimize(last.operations, last.app_label);
    last.name = new_name(&last, name);
    return last;
}

size_t nu__update_last_migrations(const nu__graph *graph, const nu__history *history,
                                  nu__new_migration *made, size_t n, const char *name)
{
    size_t apps = 0;

    for (size_t i = 0, of_app; i < n; i += of_app) {
        nu_migration last;

        for (of_app = 1; i + of_app < n; of_app++)
            if (strcmp(made[i + of_app].app_label, made[i].app_label))
                break;
        last = updated(graph, history, &made[i], of_app, name);
        made[apps++] = (nu__new_migration){ .app_label = last.app_label, .migration = last };
    }
    return apps;
}
