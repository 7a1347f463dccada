/* Rows that SQLite gives in one step are those that it gives step by step. */
#include "db_fixture.h"

#include "core/buf.h"
#include "loop/fiber.h"

#include <nuages/loop.h>

static void add_cell(nu__buf *out, const nu__cell *cell)
{
    nu__buf_fmt(out, "{}:", (int64_t)cell->kind);
    if (cell->kind == NU__CELL_TEXT || cell->kind == NU__CELL_BLOB)
        nu__buf_add(out, cell->text, cell->len);
    else if (cell->kind != NU__CELL_NULL)
        nu__buf_value(out, nu__cell_value(cell));
    nu__buf_char(out, '|');
}

/* All cells as one text, with their kinds. */
static nu_str all_of(nu__rows *rows)
{
    nu__buf out = { 0 };

    while (nu__rows_next(rows))
        for (uint32_t i = 0; i < rows->n_columns; i++)
            add_cell(&out, &rows->cells[i]);
    return nu__buf_str(&out);
}

static bool is_same(nu_str sql, nu_values params)
{
    nu_str stepped = all_of(nu__db_query(DB, sql, params));

    return nu_eq_(all_of(nu__db_query_plain(DB, sql, params)), stepped) &&
           nu_eq_(all_of(nu__db_query_plain(DB, sql, params)), stepped); /* prepared before */
}

#define CHECK_SAME(sql, ...) CHECK(is_same(S(sql), NU_ARGS(__VA_ARGS__)))

/* The same of rows that may be sorted and limited. How they are read depends on how many there were
   the last time. */
static bool is_same_listed(nu_str sql, nu_values params)
{
    uint32_t end = (uint32_t)((const char *)memmem(sql.ptr, sql.len, " FROM", 5) - sql.ptr);
    nu_str stepped = all_of(nu__db_query(DB, sql, params));
    bool same = true;

    for (int i = 0; i < 3; i++)
        same &= nu_eq_(all_of(nu__db_query_listed(DB, sql, params, end)), stepped);
    return same && nu_eq_(all_of(nu__db_query(DB, sql, params)), stepped);
}

#define CHECK_LISTED(sql, ...) CHECK(is_same_listed(S(sql), NU_ARGS(__VA_ARGS__)))

static void fill(int n)
{
    RUN("CREATE TABLE t (id integer PRIMARY KEY, a, b text)");
    RUN("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) "
        "INSERT INTO t SELECT n, n * 7919 % 1009, 'row ' || n FROM c",
        n);
}

static void every_kind_of_value_comes_as_it_is(void)
{
    fixture_database("kinds.db", "");
    RUN("CREATE TABLE t (a)");
    RUN("INSERT INTO t VALUES (NULL), (0), (-9223372036854775808), (1.5), (9e999), (''), ('text'), "
        "('a' || char(0) || 'b'), (X''), (X'00ff'), ('\xc3\xa9\xf0\x9f\x98\x80'), "
        "(zeroblob(5000))");
    CHECK_SAME("SELECT a, typeof(a), iif(typeof(a) = 'blob', a, a || 'x'), length(a) FROM t");
    CHECK_RAISES(
        NU_OPERATIONAL_ERROR, "Could not decode to UTF-8 column 'joined' with text",
        all_of(nu__db_query_plain(DB, S("SELECT a, a || 'x' AS joined FROM t"), NU_ARGS())));
    CHECK_SAME("SELECT a FROM t WHERE a = ? OR a = ? OR a IS ?", "text", 1.5, nu_null());
    CHECK_SAME("SELECT a FROM t WHERE a = 'nothing'");
}

static void texts_of_another_encoding_are_converted(void)
{
    fixture_database("utf16.db", "init_command=PRAGMA%20encoding='UTF-16'");
    RUN("CREATE TABLE t (a)");
    RUN("INSERT INTO t VALUES ('caf\xc3\xa9 \xf0\x9f\x98\x80'), (''), (X'4142')");
    CHECK_SAME("SELECT a, a || '!' FROM t");
    CHECK_STR(all_of(nu__db_query_plain(DB, S("SELECT a FROM t LIMIT 1"), NU_ARGS())),
              "3:caf\xc3\xa9 \xf0\x9f\x98\x80|");
}

