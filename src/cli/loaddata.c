/* loaddata: rows from fixtures. */
#include "cli/commands.h"
#include "cli/excluded.h"
#include "serializers/serializer.h"

#include <stdio.h>

static void tell(void *self, nu__tell what, nu_str text)
{
    if (what == NU__TELL_WARNING) /* at any verbosity, as Python's warnings */
        fprintf(stderr, "%s\n", text.ptr);
    else if (nu_command_verbosity(self) >= (int64_t)what)
        printf("%s%s", text.ptr, what == NU__TELL_PROGRESS ? "" : "\n");
}

static int loaddata(const nu_command_run *run)
{
    nu__fixture_counts counts;

    nu__excluded_check(nu_command_list(run, "--exclude"));
    counts = nu__fixtures_load(&(const nu__fixture_options){
        .labels = nu_command_list(run, "fixture"),
        .exclude = nu_command_list(run, "--exclude"),
        .using = nu_command_text(run, "--database").ptr,
        .app = nu_command_text(run, "--app"),
        .format = nu_command_text(run, "--format"),
        .ignore_unknown = nu_command_flag(run, "--ignorenonexistent"),
        .tell = tell,
        .tell_each = nu_command_verbosity(run) >= NU__TELL_PROGRESS,
        .self = (void *)run,
    });

    nu_command_print(run, "Installed {} object(s){} from {} fixture(s)\n", counts.loaded,
                     counts.found == counts.loaded ? S("") : nu_fmt(" (of {})", counts.found),
                     counts.files);
    return 0;
}

const nu_command nu__loaddata_command = {
    .name = "loaddata", .help = "Install the named fixture(s) in the database.",
    .run = loaddata,
    .arguments = {
        { "fixture", .repeated = true, .help = "names or paths; - is standard input, with --format" },
        { "--database", .database = true, .default_ = "default", .help = "the database by its alias" },
        { "--app", .metavar = "APP_LABEL", .help = "only look for fixtures of this app" },
        { "--ignorenonexistent", .short_name = "-i", .flag = true, .help = "leave out fields and models that are not there any more" },
        { "--exclude", .short_name = "-e", .metavar = "app_label[.ModelName]", .repeated = true, .help = "an app or app.Model to leave out; may be given again" },
        { "--format", .help = "of standard input" },
    },
};
