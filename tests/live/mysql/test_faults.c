/* The server goes, connections are cut, others are in the way: the error's class is right, nothing
 * is half-written, and the next statement works. */
#include "maria.h"

#include <nuages/loop.h>
#include <nuages/transaction.h>

#include <string.h>

/* ---- faults ------------------------------------------------------------------------------- */

static void kill_soon(void *unused)
{
    (void)unused;
    nu_sleep(0.3);
    live_ask("restart");
}

static void a_server_killed_in_a_query_raises_and_the_next_request_works(void)
{
    maria_fresh("");
    nu__fiber_spawn("killer", kill_soon, NULL);
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "(2013, ", VALUE("SELECT SLEEP(?)", 20));
    CHECK_INT(nu_int(VALUE("SELECT 5")), 5);
}

static void insert_and_kill(void)
{
    nu_atomic_scope();
    maria_insert("half");
    live_ask("restart");
    nu_sleep(0.2);
    maria_insert("other half");
}

static void a_server_killed_in_a_transaction_leaves_nothing_half_written(void)
{
    maria_fresh("");
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "(20", insert_and_kill());
    CHECK(!nu_in_atomic());
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 0);
    maria_insert("whole");
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 1);
}

static void cut_other_connections(void)
{
    nu__connection *other = nu__connection_of("other");
    int64_t own = nu_int(maria_one(other, S("SELECT CONNECTION_ID()"), (nu_values){ 0 }));
    nu__rows *rows;

    nu__connection_hold(other);
    own = nu_int(maria_one(other, S("SELECT CONNECTION_ID()"), (nu_values){ 0 }));
    rows = nu__db_query(other,
                        S("SELECT id FROM information_schema.PROCESSLIST WHERE user = 'nuages' AND "
                          "id != ? AND db = DATABASE()"),
                        NU_ARGS(own));
    while (nu__rows_next(rows))
        nu__db_execute(other, nu_fmt("KILL {}", rows->cells[0].i), (nu_values){ 0 }, NULL);
    nu__rows_close(rows);
    nu__connection_let_go(other);
    nu_sleep(0.05);
}

static void a_connection_cut_while_idle_is_not_lent_again(void)
{
    maria_fresh("");
    CHECK_INT(nu_int(VALUE("SELECT 1")), 1);
    cut_other_connections();
    CHECK_INT(nu_int(VALUE("SELECT 2")), 2);
}

static void insert_and_be_cut(void)
{
    nu_atomic_scope();
    maria_insert("half");
    cut_other_connections();
    maria_insert("other half");
}

static void a_connection_cut_in_a_transaction_rolls_back(void)
{
    maria_fresh("");
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "(", insert_and_be_cut());
    CHECK(!nu_in_atomic());
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 0);
}

static void sleep_in_database(void *arg)
{
    VALUE("SELECT SLEEP(?)", 0.6);
    ++*(int *)arg;
}

static void an_exhausted_pool_says_so_and_serves_again(void)
{
    int done = 0;

    maria_fresh("max_connections=1&timeout=0.2");
    nu__fiber_spawn("holder", sleep_in_database, &done);
    nu_sleep(0.1);
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "none of its 1 connections became free", VALUE("SELECT 1"));
    nu_sleep(0.7);
    CHECK_INT(done, 1);
    CHECK_INT(nu_int(VALUE("SELECT 1")), 1);
}

/* ---- others in the way
 * ---------------------------------------------------------------------------- */

/* Who reads in a serializable transaction locks the row for reading: two that write then wait for
   each other. */
static const contest_sql contest = { "UPDATE contest SET n = n + 1 WHERE id = ?",
                                     "UPDATE contest SET n = ? WHERE id = 1", NU_SERIALIZABLE,
                                     NU_DEADLOCK_DETECTED };

static void a_deadlock_is_told_to_one_of_the_two(void)
{
    maria_fresh("");
    contest_deadlock(&contest);
}

static void a_deadlock_is_run_again_until_both_are_done(void)
{
    maria_fresh("");
    contest_deadlock_overcome(&contest);
}

static void what_cannot_be_serialized_is_told_and_overcome(void)
{
    maria_fresh("");
    contest_serialization(&contest);
}

/* With its option for it the server refuses who writes over a row that was changed since it was
   read, as PostgreSQL does. */
