/* The bar of long commands. */
#include "cli/columns.h"
#include "cli/command.h"
#include "cli/shell/width.h"

#include <nuages/timezone.h>
#include <stdio.h>
#include <unistd.h>

enum { WIDTH = 40 };

nu_progress nu_progress_begin(const nu_command_run *run, const char *what, int64_t total)
{
    return (nu_progress){ .what = what,
                          .total = total > 0 ? total : 1,
                          .visible = isatty(STDERR_FILENO) && run->verbosity >= 1 };
}

/* All on one line: a second one would stay behind at each step. */
static int width_beside(const char *what)
{
    size_t columns = nu__terminal_columns(STDERR_FILENO), taken = nu__py_width(nu_s(what)) + 9;

    if (!columns || taken + WIDTH <= columns)
        return WIDTH;
    return columns > taken ? (int)(columns - taken) : 0;
}

static void show(const nu_progress *progress)
{
    double share = (double)progress->done / (double)progress->total;
    int width = width_beside(progress->what), full = share > 1 ? width : (int)(share * width);

    fprintf(stderr, "\r%s [%.*s%.*s] %3d%%", progress->what, full,
            "########################################", width - full,
            "........................................", (int)(share > 1 ? 100 : share * 100));
    fflush(stderr);
}

/* A few times a second: a terminal is slower than most work. */
void nu_progress_step(nu_progress *progress, int64_t n)
{
    progress->done += n;
    if (!progress->visible || nu_monotonic() - progress->shown_at < 0.1)
        return;
    progress->shown_at = nu_monotonic();
    show(progress);
}

void nu_progress_end(nu_progress *progress)
{
    if (!progress->visible)
        return;
    show(progress);
    fputc('\n', stderr);
}
