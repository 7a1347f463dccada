#include "db_fixture.h"

#include "conf/settings.h"
#include "loop/fiber.h"
#include <nuages/decimal.h>
#include <nuages/loop.h>
#include <nuages/timezone.h>
#include <nuages/transaction.h>
#include <nuages/uuid.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- statements and rows ------------------------------------------------------------------ */

static void a_query_gives_rows_of_each_kind(void)
{
    nu__rows *rows;

    fixture_database("kinds.db", "");
    rows = nu__db_query(DB, S("SELECT 7, 1.5, 'tea', X'0102', NULL"), (nu_values){ 0 });
    CHECK_INT(rows->n_columns, 5);
    CHECK(nu__rows_next(rows));
    CHECK_INT(rows->cells[0].i, 7);
    CHECK(rows->cells[1].f == 1.5);
    CHECK_STR(nu__cell_text(&rows->cells[2]), "tea");
    CHECK_INT(rows->cells[3].kind, NU__CELL_BLOB);
    CHECK_INT(rows->cells[3].len, 2);
    CHECK_INT(rows->cells[4].kind, NU__CELL_NULL);
    CHECK(!nu__rows_next(rows));
    CHECK(!nu__rows_next(rows));
    nu__rows_close(rows);
}

static void columns_have_names_and_declared_types(void)
{
    nu__rows *rows;

    fixture_database("columns.db", "");
    RUN("CREATE TABLE t (born datetime, n integer)");
    rows = nu__db_query(DB, S("SELECT born, n + 1 AS m FROM t"), (nu_values){ 0 });
    CHECK_STR(nu__rows_name(rows, 0), "born");
    CHECK_STR(nu__rows_type(rows, 0), "datetime");
    CHECK_STR(nu__rows_name(rows, 1), "m");
    CHECK(nu_is_null(nu__rows_type(rows, 1)));
    nu__rows_close(rows);
}

static void execute_counts_changed_rows_and_tells_the_last_key(void)
{
    int64_t id = 0;

    fixture_database("count.db", "");
    CHECK_INT(RUN("CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, v text)"), 0);
    CHECK_INT(nu__db_execute(DB, S("INSERT INTO t (v) VALUES (?), (?)"), NU_ARGS("a", "b"), &id),
              2);
    CHECK_INT(id, 2);
    CHECK_INT(RUN("UPDATE t SET v = ? WHERE id > ?", "c", 0), 2);
    CHECK_INT(RUN("UPDATE t SET v = ? WHERE id > ?", "c", 10), 0);
    CHECK_INT(RUN("SELECT 1"), 0);
    CHECK_INT(RUN("DELETE FROM t"), 2);
}

static void one_statement_runs_for_many_lists_of_parameters(void)
{
    nu_values rows[3] = { NU_ARGS(1, "a"), NU_ARGS(2, "b"), NU_ARGS(3, "c") };

    fixture_database("many.db", "");
    RUN("CREATE TABLE t (id integer, v text)");
    CHECK_INT(nu__db_execute_many(DB, S("INSERT INTO t VALUES (?, ?)"), rows, 3), 3);
    CHECK_STR(CELL("SELECT group_concat(v) FROM t"), "a,b,c");
}

static void parameters_are_stored_as_django_stores_them(void)
{
    nu_uuid uuid = { { 0x12, 0x34, [15] = 0xff } };

    fixture_database("params.db", "");
    CHECK_STR(CELL("SELECT ?", nu_date_of(2024, 5, 17)), "2024-05-17");
    CHECK_STR(CELL("SELECT ?", nu_datetime_of(2024, 5, 17, 9, 5, 0)), "2024-05-17 09:05:00");
    CHECK_STR(CELL("SELECT ?", nu_time_of(23, 59, 1, 250000)), "23:59:01.250000");
    CHECK_STR(CELL("SELECT typeof(?)", DEC(3.50)), "text");
    CHECK_STR(CELL("SELECT ?", DEC(3.50)), "3.50");
    CHECK_STR(CELL("SELECT ?", true), "1");
    CHECK_STR(CELL("SELECT typeof(?)", true), "integer");
    CHECK_STR(CELL("SELECT ?", uuid), "123400000000000000000000000000ff");
    CHECK_STR(CELL("SELECT ?", nu_days(2)), "172800000000");
    CHECK_STR(CELL("SELECT ?", nu_null()), "NULL");
    CHECK_STR(CELL("SELECT typeof(?)", S("")), "text");
    CHECK_RAISES(NU_OVERFLOW_ERROR, "too large", CELL("SELECT ?", UINT64_MAX));
}

