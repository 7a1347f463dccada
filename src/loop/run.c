#include "loop/switch.h"

#include "core/buf.h"
#include "core/error.h"

#include <nuages/logging.h>
#include <stdlib.h>

#include "loop/valgrind.h"

/* Fibers that stay, each with a chunk of its arena, however little there is to do; those that
   nobody needed for a time go, some at a turn. */
enum { KEEP_IDLE = 8, TRIM_MS = 1000, TRIM_BATCH = 256 };

_Thread_local nu__loop_state *nu__loop_here;

/* ---- lists ---------------------------------------------------------------------------------- */

static void link_after(nu__link *list, nu__link *item)
{
    item->previous = list;
    item->next = list->next;
    list->next->previous = item;
    list->next = item;
}

static void unlink_item(nu__link *item)
{
    item->previous->next = item->next;
    item->next->previous = item->previous;
}

void nu__fiber_check_canary(const nu__fiber *fiber)
{
    for (int i = 0; i < NU__CANARY_BYTES; i++)
        if ((unsigned char)fiber->stack.low[i] != NU__CANARY)
            nu__overflow_die(fiber);
}

/* ---- a fiber's life -------------------------------------------------------------------------- */

static void describe(void *error)
{
    nu__buf text = { 0 };

    nu__error_describe(error, &text);
    nu_error_log("{}", nu__buf_str(&text));
}

void nu__fiber_report(const nu_error *error)
{
    if (error->klass == NU_CANCELLED)
        nu_debug("cancelled");
    else if (nu__guard(describe, (void *)error))
        nu_error_log("{} (no memory to tell more)", nu_error_class_name(error->klass));
}

static void trim(nu__timer *timer);

static void finish(nu__loop_state *loop, nu__fiber *fiber)
{
    fiber->context.shield++; /* at-end functions may wait, cancelled or not */
    nu__context_reset(&fiber->context);
    fiber->interrupt = NULL;
    unlink_item(&fiber->link);
    link_after(&loop->idle, &fiber->link);
    loop->n_live--;
    loop->n_idle++;
    if (loop->n_idle > KEEP_IDLE && !nu__timer_active(&loop->trim)) {
        loop->least_idle = loop->n_idle;
        nu__timer_start(&loop->trim, TRIM_MS, trim);
    }
}

/* A fiber that is resumed without a function ends for good. */
static void body(nu__transfer in)
{
    nu__fiber *fiber = in.data;

    nu__fiber_arrived(fiber, in.from);
    while (fiber->fn) {
        const nu_error *error = nu__guard(fiber->fn, fiber->arg);

        if (error)
            nu__fiber_report(error);
        finish(nu__loop_here, fiber);
        nu__fiber_leave(fiber, NU__FIBER_IDLE);
    }
    nu__fiber_leave(fiber, NU__FIBER_IDLE);
}

/* Structs of different fibers begin at different cache sets. */
static size_t colour(uint32_t number)
{
    return (number % 16) * 64;
}

static nu__fiber *make(nu__loop_state *loop)
{
    nu__stack stack;
    nu__fiber *fiber;
    char *top;

    if (!nu__stack_take(&loop->stacks, &stack))
        return NULL;
    top = stack.low + stack.size - colour(stack.number) - sizeof(nu__fiber);
    top = (char *)((uintptr_t)top & ~(uintptr_t)63);
    fiber = (nu__fiber *)top;
    memset(fiber, 0, sizeof(*fiber));
    fiber->stack = stack;
    nu__context_init(&fiber->context, "");
    fiber->at = make_fcontext(top, (size_t)(top - stack.low), body);
    fiber->has_canary = stack.guard == NU__GUARDED_BY_CANARY;
    if (fiber->has_canary)
        memset(stack.low, NU__CANARY, NU__CANARY_BYTES);
#ifdef NU__TSAN
    fiber->tsan = __tsan_create_fiber(0);
#endif
    fiber->valgrind_id = VALGRIND_STACK_REGISTER(stack.low, top);
    link_after(&loop->idle, &fiber->link);
    loop->n_idle++;
    return fiber;
}

nu__fiber *nu__fiber_take(nu__loop_state *loop, const char *what, void (*fn)(void *), void *arg)
{
    nu__fiber *fiber = (nu__fiber *)loop->idle.next;

    if (!loop->n_idle && !(fiber = make(loop)))
        return NULL;
    unlink_item(&fiber->link);
    link_after(&loop->live, &fiber->link);
    loop->n_live++;
    if (--loop->n_idle < loop->least_idle)
        loop->least_idle = loop->n_idle;
    fiber->fn = fn;
    fiber->arg = arg;
    fiber->cancelled = false;
    fiber->here = &fiber->context;
    fiber->context.what = what;
    fiber->context.locals[NU__LOCAL_FIBER] = fiber;
    return fiber;
}

/* ---- the ready queue ------------------------------------------------------------------------- */

void nu__fibers_run_ready(nu__loop_state *loop)
{
    nu__fiber *fiber = loop->ready, *next;

    loop->ready = NULL;
    loop->ready_end = &loop->ready;
    for (; fiber; fiber = next) {
        next = fiber->next_ready;
        __builtin_prefetch(next);
        nu__fiber_resume(loop, fiber);
    }
}

/* ---- giving back ----------------------------------------------------------------------------- */

static void drop(nu__loop_state *loop, nu__fiber *fiber)
{
    unlink_item(&fiber->link);
    loop->n_idle--;
    nu__timer_stop(&fiber->deadline);
#ifdef NU__ASAN
    fiber->fn = NULL; /* it hands its fake stack back to the sanitizer */
    fiber->here = nu__here;
    nu__fiber_resume(loop, fiber);
#endif
#ifdef NU__TSAN
    __tsan_destroy_fiber(fiber->tsan);
#endif
    VALGRIND_STACK_DEREGISTER(fiber->valgrind_id);
    nu__context_release(&fiber->context);
    nu__stack_give(&loop->stacks, &fiber->stack);
}

/* Once a second while there are many: give back those that nobody has needed since the last time,
   the longest idle first, a few at a turn. */
static void trim(nu__timer *timer)
{
    nu__loop_state *loop = nu__loop_here;

    for (int i = 0; i < TRIM_BATCH && loop->least_idle > KEEP_IDLE; i++) {
        loop->least_idle--;
        drop(loop, (nu__fiber *)loop->idle.previous);
    }
    if (loop->least_idle > KEEP_IDLE) {
        nu__timer_start(timer, 1, trim);
        return;
    }
    loop->least_idle = loop->n_idle;
    if (loop->n_idle > KEEP_IDLE)
        nu__timer_start(timer, TRIM_MS, trim);
}

void nu__fibers_init(nu__loop_state *loop, const nu__fiber_options *options)
{
    loop->live.next = loop->live.previous = &loop->live;
    loop->idle.next = loop->idle.previous = &loop->idle;
    loop->ready_end = &loop->ready;
    nu__stacks_init(&loop->stacks, options);
}

void nu__fibers_release(nu__loop_state *loop)
{
    nu__timer_stop(&loop->trim);
    while (loop->n_idle)
        drop(loop, (nu__fiber *)loop->idle.next);
    nu__stacks_release(&loop->stacks);
}
