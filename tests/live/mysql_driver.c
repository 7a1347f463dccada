/* The driver of MariaDB and MySQL against a real server: tests/live/test_mariadb.py starts one and
 * gives its URL and its pid. A server that was killed comes back by itself.
 */
#include "harness_loop.h"

#include "db/connection.h"
#include "db/database.h"
#include "db/driver.h"
#include <nuages/decimal.h>
#include <nuages/loop.h>
#include <nuages/timezone.h>
#include <nuages/transaction.h>
#include <nuages/uuid.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DB            nu__connection_of(NULL)
#define RUN(sql, ...) nu__db_execute(DB, S(sql), NU_ARGS(__VA_ARGS__), NULL)
#define PLAIN(sql)    nu__db_execute(DB, S(sql), (nu_values){ 0 }, NULL)

/* A database of its own for each test, with a table t. */
static void fresh_with(const char *alias, const char *options)
{
    const char *url = getenv("NUAGES_TEST_MYSQL");

    if (!url)
        nu_raise(NU_RUNTIME_ERROR, "NUAGES_TEST_MYSQL is not set: run tests/live/test_mariadb.py");
    nu__database_add(alias, nu_fmt("{}{}{}", url, strchr(url, '?') ? "&" : "?", options));
}

static void fresh(const char *options)
{
    fresh_with("default", options);
    fresh_with("other", "");
    fresh_with("third", "");
    PLAIN("DROP TABLE IF EXISTS u");
    PLAIN("DROP TABLE IF EXISTS t");
    PLAIN(
        "CREATE TABLE t (id integer AUTO_INCREMENT PRIMARY KEY, v varchar(40) UNIQUE, n integer)");
}

static nu_value one(nu__connection *connection, nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(connection, sql, params);
    nu_value value = nu__rows_next(rows) ? nu__cell_value(&rows->cells[0]) : nu_null();

    nu__rows_close(rows);
    return value;
}

#define VALUE(sql, ...) one(DB, S(sql), NU_ARGS(__VA_ARGS__))
#define COUNT(sql)      nu_int(one(DB, S(sql), (nu_values){ 0 }))

/* ---- statements and rows ------------------------------------------------------------------ */

static void a_query_gives_rows_of_each_kind(void)
{
    nu__rows *rows;

    fresh("");
    rows = nu__db_query(
        DB,
        S("SELECT 7, CAST(1.5 AS double), 'tea', X'0102', NULL, CAST(1.20 AS decimal(5,2)), "
          "CAST('2024-02-29' AS date), CAST('2024-02-29 12:30:45.000123' AS datetime(6)), "
          "CAST('23:59:59.5' AS time(6)), CAST('-01:00:00' AS time), CAST(-1 AS unsigned)"),
        (nu_values){ 0 });
    CHECK_INT(rows->n_columns, 11);
    CHECK(nu__rows_next(rows));
    CHECK_INT(rows->cells[0].i, 7);
    CHECK(rows->cells[1].f == 1.5);
    CHECK_STR(nu__cell_text(&rows->cells[2]), "tea");
    CHECK_INT(rows->cells[3].kind, NU__CELL_BLOB);
    CHECK_INT(rows->cells[3].len, 2);
    CHECK_INT(rows->cells[4].kind, NU__CELL_NULL);
    CHECK_INT(rows->cells[5].kind, NU__CELL_DECIMAL);
    CHECK_STR(nu__cell_text(&rows->cells[5]), "1.20");
    CHECK_STR(nu_string(nu__cell_value(&rows->cells[6])), "2024-02-29");
    CHECK_STR(nu_string(nu__cell_value(&rows->cells[7])), "2024-02-29 12:30:45.000123+00:00");
    CHECK_STR(nu_string(nu__cell_value(&rows->cells[8])), "23:59:59.500000");
    CHECK_INT(rows->cells[9].kind, NU__CELL_DURATION);
    CHECK_INT(rows->cells[9].i, -3600000000);
    CHECK_STR(nu__cell_text(&rows->cells[10]), "18446744073709551615");
    CHECK(!nu__rows_next(rows));
    nu__rows_close(rows);
}

