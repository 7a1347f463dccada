/* The driver alone: values, rows, errors, statements. */
#include "pg.h"

#include <nuages/decimal.h>
#include <nuages/loop.h>
#include <nuages/timezone.h>
#include <nuages/transaction.h>
#include <nuages/uuid.h>

#include <math.h>
#include <string.h>

/* ---- values ------------------------------------------------------------------------------- */

static nu__cell_kind kind_of(const char *expression)
{
    nu__rows *rows = nu__db_query(DB, nu_fmt("SELECT {}", expression), (nu_values){ 0 });
    nu__cell_kind kind = nu__rows_next(rows) ? rows->cells[0].kind : NU__CELL_KINDS;

    nu__rows_close(rows);
    return kind;
}

static nu_str shown(const char *expression)
{
    return live_text(DB, nu_fmt("SELECT {}", expression), (nu_values){ 0 });
}

static void each_type_comes_as_its_kind(void)
{
    static const struct {
        const char *expression;
        nu__cell_kind kind;
        const char *text;
    } rows[] = {
        { "NULL::int", NU__CELL_NULL, "NULL" },
        { "7::smallint", NU__CELL_INT, "7" },
        { "-7::int", NU__CELL_INT, "-7" },
        { "9223372036854775807", NU__CELL_INT, "9223372036854775807" },
        { "1.5::real", NU__CELL_FLOAT, "1.5" },
        { "0.1::float8", NU__CELL_FLOAT, "0.1" },
        { "true", NU__CELL_BOOL, "True" },
        { "'tea'::text", NU__CELL_TEXT, "tea" },
        { "''::varchar(3)", NU__CELL_TEXT, "" },
        { "'ab'::char(4)", NU__CELL_TEXT, "ab  " },
        { "'\\x0102'::bytea", NU__CELL_BLOB, "b'\\x01\\x02'" },
        { "12.50::numeric(6,2)", NU__CELL_DECIMAL, "12.50" },
        { "'2024-02-29'::date", NU__CELL_DATE, "2024-02-29" },
        { "'0001-01-01'::date", NU__CELL_DATE, "0001-01-01" },
        { "'08:30:01.5'::time", NU__CELL_TIME, "08:30:01.500000" },
        { "'2024-02-29 12:00:00+02'::timestamptz", NU__CELL_DATETIME, "2024-02-29 10:00:00+00:00" },
        { "'2024-02-29 12:00:00'::timestamp", NU__CELL_NAIVE, "2024-02-29 12:00:00+00:00" },
        { "'1 day 00:00:01'::interval", NU__CELL_DURATION, "1 day, 0:00:01" },
        { "'1 month'::interval", NU__CELL_DURATION, "30 days, 0:00:00" },
        { "'12345678-1234-5678-1234-567812345678'::uuid", NU__CELL_UUID,
          "12345678-1234-5678-1234-567812345678" },
        { "'{\"a\": 1}'::jsonb", NU__CELL_TEXT, "{\"a\": 1}" },
        { "ARRAY[1,NULL,3]", NU__CELL_ARRAY, "[1, None, 3]" },
        { "ARRAY[['a','b'],['c','d']]", NU__CELL_ARRAY, "[['a', 'b'], ['c', 'd']]" },
        { "'{}'::text[]", NU__CELL_ARRAY, "[]" },
        { "ARRAY[1.50, -0.001, 12345678.9]", NU__CELL_ARRAY,
          "[Decimal('1.50'), Decimal('-0.001'), Decimal('12345678.9')]" },
        { "ARRAY[0.00005, 100000000, 0]::numeric[]", NU__CELL_ARRAY,
          "[Decimal('0.00005'), Decimal('100000000'), Decimal('0')]" },
        { "int4range(1, 5)", NU__CELL_RANGE, "[1, 5)" },
        { "int4range(NULL, 5)", NU__CELL_RANGE, "(None, 5)" },
        { "'empty'::int4range", NU__CELL_RANGE, "empty" },
        { "'10.0.0.1'::inet", NU__CELL_TEXT, "10.0.0.1" },
    };

    pg_database("");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_INT(kind_of(rows[i].expression), rows[i].kind);
        CHECK_STR(shown(rows[i].expression), rows[i].text);
    }
    CHECK_RAISES(NU_DATA_ERROR, "date too large (after year 10K)", shown("'infinity'::date"));
    CHECK_RAISES(NU_DATA_ERROR, "timestamp too small (before year 1)",
                 shown("'-infinity'::timestamptz"));
}

