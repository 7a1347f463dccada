/* migrate: bring the database to where the migrations are. */
#include "apps/registry.h"
#include "auth/management.h"
#include "cli/commands.h"
#include "cli/migration_files.h"
#include "core/text.h"
#include "db/migrations/autodetector.h"
#include "db/migrations/executor.h"
#include "db/migrations/operations.h"

#include <nuages/signals.h>
#include <stdio.h>

/* ---- what the terminal shows ---------------------------------------------------------------- */

static void before_step(void *self, const nu__plan_step *step, bool fake)
{
    const nu_migration *migration = step->node->migration;

    (void)fake;
    nu_command_print((const nu_command_run *)self, "  {} {}.{}...",
                     step->backwards ? "Unapplying" : "Applying", migration->app_label,
                     migration->name);
}

static void after_step(void *self, const nu__plan_step *step, bool fake)
{
    (void)step;
    nu_command_styled((const nu_command_run *)self, NU_STYLE_SUCCESS, "{}",
                      fake ? " FAKED" : " OK");
    nu_command_print((const nu_command_run *)self, "\n");
}

static void print_target(const nu_command_run *run, nu_str app, nu_str name, const nu__graph *graph)
{
    nu_list *labels = nu_list_new();

    nu_command_styled(run, NU_STYLE_HEADING, "Operations to perform:\n");
    if (app.ptr && name.ptr) {
        nu_command_print(run, "  Target specific migration: {}, from {}\n", name, app);
        return;
    }
    if (app.ptr)
        nu_list_append(labels, app);
    for (size_t i = 0; !app.ptr && i < graph->n; i++) {
        nu_str label = nu_s(graph->nodes[i].migration->app_label);

        if (!nu_list_len(labels) || !nu_eq(nu_at(labels, nu_list_len(labels) - 1).s, label))
            nu_list_append(labels, label);
    }
    nu_command_print(run, "  Apply all migrations: {}\n",
                     nu_list_len(labels) ? nu__join(S(", "), labels) : S("(none)"));
}

static int print_plan(const nu_command_run *run, const nu__plan *plan)
{
    nu_command_styled(run, NU_STYLE_HEADING, "Planned operations:\n");
    if (!plan->n)
        nu_command_print(run, "  No planned migration operations.\n");
    for (size_t i = 0; i < plan->n; i++) {
        const nu_migration *migration = plan->steps[i].node->migration;

        nu_command_styled(run, NU_STYLE_HEADING, "{}.{}\n", migration->app_label, migration->name);
        for (const nu_operation *op = migration->operations; op && op->kind; op++)
            nu_command_print(run, "    {}{}\n", plan->steps[i].backwards ? "Undo " : "",
                             nu__operation_type_of(op)->describe(op));
    }
    return 0;
}

/* "Your models have changes that are not yet reflected in a migration". */
static void tell_unmigrated(const nu_command_run *run, nu__graph *graph)
{
    nu__app_changes *changes;
    nu_list *labels = nu_list_new();
    size_t n = 0;

    nu_command_print(run, "  No migrations to apply.\n");
    if (nu_catch(NU_MIGRATION_ERROR, changes = nu__autodetect(graph, NULL, &n)))
        n = 0;
    for (size_t i = 0; i < n; i++)
        nu_list_append(labels, changes[i].app_label);
    if (n)
        nu_command_styled(run, NU_STYLE_WARNING,
                          "  Your models in app(s): '{}' have changes that are not yet reflected "
                          "in a migration, and "
                          "so won't be applied.\n  Run '{} makemigrations' to make new migrations, "
                          "and then re-run "
                          "'{} migrate' to apply them.\n",
                          nu__join(S("', '"), labels), run->program, run->program);
}

/* ---- the command ---------------------------------------------------------------------------- */

/* After the tables are there: content types and permissions, app by app. */
static void post_migrate(nu__graph *graph)
{
    size_t n;
    const nu__app_config *apps = nu__apps(&n);
    nu__node *auth = nu__graph_leaf(graph, S("auth"));

    for (size_t i = 0; auth && auth->applied && i < n; i++)
        nu__permissions_create(apps[i].app);
}

static void tell_apps(nu_signal signal, nu_str alias)
{
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t i = 0; i < n; i++)
        nu_signal_send(.signal = signal, .app_label = apps[i].label.ptr, .using = alias.ptr);
}

static int migrate(const nu_command_run *run)
{
    nu_str alias = nu_command_text(run, "--database"), app = nu_command_text(run, "app_label"),
           name = nu_command_text(run, "migration_name");
    nu__connection *connection = nu__connection_of(alias.ptr);
    nu__graph *graph = nu__graph_build();
    nu__plan plan;

    if (app.ptr)
        nu__app_get(app);
    nu__migration_files_check(run);
    nu__recorder_load(connection, graph);
    plan = nu__executor_plan(graph, app, name);
    if (nu_command_flag(run, "--plan"))
        return print_plan(run, &plan);
    if (nu_command_flag(run, "--check"))
        return plan.n != 0;
    tell_apps(NU_PRE_MIGRATE, alias);
    print_target(run, app, name, graph);
    nu_command_styled(run, NU_STYLE_HEADING, "Running migrations:\n");
    if (!plan.n)
        tell_unmigrated(run, graph);
    nu__executor_run(connection, graph, &plan, nu_command_flag(run, "--fake"),
                     &(const nu__progress){ before_step, after_step, (void *)run });
    post_migrate(graph);
    tell_apps(NU_POST_MIGRATE, alias);
    return 0;
}

const nu_command nu__migrate_command = {
    .name = "migrate",
    .help = "Bring the database to where the migrations are.",
    .run = migrate,
    .arguments = {
        { "app_label", .optional = true, .help = "an app to migrate; without it all are" },
        { "migration_name", .optional = true, .help = "where to go, forwards or back; 'zero' takes all of the app's back" },
        { "--database", .default_ = "default", .help = "the database by its alias" },
        { "--fake", .flag = true, .help = "record the migrations without running them" },
        { "--plan", .flag = true, .help = "show what would be done" },
        { "--check", .flag = true, .help = "exit with 1 when there is something to apply" },
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing (nothing is asked)" },
    },
};
