/* makemigrations: write down how the models have changed. */
#include "cli/makemigrations.h"
#include "apps/registry.h"
#include "cli/commands.h"
#include "cli/migration_files.h"
#include "cli/questions.h"
#include "core/text.h"
#include "db/migrations/linter.h"
#include "db/migrations/operations.h"
#include "db/migrations/recorder.h"
#include "db/migrations/writer.h"

#include <ctype.h>
#include <string.h>

enum { GAVE_UP = 3 }; /* Django's status where a question finds no answer */

/* ---- what is said and written -------------------------------------------------------------- */

static void print_operations(const nu_command_run *run, const nu_operation *op)
{
    for (; op->kind; op++)
        nu_command_print(run, "    {}\n", nu__operation_signed(op));
}

const char *nu__migration_header(const nu_command_run *run, const char *command)
{
    return nu_command_flag(run, "--no-header") ? NULL : command;
}

static void print_file(const nu_command_run *run, const nu_migration *migration)
{
    if (nu_command_verbosity(run) >= 3)
        nu_command_print(
            run, "Full migrations file '{}.c':\n{}", migration->name,
            nu__write_migration(migration, nu__migration_header(run, "makemigrations")));
}

static bool is_dry(const nu_command_run *run)
{
    return nu_command_flag(run, "--dry-run") || nu_command_flag(run, "--check");
}

static void write_migration(const nu_command_run *run, const nu_migration *migration)
{
    const nu_app *app = nu__app_get(nu_s(migration->app_label))->app;
    nu_str path = nu__migration_file_path(app, migration->name);

    nu_command_styled(run, NU_STYLE_LABEL, "  {}\n", path);
    print_operations(run, migration->operations);
    nu__command_tell_path(run, path);
    if (!is_dry(run))
        nu__migration_file_write(app, migration, nu__migration_header(run, "makemigrations"));
    else
        print_file(run, migration);
}

static void write_all(const nu_command_run *run, const nu__new_migration *made, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!i || strcmp(made[i - 1].app_label, made[i].app_label))
            nu_command_styled(run, NU_STYLE_HEADING, "Migrations for '{}':\n", made[i].app_label);
        write_migration(run, &made[i].migration);
    }
}

static void warn_of_dangers(const nu_command_run *run, const nu__detection *what,
                            const nu__new_migration *made, size_t n)
{
    nu__project_state *state = nu__state_copy(what->from);
    nu_dict *tables = nu_dict_new();

    for (size_t i = 0; i < n; i++) {
        nu_list *dangers = nu__lint_migration(&made[i].migration, state, tables);

        for (size_t k = 0; k < nu_list_len(dangers); k++)
            nu_command_styled(run, NU_STYLE_WARNING, "{}\n",
                              nu__danger_text(nu_at(dangers, k).dict));
    }
}

/* ---- --empty ------------------------------------------------------------------------------- */

static int write_empty(const nu_command_run *run, nu__graph *graph, nu_str name)
{
    static const nu_operation none[] = { { 0 } };
    nu_list *labels = nu_command_list(run, "app_label");

    if (!nu_list_len(labels))
        nu_raise(NU_COMMAND_ERROR, "You must supply at least one app label when using --empty.");
    for (size_t i = 0; i < nu_list_len(labels); i++) {
        const nu__app_config *app = nu__app_get(nu_at(labels, i).s);
        nu__node *leaf = nu__graph_leaf(graph, app->label);
        int64_t number = leaf ? nu__migration_number(leaf->migration->name) + 1 : 1;
        nu_str words = name.ptr ? name : leaf ? nu__migration_words(none, false) : S("initial");
        nu_migration empty = { .app_label = app->label.ptr,
                               .operations = none,
                               .initial = !leaf,
                               .name = nu_fmt("{:04}_{}", number, words).ptr };

        if (leaf) {
            empty.dependencies[0][0] = app->label.ptr;
            empty.dependencies[0][1] = leaf->migration->name;
        }
        nu_command_styled(run, NU_STYLE_HEADING, "Migrations for '{}':\n", app->label);
        write_migration(run, &empty);
    }
    return 0;
}

/* ---- the command --------------------------------------------------------------------------- */

void nu__check_migration_name(nu_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.ptr[i]) && name.ptr[i] != '_')
            nu_raise(NU_COMMAND_ERROR,
                     "The migration name must be a valid C identifier: letters, digits and _.");
}

/* An empty one is none. */
static nu_str given_name(const nu_command_run *run)
{
    nu_str name = nu_command_text(run, "--name");

    nu__check_migration_name(name);
    return name.len ? name : (nu_str){ NULL, 0 };
}

