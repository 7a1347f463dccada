/* collectstatic: gather every app's static files into STATIC_ROOT. */
#include "cli/commands.h"
#include "cli/questions.h"
#include "conf/settings.h"
#include "files/safe_join.h"
#include "staticfiles/collect.h"

#include <dirent.h>
#include <unistd.h>

static void tell(void *self, int64_t verbosity, nu_str line)
{
    if (nu_command_verbosity((const nu_command_run *)self) >= verbosity)
        nu_command_print((const nu_command_run *)self, "{}\n", line);
}

static bool has_entries(nu_str folder)
{
    DIR *dir = opendir(folder.ptr);
    int n = 0;

    while (dir && n < 3 && readdir(dir)) /* "." and ".." are two */
        n++;
    if (dir)
        closedir(dir);
    return n > 2;
}

/* Asked where there is something that could be lost. */
static bool confirmed(const nu_command_run *run, nu_str root)
{
    if (nu_command_flag(run, "--noinput") || !has_entries(root))
        return true;
    return nu__ask_yes_in_full(
        nu_fmt("\n{}You have requested to collect static files at the destination\n"
               "location as specified in your settings:\n\n    {}\n\n{}"
               "Are you sure you want to do this?\n\nType 'yes' to continue, or 'no' to cancel: ",
               nu_command_flag(run, "--dry-run")
                   ? "You have activated the --dry-run option so no files will be modified.\n\n"
                   : "",
               root,
               nu_command_flag(run, "--clear") ? "This will DELETE ALL FILES in this location!\n"
                                               : "This will overwrite existing files!\n"));
}

/* "./css" is "css". */
static nu_list *patterns_normal(const nu_list *patterns)
{
    nu_list *normal = nu_list_new();

    for (size_t i = 0; i < nu_list_len(patterns); i++)
        nu_list_append(normal, nu__path_normalize(nu_at(patterns, i).s));
    return normal;
}

static nu_str absolute_root(void)
{
    nu_str root = nu__settings.static_root;
    char folder[4096];

    if (!root.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "You're using the staticfiles app without having set the STATIC_ROOT setting "
                 "to a filesystem path.");
    if (root.ptr[0] != '/' && getcwd(folder, sizeof folder))
        root = nu_fmt("{}/{}", (const char *)folder, root);
    return nu_fmt("/{}", nu__path_normalize(root));
}

static void tell_counts(const nu_command_run *run, const nu__collected *collected, nu_str root)
{
    nu_command_print(
        run, "\n{} static file{} {} to '{}'{}{}.\n", collected->copied,
        collected->copied == 1 ? "" : "s", nu_command_flag(run, "--link") ? "symlinked" : "copied",
        root, collected->unmodified ? nu_fmt(", {} unmodified", collected->unmodified) : S(""),
        collected->post_processed ? nu_fmt(", {} post-processed", collected->post_processed)
                                  : S(""));
}

static int collectstatic(const nu_command_run *run)
{
    nu_str root = absolute_root();
    nu__collected collected;

    if (!confirmed(run, root))
        nu_raise(NU_COMMAND_ERROR, "Collecting static files cancelled.");
    collected = nu__staticfiles_collect(&(nu__collect_options){
        .root = root,
        .rules = { .ignore = patterns_normal(nu_command_list(run, "--ignore")),
                   .no_defaults = nu_command_flag(run, "--no-default-ignore") },
        .dry = nu_command_flag(run, "--dry-run"),
        .clear = nu_command_flag(run, "--clear"),
        .link = nu_command_flag(run, "--link"),
        .no_post_process = nu_command_flag(run, "--no-post-process"),
        .tell = tell,
        .self = (void *)run });
    tell_counts(run, &collected, root);
    return 0;
}

const nu_command nu__collectstatic_command = {
    .name = "collectstatic", .help = "Collect static files in a single location.",
    .run = collectstatic, .checks = "staticfiles",
    .arguments = {
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing" },
        { "--clear", .short_name = "-c", .flag = true, .help = "empty the folder first" },
        { "--dry-run", .short_name = "-n", .flag = true, .help = "do everything but copy" },
        { "--link", .short_name = "-l", .flag = true, .help = "symbolic links instead of copies" },
        { "--ignore", .short_name = "-i", .metavar = "PATTERN", .repeated = true, .help = "leave out files and folders like this; may be given again" },
        { "--no-default-ignore", .flag = true, .help = "do not leave out CVS, .* and *~" },
        { "--no-post-process", .flag = true, .help = "no names by content" },
    },
};
