/* Many rows that go into a table by one statement. */
#include "db_fixture.h"

enum { MANY = 300 };

/* (a, b) of each row: 0, "v0"; 1, "v1"; … */
static nu_values *many_rows(void)
{
    nu_values *rows = nu_alloc_array(nu_values, MANY);

    for (int i = 0; i < MANY; i++) {
        nu_value *row = nu_alloc_array(nu_value, 2);

        row[0] = nu_v_int(i);
        row[1] = nu_v_str(nu_fmt("v{}", i));
        rows[i] = (nu_values){ row, 2 };
    }
    return rows;
}

static void check_keys(const int64_t *keys, int64_t first)
{
    for (int i = 0; i < MANY; i++)
        if (keys[i] != first + i)
            CHECK_INT(keys[i], first + i);
}

static void many_rows_get_a_key_each(void)
{
    int64_t *keys = nu_alloc_array(int64_t, MANY);

    fixture_database("many.db", "");
    RUN("CREATE TABLE t (id integer PRIMARY KEY, a text, b text)");
    RUN("INSERT INTO t (id) VALUES (41)");
    nu__db_insert_many(DB, S("INSERT INTO t (a, b) VALUES (?, ?)"), many_rows(), MANY, keys);
    check_keys(keys, 42);
    CHECK_STR(CELL("SELECT b FROM t WHERE id = ?", keys[299]), "v299");
    CHECK_STR(CELL("SELECT last_insert_rowid()"), "341");
    CHECK_STR(CELL("SELECT typeof(a) FROM t WHERE id = 42"), "text"); /* as its column is */
}

static void many_rows_are_stored_as_one_is(void)
{
    nu_value row[] = { nu_null(), nu_v_bytes((nu_bytes){ (const uint8_t *)"\1\0", 2 }),
                       nu_v_float(1.5), nu_v_str(S("")), nu_v_int(INT64_MIN) };
    nu_values rows[2] = { { row, 5 }, { row, 5 } };
    int64_t keys[2];

    fixture_database("many_kinds.db", "");
    RUN("CREATE TABLE t (a, b, c, d, e)");
    nu__db_insert_many(DB, S("INSERT INTO t (a, b, c, d, e) VALUES (?, ?, ?, ?, ?)"), rows, 2,
                       keys);
    CHECK_STR(CELL("SELECT quote(a) || quote(b) || quote(c) || quote(d) || quote(e) FROM t "
                   "WHERE rowid = ?",
                   keys[1]),
              "NULLX'0100'1.5''-9223372036854775808");
}

static void many_rows_of_a_table_with_a_trigger_get_their_keys(void)
{
    int64_t *keys = nu_alloc_array(int64_t, MANY);

    fixture_database("trigger.db", "");
    RUN("CREATE TABLE t (id integer PRIMARY KEY, a integer, b text)");
    RUN("CREATE TABLE seen (a integer)");
    RUN("CREATE TRIGGER note AFTER INSERT ON t BEGIN INSERT INTO seen VALUES (new.a); END");
    RUN("INSERT INTO seen VALUES (-1)");
    nu__db_insert_many(DB, S("INSERT INTO t (a, b) VALUES (?, ?)"), many_rows(), MANY, keys);
    check_keys(keys, 1);
    CHECK_STR(CELL("SELECT count(*) FROM seen"), "301");
    CHECK_STR(CELL("SELECT count(*) FROM t"), "300");
}

static void many_rows_go_in_where_rows_have_no_number(void)
{
    int64_t *keys = nu_alloc_array(int64_t, MANY);

    fixture_database("without.db", "");
    RUN("CREATE TABLE t (a integer PRIMARY KEY, b text) WITHOUT ROWID");
    nu__db_insert_many(DB, S("INSERT INTO t (a, b) VALUES (?, ?)"), many_rows(), MANY, keys);
    CHECK_STR(CELL("SELECT count(*) FROM t"), "300");
}

static void of_many_rows_that_fail_in_the_middle_none_is_there(void)
{
    int64_t *keys = nu_alloc_array(int64_t, MANY);

    fixture_database("middle.db", "");
    RUN("CREATE TABLE t (id integer PRIMARY KEY, a integer CHECK (a <> 200), b text)");
    RUN("INSERT INTO t (id, a) VALUES (7, 7)");
    CHECK_RAISES(
        NU_INTEGRITY_ERROR, "CHECK constraint failed: a <> 200",
        (nu__db_insert_many(DB, S("INSERT INTO t (a, b) VALUES (?, ?)"), many_rows(), MANY, keys),
         0));
    CHECK_STR(CELL("SELECT count(*) FROM t"), "1");
    CHECK_STR(CELL("SELECT last_insert_rowid()"), "7");
}

HARNESS_IN_FIBER(many_rows_get_a_key_each, many_rows_are_stored_as_one_is,
                 many_rows_of_a_table_with_a_trigger_get_their_keys,
                 many_rows_go_in_where_rows_have_no_number,
                 of_many_rows_that_fail_in_the_middle_none_is_there)
