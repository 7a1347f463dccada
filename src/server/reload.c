#include "server/reload.h"

#include <errno.h>
#include <fcntl.h>
#include <nuages/logging.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char TRIAL[] = "NUAGES_TRIAL", WORKERS[] = "NUAGES_WORKERS";
static const double TRIAL_TIME = 60;

enum { MOST_ARGUMENTS = 256, MOST_ARGUMENT_BYTES = 64 << 10, MOST_ADOPTED = 1024 };

/* ---- what was started ------------------------------------------------------------------------ */

static char *read_command_line(size_t *len)
{
    FILE *file = fopen("/proc/self/cmdline", "re");
    char *text = malloc(MOST_ARGUMENT_BYTES + 1);

    *len = file && text ? fread(text, 1, MOST_ARGUMENT_BYTES, file) : 0;
    if (file)
        fclose(file);
    if (*len == 0) {
        free(text);
        return NULL;
    }
    text[*len] = 0;
    return text;
}

void nu__reload_remember(nu__arbiter *arbiter)
{
    size_t len;
    char *text = read_command_line(&len), *next = text;

    arbiter->argv = calloc(MOST_ARGUMENTS + 1, sizeof(*arbiter->argv));
    if (!text || !arbiter->argv) {
        free(text);
        return;
    }
    while (next < text + len && arbiter->argc < MOST_ARGUMENTS) {
        arbiter->argv[arbiter->argc++] = next;
        next += strlen(next) + 1;
    }
}

bool nu__reload_is_trial(void)
{
    return getenv(TRIAL) != NULL;
}

/* By its name, so that a file or link that was replaced is found; else the very file that runs. */
static void become(nu__arbiter *arbiter)
{
    execvp(arbiter->argv[0], arbiter->argv);
    execv("/proc/self/exe", arbiter->argv);
}

/* ---- the trial ------------------------------------------------------------------------------- */

void nu__reload_begin(nu__arbiter *arbiter, double now)
{
    sigset_t none;

    if (arbiter->trial)
        return;
    if (!arbiter->argc) {
        nu_error_log("can't reload: /proc does not tell how this process was started");
        return;
    }
    fflush(NULL);
    arbiter->trial = fork();
    if (arbiter->trial < 0) {
        nu_error_log("can't reload: {}", strerror(errno));
        arbiter->trial = 0;
        return;
    }
    arbiter->trial_until = now + TRIAL_TIME;
    if (arbiter->trial)
        return;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setenv(TRIAL, "1", 1);
    become(arbiter);
    _exit(127);
}

/* "12 34 56" for the workers of now. */
static void pass_on_workers(const nu__arbiter *arbiter)
{
    char text[MOST_ADOPTED * 12] = "";
    size_t len = 0;

    for (size_t i = 0; i < arbiter->n_children && len + 12 < sizeof(text); i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%ld ",
                                (long)arbiter->children[i].pid);
    setenv(WORKERS, text, 1);
}

static void take_over(nu__arbiter *arbiter)
{
    nu_info("reloading: the new binary takes over");
    nu__listeners_pass_on(&arbiter->listeners);
    pass_on_workers(arbiter);
    fflush(NULL);
    become(arbiter);
    nu_error_log("can't reload: {}", strerror(errno));
    for (size_t i = 0; i < arbiter->listeners.len; i++)
        fcntl(arbiter->listeners.items[i].fd, F_SETFD, FD_CLOEXEC);
}

/* For the bar of runserver's pages: nobody sees by them that they are old. */
static void report_refusal(void)
{
    const char *path = getenv("NUAGES_BUILD_REPORT");
    FILE *file = path ? fopen(path, "we") : NULL;

    if (!file)
        return;
    fputs("What was built does not start, as the terminal tells; the last good one is served.\n",
          file);
    fclose(file);
}

void nu__reload_check(nu__arbiter *arbiter, double now)
{
    int status;

    if (!arbiter->trial)
        return;
    if (now > arbiter->trial_until)
        kill(arbiter->trial, SIGKILL);
    if (waitpid(arbiter->trial, &status, WNOHANG) != arbiter->trial)
        return;
    arbiter->trial = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        take_over(arbiter);
        return;
    }
    nu_error_log("not reloaded: the new binary {} {}; the old one serves on",
                 WIFEXITED(status) ? "ends with status" : "was ended by signal",
                 (int64_t)(WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status)));
    report_refusal();
}

void nu__reload_adopt(nu__arbiter *arbiter, double now)
{
    char *text = getenv(WORKERS), *end;
    pid_t pids[MOST_ADOPTED + 1];
    size_t n = 0;

    if (!text)
        return;
    for (long pid = strtol(text, &end, 10); n < MOST_ADOPTED && end != text;
         pid = strtol(text, &end, 10)) {
        pids[n++] = (pid_t)pid;
        text = end;
    }
    pids[n] = -1;
    unsetenv(WORKERS);
    nu__children_adopt(arbiter, pids, now);
}
