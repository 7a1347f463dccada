#include "db_fixture.h"

#include "core/text.h"
#include "db/transaction.h"
#include <nuages/loop.h>

#include <sqlite3.h>
#include <string.h>

/* What the database saw, and what the clean-ups did: "BEGIN +a -a COMMIT ". */
static char trace[1024];

static void note(const char *text)
{
    size_t len = strlen(trace);

    snprintf(trace + len, sizeof trace - len, "%s ", text);
}

static void note_statement(void *arg, const nu__connection *connection, nu_str sql,
                           nu_values params, double seconds)
{
    static const struct {
        const char *sql, *mark;
    } marks[] = { { "BEGIN", "B" },    { "COMMIT", "C" },    { "ROLLBACK TO", "r" },
                  { "ROLLBACK", "R" }, { "SAVEPOINT", "b" }, { "RELEASE", "c" } };

    (void)arg;
    (void)connection;
    (void)params;
    (void)seconds;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (nu_starts_with(sql, nu_s(marks[i].sql))) {
            note(marks[i].mark);
            return;
        }
}

static void note_deferred(void *text)
{
    note(text);
}

static void begin_trace(void)
{
    *trace = '\0';
}

#define TRACE(want, call, text)                                                                    \
    do {                                                                                           \
        begin_trace();                                                                             \
        CHECK_INT((call), (want));                                                                 \
        CHECK_STR((const char *)trace, (text));                                                    \
        CHECK(!nu_in_atomic());                                                                    \
    } while (0)

static void fixture(const char *name)
{
    fixture_database(name, "");
    RUN("CREATE TABLE t (v integer UNIQUE)");
    nu__db_listen((nu__query_listener){ note_statement, NULL });
}

static nu_str rows(void)
{
    return fixture_list("v", "t");
}

__attribute__((noinline)) static int boom(int raise, nu_error_class klass)
{
    if (raise)
        nu_raise_(klass, __FILE__, __LINE__, "boom", (nu_values){ 0 });
    return 42;
}

/* ---- every way out of a block ------------------------------------------------------------- */

static int by_return(int x)
{
    nu_atomic_scope();
    nu_defer(note_deferred, "d1");
    RUN("INSERT INTO t VALUES (1)");
    if (x)
        return 7;
    return 8;
}

static int by_return_from_block(int x)
{
    nu_atomic
    {
        RUN("INSERT INTO t VALUES (2)");
        if (x)
            return 7;
    }
    return 8;
}

static int by_continue_and_break(int n)
{
    int k = 0;

    for (int i = 0; i < n; i++) {
        nu_atomic_scope();
        RUN("INSERT INTO t VALUES (?)", 10 + i);
        if (i == 1)
            continue;
        if (i == 3)
            break;
        k++;
    }
    return k;
}

static int by_goto(int x)
{
    {
        nu_atomic_scope();
        RUN("INSERT INTO t VALUES (20)");
        if (x)
            goto out;
        note("not");
    }
out:
    return 3;
}

static int by_last_statement(void)
{
    nu_atomic_scope();
    return 5;
}

static int by_assignment(void)
{
    int v;
    {
        nu_atomic_scope();
        v = 9;
    }
    return v;
}

static int out_of_switch(int x)
{
    switch (x) {
    case 1: {
        nu_atomic_scope();
        note("in");
        break;
    }
    default:
        note("default");
    }
    return 0;
}

static void leaving_a_block_without_a_raise_commits(void)
{
    fixture("leave.db");
    TRACE(7, by_return(1), "B d1 C ");
    TRACE(7, by_return_from_block(1), "B C ");
    CHECK_STR(rows(), "1,2");
    TRACE(2, by_continue_and_break(9), "B C B C B C B C ");
    TRACE(3, by_goto(1), "B C ");
    TRACE(5, by_last_statement(), "B C ");
    TRACE(9, by_assignment(), "B C ");
    TRACE(0, out_of_switch(1), "B in C ");
    CHECK_STR(rows(), "1,2,10,11,12,13,20");
    RUN("DELETE FROM t");
    TRACE(8, by_return(0), "B d1 C ");
    TRACE(8, by_return_from_block(0), "B C ");
}