static void what_no_field_has_made_a_text_of_is_no_parameter(void)
{
    fixture_database("containers.db", "");
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "Error binding parameter 2: type 'dict' is not supported",
                 CELL("SELECT ? || ?", 1, NU_DICT(("a", 1))));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "Error binding parameter 1: type 'list' is not supported",
                 CELL("SELECT ?", NU_LIST(1, 2)));
}

static void the_wrong_number_of_parameters_is_refused(void)
{
    fixture_database("bindings.db", "");
    CHECK_RAISES(NU_PROGRAMMING_ERROR,
                 "Incorrect number of bindings supplied. The current statement uses 2, and there "
                 "are 1 supplied.",
                 CELL("SELECT ?, ?", 1));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "You can only execute one statement at a time.",
                 RUN("SELECT 1; SELECT 2"));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "no such table: absent", RUN("SELECT * FROM absent"));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "near \"SELEC\": syntax error", RUN("SELEC 1"));
}

static void rows_larger_than_a_batch_arrive_whole(void)
{
    nu__rows *rows;
    size_t len = 0;

    fixture_database("large.db", "");
    RUN("CREATE TABLE t (v text)");
    RUN("INSERT INTO t VALUES ('x'), (REPEAT('a', 300000)), (REPEAT('b', 90000)), ('y')");
    rows = nu__db_query(DB, S("SELECT v FROM t ORDER BY rowid"), (nu_values){ 0 });
    for (int i = 0; i < 4; i++) {
        CHECK(nu__rows_next(rows));
        len += rows->cells[0].len;
    }
    CHECK_INT(len, 390002);
    CHECK(rows->cells[0].text[0] == 'y');
    CHECK(!nu__rows_next(rows));
}

static void queries_nest_on_one_connection(void)
{
    nu__rows *outer;
    int n = 0;

    fixture_database("nest.db", "");
    RUN("CREATE TABLE t (v integer)");
    RUN("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000) "
        "INSERT INTO t SELECT n FROM c");
    outer = nu__db_query(DB, S("SELECT v FROM t ORDER BY v"), (nu_values){ 0 });
    while (nu__rows_next(outer) && n < 3000) {
        nu_scratch_scope();

        n++;
        CHECK_INT(outer->cells[0].i, n);
        CHECK_STR(CELL("SELECT v FROM t ORDER BY v"), "1");
    }
    nu__rows_close(outer);
    CHECK_STR(CELL("SELECT count(*) FROM t"), "5000");
}

static int64_t memory_in_use(void)
{
    return sqlite3_memory_used() + (int64_t)nu__arena_used(nu__here->arena);
}

static void a_million_rows_stream_through_flat_memory(void)
{
    nu__rows *rows;
    int64_t n = 0, sum = 0;
    int64_t before = 0;

    fixture_database("stream.db", "");
    rows = nu__db_query(DB,
                        S("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE "
                          "n < 1000000) SELECT n, 'row number ' || n FROM c"),
                        (nu_values){ 0 });
    while (nu__rows_next(rows)) {
        sum += rows->cells[0].i;
        if (++n == 10000)
            before = memory_in_use();
    }
    CHECK_INT(n, 1000000);
    CHECK_INT(sum, 500000500000);
    CHECK(memory_in_use() <= before + 4096);
}

static int heard;

static void hear(void *arg, const nu__connection *connection, nu_str sql, nu_values params,
                 double seconds)
{
    (void)arg;
    heard +=
        sql.len > 0 && params.len == 1 && seconds >= 0 && strcmp(connection->alias, "default") == 0;
}

static void the_listener_hears_each_statement(void)
{
    uint64_t before;

    fixture_database("listen.db", "");
    before = DB->n_queries;
    heard = 0;
    nu__db_listen((nu__query_listener){ hear, NULL });
    CELL("SELECT ?", 1);
    RUN("SELECT ?", 1);
    nu__db_listen((nu__query_listener){ 0 });
    CELL("SELECT ?", 1);
    CHECK_INT(heard, 2);
    CHECK_INT(DB->n_queries - before, 3);
}

