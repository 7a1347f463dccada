/* The server goes, the network goes, others are in the way: the error's class is right, nothing is
 * half-written, and the next statement works. */
#include "pg.h"

#include <nuages/loop.h>
#include <nuages/transaction.h>

#include <stdlib.h>

static void make_table(const char *options)
{
    pg_database(options);
    RUN("DROP TABLE IF EXISTS faults");
    RUN("CREATE TABLE faults (id int PRIMARY KEY, n int)");
    RUN("INSERT INTO faults VALUES (1, 0), (2, 0)");
}

/* ---- the server goes ---------------------------------------------------------------------- */

typedef struct caught {
    const char *sql;
    bool in_transaction, ended;
    nu_error_class klass;
} caught;

static void run_in_transaction(const char *sql)
{
    nu_atomic_scope();
    RUN("UPDATE faults SET n = n + 1");
    nu__db_execute(DB, nu_s(sql), (nu_values){ 0 }, NULL);
}

static void run_caught(void *arg)
{
    caught *caught = arg;
    const nu_error *error =
        caught->in_transaction
            ? nu_catch(NU_DATABASE_ERROR, run_in_transaction(caught->sql))
            : nu_catch(NU_DATABASE_ERROR,
                       nu__db_execute(DB, nu_s(caught->sql), (nu_values){ 0 }, NULL));

    caught->klass = error ? error->klass : NU_NO_ERROR;
    caught->ended = true;
}

static void a_restarted_server_is_found_again(void)
{
    caught alone = { "SELECT pg_sleep(30)", false, false, NU_NO_ERROR };
    caught inside = { "SELECT pg_sleep(30)", true, false, NU_NO_ERROR };

    make_table("max_connections=4&shared_connections=1");
    nu__fiber_spawn("alone", run_caught, &alone);
    nu__fiber_spawn("inside", run_caught, &inside);
    nu_sleep(0.1);
    live_ask("restart");
    live_join();
    CHECK(alone.ended && inside.ended);
    CHECK_INT(alone.klass, NU_OPERATIONAL_ERROR);
    CHECK_INT(inside.klass, NU_OPERATIONAL_ERROR);
    CHECK_STR(CELL("SELECT sum(n) FROM faults"), "0");
    run_in_transaction("SELECT 1");
    CHECK_STR(CELL("SELECT sum(n) FROM faults"), "2");
}

static void idle_connections_that_broke_are_replaced(void)
{
    make_table("");
    run_in_transaction("SELECT 1");
    live_ask("restart");
    CHECK_STR(CELL("SELECT sum(n) FROM faults"), "2");
    run_in_transaction("SELECT 1");
    CHECK_STR(CELL("SELECT sum(n) FROM faults"), "4");
}

static void restart_between(void)
{
    nu_atomic_scope();
    RUN("UPDATE faults SET n = n + 1");
    live_ask("restart");
    RUN("UPDATE faults SET n = n + 1");
}

static void a_transaction_whose_server_went_is_gone(void)
{
    make_table("");
    CHECK(nu_catch(NU_OPERATIONAL_ERROR, restart_between()));
    CHECK(!nu_in_atomic());
    CHECK_STR(CELL("SELECT sum(n) FROM faults"), "0");
}

/* ---- others in the way -------------------------------------------------------------------- */

static const contest_sql contest = { "UPDATE contest SET n = n + 1 WHERE id = $1",
                                     "UPDATE contest SET n = $1 WHERE id = 1", NU_SERIALIZABLE,
                                     NU_SERIALIZATION_FAILURE };

static void a_deadlock_is_told_to_one_of_the_two(void)
{
    pg_database("");
    contest_deadlock(&contest);
}

static void a_deadlock_is_overcome_by_trying_again(void)
{
    pg_database("");
    contest_deadlock_overcome(&contest);
}

static void what_cannot_be_serialized_is_told_and_overcome(void)
{
    pg_database("");
    contest_serialization(&contest);
}

HARNESS_IN_FIBER(a_restarted_server_is_found_again, idle_connections_that_broke_are_replaced,
                 a_transaction_whose_server_went_is_gone, a_deadlock_is_told_to_one_of_the_two,
                 a_deadlock_is_overcome_by_trying_again,
                 what_cannot_be_serialized_is_told_and_overcome)
