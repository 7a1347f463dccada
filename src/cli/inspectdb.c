/* inspectdb: the models of a database that is there. */
#include "cli/inspectdb.h"
#include "cli/commands.h"
#include "cli/scaffold.h"
#include "db/connection.h"
#include "loop/loop.h"

#include <string.h>

static void print_models(const nu_command_run *run, const nu__inspection *what)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < nu_list_len(what->unknown); i++)
        nu__buf_fmt(&out, "/* {} */\n", nu_at(what->unknown, i));
    if (!nu_list_len(nu__inspected_apps(what))) {
        nu_command_print(run, "{}", nu__buf_str(&out));
        return;
    }
    nu__buf_lit(&out,
                "/* Read from the database by inspectdb: models.h, then models.c. Rename models "
                "and members as you like,\n   but keep .db_table and .db_column; look at every "
                "note. */\n");
    nu__write_includes(&out, what);
    nu__write_structs(&out, what, NULL);
    nu__buf_char(&out, '\n');
    nu__write_descriptors(&out, what, NULL);
    nu_command_print(run, "{}", nu__buf_str(&out));
}

static bool is_url(nu_str text)
{
    return text.ptr && strstr(text.ptr, "://");
}

/* A database by its address, in a site or without one. */
static const char *alias_of(const nu_command_run *run, nu_str database)
{
    static const nu_database none[] = { { .alias = NULL } };
    nu_str wrong;

    if (!is_url(database)) {
        if (!run->settings)
            nu_raise(NU_USAGE_ERROR,
                     "Give the database by its address: --database sqlite:////path/db.sqlite3, "
                     "postgres://user:password@host/name or mysql://user:password@host/name");
        wrong = nu__command_unknown_alias("--database", database);
        if (wrong.ptr)
            nu_raise(NU_USAGE_ERROR, "{}", wrong);
        return database.ptr;
    }
    if (!run->settings)
        nu__databases_setup(none, 0);
    nu__databases_require_files(true);
    nu__database_add("inspected", database);
    return "inspected";
}

/* Tables of models that Nuages has already are none to write. */
static void check_found(const nu__inspection *what)
{
    if (!nu_list_len(nu__inspected_apps(what)) && (!what->unknown || !nu_list_len(what->unknown)))
        nu_raise(NU_COMMAND_ERROR,
                 "The database has no tables to write models for{}. Is --database the right one, "
                 "and may its user see the tables?",
                 what->views ? "" : " (--include-views takes views too)");
}

static int inspect(void *arg)
{
    const nu_command_run *run = arg;
    nu_str project = nu_command_text(run, "--project"), app = nu_command_text(run, "--app"),
           database = nu_command_text(run, "--database");
    bool adopt = nu_command_flag(run, "--adopt");
    nu__inspection what = { .tables = nu_command_list(run, "table"),
                            .unknown = project.ptr ? NULL : nu_list_new(),
                            .views = nu_command_flag(run, "--include-views"),
                            .partitions = nu_command_flag(run, "--include-partitions"),
                            .managed = nu_command_flag(run, "--managed") || adopt,
                            .app = app.ptr ? app.ptr : "legacy" };

    if (run->settings)
        nu__command_setup(run);
    nu__check_scaffold_name(nu_s(what.app));
    if (adopt && !project.ptr)
        nu_raise(NU_USAGE_ERROR, "--adopt needs --project NAME: it writes a migration into it.");
    what.connection = nu__connection_of(alias_of(run, database));
    nu__inspect(&what);
    check_found(&what);
    if (project.ptr)
        nu__write_project(run, &what, project, is_url(database) ? database : S(""), adopt);
    else
        print_models(run, &what);
    return 0;
}

static int inspect_and_close(void *arg)
{
    const nu_command_run *run = arg;
    int status = 0;
    const nu_error *error = nu_catch(NU_EXCEPTION, status = inspect(arg));

    nu__databases_close();
    return error ? nu__command_failed(run, error) : status;
}

/* It has no site when it is the tool's, so it makes its own loop. */
static int inspectdb(const nu_command_run *run)
{
    return nu__loop_main(inspect_and_close, (void *)run);
}

const nu_command nu__inspectdb_command = {
    .name = "inspectdb",
    .help = "Write down the tables of a database as models in C, or as a whole project.",
    .run = inspectdb, .no_checks = true, .needs = NU_NEEDS_NOTHING,
    .arguments = {
        { "table", .optional = true, .repeated = true, .help = "the tables to look at; without any, all" },
        { "--database", .default_ = "default", .metavar = "ALIAS|URL", .help = "of the site by its alias, or any by its address" },
        { "--include-views", .flag = true, .help = "views too" },
        { "--include-partitions", .flag = true, .help = "partitions of tables too" },
        { "--managed", .flag = true, .help = "migrations look after the tables from now on" },
        { "--app", .metavar = "LABEL", .help = "the app of tables that belong to none of django_migrations (default: legacy)" },
        { "--project", .metavar = "NAME", .help = "make a project in a folder of that name" },
        { "--adopt", .flag = true, .help = "with --project: managed, with a first migration that is marked as applied" },
    },
};
