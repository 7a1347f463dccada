/* startproject and startapp. */
#include "cli/commands.h"
#include "cli/scaffold.h"
#include "cli/text_files.h"
#include "core/suggest.h"
#include "core/text.h"
#include "db/driver.h"
#include "utils/crypto.h"

#include <string.h>

enum { KEY_LENGTH = 50 };

static nu_str folder_of(const nu_command_run *run)
{
    nu_str folder = nu_command_text(run, "directory");

    return folder.ptr ? folder : nu_command_text(run, "name");
}

static void make(const nu_command_run *run, const nu_embedded_file *files, nu_str folder,
                 nu__project_kind kind)
{
    nu_str template_folder = nu_command_text(run, "--template");

    if (template_folder.ptr)
        nu__scaffold_from(template_folder, nu_command_text(run, "name"), folder,
                          nu_command_list(run, "--exclude"));
    else
        nu__scaffold(files, nu_command_text(run, "name"), folder, kind);
}

/* What is this machine's own and no matter of the source goes to .env, which git ignores: a key, so
   that commands run at once, and the database. */
static void write_dotenv(nu_str folder, bool with_key, nu_str database)
{
    nu_str text = S("");

    if (with_key)
        text = nu_fmt("SECRET_KEY={}\n", nu__get_random_string(KEY_LENGTH, NULL));
    if (database.ptr)
        text = nu_fmt("{}DATABASE_URL='{}'\n", text, database);
    if (text.len)
        nu__write_secret_file(nu_fmt("{}/.env", folder), text);
}

/* Before anything is written: what the new site would refuse at its start. */
static const nu__driver *driver_of(nu_str url)
{
    static const char *const schemes[] = { "sqlite", "postgresql", "postgres", "mysql", "mariadb" };
    ptrdiff_t colon = nu__find(url, S("://"));
    nu_str scheme = nu__sub(url, 0, colon > 0 ? (size_t)colon : 0);
    const char *near = nu__suggest(scheme, schemes, sizeof schemes / sizeof *schemes);

    if (!url.ptr)
        return NULL;
    if (colon <= 0)
        nu_raise(NU_COMMAND_ERROR,
                 "--database: '{}' is no database URL; write, say, sqlite:///db.sqlite3 or "
                 "postgresql://user@host/name",
                 url);
    if (!nu__driver_find(scheme))
        nu_raise(NU_COMMAND_ERROR, "--database: '{}' names no database that Nuages knows ({}).{}",
                 scheme, nu__driver_names(), near ? nu_fmt(" Did you mean '{}'?", near) : S(""));
    if (memchr(url.ptr, '\'', url.len) || memchr(url.ptr, '\n', url.len))
        nu_raise(NU_COMMAND_ERROR,
                 "--database: write a quote as %27 and no line breaks: the URL goes into .env");
    return nu__driver_find(scheme);
}

static int startproject(const nu_command_run *run)
{
    bool api = nu_command_flag(run, "--api");
    nu_str folder = folder_of(run);

    const nu__driver *driver = driver_of(nu_command_text(run, "--database"));

    if (api && nu_eq(nu_command_text(run, "name"), "api"))
        nu_raise(NU_COMMAND_ERROR, "the app of --api is named api: choose another name.");
    if (api && nu_command_text(run, "--template").ptr)
        nu_raise(NU_COMMAND_ERROR, "--api and --template exclude each other.");
    make(run, nu__project_files, folder,
         (nu__project_kind){ .api = api, .vendor = driver ? driver->vendor : NULL });
    write_dotenv(folder, !nu_command_text(run, "--template").ptr,
                 nu_command_text(run, "--database"));
    nu_command_print(run, "{} is there. Next:\n    cd {}\n    make run\n", folder, folder);
    return 0;
}

static int startapp(const nu_command_run *run)
{
    nu_str name = nu_command_text(run, "name"), folder = folder_of(run);

    make(run, nu__app_files, folder, (nu__project_kind){ 0 });
    nu_command_print(
        run,
        "{} is there. Next:\n"
        "    meson.build       subdir('{}')                        before executable()\n"
        "    settings.c        #include \"../{}/app.h\"            &{}_app in .installed_apps\n"
        "    urls.c            #include \"../{}/urls.h\"           include(\"{}/\", {}_urls),\n"
        "    make && build/manage makemigrations {} && make && build/manage migrate\n",
        folder, folder, folder, name, folder, name, name, name);
    return 0;
}

const nu_command nu__startproject_command = {
    .name = "startproject", .help = "Make a new project: a folder that builds, migrates and serves.",
    .run = startproject, .needs = NU_NEEDS_NOTHING,
    .arguments = {
        { "name", .help = "of the project; letters, digits, underscores" },
        { "directory", .optional = true, .help = "where; by default a folder of that name" },
        { "--database", .metavar = "URL", .help = "postgresql://user@host/name and its like, written to .env" },
        { "--api", .flag = true, .help = "with an app `api` that answers JSON" },
        { "--template", .metavar = "DIR", .help = "a folder of files to copy, with @NAME@ where the name goes" },
        { "--exclude", .short_name = "-x", .metavar = "FOLDER", .repeated = true, .help = "leave out folders of the template of this name; may be given again" },
    },
};

const nu_command nu__startapp_command = {
    .name = "startapp", .help = "Make a new app: models, views, URLs, templates, migrations.",
    .run = startapp, .needs = NU_NEEDS_NOTHING,
    .arguments = {
        { "name", .help = "of the app; letters, digits, underscores" },
        { "directory", .optional = true, .help = "where; by default a folder of that name" },
        { "--template", .metavar = "DIR", .help = "a folder of files to copy, with @NAME@ where the name goes" },
        { "--exclude", .short_name = "-x", .metavar = "FOLDER", .repeated = true, .help = "leave out folders of the template of this name; may be given again" },
    },
};
