#include "cli/migration_files.h"

#include "apps/registry.h"
#include "cli/text_files.h"
#include "db/migrations/writer.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
           entry->d_name[0] != '.';
}

nu_list *nu__migration_files(nu_str folder)
{
    nu_list *names = nu_list_new();
    struct dirent **entries;
    int n = scandir(folder.ptr, &entries, is_migration, alphasort);

    for (int i = 0; i < n; i++) {
        nu_list_append(names,
                       nu_copy((nu_str){ entries[i]->d_name, strlen(entries[i]->d_name) - 2 }));
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return names;
}

static bool compiled_in(const nu_app *app, nu_str name)
{
    for (const nu_migration *const *m = app->migrations; m && *m; m++)
        if (nu_eq(name, (*m)->name))
            return true;
    return false;
}

void nu__migration_files_check(const nu_command_run *run)
{
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t a = 0; a < n; a++) {
        nu_str folder = nu__migrations_folder(apps[a].app);
        nu_list *names = folder.ptr ? nu__migration_files(folder) : nu_list_new();

        for (size_t i = 0; i < nu_list_len(names); i++)
            if (!compiled_in(apps[a].app, nu_at(names, i).s))
                nu_raise(NU_COMMAND_ERROR,
                         "{}/{}.c is newer than {}: build it again, then migrate.", folder,
                         nu_at(names, i), run->program);
    }
}

/* ---- writing --------------------------------------------------------------------------------- */

nu_str nu__migration_file_write(const nu_app *app, const nu_migration *migration)
{
    nu_str folder = nu__migrations_folder(app), path;

    if (!folder.ptr)
        nu_raise(NU_COMMAND_ERROR,
                 "The source of the app {} is not at hand: give it .path, the app's folder.",
                 app->name);
    path = nu_fmt("{}/{}.c", folder, migration->name);
    nu__make_folders_for(path);
    nu__write_text_file(path, nu__write_migration(migration));
    nu__write_text_file(nu_fmt("{}/all.c", folder),
                        nu__write_all(nu_s(migration->app_label), nu__migration_files(folder)));
    return path;
}