static void parameters_arrive_as_they_are(void)
{
    nu_uuid uuid = { { 0x12, 0x34, [15] = 0xff } };
    nu_timedelta before = { -1, true };
    nu_date leap_day = { 738945 };
    nu_str cut = { "a\0b", 3 };
    nu_datetime at = nu_datetime_of(2024, 2, 29, 10, 0, 0);

    pg_database("");
    CHECK_STR(CELL("SELECT $1 + 1", 41), "42");
    CHECK_STR(CELL("SELECT $1::text", "naïve"), "naïve");
    CHECK_STR(CELL("SELECT $1", "a text by itself"), "a text by itself");
    CHECK_STR(CELL("SELECT $1::text", nu_null()), "NULL");
    CHECK_STR(CELL("SELECT NOT $1", true), "False");
    CHECK_STR(CELL("SELECT $1 * 2", 0.25), "0.5");
    CHECK_STR(CELL("SELECT $1 + 0", nu_decimal_parse("12345678901234567890.5")),
              "12345678901234567890.5");
    CHECK_STR(CELL("SELECT $1", leap_day), "2024-02-29");
    CHECK_STR(CELL("SELECT $1", at), "2024-02-29 10:00:00+00:00");
    CHECK_STR(CELL("SELECT $1", before), "-1 day, 23:59:59.999999");
    CHECK_STR(CELL("SELECT $1", uuid), "12340000-0000-0000-0000-0000000000ff");
    CHECK_STR(CELL("SELECT 2 = ANY($1)", NU_LIST(1, 2, 3)), "True");
    CHECK_STR(CELL("SELECT $1::text[]", NU_LIST("a", nu_null(), "b \"c\" \\, {}")),
              "['a', None, 'b \"c\" \\\\, {}']");
    CHECK_STR(CELL("SELECT $1::jsonb -> 1", NU_LIST(1, "x")), "\"x\"");
    CHECK_STR(CELL("SELECT concat($1, $2)", "a", 1), "a1");
    CHECK_STR(CELL("SELECT $1 + 1", INT64_C(9223372036854775806)), "9223372036854775807");
    CHECK_RAISES(NU_DATA_ERROR, "cannot contain NUL", CELL("SELECT $1", cut));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "the query has 2 placeholders but 0 parameters were passed",
                 live_text(DB, S("SELECT $1::int + $2::int"), (nu_values){ 0 }));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "the query has 2 placeholders but 1 parameters were passed",
                 CELL("SELECT $1::int + $2::int", 1));
}

/* The same text with other types is another statement, and null suits all. */
static void a_statement_is_prepared_for_types(void)
{
    pg_database("");
    RUN("CREATE TEMPORARY TABLE t (id bigint, small smallint, word text, price numeric(8,2))");
    for (int i = 0; i < 2; i++) {
        CHECK_STR(CELL("SELECT pg_typeof($1)::text", 1), "integer");
        CHECK_STR(CELL("SELECT pg_typeof($1)::text", INT64_C(1) << 40), "bigint");
        CHECK_STR(CELL("SELECT pg_typeof($1)::text", 1.5), "double precision");
    }
}

/* ---- statements --------------------------------------------------------------------------- */

static void execute_counts_changed_rows(void)
{
    pg_database("");
    RUN("DROP TABLE IF EXISTS counted");
    RUN("CREATE TABLE counted (id serial PRIMARY KEY, v text)");
    CHECK_INT(RUN("INSERT INTO counted (v) VALUES ($1), ($2)", "a", "b"), 2);
    CHECK_INT(RUN("UPDATE counted SET v = $1 WHERE id > $2", "c", 0), 2);
    CHECK_INT(RUN("UPDATE counted SET v = $1 WHERE id > $2", "c", 10), 0);
    CHECK_INT(RUN("SELECT 1"), 0);
    CHECK_STR(CELL("INSERT INTO counted (v) VALUES ($1) RETURNING id", "d"), "3");
    CHECK_INT(RUN("DELETE FROM counted"), 3);
}

static void one_statement_runs_for_many_lists_of_parameters(void)
{
    nu_value cells[600][2];
    nu_values rows[600];

    pg_database("");
    RUN("DROP TABLE IF EXISTS many");
    RUN("CREATE TABLE many (id integer, v text)");
    for (int i = 0; i < 600; i++) {
        cells[i][0] = V(i);
        cells[i][1] = V("x");
        rows[i] = (nu_values){ cells[i], 2 };
    }
    CHECK_INT(nu__db_execute_many(DB, S("INSERT INTO many VALUES ($1, $2)"), rows, 600), 600);
    CHECK_STR(CELL("SELECT sum(id) FROM many"), "179700");
}

