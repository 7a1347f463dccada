/* Five hundred fibers share a small pool, and are cancelled at any moment: nothing leaks, no one
   waits for ever, and what each wrote is there whole or not at all. */
#include "faults.h"

#include "db/database.h"
#include "harness_loop.h"
#include "loop/fiber.h"
#include "unit/db/db_fixture.h"

#include <nuages/loop.h>
#include <nuages/queries.h>
#include <nuages/transaction.h>
#include <stdlib.h>

enum { FIBERS = 500, HANDLES = 4 };

typedef enum outcome { RUNNING, COMMITTED, CANCELLED, REFUSED, FAILED } outcome;

static struct worker {
    nu__fiber *fiber;
    outcome outcome;
    int number;
} workers[FIBERS];

static nu__database *database(void)
{
    return nu__database_of("default");
}

static void pool(const char *name, double timeout)
{
    fault_school(name, nu_fmt("max_connections={}&timeout={}", (int64_t)HANDLES, timeout).ptr);
    RUN("CREATE TABLE t (v integer, half integer)");
}

/* Two rows in one transaction, with reads and a pause between them. */
static void write_both(const struct worker *worker)
{
    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (?, 1)", worker->number);
    if (worker->number % 3 == 0)
        nu__fiber_yield();
    CELL("SELECT count(*) FROM t");
    (void)!nu_catch_atomic(NU_RUNTIME_ERROR, ({
                               RUN("INSERT INTO t VALUES (?, 3)", worker->number);
                               nu_raise(NU_RUNTIME_ERROR, "undone");
                           }));
    RUN("INSERT INTO t VALUES (?, 2)", worker->number);
}

/* Most read in a transaction, and hold a handle while they do; some leave rows unread. */
static void read_some(const struct worker *worker)
{
    nu__rows *rows = nu__db_query(DB, S("SELECT v FROM t"), (nu_values){ 0 });

    nu__rows_next(rows);
    nu__fiber_yield();
    if (worker->number % 2)
        nu__rows_close(rows);
}

static void work(void *arg)
{
    const struct worker *worker = arg;

    if (worker->number % 5 < 2)
        write_both(worker);
    else
        read_some(worker);
}

static void worker_main(void *arg)
{
    struct worker *worker = arg;
    const nu_error *error;

    worker->fiber = nu__fiber_current();
    worker->outcome = RUNNING;
    error = nu__guard(work, worker);
    worker->outcome = !error                                              ? COMMITTED
                      : error->klass == NU_CANCELLED                      ? CANCELLED
                      : nu_error_is_a(error->klass, NU_OPERATIONAL_ERROR) ? REFUSED
                                                                          : FAILED;
    worker->fiber = NULL;
    if (worker->outcome == FAILED)
        printf("%s\n", nu_fmt("{}: {}", nu_error_class_name(error->klass), error->message).ptr);
    if (error && error->klass == NU_CANCELLED)
        nu_reraise(error);
}

static void start_all(void)
{
    for (int i = 0; i < FIBERS; i++) {
        workers[i] = (struct worker){ .number = i, .outcome = RUNNING };
        CHECK(nu__fiber_enter("worker", worker_main, &workers[i]));
    }
}

static void wait_for_all(void)
{
    for (int turns = 0; nu__fiber_count() > 1 && turns < 100000; turns++)
        nu_sleep(0.001);
    CHECK_INT(nu__fiber_count(), 1);
}

static void check_pool_is_whole(void)
{
    CHECK_INT(database()->gate.free, HANDLES);
    CHECK(database()->gate.first == NULL);
    CHECK(database()->n_handles <= HANDLES);
    CHECK_STR(CELL("SELECT count(*) FROM t WHERE half = 3"), "0");
    CHECK_STR(CELL("SELECT count(*) FROM (SELECT v FROM t GROUP BY v HAVING count(*) <> 2)"), "0");
}

static int64_t outcomes(outcome wanted)
{
    int64_t n = 0;

    for (int i = 0; i < FIBERS; i++)
        n += workers[i].outcome == wanted;
    return n;
}

static void every_fiber_gets_its_turn_with_a_small_pool(void)
{
    pool("turns.db", 60);
    start_all();
    wait_for_all();
    CHECK_INT(outcomes(COMMITTED), FIBERS);
    CHECK_STR(CELL("SELECT count(*) FROM t"), "400");
    check_pool_is_whole();
}