static int break_out_of_block(int n)
{
    int k = 0;

    for (int i = 0; i < n; i++) {
        nu_atomic
        {
            RUN("INSERT INTO t VALUES (?)", i);
            if (i == 1)
                break;
        }
        k++;
    }
    return k;
}

static void a_break_out_of_the_block_form_raises_and_rolls_back(void)
{
    fixture("break.db");
    begin_trace();
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "break inside nu_atomic", break_out_of_block(3));
    CHECK_STR((const char *)trace, "B C B R ");
    CHECK_STR(rows(), "0");
}

static int nested(void)
{
    nu_atomic_scope();
    nu_defer(note_deferred, "outer");
    RUN("INSERT INTO t VALUES (1)");
    {
        nu_atomic_scope();
        nu_defer(note_deferred, "inner");
        RUN("INSERT INTO t VALUES (2)");
        boom(1, NU_INTEGRITY_ERROR);
    }
    return 1;
}

static int value(int raise)
{
    int v = -1;
    const nu_error *e = nu_catch(NU_INTEGRITY_ERROR, v = boom(raise, NU_INTEGRITY_ERROR));

    return e ? -100 + v : v;
}

static int of_another_class(void)
{
    int seen = 0;
    const nu_error *e =
        nu_catch(NU_EXCEPTION, seen = nu_catch(NU_INTEGRITY_ERROR, boom(1, NU_TIMEOUT)) != NULL);

    return e ? (int)e->klass : seen;
}

static int in_a_loop(int n)
{
    int bad = 0, good = 0;
    long sum = 0;

    for (int i = 0; i < n; i++) {
        const nu_error *e;

        sum += i * 3;
        e = nu_catch(NU_TIMEOUT, boom(i & 1, NU_TIMEOUT));
        if (e) {
            bad++;
            continue;
        }
        good++;
        sum -= 1;
    }
    return bad * 10000 + good * 1000 + (int)sum;
}

static int in_an_expression(void)
{
    const nu_error *e = nu_catch(NU_TIMEOUT, ({
                                     nu_atomic_scope();
                                     nu_defer(note_deferred, "d");
                                     boom(1, NU_TIMEOUT);
                                 }));

    return e != NULL;
}

static int caught_inside_a_block(void)
{
    int n = 0;

    nu_atomic
    {
        n++;
        RUN("INSERT INTO t VALUES (5)");
        if (nu_catch(NU_INTEGRITY_ERROR, nested()))
            n += 10;
        n++;
    }
    return n;
}

static void a_raise_rolls_back_and_runs_the_defers_in_between(void)
{
    fixture("raise.db");
    TRACE(1, nu_catch(NU_INTEGRITY_ERROR, nested()) != NULL, "B b inner r c outer R ");
    CHECK_STR(rows(), "");
    TRACE(42, value(0), "");
    TRACE(-101, value(1), "");
    TRACE(NU_TIMEOUT, of_another_class(), "");
    TRACE(5 * 10000 + 5 * 1000 + 135 - 5, in_a_loop(10), "");
    TRACE(1, in_an_expression(), "B d R ");
    TRACE(12, caught_inside_a_block(), "B b b inner r c outer r c C ");
    CHECK_STR(rows(), "5");
}

static int savepoint(int raise)
{
    int v = 0;

    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (?)", raise);
    if (nu_catch_atomic(NU_INTEGRITY_ERROR, RUN("INSERT INTO t VALUES (?)", raise ? raise : 7)))
        return -1;
    v = boom(0, NU_INTEGRITY_ERROR);
    return v;
}

static void a_savepoint_keeps_the_transaction_around_it_usable(void)
{
    fixture("savepoint.db");
    TRACE(-1, savepoint(1), "B b r c C ");
    TRACE(42, savepoint(0), "B b c C ");
    CHECK_STR(rows(), "0,1,7");
}

/* ---- broken blocks ------------------------------------------------------------------------ */

