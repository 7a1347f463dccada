/* optimizemigration: the operations of one migration made fewer. */
#include "apps/registry.h"
#include "cli/commands.h"
#include "cli/migration_files.h"
#include "db/migrations/reduce.h"

#include <string.h>

static bool has_code(const nu_operation *op)
{
    for (; op->kind; op++)
        if (op->kind == NU_RUN_C)
            return true;
    return false;
}

/* A file with functions cannot be written again: a new one takes its place. */
static void write_beside(const nu_command_run *run, const nu_app *app, nu_migration *migration)
{
    const char *(*replaces)[2] = (void *)nu_alloc_array(const char *, 4);

    if (migration->replaces)
        nu_raise(NU_COMMAND_ERROR,
                 "Migration {} has functions of its own and is a squashed migration already: "
                 "transition it to a normal one first.",
                 migration->name);
    replaces[0][0] = migration->app_label;
    replaces[0][1] = migration->name;
    migration->replaces = (const char *const(*)[2])replaces;
    migration->name = nu_fmt("{}_optimized", migration->name).ptr;
    nu_command_styled(run, NU_STYLE_WARNING,
                      "Its functions stay in the old file: move them over before you delete it.\n");
    nu_command_styled(run, NU_STYLE_HEADING, "Optimized migration {}\n",
                      nu__migration_file_write(app, migration, "optimizemigration"));
}

static int optimizemigration(const nu_command_run *run)
{
    nu_str label = nu_command_text(run, "app_label");
    const nu_app *app = nu__labelled_app(label);
    nu__graph *graph;
    nu_migration migration;
    size_t n, left;

    nu__migration_files_check(run);
    graph = nu__graph_build(NULL);
    if (!nu__graph_has_app(graph, label))
        nu_raise(NU_COMMAND_ERROR, "App '{}' does not have migrations.", label);
    migration = *nu__graph_prefix(graph, label, nu_command_text(run, "migration_name"))->migration;
    n = nu__operation_count(migration.operations);
    migration.operations = nu__optimize(migration.operations, label.ptr);
    left = nu__operation_count(migration.operations);
    if (left == n) {
        nu_command_print(run, "No optimizations possible.\n");
        return 0;
    }
    nu_command_print(run, "Optimizing from {} operations to {} operations.\n", n, left);
    if (nu_command_flag(run, "--check"))
        return 1;
    if (has_code(migration.operations))
        write_beside(run, app, &migration);
    else
        nu_command_styled(run, NU_STYLE_HEADING, "Optimized migration {}\n",
                          nu__migration_file_write(app, &migration, "optimizemigration"));
    return 0;
}

const nu_command nu__optimizemigration_command = {
    .name = "optimizemigration",
    .help = "Make the operations of one migration fewer, to the same effect.",
    .run = optimizemigration,
    .arguments = {
        { "app_label", .help = "the app" },
        { "migration_name", .help = "the migration, or the beginning of its name" },
        { "--check", .flag = true, .help = "write nothing; exit with 1 when there is something to do" },
    },
};
