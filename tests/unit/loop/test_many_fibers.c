#include "harness.h"

#include "loop/valgrind.h"
#include "loop/wait.h"

#include <stdlib.h>
#include <string.h>

/* valgrind looks through all stacks at each switch. */
enum { MANY = 100000, FEW = 1000 };

static nu__wait_queue parked;
static int n_parked, n_done;

static void park(void *arg)
{
    (void)arg;
    n_parked++;
    nu__wait(&parked);
    n_done++;
}

/* Kilobytes of a line of /proc/self/status. */
static long status_kb(const char *name)
{
    char line[256];
    FILE *file = fopen("/proc/self/status", "re");
    long kb = 0;

    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, name, strlen(name)) == 0)
            kb = strtol(line + strlen(name), NULL, 10);
    if (file)
        fclose(file);
    return kb;
}

static int park_many(void *arg)
{
    int want = *(int *)arg;
    long before = status_kb("VmRSS:") + status_kb("VmPTE:"), used;

    for (int i = 0; i < want; i++)
        if (!nu__fiber_enter("parked", park, NULL))
            break;
    used = status_kb("VmRSS:") + status_kb("VmPTE:") - before;
    printf("%d parked fibers, %.1f KiB each, page tables included\n", n_parked,
           (double)used / n_parked);
    CHECK_INT(n_parked, want);
    CHECK_INT(nu__wait_wake_all(&parked), want);
    while (nu__fiber_count() > 1)
        nu_sleep(0);
    CHECK_INT(n_done, want);
    return 0;
}

static void a_hundred_thousand_fibers_wait_in_one_process(void)
{
    int want = RUNNING_ON_VALGRIND ? FEW : MANY;

    CHECK_INT(nu__loop_main(park_many, &want), 0);
}

/* More than mappings can be had for: the rest have canaries, and the log says so. */
static void past_the_budget_of_guard_pages_fibers_go_on(void)
{
    int want = 40000;

    if (RUNNING_ON_VALGRIND)
        return;
    n_parked = n_done = 0;
    nu__fiber_configure(&(nu__fiber_options){ .guard = NU__GUARD_PAGES });
    CHECK_INT(nu__loop_main(park_many, &want), 0);
    nu__fiber_configure(&(nu__fiber_options){ 0 });
}

/* Resident memory after a crowd has gone and a while has passed. */
static int crowd(void *arg)
{
    long *kb = arg;

    n_parked = n_done = 0;
    for (int i = 0; i < 20000; i++)
        nu__fiber_enter("parked", park, NULL);
    kb[0] = status_kb("VmRSS:");
    nu__wait_wake_all(&parked);
    kb[1] = kb[0];
    for (int i = 0; i < 40 && kb[0] - kb[1] <= 20000 * 3; i++) { /* a busy machine takes longer */
        nu_sleep(0.5);
        kb[1] = status_kb("VmRSS:");
    }
    return 0;
}

static void the_memory_of_a_crowd_goes_back_to_the_system(void)
{
    long kb[2] = { 0 };

    if (RUNNING_ON_VALGRIND)
        return;
    CHECK_INT(nu__loop_main(crowd, kb), 0);
    CHECK(kb[0] - kb[1] > 20000 * 3);
}

HARNESS(a_hundred_thousand_fibers_wait_in_one_process, past_the_budget_of_guard_pages_fibers_go_on,
        the_memory_of_a_crowd_goes_back_to_the_system)
