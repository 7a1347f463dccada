/* Time limits, advisory locks, channels, pools and replicas. */
#include "pg.h"

#include <nuages/databases.h>
#include <nuages/loop.h>

#include <stdlib.h>
#include <string.h>

/* ---- time limits -------------------------------------------------------------------------- */

static void sleep_limited(double limit)
{
    nu_statement_timeout_scope(limit);
    CELL("SELECT pg_sleep(0.2)");
}

static void a_slow_statement_is_given_up(void)
{
    const nu_error *error;

    pg_database("");
    error = nu_catch(NU_OPERATIONAL_ERROR, sleep_limited(0.05));
    CHECK(error && strstr(error->message.ptr, "canceling statement due to statement timeout"));
    CHECK(error && nu_eq(nu_s(error->code), "57014"));
    sleep_limited(5);
    CELL("SELECT pg_sleep(0.1)");
    {
        nu_atomic_scope();
        CHECK(nu_catch_atomic(NU_OPERATIONAL_ERROR, sleep_limited(0.05)));
        CHECK_STR(CELL("SELECT 'goes on'"), "goes on");
    }
    CHECK_RAISES(NU_VALUE_ERROR, "it must be positive", sleep_limited(0));
    CHECK_STR(CELL("SHOW statement_timeout"), "0");
}

static void a_limit_inside_of_another_ends_alone(void)
{
    pg_database("");
    nu_statement_timeout_scope(30);
    {
        nu_statement_timeout_scope(2.5);
        CHECK_STR(CELL("SHOW statement_timeout"), "2500ms");
    }
    CHECK_STR(CELL("SHOW statement_timeout"), "30s");
}

/* ---- advisory locks ----------------------------------------------------------------------- */

typedef enum holding { NOT_YET, HELD, TOLD, ENDED } holding;

static void hold_lock(void *arg)
{
    holding *state = arg;
    nu_atomic_scope();

    CHECK(nu_advisory_lock(4711));
    *state = HELD;
    while (*state == HELD)
        nu_sleep(0.005);
    nu_sleep(0.1);
    *state = ENDED;
}

static bool try_lock(void)
{
    nu_atomic_scope();
    return nu_advisory_lock(4711, .nowait = true);
}

static void a_lock_lasts_as_long_as_its_transaction(void)
{
    holding state = NOT_YET;

    pg_database("");
    nu__fiber_spawn("holder", hold_lock, &state);
    while (state == NOT_YET)
        nu_sleep(0.005);
    CHECK(!try_lock());
    state = TOLD;
    {
        nu_atomic_scope();
        CHECK(nu_advisory_lock(4711));
        CHECK_INT(state, ENDED);
    }
    CHECK(try_lock());
    CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR, "until the end of the transaction",
                 nu_advisory_lock(4711));
    live_join();
}

/* ---- channels ----------------------------------------------------------------------------- */

static void tell(void *arg)
{
    (void)arg;
    nu_sleep(0.05);
    nu_notify("news", S("first"));
    nu_notify("other", S("not for us"));
    {
        nu_atomic_scope();
        nu_notify("news", S("with the commit"));
        nu_sleep(0.05);
    }
}

static void a_listener_hears_its_channel(void)
{
    nu_listener *listener;
    nu_notification news;

    pg_database("max_connections=4");
    listener = nu_listen("news");
    CHECK_INT(nu_pool_of(NULL).lent, 1);
    CHECK(!nu_listener_next(listener, 0.01, &news));
    nu__fiber_spawn("teller", tell, NULL);
    CHECK(nu_listener_next(listener, 5, &news));
    CHECK_STR(news.channel, "news");
    CHECK_STR(news.payload, "first");
    CHECK(nu_listener_next(listener, 5, &news));
    CHECK_STR(news.payload, "with the commit");
    CHECK(!nu_listener_next(listener, 0.05, &news));
    nu_listener_close(listener);
    nu_listener_close(listener);
    CHECK_INT(nu_pool_of(NULL).lent, 0);
    CHECK_RAISES(NU_INTERFACE_ERROR, "closed", nu_listener_next(listener, 1, &news));
    live_join();
}