static void many_rows_keep_their_order(void)
{
    fixture_database("many.db", "");
    fill(20000);
    CHECK_SAME("SELECT id, a, b FROM t");
    CHECK_SAME("SELECT b FROM t WHERE a > ? AND id < ?", 500, 15000);
    CHECK_SAME("SELECT b FROM t ORDER BY a, id");
    CHECK_SAME("SELECT b FROM t ORDER BY id DESC");
    CHECK_SAME("SELECT b FROM t ORDER BY a DESC, id LIMIT 700 OFFSET 90");
    CHECK_SAME("SELECT DISTINCT a FROM t ORDER BY a DESC");
    CHECK_SAME("SELECT a, count(*), max(b) FROM t GROUP BY a ORDER BY 2 DESC, 1");
    CHECK_SAME(
        "SELECT a FROM t WHERE id < 9 UNION SELECT a FROM t WHERE id > 19990 ORDER BY 1 DESC");
    CHECK_SAME("SELECT id, row_number() OVER (ORDER BY a DESC, id) FROM t");
    CHECK_SAME("SELECT x.b, y.b FROM t x LEFT JOIN t y ON y.id = x.id * 2 WHERE x.id > 9900");
}

/* More than may lie in memory: they are stepped through, before and after. */
static void too_many_rows_come_all_the_same(void)
{
    fixture_database("large.db", "");
    fill(60000);
    CHECK_SAME("SELECT id, a, b, 'and a text to make it longer than it would be' FROM t");
    RUN("INSERT INTO t VALUES (100000, 1, zeroblob(6000000))");
    CHECK_SAME("SELECT b FROM t WHERE id > ?", 59990);
}

static void more_columns_than_a_function_takes_come_step_by_step(void)
{
    nu__buf sql = { 0 };

    fixture_database("wide.db", "");
    fill(50);
    for (int i = 0; i < 300; i++)
        nu__buf_fmt(&sql, "{} id + {}", i ? "," : "SELECT", i);
    nu__buf_fmt(&sql, " FROM t");
    CHECK(is_same(nu__buf_str(&sql), (nu_values){ 0 }));
}

static void columns_keep_their_names_and_types(void)
{
    nu__rows *rows;

    fixture_database("names.db", "");
    fill(3);
    rows = nu__db_query_plain(DB, S("SELECT id, b AS \"b c\", a + 1 FROM t"), NU_ARGS());
    CHECK_INT(rows->n_columns, 3);
    CHECK_STR(nu__rows_name(rows, 1), "b c");
    CHECK_STR(nu__rows_type(rows, 1), "TEXT");
    nu__rows_close(rows);
}

static void rows_may_be_left_in_the_middle(void)
{
    nu__rows *rows;

    fixture_database("left.db", "max_connections=1&timeout=0.2");
    fill(20000);
    rows = nu__db_query_plain(DB, S("SELECT id, b FROM t"), NU_ARGS());
    CHECK(nu__rows_next(rows));
    RUN("UPDATE t SET b = 'new'"); /* no statement is under way that would lock it */
    CHECK(nu__rows_next(rows));
    CHECK_STR(nu__cell_value(&rows->cells[1]).s, "row 2");
    nu__rows_close(rows);
    CHECK_STR(CELL("SELECT b FROM t WHERE id = 2"), "new");
}

static void a_table_may_change_in_between(void)
{
    fixture_database("changed.db", "");
    fill(10);
    CHECK_SAME("SELECT a, b FROM t");
    RUN("ALTER TABLE t ADD COLUMN c text DEFAULT 'c'");
    RUN("ALTER TABLE t RENAME COLUMN id TO number");
    CHECK_SAME("SELECT a, b FROM t");
    CHECK_SAME("SELECT c, number FROM t");
    RUN("DROP TABLE t");
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "no such table: t",
                 nu__db_query_plain(DB, S("SELECT a, b FROM t"), NU_ARGS()));
}

static void what_fails_in_the_middle_is_raised(void)
{
    fixture_database("fails.db", "");
    fill(5000);
    RUN("UPDATE t SET a = -9223372036854775808 WHERE id = 4000");
    for (int i = 0; i < 3; i++)
        CHECK_RAISES(NU_OPERATIONAL_ERROR, "integer overflow",
                     nu__db_query_plain(DB, S("SELECT abs(a) FROM t"), NU_ARGS()));
    CHECK_SAME("SELECT abs(a) FROM t WHERE id <> 4000");
}

