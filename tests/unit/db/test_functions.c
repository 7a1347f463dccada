#include "db_fixture.h"

/* What Django 5.2 on Python's sqlite3 answers to the same expressions. */
static const struct {
    const char *sql, *result;
} cases[] = {
    { "django_datetime_extract('year', '2024-12-30 23:45:06.007008', NULL, NULL)", "2024" },
    { "django_datetime_extract('year', '2024-12-30 23:45:06.007008', 'Europe/Berlin', 'UTC')",
      "2024" },
    { "django_datetime_extract('month', '2024-12-30 23:45:06.007008', NULL, NULL)", "12" },
    { "django_datetime_extract('month', '2024-12-30 23:45:06.007008', 'Europe/Berlin', 'UTC')",
      "12" },
    { "django_datetime_extract('day', '2024-12-30 23:45:06.007008', NULL, NULL)", "30" },
    { "django_datetime_extract('day', '2024-12-30 23:45:06.007008', 'Europe/Berlin', 'UTC')",
      "31" },
    { "django_datetime_extract('hour', '2024-12-30 23:45:06.007008', NULL, NULL)", "23" },
    { "django_datetime_extract('hour', '2024-12-30 23:45:06.007008', 'Europe/Berlin', 'UTC')",
      "0" },
    { "django_datetime_extract('minute', '2024-12-30 23:45:06.007008', NULL, NULL)", "45" },
    { "django_datetime_extract('minute', '2024-12-30 23:45:06.007008', 'Europe/Berlin', 'UTC')",
      "45" },
    { "django_datetime_extract('second', '2024-12-30 23:45:06.007008', NULL, NULL)", "6" },
    { "django_datetime_extract('second', '2024-12-30 23:45:06.007008', 'Europe/Berlin', 'UTC')",
      "6" },
    { "django_datetime_extract('microsecond', '2024-12-30 23:45:06.007008', NULL, NULL)", "7008" },
    { "django_datetime_extract('microsecond', '2024-12-30 23:45:06.007008', 'Europe/Berlin', "
      "'UTC')",
      "7008" },
    { "django_datetime_extract('week_day', '2024-12-30 23:45:06.007008', NULL, NULL)", "2" },
    { "django_datetime_extract('week_day', '2024-12-30 23:45:06.007008', 'Europe/Berlin', 'UTC')",
      "3" },
    { "django_datetime_extract('iso_week_day', '2024-12-30 23:45:06.007008', NULL, NULL)", "1" },
    { "django_datetime_extract('iso_week_day', '2024-12-30 23:45:06.007008', 'Europe/Berlin', "
      "'UTC')",
      "2" },
    { "django_datetime_extract('week', '2024-12-30 23:45:06.007008', NULL, NULL)", "1" },
    { "django_datetime_extract('week', '2024-12-30 23:45:06.007008', 'Europe/Berlin', 'UTC')",
      "1" },
    { "django_datetime_extract('quarter', '2024-12-30 23:45:06.007008', NULL, NULL)", "4" },
    { "django_datetime_extract('quarter', '2024-12-30 23:45:06.007008', 'Europe/Berlin', 'UTC')",
      "4" },
    { "django_datetime_extract('iso_year', '2024-12-30 23:45:06.007008', NULL, NULL)", "2025" },
    { "django_datetime_extract('iso_year', '2024-12-30 23:45:06.007008', 'Europe/Berlin', 'UTC')",
      "2025" },
    { "django_date_extract('year', '2021-01-03')", "2021" },
    { "django_date_extract('month', '2021-01-03')", "1" },
    { "django_date_extract('day', '2021-01-03')", "3" },
    { "django_date_extract('week_day', '2021-01-03')", "1" },
    { "django_date_extract('week', '2021-01-03')", "53" },
    { "django_date_extract('quarter', '2021-01-03')", "1" },
    { "django_date_extract('iso_year', '2021-01-03')", "2020" },
    { "django_date_trunc('year', '2021-05-03', NULL, NULL)", "2021-01-01" },
    { "django_date_trunc('quarter', '2021-05-03', NULL, NULL)", "2021-04-01" },
    { "django_date_trunc('month', '2021-05-03', NULL, NULL)", "2021-05-01" },
    { "django_date_trunc('week', '2021-05-03', NULL, NULL)", "2021-05-03" },
    { "django_date_trunc('day', '2021-05-03', NULL, NULL)", "2021-05-03" },
    { "django_datetime_trunc('year', '2024-12-30 23:45:06.007008', 'America/New_York', 'UTC')",
      "2024-01-01 00:00:00" },
    { "django_datetime_trunc('year', '2024-03-31 01:30:00', 'Europe/Berlin', 'UTC')",
      "2024-01-01 00:00:00" },
    { "django_datetime_trunc('quarter', '2024-12-30 23:45:06.007008', 'America/New_York', 'UTC')",
      "2024-10-01 00:00:00" },
    { "django_datetime_trunc('quarter', '2024-03-31 01:30:00', 'Europe/Berlin', 'UTC')",
      "2024-01-01 00:00:00" },
    { "django_datetime_trunc('month', '2024-12-30 23:45:06.007008', 'America/New_York', 'UTC')",
      "2024-12-01 00:00:00" },
    { "django_datetime_trunc('month', '2024-03-31 01:30:00', 'Europe/Berlin', 'UTC')",
      "2024-03-01 00:00:00" },
    { "django_datetime_trunc('week', '2024-12-30 23:45:06.007008', 'America/New_York', 'UTC')",
      "2024-12-30 00:00:00" },
    { "django_datetime_trunc('week', '2024-03-31 01:30:00', 'Europe/Berlin', 'UTC')",
      "2024-03-25 00:00:00" },
    { "django_datetime_trunc('day', '2024-12-30 23:45:06.007008', 'America/New_York', 'UTC')",
      "2024-12-30 00:00:00" },
    { "django_datetime_trunc('day', '2024-03-31 01:30:00', 'Europe/Berlin', 'UTC')",
      "2024-03-31 00:00:00" },
    { "django_datetime_trunc('hour', '2024-12-30 23:45:06.007008', 'America/New_York', 'UTC')",
      "2024-12-30 18:00:00" },
    { "django_datetime_trunc('hour', '2024-03-31 01:30:00', 'Europe/Berlin', 'UTC')",
      "2024-03-31 03:00:00" },
    { "django_datetime_trunc('minute', '2024-12-30 23:45:06.007008', 'America/New_York', 'UTC')",
      "2024-12-30 18:45:00" },
    { "django_datetime_trunc('minute', '2024-03-31 01:30:00', 'Europe/Berlin', 'UTC')",
      "2024-03-31 03:30:00" },
    { "django_datetime_trunc('second', '2024-12-30 23:45:06.007008', 'America/New_York', 'UTC')",
      "2024-12-30 18:45:06" },
    { "django_datetime_trunc('second', '2024-03-31 01:30:00', 'Europe/Berlin', 'UTC')",
      "2024-03-31 03:30:00" },
    { "django_time_trunc('hour', '23:45:06.5', NULL, NULL)", "23:00:00" },
    { "django_time_extract('hour', '23:45:06.5')", "23" },
    { "django_time_trunc('minute', '23:45:06.5', NULL, NULL)", "23:45:00" },
    { "django_time_extract('minute', '23:45:06.5')", "45" },
    { "django_time_trunc('second', '23:45:06.5', NULL, NULL)", "23:45:06" },
    { "django_time_extract('second', '23:45:06.5')", "6" },
    { "django_datetime_cast_date('2024-12-30 23:45:06.007008', 'Asia/Tokyo', 'UTC')",
      "2024-12-31" },
    { "django_datetime_cast_time('2024-12-30 23:45:06.007008', 'Asia/Kolkata', 'UTC')",
      "05:15:06.007008" },
    { "django_datetime_cast_time('2024-12-30 23:45:06.007008', 'UTC', 'UTC')", "23:45:06.007008" },
    { "django_datetime_extract('hour', '2024-12-30 23:45:06.007008', 'Europe/Berlin+01:30', 'UTC')",
      "2" },
    { "django_datetime_extract('hour', '2024-12-30 23:45:06.007008', '+05:30', 'UTC')", "5" },
    { "django_datetime_extract('hour', '2024-12-30 23:45:06.007008', '-10', 'UTC')", "13" },
    { "django_datetime_extract('year', NULL, NULL, NULL)", "NULL" },
    { "django_datetime_extract('year', 'nodate', NULL, NULL)", "NULL" },
    { "django_datetime_extract('day', '2024-02-30 00:00:00', NULL, NULL)", "NULL" },
    { "django_datetime_extract('hour', '2005-07-29 15:48:00.590358-05', NULL, NULL)", "15" },
    { "django_time_diff('12:00:01.5', '11:59:00')", "61500000" },
    { "django_time_diff(NULL, '11:59:00')", "NULL" },
    { "django_timestamp_diff('2024-03-01 00:00:00', '2024-02-28 12:00:00.000001')",
      "129599999999" },
    { "django_timestamp_diff('2024-03-01', '2024-02-28')", "172800000000" },
    { "django_format_dtdelta('+', '2024-02-28 12:00:00', 90000000000)", "2024-02-29 13:00:00" },
    { "django_format_dtdelta('+', 60000000, '2024-02-28 12:00:00.5')",
      "2024-02-28 12:01:00.500000" },
    { "django_format_dtdelta('-', '2024-02-28', 86400000000)", "2024-02-27" },
    { "django_format_dtdelta('-', 5000000, 65000000)", "-1 day, 23:59:00" },
    { "django_format_dtdelta('*', 5000000, 3)", "15000000" },
    { "django_format_dtdelta('/', 5000000, 2)", "2500000.0" },
    { "django_format_dtdelta('*', 5000000, 1.5)", "7500000.0" },
    { "django_format_dtdelta('+', 90061000001, 1)", "1 day, 1:01:01.000002" },
    { "'Ärger' REGEXP '^.r'", "1" },
    { "'abc' REGEXP 'B'", "0" },
    { "'abc' REGEXP '(?i)' || 'B'", "1" },
    { "NULL REGEXP 'a'", "NULL" },
    { "12 REGEXP '^1'", "1" },
    { "'a\nb' REGEXP 'a.b'", "0" },
    { "LPAD('é1', 5, 'xy')", "xyxé1" },
    { "LPAD('abcdef', 3, 'x')", "abc" },
    { "LPAD('a', 3, '')", "a" },
    { "LPAD(NULL, 3, 'x')", "NULL" },
    { "RPAD('é1', 5, 'xy')", "é1xyx" },
    { "RPAD('abcdef', 3, 'x')", "abc" },
    { "REPEAT('ab', 3)", "ababab" },
    { "REPEAT('ab', 0)", "" },
    { "REPEAT('ab', NULL)", "NULL" },
    { "REVERSE('aéb')", "béa" },
    { "REVERSE('')", "" },
    { "MD5('a')", "0cc175b9c0f1b6a831c399e269772661" },
    { "SHA1('é')", "bf15be717ac1b080b4f1c456692825891ff5073d" },
    { "SHA224('a')", "abd37534c7d9a2efb9465de931cd7055ffdb8879563ae98078d6d6d5" },
    { "SHA256('')", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "SHA384(NULL)", "NULL" },
    { "SHA512('a')", "1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08"
                     "d560252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a75" },
    { "BITXOR(12, 10)", "6" },
    { "SIGN(-2.5)", "-1" },
    { "SIGN(0)", "0" },
    { "SIGN(NULL)", "NULL" },
    { "typeof(RAND())", "real" },
    { "RAND() >= 0 AND RAND() < 1", "1" },
    { "round(COT(1), 12)", "0.642092615934" },
};

