#include "cli/commands.h"

#include <nuages/version.h>

static int version(const nu_command_run *run)
{
    nu_command_print(run, "{}\n", NU_VERSION);
    return 0;
}

const nu_command nu__version_command = {
    .name = "version",
    .help = "Print the version of Nuages.",
    .run = version,
    .needs = NU_NEEDS_NOTHING,
};
