/* nuages inspectdb --project: a site over a database that is there. */
#include "cli/inspectdb.h"
#include "cli/scaffold.h"
#include "cli/text_files.h"
#include "core/text.h"
#include "db/migrations/autodetector.h"
#include "db/migrations/recorder.h"
#include "db/migrations/references.h"
#include "db/migrations/writer.h"

#include <nuages/transaction.h>
#include <string.h>

static void write(nu_str folder, const char *name, nu_str text)
{
    nu_str path = nu_fmt("{}/{}", folder, name);

    nu__make_folders_for(path);
    nu__write_text_file(path, text);
}

/* ---- an app -------------------------------------------------------------------------------- */

/* All structs of the project in one header: tables refer to each other in circles. */
static nu_str all_structs(const nu__inspection *what)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out,
                "/* Read from the database by inspectdb. Rename models and members as you like, "
                "but keep .db_table and\n   .db_column; look at every note in models.c. */\n"
                "#pragma once\n");
    nu__write_includes(&out, what);
    nu__buf_lit(&out, "/* clang-format off */\n");
    nu__write_structs(&out, what, NULL);
    nu__buf_lit(&out, "/* clang-format on */\n");
    return nu__buf_str(&out);
}

static nu_str models_of(const nu__inspection *what, nu_str app)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out, "#include \"../models.h\"\n\n/* clang-format off */");
    nu__write_descriptors(&out, what, app.ptr);
    nu__buf_lit(&out, "/* clang-format on */\n");
    return nu__buf_str(&out);
}

static nu_str app_of(const nu__inspection *what, nu_str app)
{
    nu__buf out = { 0 };

    nu__buf_fmt(&out,
                "#include \"app.h\"\n\n#include \"../models.h\"\n\n"
                "extern const nu_migration *const {}_migrations[];\n\n"
                "const nu_app {}_app = {{\n    .name = \"{}\",\n    .path = {}_PATH,\n"
                "    .models = {{",
                app, app, app, nu_upper(app));
    nu__write_model_list(&out, what, app.ptr);
    nu__buf_fmt(&out, " }},\n    .migrations = {}_migrations,\n}};\n", app);
    return nu__buf_str(&out);
}

/* ---- --adopt ------------------------------------------------------------------------------- */

static nu__project_state *state_of(const nu__inspection *what)
{
    nu__project_state *state = nu__state_new("auth.User");

    for (size_t i = 0; i < what->n; i++)
        if (!what->items[i].contrib && what->items[i].n_fields)
            nu__state_add(state, what->items[i].model->app_label, what->items[i].model);
    return state;
}

static int64_t last_number(const nu__history *history, const char *app)
{
    int64_t last = 0;

    for (size_t i = 0; i < history->n; i++)
        if (nu_eq(history->items[i].app, app)) {
            int64_t number = nu__migration_number(history->items[i].name.ptr);

            last = number > last ? number : last;
        }
    return last;
}

/* Over what Django has recorded, or the first. */
static void name_adopted(nu__new_migration *made, size_t n, const nu__history *history)
{
    for (size_t i = 0; i < n; i++) {
        const char *old = made[i].migration.name;
        int64_t last = last_number(history, made[i].app_label);
        bool second = i && !strcmp(made[i - 1].app_label, made[i].app_label);

        made[i].migration.name = nu_fmt("{:04}_adopted", last + 1 + second).ptr;
        for (size_t k = 0; k < n; k++)
            for (size_t d = 0; d < 16 && made[k].migration.dependencies[d][0]; d++)
                if (!strcmp(made[k].migration.dependencies[d][0], made[i].app_label) &&
                    !strcmp(made[k].migration.dependencies[d][1], old))
                    made[k].migration.dependencies[d][1] = made[i].migration.name;
    }
}

static nu__new_migration *adopted_migrations(const nu__inspection *what, const nu__history *history,
                                             size_t *n)
{
    nu__detection detection = { .from = nu__state_new("auth.User"),
                                .to = state_of(what),
                                .graph = nu_alloc(nu__graph) };
    nu__new_migration *made = nu__autodetect(&detection, n);

    name_adopted(made, *n, history);
    return made;
}

static void write_migrations(nu_str folder, nu_str app, const nu__new_migration *made, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const nu_migration *migration = &made[i].migration;

        if (!nu_eq(app, migration->app_label))
            continue;
        write(folder, nu_fmt("{}/migrations/{}.c", app, migration->name).ptr,
              nu__write_migration(migration, "inspectdb --adopt"));
    }
}

