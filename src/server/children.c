#include "server/children.h"

#include "loop/loop.h"
#include "server/worker.h"

#include <errno.h>
#include <nuages/logging.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Seconds. One that served this long before it died was sound: its successor starts at once. */
static const double SOUND_AFTER = 5, FIRST_DELAY = 0.1, LONGEST_DELAY = 30, GRACE = 2;

/* ---- the table ------------------------------------------------------------------------------- */

static nu__child *add(nu__arbiter *arbiter, pid_t pid, int number, nu__score *score, double now)
{
    nu__child *child = &arbiter->children[arbiter->n_children++];

    *child =
        (nu__child){ .pid = pid, .number = number, .score = score, .started = now, .beat_at = now };
    return child;
}

static void take_out(nu__arbiter *arbiter, nu__child *child)
{
    if (child->score)
        nu__score_give(child->score);
    *child = arbiter->children[--arbiter->n_children];
}

static nu__child *find_pid(nu__arbiter *arbiter, pid_t pid)
{
    for (size_t i = 0; i < arbiter->n_children; i++)
        if (arbiter->children[i].pid == pid)
            return &arbiter->children[i];
    return NULL;
}

/* Whether a worker with that number serves or will. */
static bool is_manned(const nu__arbiter *arbiter, int number)
{
    for (size_t i = 0; i < arbiter->n_children; i++)
        if (arbiter->children[i].number == number &&
            arbiter->children[i].state <= NU__CHILD_SERVING)
            return true;
    return false;
}

void nu__children_adopt(nu__arbiter *arbiter, const pid_t *pids, double now)
{
    for (; *pids > 0 && arbiter->n_children < arbiter->most_children; pids++)
        add(arbiter, *pids, 0, NULL, now)->state = NU__CHILD_RETIRING;
}

/* ---- starting -------------------------------------------------------------------------------- */

static NU_NORETURN void run_child(nu__arbiter *arbiter, int number, nu__score *score, pid_t parent)
{
    nu__worker worker = { .options = &arbiter->options,
                          .listeners = &arbiter->listeners,
                          .board = &arbiter->board,
                          .score = score,
                          .number = number,
                          .arbiter = parent };

    exit(nu__worker_run(&worker));
}

static double backoff(uint32_t failures)
{
    double delay = FIRST_DELAY;

    for (uint32_t i = 1; i < failures && delay < LONGEST_DELAY; i++)
        delay *= 2;
    return delay < LONGEST_DELAY ? delay : LONGEST_DELAY;
}

static void start(nu__arbiter *arbiter, int number, double now)
{
    nu__post *post = &arbiter->posts[number - 1];
    nu__score *score = nu__score_take(&arbiter->board);
    pid_t parent = getpid(), pid;

    if (!score || arbiter->n_children == arbiter->most_children) {
        if (score)
            nu__score_give(score);
        return;
    }
    fflush(NULL); /* what is buffered is not to be written twice */
    pid = fork();
    if (pid == 0)
        run_child(arbiter, number, score, parent);
    if (pid < 0) {
        nu__score_give(score);
        post->start_at = now + backoff(++post->failures);
        nu_error_log("can't fork worker {}: {}", number, strerror(errno));
        return;
    }
    add(arbiter, pid, number, score, now);
}

void nu__children_start(nu__arbiter *arbiter, double now)
{
    for (int number = 1; number <= arbiter->options.workers; number++)
        if (arbiter->posts[number - 1].start_at <= now && !is_manned(arbiter, number))
            start(arbiter, number, now);
}

/* ---- the end of one -------------------------------------------------------------------------- */

/* An end that nobody asked for. */
static void lost(nu__arbiter *arbiter, const nu__child *child, int status, double now)
{
    nu__post *post = &arbiter->posts[child->number - 1];
    bool sound = child->state != NU__CHILD_STARTING && now - child->started >= SOUND_AFTER;
    double delay;

    post->failures = sound ? 0 : post->failures + 1;
    delay = sound ? 0 : backoff(post->failures);
    if (arbiter->options.restart_delay > 0 && child->state != NU__CHILD_STARTING)
        delay = arbiter->options.restart_delay;
    post->start_at = now + delay;
    if (WIFSIGNALED(status))
        nu_error_log("worker {} (pid {}) was ended by signal {} ({}); restarting it in {:.1f} s",
                     child->number, child->pid, WTERMSIG(status), strsignal(WTERMSIG(status)),
                     delay);
    else
        nu_error_log("worker {} (pid {}) ended with status {}; restarting it in {:.1f} s",
                     child->number, child->pid, WEXITSTATUS(status), delay);
}

