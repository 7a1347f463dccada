/**
 * @file
 * The event loop of a thread: libuv's, with fibers on top.
 *
 *   uv_run
 *     timers             nu__timer callbacks: deadlines of fibers and connections
 *     prepare            fibers that are ready, then to the kernel for events
 *     poll               connection callbacks, which enter or wake fibers
 *     check              finished jobs of threads, fibers that are ready, then the end of the turn
 *
 * One thread has at most one loop; a worker process has one. Code below runs in one of three
 * places: on a fiber (may wait), in a callback of the loop (must not), or where no loop runs at all
 * (commands, unit tests, threads of the pool): there waiting functions block the thread instead.
 */
#pragma once
#include <nuages/loop.h>
#include <uv.h>

/* The loop of this thread; NULL where none runs. */
uv_loop_t *nu__loop(void);

/* Make a loop, run `fn` in a fiber until it returns, cancel the fibers that are left and wait for
   their clean-ups (10 s at most), then take the loop down: its threads have ended. The status of
   `fn`, or 1, logged, when an error escapes from it. Where a loop runs already it calls `fn`. */
int nu__loop_main(int (*fn)(void *arg), void *arg);

/* Seconds on the monotonic clock, exact and asking the kernel's clock. Deadlines count on it. */
double nu__time(void);
/* The same of the beginning of this turn of the loop, in milliseconds: costs nothing. */
uint64_t nu__loop_ms(void);
/* The same in seconds, for ages: nu__time() runs ahead of it by what the turn has lasted. */
static inline double nu__loop_seconds(void)
{
    return (double)nu__loop_ms() / 1e3;
}

/* A deadline that never comes. */
#define NU__FOREVER __builtin_inf()

/* Work that is put together over a turn of the loop and done once at its end (a log's write, the
   flush of a connection). Zero it, set `fn`; requesting it twice in a turn runs it once. */
typedef struct nu__turn_end {
    void (*fn)(struct nu__turn_end *self);
    struct nu__turn_end *next;
    bool requested;
} nu__turn_end;
void nu__at_turn_end(nu__turn_end *work);