static void a_snapshot_that_was_overtaken_is_told_and_overcome(void)
{
    contest_sql snapshots = contest;

    snapshots.isolation = NU_REPEATABLE_READ;
    snapshots.refusal = NU_SERIALIZATION_FAILURE;
    maria_fresh("init_command=SET%20innodb_snapshot_isolation%3DON");
    contest_serialization(&snapshots);
}

static bool locked, let_go;

static void lock_row(void *unused)
{
    (void)unused;
    nu_atomic_scope(.using = "other");
    nu__db_execute(nu__connection_of("other"), S("UPDATE t SET n = ? WHERE v = 'a'"), NU_ARGS(7),
                   NULL);
    locked = true;
    while (!let_go)
        nu_sleep(0.001);
}

static void lock_elsewhere(void)
{
    locked = let_go = false;
    nu__fiber_spawn("locker", lock_row, NULL);
    while (!locked)
        nu_sleep(0.001);
}

static void a_lock_that_is_waited_for_too_long_is_of_the_deadlocks_class(void)
{
    maria_fresh("init_command=SET%20innodb_lock_wait_timeout%3D1");
    maria_insert("a");
    lock_elsewhere();
    CHECK_RAISES(NU_DEADLOCK_DETECTED, "(1205, ", RUN("UPDATE t SET n = ? WHERE v = ?", 1, "a"));
    let_go = true;
    live_join();
    CHECK_INT(COUNT("SELECT n FROM t"), 7);
}

/* ---- clients that go away ----------------------------------------------------------------- */

static nu__fiber *waiting;

static void wait_for_lock(void *arg)
{
    waiting = nu__fiber_current();
    nu_atomic_scope();
    maria_insert("mine");
    RUN("UPDATE t SET n = ? WHERE v = ?", 1, "a");
    ++*(int *)arg;
}

static int64_t waiting_at_server(void)
{
    return nu_int(maria_one(nu__connection_of("third"),
                            S("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE info LIKE "
                              "'UPDATE t SET n%'"),
                            (nu_values){ 0 }));
}

static void a_fiber_cancelled_in_a_transaction_leaves_no_lock_and_no_row(void)
{
    int done = 0;

    maria_fresh("");
    maria_insert("a");
    lock_elsewhere();
    nu__fiber_spawn("client", wait_for_lock, &done);
    while (!waiting_at_server())
        nu_sleep(0.001);
    nu__fiber_cancel(waiting);
    while (waiting_at_server())
        nu_sleep(0.001);
    let_go = true;
    live_join();
    CHECK_INT(done, 0);
    CHECK_STR(nu_string(VALUE("SELECT GROUP_CONCAT(v) FROM t")), "a");
    CHECK_INT(COUNT("SELECT n FROM t"), 7);
    CHECK_INT(RUN("UPDATE t SET n = ? WHERE v = ?", 1, "a"), 1);
}

static void what_a_fiber_sets_does_not_reach_the_next(void)
{
    maria_fresh("max_connections=1");
    PLAIN("SET @tea = 5");
    CHECK_INT(VALUE("SELECT @tea").kind, NU_KIND_NULL);
    CHECK_INT(nu_int(VALUE("SELECT GET_LOCK(?, 0)", "tea")), 1);
    CHECK_INT(nu_int(maria_one(nu__connection_of("other"), S("SELECT IS_FREE_LOCK('tea')"),
                               (nu_values){ 0 })),
              0);
    CHECK_INT(nu_int(VALUE("SELECT 1")), 1);
    nu_sleep(0.05);
    CHECK_INT(nu_int(maria_one(nu__connection_of("other"), S("SELECT IS_FREE_LOCK('tea')"),
                               (nu_values){ 0 })),
              1);
}

HARNESS_LIVE(a_server_killed_in_a_query_raises_and_the_next_request_works,
             a_server_killed_in_a_transaction_leaves_nothing_half_written,
             a_connection_cut_while_idle_is_not_lent_again,
             a_connection_cut_in_a_transaction_rolls_back,
             an_exhausted_pool_says_so_and_serves_again, a_deadlock_is_told_to_one_of_the_two,
             a_deadlock_is_run_again_until_both_are_done,
             what_cannot_be_serialized_is_told_and_overcome,
             a_snapshot_that_was_overtaken_is_told_and_overcome,
             a_lock_that_is_waited_for_too_long_is_of_the_deadlocks_class,
             a_fiber_cancelled_in_a_transaction_leaves_no_lock_and_no_row,
             what_a_fiber_sets_does_not_reach_the_next)