static void integers_of_every_width_come_with_their_sign(void)
{
    nu__rows *rows;

    fresh("");
    PLAIN(
        "CREATE TABLE u (a tinyint, b tinyint unsigned, c smallint, d smallint unsigned, e "
        "mediumint, f int, g int unsigned, h bigint, i bigint unsigned, j float, k year, l bool)");
    PLAIN("INSERT INTO u VALUES (-128, 255, -32768, 65535, -8388608, -2147483648, 4294967295, "
          "-9223372036854775808, 9223372036854775807, 0.5, 2024, true)");
    rows = nu__db_query(DB, S("SELECT * FROM u"), (nu_values){ 0 });
    CHECK(nu__rows_next(rows));
    CHECK_INT(rows->cells[0].i, -128);
    CHECK_INT(rows->cells[1].i, 255);
    CHECK_INT(rows->cells[2].i, -32768);
    CHECK_INT(rows->cells[3].i, 65535);
    CHECK_INT(rows->cells[4].i, -8388608);
    CHECK_INT(rows->cells[5].i, INT32_MIN);
    CHECK_INT(rows->cells[6].i, UINT32_MAX);
    CHECK_INT(rows->cells[7].i, INT64_MIN);
    CHECK_INT(rows->cells[8].i, INT64_MAX);
    CHECK(rows->cells[9].f == 0.5);
    CHECK_INT(rows->cells[10].i, 2024);
    CHECK_INT(rows->cells[11].i, 1);
    CHECK_STR(nu__rows_name(rows, 11), "l");
    nu__rows_close(rows);
}

static void parameters_of_each_kind_arrive(void)
{
    nu_uuid uuid = { { 0x12, 0x34, [15] = 0xff } };

    fresh("");
    CHECK_STR(nu_string(VALUE("SELECT ?", "Grüße, 'x' \\ \"y\" %s ?")), "Grüße, 'x' \\ \"y\" %s ?");
    CHECK_INT(nu_int(VALUE("SELECT ?", INT64_MIN)), INT64_MIN);
    CHECK(nu_float(VALUE("SELECT ?", 0.1)) == 0.1);
    CHECK_INT(nu_int(VALUE("SELECT ?", true)), 1);
    CHECK_INT(VALUE("SELECT ?", nu_null()).kind, NU_KIND_NULL);
    CHECK_STR(nu_string(VALUE("SELECT ? + 1", DEC(1.20))), "2.20");
    CHECK_STR(nu_string(VALUE("SELECT ?", ((nu_datetime){ 63842371200500000 }))),
              "2024-01-31 08:00:00.500000");
    CHECK_STR(nu_string(VALUE("SELECT ?", uuid)), "12340000-0000-0000-0000-0000000000ff");
    CHECK_STR(nu_string(VALUE("SELECT ?", NU_LIST(1, "a"))), "[1, \"a\"]");
    CHECK_INT(nu_int(VALUE("SELECT LENGTH(?)", ((nu_bytes){ (const uint8_t *)"\0\x01'", 3 }))), 3);
}

static void execute_counts_found_rows_and_tells_the_last_key(void)
{
    int64_t id = 0;

    fresh("");
    CHECK_INT(nu__db_execute(DB, S("INSERT INTO t (v) VALUES (?), (?)"), NU_ARGS("a", "b"), &id),
              2);
    CHECK_INT(id, 1);
    CHECK_INT(RUN("UPDATE t SET n = ? WHERE id > ?", 1, 0), 2);
    CHECK_INT(RUN("UPDATE t SET n = ? WHERE id > ?", 1, 0), 2);
    CHECK_INT(PLAIN("SELECT 1"), 0);
    CHECK_INT(PLAIN("DELETE FROM t"), 2);
}

static void results_larger_than_a_batch_come_whole(void)
{
    nu__rows *rows;
    int64_t n = 0, sum = 0;

    fresh("");
    rows = nu__db_query(DB, S("SELECT seq, REPEAT('x', seq % 300) FROM seq_1_to_20000"),
                        (nu_values){ 0 });
    while (nu__rows_next(rows)) {
        n++;
        sum += rows->cells[0].i;
        if ((int64_t)rows->cells[1].len != rows->cells[0].i % 300)
            CHECK_INT(rows->cells[1].len, rows->cells[0].i % 300);
    }
    CHECK_INT(n, 20000);
    CHECK_INT(sum, 200010000);
    CHECK_INT(nu_int(VALUE("SELECT LENGTH(REPEAT('x', ?))", 3000000)), 3000000);
    rows = nu__db_query(DB, S("SELECT REPEAT('y', 3000000)"), (nu_values){ 0 });
    CHECK(nu__rows_next(rows));
    CHECK_INT(rows->cells[0].len, 3000000);
    nu__rows_close(rows);
}

