#include "harness_loop.h"

static int call(void *run)
{
    nu__here->what = "test";
    ((void (*)(void))run)();
    return 0;
}

/* An error that escapes from the test is logged by its fiber. */
void harness_run_in_fiber(const char *name, void (*run)(void))
{
    if (nu__loop_main(call, (void *)run) != 0)
        harness_check(false, name, 0, "an error was raised out of the test");
}
