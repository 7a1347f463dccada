/* What a fiber leaves behind in its session does not reach the next one, whatever set it. */
#include "pg.h"

#include <nuages/databases.h>
#include <nuages/loop.h>
#include <nuages/signals.h>
#include <nuages/transaction.h>

/* What is left behind, and the question whose answer would show it. */
static const struct {
    const char *statement, *question;
} leavings[] = {
    { "SET search_path = 'elsewhere'", "SHOW search_path" },
    { "/* before */ set search_path to elsewhere", "SHOW search_path" },
    { "SET SESSION statement_timeout = 4321", "SHOW statement_timeout" },
    { "SET TIME ZONE 'Asia/Tokyo'", "SHOW TimeZone" },
    { "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
      "SHOW default_transaction_isolation" },
    { "SET ROLE other_role", "SELECT current_user" },
    { "SET SESSION AUTHORIZATION other_role", "SELECT session_user" },
    { "SELECT set_config('search_path', 'elsewhere', false)", "SHOW search_path" },
    { "SELECT SET_CONFIG('work_mem', '7MB', false)", "SHOW work_mem" },
    { "WITH x AS (SELECT set_config('work_mem', '7MB', false)) SELECT * FROM x", "SHOW work_mem" },
    { "DO $$ BEGIN PERFORM set_config('work_mem', '7MB', false); END $$", "SHOW work_mem" },
    { "CALL sets_work_mem()", "SHOW work_mem" },
    { "CREATE TABLE IF NOT EXISTS a_table (n int); SET work_mem = '7MB'", "SHOW work_mem" },
    { "SELECT sets_time_zone()", "SHOW TimeZone" },
    { "CREATE TEMPORARY TABLE hidden (n int)", "SELECT to_regclass('hidden')" },
    { "CREATE TEMP TABLE hidden AS SELECT 1", "SELECT to_regclass('hidden')" },
    { "create local temp table hidden (n int)", "SELECT to_regclass('hidden')" },
    { "CREATE OR REPLACE TEMP VIEW hidden AS SELECT 1", "SELECT to_regclass('hidden')" },
    { "CREATE TEMP SEQUENCE hidden", "SELECT to_regclass('hidden')" },
    { "SELECT 1 AS n INTO TEMP hidden", "SELECT to_regclass('hidden')" },
    /* the session's own: one that was let go may be at its DISCARD ALL still */
    { "SELECT pg_advisory_lock(7)",
      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()" },
    { "SELECT pg_try_advisory_lock(7)",
      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()" },
    { "LISTEN news", "SELECT count(*) FROM pg_listening_channels()" },
    { "PREPARE mine AS SELECT 1", "SELECT count(*) FROM pg_prepared_statements WHERE from_sql" },
    { "DECLARE mine CURSOR WITH HOLD FOR SELECT 1", "SELECT count(*) FROM pg_cursors" },
};

static const char *const helpers[] = {
    "CREATE OR REPLACE PROCEDURE sets_work_mem() LANGUAGE SQL AS $$ SELECT set_config('work_mem', "
    "'7MB', false) $$",
    "CREATE OR REPLACE FUNCTION sets_time_zone() RETURNS text LANGUAGE SQL AS $$ SELECT "
    "set_config('TimeZone', 'Asia/Tokyo', false) $$",
    "DO $$ BEGIN CREATE ROLE other_role; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
};

static int64_t ran;

static void run_text(nu_str sql)
{
    nu__rows_close(nu__db_query(DB, sql, (nu_values){ 0 }));
    ran++;
}

static void run_alone(void *sql)
{
    run_text(nu_s(sql));
}

static void run_in_transaction(void *sql)
{
    nu_atomic_scope();
    run_text(nu_s(sql));
}

static void run_held(void *sql)
{
    nu__connection_hold(DB);
    run_text(nu_s(sql));
    CELL("SELECT 1");
    nu__connection_let_go(DB);
}

static void run_and_be_cancelled(void *sql)
{
    nu_atomic_scope();
    run_text(nu_s(sql));
    nu__fiber_cancel(nu__fiber_current());
    nu_sleep(1);
}

/* On the connection that is lent, and on the one that is shared. */
static nu_str seen_by_the_next(const char *question)
{
    nu_str shared = live_text(DB, nu_s(question), (nu_values){ 0 });
    nu_atomic_scope();

    return nu_fmt("{}, {}", shared, live_text(DB, nu_s(question), (nu_values){ 0 }));
}

static void nothing_of_a_session_reaches_the_next(void)
{
    static void (*const ways[])(void *) = { run_alone, run_in_transaction, run_held,
                                            run_and_be_cancelled };
    int64_t started;

    pg_database("max_connections=2&shared_connections=1&timeout=5");
    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
        run_text(nu_s(helpers[i]));
    started = ran;
    for (size_t i = 0; i < sizeof leavings / sizeof *leavings; i++) {
        nu_str before = seen_by_the_next(leavings[i].question);

        for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
            nu__fiber_spawn("leaving", ways[way], (void *)(uintptr_t)leavings[i].statement);
            live_join();
            CHECK_INT(ran, ++started);
            if (!CHECK_STR(seen_by_the_next(leavings[i].question), before))
                printf("      after way %zu of: %s\n", way, leavings[i].statement);
        }
    }
}

/* ---- what the site itself sets -------------------------------------------------------------- */

static int set_ups;

static void set_up(const nu_signal_event *event)
{
    (void)event;
    set_ups++;
    RUN("SET work_mem = '9MB'");
}

static void what_connection_created_sets_stays(void)
{
    pg_database("max_connections=2&shared_connections=1");
    nu_signal_connect(&(const nu_receiver)receiver_any(NU_CONNECTION_CREATED, set_up));
    for (int i = 0; i < 5; i++)
        CHECK_STR(seen_by_the_next("SHOW work_mem"), "9MB, 9MB");
    CHECK_INT(set_ups, 2);
    run_held((void *)(uintptr_t) "SET work_mem = '7MB'");
    CHECK_STR(seen_by_the_next("SHOW work_mem"), "9MB, 9MB");
    CHECK_INT(set_ups, 3);
    CHECK_INT(nu_pool_of(NULL).opened, 2);
}

HARNESS_IN_FIBER(nothing_of_a_session_reaches_the_next, what_connection_created_sets_stays)
