/* Many fibers on few connections: each gets its own answers, whatever fails or is cancelled. */
#include "maria.h"

#include <string.h>

static void make_counters(const char *options)
{
    maria_fresh(options);
    PLAIN("DROP TABLE IF EXISTS counters");
    PLAIN("CREATE TABLE counters (id integer PRIMARY KEY, n bigint)");
    PLAIN("INSERT INTO counters SELECT seq, 0 FROM seq_0_to_49");
}

static bool is_number(nu_value value, int64_t n)
{
    return value.kind == NU_KIND_INT && nu_int(value) == n;
}

static void ask_a_number(crowd_work *work, int64_t n)
{
    crowd_expect(work, is_number(VALUE("SELECT ? + 1", n), n + 1));
}

static void ask_a_text(crowd_work *work, int64_t n)
{
    nu_str text = nu_string(VALUE("SELECT CONCAT('x', ?)", nu_fmt("{}", n)));

    crowd_expect(work, nu_eq(text, nu_fmt("x{}", n)));
}

static void ask_what_fails(crowd_work *work, int64_t n)
{
    crowd_expect(work,
                 nu_catch(NU_INTEGRITY_ERROR, RUN("INSERT INTO counters VALUES (?, 0)", n % 50)));
}

static void ask_many_rows(crowd_work *work, int64_t n)
{
    nu__rows *rows = nu__db_query(DB, S("SELECT seq, ? FROM seq_1_to_20"), NU_ARGS(n));
    int64_t i = 0;

    while (nu__rows_next(rows)) {
        i++;
        crowd_expect(work, rows->cells[0].i == i && rows->cells[1].i == n);
    }
    crowd_expect(work, i == 20);
}

static void ask_to_write(crowd_work *work, int64_t n)
{
    crowd_expect(work, RUN("UPDATE counters SET n = ? WHERE id = ?", n, n % 50) == 1);
}

static void ask_a_long_text(crowd_work *work, int64_t n)
{
    nu_str sent = nu_fmt("{}", n), text = nu_string(VALUE("SELECT REPEAT(?, 500)", sent));

    crowd_expect(work, text.len == sent.len * 500 && memcmp(text.ptr, sent.ptr, sent.len) == 0 &&
                           memcmp(text.ptr, text.ptr + sent.len, text.len - sent.len) == 0);
}

/* Goes wrong behind others on a connection that is shared. */
static void ask_a_row_of_many(crowd_work *work, int64_t n)
{
    crowd_expect(work, nu_catch(NU_OPERATIONAL_ERROR,
                                VALUE("SELECT (SELECT `n` FROM `counters` WHERE `id` < ?)",
                                      2 + n % 40)) != NULL);
}

/* As text, not prepared. */
static void ask_without_parameters(crowd_work *work, int64_t n)
{
    crowd_expect(work, is_number(maria_one(DB, nu_fmt("SELECT {}", n), (nu_values){ 0 }), n));
}

/* QUERIES of them, from the environment. */
static void no_answer_reaches_another_fiber(void)
{
    static const crowd_shape shapes[] = { ask_a_number,           ask_a_text,       ask_what_fails,
                                          ask_many_rows,          ask_to_write,     ask_a_long_text,
                                          ask_without_parameters, ask_a_row_of_many };

    make_counters("max_connections=4&timeout=600");
    crowd_ask(shapes, sizeof shapes / sizeof *shapes, 100, (int64_t)live_number("QUERIES", 10000));
}

/* Transfers keep the sum; so does what is cancelled anywhere. SOAK_SECONDS of it, from the
   environment. */
static void five_hundred_fibers_on_a_pool_of_ten(void)
{
    static const crowd_sql sql = { "SELECT ? + 0", "UPDATE counters SET n = n + 1 WHERE id = ?",
                                   "UPDATE counters SET n = n - 1 WHERE id = ?" };

    make_counters("max_connections=10&timeout=60");
    crowd_soak(&sql, live_number("SOAK_SECONDS", 2));
    CHECK_INT(COUNT("SELECT CAST(SUM(n) AS signed) FROM counters"), 0);
    CHECK_INT(COUNT("SELECT COUNT(*) FROM information_schema.INNODB_TRX"), 0);
    CHECK_INT(nu__database_of("default")->gate.free, 8);
}

HARNESS_LIVE(no_answer_reaches_another_fiber, five_hundred_fibers_on_a_pool_of_ten)
