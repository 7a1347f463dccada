/* collectstatic: gather every app's static files into STATIC_ROOT. */
#include "cli/commands.h"
#include "conf/settings.h"
#include "staticfiles/collect.h"

static void tell(void *self, nu_str from, nu_str to)
{
    if (nu_command_verbosity((const nu_command_run *)self) > 1)
        nu_command_print((const nu_command_run *)self, "Copying '{}' to '{}'\n", from, to);
}

static int collectstatic(const nu_command_run *run)
{
    nu__collected collected;
    bool dry = nu_command_flag(run, "--dry-run");

    if (!nu__settings.static_root.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "You're using the staticfiles app without having set the STATIC_ROOT setting "
                 "to a filesystem path.");
    collected = nu__staticfiles_collect(nu__settings.static_root, dry,
                                        nu_command_flag(run, "--clear"), tell, (void *)run);
    nu_command_styled(
        run, NU_STYLE_SUCCESS, "\n{} static file{} {}copied to '{}'{}.\n", collected.copied,
        collected.copied == 1 ? "" : "s", dry ? "would be " : "", nu__settings.static_root,
        collected.unmodified ? nu_fmt(", {} unmodified", collected.unmodified) : S(""));
    return 0;
}

const nu_command nu__collectstatic_command = {
    .name = "collectstatic", .help = "Collect static files in a single location.",
    .run = collectstatic,
    .arguments = {
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing (nothing is asked)" },
        { "--clear", .short_name = "-c", .flag = true, .help = "empty the folder first" },
        { "--dry-run", .short_name = "-n", .flag = true, .help = "do everything but copy" },
    },
};
