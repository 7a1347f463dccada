/* migrate: bring the database to where the migrations are. */
#include "cli/migrate.h"
#include "apps/registry.h"
#include "auth/management.h"
#include "cli/commands.h"
#include "cli/migrate_progress.h"
#include "cli/migration_files.h"
#include "core/text.h"
#include "db/backends/locks.h"
#include "db/migrations/autodetector.h"
#include "db/migrations/drift.h"
#include "db/migrations/progress.h"

#include <nuages/signals.h>

#include <stdlib.h>
#include <string.h>

/* ---- what the terminal shows ---------------------------------------------------------------- */

static void at_wait(void *self)
{
    nu_command_print((const nu_command_run *)self,
                     "Another process migrates this database; waiting for it...\n");
}

static void print_target(const nu_command_run *run, nu_str app, nu_str name, const nu__graph *graph)
{
    nu_list *labels = nu_list_new();

    nu_command_styled(run, NU_STYLE_HEADING, "Operations to perform:\n");
    if (nu_command_flag(run, "--run-syncdb"))
        nu_command_print(run, "  Synchronize unmigrated app{}: {}\n", app.ptr ? "" : "s",
                         app.ptr ? app
                                 : nu__join(S(", "), nu__sorted_texts(nu__unmigrated_apps(graph))));
    if (app.ptr && nu_eq(name, "zero")) {
        nu_command_print(run, "  Unapply all migrations: {}\n", app);
        return;
    }
    if (app.ptr && name.ptr) {
        nu_command_print(run, "  Target specific migration: {}, from {}\n",
                         nu__graph_target(graph, app, name)->migration->name, app);
        return;
    }
    for (size_t i = 0; i < graph->n; i++) {
        nu_str label = nu_s(graph->nodes[i].migration->app_label);

        if ((!app.ptr || nu_eq(app, label)) &&
            (!nu_list_len(labels) || !nu_eq(nu_at(labels, nu_list_len(labels) - 1).s, label)))
            nu_list_append(labels, label);
    }
    nu_command_print(run, "  Apply all migrations: {}\n",
                     nu_list_len(labels) ? nu__join(S(", "), labels) : S("(none)"));
}

/* "Your models have changes that are not yet reflected in a migration". */
static void tell_unmigrated(const nu_command_run *run, nu__graph *graph)
{
    nu__detection what = nu__detection_of_site(graph);
    nu__new_migration *made = NULL;
    nu_list *labels = nu_list_new();
    size_t n = 0;

    nu_command_print(run, "  No migrations to apply.\n");
    if (nu_catch(NU_MIGRATION_ERROR, made = nu__autodetect(&what, &n)))
        n = 0;
    for (size_t i = 0; i < n; i++)
        if (!i || strcmp(made[i - 1].app_label, made[i].app_label))
            nu_list_append(labels, nu_fmt("'{}'", made[i].app_label));
    if (n)
        nu_command_styled(run, NU_STYLE_WARNING,
                          "  Your models in app(s): {} have changes that are not yet reflected "
                          "in a migration, and so won't be applied.\n  Run '{} makemigrations' to "
                          "make new migrations, and then re-run '{} migrate' to apply them.\n",
                          nu__join(S(", "), labels), run->program, run->program);
}

/* A file that was edited after it was applied, and the like. Django would go on, and say later that
   there is no such column. Back, and with --fake, one may go: so it is mended. */
