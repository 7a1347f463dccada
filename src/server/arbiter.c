#include "loop/loop.h"
#include "server/reload.h"

#include <nuages/errors.h>
#include <nuages/logging.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MOST_WORKERS = 512, ADOPTED = 1024, DEFAULT_BACKLOG = 1024 };

static const double DEFAULT_SECONDS = 30, OFTEN = 0.05, SELDOM = 1;

/* What the arbiter takes by sigtimedwait; blocked, so that it has no handler and no race. */
static const int taken_signals[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGCHLD };

static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < sizeof(taken_signals) / sizeof(taken_signals[0]); i++)
        sigaddset(set, taken_signals[i]);
    sigprocmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* ---- making ---------------------------------------------------------------------------------- */

static int cores(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    return CPU_COUNT(&set);
}

static nu__server_options with_defaults(const nu__server_options *options)
{
    nu__server_options full = *options;

    if (full.workers <= 0)
        full.workers = cores();
    if (full.workers > MOST_WORKERS)
        full.workers = MOST_WORKERS;
    if (full.backlog <= 0)
        full.backlog = DEFAULT_BACKLOG;
    if (!(full.drain_time > 0))
        full.drain_time = DEFAULT_SECONDS;
    if (!(full.heartbeat_time > 0))
        full.heartbeat_time = DEFAULT_SECONDS;
    return full;
}

static bool init(nu__arbiter *arbiter, const nu__server_options *options)
{
    *arbiter = (nu__arbiter){ .options = with_defaults(options) };
    arbiter->most_children = 2 * arbiter->options.workers + ADOPTED;
    arbiter->children = calloc(arbiter->most_children, sizeof(nu__child));
    arbiter->posts = calloc(arbiter->options.workers, sizeof(nu__post));
    if (arbiter->children && arbiter->posts &&
        nu__scoreboard_open(&arbiter->board, 2 * arbiter->options.workers))
        return true;
    nu_error_log("no memory for {} workers", arbiter->options.workers);
    return false;
}

static void announce(const nu__arbiter *arbiter)
{
    for (size_t i = 0; i < arbiter->listeners.len; i++) {
        const nu__listener *listener = &arbiter->listeners.items[i];

        if (arbiter->options.listening)
            arbiter->options.listening(listener);
        else
            nu_info("listening at {}{}, {} workers, pid {}", listener->is_unix ? "" : "http://",
                    (const char *)listener->address, arbiter->options.workers, getpid());
    }
}

/* ---- running --------------------------------------------------------------------------------- */

/* From now on nobody is let in: those who come are refused, not left waiting. */
static void stop(nu__arbiter *arbiter, int signal, double now)
{
    if (!arbiter->stopping)
        nu__listeners_close(&arbiter->listeners, true);
    if (signal == SIGTERM)
        nu_info("stopping: open requests have {} s to finish", arbiter->options.drain_time);
    arbiter->stopping = true;
    nu__children_leave(arbiter, signal, now);
}

static void handle(nu__arbiter *arbiter, int signal, double now)
{
    switch (signal) {
    case SIGTERM:
        stop(arbiter, SIGTERM, now);
        break;
    case SIGINT: /* a second Ctrl-C does not wait for the drain */
        stop(arbiter, arbiter->stopping ? SIGQUIT : SIGTERM, now);
        break;
    case SIGQUIT:
        stop(arbiter, SIGQUIT, now);
        break;
    case SIGHUP:
        if (!arbiter->stopping)
            nu__reload_begin(arbiter, now);
        break;
    }
}

static int wait_signal(const nu__arbiter *arbiter, const sigset_t *set)
{
    double seconds = arbiter->trial || nu__children_busy(arbiter) ? OFTEN : SELDOM;
    struct timespec time = { .tv_sec = (time_t)seconds,
                             .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9) };

    return sigtimedwait(set, NULL, &time);
}

static void run(nu__arbiter *arbiter, const sigset_t *set)
{
    for (;;) {
        double now = nu__time();

        nu__children_reap(arbiter, now);
        nu__reload_check(arbiter, now);
        nu__children_check(arbiter, now);
        if (!arbiter->stopping)
            nu__children_start(arbiter, now);
        else if (!arbiter->n_children)
            return;
        handle(arbiter, wait_signal(arbiter, set), nu__time());
    }
}

static void release(nu__arbiter *arbiter)
{
    nu__listeners_close(&arbiter->listeners, true);
    if (arbiter->trial)
        kill(arbiter->trial, SIGKILL);
    nu__scoreboard_close(&arbiter->board);
    if (arbiter->argv)
        free(arbiter->argv[0]);
    free(arbiter->argv);
    free(arbiter->children);
    free(arbiter->posts);
}

int nu__server_run(const nu__server_options *options)
{
    nu__arbiter arbiter;
    sigset_t set;

    if (nu__loop())
        nu_raise(NU_RUNTIME_ERROR,
                 "the server was started where a loop runs: its workers are forks "
                 "of this process, which must have neither loop nor threads");
    if (nu__reload_is_trial())
        return 0;
    block_signals(&set);
    if (!init(&arbiter, options))
        return 1;
    if (!nu__listeners_open(&arbiter.listeners, options->listen, arbiter.options.backlog)) {
        release(&arbiter);
        return 1;
    }
    nu__reload_remember(&arbiter);
    nu__reload_adopt(&arbiter, nu__time());
    announce(&arbiter);
    run(&arbiter, &set);
    release(&arbiter);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    return arbiter.status;
}
