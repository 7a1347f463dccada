#include "cli/migration_files.h"

#include "apps/registry.h"
#include "cli/build_folder.h"
#include "cli/migration_source.h"
#include "cli/text_files.h"
#include "core/text.h"
#include "db/migrations/writer.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const nu_app *nu__labelled_app(nu_str label)
{
    const nu__app_config *app = NULL;
    const nu_error *error = nu_catch(NU_LOOKUP_ERROR, app = nu__app_get(label));

    if (error)
        nu_raise(NU_COMMAND_ERROR, "{}", error->message);
    return app->app;
}

size_t nu__tell_wrong_labels(const nu_list *labels)
{
    size_t n = 0;

    for (size_t i = 0; i < nu_list_len(labels); i++) {
        const nu_error *error = nu_catch(NU_LOOKUP_ERROR, (void)nu__app_get(nu_at(labels, i).s));

        if (error)
            fprintf(stderr, "%s\n", nu_copy(error->message).ptr);
        n += error != NULL;
    }
    return n;
}

nu_str nu__migrations_folder(const nu_app *app)
{
    struct stat info;

    if (!app->path || stat(app->path, &info) || !S_ISDIR(info.st_mode))
        return (nu_str){ NULL, 0 };
    return nu_fmt("{}/migrations", app->path);
}

/* ---- reading the folder ---------------------------------------------------------------------- */

static int is_migration(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return len > 2 && !strcmp(entry->d_name + len - 2, ".c") && strcmp(entry->d_name, "all.c") &&
           !strchr("._~", entry->d_name[0]) && entry->d_type != DT_DIR;
}