static void queries_run_inside_of_a_loop_over_rows(void)
{
    nu__rows *rows;
    int n = 0;

    fresh("max_connections=1&timeout=1");
    rows = nu__db_query(DB, S("SELECT seq, REPEAT('x', 200) FROM seq_1_to_1000"), (nu_values){ 0 });
    while (nu__rows_next(rows) && n < 300) {
        CHECK_INT(nu_int(VALUE("SELECT ? + 1", rows->cells[0].i)), rows->cells[0].i + 1);
        n++;
    }
    nu__rows_close(rows);
    CHECK_INT(n, 300);
}

static void more_parameters_than_the_protocol_has_go_as_text(void)
{
    nu_value *values = nu_alloc_array(nu_value, 70000);
    nu__buf sql = { 0 };

    fresh("");
    nu__buf_lit(&sql, "SELECT CAST(COUNT(*) AS signed) FROM seq_1_to_100 WHERE seq IN (?");
    values[0] = V("it's");
    for (int64_t i = 1; i < 70000; i++) {
        nu__buf_lit(&sql, ", ?");
        values[i] = V(i * 2);
    }
    nu__buf_lit(&sql, ")");
    CHECK_INT(nu_int(one(DB, nu__buf_str(&sql), (nu_values){ values, 70000 })), 50);
}

static void a_procedure_gives_its_first_result(void)
{
    fresh("");
    PLAIN("DROP PROCEDURE IF EXISTS p");
    PLAIN("CREATE PROCEDURE p (n integer) BEGIN SELECT n + 1; SELECT 'b'; END");
    CHECK_INT(nu_int(VALUE("CALL p(?)", 41)), 42);
    CHECK_INT(nu_int(VALUE("SELECT 5")), 5);
    PLAIN("CALL p(1)");
    RUN("CALL p(?)", 1);
    CHECK_INT(nu_int(VALUE("SELECT 6")), 6);
    PLAIN("DROP PROCEDURE p");
}

static void a_table_that_was_altered_shows_its_new_columns(void)
{
    nu__rows *rows;

    fresh("max_connections=1");
    RUN("INSERT INTO t (v) VALUES (?)", "a");
    for (int round = 0; round < 2; round++) {
        rows = nu__db_query(DB, S("SELECT * FROM t"), (nu_values){ 0 });
        CHECK(nu__rows_next(rows));
        CHECK_INT(rows->n_columns, 3 + round);
        CHECK_STR(nu__rows_name(rows, rows->n_columns - 1), round ? "m" : "n");
        nu__rows_close(rows);
        if (!round)
            PLAIN("ALTER TABLE t ADD COLUMN m varchar(10) DEFAULT 'new'");
    }
}

static void hundreds_of_statements_pass_through_the_cache(void)
{
    fresh("max_connections=1");
    for (int64_t round = 0; round < 2; round++)
        for (int64_t i = 0; i < 300; i++)
            CHECK_INT(nu_int(one(DB, nu_fmt("SELECT ? + {}", i), NU_ARGS(1))), i + 1);
    CHECK_INT(COUNT("SELECT CAST(VARIABLE_VALUE AS signed) FROM information_schema.SESSION_STATUS "
                    "WHERE VARIABLE_NAME = 'COM_STMT_CLOSE'"),
              601 - 128);
}

/* ---- errors ------------------------------------------------------------------------------- */

