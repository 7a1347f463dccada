/* An error raised in each place where the library calls the site: it reaches the caller, the
   transaction is undone, and the next request works. */
#include "faults.h"

#include "db/transaction.h"
#include "harness_loop.h"
#include "loop/fiber.h"
#include "signals/signals.h"
#include "unit/db/db_fixture.h"

#include <nuages/loop.h>
#include <nuages/queries.h>
#include <nuages/signals.h>
#include <nuages/transaction.h>

static void school(const char *name)
{
    nu__signals_release();
    fault_school(name, "timeout=0.2");
}

/* What the request wrote is gone, and the next one works. */
static void check_undone(const char *message, const nu_error *error)
{
    CHECK(error && error->klass == NU_RUNTIME_ERROR);
    if (error)
        CHECK_STR(error->message, message);
    CHECK_INT(nu_count(nu_objects(Tag)), 0);
    CHECK(!nu_in_atomic());
    nu__signals_release();
    nu_create(Tag, .name = S("next"), .slug = S("next"));
    CHECK_INT(nu_count(nu_objects(Tag)), 1);
    nu_delete_all(nu_objects(Tag));
}

/* ---- receivers ---------------------------------------------------------------------------- */

static void refuse(const nu_signal_event *event)
{
    (void)event;
    nu_raise(NU_RUNTIME_ERROR, "a receiver refuses");
}

static void change_tags(void *unused)
{
    Tag *tag;
    Course *course;

    (void)unused;
    nu_atomic_scope();
    tag = nu_create(Tag, .name = S("one"), .slug = S("one"));
    nu_create(Tag, .name = S("two"), .slug = S("two"));
    course =
        nu_create(Course, .title = S("C"), .code = S("C"), .credits = 3,
                  .department = nu_ref_to(nu_create(Department, .name = S("D"), .code = S("D"))));
    nu_many_add(course, tags, tag);
    nu_delete(tag);
}

static void a_receiver_that_raises_undoes_the_transaction(void)
{
    static const nu_signal signals[] = { NU_PRE_SAVE, NU_POST_SAVE, NU_PRE_DELETE, NU_POST_DELETE,
                                         NU_M2M_CHANGED };

    school("receivers.db");
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        nu_signal_connect(&(nu_receiver){ .signal = signals[i], .fn = refuse });
        check_undone("a receiver refuses", fault_run(change_tags, NULL));
        CHECK_INT(nu_count(nu_objects(Course)), 0);
    }
}

/* Without a block around it a single write is its own transaction. */
static void save_alone(void *unused)
{
    (void)unused;
    nu_create(Tag, .name = S("alone"), .slug = S("alone"));
}

static void a_receiver_before_the_write_keeps_it_from_happening(void)
{
    school("before.db");
    nu_signal_connect(&(nu_receiver){ .signal = NU_PRE_SAVE, .fn = refuse });
    check_undone("a receiver refuses", fault_run(save_alone, NULL));
}

/* ---- on_commit ---------------------------------------------------------------------------- */

static int hooks_run;

static void hook(void *unused)
{
    (void)unused;
    hooks_run++;
}

static void raising_hook(void *unused)
{
    (void)unused;
    hooks_run++;
    nu_raise(NU_RUNTIME_ERROR, "a hook refuses");
}

static void commit_with_hooks(void *robust)
{
    nu_atomic_scope();
    nu_create(Tag, .name = S("kept"), .slug = S("kept"));
    nu_on_commit(hook, NULL);
    nu_on_commit(raising_hook, NULL, .robust = robust != NULL);
    nu_on_commit(hook, NULL);
}

static void a_hook_that_raises_after_the_commit_undoes_nothing(void)
{
    const nu_error *error;

    school("hooks.db");
    hooks_run = 0;
    error = fault_run(commit_with_hooks, NULL);
    CHECK(error && error->klass == NU_RUNTIME_ERROR);
    CHECK_INT(hooks_run, 2);
    CHECK_INT(nu_count(nu_objects(Tag)), 1);
    CHECK(!nu_in_atomic());
    nu_delete_all(nu_objects(Tag));
    hooks_run = 0;
    CHECK(!fault_run(commit_with_hooks, "robust"));
    CHECK_INT(hooks_run, 3);
    CHECK_INT(nu_count(nu_objects(Tag)), 1);
}

