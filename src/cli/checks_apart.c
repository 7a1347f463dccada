/* The checks of commands that make processes of their own: neither the arbiter nor the runner of
 * tests ever opens a database or starts a loop, so that they run in a child. */
#include "cli/command.h"
#include "cli/migrations_check.h"
#include "cli/system_checks.h"
#include "core/context.h"
#include "core/text.h"
#include "loop/loop.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct looking {
    const nu_command_run *run;
    bool migrations, passed;
} looking;

static void tell_unapplied(const nu_command_run *run)
{
    nu_list *labels = nu_list_new();
    size_t n = nu__count_unapplied(NULL, labels);

    if (n)
        nu_command_styled(run, NU_STYLE_WARNING,
                          "\nYou have {} unapplied migration(s). Your project may not work "
                          "properly until you apply the migrations for app(s): {}.\nRun '{} "
                          "migrate' to apply them.\n",
                          n, nu__join(S(", "), labels), run->program);
}

/* A database that is not there yet is no reason not to serve: its pages tell. */
static void look_at_migrations(const nu_command_run *run)
{
    const nu_error *error = nu_catch(NU_DATABASE_ERROR_BASE, tell_unapplied(run));

    if (error)
        fprintf(stderr, "Which migrations are applied is not known: %s\n",
                nu_copy(error->message).ptr);
}

static void look(void *arg)
{
    looking *l = arg;

    l->passed = l->run->skip_checks || nu__checks_pass_aloud(l->run);
    if (l->passed && l->migrations)
        look_at_migrations(l->run);
}

static int guarded(void *arg)
{
    looking *l = arg;
    const nu_error *error = nu__guard(look, l);

    return error ? nu__command_failed(l->run, error) : !l->passed;
}

bool nu__checks_pass_apart(const nu_command_run *run, bool migrations)
{
    looking l = { .run = run, .migrations = migrations };
    pid_t child;
    int status;

    fflush(NULL);
    child = fork();
    if (child < 0)
        nu_raise(NU_OS_ERROR, "the system gives no process for the checks");
    if (!child) {
        status = nu__loop_main(guarded, &l);
        fflush(NULL);
        _exit(status);
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && !WEXITSTATUS(status);
}
