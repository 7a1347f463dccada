/* collectstatic: gather every app's static files into STATIC_ROOT. */
#include "cli/commands.h"
#include "conf/settings.h"
#include "staticfiles/collect.h"

static void tell(void *self, nu_str from, nu_str to)
{
    if (nu_command_verbosity((const nu_command_run *)self) > 1)
        nu_command_print((const nu_command_run *)self, "{} '{}' to '{}'\n",
                         nu_command_flag(self, "--link") ? "Linking" : "Copying", from, to);
}

static int collectstatic(const nu_command_run *run)
{
    nu__collected collected;
    bool dry = nu_command_flag(run, "--dry-run"), link = nu_command_flag(run, "--link");

    if (!nu__settings.static_root.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "You're using the staticfiles app without having set the STATIC_ROOT setting "
                 "to a filesystem path.");
    collected = nu__staticfiles_collect(&(nu__collect_options){
        .root = nu__settings.static_root,
        .rules = { .ignore = nu_command_list(run, "--ignore"),
                   .no_defaults = nu_command_flag(run, "--no-default-ignore") },
        .dry = dry,
        .clear = nu_command_flag(run, "--clear"),
        .link = link,
        .no_post_process = nu_command_flag(run, "--no-post-process"),
        .tell = tell,
        .self = (void *)run });
    nu_command_styled(run, NU_STYLE_SUCCESS, "\n{} static file{} {}{} to '{}'{}.\n",
                      collected.copied, collected.copied == 1 ? "" : "s", dry ? "would be " : "",
                      link ? "symlinked" : "copied", nu__settings.static_root,
                      collected.unmodified ? nu_fmt(", {} unmodified", collected.unmodified)
                                           : S(""));
    return 0;
}

const nu_command nu__collectstatic_command = {
    .name = "collectstatic", .help = "Collect static files in a single location.",
    .run = collectstatic, .checks = "staticfiles",
    .arguments = {
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing (nothing is asked)" },
        { "--clear", .short_name = "-c", .flag = true, .help = "empty the folder first" },
        { "--dry-run", .short_name = "-n", .flag = true, .help = "do everything but copy" },
        { "--link", .short_name = "-l", .flag = true, .help = "symbolic links instead of copies" },
        { "--ignore", .short_name = "-i", .metavar = "PATTERN", .repeated = true, .help = "leave out files and folders like this; may be given again" },
        { "--no-default-ignore", .flag = true, .help = "do not leave out CVS, .* and *~" },
        { "--no-post-process", .flag = true, .help = "no names by content" },
    },
};
