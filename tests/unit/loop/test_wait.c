#include "harness_loop.h"

#include "loop/wait.h"

#include <string.h>

static nu__wait_queue queue;
static char trace[64];

static void take_turn(void *name)
{
    nu__wait(&queue);
    strncat(trace, name, sizeof(trace) - strlen(trace) - 1);
}

static void fibers_get_their_turn_in_the_order_they_came(void)
{
    *trace = 0;
    nu__fiber_enter("a", take_turn, "a");
    nu__fiber_enter("b", take_turn, "b");
    nu__fiber_enter("c", take_turn, "c");
    CHECK(nu__wait_wake_one(&queue));
    nu_sleep(0);
    CHECK_STR(trace, "a");
    CHECK_INT(nu__wait_wake_all(&queue), 2);
    nu_sleep(0);
    CHECK_STR(trace, "abc");
    CHECK(!nu__wait_wake_one(&queue));
}

static void a_wait_with_a_deadline_leaves_the_queue(void)
{
    CHECK(!nu__wait_until(&queue, nu__time() + 0.005));
    CHECK(!nu__wait_wake_one(&queue));
}

static void a_cancelled_fiber_leaves_the_queue(void)
{
    nu__fiber *fiber = nu__fiber_spawn("b", take_turn, "b");

    *trace = 0;
    nu__fiber_enter("a", take_turn, "a");
    nu_sleep(0);
    nu__fiber_cancel(fiber);
    nu_sleep(0);
    CHECK_INT(nu__wait_wake_all(&queue), 1);
    nu_sleep(0);
    CHECK_STR(trace, "a");
}

/* The turn that it was given is not lost: it runs, and is cancelled at its next wait. */
static void a_fiber_woken_and_cancelled_at_once_has_its_turn(void)
{
    nu__fiber *fiber = nu__fiber_spawn("a", take_turn, "a");

    *trace = 0;
    nu_sleep(0);
    nu__wait_wake_one(&queue);
    nu__fiber_cancel(fiber);
    nu_sleep(0);
    CHECK_STR(trace, "a");
}

/* A wake from elsewhere is a hint only. */
static void a_stray_wake_does_not_end_the_wait(void)
{
    nu__fiber *fiber = nu__fiber_spawn("a", take_turn, "a");

    *trace = 0;
    nu_sleep(0);
    nu__fiber_wake(fiber);
    nu_sleep(0);
    CHECK_STR(trace, "");
    CHECK_INT(nu__wait_wake_all(&queue), 1);
    nu_sleep(0);
    CHECK_STR(trace, "a");
}

static int end_runs;

static void at_end(nu__turn_end *work)
{
    (void)work;
    end_runs++;
}

static void work_for_the_end_of_a_turn_runs_once(void)
{
    static nu__turn_end work = { .fn = at_end };

    end_runs = 0;
    nu__at_turn_end(&work);
    nu__at_turn_end(&work);
    CHECK_INT(end_runs, 0);
    nu_sleep(0);
    CHECK_INT(end_runs, 1);
    nu__at_turn_end(&work);
    nu_sleep(0);
    CHECK_INT(end_runs, 2);
}

HARNESS_IN_FIBER(fibers_get_their_turn_in_the_order_they_came,
                 a_wait_with_a_deadline_leaves_the_queue, a_cancelled_fiber_leaves_the_queue,
                 a_fiber_woken_and_cancelled_at_once_has_its_turn,
                 a_stray_wake_does_not_end_the_wait, work_for_the_end_of_a_turn_runs_once)
