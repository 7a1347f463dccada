/* compilemessages: make the .mo files that the running site reads. */
#include "cli/catalogue_folders.h"
#include "cli/commands.h"
#include "files/walk.h"

#include <nuages/errors.h>

#include <sys/stat.h>
#include <unistd.h>

static const char *const domains[] = { "django", "djangojs" };

typedef struct compiling {
    const nu_command_run *run;
    size_t compiled, failed;
} compiling;

static bool is_newer(nu_str mo, nu_str po)
{
    struct stat made, source;

    if (stat(mo.ptr, &made) || stat(po.ptr, &source))
        return false;
    return made.st_mtim.tv_sec != source.st_mtim.tv_sec
               ? made.st_mtim.tv_sec > source.st_mtim.tv_sec
               : made.st_mtim.tv_nsec >= source.st_mtim.tv_nsec;
}

static void compile(compiling *c, nu_str folder, const char *domain)
{
    nu_str po = nu_fmt("{}/{}.po", folder, domain), mo = nu_fmt("{}/{}.mo", folder, domain);
    const nu_error *error;

    if (access(po.ptr, F_OK))
        return;
    if (is_newer(mo, po)) {
        nu_command_print(c->run, "File “{}” is already compiled and up to date.\n", po);
        return;
    }
    nu_command_print(c->run, "processing file {}.po in {}\n", domain, folder);
    error = nu_catch(NU_COMMAND_ERROR,
                     nu__gettext_tool((const char *const[]){
                         "msgfmt", "--check-format",
                         nu_command_flag(c->run, "--use-fuzzy") ? "--use-fuzzy" : "--no-hash",
                         "--output-file", mo.ptr, po.ptr, NULL }));
    if (error) {
        nu_command_styled(c->run, NU_STYLE_ERROR, "{}\n", error->message);
        c->failed++;
        return;
    }
    c->compiled++;
}

static void one_folder(void *self, const nu__catalogue_folder *folder)
{
    compiling *c = self;
    nu_list *locales = nu__locales_of(c->run, folder->path);
    nu__walk_rules rules = { .ignore = nu_command_list(c->run, "--ignore"), .no_defaults = true };

    if (nu__walk_ignores(&rules, folder->path))
        return;
    for (size_t i = 0; i < nu_list_len(locales); i++)
        for (size_t k = 0; k < sizeof domains / sizeof *domains; k++)
            compile(c, nu_fmt("{}/{}/LC_MESSAGES", folder->path, nu_at(locales, i)), domains[k]);
}

static int compilemessages(const nu_command_run *run)
{
    compiling c = { .run = run };

    if (!nu__catalogue_folders(one_folder, &c))
        nu_raise(NU_COMMAND_ERROR, "There is no folder of catalogues: makemessages makes them in "
                                   "an app's folder `locale`.");
    if (c.failed)
        nu_raise(NU_COMMAND_ERROR, "compilemessages generated one or more errors.");
    return 0;
}

const nu_command nu__compilemessages_command = {
    .name = "compilemessages",
    .help = "Compile .po files to .mo files for use with gettext.",
    .run = compilemessages, .no_checks = true,
    .arguments = {
        { "--locale", .short_name = "-l", .metavar = "LOCALE,…", .help = "these languages: de,pt_BR" },
        { "--exclude", .short_name = "-x", .metavar = "LOCALE,…", .help = "all but these" },
        { "--ignore", .short_name = "-i", .metavar = "PATTERN", .repeated = true, .help = "leave out folders like this; may be given again" },
        { "--use-fuzzy", .short_name = "-f", .flag = true, .help = "use fuzzy translations too" },
    },
};
