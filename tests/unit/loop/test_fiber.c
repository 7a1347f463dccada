#include "harness_loop.h"

#include "core/buf.h"
#include "loop/fiber_int.h"
#include "loop/wait.h"

#include <nuages/strings.h>
#include <pthread.h>

static char trace[256];

static void note(const char *word)
{
    strncat(trace, word, sizeof(trace) - strlen(trace) - 1);
}

static void note_word(void *word)
{
    note(word);
}

static nu__wait_queue all_done;
static int left;

static void done(void)
{
    if (--left == 0)
        nu__wait_wake_all(&all_done);
}

/* Start a fiber that join() waits for. */
static nu__fiber *start(void (*fn)(void *), void *arg)
{
    left++;
    return nu__fiber_spawn("child", fn, arg);
}

static void join(void)
{
    while (left)
        nu__wait(&all_done);
}

/* ---- starting and switching ------------------------------------------------------------------ */

static void say_twice(void *word)
{
    note(word);
    nu_sleep(0);
    note(word);
    done();
}

static void a_spawned_fiber_runs_when_the_caller_waits(void)
{
    *trace = 0;
    start(say_twice, "a");
    start(say_twice, "b");
    note("-");
    join();
    CHECK_STR(trace, "-abab");
}

static void an_entered_fiber_runs_at_once_until_it_waits(void)
{
    *trace = 0;
    left = 1;
    CHECK(nu__fiber_enter("child", say_twice, "a"));
    note("-");
    join();
    CHECK_STR(trace, "a-a");
}

static void note_name(void *fiber)
{
    CHECK(nu__fiber_current() != fiber);
    CHECK_STR(nu__fiber_name(nu__fiber_current()), "child");
    CHECK_INT(nu__fiber_count(), 2);
    done();
}

static void each_fiber_knows_itself(void)
{
    start(note_name, nu__fiber_current());
    join();
    CHECK_STR(nu__here->what, "test");
}

static void fill(void *byte)
{
    char local[2000];
    char *heap = nu_alloc_array(char, 2000);

    memset(local, *(char *)byte, sizeof(local));
    memset(heap, *(char *)byte, sizeof(local));
    for (int i = 0; i < 3; i++) {
        nu_sleep(0);
        CHECK(memcmp(local, heap, sizeof(local)) == 0 && local[7] == *(char *)byte);
    }
    done();
}

static void stacks_and_arenas_of_fibers_are_their_own(void)
{
    for (int i = 0; i < 26; i++)
        start(fill, (char *)"abcdefghijklmnopqrstuvwxyz" + i);
    join();
}

static void count_up(void *n)
{
    ++*(int *)n;
    done();
}