static void inner_without_savepoint(void)
{
    nu_atomic_scope(.no_savepoint = true);
    RUN("INSERT INTO t VALUES (2)");
    boom(1, NU_VALUE_ERROR);
}

static const nu_error *query_in_a_broken_block(void)
{
    const nu_error *error;

    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (1)");
    CHECK(nu_catch(NU_VALUE_ERROR, inner_without_savepoint()));
    CHECK(nu_get_rollback());
    error = nu_catch(NU_DATABASE_ERROR, RUN("INSERT INTO t VALUES (3)"));
    return error;
}

static void a_block_without_savepoint_marks_the_one_around_for_rollback(void)
{
    const nu_error *error;

    fixture("broken.db");
    error = query_in_a_broken_block();
    CHECK(error && error->klass == NU_TRANSACTION_MANAGEMENT_ERROR);
    CHECK(error && nu_eq(error->message,
                         "An error occurred in the current transaction. You can't execute queries "
                         "until the end of the 'atomic' block."));
    CHECK_STR(rows(), "");
}

static void write_twice(int raise)
{
    nu__mark_for_rollback_on_error(DB);
    RUN("INSERT INTO t VALUES (2)");
    boom(raise, NU_VALUE_ERROR);
}

static int marked(int raise)
{
    int broken;

    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (1)");
    broken = nu_catch(NU_VALUE_ERROR, write_twice(raise)) != NULL;
    CHECK(nu_get_rollback() == !!raise);
    return broken;
}

static void what_writes_in_several_steps_marks_its_block_on_error(void)
{
    fixture("mark.db");
    CHECK_INT(marked(1), 1);
    CHECK_STR(rows(), "");
    CHECK_INT(marked(0), 0);
    CHECK_STR(rows(), "1,2");
    RUN("DELETE FROM t");
    CHECK(nu_catch(NU_VALUE_ERROR, write_twice(1)));
    CHECK_STR(rows(), "2");
}

static void set_rollback_in_a_block(bool rollback)
{
    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (1)");
    nu_set_rollback(true);
    nu_set_rollback(rollback);
}

static void set_rollback_rolls_back_without_a_raise(void)
{
    fixture("set_rollback.db");
    set_rollback_in_a_block(true);
    CHECK_STR(rows(), "");
    set_rollback_in_a_block(false);
    CHECK_STR(rows(), "1");
    CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR,
                 "The rollback flag doesn't work outside of an 'atomic' block.",
                 nu_set_rollback(true));
}

static void durable_block(void)
{
    nu_atomic_scope(.durable = true);
    RUN("INSERT INTO t VALUES (1)");
}

static void durable_in_a_block(void)
{
    nu_atomic_scope();
    durable_block();
}

static void isolated_in_a_block(void)
{
    nu_atomic_scope();
    {
        nu_atomic_scope(.isolation = NU_SERIALIZABLE);
    }
}

static void isolated(void)
{
    nu_atomic_scope(.isolation = NU_SERIALIZABLE);
    RUN("INSERT INTO t VALUES (2)");
}

static void durable_blocks_and_isolation_levels_are_for_the_outermost(void)
{
    fixture("durable.db");
    durable_block();
    CHECK_RAISES(NU_RUNTIME_ERROR,
                 "A durable atomic block cannot be nested within another atomic block.",
                 durable_in_a_block());
    CHECK_RAISES(NU_PROGRAMMING_ERROR, "isolation level", isolated_in_a_block());
    isolated();
    CHECK_STR(rows(), "1,2");
}

static int overflow_the_database(void)
{
    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (1)");
    (void)!nu_catch(NU_OPERATIONAL_ERROR, RUN("INSERT INTO t VALUES (REPEAT('x', 100000))"));
    return nu_catch(NU_TRANSACTION_MANAGEMENT_ERROR, RUN("INSERT INTO t VALUES (2)")) != NULL;
}

