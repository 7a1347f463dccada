/* The cost of fibers: a switch against swapcontext's in the same run, a whole fiber (enter, run,
   end), and a switch among ten thousand. Nanoseconds; the best of several rounds. */
#include "loop/fiber.h"

#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

enum { ROUNDS = 7, SWITCHES = 1000000, CROWD = 10000 };

static double best(double (*measure)(void))
{
    double least = 1e9;

    for (int i = 0; i < ROUNDS; i++) {
        double ns = measure();

        least = ns < least ? ns : least;
    }
    return least;
}

/* ---- swapcontext ----------------------------------------------------------------------------- */

static ucontext_t main_context, other_context;

static void swap_back(void)
{
    for (;;)
        swapcontext(&other_context, &main_context);
}

static double measure_swapcontext(void)
{
    static char stack[64 << 10];
    double before;

    getcontext(&other_context);
    other_context.uc_stack.ss_sp = stack;
    other_context.uc_stack.ss_size = sizeof(stack);
    makecontext(&other_context, swap_back, 0);
    before = nu__time();
    for (int i = 0; i < SWITCHES / 10; i++)
        swapcontext(&main_context, &other_context);
    return (nu__time() - before) / (SWITCHES / 10 * 2) * 1e9;
}

/* ---- fibers ---------------------------------------------------------------------------------- */

static bool stop;
static uint64_t turns;

static void yield_for_ever(void *arg)
{
    (void)arg;
    while (!stop) {
        turns++;
        nu__fiber_yield();
    }
}

/* Fibers that yield in turn: each yield is two switches, out to the loop and in to the next. */
static double measure_yields(int fibers, uint64_t yields)
{
    double before;

    stop = false;
    turns = 0;
    for (int i = 0; i < fibers; i++)
        nu__fiber_spawn("bench", yield_for_ever, NULL);
    nu__fiber_yield();
    nu__fiber_yield();
    turns = 0;
    before = nu__time();
    while (turns < yields)
        nu__fiber_yield();
    before = (nu__time() - before) / ((double)turns * 2) * 1e9;
    stop = true;
    while (nu__fiber_count() > 1)
        nu__fiber_yield();
    return before;
}

static double measure_few(void)
{
    return measure_yields(100, SWITCHES);
}

static double measure_crowd(void)
{
    return measure_yields(CROWD, SWITCHES);
}

static void nothing(void *arg)
{
    ++*(uint64_t *)arg;
}

static double measure_enter(void)
{
    uint64_t n = 0;
    double before = nu__time();

    while (n < SWITCHES)
        nu__fiber_enter("bench", nothing, &n);
    return (nu__time() - before) / SWITCHES * 1e9;
}

static int run(void *arg)
{
    double plain = best(measure_swapcontext), ours = best(measure_few);

    (void)arg;
    printf("fibers\n");
    printf("    switch, swapcontext          %8.1f ns\n", plain);
    printf("    switch, nuages               %8.1f ns   nuages / swapcontext = %.4f   "
           "(under 15 ns: %s)\n",
           ours, ours / plain, ours < 15 ? "yes" : "NO");
    printf("    switch among %d fibers    %8.1f ns\n", CROWD, best(measure_crowd));
    printf("    a fiber: enter, run, end     %8.1f ns\n", best(measure_enter));
    return 0;
}

int main(void)
{
    return nu__loop_main(run, NULL);
}
