#include "harness.h"

#include "core/context.h"
#include "core/error.h"

static char trace[256];

static void note(void *text)
{
    strncat(trace, text, sizeof(trace) - strlen(trace) - 1);
}

static int boom(int x, nu_error_class klass)
{
    if (x)
        nu_raise(klass, "boom {}", x);
    return 42;
}

static void a_raise_is_caught_by_its_class(void)
{
    const nu_error *e = nu_catch(NU_VALUE_ERROR, boom(3, NU_VALUE_ERROR));

    CHECK_STR(e->message, "boom 3");
    CHECK_INT(e->klass, NU_VALUE_ERROR);
    CHECK(strstr(e->file, "test_error.c"));
    CHECK(nu_catch(NU_VALUE_ERROR, boom(0, NU_VALUE_ERROR)) == NULL);
}

static void a_catch_takes_the_descendants_of_its_class(void)
{
    CHECK(nu_catch(NU_DATABASE_ERROR, boom(1, NU_INTEGRITY_ERROR)) != NULL);
    CHECK(nu_catch(NU_EXCEPTION, boom(1, NU_HTTP404)) != NULL);
    CHECK(nu_error_is_a(NU_PROTECTED_ERROR, NU_DATABASE_ERROR));
    CHECK(!nu_error_is_a(NU_DATABASE_ERROR, NU_PROTECTED_ERROR));
}

static void another_class_goes_on_up(void)
{
    int inner = 0;
    const nu_error *e =
        nu_catch(NU_EXCEPTION, inner = nu_catch(NU_INTEGRITY_ERROR, boom(1, NU_TIMEOUT)) != NULL);

    CHECK_INT(inner, 0);
    CHECK_INT(e->klass, NU_TIMEOUT);
}

static int inner_block(void)
{
    nu_defer(note, "o ");
    {
        nu_defer(note, "i ");
        boom(1, NU_INTEGRITY_ERROR);
    }
    return 1;
}

static void clean_ups_run_on_a_raise_last_first(void)
{
    trace[0] = 0;
    CHECK(nu_catch(NU_EXCEPTION, inner_block()) != NULL);
    CHECK_STR(trace, "i o ");
}

HARNESS(a_raise_is_caught_by_its_class, a_catch_takes_the_descendants_of_its_class,
        another_class_goes_on_up, clean_ups_run_on_a_raise_last_first)