static void a_transaction_that_the_database_gave_up_takes_no_more_statements(void)
{
    const nu_error *error;

    ONLY_SQLITE("a file that is full; tests/live has deadlocks, which end transactions of servers");
    fixture_database("full.db", "init_command=PRAGMA max_page_count = 8");
    RUN("CREATE TABLE t (v UNIQUE)");
    error = nu_catch(NU_EXCEPTION, overflow_the_database());
    CHECK(!error);
    CHECK(!nu_in_atomic());
    CHECK_STR(CELL("SELECT count(*) FROM t WHERE v = 2"), "0");
}

static void refer_to_nothing(void)
{
    nu_atomic_scope();
    nu_on_commit(note_deferred, "never");
    RUN("INSERT INTO r VALUES (1)");
    note("end");
}

static void a_commit_that_fails_rolls_back_and_raises(void)
{
    const char *failure = "violates foreign key constraint";

    fixture("commit.db");
    failure = fixture_word("FOREIGN KEY constraint failed", failure, "");
    if (!*failure) {
        printf("left out: %s: MariaDB checks nothing as late as COMMIT\n", __func__);
        return;
    }
    RUN("CREATE TABLE r (t integer REFERENCES t (v) DEFERRABLE INITIALLY DEFERRED)");
    begin_trace();
    CHECK_RAISES(NU_INTEGRITY_ERROR, failure, refer_to_nothing());
    CHECK_STR((const char *)trace, fixture_word("B end R ", "B end ", ""));
    CHECK(!nu_in_atomic());
    CHECK_STR(CELL("SELECT count(*) FROM r"), "0");
}

/* ---- on commit ---------------------------------------------------------------------------- */

static void commit_hooks(int raise)
{
    nu_atomic_scope();
    nu_on_commit(note_deferred, "first");
    if (nu_catch_atomic(NU_VALUE_ERROR, ({
                            nu_on_commit(note_deferred, "inner");
                            boom(raise, NU_VALUE_ERROR);
                        })))
        note("caught");
    nu_on_commit(note_deferred, "last");
    note("end");
}

static void on_commit_runs_after_the_outermost_commit_in_order(void)
{
    fixture("hooks.db");
    begin_trace();
    commit_hooks(0);
    CHECK_STR((const char *)trace, "B b c end C first inner last ");
    begin_trace();
    nu_on_commit(note_deferred, "at once");
    CHECK_STR((const char *)trace, "at once ");
}

static void on_commit_is_forgotten_on_rollback(void)
{
    fixture("forgotten.db");
    begin_trace();
    commit_hooks(1);
    CHECK_STR((const char *)trace, "B b r c caught end C first last ");
    begin_trace();
    CHECK(nu_catch(NU_VALUE_ERROR, ({
                       nu_atomic_scope();
                       nu_on_commit(note_deferred, "never");
                       boom(1, NU_VALUE_ERROR);
                   })));
    CHECK_STR((const char *)trace, "B R ");
    begin_trace();
    by_last_statement();
    CHECK_STR((const char *)trace, "B C ");
}

static void raise_in_hook(void *arg)
{
    (void)arg;
    nu_raise(NU_VALUE_ERROR, "hook");
}

static void hooks_that_raise(bool robust)
{
    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (?)", robust ? 1 : 0);
    nu_on_commit(raise_in_hook, NULL, .robust = robust);
    nu_on_commit(note_deferred, "later");
}

static void a_hook_that_raises_stops_the_later_ones_unless_robust(void)
{
    fixture("robust.db");
    begin_trace();
    hooks_that_raise(true);
    CHECK_STR((const char *)trace, "B C later ");
    begin_trace();
    CHECK_RAISES(NU_VALUE_ERROR, "hook", hooks_that_raise(false));
    CHECK_STR((const char *)trace, "B C ");
    CHECK_STR(rows(), "0,1");
}

static void write_in_hook(void *arg)
{
    (void)arg;
    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (9)");
    nu_on_commit(note_deferred, "nested hook");
}

static void hook_with_transaction(void)
{
    nu_atomic_scope();
    nu_on_commit(write_in_hook, NULL);
}