static void a_prepared_statement_follows_changes_of_its_table(void)
{
    nu__rows *rows;

    fixture_database("altered.db", "");
    RUN("CREATE TABLE t (a integer)");
    RUN("INSERT INTO t VALUES (1)");
    CHECK_STR(CELL("SELECT * FROM t"), "1");
    RUN("ALTER TABLE t ADD COLUMN b varchar(5) DEFAULT 'new'");
    rows = nu__db_query(DB, S("SELECT * FROM t"), (nu_values){ 0 });
    CHECK_INT(rows->n_columns, 2);
    CHECK(nu__rows_next(rows));
    CHECK_STR(nu__cell_text(&rows->cells[1]), "new");
    CHECK_STR(nu__rows_name(rows, 1), "b");
    CHECK_STR(nu__rows_type(rows, 1), "varchar(5)");
    nu__rows_close(rows);
}

static void more_texts_than_the_cache_holds_all_work(void)
{
    fixture_database("cache.db", "");
    for (int64_t i = 0; i < 600; i++) {
        nu_scratch_scope();
        CHECK_STR(fixture_cell_(nu_fmt("SELECT {}", i % 200), (nu_values){ 0 }),
                  nu_fmt("{}", i % 200));
    }
}

/* ---- constraints -------------------------------------------------------------------------- */

static void violated_constraints_raise_integrity_errors_with_their_name(void)
{
    const nu_error *error;

    fixture_database("constraints.db", "");
    RUN("CREATE TABLE p (id integer PRIMARY KEY)");
    RUN("CREATE TABLE t (e text UNIQUE, n integer NOT NULL, p integer REFERENCES p (id), "
        "CONSTRAINT small CHECK (n < 10))");
    RUN("INSERT INTO t VALUES ('a', 1, NULL)");
    error = nu_catch(NU_INTEGRITY_ERROR, RUN("INSERT INTO t VALUES ('a', 1, NULL)"));
    CHECK_STR(error->message, "UNIQUE constraint failed: t.e");
    CHECK_STR(error->constraint, "t.e");
    error = nu_catch(NU_INTEGRITY_ERROR, RUN("INSERT INTO t VALUES ('b', NULL, NULL)"));
    CHECK_STR(error->message, "NOT NULL constraint failed: t.n");
    error = nu_catch(NU_INTEGRITY_ERROR, RUN("INSERT INTO t VALUES ('b', 11, NULL)"));
    CHECK_STR(error->message, "CHECK constraint failed: small");
    CHECK_STR(error->constraint, "small");
    error = nu_catch(NU_INTEGRITY_ERROR, RUN("INSERT INTO t VALUES ('b', 1, 5)"));
    CHECK_STR(error->message, "FOREIGN KEY constraint failed");
    CHECK(error->constraint == NULL);
}

/* ---- many fibers -------------------------------------------------------------------------- */

static int at_work, written;

static void write_rows(void *arg)
{
    (void)arg;
    for (int i = 0; i < 10; i++) {
        nu_atomic_scope();
        RUN("INSERT INTO t VALUES (?)", i);
        CELL("SELECT count(*) FROM t");
        RUN("UPDATE t SET v = v + 1 WHERE v = ?", i);
        written++;
    }
    at_work--;
}

static void read_rows(void *arg)
{
    (void)arg;
    while (at_work) {
        CHECK(CELL("SELECT count(*) FROM t WHERE v >= 0").len > 0);
        nu_sleep(0);
    }
}

static void fibers_write_one_after_the_other_while_others_read(void)
{
    fixture_database("fibers.db", "max_connections=4");
    RUN("CREATE TABLE t (v integer)");
    at_work = 12;
    written = 0;
    for (int i = 0; i < 12; i++)
        nu__fiber_spawn("writer", write_rows, NULL);
    for (int i = 0; i < 4; i++)
        nu__fiber_spawn("reader", read_rows, NULL);
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK_INT(written, 120);
    CHECK_STR(CELL("SELECT count(*) FROM t"), "120");
}

