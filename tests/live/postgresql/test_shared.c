/* Many fibers on few connections: nobody gets another's rows, whatever fails or is cancelled. */
#include "pg.h"

#include <nuages/loop.h>
#include <nuages/transaction.h>

#include <string.h>

/* ---- sharing ------------------------------------------------------------------------------ */

static void ask_a_number(crowd_work *work, int64_t n)
{
    crowd_expect(work, nu_eq(CELL("SELECT $1::bigint", n), nu_fmt("{}", n)));
}

static void ask_a_text(crowd_work *work, int64_t n)
{
    crowd_expect(work, nu_eq(CELL("SELECT 'x' || $1::text", nu_fmt("{}", n)), nu_fmt("x{}", n)));
}

static void ask_what_fails(crowd_work *work, int64_t n)
{
    crowd_expect(work, nu_catch(NU_DATA_ERROR, CELL("SELECT $1 / 0", n)) != NULL);
}

static void ask_many_rows(crowd_work *work, int64_t n)
{
    nu__rows *rows =
        nu__db_query(DB, S("SELECT i, $1::bigint FROM generate_series(1, 20) i"), NU_ARGS(n));
    int64_t i = 0;

    while (nu__rows_next(rows)) {
        i++;
        crowd_expect(work, rows->cells[0].i == i && rows->cells[1].i == n);
    }
    crowd_expect(work, i == 20);
}

static void ask_to_write(crowd_work *work, int64_t n)
{
    nu_str told =
        CELL("UPDATE counters SET n = $1 WHERE id = $2 RETURNING id::text || ':' || n", n, n % 50);

    crowd_expect(work, nu_eq(told, nu_fmt("{}:{}", n % 50, n)));
}

static void ask_a_long_text(crowd_work *work, int64_t n)
{
    nu_str sent = nu_fmt("{}", n), text = CELL("SELECT repeat($1, 500)", sent);

    crowd_expect(work, text.len == sent.len * 500 && memcmp(text.ptr, sent.ptr, sent.len) == 0 &&
                           memcmp(text.ptr, text.ptr + sent.len, text.len - sent.len) == 0);
}

/* Two that go out together. */
static void ask_a_pair(crowd_work *work, int64_t n)
{
    nu_value first = V(n), second = V(n + 1);
    nu__statement both[] = { { S("SELECT $1::bigint"), { &first, 1 } },
                             { S("SELECT $1::bigint, 'second'"), { &second, 1 } } };
    nu__rows *rows[2];

    nu__db_query_many(DB, both, 2, rows);
    for (int64_t i = 0; i < 2; i++) {
        crowd_expect(work, nu__rows_next(rows[i]) && rows[i]->cells[0].i == n + i);
        nu__rows_close(rows[i]);
    }
}

static const crowd_shape shapes[] = {
    ask_a_number, ask_a_text,      ask_what_fails, ask_many_rows,
    ask_to_write, ask_a_long_text, ask_a_pair,
};

static void ask(int n_fibers, int64_t statements)
{
    crowd_ask(shapes, sizeof shapes / sizeof *shapes, n_fibers, statements);
}

static void make_counters(const char *options)
{
    pg_database(options);
    RUN("DROP TABLE IF EXISTS counters");
    RUN("CREATE TABLE counters (id int PRIMARY KEY, n bigint)");
    RUN("INSERT INTO counters SELECT i, 0 FROM generate_series(0, 49) i");
}

static void many_fibers_share_few_connections(void)
{
    make_counters("max_connections=3&shared_connections=2&timeout=60");
    ask(200, 4000);
    CHECK_STR(CELL("SELECT count(*) <= 3 FROM pg_stat_activity WHERE datname = current_database()"
                   " AND backend_type = 'client backend'"),
              "True");
}

static void insert_one(void *arg)
{
    nu__db_execute(DB, S("INSERT INTO pair VALUES ($1)"), NU_ARGS((int64_t)(intptr_t)arg), NULL);
}

static void try_insert(void *arg)
{
    const nu_error *error = nu_catch(NU_INTEGRITY_ERROR, insert_one(arg));

    CHECK(!error || error->code);
}

/* Both go out with one write, one after the other. */
static void a_statement_that_fails_takes_no_other_with_it(void)
{
    pg_database("max_connections=2&shared_connections=1");
    RUN("DROP TABLE IF EXISTS pair");
    RUN("CREATE TABLE pair (n int PRIMARY KEY CHECK (n > 0))");
    for (int round = 0; round < 20; round++) {
        RUN("DELETE FROM pair");
        nu__fiber_spawn("right", try_insert, (void *)1);
        nu__fiber_spawn("wrong", try_insert, (void *)-1);
        nu__fiber_spawn("right", try_insert, (void *)2);
        nu__fiber_spawn("wrong", try_insert, (void *)2);
        nu__fiber_spawn("right", try_insert, (void *)3);
        live_join();
        CHECK_STR(CELL("SELECT string_agg(n::text, ',' ORDER BY n) FROM pair"), "1,2,3");
    }
}