static void a_hook_may_open_a_transaction_of_its_own(void)
{
    fixture("hook_txn.db");
    begin_trace();
    hook_with_transaction();
    CHECK_STR((const char *)trace, "B C B C nested hook ");
    CHECK_STR(rows(), "9");
}

/* ---- again from the start ----------------------------------------------------------------- */

static sqlite3 *other;
static int attempts;

/* The first time someone writes between our read and our write. */
static void *read_then_write(void *arg)
{
    nu_str before = CELL("SELECT count(*) FROM t");

    if (attempts++ < *(int *)arg)
        CHECK_INT(sqlite3_exec(other, "INSERT INTO t (v) SELECT coalesce(max(v), 100) + 1 FROM t",
                               NULL, NULL, NULL),
                  SQLITE_OK);
    RUN("INSERT INTO t VALUES (?)", attempts);
    return (void *)before.ptr;
}

static void run_atomic_begins_again_after_a_conflict(void)
{
    int conflicts = 2;

    ONLY_SQLITE("tests/live makes conflicts on servers");
    fixture("again.db");
    CHECK_INT(sqlite3_open(fixture_path("again.db"), &other), SQLITE_OK);
    attempts = 0;
    CHECK_STR((const char *)nu_run_atomic(read_then_write, &conflicts, .retries = 3), "2");
    CHECK_INT(attempts, 3);
    CHECK_STR(rows(), "3,101,102");
    attempts = 0;
    CHECK_RAISES(NU_SERIALIZATION_FAILURE, "database is locked",
                 nu_run_atomic(read_then_write, &conflicts, .retries = 1));
    CHECK_INT(attempts, 2);
    sqlite3_close(other);
}

static void *count_attempts(void *arg)
{
    attempts++;
    boom(1, *(nu_error_class *)arg);
    return NULL;
}

static void run_atomic_does_not_repeat_other_errors(void)
{
    nu_error_class klass = NU_INTEGRITY_ERROR;

    fixture("once.db");
    attempts = 0;
    CHECK_RAISES(NU_INTEGRITY_ERROR, "boom", nu_run_atomic(count_attempts, &klass, .retries = 5));
    CHECK_INT(attempts, 1);
    klass = NU_DEADLOCK_DETECTED;
    attempts = 0;
    CHECK_RAISES(NU_DEADLOCK_DETECTED, "boom", nu_run_atomic(count_attempts, &klass, .retries = 2));
    CHECK_INT(attempts, 3);
}

/* ---- the end of a fiber ------------------------------------------------------------------- */

static nu__fiber *sleeper;

static void sleep_in_a_block(void *arg)
{
    (void)arg;
    sleeper = nu__fiber_current();
    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (1)");
    nu_sleep(10);
}

static void raise_in_a_block(void *arg)
{
    (void)arg;
    nu_atomic_scope();
    RUN("INSERT INTO t VALUES (2)");
    boom(1, NU_CANCELLED);
}

static void however_a_fiber_ends_its_transaction_is_rolled_back(void)
{
    fixture("fiber.db");
    nu__fiber_enter("sleeper", sleep_in_a_block, NULL);
    while (!strchr(trace, 'B'))
        nu_sleep(0.001);
    nu_sleep(0.01);
    nu__fiber_cancel(sleeper);
    nu__fiber_enter("raiser", raise_in_a_block, NULL);
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK_STR(rows(), "");
    CHECK_INT(RUN("INSERT INTO t VALUES (3)"), 1);
}

static void blocks_of_two_databases_are_apart(void)
{
    fixture("one.db");
    fixture_also("ledger", "two.db");
    nu__db_execute(nu__connection_of("ledger"), S("CREATE TABLE IF NOT EXISTS t (v integer)"),
                   (nu_values){ 0 }, NULL);
    nu_atomic_with (.using = "ledger", .durable = true) {
        CHECK(!nu_in_atomic());
        CHECK(nu__in_atomic_block(nu__connection_of("ledger")));
        RUN("INSERT INTO t VALUES (1)");
    }
    CHECK_STR(rows(), "1");
}

