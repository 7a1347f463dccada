/* collectmigrations: the C file that takes in all of a folder's migrations, for the build. */
#include "cli/commands.h"
#include "cli/migration_files.h"
#include "cli/text_files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static nu_str real_path(nu_str path)
{
    char real[PATH_MAX];

    return realpath(path.ptr, real) ? nu_copy(nu_s(real)) : (nu_str){ NULL, 0 };
}

static nu_str folder_of(nu_str path)
{
    const char *slash = strrchr(path.ptr, '/');

    if (!slash)
        return S(".");
    return slash == path.ptr ? S("/") : nu_copy((nu_str){ path.ptr, (size_t)(slash - path.ptr) });
}

/* What stands before the files' names: nothing for a list among them, so that the tree may be
   moved. */
static nu_str way_to(nu_str folder, nu_str output)
{
    nu_str real = real_path(folder);

    if (!real.ptr || (output.ptr && nu_eq_(real_path(folder_of(output)), real)))
        return S("");
    return nu_fmt("{}/", real);
}

static bool is_written(nu_str path, nu_str text)
{
    return !access(path.ptr, R_OK) && nu_eq_(nu__read_text_file(path), text);
}

static int collectmigrations(const nu_command_run *run)
{
    nu_str label = nu_command_text(run, "app_label"), folder = nu_command_text(run, "folder"),
           output = nu_command_text(run, "--output");
    nu_str text = nu__migration_list(label, folder, way_to(folder, output));

    if (!output.ptr && fputs(text.ptr, stdout) < 0)
        nu_raise(NU_COMMAND_ERROR, "the list could not be written: {}",
                 (const char *)strerror(errno));
    if (output.ptr && !is_written(output, text)) /* what is unchanged is not built again */
        nu__write_text_file(output, text);
    return 0;
}

const nu_command nu__collectmigrations_command = {
    .name = "collectmigrations",
    .help = "Print the C file that takes in all migrations of a folder; the build runs it.",
    .run = collectmigrations, .needs = NU_NEEDS_NOTHING,
    .arguments = {
        { "app_label", .help = "the app" },
        { "folder", .help = "its migrations/; where there is none, there are none" },
        { "--output", .short_name = "-o", .metavar = "FILE", .help = "where to write it, unless it says the same; by default it is printed" },
    },
};
