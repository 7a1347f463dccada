/* Many fibers on few connections: nobody gets another's rows, whatever fails or is cancelled. */
#include "pg.h"

#include <nuages/loop.h>
#include <nuages/transaction.h>

#include <stdlib.h>
#include <string.h>

/* ---- sharing ------------------------------------------------------------------------------ */

typedef struct work {
    uint64_t seed;
    int rounds;
    int64_t wrong, done;
} work;

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void expect(work *work, bool right)
{
    work->wrong += !right;
    work->done++;
}

/* One statement of some shape, whose answer is known from its parameters. */
static void ask(work *work)
{
    int64_t n = (int64_t)(next_random(&work->seed) % 1000000);
    nu__rows *rows;

    switch (next_random(&work->seed) % 6) {
    case 0:
        expect(work, nu_eq(CELL("SELECT $1::bigint", n), nu_fmt("{}", n)));
        break;
    case 1:
        expect(work, nu_eq(CELL("SELECT 'x' || $1::text", nu_fmt("{}", n)), nu_fmt("x{}", n)));
        break;
    case 2:
        expect(work, nu_catch(NU_DATA_ERROR, CELL("SELECT $1 / 0", n)) != NULL);
        break;
    case 3:
        rows =
            nu__db_query(DB, S("SELECT i, $1::bigint FROM generate_series(1, 20) i"), NU_ARGS(n));
        for (int64_t i = 1; nu__rows_next(rows); i++)
            expect(work, rows->cells[0].i == i && rows->cells[1].i == n);
        break;
    case 4:
        expect(work, RUN("UPDATE counters SET n = $1 WHERE id = $2", n, n % 50) == 1);
        break;
    default:
        expect(work, CELL("SELECT repeat($1, 3000)", nu_fmt("{}", n % 10)).len == 3000);
    }
}

static void ask_on(void *arg)
{
    work *work = arg;

    for (int i = 0; i < work->rounds; i++) {
        nu_scratch_scope();
        ask(work);
    }
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
    static work works[200];
    int64_t wrong = 0;

    make_counters("max_connections=3&shared_connections=2&timeout=60");
    for (int i = 0; i < 200; i++) {
        works[i] = (work){ .seed = 88172645463325252ULL + (uint64_t)i, .rounds = 20 };
        nu__fiber_spawn("asking", ask_on, &works[i]);
    }
    pg_join();
    for (int i = 0; i < 200; i++) {
        wrong += works[i].wrong;
        CHECK(works[i].done >= 20);
    }
    CHECK_INT(wrong, 0);
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
        pg_join();
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
    pg_join();
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
    pg_join();
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
    pg_join();
    long_time = 0;
    hold_for(&long_time);
}

typedef struct crowd {
    work work;
    nu__fiber *fiber;
    int64_t failed;
    bool ended;
} crowd;

static void transfer(work *work)
{
    int64_t from = (int64_t)(next_random(&work->seed) % 50), to = (from + 7) % 50;
    nu_atomic_scope();

    if (from > to) {
        RUN("UPDATE counters SET n = n + 1 WHERE id = $1", to);
        RUN("UPDATE counters SET n = n - 1 WHERE id = $1", from);
    } else {
        RUN("UPDATE counters SET n = n - 1 WHERE id = $1", from);
        RUN("UPDATE counters SET n = n + 1 WHERE id = $1", to);
    }
}

static void read_something(work *work)
{
    int64_t n = (int64_t)(next_random(&work->seed) % 1000000);

    expect(work, nu_eq(CELL("SELECT $1::bigint", n), nu_fmt("{}", n)));
}

static void mixed(void *arg)
{
    crowd *one = arg;

    one->fiber = nu__fiber_current();
    for (int i = 0; i < one->work.rounds; i++) {
        nu_scratch_scope();
        if (next_random(&one->work.seed) % 4)
            read_something(&one->work);
        else
            transfer(&one->work);
    }
}

static void mixed_and_over(void *arg)
{
    crowd *one = arg;
    const nu_error *error = nu__guard(mixed, one);

    one->failed += error && error->klass != NU_CANCELLED;
    one->ended = true;
    if (error)
        nu_reraise(error);
}

/* Transfers keep the sum; so does what is cancelled anywhere. SECONDS of it, from the environment.
 */
static void five_hundred_fibers_on_a_pool_of_ten(void)
{
    static crowd crowds[500];
    const char *given = getenv("SOAK_SECONDS");
    double end = nu__time() + (given ? atof(given) : 2);
    uint64_t seed = 42;
    int64_t cancelled = 0, done = 0, wrong = 0, failed = 0;

    make_counters("max_connections=10&timeout=60");
    memset(crowds, 0, sizeof crowds);
    for (int i = 0; i < 500; i++)
        crowds[i].ended = true;
    while (nu__time() < end) {
        for (int i = 0; i < 500; i++) {
            crowd *one = &crowds[i];

            if (one->ended) {
                done += one->work.done;
                wrong += one->work.wrong;
                failed += one->failed;
                *one = (crowd){ .work = { .seed = next_random(&seed) | 1, .rounds = 30 } };
                nu__fiber_spawn("crowd", mixed_and_over, one);
            } else if (one->fiber && next_random(&seed) % 50 == 0) {
                nu__fiber_cancel(one->fiber);
                one->fiber = NULL;
                cancelled++;
            }
        }
        nu_sleep(0.01);
    }
    pg_join();
    for (int i = 0; i < 500; i++) {
        done += crowds[i].work.done;
        wrong += crowds[i].work.wrong;
        failed += crowds[i].failed;
    }
    printf("figure: %lld answers checked, %lld fibers cancelled\n", (long long)done,
           (long long)cancelled);
    CHECK_INT(wrong, 0);
    CHECK_INT(failed, 0);
    CHECK(done > 100 && cancelled > 0);
    CHECK_STR(CELL("SELECT sum(n) FROM counters"), "0");
    CHECK_STR(CELL("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'"), "0");
    CHECK_INT(nu__database_of("default")->gate.free, 8);
}

/* QUERIES of them, from the environment. */
static void no_answer_reaches_another_fiber(void)
{
    static work works[100];
    const char *given = getenv("QUERIES");
    int64_t wrong = 0, done = 0, queries = given ? atoll(given) : 20000;

    make_counters("max_connections=4&shared_connections=3&timeout=60");
    for (int i = 0; i < 100; i++) {
        works[i] = (work){ .seed = 0x9e3779b97f4a7c15ULL * (uint64_t)(i + 1),
                           .rounds = (int)(queries / 100) };
        nu__fiber_spawn("asking", ask_on, &works[i]);
    }
    pg_join();
    for (int i = 0; i < 100; i++) {
        wrong += works[i].wrong;
        done += works[i].done;
    }
    printf("figure: %lld statements, %lld answers checked, %lld wrong\n", (long long)queries,
           (long long)done, (long long)wrong);
    CHECK_INT(wrong, 0);
    CHECK(done >= queries);
}

HARNESS_IN_FIBER(many_fibers_share_few_connections, a_statement_that_fails_takes_no_other_with_it,
                 a_cancelled_fiber_leaves_a_shared_connection_to_others,
                 a_cancelled_transaction_is_cancelled_at_the_server, who_waits_in_vain_is_told_so,
                 five_hundred_fibers_on_a_pool_of_ten, no_answer_reaches_another_fiber)