/* ---- cancellation ------------------------------------------------------------------------- */

typedef struct slow {
    nu__fiber *fiber;
    bool ended;
} slow;

static void note_end(void *arg)
{
    ((slow *)arg)->ended = true;
}

static void sleep_alone(void *arg)
{
    ((slow *)arg)->fiber = nu__fiber_current();
    nu_on_fiber_end(note_end, arg);
    CELL("SELECT pg_sleep(20), $1", 1);
}

static void a_cancelled_fiber_leaves_a_shared_connection_to_others(void)
{
    slow slow = { 0 };

    pg_database("max_connections=2&shared_connections=1");
    CELL("SELECT 1");
    nu__fiber_spawn("slow", sleep_alone, &slow);
    nu_sleep(0.05);
    nu__fiber_cancel(slow.fiber);
    live_join();
    CHECK(slow.ended);
    {
        /* The shared one is busy with what nobody waits for; a transaction has its own. */
        nu_atomic_scope();
        CHECK_STR(CELL("SELECT 2"), "2");
        CHECK_STR(CELL("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%'"
                       " AND state = 'active' AND pid <> pg_backend_pid()"),
                  "1");
        RUN("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE"
            " '%pg_sleep(20)%' AND pid <> pg_backend_pid()");
    }
    nu_sleep(0.05);
    CHECK_STR(CELL("SELECT 3"), "3");
}

static void sleep_in_transaction(void *arg)
{
    nu_atomic_scope();
    RUN("INSERT INTO pair VALUES (77)");
    sleep_alone(arg);
}

/* A client that goes away in a transaction. */
static void a_cancelled_transaction_is_cancelled_at_the_server(void)
{
    slow slow = { 0 };

    pg_database("max_connections=2&shared_connections=1&timeout=2");
    RUN("DROP TABLE IF EXISTS pair");
    RUN("CREATE TABLE pair (n int PRIMARY KEY)");
    nu__fiber_spawn("slow", sleep_in_transaction, &slow);
    nu_sleep(0.1);
    nu__fiber_cancel(slow.fiber);
    live_join();
    CHECK(slow.ended);
    CHECK_STR(CELL("SELECT count(*) FROM pair"), "0");
    CHECK_STR(CELL("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%'"
                   " AND state = 'active' AND pid <> pg_backend_pid()"),
              "0");
    nu_atomic_scope();
    RUN("INSERT INTO pair VALUES (78)");
}

/* ---- limits ------------------------------------------------------------------------------- */

static void hold_for(void *arg)
{
    nu_atomic_scope();
    CELL("SELECT 1");
    nu_sleep(*(double *)arg);
}

static void who_waits_in_vain_is_told_so(void)
{
    double long_time = 0.6;
    const nu_error *error;

    pg_database("max_connections=3&shared_connections=1&timeout=0.2");
    CELL("SELECT 1");
    nu__fiber_spawn("holder", hold_for, &long_time);
    nu__fiber_spawn("holder", hold_for, &long_time);
    nu_sleep(0.05);
    error = nu_catch(NU_OPERATIONAL_ERROR, hold_for(&long_time));
    CHECK(error);
    CHECK(error && strstr(error->message.ptr, "none of its 3 connections became free"));
    CHECK_STR(CELL("SELECT 'shared ones go on'"), "shared ones go on");
    live_join();
    long_time = 0;
    hold_for(&long_time);
}

/* Transfers keep the sum; so does what is cancelled anywhere. SOAK_SECONDS of it, from the
   environment. */
static void five_hundred_fibers_on_a_pool_of_ten(void)
{
    static const crowd_sql sql = { "SELECT $1::bigint",
                                   "UPDATE counters SET n = n + 1 WHERE id = $1",
                                   "UPDATE counters SET n = n - 1 WHERE id = $1" };

    make_counters("max_connections=10&timeout=60");
    crowd_soak(&sql, live_number("SOAK_SECONDS", 2));
    CHECK_STR(CELL("SELECT sum(n) FROM counters"), "0");
    CHECK_STR(CELL("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'"), "0");
    CHECK_INT(nu__database_of("default")->gate.free, 8);
}

/* QUERIES of them, from the environment. */
static void no_answer_reaches_another_fiber(void)
{
    make_counters("max_connections=4&shared_connections=3&timeout=600");
    ask(100, (int64_t)live_number("QUERIES", 20000));
}

HARNESS_IN_FIBER(many_fibers_share_few_connections, a_statement_that_fails_takes_no_other_with_it,
                 a_cancelled_fiber_leaves_a_shared_connection_to_others,
                 a_cancelled_transaction_is_cancelled_at_the_server, who_waits_in_vain_is_told_so,
                 five_hundred_fibers_on_a_pool_of_ten, no_answer_reaches_another_fiber)
