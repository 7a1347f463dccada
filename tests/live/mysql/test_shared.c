/* Statements that only read share connections, and each gets its own answer. */
#include "maria.h"

#include "core/object.h"
#include <nuages/databases.h>
#include <nuages/loop.h>
#include <nuages/transaction.h>

#include <string.h>

/* ---- which ones ----------------------------------------------------------------------------- */

static const struct {
    const char *sql;
    bool shared;
} texts[] = {
    { "SELECT `v` FROM `t`", true },
    { "select `v` from `t` where `n` in (1, 2) order by `v` limit 3", true },
    { "SELECT COUNT(*) AS `__count` FROM `t` WHERE NOT (`v` LIKE BINARY '%a\\'b')", true },
    { "SELECT CASE WHEN `n` IS NULL THEN 'SLEEP(1)' ELSE \"@tea\" END FROM `t`", true },
    { "SELECT `last_insert_id` FROM (SELECT 1 AS `last_insert_id`) `x`", true },
    { "SELECT -1 - (-2)", true },
    { "SELECT LAST_INSERT_ID()", false },
    { "SELECT FOUND_ROWS()", false },
    { "SELECT CONNECTION_ID()", false },
    { "SELECT @tea", false },
    { "SELECT @@autocommit", false },
    { "SELECT `v` FROM `t` FOR UPDATE", false },
    { "SELECT `v` FROM `t` LOCK IN SHARE MODE", false },
    { "SELECT 5 INTO @tea", false },
    { "SELECT SLEEP(0)", false },
    { "SELECT own_of_the_site()", false },
    { "SELECT/**/GET_LOCK('tea', 0)", false },
    { "SELECT 1 /*! , SLEEP(0) */", false },
    { "SELECT 'a' -- SLEEP(0)", false },
    { "SELECT 1 # more", false },
    { "SHOW VARIABLES LIKE 'autocommit'", false },
    { "UPDATE `t` SET `n` = 1", false },
};

static int64_t shared_so_far(void)
{
    return (int64_t)nu_pool_of(NULL).shared_statements;
}

static void what_reads_and_asks_nothing_of_the_session_is_shared(void)
{
    maria_fresh("");
    PLAIN("CREATE OR REPLACE FUNCTION own_of_the_site() RETURNS int NO SQL RETURN 5");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t before = shared_so_far();

        nu__rows_close(nu__db_query(DB, nu_s(texts[i].sql), (nu_values){ 0 }));
        if (!CHECK_INT(shared_so_far() - before, texts[i].shared))
            printf("      of: %s\n", texts[i].sql);
    }
}

static void read_in_transaction(void)
{
    nu_atomic_scope();
    CHECK_INT(COUNT("SELECT COUNT(*) FROM `t`"), 0);
}

static void a_transaction_shares_nothing(void)
{
    int64_t before;

    maria_fresh("");
    COUNT("SELECT 1");
    before = shared_so_far();
    read_in_transaction();
    CHECK_INT(shared_so_far(), before);
}

/* ---- the same answers ----------------------------------------------------------------------- */

static nu_str answer_of(nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(DB, sql, params);
    nu__buf out = { 0 };

    while (nu__rows_next(rows))
        for (uint32_t i = 0; i < rows->n_columns; i++) {
            nu_value value = nu__cell_value(&rows->cells[i]);

            nu__buf_str_add(&out, nu_fmt("{} {} {!r}; ", nu__rows_name(rows, i),
                                         nu__kind_name(value.kind), value));
        }
    nu__rows_close(rows);
    return nu__buf_str(&out);
}

static nu_str answer_alone(nu_str sql, nu_values params)
{
    nu_atomic_scope();
    return answer_of(sql, params);
}

static void compare(nu_str sql, nu_values params)
{
    int64_t before = shared_so_far();
    nu_str shared = answer_of(sql, params);

    CHECK_INT(shared_so_far(), before + 1);
    CHECK(shared.len > 0);
    CHECK_STR(shared, answer_alone(sql, params).ptr);
}

static nu_str long_text(size_t len)
{
    nu__buf out = { 0 };

    nu__buf_fill(&out, 'x', len);
    return nu__buf_str(&out);
}