static bool cannot_start(const nu__arbiter *arbiter, const nu__child *child, int status)
{
    return child->state == NU__CHILD_STARTING && !arbiter->has_served && WIFEXITED(status) &&
           WEXITSTATUS(status) == NU__WORKER_CANNOT_START;
}

static void ended(nu__arbiter *arbiter, nu__child *child, int status, double now)
{
    if (cannot_start(arbiter, child, status) && !arbiter->stopping) {
        nu_error_log("workers can't start; the server stops");
        arbiter->stopping = true;
        arbiter->status = 1;
        take_out(arbiter, child);
        nu__children_leave(arbiter, SIGQUIT, now);
        return;
    }
    if (child->state < NU__CHILD_RETIRING && !arbiter->stopping)
        lost(arbiter, child, status, now);
    take_out(arbiter, child);
}

/* The trial of a new binary is not among the children: its end is seen by whoever started it. */
void nu__children_reap(nu__arbiter *arbiter, double now)
{
    for (size_t i = 0; i < arbiter->n_children;) {
        int status;
        pid_t pid = waitpid(arbiter->children[i].pid, &status, WNOHANG);

        if (pid == arbiter->children[i].pid)
            ended(arbiter, find_pid(arbiter, pid), status, now);
        else if (pid < 0 && errno == ECHILD)
            take_out(arbiter, &arbiter->children[i]);
        else
            i++;
    }
}

/* ---- telling them to go ---------------------------------------------------------------------- */

void nu__child_leave(nu__arbiter *arbiter, nu__child *child, int signal, double now)
{
    double limit = signal == SIGTERM ? arbiter->options.drain_time : 0;

    kill(child->pid, signal);
    child->state = NU__CHILD_LEAVING;
    child->kill_at = now + limit + GRACE;
}

void nu__children_leave(nu__arbiter *arbiter, int signal, double now)
{
    for (size_t i = 0; i < arbiter->n_children; i++)
        nu__child_leave(arbiter, &arbiter->children[i], signal, now);
}

/* ---- looking after them ---------------------------------------------------------------------- */

static bool all_serve(const nu__arbiter *arbiter)
{
    int n = 0;

    for (size_t i = 0; i < arbiter->n_children; i++)
        n += arbiter->children[i].state == NU__CHILD_SERVING;
    return n >= arbiter->options.workers;
}

/* A replacement serves: the one that it replaces may go. */
static void relieve(nu__arbiter *arbiter, int number, double now)
{
    for (size_t i = 0; i < arbiter->n_children; i++) {
        nu__child *child = &arbiter->children[i];

        if (child->state == NU__CHILD_RETIRING &&
            (child->number ? child->number == number : all_serve(arbiter)))
            nu__child_leave(arbiter, child, SIGTERM, now);
    }
}

static void check_beat(nu__arbiter *arbiter, nu__child *child, double now)
{
    uint32_t beats = child->score->beats;

    if (beats != child->beats) {
        child->beats = beats;
        child->beat_at = now;
    }
    if (now - child->beat_at <= arbiter->options.heartbeat_time)
        return;
    if (child->aborted && now - child->beat_at <= arbiter->options.heartbeat_time + GRACE)
        return;
    if (!child->aborted)
        nu_error_log("worker {} (pid {}) has given no sign of life for {} s: killing it",
                     child->number, child->pid, arbiter->options.heartbeat_time);
    kill(child->pid, child->aborted ? SIGKILL : SIGABRT);
    child->aborted = true;
}

static void check_child(nu__arbiter *arbiter, nu__child *child, double now)
{
    if (child->state == NU__CHILD_LEAVING) {
        if (now < child->kill_at)
            return;
        nu_warning("worker {} (pid {}) did not end in time: killing it", child->number, child->pid);
        kill(child->pid, SIGKILL);
        child->kill_at = now + GRACE;
        return;
    }
    if (!child->score)
        return;
    check_beat(arbiter, child, now);
    if (child->state == NU__CHILD_STARTING && child->score->ready) {
        child->state = NU__CHILD_SERVING;
        arbiter->has_served = true;
        relieve(arbiter, child->number, now);
    }
    if (child->state == NU__CHILD_SERVING && child->score->spent) {
        nu_info("worker {} (pid {}) has served its share: replacing it", child->number, child->pid);
        child->state = NU__CHILD_RETIRING;
    }
}

void nu__children_check(nu__arbiter *arbiter, double now)
{
    for (size_t i = 0; i < arbiter->n_children; i++)
        check_child(arbiter, &arbiter->children[i], now);
}

bool nu__children_busy(const nu__arbiter *arbiter)
{
    for (size_t i = 0; i < arbiter->n_children; i++)
        if (arbiter->children[i].state != NU__CHILD_SERVING)
            return true;
    return arbiter->n_children < (size_t)arbiter->options.workers;
}