static void fibers_cancelled_at_any_moment_leave_nothing_behind(void)
{
    pool("cancelled.db", 60);
    for (unsigned seed = 1; seed <= 3; seed++) {
        srandom(seed);
        RUN("DELETE FROM t");
        start_all();
        for (int i = 0; i < FIBERS / 2; i++) {
            nu__fiber *fiber = workers[random() % FIBERS].fiber;

            if (fiber)
                nu__fiber_cancel(fiber);
            if (random() % 4 == 0)
                nu__fiber_yield();
        }
        wait_for_all();
        CHECK_INT(outcomes(FAILED), 0);
        CHECK_INT(outcomes(REFUSED), 0);
        CHECK_INT(outcomes(COMMITTED) + outcomes(CANCELLED), FIBERS);
        CHECK(outcomes(CANCELLED) > 0 && outcomes(COMMITTED) > 0);
        check_pool_is_whole();
    }
    /* Who committed has both rows: none was told so and then rolled back. */
    for (int i = 0; i < FIBERS; i++)
        if (i % 5 < 2 && workers[i].outcome == COMMITTED)
            CHECK(!nu_eq(CELL("SELECT count(*) FROM t WHERE v = ?", i), S("0")));
}

static void who_waits_too_long_is_told_why(void)
{
    nu__handle *held[HANDLES];

    pool("late.db", 0.05);
    for (int i = 0; i < HANDLES; i++)
        held[i] = nu__handle_borrow(database());
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "none of its 4 connections became free within 0.05 seconds",
                 CELL("SELECT 1"));
    for (int i = 0; i < HANDLES; i++)
        nu__handle_return(held[i], false);
    CHECK_STR(CELL("SELECT 1"), "1");
    check_pool_is_whole();
}

/* ---- the line ----------------------------------------------------------------------------- */

static int order[8], n_order;

static void take_turn(void *number)
{
    CELL("SELECT 1");
    order[n_order++] = (int)(intptr_t)number;
}

static void handles_go_to_who_waited_longest(void)
{
    nu__handle *held[HANDLES];

    pool("order.db", 60);
    n_order = 0;
    for (int i = 0; i < HANDLES; i++)
        held[i] = nu__handle_borrow(database());
    for (intptr_t i = 0; i < 8; i++)
        nu__fiber_enter("waiter", take_turn, (void *)i);
    CHECK_INT(n_order, 0);
    nu__handle_return(held[0], false);
    wait_for_all();
    for (int i = 0; i < 8; i++)
        CHECK_INT(order[i], i);
    for (int i = 1; i < HANDLES; i++)
        nu__handle_return(held[i], false);
    check_pool_is_whole();
}

/* ---- age ---------------------------------------------------------------------------------- */

static void a_connection_past_its_age_is_closed_and_made_anew(void)
{
    nu__handle *first, *second;

    pool("age.db", 5);
    database()->max_age = 3600;
    first = nu__handle_borrow(database());
    first->opened_at -= 3000;
    nu__handle_return(first, false);
    CHECK_INT(database()->n_handles, 1);
    second = nu__handle_borrow(database());
    CHECK(second == first);
    second->opened_at -= 1000;
    nu__handle_return(second, false);
    CHECK_INT(database()->n_handles, 0);
    CHECK_STR(CELL("SELECT count(*) FROM t"), "0");
}

static void a_health_check_notices_a_replaced_file_at_once(void)
{
    const char *path;

    fault_school("health.db", "journal_mode=delete");
    RUN("CREATE TABLE t (v integer)");
    path = fixture_path("health.db");
    database()->health_checks = true;
    CHECK_STR(CELL("SELECT count(*) FROM t"), "0");
    CHECK(rename(path, nu_fmt("{}.old", path).ptr) == 0);
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "no such table: t", CELL("SELECT count(*) FROM t"));
    CHECK(rename(nu_fmt("{}.old", path).ptr, path) == 0);
    CHECK_STR(CELL("SELECT count(*) FROM t"), "0");
}

HARNESS_IN_FIBER(every_fiber_gets_its_turn_with_a_small_pool,
                 fibers_cancelled_at_any_moment_leave_nothing_behind,
                 who_waits_too_long_is_told_why, handles_go_to_who_waited_longest,
                 a_connection_past_its_age_is_closed_and_made_anew,
                 a_health_check_notices_a_replaced_file_at_once)
