/* The driver of MariaDB and MySQL: values, rows, errors, sessions, transactions. */
#include "maria.h"

#include <nuages/decimal.h>
#include <nuages/timezone.h>
#include <nuages/transaction.h>
#include <nuages/uuid.h>

#include <string.h>

/* ---- statements and rows ------------------------------------------------------------------ */

static void a_query_gives_rows_of_each_kind(void)
{
    nu__rows *rows;

    maria_fresh("");
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

    maria_fresh("");
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

    maria_fresh("");
    CHECK_STR(nu_string(VALUE("SELECT ?", "Grüße, 'x' \\ \"y\" %s ?")), "Grüße, 'x' \\ \"y\" %s ?");
    CHECK_INT(nu_int(VALUE("SELECT ?", INT64_MIN)), INT64_MIN);
    CHECK(nu_float(VALUE("SELECT ?", 0.1)) == 0.1);
    CHECK_INT(nu_int(VALUE("SELECT ?", true)), 1);
    CHECK_INT(VALUE("SELECT ?", nu_null()).kind, NU_KIND_NULL);
    CHECK_STR(nu_string(VALUE("SELECT ? + 1", DEC(1.20))), "2.20");
    CHECK_STR(nu_string(VALUE("SELECT ?", ((nu_datetime){ 63842371200500000 }))),
              "2024-01-31 08:00:00.500000");
    CHECK_STR(nu_string(VALUE("SELECT ?", uuid)), "12340000-0000-0000-0000-0000000000ff");
    CHECK_INT(nu_int(VALUE("SELECT LENGTH(?)", ((nu_bytes){ (const uint8_t *)"\0\x01'", 3 }))), 3);
}

static void what_no_field_has_made_a_text_of_is_no_parameter(void)
{
    maria_fresh("");
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "Error binding parameter: type 'list' is not supported",
                 VALUE("SELECT ?", NU_LIST(1, "a")));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "Error binding parameter: type 'dict' is not supported",
                 VALUE("SELECT ?", NU_DICT(("a", 1))));
}

static void execute_counts_found_rows_and_tells_the_last_key(void)
{
    int64_t id = 0;

    maria_fresh("");
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

    maria_fresh("");
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

    maria_fresh("max_connections=1&timeout=1");
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

    maria_fresh("");
    nu__buf_lit(&sql, "SELECT CAST(COUNT(*) AS signed) FROM seq_1_to_100 WHERE seq IN (?");
    values[0] = V("it's");
    for (int64_t i = 1; i < 70000; i++) {
        nu__buf_lit(&sql, ", ?");
        values[i] = V(i * 2);
    }
    nu__buf_lit(&sql, ")");
    CHECK_INT(nu_int(maria_one(DB, nu__buf_str(&sql), (nu_values){ values, 70000 })), 50);
}

static void a_procedure_gives_its_first_result(void)
{
    maria_fresh("");
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

    maria_fresh("max_connections=1");
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
    maria_fresh("max_connections=1");
    for (int64_t round = 0; round < 2; round++)
        for (int64_t i = 0; i < 300; i++)
            CHECK_INT(nu_int(maria_one(DB, nu_fmt("SELECT ? + {}", i), NU_ARGS(1))), i + 1);
    CHECK_INT(COUNT("SELECT CAST(VARIABLE_VALUE AS signed) FROM information_schema.SESSION_STATUS "
                    "WHERE VARIABLE_NAME = 'COM_STMT_CLOSE'"),
              601 - 128);
}

/* ---- errors ------------------------------------------------------------------------------- */