static void columns_have_names_and_types(void)
{
    nu__rows *rows;

    pg_database("");
    rows = nu__db_query(DB, S("SELECT 1 AS one, now() AS at, 'x'::varchar(5) AS word"),
                        (nu_values){ 0 });
    CHECK_STR(nu__rows_name(rows, 0), "one");
    CHECK_STR(nu__rows_type(rows, 1), "timestamp with time zone");
    CHECK_STR(nu__rows_name(rows, 2), "word");
    nu__rows_close(rows);
}

static void a_large_result_comes_whole(void)
{
    nu__rows *rows;
    int64_t n = 0, sum = 0;

    pg_database("");
    rows = nu__db_query(DB,
                        S("SELECT i, repeat('x', i % 50), ARRAY[i, i + 1]"
                          "  FROM generate_series(1, 20000) AS i"),
                        (nu_values){ 0 });
    while (nu__rows_next(rows)) {
        n++;
        sum += rows->cells[2].items[1].i - rows->cells[0].i;
        if (rows->cells[1].len != rows->cells[0].i % 50)
            CHECK_INT(rows->cells[1].len, rows->cells[0].i % 50);
    }
    CHECK_INT(n, 20000);
    CHECK_INT(sum, 20000);
}

static void a_text_of_many_megabytes_comes_and_goes(void)
{
    nu_str large = { nu_alloc_array(char, 9000000), 9000000 };

    pg_database("");
    memset((char *)(uintptr_t)large.ptr, 'x', large.len);
    CHECK_STR(CELL("SELECT length($1)", large), "9000000");
    CHECK_INT(CELL("SELECT repeat('y', 9000000)").len, 9000000);
}

static void several_commands_in_one_text_run(void)
{
    pg_database("");
    RUN("DROP TABLE IF EXISTS two; CREATE TABLE two (n int); INSERT INTO two VALUES (1), (2);");
    CHECK_STR(CELL("SELECT count(*) FROM two"), "2");
    CHECK_STR(CELL("SHOW standard_conforming_strings"), "on");
}

static void a_changed_table_is_read_anew(void)
{
    pg_database("");
    RUN("DROP TABLE IF EXISTS changed");
    RUN("CREATE TABLE changed (n int)");
    RUN("INSERT INTO changed VALUES ($1)", 1);
    CHECK_STR(CELL("SELECT * FROM changed"), "1");
    RUN("ALTER TABLE changed ALTER n TYPE text");
    CHECK_STR(CELL("SELECT * FROM changed"), "1");
    nu__db_execute(DB, S("DO $$ BEGIN EXECUTE 'ALTER TABLE changed ADD m int'; END $$"),
                   (nu_values){ 0 }, NULL);
    CHECK_STR(CELL("SELECT * FROM changed"), "1");
}

static void statements_that_the_server_forgot_are_prepared_again(void)
{
    pg_database("shared_connections=1");
    CHECK_STR(CELL("SELECT 1 + $1", 1), "2");
    nu__connection_hold(DB);
    CHECK_STR(CELL("SELECT 1 + $1", 1), "2");
    RUN("DEALLOCATE ALL");
    CHECK_STR(CELL("SELECT 1 + $1", 1), "2");
    nu__connection_let_go(DB);
}

static void more_statements_than_are_kept(void)
{
    pg_database("");
    for (int i = 0; i < 700; i++)
        CHECK_STR(live_text(DB, nu_fmt("SELECT $1 + {}", (int64_t)i), NU_ARGS(1)),
                  nu_fmt("{}", (int64_t)(i + 1)));
    CHECK_STR(CELL("SELECT count(*) < 300 FROM pg_prepared_statements"), "True");
}

/* ---- by chunks, and together -------------------------------------------------------------- */

static int64_t read_by_chunks(const char *sql, uint32_t chunk, int64_t most)
{
    nu__rows *rows = nu__db_query_chunked(DB, nu_s(sql), (nu_values){ 0 }, chunk);
    int64_t sum = 0;

    for (int64_t n = 0; n < most && nu__rows_next(rows); n++) {
        sum += rows->cells[0].i;
        if (n % 100 == 0)
            CHECK_STR(CELL("SELECT $1::int", 7), "7");
    }
    nu__rows_close(rows);
    return sum;
}

