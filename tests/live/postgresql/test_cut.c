/* The connection is cut at every message: the address leads through a proxy that counts them. */
#include "pg.h"

#include <nuages/loop.h>
#include <nuages/transaction.h>

#include <stdlib.h>
#include <string.h>

static void two_rows(void)
{
    nu_atomic_scope();
    RUN("INSERT INTO cut VALUES ($1)", 1);
    RUN("INSERT INTO cut VALUES ($1)", 2);
}

static void all_of_it(void)
{
    CHECK_STR(CELL("SELECT $1::int", 5), "5");
    two_rows();
    CHECK_STR(CELL("SELECT 'a'"), "a");
}

static void another(void *failed)
{
    *(bool *)failed = nu_catch(NU_DATABASE_ERROR, CELL("SELECT $1::int", 6)) != NULL;
}

/* Ended at the nth message; false when there were not so many. */
static bool end_at(const char *how, int n)
{
    const nu_error *error;
    bool failed = false;

    nu__database_add("direct", nu_s(getenv("DATABASE_URL")));
    nu__database_add("default", nu_s(getenv("PROXY_URL")));
    nu__db_execute(nu__connection_of("direct"), S("TRUNCATE cut"), (nu_values){ 0 }, NULL);
    live_ask(nu_fmt("{} {}", how, n).ptr);
    nu__fiber_spawn("another", another, &failed);
    error = nu_catch(NU_DATABASE_ERROR, all_of_it());
    live_join();
    if (error)
        CHECK_INT(error->klass, NU_OPERATIONAL_ERROR);
    CHECK(!nu_in_atomic());
    live_ask("cut 0");
    CHECK_STR(CELL("SELECT count(*) IN (0, 2) FROM cut"), "True");
    if (!error)
        CHECK_STR(CELL("SELECT count(*) FROM cut"), "2");
    RUN("TRUNCATE cut");
    two_rows();
    CHECK_STR(CELL("SELECT count(*) FROM cut"), "2");
    return error || failed;
}

/* A reset comes behind a message, whose answer may have been the last. */
static void each_message_may_be_the_last(void)
{
    int n = 1;

    pg_database("");
    RUN("DROP TABLE IF EXISTS cut");
    RUN("CREATE TABLE cut (n int)");
    while (end_at("cut", n) && n < 400)
        n++;
    CHECK(n > 20 && n < 400);
    for (int i = 1; i < n; i++)
        end_at("reset", i);
    printf("figure: cut and reset at each of %d messages\n", n - 1);
}

HARNESS_IN_FIBER(each_message_may_be_the_last)