static nu__fiber *victim;
static bool victim_cancelled;

static void count_for_long(void *arg)
{
    const nu_error *error;

    (void)arg;
    victim = nu__fiber_current();
    error = nu_catch(NU_CANCELLED,
                     CELL("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
                          "SELECT count(*) FROM c"));
    victim_cancelled = error != NULL;
}

static void a_cancelled_fiber_interrupts_its_query(void)
{
    fixture_database("interrupt.db", "");
    victim_cancelled = false;
    nu__fiber_spawn("counter", count_for_long, NULL);
    nu_sleep(0.05);
    nu__fiber_cancel(victim);
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK(victim_cancelled);
    CHECK_STR(CELL("SELECT 1"), "1");
}

static void change_and_count_for_long(void *arg)
{
    (void)arg;
    victim = nu__fiber_current();
    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (1)");
    CELL("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c");
}

static void a_fiber_cancelled_in_a_transaction_rolls_back_and_lets_others_write(void)
{
    fixture_database("cancel.db", "max_connections=1&timeout=2");
    RUN("CREATE TABLE t (v integer)");
    nu__fiber_spawn("counter", change_and_count_for_long, NULL);
    nu_sleep(0.05);
    nu__fiber_cancel(victim);
    RUN("INSERT INTO t VALUES (2)");
    CHECK_STR(CELL("SELECT group_concat(v) FROM t"), "2");
}

static void leave_rows_open(void *arg)
{
    nu__rows *rows;

    (void)arg;
    rows = nu__db_query(DB,
                        S("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE "
                          "n < 100000) SELECT n FROM c"),
                        (nu_values){ 0 });
    nu__rows_next(rows);
}

static void rows_left_open_are_closed_with_their_fiber(void)
{
    fixture_database("left.db", "max_connections=1&timeout=0.5");
    for (int i = 0; i < 3; i++)
        nu__fiber_enter("careless", leave_rows_open, NULL);
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK_STR(CELL("SELECT 1"), "1");
}

static void hold_a_connection(void *arg)
{
    nu_atomic_scope();
    CELL("SELECT 1");
    while (*(bool *)arg)
        nu_sleep(0.001);
}

static void a_full_pool_says_so_after_the_timeout(void)
{
    bool hold = true;

    fixture_database("pool.db", "max_connections=1&timeout=0.05");
    nu__fiber_enter("holder", hold_a_connection, &hold);
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "none of its 1 connections became free", CELL("SELECT 1"));
    hold = false;
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK_STR(CELL("SELECT 1"), "1");
}

static bool waited;

static void wait_for_a_connection(void *arg)
{
    (void)arg;
    victim = nu__fiber_current();
    CELL("SELECT 1");
    waited = true;
}

static void a_fiber_cancelled_in_line_leaves_it(void)
{
    bool hold = true;

    fixture_database("line.db", "max_connections=1&timeout=5");
    waited = false;
    nu__fiber_enter("holder", hold_a_connection, &hold);
    nu__fiber_enter("waiter", wait_for_a_connection, NULL);
    nu_sleep(0.005);
    nu__fiber_cancel(victim);
    nu__fiber_spawn("next", wait_for_a_connection, NULL);
    nu_sleep(0.005);
    CHECK(!waited);
    hold = false;
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK(waited);
}

/* ---- files that are not as they should be ------------------------------------------------- */