static void errors_have_djangos_classes(void)
{
    fresh("");
    PLAIN("CREATE TABLE u (id integer PRIMARY KEY, t_id integer NOT NULL, c integer, CONSTRAINT "
          "small CHECK (c < 10), CONSTRAINT u_t FOREIGN KEY (t_id) REFERENCES t (id))");
    RUN("INSERT INTO t (v) VALUES (?)", "a");
    CHECK_RAISES(NU_INTEGRITY_ERROR, "(1062, \"Duplicate entry 'a' for key 'v'\")",
                 RUN("INSERT INTO t (v) VALUES (?)", "a"));
    CHECK_RAISES(NU_INTEGRITY_ERROR, "(1452, ", RUN("INSERT INTO u VALUES (?, ?, ?)", 1, 99, 1));
    CHECK_RAISES(NU_INTEGRITY_ERROR, "(1048, ",
                 RUN("INSERT INTO u VALUES (?, ?, ?)", 1, nu_null(), 1));
    CHECK_RAISES(NU_INTEGRITY_ERROR, "(4025, ", RUN("INSERT INTO u VALUES (?, ?, ?)", 1, 1, 10));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "(1146, ", PLAIN("SELECT * FROM nowhere"));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "(1064, ", PLAIN("SELEKT 1"));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "(1054, ", VALUE("SELECT nothing FROM t"));
    CHECK_RAISES(NU_DATA_ERROR, "(1406, ",
                 RUN("INSERT INTO t (v) VALUES (?)", "0123456789012345678901234567890123456789x"));
    CHECK_RAISES(NU_DATA_ERROR, "(1264, ", RUN("INSERT INTO t (n) VALUES (?)", INT64_MAX));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "not enough arguments", RUN("SELECT ?, ?", 1));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "(1064, ", PLAIN("SELECT 1; SELECT 2"));
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 1);
}

static void an_integrity_error_names_its_constraint(void)
{
    const nu_error *error;

    fresh("");
    RUN("INSERT INTO t (v) VALUES (?)", "a");
    error = nu_catch(NU_INTEGRITY_ERROR, RUN("INSERT INTO t (v) VALUES (?)", "a"));
    CHECK(error != NULL);
    CHECK_STR(nu_s(error->constraint), "v");
}

static void a_server_that_is_not_there_is_told_of(void)
{
    nu__database_add("nowhere", S("mysql://u@127.0.0.1:1/x?connect_timeout=1"));
    CHECK_RAISES(
        NU_OPERATIONAL_ERROR, "is the server running",
        nu__db_execute(nu__connection_of("nowhere"), S("SELECT 1"), (nu_values){ 0 }, NULL));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "no option 'colour'",
                 nu__database_add("bad", S("mysql://u@h/x?colour=red")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Invalid transaction isolation level 'odd'",
                 nu__database_add("bad", S("mysql://u@h/x?isolation_level=odd")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "names no database",
                 nu__database_add("bad", S("mysql://u@h")));
}

/* ---- sessions ----------------------------------------------------------------------------- */

static void a_session_is_as_django_sets_it(void)
{
    fresh("init_command=SET%20%40tea%3D5");
    CHECK_STR(nu_string(VALUE("SELECT @@tx_isolation")), "READ-COMMITTED");
    CHECK_STR(nu_string(VALUE("SELECT @@character_set_client")), "utf8mb4");
    CHECK_INT(nu_int(VALUE("SELECT @@autocommit")), 1);
    CHECK_INT(nu_int(VALUE("SELECT @@sql_auto_is_null")), 0);
    CHECK_INT(nu_int(VALUE("SELECT @@sql_mode LIKE '%STRICT_TRANS_TABLES%'")), 1);
    CHECK_INT(nu_int(VALUE("SELECT @tea")), 5);
    fresh("isolation_level=serializable");
    CHECK_STR(nu_string(VALUE("SELECT @@tx_isolation")), "SERIALIZABLE");
    fresh("init_command=SET%20sql_mode%3D%27%27");
    CHECK_STR(nu_string(VALUE("SELECT @@sql_mode")), "STRICT_TRANS_TABLES");
}

/* ---- transactions ------------------------------------------------------------------------- */

static void insert(const char *text)
{
    RUN("INSERT INTO t (v) VALUES (?)", text);
}

static void fail_after_insert(void)
{
    nu_atomic_scope();
    insert("lost");
    nu_raise(NU_VALUE_ERROR, "no");
}

static void insert_with_savepoints(void)
{
    nu_atomic_scope();
    insert("kept");
    CHECK(nu_catch(NU_VALUE_ERROR, fail_after_insert()) != NULL);
    CHECK(nu_catch(NU_INTEGRITY_ERROR, insert("kept")) != NULL);
}

static void blocks_commit_and_savepoints_roll_back(void)
{
    fresh("");
    CHECK_RAISES(NU_VALUE_ERROR, "no", fail_after_insert());
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 0);
    insert_with_savepoints();
    CHECK_STR(nu_string(VALUE("SELECT GROUP_CONCAT(v) FROM t")), "kept");
    CHECK(!nu_in_atomic());
}

