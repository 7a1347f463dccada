#include "loop/fiber_int.h"

/* A pairing heap by `queued`. Children of a node hang in a list from `child`; `previous` of the
   first child is the parent. */

static nu__timer *meld(nu__timer *a, nu__timer *b)
{
    if (!a || !b)
        return a ? a : b;
    if (b->queued < a->queued) {
        nu__timer *swap = a;

        a = b;
        b = swap;
    }
    b->previous = a;
    b->next = a->child;
    if (a->child)
        a->child->previous = b;
    a->child = b;
    return a;
}

/* Meld a list of siblings: in pairs from the left, then the pairs from the right. */
static nu__timer *meld_list(nu__timer *list)
{
    nu__timer *pairs = NULL, *root = NULL;

    while (list) {
        nu__timer *a = list, *b = a->next, *pair;

        list = b ? b->next : NULL;
        a->next = a->previous = NULL;
        if (b)
            b->next = b->previous = NULL;
        pair = meld(a, b);
        pair->next = pairs; /* free on a root: the stack of pairs */
        pairs = pair;
    }
    while (pairs) {
        nu__timer *pair = pairs;

        pairs = pair->next;
        pair->next = NULL;
        root = meld(root, pair);
    }
    return root;
}

static void heap_add(nu__loop_state *loop, nu__timer *timer)
{
    timer->queued = timer->due;
    timer->in_heap = true;
    timer->child = timer->next = timer->previous = NULL;
    loop->timers = meld(loop->timers, timer);
}

static void heap_remove(nu__loop_state *loop, nu__timer *timer)
{
    nu__timer *children = meld_list(timer->child);

    timer->in_heap = false;
    if (timer == loop->timers) {
        loop->timers = children;
        return;
    }
    if (timer->previous->child == timer)
        timer->previous->child = timer->next;
    else
        timer->previous->next = timer->next;
    if (timer->next)
        timer->next->previous = timer->previous;
    loop->timers = meld(loop->timers, children);
}

/* ---- the clock under the heap ---------------------------------------------------------------- */

static void on_clock(uv_timer_t *clock);

/* Have libuv call when the earliest is due. */
static void set_clock(nu__loop_state *loop)
{
    uint64_t now = uv_now(&loop->uv), first;

    if (!loop->timers) {
        uv_timer_stop(&loop->clock);
        return;
    }
    first = loop->timers->queued;
    uv_timer_start(&loop->clock, on_clock, first > now ? first - now : 0, 0);
}

/* Those that are due now; a timer that a callback starts for this very moment waits a turn. */
static void on_clock(uv_timer_t *clock)
{
    nu__loop_state *loop = clock->data;
    uint64_t now = uv_now(&loop->uv);
    nu__timer *timer;

    loop->in_timers = true;
    while ((timer = loop->timers) && timer->queued <= now) {
        heap_remove(loop, timer);
        if (timer->due > now) {
            heap_add(loop, timer);
        } else if (timer->due) {
            timer->due = 0;
            timer->fn(timer);
        }
    }
    loop->in_timers = false;
    set_clock(loop);
}

void nu__timers_init(nu__loop_state *loop)
{
    uv_timer_init(&loop->uv, &loop->clock);
    loop->clock.data = loop;
}

void nu__timer_start_at(nu__timer *timer, uint64_t due, void (*fn)(nu__timer *))
{
    nu__loop_state *loop = nu__loop_here;
    uint64_t now = uv_now(&loop->uv);

    timer->fn = fn;
    timer->due = due > now ? due : now + 1;
    if (timer->in_heap && timer->queued <= timer->due)
        return;
    if (timer->in_heap)
        heap_remove(loop, timer);
    heap_add(loop, timer);
    if (loop->timers == timer && !loop->in_timers)
        set_clock(loop);
}

void nu__timer_start(nu__timer *timer, uint64_t ms, void (*fn)(nu__timer *))
{
    uint64_t due;

    if (__builtin_add_overflow(uv_now(&nu__loop_here->uv), ms, &due))
        due = UINT64_MAX;
    nu__timer_start_at(timer, due, fn);
}

void nu__timer_pause(nu__timer *timer)
{
    timer->due = 0;
}

void nu__timer_stop(nu__timer *timer)
{
    timer->due = 0;
    if (timer->in_heap)
        heap_remove(nu__loop_here, timer);
}
