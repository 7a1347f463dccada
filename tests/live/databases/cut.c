/* The connection is cut at every message: the address leads through a proxy that counts them. */
#include "live.h"

#include <nuages/loop.h>
#include <nuages/transaction.h>

#include <stdlib.h>

static const cut_sql *words;

static void two_rows(void)
{
    nu_atomic_scope();
    live_run(DB, nu_s(words->insert), NU_ARGS(1));
    live_run(DB, nu_s(words->insert), NU_ARGS(2));
}

static void all_of_it(void)
{
    CHECK_STR(live_text(DB, nu_s(words->add), NU_ARGS(4)), "5");
    two_rows();
    CHECK_STR(live_text(DB, S("SELECT 'a'"), (nu_values){ 0 }), "a");
}

static void another(void *failed)
{
    *(bool *)failed =
        nu_catch(NU_DATABASE_ERROR, live_text(DB, nu_s(words->add), NU_ARGS(5))) != NULL;
}

static nu_str rows(void)
{
    return live_text(DB, S("SELECT COUNT(*) FROM cut"), (nu_values){ 0 });
}

static void forget_rows(const char *alias)
{
    live_run(nu__connection_of(alias), S("DELETE FROM cut"), (nu_values){ 0 });
}

/* Either both rows are there or none; who was told of no error has both. */
static void check_rows(const nu_error *error)
{
    nu_str kept = rows();

    CHECK(nu_eq(kept, "2") || (error && nu_eq(kept, "0")));
    forget_rows(NULL);
    two_rows();
    CHECK_STR(rows(), "2");
}

/* Ended at the nth message; false when there were not so many. */
static bool end_at(const char *how, int n)
{
    const nu_error *error;
    bool failed = false;

    nu__database_add("direct", nu_s(getenv("DATABASE_URL")));
    nu__database_add("default", nu_s(getenv("PROXY_URL")));
    forget_rows("direct");
    live_ask(nu_fmt("{} {}", how, n).ptr);
    nu__fiber_spawn("another", another, &failed);
    error = nu_catch(NU_DATABASE_ERROR, all_of_it());
    live_join();
    if (error)
        CHECK_INT(error->klass, NU_OPERATIONAL_ERROR);
    CHECK(!nu_in_atomic());
    live_ask("cut 0");
    check_rows(error);
    return error || failed;
}

/* A reset comes behind a message, whose answer may have been the last. */
void cut_everywhere(const cut_sql *sql)
{
    int n = 1;

    words = sql;
    live_run(DB, S("DROP TABLE IF EXISTS cut"), (nu_values){ 0 });
    live_run(DB, S("CREATE TABLE cut (n int)"), (nu_values){ 0 });
    while (end_at("cut", n) && n < 400)
        n++;
    CHECK(n > 20 && n < 400);
    for (int i = 1; i < n; i++)
        end_at("reset", i);
    printf("figure: cut and reset at each of %d messages\n", n - 1);
}
