/* What commands print: colours on a terminal only. */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const escapes[] = {
    [NU_STYLE_PLAIN] = "",
    [NU_STYLE_SUCCESS] = "\033[32;1m",
    [NU_STYLE_WARNING] = "\033[33;1m",
    [NU_STYLE_ERROR] = "\033[31;1m",
    [NU_STYLE_HEADING] = "\033[36;1m",
    [NU_STYLE_LABEL] = "\033[1m",
};

bool nu__colour(int fd)
{
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(fd) && !(none && *none) && term && nu_eq(nu_s(term), "dumb") == false;
}

bool nu__run_colour(const nu_command_run *run, int fd)
{
    return run->force_color || (!run->no_color && nu__colour(fd));
}

nu_str nu__styled(nu_style style, nu_str text, bool colour)
{
    return colour && style != NU_STYLE_PLAIN ? nu_fmt("{}{}\033[0m", escapes[style], text) : text;
}

void nu_command_print_(const nu_command_run *run, nu_style style, const char *format,
                       nu_values args)
{
    FILE *out = run->scriptable ? stderr : stdout;
    nu_str text = nu__styled(style, nu_fmt_(format, args), nu__run_colour(run, fileno(out)));

    if (run->verbosity < 1)
        return;
    fwrite(text.ptr, 1, text.len, out);
    fflush(out);
}

void nu__command_tell_path(const nu_command_run *run, nu_str path)
{
    if (run->scriptable && run->verbosity >= 1)
        puts(path.ptr);
}
