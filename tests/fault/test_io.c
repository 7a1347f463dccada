/* Each read, write, sync, allocation and statement of a request is made to fail in turn: the error
   is of the right class, nothing is half-written, and the next request works. */
#include "faults.h"

#include <nuages/queries.h>

enum { MOST = 4000 };

static const struct fault {
    fault_kind kind;
    const char *name;
    nu_error_class klass;
    int least; /* so many there are in any case: the loop did not pass for want of faults */
} faults[] = {
    { FAULT_READ, "read", NU_OPERATIONAL_ERROR, 2 },
    { FAULT_WRITE, "write", NU_OPERATIONAL_ERROR, 4 },
    { FAULT_FULL, "write on a full disk", NU_OPERATIONAL_ERROR, 4 },
    { FAULT_SYNC, "sync", NU_OPERATIONAL_ERROR, 1 },
    { FAULT_OPEN, "open", NU_OPERATIONAL_ERROR, 1 },
    { FAULT_MEMORY, "allocation", NU_MEMORY_ERROR, 100 },
    { FAULT_STATEMENT, "statement", NU_OPERATIONAL_ERROR, 8 },
};

/* The nth fails: whether there was one. The connection is a new one each time. */
static bool survives(const struct fault *fault, int64_t n, bool on)
{
    nu_scratch_scope();
    int64_t before = fault_check_whole(), after;
    const nu_error *error;
    bool met;

    nu__databases_close();
    fault_commits = 0;
    fault_arm(fault->kind, n, on);
    error = fault_run(fault_request, NULL);
    met = fault_disarm();
    after = fault_check_whole();
    /* What failed may be the rollback of the savepoint inside: then the block says it is broken. */
    if (error && !nu_error_is_a(error->klass, fault->klass) &&
        error->klass != NU_TRANSACTION_MANAGEMENT_ERROR) {
        printf("%s %d: %s\n", fault->name, (int)n, nu_fmt("{}", error->message).ptr);
        CHECK(!"the class of the error is the right one");
    }
    CHECK(error || fault_commits == 1);
    CHECK(error || after == before + 1);
    CHECK(!error || after == before || after == before + 1);
    CHECK(!fault_run(fault_request, NULL));
    CHECK_INT(fault_check_whole(), after + 1);
    return met;
}

static void each_of(const struct fault *fault, const char *options, bool on)
{
    int64_t n = 1;

    fault_install();
    fault_school("fault.db", options);
    while (n < MOST && survives(fault, n, on))
        n++;
    if (n <= fault->least || n == MOST)
        printf("%s: %d\n", fault->name, (int)n);
    CHECK(n > fault->least && n < MOST);
}

static void any_one_failure_leaves_all_or_nothing(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        each_of(&faults[i], "timeout=0.2", false);
}

static void any_one_failure_leaves_all_or_nothing_with_a_rollback_journal(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        each_of(&faults[i], "timeout=0.2&journal_mode=delete", false);
}

static void failures_that_stay_leave_all_or_nothing(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].kind != FAULT_MEMORY)
            each_of(&faults[i], "timeout=0.2", true);
}

HARNESS(any_one_failure_leaves_all_or_nothing,
        any_one_failure_leaves_all_or_nothing_with_a_rollback_journal,
        failures_that_stay_leave_all_or_nothing)
