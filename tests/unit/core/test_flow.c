/* The ways out of blocks with clean-ups, and locals around catches. Built at -O0 and at -O2: what a
   compiler keeps in registers is what a careless mark loses. */
#include "harness.h"

#include "core/context.h"

#include <stdarg.h>

static char trace[1024];

static void tell(const char *format, ...)
{
    size_t len = strlen(trace);
    va_list args;

    va_start(args, format);
    vsnprintf(trace + len, sizeof(trace) - len, format, args);
    va_end(args);
}

static void note(void *text)
{
    tell("%s ", (const char *)text);
}

static int scopes;

/* What a transaction does: it ends by the block's end, or a raise rolls it back. */
typedef struct scope {
    int number;
    size_t slot;
} scope;

static void rolled_back(void *number)
{
    tell("R%d ", (int)(intptr_t)number);
}

static scope scope_begin(void)
{
    tell("B%d ", ++scopes);
    return (scope){ scopes, nu__cleanup_push(rolled_back, (void *)(intptr_t)scopes) };
}

static void scope_end(scope *s)
{
    if (nu__cleanup_pop(s->slot))
        tell("C%d ", s->number);
}

#define SCOPE()                                                                                    \
    NU_UNUSED NU_CLEANUP(scope_end)                                                                \
    scope NU_CAT(scope_, __COUNTER__) = scope_begin()

static __attribute__((noinline)) int boom(int x, nu_error_class klass)
{
    if (x)
        nu_raise(klass, "boom");
    return 42;
}

static int leave_by_return(int x)
{
    SCOPE();
    nu_defer(note, "d");
    if (x)
        return 7;
    return 8;
}

static int leave_by_loop(int n)
{
    int k = 0;

    for (int i = 0; i < n; i++) {
        SCOPE();
        if (i == 1)
            continue;
        if (i == 3)
            break;
        k++;
    }
    return k;
}

static int leave_by_goto(int x)
{
    {
        SCOPE();
        if (x)
            goto out;
        tell("not ");
    }
out:
    return 3;
}

static int last_statement(void)
{
    SCOPE();
    return 5;
}

static int assigned_inside(void)
{
    int v;

    {
        SCOPE();
        v = 9;
    }
    return v;
}

static int leave_by_switch(int x)
{
    switch (x) {
    case 1: {
        SCOPE();
        tell("in ");
        break;
    }
    default:
        tell("default ");
    }
    return 0;
}

static int nested(void)
{
    SCOPE();
    nu_defer(note, "o");
    {
        SCOPE();
        nu_defer(note, "i");
        boom(1, NU_INTEGRITY_ERROR);
    }
    return 1;
}

static int value_or_old(int x)
{
    int v = -1;
    const nu_error *e = nu_catch(NU_INTEGRITY_ERROR, v = boom(x, NU_INTEGRITY_ERROR));

    return e ? -100 + v : v;
}

static int class_of_other(void)
{
    int seen = 0;
    const nu_error *e =
        nu_catch(NU_EXCEPTION, seen = nu_catch(NU_INTEGRITY_ERROR, boom(1, NU_TIMEOUT)) != NULL);

    return e ? (int)e->klass : seen;
}

static int accumulate(int n)
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

static int scope_in_expression(void)
{
    const nu_error *e = nu_catch(NU_TIMEOUT, ({
                                     SCOPE();
                                     nu_defer(note, "x");
                                     boom(1, NU_TIMEOUT);
                                 }));

    return e != NULL;
}

static int return_from_expression(int x)
{
    if (nu_catch(NU_TIMEOUT, ({
                     SCOPE();
                     if (x)
                         return 11;
                     boom(1, NU_TIMEOUT);
                 })))
        return 12;
    return 13;
}

static int around_and_inside(void)
{
    int n = 0;

    {
        SCOPE();
        n++;
        if (nu_catch(NU_INTEGRITY_ERROR, nested()))
            n += 10;
        n++;
    }
    return n;
}

#define RUN(call, want, wanted_trace)                                                              \
    do {                                                                                           \
        trace[0] = '\0';                                                                           \
        scopes = 0;                                                                                \
        CHECK_INT((call), (want));                                                                 \
        CHECK_STR(trace, wanted_trace);                                                            \
    } while (0)

static void every_way_out_of_a_block_runs_its_clean_ups_once(void)
{
    RUN(leave_by_return(1), 7, "B1 d C1 ");
    RUN(leave_by_return(0), 8, "B1 d C1 ");
    RUN(leave_by_loop(9), 2, "B1 C1 B2 C2 B3 C3 B4 C4 ");
    RUN(leave_by_goto(1), 3, "B1 C1 ");
    RUN(last_statement(), 5, "B1 C1 ");
    RUN(assigned_inside(), 9, "B1 C1 ");
    RUN(leave_by_switch(1), 0, "B1 in C1 ");
}

static void a_raise_unwinds_innermost_first(void)
{
    RUN(nu_catch(NU_INTEGRITY_ERROR, nested()) != NULL, 1, "B1 B2 i R2 o R1 ");
    RUN(scope_in_expression(), 1, "B1 x R1 ");
    RUN(around_and_inside(), 12, "B1 B2 B3 i R3 o R2 C1 ");
}

static void locals_keep_their_values_over_a_catch(void)
{
    RUN(value_or_old(0), 42, "");
    RUN(value_or_old(1), -101, "");
    RUN(class_of_other(), NU_TIMEOUT, "");
    RUN(accumulate(10), 5 * 10000 + 5 * 1000 + 135 - 5, "");
}

static void an_expression_may_leave_by_return(void)
{
    RUN(return_from_expression(1), 11, "B1 C1 ");
    RUN(return_from_expression(0), 12, "B1 R1 ");
    CHECK(nu_catch(NU_EXCEPTION, boom(1, NU_TIMEOUT)) != NULL); /* no mark was left behind */
}

static __attribute__((noinline)) void step_and_boom(int *steps, int n)
{
    *steps = 1;
    boom(0, NU_TIMEOUT);
    *steps = 2;
    boom(n, NU_TIMEOUT);
    *steps = 3;
}

static __attribute__((noinline)) double with_floats(double a, double b)
{
    double product = a * b, sum = a + b;

    if (nu_catch(NU_TIMEOUT, boom(1, NU_TIMEOUT)))
        return product - sum;
    return 0;
}

static void what_the_expression_wrote_to_the_arena_is_seen_after_it(void)
{
    int *steps = nu_alloc(int);

    CHECK(nu_catch(NU_TIMEOUT, step_and_boom(steps, 1)) != NULL);
    CHECK_INT(*steps, 2);
    CHECK(with_floats(3, 5) == 7.0);
}

static void step_all(void *steps)
{
    step_and_boom(steps, 1);
}

static void what_a_guarded_function_wrote_to_its_caller_is_seen_after_it(void)
{
    int steps = 0;

    CHECK(nu__guard(step_all, &steps) != NULL);
    CHECK_INT(steps, 2);
}

HARNESS(every_way_out_of_a_block_runs_its_clean_ups_once, a_raise_unwinds_innermost_first,
        locals_keep_their_values_over_a_catch, an_expression_may_leave_by_return,
        what_the_expression_wrote_to_the_arena_is_seen_after_it,
        what_a_guarded_function_wrote_to_its_caller_is_seen_after_it)
