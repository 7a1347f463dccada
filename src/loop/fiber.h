/**
 * @file
 * Stackful fibers: a request, a command, a task each run in one, as code that reads as blocking.
 *
 *   nu__fiber_enter / a turn of the loop
 *     -> jump to the fiber's stack, nu__here = its context
 *          fn(arg) … park -> jump back; a callback of the loop wakes it; the next turn jumps in
 *        an error that escapes is logged with its causes; at-end functions; the arena is reset
 *     <- jump back; stack and context wait in the pool for the next fiber
 *
 * Fibers belong to the thread of their loop and are never resumed elsewhere. Only a fiber that
 * parks gives way to others. A wake is a hint: it may come early or from elsewhere, so whoever
 * parks waits for a condition in a loop.
 */
#pragma once
#include "core/context.h"
#include "loop/loop.h"

typedef struct nu__fiber nu__fiber;

typedef struct nu__fiber_options {
    size_t stack_size;   /* bytes a fiber may use; 0: 256 KiB (1 MiB under the address sanitizer) */
    uint32_t max_fibers; /* 0: 131,072 */
    enum { NU__GUARD_BEST, NU__GUARD_PAGES, NU__GUARD_CANARY } guard; /* for tests: no better one */
} nu__fiber_options;

/* Before the loop starts; later calls have no effect on a loop that runs. */
void nu__fiber_configure(const nu__fiber_options *options);

/* A fiber that runs at the next turn of the loop. `what` names the work in messages and is borrowed
   until the fiber ends. NULL when out of memory or past max_fibers. The pointer is good until the
   fiber's at-end functions have returned. Where no loop runs: runs `fn` at once on a context of its
   own, and returns NULL. */
nu__fiber *nu__fiber_spawn(const char *what, void (*fn)(void *arg), void *arg);

/* The same, running at once on the caller's turn until it parks or ends. `fn` itself tells
   nu__fiber_current() to whoever must wake or cancel it. false: no fiber could be had. */
bool nu__fiber_enter(const char *what, void (*fn)(void *arg), void *arg);

nu__fiber *nu__fiber_current(void); /* NULL outside of fibers */
const char *nu__fiber_name(const nu__fiber *fiber);
size_t nu__fiber_count(void); /* fibers of this loop that have not ended */

/* ---- waiting ------------------------------------------------------------------------------ */

typedef enum nu__wait_result { NU__WAIT_WOKEN, NU__WAIT_LATE, NU__WAIT_CANCELLED } nu__wait_result;

/* Wait for a wake, a deadline (nu__time() + seconds) or cancellation. Raises nothing, but a wait
   that a clean-up makes ends after 30 s: NU__WAIT_LATE. For code that must tidy up itself. */
nu__wait_result nu__fiber_wait(double deadline);
/* The same. Raises NU_CANCELLED; TimeoutError in a clean-up after 30 s. */
void nu__fiber_park(void);
bool nu__fiber_park_until(double deadline); /* false: the deadline has come */
/* Let the other ready fibers run. Raises NU_CANCELLED. */
void nu__fiber_yield(void);
/* Wait until *done, deaf to cancellation: for what another thread still works on. Whoever sets
 *done wakes the fiber. */
void nu__fiber_wait_done(const bool *done);

/* Resume a parked fiber at the next chance of the loop; no effect on one that is running or ready.
   From the loop's thread only. */
void nu__fiber_wake(nu__fiber *fiber);

/* ---- cancellation ------------------------------------------------------------------------- */

/* From now on each wait of the fiber raises NU_CANCELLED, beginning with the one it is in, unless
   it is shielded (clean-ups are). A job that it has out in a thread is waited for. */
void nu__fiber_cancel(nu__fiber *fiber);
bool nu__fiber_cancelled(const nu__fiber *fiber);

/* Waits between the two are not cancelled; nests. On a raise the count of the catching mark is
   restored. */
void nu__fiber_shield(void);
void nu__fiber_unshield(void);
