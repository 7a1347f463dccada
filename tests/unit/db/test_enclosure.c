#include "db_fixture.h"

#include "db/enclosure.h"
#include "db/transaction.h"

#define CHILD         "CREATE TABLE child (t integer REFERENCES t (v)"
#define RUN_TEXT(sql) fixture_run_(nu_s(sql), (nu_values){ 0 })

static void fixture(const char *name)
{
    fixture_database(name, "");
    RUN("CREATE TABLE t (v integer UNIQUE)");
    RUN_TEXT(fixture_word(CHILD " DEFERRABLE INITIALLY DEFERRED)",
                          CHILD " DEFERRABLE INITIALLY DEFERRED)", CHILD ")"));
}

static void all_is_committed_at_the_end_or_nothing(void)
{
    fixture("ends.sqlite3");
    nu__enclose(DB);
    RUN("INSERT INTO t VALUES (1)");
    nu__enclosure_end(DB, false);
    CHECK_STR(CELL("SELECT count(*) FROM t"), "0");
    nu__enclose(DB);
    RUN("INSERT INTO t VALUES (1)");
    nu__enclosure_end(DB, true);
    CHECK_STR(CELL("SELECT count(*) FROM t"), "1");
}

static void durable(void)
{
    nu_atomic_scope(.durable = true);
    RUN("INSERT INTO t VALUES (2)");
}

static void failing(void)
{
    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (3)");
    nu_raise(NU_VALUE_ERROR, "no");
}

static void blocks_inside_do_not_see_it(void)
{
    fixture("blocks.sqlite3");
    nu__enclose(DB);
    CHECK(!nu_in_atomic());
    durable();
    CHECK_RAISES(NU_VALUE_ERROR, "no", failing());
    CHECK_STR(fixture_list("v", "t"), "2");
    CHECK(!nu_in_atomic());
    nu__enclosure_end(DB, true);
    CHECK_STR(fixture_list("v", "t"), "2");
}

static void count(void *n)
{
    ++*(int *)n;
}

static void with_hook(int *n)
{
    nu_atomic_scope();
    nu_on_commit(count, n);
    CHECK_INT(*n, 0);
}

static void hooks_run_where_their_block_ends(void)
{
    int *n = nu_alloc(int);

    fixture("hooks.sqlite3");
    nu__enclose(DB);
    with_hook(n);
    CHECK_INT(*n, 1);
    nu__enclosure_end(DB, true);
    CHECK_INT(*n, 1);
}

static void orphan(void)
{
    nu_atomic_scope();
    RUN("INSERT INTO child VALUES (77)");
}

static void constraints_of_commit_are_checked_where_it_would_stand(void)
{
    const char *foreign_key;

    fixture("deferred.sqlite3");
    foreign_key = fixture_word("FOREIGN KEY", "foreign key", "foreign key");
    nu__enclose(DB);
    CHECK_RAISES(NU_INTEGRITY_ERROR, foreign_key, RUN("INSERT INTO child VALUES (77)"));
    CHECK_RAISES(NU_INTEGRITY_ERROR, foreign_key, orphan());
    RUN("INSERT INTO t VALUES (1)");
    CHECK_RAISES(NU_INTEGRITY_ERROR, fixture_word("UNIQUE", "unique", "Duplicate"),
                 RUN("INSERT INTO t VALUES (1)"));
    RUN("INSERT INTO child VALUES (1)");
    nu__enclosure_end(DB, true);
    CHECK_STR(fixture_list("t", "child"), "1");
}

static void one_without_statements_opens_nothing(void)
{
    uint64_t before;

    fixture("none.sqlite3");
    before = DB->n_queries;
    nu__enclose(DB);
    nu__enclosure_end(DB, true);
    nu__enclosure_end(DB, true);
    CHECK_INT(DB->n_queries, before);
}

static void refused(const char *sql)
{
    CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR, "transaction.atomic()", RUN_TEXT(sql));
}

static void in_a_block(const char *sql)
{
    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (4)");
    refused(sql);
}

static void sql_that_ends_the_transaction_is_refused(void)
{
    static const char *const texts[] = {
        "COMMIT",
        " ;\n commit",
        "-- a note\nEND",
        "/* a; b */ ROLLBACK",
        "rollback work",
        "BEGIN",
        "START TRANSACTION",
        ("\xEF\xBB\xBF"
         "ABORT"),
        "PREPARE TRANSACTION 'x'",
        "SET @@session.autocommit = 1",
        "COMMIT -- RETURNING",
        "SET x = 1, AUTOCOMMIT = 1",
    };

    fixture("words.sqlite3");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        in_a_block(texts[i]);
        nu__enclose(DB);
        RUN("INSERT INTO t VALUES (1)");
        refused(texts[i]);
        nu__enclosure_end(DB, false);
        RUN("DELETE FROM t WHERE v = 4");
    }
    CHECK_STR(CELL("SELECT count(*) FROM t"), "0");
}

static void savepoints_by_hand_are_not(void)
{
    fixture("savepoints.sqlite3");
    nu__enclose(DB);
    RUN("INSERT INTO t VALUES (1)");
    RUN("SAVEPOINT mine");
    RUN("INSERT INTO t VALUES (2)");
    RUN("ROLLBACK TO SAVEPOINT mine");
    RUN("/* kept */ RELEASE SAVEPOINT mine");
    nu__enclosure_end(DB, true);
    CHECK_STR(fixture_list("v", "t"), "1");
}

HARNESS(all_is_committed_at_the_end_or_nothing, blocks_inside_do_not_see_it,
        hooks_run_where_their_block_ends, constraints_of_commit_are_checked_where_it_would_stand,
        one_without_statements_opens_nothing, sql_that_ends_the_transaction_is_refused,
        savepoints_by_hand_are_not)