/* A database that cannot be reached does not keep migrations from being made. */
static nu__history check_history(const nu_command_run *run)
{
    nu__connection *connection = nu__connection_of(NULL);
    nu__history history = { 0 };
    nu__graph *graph;
    const nu_error *error =
        nu_catch(NU_DATABASE_ERROR_BASE, history = nu__recorder_history(connection));

    if (error) {
        nu_command_styled(run, NU_STYLE_WARNING,
                          "Got an error checking a consistent migration history performed for "
                          "database connection 'default': {}\n",
                          error->message);
        return history;
    }
    graph = nu__graph_build(&history);
    nu__graph_check_consistent(graph, "default");
    return history;
}

/* The files that updated migrations take the place of. */
static void remove_former(const nu_command_run *run, const nu__graph *graph,
                          const nu__new_migration *made, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        nu_str label = nu_s(made[i].app_label);
        nu_str path = nu__migration_file_remove(nu__app_get(label)->app,
                                                nu__graph_leaf(graph, label)->migration);

        nu_command_print(run, "Deleted {}\n", path);
    }
}

static void tell_nothing(const nu_command_run *run, const nu_list *labels)
{
    if (!nu_list_len(labels))
        nu_command_print(run, "No changes detected\n");
    else
        nu_command_print(run, "No changes detected in app{} '{}'\n",
                         nu_list_len(labels) == 1 ? "" : "s", nu__join(S("', '"), labels));
}

static void update(const nu_command_run *run, const nu__graph *graph, const nu__history *history,
                   nu__new_migration *made, size_t n)
{
    n = nu__update_last_migrations(graph, history, made, n, given_name(run).ptr);
    write_all(run, made, n);
    if (!is_dry(run))
        remove_former(run, graph, made, n);
}

/* What has changed; NULL when the questioner gave up, which is told. */
static nu__new_migration *detect(const nu_command_run *run, const nu__detection *what, size_t *n)
{
    nu__new_migration *made = NULL;
    const nu_error *error = nu_catch(NU_COMMAND_ERROR, made = nu__autodetect(what, n));

    if (error && !nu__questioner_gave_up(what->questioner))
        nu_raise_(error->klass, error->file, error->line, "{}", NU_ARGS(error->message));
    if (error)
        nu_command_print(run, "{}\n", error->message);
    return made;
}

static int make(const nu_command_run *run, nu__graph *graph, const nu__history *history,
                nu_list *labels, nu_str name)
{
    nu__detection what = nu__detection_of_site(graph);
    nu__new_migration *made;
    size_t n = 0;

    what.questioner = nu__command_questioner(run, what.to);
    what.name = name.ptr;
    what.apps = labels;
    made = detect(run, &what, &n);
    if (!made)
        return GAVE_UP;
    nu__questioner_check_hints(what.questioner);
    if (!n)
        tell_nothing(run, labels);
    if (!nu_command_flag(run, "--update"))
        write_all(run, made, n);
    warn_of_dangers(run, &what, made, n);
    if (nu_command_flag(run, "--update"))
        update(run, graph, history, made, n);
    return n && nu_command_flag(run, "--check");
}

static int makemigrations(const nu_command_run *run)
{
    nu_str name = given_name(run);
    nu_list *labels = nu_command_list(run, "app_label");
    nu__history history;
    nu__graph *graph;

    if (nu__tell_wrong_labels(labels))
        return 2;
    nu__migration_files_check(run);
    graph = nu__graph_build(NULL);
    history = check_history(run);
    if (nu_command_flag(run, "--merge"))
        return nu__merge_migrations(run, graph, labels, name);
    nu__graph_check_conflicts(graph, labels);
    if (nu_command_flag(run, "--empty"))
        return write_empty(run, graph, name);
    return make(run, graph, &history, labels, name);
}

const nu_command nu__makemigrations_command = {
    .name = "makemigrations",
    .help = "Write down how the models have changed, as C files of each app's migrations/.",
    .run = makemigrations,
    .arguments = {
        { "app_label", .optional = true, .repeated = true, .help = "the apps to look at; without any, all that have migrations" },
        { "--dry-run", .flag = true, .help = "show what would be written; with -v 3 the files" },
        { "--check", .flag = true, .help = "write nothing; exit with 1 when there are changes" },
        { "--merge", .flag = true, .help = "join the branches of an app's migrations" },
        { "--empty", .flag = true, .help = "a migration without operations, to be filled in by hand" },
        { "--name", .short_name = "-n", .help = "a name instead of one made from the changes" },
        { "--no-header", .flag = true, .help = "no line in the files that tells who wrote them" },
        { "--scriptable", .flag = true, .help = "only the paths of the files on standard output, all else on standard error" },
        { "--update", .flag = true, .help = "put the changes into the last migration, and make it shorter" },
        { "--rename", .repeated = true, .metavar = "APP.Model[.field]=NEW", .help = "what was renamed, instead of a question; may be given again" },
        { "--default", .repeated = true, .metavar = "APP.Model.field=VALUE", .help = "what the rows that are there get, instead of a question; may be given again" },
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing" },
    },
};
