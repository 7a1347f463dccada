#include "test/case.h"

#include "loop/leak_check.h"

#include "core/context.h"
#include "core/error.h"
#include "core/fault.h"
#include "db/enclosure.h"
#include "db/migrations/unmigrated.h"
#include "loop/fiber.h"
#include "test/leaks.h"
#include "test/trace.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

nu__case_hooks nu__case_hooks_installed;

typedef struct case_ {
    nu_test_run run;
    nu__case_result *result;
    nu__fiber *driver;
    nu__belongings *before;
    pid_t process;
    bool done;
} case_;

/* ---- databases ------------------------------------------------------------------------------- */

static bool may_use(const nu_test_def *def, const char *alias)
{
    if (alias[0] == '_') /* the one by which databases are made */
        return false;
    if (!def->databases[0])
        return true;
    for (size_t i = 0; i < 4 && def->databases[i]; i++)
        if (!strcmp(def->databases[i], alias))
            return true;
    return false;
}

static void for_databases(const nu_test_def *def, void (*fn)(const char *alias))
{
    const char *alias;

    for (size_t i = 0; (alias = nu__database_alias(i)); i++)
        if (may_use(def, alias))
            fn(alias);
}

static void begin_transaction(const char *alias)
{
    nu__enclose(nu__connection_of(alias));
}

static void roll_back(const char *alias)
{
    nu__enclosure_end(nu__connection_of(alias), false);
}

/* The session must be the fiber's own before the first request, which ends what it begins. */
static void connect_only(const char *alias)
{
    nu__connection_of(alias);
}

/* ---- the body -------------------------------------------------------------------------------- */

static void body(void *arg)
{
    nu_test_run *run = arg;

    for_databases(run->def, run->def->transactions ? connect_only : begin_transaction);
    if (run->def->fixtures[0])
        nu_load_fixtures_(run->def->fixtures);
    run->def->run(run);
}

static void clean_up(void *arg)
{
    nu_test_run *run = arg;

    nu__live_stop(run);
    if (!run->def->transactions)
        for_databases(run->def, roll_back);
    else if (nu__case_hooks_installed.flush)
        for_databases(run->def, nu__case_hooks_installed.flush);
}

/* Who reads the lines of a program keeps its files open. */
static void tell_trace(case_ *c, const nu_error *error, size_t fewest)
{
    nu__belongings now;

    nu__belongings_count(&now);
    nu__test_trace(error, c->run.def, fewest, &c->run.report);
    nu__belongings_keep(c->before, &now);
}

static void tell_what_to_do(const nu_error *error, nu__buf *report)
{
    nu_str advice = nu__unmigrated_advice(error);

    if (advice.len)
        nu__buf_fmt(report, "\n  {}", advice);
}

static void note_error(case_ *c, const nu_error *error)
{
    nu_test_run *run = &c->run;

    if (error->klass == NU_ASSERTION_ERROR && run->outcome == NU__TEST_FAILED) {
        tell_trace(c, error, 2); /* one line is told already */
        return;
    }
    run->outcome = error->klass == NU_SKIP_TEST ? NU__TEST_SKIPPED : NU__TEST_ERROR;
    if (error->klass == NU_SKIP_TEST) {
        nu__buf_str_add(&run->report, error->message);
        return;
    }
    nu__error_describe(error, &run->report);
    tell_what_to_do(error, &run->report);
    tell_trace(c, error, 1);
}

static void in_fiber(void *arg)
{
    case_ *c = arg;
    const nu_error *error;
    double began = nu__time();

    nu__test_running = &c->run;
    nu__test_traces_on();
    error = nu__guard(body, &c->run);
    if (getpid() != c->process)
        _exit(1); /* what the test forked came back: connections and other tests are its parent's */
    if (error)
        note_error(c, error);
    error = nu__guard(clean_up, &c->run);
    nu__surroundings_restore(&c->run);
    if (error && c->run.outcome != NU__TEST_FAILED)
        note_error(c, error);
    nu__test_running = NULL;
    c->result->outcome = c->run.outcome;
    c->result->seconds = nu__time() - began;
    if (c->run.report.len)
        c->result->told = strndup(nu__buf_str(&c->run.report).ptr, c->run.report.len);
    c->done = true;
    nu__fiber_wake(c->driver);
}

/* ---- around it ------------------------------------------------------------------------------- */

static void add_told(nu__case_result *result, nu_str more)
{
    nu_str all = nu_fmt("{}{}", result->told ? result->told : "", more);

    free(result->told);
    result->told = strndup(all.ptr, all.len);
    if (result->outcome != NU__TEST_FAILED)
        result->outcome = NU__TEST_ERROR;
}

static void check_belongings(const nu__belongings *before, nu__case_result *result)
{
    nu__buf told = { 0 };

    nu__belongings_compare(before, &told);
    if (told.len)
        add_told(result, nu__buf_str(&told));
    result->leaked_memory = nu__memory_leaked();
    if (result->leaked_memory)
        add_told(result, S("the test leaked memory: the sanitizer's report on standard error says "
                           "where it was allocated\n"));
}

static void expect_failure(nu__case_result *result)
{
    if (result->outcome == NU__TEST_FAILED || result->outcome == NU__TEST_ERROR)
        result->outcome = NU__TEST_EXPECTED;
    else if (result->outcome == NU__TEST_PASSED) {
        add_told(result, S("it passes: take its .expected_failure away\n"));
        result->outcome = NU__TEST_UNEXPECTED;
    }
}

void nu__case_run(const nu_test_def *def, nu__case_result *result)
{
    nu__belongings before;
    case_ c = { .run = { .def = def },
                .result = result,
                .driver = nu__fiber_current(),
                .before = &before,
                .process = getpid() };

    *result = (nu__case_result){ 0 };
    nu__belongings_count(&before);
    if (!nu__fiber_spawn(def->name, in_fiber, &c)) {
        add_told(result, S("no memory for the test's fiber\n"));
        return;
    }
    nu__fiber_wait_done(&c.done);
    nu_sleep(0); /* the fiber's own end */
    if (def->expected_failure)
        expect_failure(result);
    check_belongings(&before, result);
}

void nu_load_fixtures_(const char *const *names)
{
    if (!nu__case_hooks_installed.load_fixtures)
        nu_raise(NU_RUNTIME_ERROR, "fixtures are loaded by `manage test` only");
    nu__case_hooks_installed.load_fixtures(names);
}
