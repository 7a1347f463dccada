#include "loop/fiber_int.h"

/* Lies on the stack of the fiber that waits. */
typedef struct nu__waiter {
    struct nu__waiter *next, *previous;
    nu__fiber *fiber;
    bool woken; /* by the queue, and out of it */
} nu__waiter;

/* Not inlined: gcc would warn of the address that stays in the queue until the waiter is woken. */
__attribute__((noinline)) static void add(nu__wait_queue *queue, nu__waiter *waiter)
{
    waiter->previous = queue->last;
    *(queue->last ? &queue->last->next : &queue->first) = waiter;
    queue->last = waiter;
}

static void take_out(nu__wait_queue *queue, nu__waiter *waiter)
{
    *(waiter->previous ? &waiter->previous->next : &queue->first) = waiter->next;
    *(waiter->next ? &waiter->next->previous : &queue->last) = waiter->previous;
}

/* A waiter that was woken has its turn, even if it is cancelled or late by now: its next wait tells
   it so. */
bool nu__wait_until(nu__wait_queue *queue, double deadline)
{
    nu__waiter waiter = { .fiber = nu__fiber_current() };
    nu__wait_result result = NU__WAIT_WOKEN;

    add(queue, &waiter);
    while (!waiter.woken && result == NU__WAIT_WOKEN)
        result = nu__fiber_wait(deadline);
    if (waiter.woken)
        return true;
    take_out(queue, &waiter);
    return nu__wait_settle(result, deadline);
}

void nu__wait(nu__wait_queue *queue)
{
    nu__wait_until(queue, NU__FOREVER);
}

bool nu__wait_wake_one(nu__wait_queue *queue)
{
    nu__waiter *waiter = queue->first;

    if (!waiter)
        return false;
    take_out(queue, waiter);
    waiter->woken = true;
    nu__fiber_wake(waiter->fiber);
    return true;
}

size_t nu__wait_wake_all(nu__wait_queue *queue)
{
    size_t n = 0;

    while (nu__wait_wake_one(queue))
        n++;
    return n;
}
