#include "loop/fiber_int.h"

#include <nuages/logging.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { END_SECONDS = 10 };

uv_loop_t *nu__loop(void)
{
    return nu__loop_here ? &nu__loop_here->uv : NULL;
}

double nu__time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

uint64_t nu__loop_ms(void)
{
    return nu__loop_here ? uv_now(&nu__loop_here->uv) : (uint64_t)(nu__time() * 1000);
}

void nu__sleep_inline(double seconds)
{
    struct timespec left = { 0 };

    if (!(seconds > 0))
        return;
    left.tv_sec = seconds < 1e9 ? (time_t)seconds : (time_t)1e9;
    left.tv_nsec = seconds < 1e9 ? (long)((seconds - (double)left.tv_sec) * 1e9) : 0;
    while (nanosleep(&left, &left) != 0)
        continue;
}

/* ---- a turn ---------------------------------------------------------------------------------- */

void nu__at_turn_end(nu__turn_end *work)
{
    nu__loop_state *loop = nu__loop_here;

    if (work->requested)
        return;
    if (!loop) {
        work->fn(work);
        return;
    }
    work->requested = true;
    work->next = NULL;
    *loop->at_turn_end_end = work;
    loop->at_turn_end_end = &work->next;
}

static void end_turn(nu__loop_state *loop)
{
    nu__turn_end *work = loop->at_turn_end, *next;

    loop->at_turn_end = NULL;
    loop->at_turn_end_end = &loop->at_turn_end;
    for (; work; work = next) {
        next = work->next;
        work->requested = false;
        work->fn(work);
    }
}

static void run_all(nu__loop_state *loop)
{
    nu__jobs_collect(loop);
    nu__fibers_run_ready(loop);
    end_turn(loop);
}

static void on_busy(uv_idle_t *busy)
{
    (void)busy;
}

/* Before the kernel is asked for events: wait for them only if there is nothing else to do. */
static void on_prepare(uv_prepare_t *prepare)
{
    nu__loop_state *loop = prepare->data;

    run_all(loop);
    if (loop->ready || loop->at_turn_end || !nu__jobs_may_sleep(loop)) {
        uv_idle_start(&loop->busy, on_busy);
        return;
    }
    uv_idle_stop(&loop->busy);
    nu__moderate(loop);
}

static void on_check(uv_check_t *check)
{
    nu__loop_state *loop = check->data;

    atomic_store_explicit(&loop->sleeping, false, memory_order_relaxed);
    run_all(loop);
}

static void on_bell(uv_async_t *bell)
{
    (void)bell;
}

/* ---- making and taking down ------------------------------------------------------------------ */

static bool init(nu__loop_state *loop)
{
    if (uv_loop_init(&loop->uv) != 0)
        return false;
    if (uv_async_init(&loop->uv, &loop->bell, on_bell) != 0) {
        uv_loop_close(&loop->uv);
        return false;
    }
    nu__timers_init(loop);
    uv_prepare_init(&loop->uv, &loop->prepare);
    uv_check_init(&loop->uv, &loop->check);
    uv_idle_init(&loop->uv, &loop->busy);
    loop->prepare.data = loop->check.data = loop;
    uv_prepare_start(&loop->prepare, on_prepare);
    uv_check_start(&loop->check, on_check);
    loop->at_turn_end_end = &loop->at_turn_end;
    nu__fibers_init(loop, &nu__fiber_configured);
    return true;
}

static void close_handle(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void release(nu__loop_state *loop)
{
    end_turn(loop);
    nu__pool_release(loop);
    nu__fibers_release(loop);
    nu__caught_signals_release(loop);
    uv_walk(&loop->uv, close_handle, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    uv_loop_close(&loop->uv);
    nu__crash_release(loop);
}

/* ---- the main fiber -------------------------------------------------------------------------- */

typedef struct main_call {
    int (*fn)(void *);
    void *arg;
    nu__loop_state *loop;
} main_call;

static void leave_main(void *arg)
{
    nu__loop_state *loop = arg;

    loop->main_done = true;
    uv_stop(&loop->uv);
}

static void call_main(void *arg)
{
    main_call *call = arg;

    nu_on_fiber_end(leave_main, call->loop);
    call->loop->status = call->fn(call->arg);
}

static bool has_job_out(const nu__loop_state *loop)
{
    for (const nu__link *l = loop->live.next; l != &loop->live; l = l->next)
        if (((const nu__fiber *)l)->has_job)
            return true;
    return false;
}

static void on_limit(nu__timer *timer)
{
    (void)timer;
}

/* Cancel those that are left and wait for their clean-ups; for jobs in threads as long as they
   take, for others within limits. */
static void end_fibers(nu__loop_state *loop)
{
    nu__timer limit = { 0 };

    for (nu__link *l = loop->live.next; l != &loop->live; l = l->next)
        nu__fiber_cancel((nu__fiber *)l);
    nu__timer_start(&limit, END_SECONDS * 1000, on_limit);
    while (loop->n_live && (nu__timer_active(&limit) || has_job_out(loop)))
        uv_run(&loop->uv, UV_RUN_ONCE);
    nu__timer_stop(&limit);
    for (nu__link *l = loop->live.next; l != &loop->live; l = l->next)
        nu_warning("fiber \"{}\" did not end when it was cancelled; it is dropped",
                   nu__fiber_name((nu__fiber *)l));
}

static int run(nu__loop_state *loop, main_call *call)
{
    loop->status = 1; /* unless `fn` returns another one */
    nu__crash_install(loop);
    signal(SIGPIPE, SIG_IGN); /* writing to a peer that has gone is an error like others */
    if (!nu__fiber_spawn("main", call_main, call))
        return 1;
    while (!loop->main_done)
        uv_run(&loop->uv, UV_RUN_DEFAULT);
    end_fibers(loop);
    return loop->status;
}

int nu__loop_main(int (*fn)(void *), void *arg)
{
    nu__context *outer = nu__here;
    nu__loop_state *loop;
    int status;

    if (nu__loop_here)
        return fn(arg);
    loop = calloc(1, sizeof(*loop));
    if (!loop || !init(loop)) {
        nu_error_log("no event loop: out of memory or of file descriptors");
        free(loop);
        return 1;
    }
    nu__loop_here = loop;
    nu__here = NULL;
    status = run(loop, &(main_call){ fn, arg, loop });
    release(loop);
    nu__loop_here = NULL;
    nu__here = outer;
    free(loop);
    return status;
}
