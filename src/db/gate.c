#include "db/gate.h"

#include "loop/fiber.h"
#include <nuages/errors.h>

struct nu__gate_waiter {
    nu__gate *gate;
    nu__fiber *fiber;
    nu__gate_waiter *prev, *next;
    bool let_in;
};

static void unlink_waiter(nu__gate_waiter *waiter)
{
    nu__gate *gate = waiter->gate;

    *(waiter->prev ? &waiter->prev->next : &gate->first) = waiter->next;
    *(waiter->next ? &waiter->next->prev : &gate->last) = waiter->prev;
}

static void link_waiter(nu__gate_waiter *waiter)
{
    nu__gate *gate = waiter->gate;

    waiter->prev = gate->last;
    *(gate->last ? &gate->last->next : &gate->first) = waiter;
    gate->last = waiter;
}

/* However the wait ended: a fiber that is cancelled just after it was let in hands its place on. */
static void leave_line(void *arg)
{
    nu__gate_waiter *waiter = arg;

    if (waiter->let_in)
        nu__gate_leave(waiter->gate);
    else
        unlink_waiter(waiter);
}

static void wait_in_line(nu__gate_waiter *waiter, double deadline)
{
    size_t slot = nu__cleanup_push(leave_line, waiter);

    while (!waiter->let_in && nu__fiber_park_until(deadline))
        ;
    nu__cleanup_pop(slot);
}

bool nu__gate_enter(nu__gate *gate, double deadline)
{
    nu__gate_waiter waiter = { .gate = gate, .fiber = nu__fiber_current() };

    if (gate->free) {
        gate->free--;
        return true;
    }
    if (!waiter.fiber)
        return false;
    link_waiter(&waiter);
    wait_in_line(&waiter, deadline);
    if (!waiter.let_in)
        unlink_waiter(&waiter);
    return waiter.let_in;
}

void nu__gate_leave(nu__gate *gate)
{
    nu__gate_waiter *waiter = gate->first;

    if (!waiter) {
        gate->free++;
        return;
    }
    unlink_waiter(waiter);
    waiter->let_in = true;
    nu__fiber_wake(waiter->fiber);
}

uint32_t nu__gate_waiting(const nu__gate *gate)
{
    uint32_t n = 0;

    for (const nu__gate_waiter *waiter = gate->first; waiter; waiter = waiter->next)
        n++;
    return n;
}
