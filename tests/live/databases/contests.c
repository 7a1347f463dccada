/* Two transactions in each other's way: one is told so, and trying again overcomes it. */
#include "live.h"

#include <nuages/transaction.h>
#include <stdlib.h>

static const contest_sql *words;

static void make_rows(const contest_sql *sql)
{
    words = sql;
    live_run(DB, S("DROP TABLE IF EXISTS contest"), (nu_values){ 0 });
    live_run(DB, S("CREATE TABLE contest (id int PRIMARY KEY, n int)"), (nu_values){ 0 });
    live_run(DB, S("INSERT INTO contest VALUES (1, 0), (2, 0)"), (nu_values){ 0 });
}

static nu_str answer(const char *sql)
{
    return live_text(DB, nu_s(sql), (nu_values){ 0 });
}

/* ---- deadlocks ---------------------------------------------------------------------------- */

/* Each has its first row before either asks for its second. */
typedef struct pair {
    int first, second, *arrived;
    int tries, deadlocks;
} pair;

static void *lock_both(void *arg)
{
    pair *pair = arg;

    pair->tries++;
    live_run(DB, nu_s(words->add), NU_ARGS(pair->first));
    live_meet(pair->arrived, 2);
    live_run(DB, nu_s(words->add), NU_ARGS(pair->second));
    return NULL;
}

static void lock_once(void *arg)
{
    static const nu_atomic_options plain = { 0 };
    pair *pair = arg;

    pair->deadlocks +=
        nu_catch(NU_DEADLOCK_DETECTED, nu_run_atomic_(lock_both, pair, &plain)) != NULL;
}

static void lock_until_done(void *arg)
{
    nu_run_atomic(lock_both, arg, .retries = 10);
}

void contest_deadlock(const contest_sql *sql)
{
    int arrived = 0;
    pair a = { 1, 2, &arrived, 0, 0 }, b = { 2, 1, &arrived, 0, 0 };

    make_rows(sql);
    nu__fiber_spawn("a", lock_once, &a);
    nu__fiber_spawn("b", lock_once, &b);
    live_join();
    CHECK_INT(a.deadlocks + b.deadlocks, 1);
    CHECK_STR(answer("SELECT SUM(n) FROM contest"), "2");
}

void contest_deadlock_overcome(const contest_sql *sql)
{
    int arrived = 0;
    pair a = { 1, 2, &arrived, 0, 0 }, b = { 2, 1, &arrived, 0, 0 };

    make_rows(sql);
    nu__fiber_spawn("a", lock_until_done, &a);
    nu__fiber_spawn("b", lock_until_done, &b);
    live_join();
    CHECK(a.tries + b.tries > 2);
    CHECK_STR(answer("SELECT SUM(n) FROM contest"), "4");
}

/* ---- what cannot be serialized ------------------------------------------------------------ */

typedef struct adding {
    int arrived, failures;
} adding;

/* The first two have both read before either writes. */
static void *add_one(void *arg)
{
    adding *adding = arg;
    nu_str n = answer("SELECT n FROM contest WHERE id = 1");

    live_meet(&adding->arrived, 2);
    live_run(DB, nu_s(words->set), NU_ARGS(strtoll(nu_copy(n).ptr, NULL, 10) + 1));
    return NULL;
}

static void add_until_done(void *adding)
{
    nu_run_atomic(add_one, adding, .isolation = words->isolation, .retries = 50);
}

static void add_once(void *arg)
{
    nu_atomic_options once = { .isolation = words->isolation };
    adding *adding = arg;

    if (nu_catch(words->refusal, nu_run_atomic_(add_one, adding, &once)))
        adding->failures++;
}

void contest_serialization(const contest_sql *sql)
{
    adding adding = { 0, 0 };

    make_rows(sql);
    nu__fiber_spawn("a", add_once, &adding);
    nu__fiber_spawn("b", add_once, &adding);
    live_join();
    CHECK_INT(adding.failures, 1);
    for (int i = 0; i < 5; i++)
        nu__fiber_spawn("adding", add_until_done, &adding);
    live_join();
    CHECK_STR(answer("SELECT n FROM contest WHERE id = 1"), "6");
}