static void functions_answer_as_djangos_do(void)
{
    nu__database_add("default", S("sqlite://:memory:"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nu_scratch_scope();
        nu_str got = fixture_cell_(nu_fmt("SELECT {}", cases[i].sql), (nu_values){ 0 });

        if (!CHECK_STR(got, cases[i].result))
            printf("      of   %s\n", cases[i].sql);
    }
}

static void spreads_of_numbers_are_those_of_pythons_statistics(void)
{
    nu__database_add("default", S("sqlite://:memory:"));
    RUN("CREATE TABLE t (v)");
    CHECK_STR(CELL("SELECT STDDEV_POP(v) FROM t"), "NULL");
    RUN("INSERT INTO t VALUES (1), (2), (4), (9)");
    CHECK_STR(CELL("SELECT round(STDDEV_POP(v), 9) FROM t"), "3.082207001");
    CHECK_STR(CELL("SELECT round(STDDEV_SAMP(v), 9) FROM t"), "3.559026084");
    CHECK_STR(CELL("SELECT round(VAR_POP(v), 9) FROM t"), "9.5");
    CHECK_STR(CELL("SELECT round(VAR_SAMP(v), 9) FROM t"), "12.666666667");
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "user-defined aggregate's 'finalize' method raised error",
                 CELL("SELECT VAR_SAMP(v) FROM t WHERE v = 1"));
    RUN("INSERT INTO t VALUES (NULL)");
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "user-defined aggregate's 'finalize' method raised error",
                 CELL("SELECT VAR_POP(v) FROM t"));
}

