/* migrate --prune and --run-syncdb. */
#include "apps/registry.h"
#include "cli/migrate.h"
#include "core/text.h"
#include "db/migrations/progress.h"
#include "db/models/router.h"

#include <string.h>

/* ---- --prune ------------------------------------------------------------------------------- */

static bool is_known(const nu__graph *graph, const nu__applied *applied)
{
    for (size_t i = 0; i < graph->n; i++)
        if (nu_eq(applied->app, graph->nodes[i].migration->app_label) &&
            nu_eq(applied->name, graph->nodes[i].migration->name))
            return true;
    return false;
}

/* Squashed migrations that still name one that would be forgotten. */
static nu_list *squashed_that_need(const nu__graph *graph, const nu__history *unknown)
{
    nu_list *names = nu_list_new();

    for (size_t i = 0; i < graph->n; i++) {
        const nu_migration *migration = graph->nodes[i].migration;
        bool needs = false;

        for (size_t k = 0; migration->replaces && migration->replaces[k][0]; k++)
            needs |= nu__history_has(unknown, migration->replaces[k][0], migration->replaces[k][1]);
        if (needs)
            nu_list_append(names, nu_fmt("    {}.{}", migration->app_label, migration->name));
    }
    return names;
}

static nu__history unknown_of(const nu__graph *graph, const nu__history *history, nu_str app)
{
    nu__history unknown = { nu_alloc_array(nu__applied, history->n + 1), 0 };

    for (size_t i = 0; i < history->n; i++)
        if (nu_eq(history->items[i].app, app) && !is_known(graph, &history->items[i]))
            unknown.items[unknown.n++] = history->items[i];
    return unknown;
}

void nu__prune_migrations(const nu_command_run *run, nu__connection *connection,
                          const nu__graph *graph, const nu__history *history, nu_str app)
{
    nu__history unknown = unknown_of(graph, history, app);
    nu_list *needed = squashed_that_need(graph, &unknown);

    nu_command_styled(run, NU_STYLE_HEADING, "Pruning migrations:\n");
    if (nu_list_len(needed)) {
        nu_command_styled(run, NU_STYLE_WARNING,
                          "  Cannot use --prune because the following squashed migrations have "
                          "their 'replaces' attributes and may not be recorded as applied:\n{}\n"
                          "  Re-run '{} migrate' if they are not marked as applied, and remove "
                          "'replaces' attributes in their migrations.\n",
                          nu__join(S("\n"), needed), run->program);
        return;
    }
    if (!(nu__halves_forget(connection, app, graph) + unknown.n))
        nu_command_print(run, "  No migrations to prune.\n");
    for (size_t i = 0; i < unknown.n; i++) {
        nu_command_styled(run, NU_STYLE_LABEL, "  Pruning {}.{}", app, unknown.items[i].name);
        nu__recorder_remove_name(connection, app.ptr, unknown.items[i].name.ptr);
        nu_command_styled(run, NU_STYLE_SUCCESS, " OK");
        nu_command_print(run, "\n");
    }
}

/* ---- --run-syncdb -------------------------------------------------------------------------- */

nu_list *nu__unmigrated_apps(const nu__graph *graph)
{
    nu_list *labels = nu_list_new();
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t i = 0; i < n; i++)
        if (apps[i].app->models[0] && !nu__graph_has_app(graph, apps[i].label))
            nu_list_append(labels, apps[i].label);
    return labels;
}

static bool is_to_be_made(nu__connection *connection, const nu__model_info *info)
{
    return !info->auto_created && !info->model->unmanaged && info->concrete == info &&
           !info->model->swappable && nu__router_allow_migrate(connection->alias, info->model) &&
           !nu__has_table(connection, info->db_table);
}

static bool is_of(const nu_list *labels, nu_str app)
{
    for (size_t i = 0; i < nu_list_len(labels); i++)
        if (nu_eq(nu_at(labels, i).s, app))
            return true;
    return false;
}

void nu__sync_apps(const nu_command_run *run, nu__connection *connection, const nu__graph *graph,
                   nu_str app)
{
    const nu__registry *registry = nu__models();
    nu_list *labels = nu__unmigrated_apps(graph);
    nu__schema_editor *editor;

    nu_command_styled(run, NU_STYLE_HEADING, "Synchronizing apps without migrations:\n");
    nu_command_print(run, "  Creating tables...\n");
    editor = nu__schema_begin(connection, false, true);
    nu_defer(nu__schema_abort, editor);
    for (size_t i = 0; i < registry->n_models; i++) {
        const nu__model_info *info = registry->models[i];

        if (!is_of(labels, info->app_label) || (app.ptr && !nu_eq(app, info->app_label)) ||
            !is_to_be_made(connection, info))
            continue;
        nu_command_print(run, "    Creating table {}\n", info->db_table);
        nu__schema_create_model(editor, info);
    }
    nu_command_print(run, "    Running deferred SQL...\n");
    nu__schema_end(editor);
}