static void a_large_result_is_read_by_chunks(void)
{
    static const char numbers[] = "SELECT i FROM generate_series(1, 1000) i";

    pg_database("max_connections=3&shared_connections=1&timeout=1");
    for (int round = 0; round < 2; round++) {
        CHECK_INT(read_by_chunks(numbers, 100, 2000), 500500);
        CHECK_INT(read_by_chunks(numbers, 64, 2000), 500500);
        CHECK_INT(read_by_chunks(numbers, 5000, 2000), 500500);
        CHECK_INT(read_by_chunks(numbers, 100, 150), 11325);
        CHECK_INT(read_by_chunks("SELECT 1 WHERE false", 100, 150), 0);
        CHECK_RAISES(
            NU_DATA_ERROR, "division by zero",
            read_by_chunks("SELECT 1 / (500 - i) FROM generate_series(1, 1000) i", 100, 2000));
    }
    {
        nu_atomic_scope();
        CHECK_INT(read_by_chunks(numbers, 100, 2000), 500500);
        CHECK_INT(read_by_chunks(numbers, 100, 150), 11325);
        CHECK_STR(CELL("SELECT 'still in the transaction'"), "still in the transaction");
    }
    CHECK_STR(CELL("SELECT count(*) FROM pg_cursors WHERE name <> ''"), "0");
    CHECK_INT(nu__database_of("default")->gate.free, 2);
}

static void ask_together(bool broken, int64_t *sum)
{
    nu_value numbers[20];
    nu__statement statements[20];
    nu__rows *rows[20];

    for (int i = 0; i < 20; i++) {
        numbers[i] = V(i);
        statements[i] =
            (nu__statement){ i % 2 ? S("SELECT $1 + 1") : S("SELECT $1 * 10"), { &numbers[i], 1 } };
    }
    if (broken)
        statements[7].sql = S("SELECT 1 / ($1 - 7)");
    nu__db_query_many(DB, statements, 20, rows);
    for (int i = 0; i < 20; i++)
        while (nu__rows_next(rows[i]))
            *sum += rows[i]->cells[0].i;
}

static void statements_go_together(void)
{
    int64_t sum = 0, none = 0;

    pg_database("max_connections=3&shared_connections=1&timeout=1");
    ask_together(false, &sum);
    CHECK_INT(sum, 1010);
    CHECK_RAISES(NU_DATA_ERROR, "division by zero", ask_together(true, &none));
    CHECK_STR(CELL("SELECT 'usable'"), "usable");
    {
        nu_atomic_scope();
        ask_together(false, &sum);
        CHECK_INT(sum, 2020);
    }
    pg_database("prepared_statements=false");
    ask_together(false, &sum);
    CHECK_INT(sum, 3030);
}

/* ---- errors ------------------------------------------------------------------------------- */

static void errors_have_django_s_classes(void)
{
    nu_values many = { nu_alloc_array(nu_value, 70000), 70000 };
    const nu_error *error;

    pg_database("");
    RUN("DROP TABLE IF EXISTS strict");
    RUN("CREATE TABLE strict (id int CONSTRAINT strict_pk PRIMARY KEY, v varchar(3) NOT NULL)");
    RUN("INSERT INTO strict VALUES (1, 'a')");
    error = nu_catch(NU_INTEGRITY_ERROR, RUN("INSERT INTO strict VALUES ($1, $2)", 1, "b"));
    CHECK(error);
    CHECK_STR(nu_s(error->constraint), "strict_pk");
    CHECK_STR(nu_s(error->code), "23505");
    CHECK_STR(error->message, "duplicate key value violates unique constraint \"strict_pk\"\n"
                              "DETAIL:  Key (id)=(1) already exists.");
    CHECK_RAISES(NU_INTEGRITY_ERROR, "null value in column", RUN("INSERT INTO strict VALUES (2)"));
    CHECK_RAISES(NU_DATA_ERROR, "value too long for type character varying(3)",
                 RUN("INSERT INTO strict VALUES ($1, $2)", 3, "abcd"));
    CHECK_RAISES(NU_DATA_ERROR, "division by zero", CELL("SELECT 1 / $1", 0));
    CHECK_RAISES(NU_PROGRAMMING_ERROR,
                 "relation \"nowhere\" does not exist\n"
                 "LINE 1: SELECT * FROM nowhere\n"
                 "                      ^",
                 CELL("SELECT * FROM nowhere"));
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "syntax error", CELL("SELEC 1"));
    CHECK_RAISES(NU_PROGRAMMING_ERROR,
                 "the query has 0 placeholders but 70000 parameters were passed",
                 live_text(DB, S("SELECT 1"), many));
    CHECK_STR(CELL("SELECT 1"), "1");
}