static void errors_have_djangos_classes(void)
{
    maria_fresh("");
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

static void insert_returning(const char *text)
{
    CHECK(nu_int(VALUE("INSERT INTO t (v) VALUES (?) RETURNING id", text)) > 0);
}

/* The server has told of columns when it finds the error. */
static void an_error_after_the_columns_leaves_the_statement_usable(void)
{
    maria_fresh("max_connections=1");
    insert_returning("a");
    for (int i = 0; i < 3; i++)
        CHECK_RAISES(NU_INTEGRITY_ERROR, "(1062, ", insert_returning("a"));
    insert_returning("b");
    CHECK_INT(COUNT("SELECT COUNT(*) FROM t"), 2);
}

static void an_integrity_error_names_its_constraint(void)
{
    const nu_error *error;

    maria_fresh("");
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
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "database 'bad': option ssl_mode is 'requierd'; it takes DISABLED, PREFERRED, "
                 "REQUIRED, VERIFY_CA or VERIFY_IDENTITY. Did you mean 'REQUIRED'?",
                 nu__database_add("bad", S("mysql://u@h/x?ssl_mode=requierd")));
    nu__database_add("good", S("mysql://u@h/x?ssl_mode=verify_ca"));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "names no database",
                 nu__database_add("bad", S("mysql://u@h")));
}

/* ---- sessions ----------------------------------------------------------------------------- */

static void a_session_is_as_django_sets_it(void)
{
    maria_fresh("init_command=SET%20%40tea%3D5");
    CHECK_STR(nu_string(VALUE("SELECT @@tx_isolation")), "READ-COMMITTED");
    CHECK_STR(nu_string(VALUE("SELECT @@character_set_client")), "utf8mb4");
    CHECK_INT(nu_int(VALUE("SELECT @@autocommit")), 1);
    CHECK_INT(nu_int(VALUE("SELECT @@sql_auto_is_null")), 0);
    CHECK_INT(nu_int(VALUE("SELECT @@sql_mode LIKE '%STRICT_TRANS_TABLES%'")), 1);
    CHECK_INT(nu_int(VALUE("SELECT @tea")), 5);
    maria_fresh("isolation_level=serializable");
    CHECK_STR(nu_string(VALUE("SELECT @@tx_isolation")), "SERIALIZABLE");
    maria_fresh("init_command=SET%20sql_mode%3D%27%27");
    CHECK_STR(nu_string(VALUE("SELECT @@sql_mode")), "STRICT_TRANS_TABLES");
    maria_fresh("init_command=SET%20sql_mode%3D%27PIPES_AS_CONCAT,ONLY_FULL_GROUP_BY,NO_BACKSLASH_"
                "ESCAPES%27");
    CHECK_STR(nu_string(VALUE("SELECT @@sql_mode")), "PIPES_AS_CONCAT,STRICT_TRANS_TABLES");
    CHECK_INT(COUNT("SELECT LENGTH('it\\'s')"), 4);
}

/* ---- transactions ------------------------------------------------------------------------- */

static void fail_after_insert(void)
{
    nu_atomic_scope();
    maria_insert("lost");
    nu_raise(NU_VALUE_ERROR, "no");
}

static void insert_with_savepoints(void)
{
    nu_atomic_scope();
    maria_insert("kept");
    CHECK(nu_catch(NU_VALUE_ERROR, fail_after_insert()) != NULL);
    CHECK(nu_catch(NU_INTEGRITY_ERROR, maria_insert("kept")) != NULL);
}

static void blocks_commit_and_savepoints_roll_back(void)
{
    maria_fresh("");
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
    maria_fresh("");
    look_at_isolation();
    CHECK_STR(nu_string(VALUE("SELECT @@tx_isolation")), "READ-COMMITTED");
}

HARNESS_LIVE(a_query_gives_rows_of_each_kind, integers_of_every_width_come_with_their_sign,
             parameters_of_each_kind_arrive, what_no_field_has_made_a_text_of_is_no_parameter,
             execute_counts_found_rows_and_tells_the_last_key,
             results_larger_than_a_batch_come_whole, queries_run_inside_of_a_loop_over_rows,
             more_parameters_than_the_protocol_has_go_as_text, a_procedure_gives_its_first_result,
             a_table_that_was_altered_shows_its_new_columns,
             hundreds_of_statements_pass_through_the_cache, errors_have_djangos_classes,
             an_error_after_the_columns_leaves_the_statement_usable,
             an_integrity_error_names_its_constraint, a_server_that_is_not_there_is_told_of,
             a_session_is_as_django_sets_it, blocks_commit_and_savepoints_roll_back,
             a_block_has_the_isolation_that_was_asked_for)
