/* sqlmigrate: the SQL of one migration. */
#include "apps/registry.h"
#include "cli/commands.h"
#include "cli/migration_files.h"
#include "db/migrations/executor.h"

static int sqlmigrate(const nu_command_run *run)
{
    nu_str app = nu_command_text(run, "app_label");
    nu__graph *graph = nu__graph_build_whole();
    nu__connection *connection = nu__connection_of(nu_command_text(run, "--database").ptr);
    nu__node *node;

    nu__labelled_app(app);
    if (!nu__graph_has_app(graph, app))
        nu_raise(NU_COMMAND_ERROR, "App '{}' does not have migrations", app);
    node = nu__graph_prefix(graph, app, nu_command_text(run, "migration_name"));
    nu_command_print(
        run, "{}", nu__executor_sql(connection, graph, node, nu_command_flag(run, "--backwards")));
    return 0;
}

const nu_command nu__sqlmigrate_command = {
    .name = "sqlmigrate",
    .help = "Print the SQL statements of a migration.",
    .run = sqlmigrate,
    .arguments = {
        { "app_label", .help = "the app of the migration" },
        { "migration_name", .help = "its name, or the beginning of it" },
        { "--database", .database = true, .default_ = "default", .help = "the database by its alias" },
        { "--backwards", .flag = true, .help = "the SQL that takes it back" },
    },
};
