/* showmigrations: what there is, and what of it is applied. */
#include "apps/registry.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/migration_files.h"
#include "core/text.h"
#include "db/migrations/progress.h"

#include <stdlib.h>
#include <string.h>

static bool wanted(const nu_command_run *run, const char *app)
{
    nu_list *labels = nu_command_list(run, "app_label");

    for (size_t i = 0; i < nu_list_len(labels); i++)
        if (nu_eq(nu_at(labels, i).s, app))
            return true;
    return !nu_list_len(labels);
}

static size_t count_replaced(const nu_migration *migration)
{
    size_t n = 0;

    while (migration->replaces && migration->replaces[n][0])
        n++;
    return n;
}

/* What is known of the database; those that no transaction held may be half done. */
typedef struct known {
    nu__history history;
    nu__half *halves;
    size_t n_halves;
} known;

static const nu__half *half_of(const known *known, const nu_migration *migration)
{
    for (size_t i = 0; i < known->n_halves; i++)
        if (nu_eq(known->halves[i].app, migration->app_label) &&
            nu_eq(known->halves[i].name, migration->name) &&
            !nu__half_is_nothing(&known->halves[i]))
            return &known->halves[i];
    return NULL;
}

static const char *mark_of(const known *known, const nu__node *node)
{
    return half_of(known, node->migration) ? "~" : node->applied ? "X" : " ";
}

static const char *word_of(const known *known, const nu__node *node)
{
    const nu__half *half = half_of(known, node->migration);

    return !half ? "" : half->backwards ? " (half taken back)" : " (half applied)";
}

static void print_migration(const nu_command_run *run, const known *known, const nu__node *node)
{
    const nu_migration *migration = node->migration;
    size_t replaced = count_replaced(migration);
    const nu__applied *recorded =
        nu__history_find(&known->history, migration->app_label, migration->name);
    nu_str title = replaced ? nu_fmt("{} ({} squashed migrations)", migration->name, replaced)
                            : nu_s(migration->name);

    if (node->applied && !recorded && !half_of(known, migration))
        nu_command_print(run, " [-] {} Run '{} migrate' to finish recording.\n", title,
                         run->program);
    else
        nu_command_print(run, " [{}] {}{}{}\n", mark_of(known, node), title, word_of(known, node),
                         recorded && nu_command_verbosity(run) >= 2
                             ? nu_fmt(" (applied at {})", recorded->at)
                             : S(""));
}

static bool was_shown(nu__node *const *shown, size_t n, const nu__node *node)
{
    for (size_t i = 0; i < n; i++)
        if (shown[i] == node)
            return true;
    return false;
}

static void list_app(const nu_command_run *run, nu__graph *graph, const known *known, nu_str app)
{
    size_t n_leaves, n_shown = 0;
    nu__node **leaves = nu__graph_leaves(graph, app, &n_leaves),
             **shown = nu_alloc_array(nu__node *, graph->n + 1);

    nu_command_styled(run, NU_STYLE_LABEL, "{}\n", app);
    for (size_t l = 0; l < n_leaves; l++) {
        size_t n;
        nu__node **nodes = nu__graph_order(graph, leaves[l], true, &n);

        for (size_t i = 0; i < n; i++) {
            if (!nu_eq(app, nodes[i]->migration->app_label) || was_shown(shown, n_shown, nodes[i]))
                continue;
            shown[n_shown++] = nodes[i];
            print_migration(run, known, nodes[i]);
        }
    }
    if (!n_shown)
        nu_command_styled(run, NU_STYLE_ERROR, " (no migrations)\n");
}

/* " ... (auth.0001_initial)" with -v 2 */
static nu_str parents_of(const nu_command_run *run, const nu__node *node)
{
    nu_list *names = nu_list_new();

    for (size_t i = 0; i < node->n_parents; i++)
        nu_list_append(names, nu_fmt("{}.{}", node->parents[i]->migration->app_label,
                                     node->parents[i]->migration->name));
    if (nu_command_verbosity(run) < 2 || !nu_list_len(names))
        return S("");
    return nu_fmt(" ... ({})", nu__join(S(", "), names));
}

/* Those of the apps that are wanted, and what they need. */
static void list_plan(const nu_command_run *run, nu__graph *graph, const known *known)
{
    nu__node **shown = nu_alloc_array(nu__node *, graph->n + 1);
    size_t n_shown = 0, n_all;
    nu__node **all = nu__graph_full(graph, &n_all);

    for (size_t l = 0; l < n_all; l++) {
        size_t n;
        nu__node **nodes = nu__graph_order(graph, all[l], true, &n);

        for (size_t i = 0; wanted(run, all[l]->migration->app_label) && i < n; i++) {
            if (was_shown(shown, n_shown, nodes[i]))
                continue;
            shown[n_shown++] = nodes[i];
            nu_command_print(run, "[{}]  {}.{}{}{}\n", mark_of(known, nodes[i]),
                             nodes[i]->migration->app_label, nodes[i]->migration->name,
                             word_of(known, nodes[i]), parents_of(run, nodes[i]));
        }
    }
    if (!n_shown)
        nu_command_styled(run, NU_STYLE_ERROR, "(no migrations)\n");
}

/* Those that were named as they were; else all that have migrations, by name. */
static nu_str *apps_to_show(const nu_command_run *run, const nu__graph *graph, size_t *n)
{
    nu_list *labels = nu_command_list(run, "app_label");
    size_t n_apps;
    const nu__app_config *apps = nu__apps(&n_apps);
    nu_str *names = nu_alloc_array(nu_str, n_apps + nu_list_len(labels) + 1);

    *n = 0;
    for (size_t i = 0; i < nu_list_len(labels); i++)
        names[(*n)++] = nu__app_get(nu_at(labels, i).s)->label;
    for (size_t i = 0; !nu_list_len(labels) && i < n_apps; i++)
        if (nu__graph_has_app(graph, apps[i].label))
            names[(*n)++] = apps[i].label;
    if (!nu_list_len(labels))
        nu__sort_texts(names, *n);
    return names;
}

static int showmigrations(const nu_command_run *run)
{
    nu__connection *connection = nu__connection_of(nu_command_text(run, "--database").ptr);
    known known = { .history = nu__recorder_history(connection) };
    nu__graph *graph = nu__graph_build(&known.history);
    size_t n;
    nu_str *apps;

    if (nu__tell_wrong_labels(nu_command_list(run, "app_label")))
        return 2;
    known.halves = nu__halves(connection, &known.n_halves);
    apps = apps_to_show(run, graph, &n);

    if (nu_command_flag(run, "--plan"))
        list_plan(run, graph, &known);
    for (size_t i = 0; !nu_command_flag(run, "--plan") && i < n; i++)
        list_app(run, graph, &known, apps[i]);
    return 0;
}

const nu_command nu__showmigrations_command = {
    .name = "showmigrations",
    .help = "List all migrations, and which are applied.",
    .run = showmigrations,
    .arguments = {
        { "app_label", .optional = true, .repeated = true, .help = "the apps to show; without any, all" },
        { "--database", .database = true, .default_ = "default", .help = "the database by its alias" },
        { "--list", .short_name = "-l", .flag = true, .help = "by app, as ever" },
        { "--plan", .short_name = "-p", .flag = true, .excludes = "--list", .help = "in the order in which they run" },
    },
};
