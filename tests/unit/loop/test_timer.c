#include "harness_loop.h"

#include "loop/timer.h"

#include <stdlib.h>

typedef struct probe {
    nu__timer timer;
    uint64_t at; /* when it was called, or 0 */
    int calls;
} probe;

static void record(nu__timer *timer)
{
    probe *p = (probe *)timer;

    p->at = nu__loop_ms();
    p->calls++;
}

static void a_timer_calls_once_when_it_is_due(void)
{
    probe p = { 0 };
    uint64_t start = nu__loop_ms();

    nu__timer_start(&p.timer, 10, record);
    CHECK(nu__timer_active(&p.timer));
    nu_sleep(0.04);
    CHECK_INT(p.calls, 1);
    CHECK(p.at >= start + 10);
    CHECK(!nu__timer_active(&p.timer));
}

static void a_stopped_timer_does_not_call(void)
{
    probe p = { 0 };

    nu__timer_start(&p.timer, 5, record);
    nu__timer_stop(&p.timer);
    nu__timer_stop(&p.timer);
    nu_sleep(0.02);
    CHECK_INT(p.calls, 0);
}

static void starting_again_moves_it_later_or_earlier(void)
{
    probe later = { 0 }, earlier = { 0 };
    uint64_t start = nu__loop_ms();

    nu__timer_start(&later.timer, 5, record);
    nu__timer_start(&later.timer, 30, record);
    nu__timer_start(&earlier.timer, 10000, record);
    nu__timer_start(&earlier.timer, 5, record);
    nu_sleep(0.06);
    CHECK_INT(later.calls, 1);
    CHECK(later.at >= start + 30);
    CHECK_INT(earlier.calls, 1);
    CHECK(earlier.at < later.at);
}

static void rearm(nu__timer *timer)
{
    if (++((probe *)timer)->calls < 3)
        nu__timer_start(timer, 0, rearm);
}

static void a_timer_may_start_itself_again(void)
{
    probe p = { 0 };

    nu__timer_start(&p.timer, 1, rearm);
    nu_sleep(0.03);
    CHECK_INT(p.calls, 3);
}

/* Thousands, started, moved and stopped at random: each that is left calls once, none before its
   time, and in order. */
static void thousands_of_timers_keep_their_order(void)
{
    enum { MANY = 3000 };
    static probe probes[MANY];
    static uint64_t due[MANY];
    unsigned seed = 1;

    memset(probes, 0, sizeof(probes));
    for (int i = 0; i < 4 * MANY; i++) {
        int k = rand_r(&seed) % MANY;
        uint64_t ms = (uint64_t)(rand_r(&seed) % 50);

        if (rand_r(&seed) % 4 == 0) {
            nu__timer_stop(&probes[k].timer);
            due[k] = 0;
        } else {
            nu__timer_start(&probes[k].timer, ms, record);
            due[k] = nu__loop_ms() + ms;
        }
    }
    nu_sleep(0.08);
    for (int k = 0; k < MANY; k++) {
        CHECK_INT(probes[k].calls, due[k] != 0);
        CHECK(probes[k].at >= due[k]);
    }
}

HARNESS_IN_FIBER(a_timer_calls_once_when_it_is_due, a_stopped_timer_does_not_call,
                 starting_again_moves_it_later_or_earlier, a_timer_may_start_itself_again,
                 thousands_of_timers_keep_their_order)
