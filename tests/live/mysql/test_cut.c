/* The connection is cut at every packet: the address leads through a proxy that counts them. */
#include "maria.h"

#include <nuages/loop.h>
#include <nuages/transaction.h>

#include <stdlib.h>

static void two_rows(void)
{
    nu_atomic_scope();
    RUN("INSERT INTO t (n) VALUES (?)", 1);
    RUN("INSERT INTO t (n) VALUES (?)", 2);
}

static void all_of_it(void)
{
    CHECK_INT(nu_int(VALUE("SELECT ? + 1", 4)), 5);
    two_rows();
    CHECK_STR(nu_string(VALUE("SELECT 'a'")), "a");
}

static void another(void *failed)
{
    *(bool *)failed = nu_catch(NU_DATABASE_ERROR, VALUE("SELECT ? + 1", 5)) != NULL;
}

static void forget_rows(void)
{
    nu__db_execute(nu__connection_of("other"), S("DELETE FROM t"), (nu_values){ 0 }, NULL);
}

/* Ended at the nth packet; false when there were not so many. */
static bool end_at(const char *how, int n)
{
    const nu_error *error;
    bool failed = false;
    int64_t kept;

    nu__database_add("default", nu_s(getenv("PROXY_URL")));
    forget_rows();
    live_ask(nu_fmt("{} {}", how, n).ptr);
    nu__fiber_spawn("another", another, &failed);
    error = nu_catch(NU_DATABASE_ERROR, all_of_it());
    live_join();
    if (error)
        CHECK_INT(error->klass, NU_OPERATIONAL_ERROR);
    CHECK(!nu_in_atomic());
    live_ask("cut 0");
    kept = COUNT("SELECT COUNT(*) FROM t");
    CHECK(kept == 2 || (error && kept == 0));
    forget_rows();
    two_rows();
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 2);
    return error || failed;
}

/* A reset comes behind a packet, whose answer may have been the last. */
static void each_packet_may_be_the_last(void)
{
    int n = 1;

    maria_fresh("");
    while (end_at("cut", n) && n < 400)
        n++;
    CHECK(n > 20 && n < 400);
    for (int i = 1; i < n; i++)
        end_at("reset", i);
    printf("figure: cut and reset at each of %d packets\n", n - 1);
}

HARNESS_LIVE(each_packet_may_be_the_last)
