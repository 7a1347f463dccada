/**
 * @file
 * What the files of loop/ share about fibers and the state of a thread's loop.
 *
 * A fiber's struct lies at the top of its own stack, so that a parked fiber takes one page:
 *
 *   [guard][…… stack …… frames][nu__fiber: links, deadline, context]
 *
 * States:  idle (pooled, at the top of its body) -> ready -> running <-> parked -> idle.
 * A fiber is on `live` from its start to its end, on `idle` otherwise, and on the ready queue while
 * it is ready. A body never returns: it ends by jumping back with the fiber idle, so that the next
 * run costs a jump and no set-up.
 */
#pragma once
#include "loop/fiber.h"
#include "loop/moderation.h"
#include "loop/stack.h"
#include "loop/timer.h"
#include "loop/wait.h"

#if defined(__SANITIZE_THREAD__)
#define NU__TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define NU__TSAN 1
#endif
#endif

typedef enum nu__fiber_state {
    NU__FIBER_IDLE,
    NU__FIBER_READY,
    NU__FIBER_RUNNING,
    NU__FIBER_PARKED
} nu__fiber_state;

typedef struct nu__link {
    struct nu__link *next, *previous;
} nu__link;

struct nu__fiber {
    nu__link link;     /* in `live` or `idle` */
    void *at;          /* where it stands, when it does not run */
    void *resumer;     /* where to jump back to, when it runs */
    nu__context *here; /* nu__here, when it does not run */
    nu__fiber *next_ready;
    void (*fn)(void *arg);
    void *arg;
    nu__fiber_state state;
    bool cancelled, late, has_canary;
    bool has_job; /* a thread works on its stack: neither resumed for good nor dropped */
    void (*interrupt)(void *arg); /* called once on cancellation: its job out in a thread */
    void *interrupt_arg;
    nu__timer deadline;
    nu__stack stack;
#ifdef NU__ASAN
    void *fake_stack;
    const void *resumer_low;
    size_t resumer_size;
#endif
#ifdef NU__TSAN
    void *tsan, *resumer_tsan;
#endif
    unsigned valgrind_id;
    nu__context context;
};

typedef struct nu__loop_state {
    uv_loop_t uv;
    nu__fiber *current;
    nu__fiber *ready, **ready_end;
    nu__turn_end *at_turn_end, **at_turn_end_end;
    nu__moderation moderated[NU__MODERATED];
    nu__clients clients;
    nu__timer *timers; /* the heap's root: the earliest */
    bool in_timers;
    nu__link live, idle;                 /* idle: the one that ended last comes first */
    uint32_t n_live, n_idle, least_idle; /* least_idle: since the last trim */
    nu__timer trim;
    nu__stacks stacks;

    struct nu__job *_Atomic finished; /* pushed by threads, taken whole */
    _Atomic bool sleeping;            /* threads must ring `bell` */
    struct nu__crew *pool;

    uv_timer_t clock;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_idle_t busy; /* active: the next poll does not wait */
    uv_async_t bell;

    struct nu__caught_signal *signals;
    uint64_t pending_signals;
    nu__wait_queue signal_waiters;

    void *crash_stack;
    bool main_done;
    int status;
} nu__loop_state;

extern _Thread_local nu__loop_state *nu__loop_here NU__FAST_TLS;

/* ---- run.c: the pool of fibers, the ready queue ---------------------------------- */

void nu__fibers_init(nu__loop_state *loop, const nu__fiber_options *options);
void nu__fibers_release(nu__loop_state *loop); /* those on `live` are dropped as they stand */
nu__fiber *nu__fiber_take(nu__loop_state *loop, const char *what, void (*fn)(void *), void *arg);
/* Those that are ready now; what they make ready waits for the next call. */
void nu__fibers_run_ready(nu__loop_state *loop);

/* On the fiber that an error has left: log it with its causes; cancellation only under DEBUG. */
void nu__fiber_report(const nu_error *error);

/* ---- fiber.c ----------------------------------------------------------------------------------
 */

/* What a wait came to: true when woken, false at `deadline`; raises when cancelled, and where the
   wait ended before its deadline because a clean-up made it. */
bool nu__wait_settle(nu__wait_result result, double deadline);

/* ---- others ---------------------------------------------------------------------------------- */

extern nu__fiber_options nu__fiber_configured;

void nu__timers_init(nu__loop_state *loop);
/* Stop without leaving the heap: for a timer that is soon started again, whose memory stays until
   nu__timer_stop. */
void nu__timer_pause(nu__timer *timer);

void nu__jobs_collect(nu__loop_state *loop); /* wake the fibers whose jobs have returned */
bool nu__jobs_may_sleep(nu__loop_state *loop);
void nu__moderate(
    nu__loop_state *loop); /* sleep where that brings several answers or requests at once */
void nu__pool_release(nu__loop_state *loop);
void nu__caught_signals_release(nu__loop_state *loop);

/* Tell of a crash which fiber it hit, before its signal takes its course. For this thread. */
void nu__crash_install(nu__loop_state *loop);
void nu__crash_release(nu__loop_state *loop);
NU_NORETURN void nu__overflow_die(const nu__fiber *fiber); /* a canary is gone */
NU_NORETURN void nu__die(const char *message);
void nu__sleep_inline(double seconds); /* blocks the thread */

static inline bool nu__cancel_due(const nu__fiber *fiber)
{
    return fiber->cancelled && !nu__here->shield;
}

static inline void nu__fiber_make_ready(nu__loop_state *loop, nu__fiber *fiber)
{
    fiber->next_ready = NULL;
    *loop->ready_end = fiber;
    loop->ready_end = &fiber->next_ready;
}