static void a_function_that_fails_raises_in_the_fiber(void)
{
    nu__database_add("default", S("sqlite://:memory:"));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "user-defined function raised exception",
                 CELL("SELECT 'a' REGEXP '('"));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "user-defined function raised exception",
                 CELL("SELECT django_date_trunc('age', '2024-01-01', NULL, NULL)"));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "user-defined function raised exception",
                 CELL("SELECT django_datetime_extract('day', '2024-01-01 00:00:00', 'No/Where', "
                      "'UTC')"));
    CHECK_RAISES(NU_DATA_ERROR, "string or blob too big",
                 CELL("SELECT REPEAT('ab', 9000000000000)"));
    CHECK_STR(CELL("SELECT 1"), "1");
}

static void functions_work_and_clean_up_on_the_threads_of_databases(void)
{
    fixture_database("threads.db", "");
    for (int i = 0; i < 3; i++)
        CHECK_STR(CELL("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE "
                       "n < 50000) SELECT count(*) FROM c WHERE 'n' || n REGEXP '^n.*7$'"),
                  "5000");
    nu__databases_close();
}

HARNESS_IN_FIBER(functions_work_and_clean_up_on_the_threads_of_databases,
                 functions_answer_as_djangos_do, spreads_of_numbers_are_those_of_pythons_statistics,
                 a_function_that_fails_raises_in_the_fiber)