/* ---- the project --------------------------------------------------------------------------- */

/* A line more above another one of a file that the scaffold has made. */
static void edit(nu_str folder, const char *name, const char *before, nu_str line)
{
    nu_str path = nu_fmt("{}/{}", folder, name), text = nu__read_text_file(path);

    nu__write_text_file(path, nu__replace(text, nu_s(before), nu_fmt("{}{}", line, before)));
}

static void write_app(const nu__inspection *what, nu_str project, nu_str app)
{
    nu_str folder = nu_fmt("{}/{}", project, app);

    write(folder, "app.h",
          nu_fmt("#pragma once\n#include <nuages/nuages.h>\n\nextern const nu_app {}_app;\n", app));
    write(folder, "app.c", app_of(what, app));
    write(folder, "models.c", models_of(what, app));
    write(folder, "meson.build",
          nu_fmt("add_project_arguments('-D{}_PATH=\"' + meson.current_source_dir() + '\"', "
                 "language: 'c')\nsources += files('app.c', 'models.c')\n"
                 "# The files of migrations/, whichever there are.\n"
                 "sources += custom_target('{}-migrations', output: '{}_migrations.c', capture: "
                 "true, build_always_stale: true,\n  command: [find_program('nuages'), "
                 "'collectmigrations', '{}', meson.current_source_dir() / 'migrations'])\n",
                 nu_upper(app), app, app, app));
}

static void wire_app(nu_str project, nu_str name, nu_str app)
{
    nu_str settings = nu_fmt("{}/settings.c", name);

    edit(project, "meson.build", "\nexecutable(", nu_fmt("subdir('{}')\n", app));
    edit(project, settings.ptr, "#include \"urls.h\"", nu_fmt("#include \"../{}/app.h\"\n", app));
    edit(project, settings.ptr, " },\n    .middleware", nu_fmt(", &{}_app", app));
}

static void write_files(const nu__inspection *what, nu_str name, const nu_list *apps)
{
    nu__scaffold(nu__project_files, name, name,
                 (nu__project_kind){ .vendor = what->connection->database->driver->vendor });
    write(name, "models.h", all_structs(what));
    for (size_t i = 0; i < nu_list_len(apps); i++) {
        write_app(what, name, nu_at(apps, i).s);
        wire_app(name, name, nu_at(apps, i).s);
    }
}

/* The database first, so that a right that is missing leaves no folder behind; and its rows go
   again when the folder cannot be written. */
static void write_adopted(const nu__inspection *what, nu_str name, const nu_list *apps)
{
    nu__history history = nu__recorder_history(what->connection);
    size_t n;
    nu__new_migration *made = adopted_migrations(what, &history, &n);

    nu__recorder_ensure(what->connection);
    nu_atomic_scope(.using = what->connection->alias);
    for (size_t i = 0; i < n; i++)
        if (!nu__history_has(&history, made[i].app_label, made[i].migration.name))
            nu__recorder_add(what->connection, &made[i].migration);
    write_files(what, name, apps);
    for (size_t i = 0; i < nu_list_len(apps); i++)
        write_migrations(name, nu_at(apps, i).s, made, n);
}

static int64_t models_written(const nu__inspection *what)
{
    int64_t n = 0;

    for (size_t i = 0; i < what->n; i++)
        n += !what->items[i].contrib && what->items[i].n_fields;
    return n;
}

void nu__write_project(const nu_command_run *run, const nu__inspection *what, nu_str name,
                       nu_str url, bool adopting)
{
    nu_list *apps = nu__inspected_apps(what);
    int64_t n = models_written(what);

    nu__check_scaffold_name(name);
    for (size_t i = 0; i < nu_list_len(apps); i++)
        if (nu_eq(nu_at(apps, i).s, name))
            nu_raise(NU_COMMAND_ERROR,
                     "An app of the database is called {}: give the project another name.", name);
    if (adopting)
        write_adopted(what, name, apps);
    else
        write_files(what, name, apps);
    nu_command_print(run,
                     "{} is there, with {} model{} in {}. Next:\n    cd {}\n    make\n"
                     "    export DATABASE_URL='{}' DEBUG=1\n    build/manage check\n{}",
                     name, n, n == 1 ? "" : "s", nu__join(S(", "), apps), name, url,
                     adopting ? "    build/manage makemigrations --check\n"
                              : "    build/manage makemigrations && make && build/manage migrate "
                                "--fake-initial\n");
}
