#include "server/worker.h"

#include "core/buf.h"
#include "core/error.h"
#include "loop/process.h"
#include "loop/timer.h"

#include <malloc.h>
#include <nuages/logging.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int own_number;

/* What the worker's callbacks of the loop work on. */
static struct {
    const nu__worker *worker;
    nu__timer beat;
    uint64_t beat_ms;
    bool serves; /* between worker_start and worker_stop: there is something to count */
} state;

int nu__worker_number(void)
{
    return own_number;
}

/* ---- a share of work ------------------------------------------------------------------------- */

static size_t resident_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");

    if (!file)
        return 0;
    if (fscanf(file, "%*u %lu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Its share is used up. Shares differ by a tenth, so that workers do not restart together. */
static bool is_spent(const nu__worker *worker)
{
    const nu__server_options *options = worker->options;
    uint64_t share = options->max_requests;

    share += share / 80 * (worker->number % 8);
    return (share && options->requests() >= share) ||
           (options->max_memory && resident_bytes() > options->max_memory);
}

/* ---- memory ---------------------------------------------------------------------------------- */

enum { LARGE_BLOCK = 1 << 18, TOP_MAX = 1 << 18, FREE_MAX = 1 << 17 };

/* A large body must not raise the size from which blocks are mapped alone, as glibc lets it: blocks
   of its size would stay in the heap for good. And one heap for all threads: a worker's threads
   take turns more than they meet, while a heap of each one's own keeps what the others could use.
 */
static void set_malloc(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
    mallopt(M_TRIM_THRESHOLD, TOP_MAX);
    mallopt(M_ARENA_MAX, 1);
#endif
}

/* What many or large requests have left free between blocks that live goes back to the system. */
static void trim_heap(void)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    if (mallinfo2().fordblks > FREE_MAX)
        malloc_trim(FREE_MAX / 4);
#endif
}

/* ---- heartbeat ------------------------------------------------------------------------------- */

static void count(const nu__worker *worker)
{
    worker->score->connections = (uint32_t)worker->options->connections();
    if (!worker->score->spent && is_spent(worker))
        worker->score->spent = true;
}

static void beat(nu__timer *timer)
{
    const nu__worker *worker = state.worker;

    trim_heap();
    worker->score->beats++;
    if (state.serves)
        count(worker);
    if (getppid() != worker->arbiter)
        raise(SIGTERM);
    nu__timer_start(timer, state.beat_ms, beat);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void call(void *fn)
{
    void (*callback)(void);

    memcpy(&callback, fn, sizeof(callback));
    if (callback)
        callback();
}

static void describe(void *error)
{
    nu__buf text = { 0 };

    nu__error_describe(error, &text);
    nu_error_log("{}", nu__buf_str(&text));
}

/* Call one of the site's functions; false, logged, when it raises. */
static bool run_callback(void (*callback)(void), const char *what)
{
    const nu_error *error;

    nu__here->what = what;
    error = nu__guard(call, &callback);
    if (error && nu__guard(describe, (void *)error))
        nu_error_log("{}", error->message);
    nu__here->what = "worker";
    return !error;
}

static void wait_or_quit(double seconds)
{
    if (nu__signal_wait(nu__time() + seconds) == SIGQUIT)
        _exit(0);
}

static void drain(const nu__worker *worker)
{
    double deadline = nu__time() + worker->options->drain_time;

    nu__accept_stop();
    wait_or_quit(0.01); /* the last ones accepted tell what they want */
    worker->options->drain();
    while (worker->options->connections() && nu__time() < deadline)
        wait_or_quit(0.01);
    if (worker->options->connections())
        nu_warning("worker {} cuts {} connections that have not ended in {} s", worker->number,
                   worker->options->connections(), worker->options->drain_time);
}

/* Several in the time that a worker may be silent, and one a second for the memory's sake. */
static uint64_t beat_ms(double heartbeat_time)
{
    return heartbeat_time < 4 ? (uint64_t)(heartbeat_time * 250) + 1 : 1000;
}

static int live(void *arg)
{
    const nu__worker *worker = arg;

    nu__signal_catch(SIGTERM);
    nu__signal_catch(SIGQUIT);
    state.worker = worker;
    state.beat_ms = beat_ms(worker->options->heartbeat_time);
    nu__timer_start(&state.beat, 1, beat);
    if (!run_callback(worker->options->worker_start, "worker_start") || !nu__accept_start(worker))
        return NU__WORKER_CANNOT_START;
    worker->score->ready = state.serves = true;
    if (nu__signal_wait(NU__FOREVER) == SIGQUIT)
        _exit(0);
    worker->score->ready = false;
    drain(worker);
    state.serves = false;
    run_callback(worker->options->worker_stop, "worker_stop");
    nu__timer_stop(&state.beat);
    return 0;
}

/* Ctrl-C reaches the whole process group: the arbiter alone acts on it. The worker goes with its
   arbiter, however that ends. */
static void become_worker(const nu__worker *worker)
{
    sigset_t none;

    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    own_number = worker->number;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int nu__worker_run(const nu__worker *worker)
{
    become_worker(worker);
    set_malloc();
    if (getppid() != worker->arbiter)
        return 0;
    return nu__loop_main(live, (void *)worker);
}
