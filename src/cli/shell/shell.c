/* The command: `./manage shell`. */
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/shell/session.h"
#include "core/buf.h"
#include "core/time.h"

#include <stdio.h>
#include <unistd.h>

static nu_str read_all(FILE *file)
{
    nu__buf out = { 0 };
    char part[4096];
    size_t n;

    while ((n = fread(part, 1, sizeof part, file)))
        nu__buf_add(&out, part, n);
    return nu__buf_str(&out);
}

/* Time stands still from here on: results that tell the time can be compared. */
static void stop_clock(nu_str text)
{
    nu__iso_datetime iso;
    nu_datetime instant;

    if (!nu__datetime_from_iso(text, &iso) || !nu__iso_instant(&iso, nu_utc, &instant))
        nu_raise(NU_COMMAND_ERROR,
                 "argument --now: {} is no date and time such as 2025-06-01T12:00:00Z", text);
    nu__clock_stop_at(instant);
}

static int shell(const nu_command_run *run)
{
    nu__py_session *session = nu__py_session_new();
    nu_str code = nu_command_text(run, "--command"), now = nu_command_text(run, "--now");

    nu_defer(nu__py_session_end, session);
    session->json = nu_command_flag(run, "--json");
    session->rollback = nu_command_flag(run, "--rollback");
    session->colour = nu__run_colour(run, STDERR_FILENO);
    if (now.ptr)
        stop_clock(now);
    if (nu_command_flag(run, "--sql"))
        nu__py_trace_sql(session->colour);
    if (code.ptr)
        return nu__py_session_run(session, code);
    if (isatty(STDIN_FILENO) && !session->json)
        return nu__py_repl(session);
    session->quiet = true;
    return nu__py_session_run(session, read_all(stdin));
}

const nu_command nu__shell_command = {
    .name = "shell",
    .help = "Evaluate query code in Python's syntax, with the site's models at hand.",
    .run = shell, .no_checks = true,
    .arguments = {
        { "--command", .short_name = "-c", .metavar = "CODE",
          .help = "run this code, print its value and exit" },
        { "--json", .flag = true, .help = "print the value as JSON, errors too" },
        { "--sql", .flag = true, .help = "show each query and its time on standard error" },
        { "--rollback", .flag = true, .help = "undo at the end what the code has written" },
        { "--now", .metavar = "ISO", .help = "the time at which the clock stands still" },
    },
};
