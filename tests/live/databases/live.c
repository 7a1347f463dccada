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
