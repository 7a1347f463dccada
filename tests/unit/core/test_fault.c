/* Each allocation of a sample of work is made to fail in turn: the work raises MemoryError or does
   not need it, nothing is lost (the sanitizer watches), and the context serves on. */
#include "harness.h"

#include "core/context.h"
#include "core/list.h"
#include "core/object.h"
#include "core/text.h"

#include <nuages/decimal.h>
#include <nuages/logging.h>

static int opened, closed, text_len;

static void close_it(void *unused)
{
    (void)unused;
    closed++;
}

static void open_it(void)
{
    opened++;
}

static int raise_invalid(int i)
{
    open_it();
    nu_defer(close_it, NULL);
    nu_scratch_scope();
    nu_raise_invalid(("field", nu_fmt("value {}", i)), ("other", NU_LIST("a", "b")));
}

static int text_work(void)
{
    nu_str text = nu_fmt("{:>20} {!r} {:.2f} {}", "straße", "ü\n", DEC(2.5), NU_LIST(1, "x"));

    return (int)(nu_upper(text).len + nu_slugify(text).len + nu__normalize_kc(text).len);
}

static int container_work(void)
{
    nu_dict *dict = nu_dict_new();
    nu_list *list = nu_list_new();
    nu_value copy;

    for (int i = 0; i < 40; i++) {
        nu_dict_set_str(dict, nu_fmt("key-{}", i), V(i));
        nu_list_append(list, nu_fmt("{}", i));
    }
    nu_dict_set(dict, "list", list);
    if (!nu__value_copy(nu__here->arena, V(dict), &copy) || !nu__value_equal(V(dict), copy))
        return -1;
    return (int)nu_dict_len(dict);
}

static void work(void *unused)
{
    nu__buf buf = { 0 };

    (void)unused;
    for (int i = 0; i < 20; i++) {
        open_it();
        nu_defer(close_it, NULL);
        for (int n = 0; n < 400; n++)
            nu__buf_lit(&buf, "some bytes ");
    }
    open_it();
    nu_on_fiber_end(close_it, NULL);
    text_work();
    container_work();
    if (nu_catch(NU_VALIDATION_ERROR, raise_invalid(7)))
        nu_debug("caught");
}

/* With the nth allocation failing: whether there was one. */
static bool survives(int64_t n)
{
    nu__context inner, *outer = nu__here;
    const nu_error *error;
    bool failed;

    opened = closed = 0;
    text_len = text_work();
    nu__context_init(&inner, "work");
    nu__here = &inner;
    nu__fault_countdown = n;
    error = nu__guard(work, NULL);
    failed = nu__fault_countdown <= 0;
    nu__fault_countdown = 0;
    if (error)
        CHECK_INT(error->klass, NU_MEMORY_ERROR);
    CHECK_INT(text_work(), text_len); /* it goes on working */
    nu__context_release(&inner);
    nu__here = outer;
    return failed;
}

static void any_failing_allocation_is_a_memory_error_and_loses_nothing(void)
{
    int64_t n = 1;

    while (survives(n) && n < 100000)
        n++;
    CHECK(n > 200 && n < 100000);
}

static void every_deferred_clean_up_runs_once_whatever_fails(void)
{
    for (int64_t n = 1; survives(n); n++)
        if (opened - closed)
            CHECK_INT(closed, opened);
}

HARNESS(any_failing_allocation_is_a_memory_error_and_loses_nothing,
        every_deferred_clean_up_runs_once_whatever_fails)