static void a_database_that_another_process_locks_raises_after_the_timeout(void)
{
    sqlite3 *other;
    double began = nu_monotonic();
    const nu_error *error;

    fixture_database("locked.db", "timeout=0.2");
    RUN("CREATE TABLE t (v integer)");
    CHECK_INT(sqlite3_open(fixture_path("locked.db"), &other), SQLITE_OK);
    CHECK_INT(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    error = nu_catch(NU_OPERATIONAL_ERROR, RUN("INSERT INTO t VALUES (1)"));
    CHECK(error && nu_starts_with(error->message, S("database is locked")));
    CHECK(error && nu_monotonic() - began >= 0.19);
    CHECK_STR(CELL("SELECT count(*) FROM t"), "0");
    sqlite3_exec(other, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(other);
    CHECK_INT(RUN("INSERT INTO t VALUES (1)"), 1);
}

static sqlite3 *other_process;

static void unlock_later(void *arg)
{
    (void)arg;
    nu_sleep(0.03);
    sqlite3_exec(other_process, "COMMIT", NULL, NULL, NULL);
}

static void a_writer_waits_for_another_process_without_stopping_the_loop(void)
{
    fixture_database("wait.db", "timeout=5");
    RUN("CREATE TABLE t (v integer)");
    CHECK_INT(sqlite3_open(fixture_path("wait.db"), &other_process), SQLITE_OK);
    CHECK_INT(sqlite3_exec(other_process, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    nu__fiber_spawn("unlock", unlock_later, NULL);
    CHECK_INT(RUN("INSERT INTO t VALUES (1)"), 1);
    sqlite3_close(other_process);
}

static void write_file(const char *path, const char *text, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    CHECK(write(fd, text, len) == (ssize_t)len);
    close(fd);
}

static void missing_and_foreign_files_are_named_with_what_to_do(void)
{
    char noise[4096];

    nu__database_add("default", nu_fmt("sqlite:///{}", fixture_path("no/such/folder.db")));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "unable to open database file: ", CELL("SELECT 1"));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "its folder ", CELL("SELECT 1"));
    nu__database_add("default", nu_fmt("sqlite:///{}", fixture_path("")));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "it is a folder", CELL("SELECT 1"));
    memset(noise, 'n', sizeof noise);
    write_file(fixture_path("noise.db"), noise, sizeof noise);
    nu__database_add("default", nu_fmt("sqlite:///{}", fixture_path("noise.db")));
    CHECK_RAISES(NU_DATABASE_ERROR, "file is not a database: ", CELL("SELECT 1"));
    CHECK_RAISES(NU_DATABASE_ERROR, "noise.db", CELL("SELECT 1"));
}

static void a_damaged_file_raises_and_says_so(void)
{
    const char *path;
    char zero[4096] = { 0 };
    int fd;

    fixture_database("damaged.db", "journal_mode=delete");
    path = fixture_path("damaged.db");
    RUN("CREATE TABLE t (v text)");
    RUN("INSERT INTO t SELECT REPEAT('x', 3000) FROM (VALUES (1), (2), (3), (4), (5), (6), (7))");
    nu__databases_close();
    fd = open(path, O_WRONLY);
    for (int page = 1; page < 6; page++)
        CHECK(pwrite(fd, zero, sizeof zero, page * 4096L) == (ssize_t)sizeof zero);
    close(fd);
    CHECK_RAISES(NU_DATABASE_ERROR,
                 "database disk image is malformed: ", CELL("SELECT sum(length(v)) FROM t"));
}

static void a_full_disk_raises_and_rolls_back(void)
{
    fixture_database("full.db", "init_command=PRAGMA max_page_count = 8");
    RUN("CREATE TABLE t (v text)");
    CHECK_RAISES(NU_OPERATIONAL_ERROR,
                 "database or disk is full: ", RUN("INSERT INTO t VALUES (REPEAT('x', 100000))"));
    CHECK_STR(CELL("SELECT count(*) FROM t"), "0");
    CHECK_INT(RUN("INSERT INTO t VALUES ('small')"), 1);
}

static void a_file_that_may_only_be_read_raises_on_writing(void)
{
    fixture_database("readonly.db", "journal_mode=delete");
    RUN("CREATE TABLE t (v text)");
    nu__databases_close();
    nu__database_add("default", nu_fmt("sqlite:///file:{}%3Fmode=ro", fixture_path("readonly.db")));
    CHECK_STR(CELL("SELECT count(*) FROM t"), "0");
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "attempt to write a readonly database",
                 RUN("INSERT INTO t VALUES ('x')"));
}

static void a_server_does_not_make_a_missing_file(void)
{
    struct stat status;

    fixture_database("server.db", "");
    nu__databases_require_files(true);
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "there is no such file; run the command migrate",
                 CELL("SELECT 1"));
    nu__databases_require_files(false);
    CHECK(stat(fixture_path("server.db"), &status) != 0);
}

/* ---- settings ----------------------------------------------------------------------------- */