static void look_at_isolation(void)
{
    nu_atomic_scope(.isolation = NU_SERIALIZABLE);
    CHECK_STR(nu_string(VALUE("SELECT TRX_ISOLATION_LEVEL FROM information_schema.INNODB_TRX "
                              "WHERE trx_mysql_thread_id = CONNECTION_ID() UNION SELECT 'none' "
                              "LIMIT 1")),
              "none");
    VALUE("SELECT COUNT(*) FROM t");
}

static void a_block_has_the_isolation_that_was_asked_for(void)
{
    fresh("");
    look_at_isolation();
    CHECK_STR(nu_string(VALUE("SELECT @@tx_isolation")), "READ-COMMITTED");
}

/* ---- faults ------------------------------------------------------------------------------- */

static void kill_server(void)
{
    const char *path = getenv("NUAGES_TEST_MYSQL_PID");
    FILE *file = path ? fopen(path, "r") : NULL;
    int pid = 0;

    if (!file || fscanf(file, "%d", &pid) != 1 || pid < 2)
        nu_raise(NU_RUNTIME_ERROR, "NUAGES_TEST_MYSQL_PID names no file with the server's pid");
    fclose(file);
    kill(pid, SIGKILL);
}

/* The test program that started the server starts it again. */
static void wait_for_server(void)
{
    for (int i = 0; i < 600; i++) {
        if (!nu_catch(NU_DATABASE_ERROR, VALUE("SELECT 1")))
            return;
        nu_sleep(0.1);
    }
    CHECK(!"the server came back");
}

static void kill_soon(void *unused)
{
    (void)unused;
    nu_sleep(0.3);
    kill_server();
}

static void a_server_killed_in_a_query_raises_and_the_next_request_works(void)
{
    fresh("");
    nu__fiber_spawn("killer", kill_soon, NULL);
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "(2013, ", VALUE("SELECT SLEEP(?)", 20));
    wait_for_server();
    CHECK_INT(nu_int(VALUE("SELECT 5")), 5);
}

static void insert_and_kill(void)
{
    nu_atomic_scope();
    insert("half");
    kill_server();
    nu_sleep(0.2);
    insert("other half");
}

static void a_server_killed_in_a_transaction_leaves_nothing_half_written(void)
{
    fresh("");
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "(20", insert_and_kill());
    CHECK(!nu_in_atomic());
    wait_for_server();
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 0);
    insert("whole");
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 1);
}

static void cut_other_connections(void)
{
    nu__connection *other = nu__connection_of("other");
    int64_t own = nu_int(one(other, S("SELECT CONNECTION_ID()"), (nu_values){ 0 }));
    nu__rows *rows;

    nu__connection_hold(other);
    own = nu_int(one(other, S("SELECT CONNECTION_ID()"), (nu_values){ 0 }));
    rows = nu__db_query(other,
                        S("SELECT id FROM information_schema.PROCESSLIST WHERE user = 'nuages' AND "
                          "id != ? AND db = DATABASE()"),
                        NU_ARGS(own));
    while (nu__rows_next(rows))
        nu__db_execute(other, nu_fmt("KILL {}", rows->cells[0].i), (nu_values){ 0 }, NULL);
    nu__rows_close(rows);
    nu__connection_let_go(other);
    nu_sleep(0.05);
}

static void a_connection_cut_while_idle_is_not_lent_again(void)
{
    fresh("");
    CHECK_INT(nu_int(VALUE("SELECT 1")), 1);
    cut_other_connections();
    CHECK_INT(nu_int(VALUE("SELECT 2")), 2);
}

static void insert_and_be_cut(void)
{
    nu_atomic_scope();
    insert("half");
    cut_other_connections();
    insert("other half");
}

static void a_connection_cut_in_a_transaction_rolls_back(void)
{
    fresh("");
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "(", insert_and_be_cut());
    CHECK(!nu_in_atomic());
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 0);
}

static void sleep_in_database(void *arg)
{
    VALUE("SELECT SLEEP(?)", 0.6);
    ++*(int *)arg;
}

static void an_exhausted_pool_says_so_and_serves_again(void)
{
    int done = 0;

    fresh("max_connections=1&timeout=0.2");
    nu__fiber_spawn("holder", sleep_in_database, &done);
    nu_sleep(0.1);
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "none of its 1 connections became free", VALUE("SELECT 1"));
    nu_sleep(0.7);
    CHECK_INT(done, 1);
    CHECK_INT(nu_int(VALUE("SELECT 1")), 1);
}