/* ---- savepoints by hand ------------------------------------------------------------------- */

static char seen[1024];

static void note_sql(void *arg, const nu__connection *connection, nu_str sql, nu_values params,
                     double seconds)
{
    size_t len = strlen(seen);

    (void)arg, (void)connection, (void)params, (void)seconds;
    snprintf(seen + len, sizeof seen - len, "%.*s;", (int)sql.len, sql.ptr);
}

static void a_savepoint_by_hand_undoes_what_came_after_it(void)
{
    fixture("byhand.db");
    {
        nu_str sid;

        nu_atomic_scope();
        RUN("INSERT INTO t VALUES (1)");
        sid = nu_savepoint();
        CHECK(sid.len > 0);
        RUN("INSERT INTO t VALUES (2)");
        nu_savepoint_rollback(sid);
        nu_savepoint_commit(nu_savepoint());
        RUN("INSERT INTO t VALUES (3)");
    }
    CHECK_STR(rows(), "1,3");
}

static void savepoints_are_named_as_django_names_them(void)
{
    nu_str second, stem;

    fixture("names.db");
    nu__db_listen((nu__query_listener){ note_sql, NULL });
    *seen = '\0';
    {
        nu_atomic_scope();
        nu_atomic second = nu_savepoint();
        stem = (nu_str){ second.ptr, second.len - 1 };
        nu_clean_savepoints();
        CHECK_STR(nu_savepoint(), nu_fmt("{}1", stem));
    }
    CHECK(nu_starts_with(second, S("s")) && nu_ends_with(second, S("_x2")));
    CHECK_STR(nu__replace(nu_s(seen), S("`"), S("\"")),
              nu_fmt("BEGIN;SAVEPOINT \"{}1\";SAVEPOINT \"{}2\";RELEASE SAVEPOINT \"{}1\";"
                     "SAVEPOINT \"{}1\";COMMIT;",
                     stem, stem, stem, stem));
    nu__db_listen((nu__query_listener){ 0 });
}

static void there_is_no_savepoint_outside_of_a_transaction(void)
{
    fixture("nosavepoint.db");
    CHECK(nu_savepoint().ptr == NULL);
    nu_savepoint_rollback(S("s1_x1"));
    nu_savepoint_commit((nu_str){ 0 });
}

static void a_broken_block_takes_savepoints_once_the_flag_is_off(void)
{
    fixture("brokensp.db");
    {
        nu_str sid;

        nu_atomic_scope();
        sid = nu_savepoint();
        RUN("INSERT INTO t VALUES (1)");
        nu_set_rollback(true);
        CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR, "An error occurred", nu_savepoint());
        CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR, "An error occurred",
                     nu_savepoint_rollback(sid));
        nu_set_rollback(false);
        nu_savepoint_rollback(sid);
        RUN("INSERT INTO t VALUES (2)");
    }
    CHECK_STR(rows(), "2");
}

static void a_name_that_is_no_savepoint_never_reaches_the_database(void)
{
    fixture("hostile.db");
    nu_atomic_scope();
    CHECK_RAISES(NU_VALUE_ERROR, "is no savepoint",
                 nu_savepoint_rollback(S("x\"; DROP TABLE t; --")));
    CHECK_RAISES(NU_DATABASE_ERROR,
                 fixture_word("no such savepoint", "savepoint \"s1_x99\" does not exist",
                              "(1305, 'SAVEPOINT s1_x99 does not exist')"),
                 nu_savepoint_commit(S("s1_x99")));
    nu_set_rollback(true);
}

/* ---- transactions by hand ------------------------------------------------------------------ */

static void with_autocommit_off_rows_wait_for_commit(void)
{
    fixture("manual.db");
    CHECK(nu_get_autocommit());
    nu_set_autocommit(false);
    CHECK(!nu_get_autocommit() && !nu_in_atomic());
    RUN("INSERT INTO t VALUES (1)");
    nu_commit();
    RUN("INSERT INTO t VALUES (2)");
    nu_rollback();
    RUN("INSERT INTO t VALUES (3)");
    nu_set_autocommit(true); /* commits */
    CHECK(nu_get_autocommit());
    nu_rollback(); /* nothing is open */
    CHECK_STR(rows(), "1,3");
}