static void fibers_are_used_again(void)
{
    int n = 0;

    for (int i = 0; i < 10000; i++) {
        left++;
        nu__fiber_enter("child", count_up, &n);
    }
    CHECK_INT(n, 10000);
    CHECK_INT(nu__fiber_count(), 1);
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void raise_in_the_middle(void *arg)
{
    (void)arg;
    nu_defer(note_word, "deferred ");
    nu_sleep(0);
    done();
    nu_raise(NU_VALUE_ERROR, "out of the fiber");
}

static void an_error_ends_its_own_fiber_only(void)
{
    *trace = 0;
    start(raise_in_the_middle, NULL);
    join();
    nu_sleep(0);
    CHECK_STR(trace, "deferred ");
    CHECK_INT(nu__fiber_count(), 1);
}

static void catch_across_a_wait(void *ok)
{
    const nu_error *e = nu_catch(NU_VALUE_ERROR, raise_in_the_middle(NULL));

    *(bool *)ok = e && nu_eq(e->message, "out of the fiber");
}

static void a_catch_holds_across_waits_of_several_fibers(void)
{
    bool ok[3] = { 0 };

    for (int i = 0; i < 3; i++)
        start(catch_across_a_wait, &ok[i]);
    join();
    nu_sleep(0);
    CHECK(ok[0] && ok[1] && ok[2]);
}

static void note_end(void *word)
{
    note(word);
    nu_sleep(0);
    note("!");
}

static void end_with_functions(void *arg)
{
    (void)arg;
    nu_on_fiber_end(note_end, "first");
    nu_on_fiber_end(note_end, "last");
    done();
}

static void at_end_functions_run_last_first_and_may_wait(void)
{
    *trace = 0;
    start(end_with_functions, NULL);
    join();
    while (nu__fiber_count() > 1)
        nu_sleep(0);
    CHECK_STR(trace, "last!first!");
}

/* ---- waiting --------------------------------------------------------------------------------- */

static void park_once(void *arg)
{
    (void)arg;
    nu__fiber_park();
    note("woken");
    done();
}

static void a_parked_fiber_runs_when_woken_and_not_before(void)
{
    nu__fiber *fiber = start(park_once, NULL);

    *trace = 0;
    nu_sleep(0.01);
    CHECK_STR(trace, "");
    nu__fiber_wake(fiber);
    nu__fiber_wake(fiber);
    join();
    CHECK_STR(trace, "woken");
}

static void a_wait_ends_at_its_deadline(void)
{
    double before = nu__time();

    CHECK(!nu__fiber_park_until(before + 0.02));
    CHECK(nu__time() >= before + 0.02);
}

static void wake_soon(void *fiber)
{
    nu_sleep(0.005);
    nu__fiber_wake(fiber);
    done();
}

static void a_wake_before_the_deadline_wins(void)
{
    start(wake_soon, nu__fiber_current());
    CHECK(nu__fiber_park_until(nu__time() + 30));
    join();
}

static double bedtime; /* of all, so that a slow start of one changes no order */

static void sleep_and_note(void *arg)
{
    int *order = arg;

    nu__fiber_park_until(bedtime + *order / 100.0);
    note((char[]){ (char)('0' + *order), 0 });
    done();
}

static void sleeping_fibers_wake_in_the_order_of_their_times(void)
{
    int times[] = { 5, 1, 4, 2, 3 };

    *trace = 0;
    bedtime = nu__time();
    for (int i = 0; i < 5; i++)
        start(sleep_and_note, &times[i]);
    join();
    CHECK_STR(trace, "12345");
}

/* ---- cancellation ---------------------------------------------------------------------------- */

static void sleep_a_little(void *arg)
{
    (void)arg;
    nu_sleep(0.002);
    note("slept ");
}

static void wait_for_ever(void *arg)
{
    (void)arg;
    nu_defer(note_word, "cleaned ");
    nu_defer(sleep_a_little, NULL);
    done();
    nu_sleep(1000);
    note("never");
}

static void cancelling_raises_at_the_wait_and_runs_cleanups(void)
{
    nu__fiber *fiber = start(wait_for_ever, NULL);

    *trace = 0;
    join();
    nu__fiber_cancel(fiber);
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK_STR(trace, "slept cleaned ");
}

static void swallow(void *arg)
{
    const nu_error *e = nu_catch(NU_EXCEPTION, nu_sleep(1000));

    (void)arg;
    (void)e;
    note("never");
}

static void a_catch_all_does_not_catch_cancellation(void)
{
    nu__fiber *fiber = nu__fiber_spawn("child", swallow, NULL);

    *trace = 0;
    nu_sleep(0);
    nu__fiber_cancel(fiber);
    nu_sleep(0);
    CHECK_INT(nu__fiber_count(), 1);
    CHECK_STR(trace, "");
}

static void shielded(void *arg)
{
    (void)arg;
    nu__fiber_shield();
    nu_sleep(0.01);
    note("finished ");
    nu__fiber_unshield();
    done();
    nu_sleep(1000);
    note("never");
}

static void a_shielded_wait_is_cancelled_afterwards(void)
{
    nu__fiber *fiber = start(shielded, NULL);

    *trace = 0;
    nu_sleep(0);
    nu__fiber_cancel(fiber);
    CHECK(nu__fiber_cancelled(fiber));
    join();
    nu_sleep(0);
    CHECK_STR(trace, "finished ");
    CHECK_INT(nu__fiber_count(), 1);
}

static void linger(void *arg)
{
    (void)arg;
    nu_defer(note_word, "left over ");
    nu__fiber_park();
}

static int leave_one_behind(void *arg)
{
    (void)arg;
    nu__fiber_spawn("left over", linger, NULL);
    nu_sleep(0);
    return 7;
}

static void *other_thread(void *arg)
{
    *(int *)arg = nu__loop_main(leave_one_behind, NULL);
    return NULL;
}

static void the_end_of_a_loop_cancels_what_is_left(void)
{
    pthread_t thread;
    int status = 0;

    *trace = 0;
    pthread_create(&thread, NULL, other_thread, &status);
    pthread_join(thread, NULL);
    CHECK_STR(trace, "left over ");
    CHECK_INT(status, 7);
}

static void hold_some_memory(void *unused)
{
    (void)unused;
    memset(nu_alloc_(1000, 1), 1, 1000);
    nu_sleep(0.005);
    done();
}

static void a_crowd_that_has_ended_goes_but_for_a_few(void)
{
    enum { CROWD = 100, FEW = 10 };

    for (int i = 0; i < CROWD; i++)
        start(hold_some_memory, NULL);
    join();
    CHECK(nu__loop_here->n_idle >= CROWD - 1);
    for (int i = 0; i < 2000 && nu__loop_here->n_idle > FEW; i++)
        nu_sleep(0.01);
    CHECK(nu__loop_here->n_idle <= FEW);
}

HARNESS_IN_FIBER(a_crowd_that_has_ended_goes_but_for_a_few,
                 a_spawned_fiber_runs_when_the_caller_waits,
                 an_entered_fiber_runs_at_once_until_it_waits, each_fiber_knows_itself,
                 stacks_and_arenas_of_fibers_are_their_own, fibers_are_used_again,
                 an_error_ends_its_own_fiber_only, a_catch_holds_across_waits_of_several_fibers,
                 at_end_functions_run_last_first_and_may_wait,
                 a_parked_fiber_runs_when_woken_and_not_before, a_wait_ends_at_its_deadline,
                 a_wake_before_the_deadline_wins, sleeping_fibers_wake_in_the_order_of_their_times,
                 cancelling_raises_at_the_wait_and_runs_cleanups,
                 a_catch_all_does_not_catch_cancellation, a_shielded_wait_is_cancelled_afterwards,
                 the_end_of_a_loop_cancels_what_is_left)
