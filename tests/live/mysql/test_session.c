/* What a fiber leaves behind in its session does not reach the next one, whatever set it. */
#include "maria.h"

#include <nuages/databases.h>
#include <nuages/loop.h>
#include <nuages/signals.h>
#include <nuages/transaction.h>

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

HARNESS_LIVE(nothing_of_a_session_reaches_the_next, what_connection_created_sets_stays)
