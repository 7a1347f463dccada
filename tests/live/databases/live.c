#include "live.h"

#include <nuages/loop.h>
#include <stdlib.h>
#include <unistd.h>

void live_ask(const char *what)
{
    char answer[8];

    dprintf((int)live_number("LIVE_ASK", -1), "%s\n", what);
    if (read((int)live_number("LIVE_ANSWER", -1), answer, sizeof answer) <= 0)
        nu_raise(NU_RUNTIME_ERROR, "nobody controls the server");
    /* The loop stood still meanwhile: let it see what has come. */
    nu_sleep(0.001);
    nu_sleep(0.01);
}

void live_progress(nu_str how_far)
{
    const char *to = getenv("LIVE_PROGRESS");

    if (to && *to)
        dprintf(atoi(to), "%.*s\n", (int)how_far.len, how_far.ptr);
}

void live_join(void)
{
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
}

void live_meet(int *arrived, int n)
{
    ++*arrived;
    while (*arrived < n)
        nu_sleep(0.001);
}

double live_number(const char *name, double missing)
{
    const char *given = getenv(name);

    return given ? atof(given) : missing;
}

nu_str live_text(nu__connection *connection, nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(connection, sql, params);
    nu_str text = S("");

    if (nu__rows_next(rows))
        text = rows->cells[0].kind == NU__CELL_NULL ? S("NULL")
                                                    : nu_string(nu__cell_value(&rows->cells[0]));
    nu__rows_close(rows);
    return text;
}

int64_t live_run(nu__connection *connection, nu_str sql, nu_values params)
{
    return nu__db_execute(connection, sql, params, NULL);
}

/* ---- running ------------------------------------------------------------------------------ */

static void (*test)(void);

static void run_test(void *unused)
{
    (void)unused;
    test();
}

static void run_and_close(void)
{
    const nu_error *error = nu__guard(run_test, NULL);

    nu__databases_close();
    if (error)
        nu_reraise(error);
}

static void around(const char *name, void (*run)(void))
{
    test = run;
    harness_run_in_fiber(name, run_and_close);
}

int live_main(int argc, char **argv, const harness_test *tests)
{
    harness_around = around;
    return harness_main(argc, argv, tests);
}
