#include "harness.h"

#include "core/context.h"

static nu_str trace;

static void note(void *text)
{
    trace = nu_fmt("{}{} ", trace, (const char *)text);
}

static void note_and_raise(void *text)
{
    note(text);
    nu_raise(NU_RUNTIME_ERROR, "{} failed", (const char *)text);
}

static int fail(void)
{
    nu_raise(NU_VALUE_ERROR, "first");
}

static void clean_ups_run_at_the_end_of_their_block(void)
{
    trace = S("");
    {
        nu_defer(note, "a");
        nu_defer(note, "b");
        CHECK_STR(trace, "");
    }
    CHECK_STR(trace, "b a ");
}

static int fail_with_failing_clean_ups(void)
{
    nu_defer(note, "1");
    nu_defer(note_and_raise, "2");
    nu_defer(note_and_raise, "3");
    return fail();
}

static void an_error_in_a_clean_up_is_attached_to_the_first(void)
{
    const nu_error *e;

    trace = S("");
    e = nu_catch(NU_EXCEPTION, fail_with_failing_clean_ups());
    CHECK_STR(trace, "3 2 1 ");
    CHECK_INT(e->klass, NU_VALUE_ERROR);
    CHECK_STR(e->message, "first");
    CHECK_STR(e->also->message, "3 failed");
    CHECK_STR(e->also->also->message, "2 failed");
    CHECK(!e->also->also->also);
}

static int failing_clean_up_alone(void)
{
    nu_defer(note, "outer");
    nu_defer(note_and_raise, "inner");
    return 1;
}

static void an_error_in_a_clean_up_without_another_is_raised(void)
{
    trace = S("");
    CHECK_RAISES(NU_RUNTIME_ERROR, "inner failed", failing_clean_up_alone());
    CHECK_STR(trace, "inner outer ");
}

static uint32_t shield_seen;

static void see_shield(void *unused)
{
    (void)unused;
    shield_seen = nu__here->shield;
    CHECK(nu_catch(NU_VALUE_ERROR, fail()) != NULL);
    CHECK_INT(nu__here->shield, shield_seen);
}

static int fail_shielded(void)
{
    nu_defer(see_shield, NULL);
    return fail();
}

static void clean_ups_are_shielded_from_cancellation(void)
{
    {
        nu_defer(see_shield, NULL);
    }
    CHECK_INT(shield_seen, 1);
    CHECK_INT(nu__here->shield, 0);
    shield_seen = 0;
    CHECK(nu_catch(NU_EXCEPTION, fail_shielded()) != NULL);
    CHECK_INT(shield_seen, 1);
    CHECK_INT(nu__here->shield, 0);
}

static void raise_and_catch_many(void *unused)
{
    (void)unused;
    for (int i = 0; i < 1000; i++)
        CHECK(nu_catch(NU_EXCEPTION, fail()) != NULL);
}

static int fail_with_busy_clean_up(void)
{
    nu_defer(raise_and_catch_many, NULL);
    nu_raise(NU_KEY_ERROR, "on its way up");
}

static void an_error_on_its_way_up_outlives_a_thousand_others(void)
{
    const nu_error *e = nu_catch(NU_EXCEPTION, fail_with_busy_clean_up());

    CHECK_INT(e->klass, NU_KEY_ERROR);
    CHECK_STR(e->message, "on its way up");
}

static int nested_depth;

static void nest(void *unused)
{
    (void)unused;
    if (++nested_depth < 50) {
        nu_defer(nest, NULL);
        fail();
    }
}

static void clean_ups_may_defer_and_fail_themselves(void)
{
    nested_depth = 0;
    CHECK(nu_catch(NU_EXCEPTION, (nest(NULL), 0)) != NULL);
    CHECK_INT(nested_depth, 50);
    CHECK_INT(nu__here->cleanups.len, 0);
}

static void at_end_functions_run_last_registered_first(void)
{
    static char order[8];
    nu__context inner, *outer = nu__here;

    nu__context_init(&inner, "inner");
    nu__here = &inner;
    nu_on_fiber_end(note, "x");
    nu_on_fiber_end(note, "y");
    nu__here = outer;
    trace = S("");
    nu__context_end(&inner);
    CHECK_INT(trace.len, 4);
    memcpy(order, trace.ptr, trace.len);
    CHECK_STR(order, "y x ");
    trace = S("");
    nu__context_release(&inner);
    CHECK_STR(trace, "");
}

static void scratch_scopes_keep_a_loop_small(void)
{
    size_t used = nu__arena_used(nu__here->arena);

    for (int i = 0; i < 10000; i++) {
        nu_scratch_scope();
        nu_alloc_array(char, 1000);
    }
    CHECK_INT(nu__arena_used(nu__here->arena), used);
}

static int fail_in_scratch(void)
{
    nu_scratch_scope();
    nu_raise(NU_VALUE_ERROR, "text of {}", nu_copy(S("the scratch arena")));
}

static void an_error_outlives_the_scratch_scope_that_it_left(void)
{
    size_t used = nu__arena_used(nu__here->arena);
    const nu_error *e = nu_catch(NU_VALUE_ERROR, fail_in_scratch());

    CHECK_INT(nu__arena_used(nu__here->arena), used);
    CHECK_STR(e->message, "text of the scratch arena");
}

static void a_reset_context_is_as_new(void)
{
    nu__context inner, *outer = nu__here;

    nu__context_init(&inner, "inner");
    nu__here = &inner;
    for (int i = 0; i < 3; i++) {
        inner.locals[NU__LOCAL_REQUEST] = &inner;
        nu_alloc_array(char, 100000);
        CHECK(nu_catch(NU_EXCEPTION, fail()) != NULL);
        nu__context_reset(&inner);
        CHECK(!inner.locals[NU__LOCAL_REQUEST] && !inner.n_errors);
        CHECK_INT(nu__arena_used(&inner.own), 0);
    }
    nu__context_release(&inner);
    nu__here = outer;
}

HARNESS(clean_ups_run_at_the_end_of_their_block, an_error_in_a_clean_up_is_attached_to_the_first,
        an_error_in_a_clean_up_without_another_is_raised, clean_ups_are_shielded_from_cancellation,
        an_error_on_its_way_up_outlives_a_thousand_others, clean_ups_may_defer_and_fail_themselves,
        at_end_functions_run_last_registered_first, scratch_scopes_keep_a_loop_small,
        an_error_outlives_the_scratch_scope_that_it_left, a_reset_context_is_as_new)
