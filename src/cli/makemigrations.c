/* makemigrations: write down how the models have changed. */
#include "apps/registry.h"
#include "cli/commands.h"
#include "cli/migration_files.h"
#include "core/text.h"
#include "db/migrations/operations.h"
#include "db/migrations/writer.h"

#include <stdlib.h>

static bool wanted(const nu_command_run *run, const char *app)
{
    nu_list *labels = nu_command_list(run, "app_label");

    for (size_t i = 0; i < nu_list_len(labels); i++)
        if (nu_eq(nu_at(labels, i).s, app))
            return true;
    return !nu_list_len(labels);
}

/* "+ Create model Student": a sign for what comes, goes and changes. */
static const char *sign(const nu_operation *op)
{
    switch (op->kind) {
    case NU_CREATE_MODEL:
    case NU_ADD_FIELD:
    case NU_ADD_INDEX:
    case NU_ADD_CONSTRAINT:
        return "+";
    case NU_DELETE_MODEL:
    case NU_REMOVE_FIELD:
    case NU_REMOVE_INDEX:
    case NU_REMOVE_CONSTRAINT:
        return "-";
    default:
        return "~";
    }
}

static void write_changes(const nu_command_run *run, const nu__app_changes *changes)
{
    const nu_app *app = nu__app_get(nu_s(changes->app_label))->app;

    nu_command_styled(run, NU_STYLE_HEADING, "Migrations for '{}':\n", changes->app_label);
    if (nu_command_flag(run, "--dry-run"))
        nu_command_styled(run, NU_STYLE_LABEL, "  {}.c\n", changes->migration.name);
    else
        nu_command_styled(run, NU_STYLE_LABEL, "  {}\n",
                          nu__migration_file_write(app, &changes->migration));
    for (size_t i = 0; i < changes->n; i++)
        nu_command_print(
            run, "    {} {}\n", sign(&changes->operations[i]),
            nu__operation_type_of(&changes->operations[i])->describe(&changes->operations[i]));
    if (nu_command_flag(run, "--dry-run") && nu_command_verbosity(run) >= 3)
        nu_command_print(run, "{}", nu__write_migration(&changes->migration));
}

/* --empty: a migration without operations, to be filled in by hand. */
static int write_empty(const nu_command_run *run, nu__graph *graph, nu_str name)
{
    static const nu_operation none[] = { { 0 } };
    nu_list *labels = nu_command_list(run, "app_label");

    if (!nu_list_len(labels))
        nu_raise(NU_COMMAND_ERROR, "You must supply at least one app label when using --empty.");
    for (size_t i = 0; i < nu_list_len(labels); i++) {
        const nu__app_config *app = nu__app_get(nu_at(labels, i).s);
        nu__node *leaf = nu__graph_leaf(graph, app->label);
        int64_t number = leaf ? strtol(leaf->migration->name, NULL, 10) + 1 : 1;
        nu_migration empty = { .app_label = app->label.ptr,
                               .operations = none,
                               .initial = !leaf,
                               .name =
                                   nu_fmt("{:04}_{}", number, name.ptr ? name : S("custom")).ptr };

        if (leaf) {
            empty.dependencies[0][0] = app->label.ptr;
            empty.dependencies[0][1] = leaf->migration->name;
        }
        nu_command_styled(run, NU_STYLE_HEADING, "Migrations for '{}':\n", app->label);
        nu_command_print(run, "  {}\n", nu__migration_file_write(app->app, &empty));
    }
    return 0;
}

static int makemigrations(const nu_command_run *run)
{
    nu_str name = nu_command_text(run, "--name");
    nu__graph *graph = nu__graph_build();
    nu_list *labels = nu_command_list(run, "app_label");
    nu__app_changes *changes;
    size_t n, shown = 0;

    for (size_t i = 0; i < nu_list_len(labels); i++)
        nu__app_get(nu_at(labels, i).s);
    nu__migration_files_check(run);
    if (nu_command_flag(run, "--empty"))
        return write_empty(run, graph, name);
    changes = nu__autodetect(graph, name.ptr, &n);
    for (size_t i = 0; i < n; i++) {
        if (!wanted(run, changes[i].app_label))
            continue;
        shown++;
        if (!nu_command_flag(run, "--check"))
            write_changes(run, &changes[i]);
    }
    if (!shown && !nu_list_len(labels))
        nu_command_print(run, "No changes detected\n");
    else if (!shown)
        nu_command_print(run, "No changes detected in app '{}'\n", nu__join(S("', '"), labels));
    return shown && nu_command_flag(run, "--check");
}

const nu_command nu__makemigrations_command = {
    .name = "makemigrations",
    .help = "Write down how the models have changed, as C files of each app's migrations/.",
    .run = makemigrations,
    .arguments = {
        { "app_label", .optional = true, .repeated = true, .help = "the apps to look at; without any, all" },
        { "--dry-run", .flag = true, .help = "show what would be written; with -v 3 the files" },
        { "--check", .flag = true, .help = "write nothing; exit with 1 when there are changes" },
        { "--empty", .flag = true, .help = "a migration without operations, to be filled in by hand" },
        { "--name", .short_name = "-n", .help = "a name instead of one made from the changes" },
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing (nothing is asked)" },
    },
};
