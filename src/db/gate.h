/**
 * @file
 * A counting gate for fibers: so many may be inside, the others wait in the order they came.
 *
 * What it guards is SQLite's one writer, and the number of handles of a pool. Where no loop runs
 * nobody can leave while we wait, so a full gate is refused at once.
 */
#pragma once
#include <nuages/base.h>

typedef struct nu__gate_waiter nu__gate_waiter;

typedef struct nu__gate {
    uint32_t free;
    nu__gate_waiter *first, *last;
} nu__gate;

/* Enter, waiting until `deadline` (on the clock of nu__time()): false when it passed. A fiber that
   is cancelled meanwhile leaves the line. Yields. */
bool nu__gate_enter(nu__gate *gate, double deadline);
/* Leave: the place goes to who waits longest. Never raises or yields. */
void nu__gate_leave(nu__gate *gate);
/* How many wait. */
uint32_t nu__gate_waiting(const nu__gate *gate);
