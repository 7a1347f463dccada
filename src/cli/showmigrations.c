/* showmigrations: what there is, and what of it is applied. */
#include "apps/registry.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "core/object.h"
#include "db/migrations/executor.h"

#include <string.h>

static bool wanted(const nu_command_run *run, const char *app)
{
    nu_list *labels = nu_command_list(run, "app_label");

    for (size_t i = 0; i < nu_list_len(labels); i++)
        if (nu_eq(nu_at(labels, i).s, app))
            return true;
    return !nu_list_len(labels);
}

static void list_app(const nu_command_run *run, nu__graph *graph, nu_str app)
{
    nu__node *leaf = nu__graph_leaf(graph, app);
    nu__node **nodes;
    size_t n = 0;

    nu_command_styled(run, NU_STYLE_LABEL, "{}\n", app);
    if (!leaf) {
        nu_command_print(run, " (no migrations)\n");
        return;
    }
    nodes = nu__graph_order(graph, leaf, true, &n);
    for (size_t i = 0; i < n; i++)
        if (nu_eq(app, nodes[i]->migration->app_label))
            nu_command_print(run, " [{}] {}\n", nodes[i]->applied ? "X" : " ",
                             nodes[i]->migration->name);
}

static void list_plan(const nu_command_run *run, nu__graph *graph)
{
    size_t n;
    nu__node **nodes = nu__graph_full(graph, &n);

    for (size_t i = 0; i < n; i++)
        if (wanted(run, nodes[i]->migration->app_label))
            nu_command_print(run, "[{}]  {}.{}\n", nodes[i]->applied ? "X" : " ",
                             nodes[i]->migration->app_label, nodes[i]->migration->name);
}

static int showmigrations(const nu_command_run *run)
{
    nu__graph *graph = nu__graph_build();
    nu_list *labels = nu_command_list(run, "app_label"), *sorted = nu_list_new();
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t i = 0; i < nu_list_len(labels); i++)
        nu__app_get(nu_at(labels, i).s);
    nu__recorder_load(nu__connection_of(nu_command_text(run, "--database").ptr), graph);
    if (nu_command_flag(run, "--plan")) {
        list_plan(run, graph);
        return 0;
    }
    for (size_t done = 0; done < n; done++) { /* by label; a handful of apps */
        nu_str least = { NULL, 0 };

        for (size_t i = 0; i < n; i++) {
            bool seen = nu__value_contains(nu_v_list(sorted), nu_v_str(apps[i].label));

            if (!seen && (!least.ptr || strcmp(apps[i].label.ptr, least.ptr) < 0))
                least = apps[i].label;
        }
        nu_list_append(sorted, least);
        if (wanted(run, least.ptr))
            list_app(run, graph, least);
    }
    return 0;
}

const nu_command nu__showmigrations_command = {
    .name = "showmigrations",
    .help = "List all migrations, and which are applied.",
    .run = showmigrations,
    .arguments = {
        { "app_label", .optional = true, .repeated = true, .help = "the apps to show; without any, all" },
        { "--database", .default_ = "default", .help = "the database by its alias" },
        { "--plan", .flag = true, .help = "in the order in which they run" },
    },
};