nu_list *nu__migration_files(nu_str folder)
{
    nu_list *names = nu_list_new();
    struct dirent **entries;
    int n = scandir(folder.ptr, &entries, is_migration, alphasort);

    if (n < 0 && errno != ENOENT)
        nu_raise(NU_COMMAND_ERROR, "{} could not be read: {}.", folder,
                 (const char *)strerror(errno));
    for (int i = 0; i < n; i++) {
        nu_list_append(names,
                       nu_copy((nu_str){ entries[i]->d_name, strlen(entries[i]->d_name) - 2 }));
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return names;
}

static void check_file_name(nu_str folder, nu_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (strchr("\"\\\n", name.ptr[i]))
            nu_raise(
                NU_COMMAND_ERROR,
                "{}/{}.c: a file whose name has quotes or backslashes cannot be built: give it "
                "letters, digits and _.",
                folder, name);
}

nu_str nu__migration_list(nu_str label, nu_str folder, nu_str way)
{
    nu_list *names = nu__migration_files(folder), *symbols = nu_list_new();

    for (size_t i = 0; i < nu_list_len(names); i++) {
        nu_str name = nu_at(names, i).s;

        check_file_name(folder, name);
        nu_list_append(symbols, nu__migration_source_checked(folder, label, name).symbol);
    }
    return nu__write_all(label, way, names, symbols);
}

/* ---- whether they are what was built --------------------------------------------------------- */

static bool compiled_in(const nu_app *app, nu_str name)
{
    for (const nu_migration *const *m = app->migrations; m && *m; m++)
        if (nu_eq(name, (*m)->name))
            return true;
    return false;
}

/* An all.c of the app's own, which somebody has to write anew. */
static bool is_unlisted(nu_str folder, nu_str name)
{
    nu_str list = nu_fmt("{}/all.c", folder);

    return !access(list.ptr, R_OK) &&
           nu__find(nu__read_text_file(list), nu_fmt("\"{}.c\"", name)) < 0;
}

static NU_NORETURN void not_built(const nu_command_run *run, const nu__app_config *app,
                                  nu_str folder, nu_str name)
{
    nu__migration_source_checked(folder, app->label, name);
    if (is_unlisted(folder, name))
        nu_raise(NU_COMMAND_ERROR,
                 "{}/{}.c is not in {}/all.c, which says what is built. Write that anew: {} "
                 "collectmigrations {} {} --output {}/all.c; build again, then migrate.",
                 folder, name, folder, run->program, app->label, folder, folder);
    nu_raise(NU_COMMAND_ERROR, "{}/{}.c is newer than {}: build it again, then migrate.", folder,
             name, run->program);
}

static bool is_later(const struct stat *a, const struct stat *b)
{
    if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
        return a->st_mtim.tv_sec > b->st_mtim.tv_sec;
    return a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

static void check_edited(const nu_command_run *run, nu_str path)
{
    struct stat source, built;
    char program[PATH_MAX];

    if (stat(path.ptr, &source) || !nu__program_find(program) || stat(program, &built) ||
        !is_later(&source, &built))
        return;
    nu_raise(NU_COMMAND_ERROR,
             "{} was edited after {} was built: build it again, then migrate. What is in a "
             "database already does not change with the file.",
             path, run->program);
}

static void check_removed(const nu_command_run *run, const nu__app_config *app, nu_str folder)
{
    for (const nu_migration *const *m = app->app->migrations; m && *m; m++)
        if (access(nu_fmt("{}/{}.c", folder, (*m)->name).ptr, F_OK))
            nu_raise(NU_COMMAND_ERROR,
                     "{}/{}.c is gone, but {} still has the migration: build it again, or take the "
                     "file back.",
                     folder, (*m)->name, run->program);
}

static void check_app(const nu_command_run *run, const nu__app_config *app)
{
    nu_str folder = nu__migrations_folder(app->app);
    nu_list *names;

    if (!folder.ptr || access(folder.ptr, R_OK))
        return;
    names = nu__migration_files(folder);
    for (size_t i = 0; i < nu_list_len(names); i++) {
        nu_str name = nu_at(names, i).s;

        if (!compiled_in(app->app, name))
            not_built(run, app, folder, name);
        check_edited(run, nu_fmt("{}/{}.c", folder, name));
    }
    check_removed(run, app, folder);
}

void nu__migration_files_check(const nu_command_run *run)
{
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t a = 0; a < n; a++)
        check_app(run, &apps[a]);
}

/* ---- writing --------------------------------------------------------------------------------- */

nu_str nu__migration_file_path(const nu_app *app, const char *name)
{
    nu_str folder = nu__migrations_folder(app);

    if (!folder.ptr)
        nu_raise(NU_COMMAND_ERROR,
                 "The source of the app {} is not at hand: give it .path, the app's folder.",
                 app->name);
    return nu_fmt("{}/{}.c", folder, name);
}

/* The build makes the list; an app that is built without it keeps one of its own. */
static void write_list(const nu_app *app, const char *label)
{
    nu_str folder = nu__migrations_folder(app), list = nu_fmt("{}/all.c", folder);

    if (!access(list.ptr, F_OK))
        nu__write_text_file(list, nu__migration_list(nu_s(label), folder, S("")));
}

nu_str nu__migration_file_remove(const nu_app *app, const nu_migration *migration)
{
    nu_str path = nu__migration_file_path(app, migration->name);

    if (unlink(path.ptr))
        nu_raise(NU_COMMAND_ERROR, "{} could not be removed: {}.", path,
                 (const char *)strerror(errno));
    write_list(app, migration->app_label);
    return path;
}

nu_str nu__migration_file_write(const nu_app *app, const nu_migration *migration,
                                const char *command)
{
    nu_str path = nu__migration_file_path(app, migration->name);

    nu__make_folders_for(path);
    nu__write_text_file(path, nu__write_migration(migration, command));
    write_list(app, migration->app_label);
    return path;
}

/* ---- what a database knows ------------------------------------------------------------------- */

static bool is_replaced_by_any(const nu__graph *graph, const nu__applied *applied)
{
    for (size_t i = 0; i < graph->n; i++) {
        const char *const(*replaces)[2] = graph->nodes[i].migration->replaces;

        for (; replaces && (*replaces)[0]; replaces++)
            if (nu_eq(applied->app, (*replaces)[0]) && nu_eq(applied->name, (*replaces)[1]))
                return true;
    }
    return false;
}

/* Applied, unknown here, and with a higher number than the last that is known. */
static bool is_newer(const nu__graph *graph, const nu__applied *applied)
{
    nu__node *leaf = nu__graph_leaf(graph, applied->app);

    return leaf && !nu__graph_find(graph, applied->app, applied->name) &&
           !is_replaced_by_any(graph, applied) &&
           nu__migration_number(applied->name.ptr) > nu__migration_number(leaf->migration->name);
}

void nu__history_check(const nu_command_run *run, const nu__graph *graph,
                       const nu__history *history, const char *alias)
{
    for (size_t i = 0; i < history->n; i++)
        if (is_newer(graph, &history->items[i]))
            nu_raise(NU_COMMAND_ERROR,
                     "The database '{}' is newer than {}: it has the migration {}.{}, which is not "
                     "in this executable. Run the one that made it; or, if that migration is to be "
                     "forgotten, '{} migrate {} --prune'.",
                     alias, run->program, history->items[i].app, history->items[i].name,
                     run->program, history->items[i].app);
}