/* ---- deadlocks ---------------------------------------------------------------------------- */

typedef struct pair {
    const char *first, *second;
    int tries, *done;
} pair;

static void *update_both(void *arg)
{
    pair *pair = arg;

    pair->tries++;
    RUN("UPDATE t SET n = n + 1 WHERE v = ?", pair->first);
    nu_sleep(0.1);
    RUN("UPDATE t SET n = n + 1 WHERE v = ?", pair->second);
    return NULL;
}

static void update_again_and_again(void *arg)
{
    pair *pair = arg;

    nu_run_atomic(update_both, pair, .retries = 5);
    ++*pair->done;
}

static void a_deadlock_is_run_again_until_both_are_done(void)
{
    int done = 0;
    pair ab = { "a", "b", 0, &done }, ba = { "b", "a", 0, &done };

    fresh("");
    RUN("INSERT INTO t (v, n) VALUES (?, 0), (?, 0)", "a", "b");
    nu__fiber_spawn("ab", update_again_and_again, &ab);
    nu__fiber_spawn("ba", update_again_and_again, &ba);
    for (int i = 0; i < 100 && done < 2; i++)
        nu_sleep(0.05);
    CHECK_INT(done, 2);
    CHECK(ab.tries + ba.tries > 2);
    CHECK_STR(nu_string(VALUE("SELECT GROUP_CONCAT(n) FROM t")), "2,2");
}

static void lock_row(void *arg)
{
    nu_atomic_scope(.using = "other");
    nu__db_execute(nu__connection_of("other"), S("UPDATE t SET n = ? WHERE v = 'a'"), NU_ARGS(7),
                   NULL);
    nu_sleep(*(double *)arg);
}

static void a_lock_that_is_waited_for_too_long_is_of_the_deadlocks_class(void)
{
    double seconds = 1.5;

    fresh("init_command=SET%20innodb_lock_wait_timeout%3D1");
    insert("a");
    nu__fiber_spawn("locker", lock_row, &seconds);
    nu_sleep(0.1);
    CHECK_RAISES(NU_DEADLOCK_DETECTED, "(1205, ", RUN("UPDATE t SET n = ? WHERE v = ?", 1, "a"));
    nu_sleep(0.8);
    CHECK_INT(COUNT("SELECT n FROM t"), 7);
}

/* ---- clients that go away ----------------------------------------------------------------- */

static nu__fiber *waiting;

static void wait_for_lock(void *arg)
{
    waiting = nu__fiber_current();
    nu_atomic_scope();
    insert("mine");
    RUN("UPDATE t SET n = ? WHERE v = ?", 1, "a");
    ++*(int *)arg;
}

static void a_fiber_cancelled_in_a_transaction_leaves_no_lock_and_no_row(void)
{
    double seconds = 0.8;
    int done = 0;

    fresh("");
    insert("a");
    nu__fiber_spawn("locker", lock_row, &seconds);
    nu_sleep(0.1);
    nu__fiber_spawn("client", wait_for_lock, &done);
    nu_sleep(0.2);
    nu__fiber_cancel(waiting);
    nu_sleep(0.3);
    CHECK_INT(nu_int(one(nu__connection_of("third"),
                         S("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE info LIKE "
                           "'UPDATE t SET n%'"),
                         (nu_values){ 0 })),
              0);
    nu_sleep(0.5);
    CHECK_INT(done, 0);
    CHECK_STR(nu_string(VALUE("SELECT GROUP_CONCAT(v) FROM t")), "a");
    CHECK_INT(COUNT("SELECT n FROM t"), 7);
    CHECK_INT(RUN("UPDATE t SET n = ? WHERE v = ?", 1, "a"), 1);
}

static void what_a_fiber_sets_does_not_reach_the_next(void)
{
    fresh("max_connections=1");
    PLAIN("SET @tea = 5");
    CHECK_INT(VALUE("SELECT @tea").kind, NU_KIND_NULL);
    CHECK_INT(nu_int(VALUE("SELECT GET_LOCK(?, 0)", "tea")), 1);
    CHECK_INT(
        nu_int(one(nu__connection_of("other"), S("SELECT IS_FREE_LOCK('tea')"), (nu_values){ 0 })),
        0);
    CHECK_INT(nu_int(VALUE("SELECT 1")), 1);
    nu_sleep(0.05);
    CHECK_INT(
        nu_int(one(nu__connection_of("other"), S("SELECT IS_FREE_LOCK('tea')"), (nu_values){ 0 })),
        1);
}