static void a_wrong_address_says_so(void)
{
    nu__database_add("default", S("postgres://nobody@127.0.0.1:1/none"));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "Connection refused", CELL("SELECT 1"));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "PostgreSQL has no option 'colour'",
                 nu__database_add("default", S("postgres://h/d?colour=red")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "supply the NAME",
                 nu__database_add("default", S("postgres://h")));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Invalid transaction isolation level",
                 nu__database_add("default", S("postgres://h/d?isolation_level=high")));
}

/* Before any server is asked: there is none. */
static void a_wrong_choice_stops_the_start(void)
{
    static const struct {
        const char *option, *message;
    } wrong[] = {
        { "sslmode=requird", "database 'default': option sslmode is 'requird'; it takes disable, "
                             "allow, prefer, require, verify-ca or verify-full. Did you mean "
                             "'require'?" },
        { "sslmode=wrong", "option sslmode is 'wrong'" },
        { "sslmode=Require", "Did you mean 'require'?" },
        { "target_session_attrs=bogus",
          "option target_session_attrs is 'bogus'; it takes any, read-write, read-only, primary, "
          "standby or prefer-standby." },
        { "channel_binding=on", "it takes disable, prefer or require." },
        { "ssl_min_protocol_version=TLSv2", "it takes TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3." },
        { "sslsni=yes", "option sslsni is 'yes'; it takes 0 or 1." },
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, wrong[i].message,
                     nu__database_add("default", nu_fmt("postgres://h/d?{}", wrong[i].option)));
    nu__database_add("default", S("postgres://h/d?sslmode=&ssl_min_protocol_version=tlsv1.3&"
                                  "target_session_attrs=prefer-standby&keepalives=0"));
}

/* ---- transactions ------------------------------------------------------------------------- */

static void fail_inside(void)
{
    nu_atomic_scope();
    RUN("INSERT INTO kept VALUES (2)");
    RUN("SELECT 1 / 0");
}

static void a_transaction_is_kept_or_gone(void)
{
    pg_database("");
    RUN("DROP TABLE IF EXISTS kept");
    RUN("CREATE TABLE kept (n int)");
    {
        nu_atomic_scope();
        RUN("INSERT INTO kept VALUES (1)");
        CHECK_RAISES(NU_DATA_ERROR, "division", fail_inside());
        CHECK_STR(CELL("SELECT count(*) FROM kept"), "1");
    }
    CHECK_RAISES(NU_DATA_ERROR, "division", fail_inside());
    CHECK_STR(CELL("SELECT count(*) FROM kept"), "1");
    {
        nu_atomic_scope(.isolation = NU_SERIALIZABLE);
        CHECK_STR(CELL("SHOW transaction_isolation"), "serializable");
    }
}

/* "SELECT count(*) … ($1, $2, …)" of so many numbers, with values of each kind behind them. */
static nu__statement statement_of_many(int n)
{
    nu_value *values = nu_alloc_array(nu_value, (size_t)n + 5);
    nu__buf sql = { 0 };

    nu__buf_lit(&sql, "SELECT (SELECT count(*) FROM generate_series(-5, 9) AS s WHERE s IN (");
    for (int i = 0; i < n; i++) {
        nu__buf_fmt(&sql, "{}${}", i ? ", " : "", i + 1);
        values[i] = nu_v_int(i - 2);
    }
    nu__buf_fmt(&sql, ")) || ${} || '$1' || ${} || ${} || ${} || ${} AS \"$2\"", n + 1, n + 2,
                n + 3, n + 4, n + 5);
    values[n] = nu_v_cstr(" it's \\ $1 ");
    values[n + 1] = nu_v_bool(true);
    values[n + 2] = nu_v_decimal(nu_decimal_from(125, -2));
    values[n + 3] = nu_v_int(INT64_MIN);
    values[n + 4] = nu_v_cstr("");
    return (nu__statement){ nu__buf_str(&sql), { values, (size_t)n + 5 } };
}