static void the_function_is_for_nobody_else(void)
{
    fixture_database("own.db", "");
    fill(2);
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "nu__take() is the library's own",
                 nu__db_query(DB, S("SELECT nu__take(id) FROM t"), NU_ARGS()));
    CHECK_RAISES(
        NU_OPERATIONAL_ERROR, "nu__take() is the library's own",
        nu__db_query_plain(DB, S("SELECT id, (SELECT nu__take(1) FROM t) FROM t"), NU_ARGS()));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "nu__take() is the library's own",
                 nu__db_query(DB, S("SELECT nu__take_row(id) FROM t"), NU_ARGS()));
    CHECK_SAME("SELECT id FROM t");
}

/* ---- sorted and limited ------------------------------------------------------------------- */

static void listed_rows_keep_their_order(void)
{
    fixture_database("listed.db", "");
    fill(20000);
    RUN("CREATE INDEX t_a ON t (a)");
    CHECK_LISTED("SELECT id, a, b FROM t WHERE id >= ? ORDER BY id LIMIT 20", 500);
    CHECK_LISTED("SELECT id, a, b FROM t WHERE id >= ? ORDER BY id DESC LIMIT 20 OFFSET 7", 500);
    CHECK_LISTED("SELECT id, a FROM t ORDER BY a LIMIT 50");
    CHECK_LISTED("SELECT id, b FROM t ORDER BY b DESC LIMIT 50 OFFSET 3");
    CHECK_LISTED("SELECT id, b, a || b FROM t ORDER BY b DESC, a");
    CHECK_LISTED("SELECT id, b FROM t WHERE id = ? ORDER BY b", 7);
    CHECK_LISTED("SELECT id, b FROM t WHERE id < 0 ORDER BY b");
    CHECK_LISTED("SELECT x.b, y.b FROM t x LEFT JOIN t y ON y.id = x.id * 2 WHERE x.id > 9900 "
                 "ORDER BY x.id");
    CHECK_LISTED("SELECT b FROM t WHERE a IN (1, 2, 3) OR b = 'row 9' ORDER BY a");
    CHECK_LISTED("SELECT id, b FROM t ORDER BY random() * 0, id LIMIT 9");
    CHECK_LISTED("SELECT a FROM t ORDER BY id LIMIT 9");
    RUN("ALTER TABLE t RENAME COLUMN a TO \"of \"\"a, (b\"");
    CHECK_LISTED("SELECT 'it''s (a, b', \"of \"\"a, (b\", coalesce(b, id), max(id, 7), b FROM t "
                 "ORDER BY id LIMIT 9");
}

static void listed_texts_of_another_encoding_are_converted(void)
{
    fixture_database("listed16.db", "init_command=PRAGMA%20encoding='UTF-16'");
    fill(30);
    RUN("UPDATE t SET b = 'caf\xc3\xa9 ' || id");
    CHECK_LISTED("SELECT a, b FROM t ORDER BY id LIMIT 9");
}

static void listed_rows_may_be_too_many(void)
{
    fixture_database("long.db", "");
    fill(60000);
    CHECK_LISTED(
        "SELECT id, b, 'and a text to make it longer than it would be' FROM t ORDER BY id");
}

static void what_fails_among_listed_rows_is_raised(void)
{
    const nu_str sql = S("SELECT abs(a) FROM t ORDER BY id LIMIT 100");

    fixture_database("broken.db", "");
    fill(500);
    RUN("UPDATE t SET a = -9223372036854775808 WHERE id = 50");
    for (int i = 0; i < 3; i++) {
        CHECK_LISTED("SELECT abs(a) FROM t WHERE id <> 50 ORDER BY id LIMIT 100");
        CHECK_RAISES(NU_OPERATIONAL_ERROR, "integer overflow",
                     nu__db_query_listed(DB, sql, NU_ARGS(), 13));
    }
    RUN("UPDATE t SET a = 1");
    CHECK_LISTED("SELECT abs(a) FROM t ORDER BY id LIMIT 100");
    RUN("UPDATE t SET a = -9223372036854775808 WHERE id = 50");
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "integer overflow",
                 nu__db_query_listed(DB, sql, NU_ARGS(), 13));
    RUN("UPDATE t SET a = 1");
    CHECK_LISTED("SELECT abs(a) FROM t ORDER BY id LIMIT 100");
}

