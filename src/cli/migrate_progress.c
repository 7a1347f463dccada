#include "cli/migrate_progress.h"

#include "cli/columns.h"
#include "cli/shell/width.h"

#include "core/text.h"
#include "db/backends/locks.h"
#include "loop/process.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* Seconds: what is shorter is not worth a line; how often a line comes. */
enum { GLANCE = 2, TERMINAL_EVERY = 1, FILE_EVERY = 10 };

/* ---- lines --------------------------------------------------------------------------------- */

static nu_str line_of(const nu__showing *s, nu_str detail)
{
    return nu_fmt("    {} of {}: {}, after {:.0f} s{}{}...", (int64_t)s->i + 1, s->n,
                  nu__operation_type_of(s->operation)->describe(s->operation),
                  nu__time() - s->began, detail.len ? ", " : "", detail.len ? detail : S(""));
}

/* In the place of the last one, whose end blanks cover; no longer than the terminal's line, which
   is all that can be written over. */
static void write_over(nu__showing *s, nu_str whole)
{
    size_t columns = nu__terminal_columns(STDOUT_FILENO);
    nu_str line = columns ? nu__py_cut(whole, columns - 1) : whole;
    int64_t width = (int64_t)nu__utf8_count(line), blanks = s->width - width;

    nu_command_print(s->run, "{}{}", s->width ? "\r" : "\n", line);
    for (int64_t i = 0; i < blanks; i++)
        nu_command_print(s->run, " ");
    for (int64_t i = 0; i < blanks; i++)
        nu_command_print(s->run, "\b");
    s->width = width;
}

static void write_line(nu__showing *s, nu_str line)
{
    s->told = nu__time();
    s->open = true;
    if (isatty(STDOUT_FILENO))
        write_over(s, line);
    else
        nu_command_print(s->run, "\n{}", line);
}

/* ---- how long it takes --------------------------------------------------------------------- */

/* A line is for people: what the database does not tell, or not to this user, is left out of it. */
static nu_str detail_of(const nu__showing *s)
{
    nu_str detail = { NULL, 0 };

    if (nu_catch(NU_EXCEPTION, detail = nu__schema_lock_doing(s->connection)))
        return (nu_str){ NULL, 0 };
    return detail;
}

static bool is_due(const nu__showing *s, double every)
{
    return s->operation && nu_command_verbosity(s->run) >= 1 &&
           nu__time() - s->told >= (s->width || every > GLANCE ? every : GLANCE);
}

static void look(nu__showing *s)
{
    const nu_operation *operation = s->operation;
    nu_scratch_scope();
    nu_str detail = detail_of(s);

    if (operation == s->operation) /* it may have ended meanwhile */
        write_line(s, line_of(s, detail));
}

/* ---- interrupting -------------------------------------------------------------------------- */

static const int taken_signals[] = { SIGINT, SIGTERM };
enum { TAKEN = sizeof taken_signals / sizeof *taken_signals };

/* Where somebody else takes it (a server, a test run), or it was ignored from the start (nohup), it
   stays so. */
static bool is_free(int number)
{
    struct sigaction action;

    return !sigaction(number, NULL, &action) && action.sa_handler == SIG_DFL;
}

static void take_signals(nu__showing *s)
{
    for (size_t i = 0; i < TAKEN; i++)
        if ((s->taken[i] = is_free(taken_signals[i])))
            nu__signal_catch(taken_signals[i]);
}

static void let_signals_go(nu__showing *s)
{
    for (size_t i = 0; i < TAKEN; i++) {
        if (s->taken[i])
            nu__signal_let_go(taken_signals[i]);
        s->taken[i] = false;
    }
}

static void interrupt(nu__showing *s)
{
    let_signals_go(s);
    s->open = false;
    fputs("\nInterrupted: what runs is ended and rolled back. Once more does not wait for that.\n",
          stderr);
    nu__fiber_cancel(s->migrating);
}

/* ---- the watch ------------------------------------------------------------------------------ */

static void ended(void *arg)
{
    nu__showing *s = arg;

    let_signals_go(s);
    s->ended = true;
    nu__fiber_wake(s->migrating);
}

static void watch(void *arg)
{
    nu__showing *s = arg;
    double every = isatty(STDOUT_FILENO) ? TERMINAL_EVERY : FILE_EVERY;

    nu_on_fiber_end(ended, s);
    take_signals(s);
    for (;;) {
        if (nu__signal_wait(nu__time() + TERMINAL_EVERY))
            interrupt(s);
        else if (is_due(s, every))
            look(s);
    }
}

/* ---- what the executor tells --------------------------------------------------------------- */

static void before_step(void *self, const nu__plan_step *step)
{
    nu__showing *s = self;
    const nu_migration *migration = step->node->migration;

    s->began = s->told = nu__time();
    s->open = true;
    nu_command_print(s->run, "  {} {}.{}...", step->backwards ? "Unapplying" : "Applying",
                     migration->app_label, migration->name);
}

static void after_step(void *self, const nu__plan_step *step, bool faked)
{
    nu__showing *s = self;
    bool timed = nu_command_verbosity(s->run) > 1;

    (void)step;
    s->operation = NULL;
    s->width = 0;
    nu_command_styled(s->run, NU_STYLE_SUCCESS, "{}", faked ? " FAKED" : " OK");
    if (timed)
        nu_command_print(s->run, " ({:.3f}s)", nu__time() - s->began);
    nu_command_print(s->run, "\n");
    s->open = false;
}

/* A line of its own once a migration takes longer than a glance. */
static void at_operation(void *self, const nu_operation *op, size_t i, size_t n)
{
    nu__showing *s = self;

    s->operation = op;
    s->i = i;
    s->n = n;
    s->width = 0;
    if (nu__time() - s->told >= GLANCE || nu_command_verbosity(s->run) >= 3)
        write_line(s, line_of(s, (nu_str){ NULL, 0 }));
}

static void at_resume(void *self, const nu_operation *op, int64_t operation, int64_t statement)
{
    nu__showing *s = self;

    s->width = 0;
    s->open = true;
    nu_command_styled(s->run, NU_STYLE_WARNING,
                      "\n    It was cut short before; going on at operation {} ({}), statement "
                      "{}...",
                      operation, nu__operation_type_of(op)->describe(op), statement);
}

static void at_retry(void *self, const nu_error *error, int64_t i)
{
    nu__showing *s = self;

    s->operation = NULL;
    s->width = 0;
    s->open = true;
    nu_command_styled(s->run, NU_STYLE_WARNING, "\n    {}: trying again ({})...", error->message,
                      i);
}

nu__progress nu__showing_progress(nu__showing *s)
{
    return (nu__progress){ before_step, after_step, at_operation, at_resume, at_retry, s };
}

void nu__showing_begin(nu__showing *s)
{
    s->migrating = nu__fiber_current();
    if (s->migrating)
        s->watch = nu__fiber_spawn("the watch of migrate", watch, s);
}

void nu__showing_end(void *arg)
{
    nu__showing *s = arg;

    if (s->open)
        nu_command_print(s->run, "\n");
    if (!s->watch)
        return;
    nu__fiber_cancel(s->watch);
    nu__fiber_wait_done(&s->ended);
    s->watch = NULL;
}