static nu_str ask_for_many(int n)
{
    nu__statement statement = statement_of_many(n);

    return live_text(DB, statement.sql, statement.params);
}

/* With another behind it, as nu_pipeline() sends them. */
static nu_str ask_for_many_in_a_pipeline(int n)
{
    nu_value seven = V(7);
    nu__statement both[] = { statement_of_many(n), { S("SELECT $1 + 1"), { &seven, 1 } } };
    nu__rows *rows[2];
    nu_str answer;

    nu__db_query_many(DB, both, 2, rows);
    CHECK(nu__rows_next(rows[0]) && nu__rows_next(rows[1]));
    answer = nu_string(nu__cell_value(&rows[0]->cells[0]));
    CHECK_INT(rows[1]->cells[0].i, 8);
    nu__rows_close(rows[0]);
    nu__rows_close(rows[1]);
    return answer;
}

static void more_parameters_than_the_protocol_has_go_as_text(void)
{
    const char *answer = "12 it's \\ $1 $1true1.25-9223372036854775808";

    pg_database("");
    CHECK_STR(ask_for_many(9), "9 it's \\ $1 $1true1.25-9223372036854775808");
    CHECK_STR(ask_for_many(70000), answer);
    CHECK_STR(ask_for_many_in_a_pipeline(70000), answer);
    RUN("CREATE TEMPORARY TABLE held (n int)");
    CHECK_STR(ask_for_many(200000), answer);
    CHECK_STR(ask_for_many_in_a_pipeline(65536), answer);
}

static void ask_what_texts_are(void)
{
    nu_atomic_scope();
    RUN("INSERT INTO kept VALUES ($1)", "1");
    CHECK_STR(CELL("SELECT jsonb_build_array($1, $2)", true, "t"), "[true, \"t\"]");
    CHECK_STR(CELL("SELECT jsonb_build_array($1, $2, $3)", "t", 1, "t"), "[\"t\", 1, \"t\"]");
    CHECK_STR(CELL("SELECT count(*) FROM kept"), "1");
}

/* The server says by an error that it cannot tell. */
static void texts_of_no_known_type_are_no_end_of_a_transaction(void)
{
    pg_database("");
    RUN("DROP TABLE IF EXISTS kept");
    RUN("CREATE TABLE kept (n text)");
    ask_what_texts_are();
    CHECK_STR(CELL("SELECT count(*) FROM kept"), "1");
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "the query has 1 placeholders but 2 parameters were passed",
                 CELL("SELECT $1::text", "a", "b"));
}

static void the_session_is_in_utc_and_left_clean(void)
{
    pg_database("max_connections=2&shared_connections=1");
    CHECK_STR(CELL("SHOW TimeZone"), "UTC");
    nu__connection_hold(DB);
    RUN("SET TimeZone = 'Europe/Berlin'");
    RUN("SET statement_timeout = 12345");
    CHECK_STR(CELL("SELECT pg_advisory_lock(7)"), "");
    CHECK_STR(CELL("SHOW TimeZone"), "Europe/Berlin");
    nu__connection_let_go(DB);
    CHECK_STR(CELL("SHOW TimeZone"), "UTC");
    CHECK_STR(CELL("SHOW statement_timeout"), "0");
    nu__connection_hold(DB); /* the same: it has been made clean when it is had again */
    CHECK_STR(CELL("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
    nu__connection_let_go(DB);
    RUN("SET statement_timeout = 54321");
    CHECK_STR(CELL("SHOW statement_timeout"), "0");
}

HARNESS_IN_FIBER(each_type_comes_as_its_kind, parameters_arrive_as_they_are,
                 a_statement_is_prepared_for_types, execute_counts_changed_rows,
                 one_statement_runs_for_many_lists_of_parameters, columns_have_names_and_types,
                 a_large_result_comes_whole, a_text_of_many_megabytes_comes_and_goes,
                 several_commands_in_one_text_run, a_changed_table_is_read_anew,
                 statements_that_the_server_forgot_are_prepared_again,
                 more_statements_than_are_kept, a_large_result_is_read_by_chunks,
                 statements_go_together, errors_have_django_s_classes, a_wrong_address_says_so,
                 a_wrong_choice_stops_the_start, a_transaction_is_kept_or_gone,
                 more_parameters_than_the_protocol_has_go_as_text,
                 texts_of_no_known_type_are_no_end_of_a_transaction,
                 the_session_is_in_utc_and_left_clean)