static void a_table_may_change_between_listed_rows(void)
{
    fixture_database("altered.db", "");
    fill(10);
    CHECK_LISTED("SELECT a, b FROM t ORDER BY id LIMIT 9");
    RUN("ALTER TABLE t ADD COLUMN c text DEFAULT 'c'");
    CHECK_LISTED("SELECT a, b FROM t ORDER BY id LIMIT 9");
    RUN("DROP TABLE t");
    CHECK_RAISES(
        NU_OPERATIONAL_ERROR, "no such table: t",
        nu__db_query_listed(DB, S("SELECT a, b FROM t ORDER BY id LIMIT 9"), NU_ARGS(), 11));
}

/* ---- sinks -------------------------------------------------------------------------------- */

typedef struct counter {
    nu__sink sink;
    int64_t seen, most; /* it takes no more than so many */
    int64_t sum, starts;
} counter;

static bool count_row(nu__sink *sink, const nu__cell *cells)
{
    counter *c = (counter *)sink;

    if (c->seen == c->most)
        return false;
    c->seen++;
    c->sum += cells[0].i;
    return true;
}

static void start_again(nu__sink *sink)
{
    counter *c = (counter *)sink;

    c->seen = c->sum = 0;
    c->starts++;
}

static bool wants_no_more(nu__sink *sink)
{
    const counter *c = (const counter *)sink;

    return c->seen < c->most;
}

static void a_sink_may_refuse_a_row(void)
{
    for (int plain = 0; plain < 2; plain++)
        for (int64_t most = 10; most <= 20000; most += 9995) {
            counter c = { { count_row, start_again, wants_no_more, plain }, .most = most };

            fixture_database("sink.db", "");
            fill(15000);
            for (int again = 0; again < 3; again++)
                nu__db_query_into(DB, S("SELECT id FROM t"), NU_ARGS(), &c.sink);
            CHECK_INT(c.seen, most < 15000 ? most : 15000);
            CHECK_INT(c.sum, c.seen * (c.seen + 1) / 2);
            CHECK(c.starts >= 3);
            CHECK_STR(CELL("SELECT count(*) FROM t"), "15000");
        }
}

static void a_sink_may_refuse_a_listed_row(void)
{
    static const char *const orders[] = { "id", "a * 0, id" }; /* found so, and sorted */

    for (int sorted = 0; sorted < 2; sorted++)
        for (int64_t most = 3; most <= 43; most += 20) {
            nu_str sql = nu_fmt("SELECT id FROM t ORDER BY {} LIMIT 40", orders[sorted]);
            counter c = { { count_row, start_again, wants_no_more, false, 9 }, .most = most };

            fixture_database("refused.db", "");
            fill(100);
            for (int again = 0; again < 4; again++)
                nu__db_query_into(DB, sql, NU_ARGS(), &c.sink);
            CHECK_INT(c.seen, most < 40 ? most : 40);
            CHECK_INT(c.sum, c.seen * (c.seen + 1) / 2);
            CHECK_STR(CELL("SELECT count(*) FROM t"), "100");
        }
}

/* ---- cancelled ---------------------------------------------------------------------------- */

static nu__fiber *victim;
static bool victim_cancelled;

static void endless(void *unused)
{
    const nu_error *error;

    (void)unused;
    victim = nu__fiber_current();
    error =
        nu_catch(NU_CANCELLED,
                 nu__db_query_plain(
                     DB, S("SELECT a.id FROM t a, t b, t c WHERE a.a + b.a + c.a < 0"), NU_ARGS()));
    victim_cancelled = error != NULL;
}

static void a_cancelled_fiber_ends_it(void)
{
    fixture_database("cancelled.db", "");
    fill(5000);
    victim_cancelled = false;
    nu__fiber_spawn("endless", endless, NULL);
    nu_sleep(0.05);
    nu__fiber_cancel(victim);
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK(victim_cancelled);
    CHECK_SAME("SELECT id FROM t WHERE id < 10");
}

HARNESS_IN_FIBER(listed_rows_keep_their_order, listed_texts_of_another_encoding_are_converted,
                 listed_rows_may_be_too_many, what_fails_among_listed_rows_is_raised,
                 a_table_may_change_between_listed_rows, a_sink_may_refuse_a_listed_row,
                 every_kind_of_value_comes_as_it_is, texts_of_another_encoding_are_converted,
                 many_rows_keep_their_order, too_many_rows_come_all_the_same,
                 more_columns_than_a_function_takes_come_step_by_step,
                 columns_keep_their_names_and_types, rows_may_be_left_in_the_middle,
                 a_table_may_change_in_between, what_fails_in_the_middle_is_raised,
                 the_function_is_for_nobody_else, a_sink_may_refuse_a_row,
                 a_cancelled_fiber_ends_it)