/* Many fibers, some of them cancelled at any moment: each gets its own answer, none waits for ever.
 */
static struct {
    int n_right, n_wrong, n_left;
} crowd;

static void ask(void *arg)
{
    int64_t number = (int64_t)(intptr_t)arg;
    const nu_error *error = NULL;

    nu_sleep((double)(number % 50) / 500);
    for (int64_t i = 0; i < 20 && !error; i++) {
        int64_t got = nu_int(VALUE("SELECT ? * 1000 + ?", number, i));

        crowd.n_right += got == number * 1000 + i;
        crowd.n_wrong += got != number * 1000 + i;
    }
}

static void leave_crowd(void *unused)
{
    (void)unused;
    crowd.n_left--;
}

static void ask_and_leave(void *arg)
{
    nu_defer(leave_crowd, NULL);
    ask(arg);
}

static void a_crowd_with_random_cancellations_gets_its_own_answers(void)
{
    enum { FIBERS = 300 };
    nu__fiber *fibers[FIBERS];

    fresh("max_connections=5&timeout=20");
    memset(&crowd, 0, sizeof crowd);
    for (intptr_t i = 0; i < FIBERS; i++) {
        crowd.n_left++;
        fibers[i] = nu__fiber_spawn("asker", ask_and_leave, (void *)i);
    }
    nu_sleep(0.05);
    for (int i = 0; i < FIBERS; i += 7)
        if (crowd.n_left == FIBERS)
            nu__fiber_cancel(fibers[i]);
    for (int i = 0; i < 400 && crowd.n_left; i++)
        nu_sleep(0.05);
    CHECK_INT(crowd.n_left, 0);
    CHECK_INT(crowd.n_wrong, 0);
    CHECK(crowd.n_right >= (FIBERS - FIBERS / 7 - 1) * 20);
    CHECK_INT(nu_int(VALUE("SELECT 1")), 1);
}

/* ---- running ------------------------------------------------------------------------------ */

static void (*test)(void);

static void run_test(void *unused)
{
    (void)unused;
    test();
}

static void run_and_close(void)
{
    const nu_error *error = nu__guard(run_test, NULL);

    nu__databases_close(); /* before the loop that watches the sockets */
    if (error)
        nu_reraise(error);
}

static void around(const char *name, void (*run)(void))
{
    test = run;
    harness_run_in_fiber(name, run_and_close);
}

int main(int argc, char **argv)
{
    static const harness_test tests[] = { NU_EACH(
        HARNESS__ROW, a_query_gives_rows_of_each_kind, integers_of_every_width_come_with_their_sign,
        parameters_of_each_kind_arrive, execute_counts_found_rows_and_tells_the_last_key,
        results_larger_than_a_batch_come_whole, queries_run_inside_of_a_loop_over_rows,
        more_parameters_than_the_protocol_has_go_as_text, a_procedure_gives_its_first_result,
        a_table_that_was_altered_shows_its_new_columns,
        hundreds_of_statements_pass_through_the_cache, errors_have_djangos_classes,
        an_integrity_error_names_its_constraint, a_server_that_is_not_there_is_told_of,
        a_session_is_as_django_sets_it, blocks_commit_and_savepoints_roll_back,
        a_block_has_the_isolation_that_was_asked_for,
        a_server_killed_in_a_query_raises_and_the_next_request_works,
        a_server_killed_in_a_transaction_leaves_nothing_half_written,
        a_connection_cut_while_idle_is_not_lent_again, a_connection_cut_in_a_transaction_rolls_back,
        an_exhausted_pool_says_so_and_serves_again, a_deadlock_is_run_again_until_both_are_done,
        a_lock_that_is_waited_for_too_long_is_of_the_deadlocks_class,
        a_fiber_cancelled_in_a_transaction_leaves_no_lock_and_no_row,
        what_a_fiber_sets_does_not_reach_the_next,
        a_crowd_with_random_cancellations_gets_its_own_answers){ NULL, NULL } };

    harness_around = around;
    return harness_main(argc, argv, tests);
}