static void each_type_comes_as_it_does_alone(void)
{
    maria_fresh("");
    PLAIN(
        "CREATE OR REPLACE TABLE kinds (a tinyint, b smallint unsigned, c int, d bigint, e bigint "
        "unsigned, f float, g double, h decimal(20, 5), i date, j datetime(6), k time(6), l year, "
        "m varchar(50), n longtext, o blob, p json, q uuid, r bit(5), s double(10, 2))");
    PLAIN("INSERT INTO kinds VALUES (-5, 65535, -70000, -9000000000, 18446744073709551615, 0.1, "
          "1e300, 12345.67890, '2024-02-29', '2024-02-29 12:34:56.789012', '-30:00:01.5', 1999, "
          "'ünïcode', REPEAT('long ', 20000), x'00ff', '{\"a\": [1]}', UUID(), b'10101', 3.14159)");
    PLAIN("INSERT INTO kinds (a) VALUES (NULL)");
    compare(S("SELECT `a`, `b`, `c`, `d`, `e`, `f`, `g`, `h`, `i`, `j`, `k`, `l`, `m`, `n`, `o`, "
              "`p`, `q`, `r`, `s` FROM `kinds`"),
            (nu_values){ 0 });
    compare(
        S("SELECT `m` FROM `kinds` WHERE `d` = ? OR `e` = ? OR `g` > ? OR `m` = ? OR `a` <=> ?"),
        NU_ARGS(-9000000000, 1, 0.5, "ünïcode", nu_null()));
    compare(S("SELECT ?, ?, ?"), NU_ARGS(nu_fmt("{}", 7), true, 2.5));
    compare(S("SELECT ? AS `text`"), NU_ARGS(long_text(300)));
    compare(S("SELECT ? AS `text`"), NU_ARGS(long_text(70000)));
}

/* A packet has at most 16 MB. */
static void a_row_of_several_packets_comes_whole(void)
{
    nu__rows *rows;
    int64_t before;

    maria_fresh("");
    PLAIN("CREATE OR REPLACE TABLE wide (a longtext, b longtext)");
    PLAIN("INSERT INTO wide VALUES (REPEAT('a', 9000000), CONCAT(REPEAT('b', 8999999), 'c')), "
          "('small', 'too')");
    COUNT("SELECT 1");
    before = shared_so_far();
    rows = nu__db_query(DB, S("SELECT `a`, `b` FROM `wide`"), (nu_values){ 0 });
    CHECK_INT(shared_so_far(), before + 1);
    CHECK(nu__rows_next(rows) && rows->cells[0].len == 9000000 && rows->cells[1].len == 9000000);
    CHECK(rows->cells[0].text[8999999] == 'a' && rows->cells[1].text[8999998] == 'b' &&
          rows->cells[1].text[8999999] == 'c');
    CHECK(nu__rows_next(rows) && nu_eq(nu__cell_text(&rows->cells[1]), "too"));
    CHECK(!nu__rows_next(rows));
    PLAIN("DROP TABLE wide");
}

static void an_altered_table_shows_its_new_columns(void)
{
    maria_fresh("");
    maria_insert("a");
    for (int i = 0; i < 3; i++) {
        nu_str with = answer_alone(S("SELECT * FROM `t`"), (nu_values){ 0 });

        CHECK_STR(answer_of(S("SELECT * FROM `t`"), (nu_values){ 0 }), with.ptr);
        live_run(DB, nu_fmt("ALTER TABLE t ADD COLUMN more{} int DEFAULT {}", i, i),
                 (nu_values){ 0 });
    }
    PLAIN("ALTER TABLE t MODIFY n varchar(20)");
    compare(S("SELECT * FROM `t`"), (nu_values){ 0 });
}

/* More than a connection keeps prepared. */
static void many_texts_are_each_answered(void)
{
    maria_fresh("");
    for (int64_t i = 0; i < 600; i++) {
        nu_str sql = nu_fmt("SELECT ? + {}", i % 300);

        CHECK_INT(nu_int(maria_one(DB, sql, NU_ARGS(1000))), 1000 + i % 300);
    }
    CHECK(COUNT("SELECT CAST(variable_value AS signed) FROM information_schema.GLOBAL_STATUS "
                "WHERE variable_name = 'PREPARED_STMT_COUNT'") < 300);
}

static void what_does_not_fit_is_told_as_alone(void)
{
    maria_fresh("");
    COUNT("SELECT 1");
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "not enough arguments", VALUE("SELECT ? + ?", 1));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "not all arguments", VALUE("SELECT ? + 1", 1, 2));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "(1146, ", VALUE("SELECT `v` FROM `nowhere`"));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "(1054, ", VALUE("SELECT `nothing` FROM `t`"));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "(1064, ", VALUE("SELECT FROM WHERE"));
    CHECK_INT(nu_int(VALUE("SELECT ? + 1", 1)), 2);
}

/* ---- side by side --------------------------------------------------------------------------- */

typedef struct asker {
    int64_t n;
    bool fails, right;
} asker;

