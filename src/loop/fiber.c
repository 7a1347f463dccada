#include "loop/switch.h"

#include <math.h>
#include <nuages/logging.h>

enum { CLEANUP_SECONDS = 30 };

nu__fiber_options nu__fiber_configured;

void nu__fiber_configure(const nu__fiber_options *options)
{
    nu__fiber_configured = *options;
}

/* ---- starting -------------------------------------------------------------------------------- */

/* Where no loop runs: on this stack, with a context of its own. */
static void run_inline(const char *what, void (*fn)(void *), void *arg)
{
    nu__context context, *outer = nu__here;
    const nu_error *error;

    nu__context_init(&context, what);
    nu__here = &context;
    error = nu__guard(fn, arg);
    if (error)
        nu__fiber_report(error);
    nu__context_release(&context);
    nu__here = outer;
}

nu__fiber *nu__fiber_spawn(const char *what, void (*fn)(void *), void *arg)
{
    nu__loop_state *loop = nu__loop_here;
    nu__fiber *fiber;

    if (!loop) {
        run_inline(what, fn, arg);
        return NULL;
    }
    fiber = nu__fiber_take(loop, what, fn, arg);
    if (!fiber)
        return NULL;
    fiber->state = NU__FIBER_READY;
    nu__fiber_make_ready(loop, fiber);
    return fiber;
}

bool nu__fiber_enter(const char *what, void (*fn)(void *), void *arg)
{
    nu__loop_state *loop = nu__loop_here;
    nu__fiber *fiber;

    if (!loop) {
        run_inline(what, fn, arg);
        return true;
    }
    fiber = nu__fiber_take(loop, what, fn, arg);
    if (!fiber)
        return false;
    nu__fiber_resume(loop, fiber);
    return true;
}

nu__fiber *nu__fiber_current(void)
{
    return nu__loop_here ? nu__loop_here->current : NULL;
}

const char *nu__fiber_name(const nu__fiber *fiber)
{
    return fiber->context.what;
}

size_t nu__fiber_count(void)
{
    return nu__loop_here ? nu__loop_here->n_live : 0;
}

/* ---- waiting --------------------------------------------------------------------------------- */

/* A time-out wakes it; the timer may also fire late for a wait that is over. */
static void on_deadline(nu__timer *timer)
{
    nu__fiber *fiber = (nu__fiber *)((char *)timer - offsetof(nu__fiber, deadline));

    fiber->late = true;
    nu__fiber_wake(fiber);
}

static void start_deadline(nu__fiber *fiber, double deadline)
{
    double ms = ceil(deadline * 1000);

    if (ms < 0x1p63) /* later than that is never */
        nu__timer_start_at(&fiber->deadline, ms < 1 ? 1 : (uint64_t)ms, on_deadline);
}

/* NULL where no loop runs. */
static inline nu__fiber *waiting_fiber(void)
{
    nu__loop_state *loop = nu__loop_here;

    if (!loop)
        return NULL;
    if (!loop->current)
        nu__die("a callback of the loop tried to wait: only fibers can");
    return loop->current;
}

static nu__wait_result wait_inline(double deadline)
{
    if (!(deadline < NU__FOREVER))
        nu__die("a wait without end where no loop runs: nothing could wake it");
    nu__sleep_inline(deadline - nu__time());
    return NU__WAIT_LATE;
}

nu__wait_result nu__fiber_wait(double deadline)
{
    nu__fiber *fiber = waiting_fiber();

    if (!fiber)
        return wait_inline(deadline);
    if (nu__cancel_due(fiber))
        return NU__WAIT_CANCELLED;
    if (nu__here->shield)
        deadline = fmin(deadline, (double)nu__loop_ms() / 1000 + CLEANUP_SECONDS);
    fiber->late = false;
    if (deadline < NU__FOREVER)
        start_deadline(fiber, deadline);
    nu__fiber_leave(fiber, NU__FIBER_PARKED);
    nu__timer_pause(&fiber->deadline);
    if (nu__cancel_due(fiber))
        return NU__WAIT_CANCELLED;
    return fiber->late ? NU__WAIT_LATE : NU__WAIT_WOKEN;
}

bool nu__wait_settle(nu__wait_result result, double deadline)
{
    if (result == NU__WAIT_CANCELLED)
        nu_raise(NU_CANCELLED, "{} was cancelled", nu__here->what);
    if (result == NU__WAIT_LATE && deadline > nu__time())
        nu_raise(NU_TIMEOUT, "a clean-up of {} has waited for {} s", nu__here->what,
                 CLEANUP_SECONDS);
    return result == NU__WAIT_WOKEN;
}

void nu__fiber_park(void)
{
    nu__fiber_park_until(NU__FOREVER);
}

bool nu__fiber_park_until(double deadline)
{
    return nu__wait_settle(nu__fiber_wait(deadline), deadline);
}

void nu__fiber_yield(void)
{
    nu__fiber *fiber = waiting_fiber();

    if (!fiber)
        return;
    nu__fiber_make_ready(nu__loop_here, fiber);
    nu__fiber_leave(fiber, NU__FIBER_READY);
    if (nu__cancel_due(fiber))
        nu__wait_settle(NU__WAIT_CANCELLED, 0);
}

void nu__fiber_wait_done(const bool *done)
{
    nu__fiber *fiber = waiting_fiber();

    if (!fiber)
        nu__die("a wait without end where no loop runs: nothing could wake it");
    fiber->has_job = true;
    while (!*done)
        nu__fiber_leave(fiber, NU__FIBER_PARKED);
    fiber->has_job = false;
}

void nu__fiber_wake(nu__fiber *fiber)
{
    if (fiber->state != NU__FIBER_PARKED)
        return;
    fiber->state = NU__FIBER_READY;
    nu__fiber_make_ready(nu__loop_here, fiber);
}

void nu_sleep(double seconds)
{
    double deadline = nu__time() + seconds;

    if (!nu__loop_here)
        nu__sleep_inline(seconds);
    else if (!(seconds > 0))
        nu__fiber_yield();
    else
        while (nu__fiber_park_until(deadline))
            continue;
}

/* ---- cancellation ---------------------------------------------------------------------------- */

void nu__fiber_cancel(nu__fiber *fiber)
{
    void (*interrupt)(void *) = fiber->interrupt;

    if (fiber->state == NU__FIBER_IDLE)
        return;
    fiber->cancelled = true;
    fiber->interrupt = NULL;
    if (interrupt)
        interrupt(fiber->interrupt_arg);
    nu__fiber_wake(fiber);
}

bool nu__fiber_cancelled(const nu__fiber *fiber)
{
    return fiber->cancelled;
}

void nu__fiber_shield(void)
{
    nu__here->shield++;
}

void nu__fiber_unshield(void)
{
    nu__here->shield--;
}
