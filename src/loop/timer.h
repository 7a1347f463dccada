/**
 * @file
 * Timers by the thousand: a time-out for each connection, a deadline for each waiting fiber.
 *
 * Intrusive and free of allocation: a pairing heap of the loop's timers under one libuv timer. A
 * deadline that moves later (a keep-alive connection's on each request) costs two stores: the timer
 * stays where it is in the heap and is moved on when its old time comes. All zero is stopped.
 * Resolution 1 ms. From the loop's thread only.
 */
#pragma once
#include "loop/loop.h"

typedef struct nu__timer {
    uint64_t due;    /* when to call, in the loop's milliseconds; 0: stopped */
    uint64_t queued; /* its place in the heap: at or before `due` */
    void (*fn)(struct nu__timer *timer);
    struct nu__timer *child, *next, *previous; /* previous: elder sibling, or the parent */
    bool in_heap;
} nu__timer;

/* Call `fn(timer)` once, `ms` from the beginning of this turn; replaces what was set before. */
void nu__timer_start(nu__timer *timer, uint64_t ms, void (*fn)(nu__timer *timer));
/* The same at a time on the loop's clock. */
void nu__timer_start_at(nu__timer *timer, uint64_t due, void (*fn)(nu__timer *timer));
/* No effect on a stopped one. Call it before the timer's memory goes. */
void nu__timer_stop(nu__timer *timer);

static inline bool nu__timer_active(const nu__timer *timer)
{
    return timer->due != 0;
}
