/* Each allocation of a sample of work is made to fail in turn: the work raises MemoryError, nothing
   stays locked or open (the sanitizer watches), and the next query works. */
#include "db_fixture.h"

#include "core/context.h"
#include "core/fault.h"
#include <nuages/transaction.h>

#include <string.h>

static void hook(void *unused)
{
    (void)unused;
}

static void work(void *unused)
{
    nu__rows *rows;

    (void)unused;
    nu_atomic_scope();
    nu_on_commit(hook, NULL);
    RUN("INSERT INTO t VALUES (?, ?)", 1, "text");
    rows = nu__db_query(DB,
                        nu_s(fixture_word("SELECT v, w FROM t WHERE w = ? OR w = ?",
                                          "SELECT v, w FROM t WHERE w = $1 OR w = $2",
                                          "SELECT v, w FROM t WHERE w = ? OR w = ?")),
                        NU_ARGS("text", "more"));
    while (nu__rows_next(rows))
        nu__cell_value(&rows->cells[1]);
    nu__rows_close(rows);
    rows = nu__db_query_plain(DB, S("SELECT v, w FROM t"), NU_ARGS());
    CHECK(nu__rows_next(rows));
    nu__rows_close(rows);
    (void)!nu_catch_atomic(NU_INTEGRITY_ERROR, RUN("INSERT INTO t VALUES (?, ?)", 1, "again"));
}

/* With the nth allocation failing: whether there was one. */
static bool survives(int64_t n)
{
    nu__context inner, *outer = nu__here;
    const nu_error *error;
    bool failed;

    nu__databases_close();
    nu__context_init(&inner, "work");
    nu__here = &inner;
    nu__fault_countdown = n;
    error = nu__guard(work, NULL);
    failed = nu__fault_countdown <= 0;
    nu__fault_countdown = 0;
    if (!CHECK(!error || error->klass == NU_MEMORY_ERROR))
        printf("      allocation %lld: %s\n", (long long)n, error->message.ptr);
    CHECK(failed || !error);
    nu__context_release(&inner);
    nu__here = outer;
    return failed;
}

static void a_failed_allocation_raises_and_leaves_the_database_usable(void)
{
    int64_t n = 1;

    fixture_database("fault.db", "max_connections=1&timeout=0.1");
    RUN("CREATE TABLE t (v integer UNIQUE, w text)");
    for (; survives(n) && n < 1000; n++) {
        nu_scratch_scope();

        RUN("DELETE FROM t");
        CHECK_STR(CELL("SELECT count(*) FROM t"), "0");
    }
    CHECK(n > 5 && n < 1000);
    CHECK_STR(fixture_list("w", "t"), "text");
}

HARNESS(a_failed_allocation_raises_and_leaves_the_database_usable)