static void ask_one(void *arg)
{
    asker *asker = arg;

    if (asker->fails)
        asker->right = nu_catch(NU_OPERATIONAL_ERROR,
                                VALUE("SELECT (SELECT `n` FROM `t` WHERE `n` < ?)", asker->n));
    else
        asker->right = nu_int(VALUE("SELECT ? + 1", asker->n)) == asker->n + 1;
}

static void a_statement_that_fails_takes_no_other_with_it(void)
{
    asker askers[40];
    uint64_t opened;

    maria_fresh("max_connections=2&shared_connections=1");
    for (int i = 0; i < 3; i++)
        RUN("INSERT INTO t (v, n) VALUES (?, ?)", nu_fmt("{}", i), i);
    COUNT("SELECT 1");
    opened = nu_pool_of(NULL).opened;
    for (int round = 0; round < 20; round++) {
        int64_t before = shared_so_far();

        for (int i = 0; i < 40; i++) {
            askers[i] = (asker){ 100 + i, i % 3 == 1, false };
            nu__fiber_spawn("asker", ask_one, &askers[i]);
        }
        live_join();
        for (int i = 0; i < 40; i++)
            CHECK(askers[i].right);
        CHECK(shared_so_far() > before);
    }
    CHECK_INT(nu_pool_of(NULL).opened, opened);
}

/* ---- cancellation --------------------------------------------------------------------------- */

#define SLOW                                                                                       \
    "SELECT COUNT(*) FROM `seq_1_to_100000` AS `a`, `seq_1_to_100000` AS `b` WHERE `a`.`seq` + "   \
    "`b`.`seq` < ?"

static nu__fiber *slow_fiber;

static void ask_slowly(void *unused)
{
    (void)unused;
    slow_fiber = nu__fiber_current();
    VALUE(SLOW, 7);
}

static int64_t slow_ones(void)
{
    return nu_int(maria_one(nu__connection_of("other"),
                            S("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE info LIKE "
                              "'SELECT COUNT(*) FROM `seq%'"),
                            (nu_values){ 0 }));
}

static void what_nobody_waits_for_is_ended_at_the_server(void)
{
    maria_fresh("shared_connections=1");
    COUNT("SELECT 1");
    nu__fiber_spawn("slow", ask_slowly, NULL);
    nu_sleep(0.2);
    CHECK_INT(slow_ones(), 1);
    nu__fiber_cancel(slow_fiber);
    live_join();
    nu_sleep(0.3);
    CHECK_INT(slow_ones(), 0);
    CHECK_INT(COUNT("SELECT 2"), 2);
}

static void a_slow_one_holds_nobody_up(void)
{
    maria_fresh("shared_connections=1");
    COUNT("SELECT 1");
    nu__fiber_spawn("slow", ask_slowly, NULL);
    nu_sleep(0.2);
    for (int64_t i = 0; i < 20; i++)
        CHECK_INT(nu_int(VALUE("SELECT ? + 1", i)), i + 1);
    CHECK_INT(slow_ones(), 1);
    nu__fiber_cancel(slow_fiber);
    live_join();
}

/* ---- the server goes ------------------------------------------------------------------------ */

static void kill_shared(void *unused)
{
    (void)unused;
    nu_sleep(0.2);
    nu__db_execute(
        nu__connection_of("other"),
        nu_fmt("KILL {}", nu_int(maria_one(nu__connection_of("other"),
                                           S("SELECT id FROM information_schema.PROCESSLIST"
                                             " WHERE info LIKE 'SELECT COUNT(*) FROM `seq%'"),
                                           (nu_values){ 0 }))),
        (nu_values){ 0 }, NULL);
}

static void a_shared_connection_that_is_cut_is_told_and_replaced(void)
{
    maria_fresh("shared_connections=1");
    COUNT("SELECT 1");
    nu__fiber_spawn("killer", kill_shared, NULL);
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "(", VALUE(SLOW, 7));
    live_join();
    CHECK_INT(COUNT("SELECT 2"), 2);
    live_ask("restart");
    CHECK_INT(COUNT("SELECT 3"), 3);
}

HARNESS_LIVE(what_reads_and_asks_nothing_of_the_session_is_shared, a_transaction_shares_nothing,
             each_type_comes_as_it_does_alone, a_row_of_several_packets_comes_whole,
             an_altered_table_shows_its_new_columns, many_texts_are_each_answered,
             what_does_not_fit_is_told_as_alone, a_statement_that_fails_takes_no_other_with_it,
             what_nobody_waits_for_is_ended_at_the_server, a_slow_one_holds_nobody_up,
             a_shared_connection_that_is_cut_is_told_and_replaced)