static void refuse_drift(const nu_command_run *run, nu__connection *connection, nu__graph *graph,
                         const nu__plan *plan)
{
    nu_list *missing;

    if (nu_command_flag(run, "--fake") || (plan->n && plan->steps[0].backwards))
        return;
    missing = nu__schema_drift(connection, graph, plan);
    if (nu_list_len(missing))
        nu_raise(NU_MIGRATION_ERROR,
                 "The database '{}' has not all that its applied migrations make: {}.\n"
                 "A migration was edited or faked after it was applied, or a table was changed by "
                 "hand. Migrate back to before it and forward again, or make by hand what is "
                 "missing ('{} sqlmigrate APP NAME' prints how).",
                 connection->alias, nu__join(S("; "), missing), run->program);
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

static void check_app(const nu_command_run *run, const nu__graph *graph, nu_str app)
{
    bool sync = nu_command_flag(run, "--run-syncdb");

    if (!app.ptr) {
        if (nu_command_flag(run, "--prune"))
            nu_raise(NU_COMMAND_ERROR, "Migrations can be pruned only when an app is specified.");
        return;
    }
    nu__labelled_app(app);
    if (sync && nu__graph_has_app(graph, app))
        nu_raise(NU_COMMAND_ERROR, "Can't use run_syncdb with app '{}' as it has migrations.", app);
    if (!sync && !nu__graph_has_app(graph, app))
        nu_raise(NU_COMMAND_ERROR, "App '{}' does not have migrations.", app);
}

static void run_plan(nu__showing *showing, nu__graph *graph, const nu__history *history,
                     const nu__plan *plan)
{
    const nu_command_run *run = showing->run;
    nu__connection *connection = showing->connection;
    nu_str app = nu_command_text(run, "app_label"), name = nu_command_text(run, "migration_name");
    nu_str alias = nu_command_text(run, "--database");
    bool sync = nu_command_flag(run, "--run-syncdb") && nu_list_len(nu__unmigrated_apps(graph));
    const nu__execution execution = {
        .connection = connection,
        .graph = graph,
        .fake = nu_command_flag(run, "--fake"),
        .fake_initial = nu_command_flag(run, "--fake-initial"),
        .retries = nu_command_int(run, "--retries", 0),
        .progress = nu__showing_progress(showing),
    };

    print_target(run, app, name, graph);
    tell_apps(NU_PRE_MIGRATE, alias);
    if (sync)
        nu__sync_apps(run, connection, graph, app);
    nu_command_styled(run, NU_STYLE_HEADING, "Running migrations:\n");
    if (!plan->n)
        tell_unmigrated(run, graph);
    nu__executor_run(&execution, plan);
    if (execution.fake) /* whoever says so has made it so */
        nu__halves_forget(connection, app, NULL);
    if (!plan->n)
        nu__executor_check_replacements(connection, graph, history);
    post_migrate(graph);
    tell_apps(NU_POST_MIGRATE, alias);
}

static bool is_only_looking(const nu_command_run *run)
{
    return nu_command_flag(run, "--plan") || nu_command_flag(run, "--check");
}

/* What may be done while others do, and with the lock. */
static int migrate_over(nu__showing *showing)
{
    const nu_command_run *run = showing->run;
    nu__connection *connection = showing->connection;
    nu_str app = nu_command_text(run, "app_label"), name = nu_command_text(run, "migration_name");
    nu__history history = nu__recorder_history(connection);
    nu__graph *graph = nu__graph_build(&history);
    nu__plan plan = { NULL, 0 };
    bool mended_by_itself;

    nu__graph_check_consistent(graph, connection->alias);
    nu__graph_check_conflicts(graph, NULL);
    check_app(run, graph, app);
    if (nu_command_flag(run, "--prune")) {
        nu__prune_migrations(run, connection, graph, &history, app);
        if (!is_only_looking(run))
            return 0;
    }
    nu__history_check(run, graph, &history, connection->alias);
    if (!(app.ptr && nu_command_flag(run, "--run-syncdb")))
        plan = nu__executor_plan(graph, app, name);
    if (!nu_command_flag(run, "--fake"))
        nu__halves_check(connection, graph, &plan, app);
    if (nu_command_flag(run, "--plan"))
        return nu__print_plan(run, connection, graph, &plan);
    if (nu_command_flag(run, "--check"))
        return plan.n != 0;
    mended_by_itself = nu__drift_may_be_mended(connection, &plan);
    if (!mended_by_itself)
        refuse_drift(run, connection, graph, &plan);
    run_plan(showing, graph, &history, &plan);
    if (mended_by_itself)
        refuse_drift(run, connection, graph, &plan);
    return 0;
}

static int migrate(const nu_command_run *run)
{
    nu__connection *connection = nu__connection_of(nu_command_text(run, "--database").ptr);
    nu__showing showing = { .run = run, .connection = connection };
    nu__schema_lock *lock;

    nu__migration_files_check(run);
    if (is_only_looking(run))
        return migrate_over(&showing);
    nu__showing_begin(&showing);
    nu_defer(nu__showing_end, &showing);
    lock = nu__schema_lock_take(connection, (double)nu_command_int(run, "--wait", 0), at_wait,
                                (void *)run);
    nu_defer(nu__schema_unlock, lock);
    if (nu_command_int(run, "--lock-timeout", 0))
        nu__limit_lock_waits(connection, nu_command_int(run, "--lock-timeout", 0));
    if (nu_command_int(run, "--statement-timeout", 0))
        nu__limit_statements(connection, nu_command_int(run, "--statement-timeout", 0));
    return migrate_over(&showing);
}

const nu_command nu__migrate_command = {
    .name = "migrate",
    .help = "Bring the database to where the migrations are.",
    .run = migrate,
    .arguments = {
        { "app_label", .optional = true, .help = "an app to migrate; without it all are" },
        { "migration_name", .optional = true, .help = "where to go, forwards or back; 'zero' takes all of the app's back" },
        { "--database", .database = true, .default_ = "default", .help = "the database by its alias" },
        { "--fake", .flag = true, .help = "record the migrations without running them" },
        { "--fake-initial", .flag = true, .help = "record initial migrations whose tables are there already" },
        { "--plan", .flag = true, .help = "show what would be done, the locks, and how many rows there are" },
        { "--run-syncdb", .flag = true, .help = "make the tables of apps without migrations" },
        { "--check", .flag = true, .help = "exit with 1 when there is something to apply" },
        { "--prune", .flag = true, .help = "forget what is recorded of the app and no longer there" },
        { "--wait", .number = true, .default_ = "600", .metavar = "SECONDS", .help = "how long to wait for another process that migrates" },
        { "--lock-timeout", .number = true, .metavar = "MILLISECONDS", .help = "how long a statement waits for tables that are in use" },
        { "--statement-timeout", .number = true, .metavar = "MILLISECONDS", .help = "how long a statement may take (PostgreSQL, MariaDB)" },
        { "--retries", .number = true, .default_ = "5", .help = "how often a migration that got no lock, or no time, is tried again" },
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing (nothing is asked)" },
    },
};