static void a_database_in_memory_is_one_for_all_fibers(void)
{
    nu__database_add("default", S("sqlite://:memory:"));
    RUN("CREATE TABLE t (v integer)");
    RUN("INSERT INTO t VALUES (5)");
    CHECK_STR(CELL("SELECT v FROM t"), "5");
}

static void wrong_settings_are_named(void)
{
    const nu_database nameless = { .alias = "archive" };
    const nu_database strict = { .alias = "strict", .name = "x", .options = "timeout=none" };

    CHECK_RAISES(NU_CONNECTION_DOES_NOT_EXIST, "The connection 'other' doesn't exist.",
                 nu__connection_of("other"));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "the backend 'oracle' is not built into this executable; built in: sqlite",
                 nu__database_add("other", S("oracle://localhost/school")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Did you mean 'sqlite'?",
                 nu__database_add("other", S("sqlit:///school.db")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "is no database URL",
                 nu__database_add("other", S("school.db")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "'…@host/school' is no database URL",
                 nu__database_add("other", S("ann:secret@host/school")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "three slashes",
                 nu__database_add("other", S("sqlite://school.db")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "SQLite has no option 'timeouts'",
                 nu__database_add("other", S("sqlite:///x?timeouts=3")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "transaction_mode",
                 nu__database_add("other", S("sqlite:///x?transaction_mode=LATER")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Please supply the NAME value",
                 nu__databases_setup(&nameless, 1));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "option timeout is 'none'",
                 nu__databases_setup(&strict, 1));
    nu__settings.database_answer_delay = 1001;
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "The DATABASE_ANSWER_DELAY setting is 1001 microseconds; it may be at most 1000",
                 nu__databases_setup(NULL, 0));
    nu__settings.database_answer_delay = 0;
}

static void texts_of_a_utf_16_database_are_utf_8(void)
{
    nu__rows *rows;

    fixture_database("utf16.db", "init_command=PRAGMA%20encoding%3D'UTF-16'");
    RUN("CREATE TABLE t (v text, b blob)");
    nu__databases_close();
    RUN("INSERT INTO t VALUES (?, x'4100')", "na\xc3\xafve");
    CHECK_STR(CELL("PRAGMA encoding"), "UTF-16le");
    rows = nu__db_query(DB, S("SELECT v, b, 'x' || v FROM t"), (nu_values){ 0 });
    CHECK(nu__rows_next(rows));
    CHECK_STR(nu__cell_text(&rows->cells[0]), "na\xc3\xafve");
    CHECK_INT(rows->cells[1].len, 2);
    CHECK_STR(nu__cell_text(&rows->cells[2]), "xna\xc3\xafve");
    nu__rows_close(rows);
}

HARNESS_IN_FIBER(
    a_prepared_statement_follows_changes_of_its_table, more_texts_than_the_cache_holds_all_work,
    a_query_gives_rows_of_each_kind, columns_have_names_and_declared_types,
    execute_counts_changed_rows_and_tells_the_last_key,
    one_statement_runs_for_many_lists_of_parameters, parameters_are_stored_as_django_stores_them,
    what_no_field_has_made_a_text_of_is_no_parameter, the_wrong_number_of_parameters_is_refused,
    rows_larger_than_a_batch_arrive_whole, queries_nest_on_one_connection,
    a_million_rows_stream_through_flat_memory, the_listener_hears_each_statement,
    violated_constraints_raise_integrity_errors_with_their_name,
    fibers_write_one_after_the_other_while_others_read, a_cancelled_fiber_interrupts_its_query,
    a_fiber_cancelled_in_a_transaction_rolls_back_and_lets_others_write,
    rows_left_open_are_closed_with_their_fiber, a_fiber_cancelled_in_line_leaves_it,
    a_full_pool_says_so_after_the_timeout,
    a_database_that_another_process_locks_raises_after_the_timeout,
    a_writer_waits_for_another_process_without_stopping_the_loop,
    missing_and_foreign_files_are_named_with_what_to_do, a_damaged_file_raises_and_says_so,
    a_full_disk_raises_and_rolls_back, a_file_that_may_only_be_read_raises_on_writing,
    a_server_does_not_make_a_missing_file, a_database_in_memory_is_one_for_all_fibers,
    wrong_settings_are_named, texts_of_a_utf_16_database_are_utf_8)