static void a_listener_is_told_that_its_connection_broke(void)
{
    nu_listener *listener;
    nu_notification news;

    pg_database("");
    listener = nu_listen("news");
    RUN("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "listen again", nu_listener_next(listener, 5, &news));
}

static void sqlite_has_no_channels(void)
{
    nu__database_add("default", S("sqlite://:memory:"));
    CHECK_RAISES(NU_NOT_SUPPORTED_ERROR, "SQLite has no channels to listen to", nu_listen("news"));
    CHECK_RAISES(NU_NOT_SUPPORTED_ERROR, "SQLite has no advisory locks", nu_advisory_lock(1));
}

/* ---- pools -------------------------------------------------------------------------------- */

static void a_pool_tells_what_it_does(void)
{
    nu_pool before, after;

    pg_database("max_connections=5&shared_connections=1&min_connections=3");
    nu__databases_warm();
    nu_sleep(0.3);
    before = nu_pool_of(NULL);
    CHECK_INT(before.max, 5);
    CHECK_INT(before.open, 3);
    CHECK_INT(before.idle, 3);
    CHECK_INT(before.loans, 3);
    CELL("SELECT 1");
    {
        nu_atomic_scope();
        CELL("SELECT 1");
        CHECK_INT(nu_pool_of(NULL).lent, 1);
    }
    after = nu_pool_of(NULL);
    CHECK_INT(after.shared, 1);
    CHECK_INT(after.shared_statements, 1);
    CHECK_INT(after.loans, 4);
    CHECK_INT(after.opened, 4);
    nu__databases_close();
    CHECK_INT(nu_pool_of(NULL).open, 0);
}

static void connections_grow_old(void)
{
    const nu_database aged = {
        .alias = "aged", .name = "x", .url_env = "DATABASE_URL", .conn_max_age = 1
    };
    nu__connection *connection;

    nu__databases_setup(&aged, 1);
    connection = nu__connection_of("aged");
    nu__db_execute(connection, S("SELECT 1"), (nu_values){ 0 }, NULL);
    nu_sleep(1.1);
    nu__db_execute(connection, S("SELECT 1"), (nu_values){ 0 }, NULL);
    CHECK_INT(nu_pool_of("aged").opened, 2);
    CHECK_INT(nu_pool_of("aged").open, 1);
}

/* ---- replicas ----------------------------------------------------------------------------- */

static void reads_go_to_a_replica_until_something_is_written(void)
{
    const nu_database both[] = {
        { .alias = "default", .name = "x", .url_env = "DATABASE_URL" },
        { .alias = "near", .name = "x", .url_env = "DATABASE_URL", .replica_of = "default" },
        { .alias = "gone",
          .name = "x",
          .engine = "postgresql",
          .host = "127.0.0.1",
          .port = "1",
          .replica_of = "default",
          .mirror = "default" },
    };

    nu__databases_setup(both, 3);
    for (int i = 0; i < 6; i++)
        CHECK_STR(nu_s(nu__replica_for_read("default")), "near");
    CHECK_STR(nu_s(nu__replica_for_read("near")), "near");
    CHECK_STR(nu_s(nu__primary_of("near")), "default");
    {
        nu_atomic_scope();
        CHECK_STR(nu_s(nu__replica_for_read("default")), "default");
    }
    CHECK_STR(nu_s(nu__replica_for_read("default")), "near");
    nu__replica_written("default");
    CHECK_STR(nu_s(nu__replica_for_read("default")), "default");
    nu__databases_mirror(true);
    CHECK_STR(nu_s(nu__connection_of("gone")->alias), "default");
    nu__databases_mirror(false);
}

HARNESS_IN_FIBER(a_slow_statement_is_given_up, a_limit_inside_of_another_ends_alone,
                 a_lock_lasts_as_long_as_its_transaction, a_listener_hears_its_channel,
                 a_listener_is_told_that_its_connection_broke, sqlite_has_no_channels,
                 a_pool_tells_what_it_does, connections_grow_old,
                 reads_go_to_a_replica_until_something_is_written)