/* ---- loops and attempts ------------------------------------------------------------------- */

static void leave_a_loop(void *unused)
{
    (void)unused;
    nu_atomic_scope();
    for (int i = 0; i < 200; i++)
        nu_create(Tag, .name = nu_fmt("n{}", i), .slug = nu_fmt("s{}", i));
    nu_each (Tag, tag, nu_objects(Tag)) {
        tag->name = S("changed");
        nu_save(tag);
        nu_raise(NU_RUNTIME_ERROR, "out of the loop");
    }
}

static void a_raise_out_of_a_loop_over_rows_frees_them(void)
{
    school("loop.db");
    check_undone("out of the loop", fault_run(leave_a_loop, NULL));
}

static void *attempt(void *unused)
{
    (void)unused;
    nu_create(Tag, .name = S("tried"), .slug = S("tried"));
    nu_raise(NU_RUNTIME_ERROR, "the attempt fails");
}

static void try_it(void *unused)
{
    (void)unused;
    nu_run_atomic(attempt, NULL, .retries = 3);
}

static void an_attempt_that_raises_is_undone_and_not_repeated(void)
{
    school("attempt.db");
    check_undone("the attempt fails", fault_run(try_it, NULL));
}

/* ---- cancellation ------------------------------------------------------------------------- */

/* Where the fiber is when it is cancelled: waiting in the block, in a clean-up of it, in a hook. */
typedef enum place { IN_BLOCK, IN_SAVEPOINT, IN_ROWS, IN_HOOK, PLACES } place;

static nu__fiber *waiting;

static void wait_for_the_end(void)
{
    waiting = nu__fiber_current();
    nu_sleep(30);
}

static void waiting_hook(void *unused)
{
    (void)unused;
    wait_for_the_end();
}

static void wait_there(void *arg)
{
    place where = (place)(intptr_t)arg;

    nu_atomic_scope();
    nu_create(Tag, .name = S("cancelled"), .slug = S("cancelled"));
    if (where == IN_HOOK) {
        nu_on_commit(waiting_hook, NULL);
        return;
    }
    if (where == IN_BLOCK)
        wait_for_the_end();
    nu_atomic
    {
        nu_create(Tag, .name = S("inner"), .slug = S("inner"));
        if (where == IN_SAVEPOINT)
            wait_for_the_end();
    }
    nu_each (Tag, tag, nu_objects(Tag)) {
        CHECK(tag->id);
        wait_for_the_end();
    }
}

static void a_fiber_cancelled_anywhere_in_a_transaction_rolls_back(void)
{
    school("cancel.db");
    for (place where = 0; where < PLACES; where++) {
        waiting = NULL;
        CHECK(nu__fiber_enter("request", wait_there, (void *)(intptr_t)where));
        while (!waiting)
            nu_sleep(0.001);
        nu__fiber_cancel(waiting);
        while (nu__fiber_count() > 1)
            nu_sleep(0.001);
        CHECK_INT(nu_count(nu_objects(Tag)), where == IN_HOOK ? 1 : 0);
        nu_delete_all(nu_objects(Tag));
        nu_create(Tag, .name = S("next"), .slug = S("next"));
        nu_delete_all(nu_objects(Tag));
    }
}

HARNESS_IN_FIBER(a_receiver_that_raises_undoes_the_transaction,
                 a_receiver_before_the_write_keeps_it_from_happening,
                 a_hook_that_raises_after_the_commit_undoes_nothing,
                 a_raise_out_of_a_loop_over_rows_frees_them,
                 an_attempt_that_raises_is_undone_and_not_repeated,
                 a_fiber_cancelled_anywhere_in_a_transaction_rolls_back)
