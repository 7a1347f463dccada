/* What a fiber leaves behind in its session does not reach the next one, whatever set it. */
#include "maria.h"

#include <nuages/databases.h>
#include <nuages/loop.h>
#include <nuages/signals.h>
#include <nuages/transaction.h>

#include <string.h>

/* What is left behind, and the question whose answer would show it. */
static const struct {
    const char *statement, *question;
} leavings[] = {
    { "SET @tea = 5", "SELECT @tea IS NULL" },
    { "/* before */ SET @tea = 5", "SELECT @tea IS NULL" },
    { "SELECT @tea := 5", "SELECT @tea IS NULL" },
    { "SELECT 5 INTO @tea", "SELECT @tea IS NULL" },
    { "select 5 into @tea", "SELECT @tea IS NULL" },
    { "CALL sets_tea()", "SELECT @tea IS NULL" },
    { "EXECUTE IMMEDIATE 'SET @tea = 5'", "SELECT @tea IS NULL" },
    { "BEGIN NOT ATOMIC SET @tea = 5; END", "SELECT @tea IS NULL" },
    { "SET time_zone = '+09:00'", "SELECT @@time_zone" },
    { "SET SESSION sql_mode = ''", "SELECT @@sql_mode" },
    { "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SELECT @@tx_isolation" },
    { "SET SESSION max_statement_time = 20", "SELECT @@max_statement_time" },
    { "SET NAMES latin1", "SELECT @@character_set_client" },
    { "USE information_schema", "SELECT DATABASE()" },
    { "CREATE TEMPORARY TABLE hidden (n integer)",
      "SELECT COUNT(*) FROM information_schema.TABLES WHERE table_name = 'hidden'" },
    { "CREATE OR REPLACE TEMPORARY TABLE hidden (n integer)",
      "SELECT COUNT(*) FROM information_schema.TABLES WHERE table_name = 'hidden'" },
    { "SELECT GET_LOCK('tea', 0)", "SELECT IS_USED_LOCK('tea') <=> CONNECTION_ID()" },
    { "SELECT Get_Lock('tea', 0)", "SELECT IS_USED_LOCK('tea') <=> CONNECTION_ID()" },
    { "PREPARE mine FROM 'SELECT 1'",
      "SELECT COUNT(*) FROM information_schema.SESSION_STATUS WHERE variable_name = "
      "'COM_PREPARE_SQL' AND variable_value > 0" },
};

static int64_t ran;

static void run_text(nu_str sql)
{
    nu__rows_close(nu__db_query(DB, sql, (nu_values){ 0 }));
    ran++;
}

static void execute_text(void *sql)
{
    nu__db_execute(DB, nu_s(sql), (nu_values){ 0 }, NULL);
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
    VALUE("SELECT 1");
    nu__connection_let_go(DB);
}

static void run_and_be_cancelled(void *sql)
{
    nu_atomic_scope();
    run_text(nu_s(sql));
    nu__fiber_cancel(nu__fiber_current());
    nu_sleep(1);
}

static nu_str seen_by_the_next(const char *question)
{
    return nu_string(maria_one(DB, nu_s(question), (nu_values){ 0 }));
}

static void nothing_of_a_session_reaches_the_next(void)
{
    static void (*const ways[])(void *) = { run_alone, execute_text, run_in_transaction, run_held,
                                            run_and_be_cancelled };
    int64_t started;

    maria_fresh("max_connections=1&timeout=5");
    PLAIN("CREATE OR REPLACE PROCEDURE sets_tea() SET @tea = 5");
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

/* ---- time limits ---------------------------------------------------------------------------- */

static void sleep_limited(double limit)
{
    nu_statement_timeout_scope(limit);
    VALUE("SELECT SLEEP(?)", 0.3);
}

static nu_str limit_now(void)
{
    return nu_string(maria_one(DB, S("SELECT @@max_statement_time"), (nu_values){ 0 }));
}

static void a_limit_inside_of_another_ends_alone(void)
{
    nu_statement_timeout_scope(30);
    {
        nu_statement_timeout_scope(2.5);
        CHECK_STR(limit_now(), "2.5");
    }
    CHECK_STR(limit_now(), "30.0");
}

static void give_up_in_a_transaction(void)
{
    nu_atomic_scope();
    maria_insert("stays");
    CHECK(nu_catch_atomic(NU_OPERATIONAL_ERROR, sleep_limited(0.05)));
    maria_insert("stays too");
}

static void a_slow_statement_is_given_up(void)
{
    const nu_error *error;
    uint64_t opened;

    maria_fresh("max_connections=1&timeout=5");
    COUNT("SELECT 1");
    opened = nu_pool_of(NULL).opened;
    error = nu_catch(NU_OPERATIONAL_ERROR, sleep_limited(0.05));
    CHECK(error && strstr(error->message.ptr, "max_statement_time exceeded"));
    sleep_limited(5);
    a_limit_inside_of_another_ends_alone();
    CHECK_STR(limit_now(), "0.0");
    give_up_in_a_transaction();
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 2);
    CHECK_RAISES(NU_VALUE_ERROR, "it must be positive", sleep_limited(0));
    CHECK_INT(nu_pool_of(NULL).opened, opened);
}

/* ---- what the site itself sets -------------------------------------------------------------- */

static int set_ups;

static void set_up(const nu_signal_event *event)
{
    (void)event;
    set_ups++;
    PLAIN("SET @site = 9");
}

static void what_connection_created_sets_stays(void)
{
    maria_fresh("max_connections=1");
    nu__databases_close();
    nu_signal_connect(&(const nu_receiver)receiver_any(NU_CONNECTION_CREATED, set_up));
    for (int i = 0; i < 5; i++)
        CHECK_INT(nu_int(VALUE("SELECT @site + ?", 0)), 9);
    CHECK_INT(set_ups, 1);
    run_held((void *)(uintptr_t) "SET @site = 7");
    CHECK_INT(nu_int(VALUE("SELECT @site + ?", 0)), 9);
    CHECK_INT(set_ups, 2);
}

HARNESS_LIVE(nothing_of_a_session_reaches_the_next, a_slow_statement_is_given_up,
             what_connection_created_sets_stays)