static void by_hand_sqlite_has_no_savepoints_of_its_own(void)
{
    ONLY_SQLITE("servers have them there, in Django too");
    fixture("manualsavepoint.db");
    CHECK(!nu_savepoint().ptr);
    nu_set_autocommit(false);
    RUN("INSERT INTO t VALUES (1)");
    CHECK(!nu_savepoint().ptr);
    nu_savepoint_rollback(S("s1_x1")); /* nothing, as in Django */
    nu_atomic CHECK(nu_savepoint().ptr != NULL);
    nu_set_autocommit(true);
    CHECK_STR(rows(), "1");
}

static void blocks_inside_of_a_transaction_by_hand_are_savepoints(void)
{
    fixture("manualblocks.db");
    nu_set_autocommit(false);
    RUN("INSERT INTO t VALUES (1)");
    begin_trace();
    nu_atomic RUN("INSERT INTO t VALUES (2)");
    CHECK_STR((const char *)trace, "b c ");
    CHECK(nu_catch_atomic(NU_INTEGRITY_ERROR, RUN("INSERT INTO t VALUES (2)")) != NULL);
    CHECK(!nu_in_atomic());
    nu_atomic
    {
        CHECK(nu_in_atomic());
        CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR, "forbidden when an 'atomic'", nu_commit());
        CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR, "forbidden when an 'atomic'", nu_rollback());
        CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR, "forbidden when an 'atomic'",
                     nu_set_autocommit(true));
    }
    CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR, "manual transaction management",
                 nu_on_commit(note_deferred, "never"));
    CHECK_STR(rows(), "1,2");
    nu_rollback();
    nu_set_autocommit(true);
    CHECK_STR(rows(), "");
}

static void leave_a_transaction_by_hand_open(void *arg)
{
    (void)arg;
    nu_set_autocommit(false);
    RUN("INSERT INTO t VALUES (1)");
}

static void a_transaction_by_hand_ends_with_its_fiber(void)
{
    fixture("manualend.db");
    nu__fiber_enter("careless", leave_a_transaction_by_hand_open, NULL);
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK(nu_get_autocommit());
    CHECK_STR(rows(), "");
}

HARNESS_IN_FIBER(
    a_commit_that_fails_rolls_back_and_raises, leaving_a_block_without_a_raise_commits,
    a_break_out_of_the_block_form_raises_and_rolls_back,
    a_raise_rolls_back_and_runs_the_defers_in_between,
    a_savepoint_keeps_the_transaction_around_it_usable,
    a_block_without_savepoint_marks_the_one_around_for_rollback,
    what_writes_in_several_steps_marks_its_block_on_error, set_rollback_rolls_back_without_a_raise,
    durable_blocks_and_isolation_levels_are_for_the_outermost,
    a_transaction_that_the_database_gave_up_takes_no_more_statements,
    on_commit_runs_after_the_outermost_commit_in_order, on_commit_is_forgotten_on_rollback,
    a_hook_that_raises_stops_the_later_ones_unless_robust, a_hook_may_open_a_transaction_of_its_own,
    run_atomic_begins_again_after_a_conflict, run_atomic_does_not_repeat_other_errors,
    however_a_fiber_ends_its_transaction_is_rolled_back, blocks_of_two_databases_are_apart,
    a_savepoint_by_hand_undoes_what_came_after_it, savepoints_are_named_as_django_names_them,
    there_is_no_savepoint_outside_of_a_transaction,
    a_broken_block_takes_savepoints_once_the_flag_is_off,
    a_name_that_is_no_savepoint_never_reaches_the_database,
    with_autocommit_off_rows_wait_for_commit, by_hand_sqlite_has_no_savepoints_of_its_own,
    blocks_inside_of_a_transaction_by_hand_are_savepoints,
    a_transaction_by_hand_ends_with_its_fiber)
