/* Assertions about values, errors and queries. */
#include "core/object.h"
#include "core/text.h"
#include "db/connection.h"
#include "test/run.h"

#include <string.h>

nu_test_run *nu__test_running;

nu_str nu__test_path(const char *file)
{
    while (!strncmp(file, "../", 3))
        file += 3;
    return nu_s(file);
}

/* ---- failing --------------------------------------------------------------------------------- */

void nu__test_failed(const nu_place *place, nu_str told)
{
    nu_test_run *run = nu__test_running;

    if (run) {
        run->outcome = NU__TEST_FAILED;
        nu__buf_fmt(&run->report, "{}:{}: {}\n{}{}", nu__test_path(place->file),
                    (int64_t)place->line, place->text, told, told.len ? "\n" : "");
    }
    nu_raise_(NU_ASSERTION_ERROR, place->file, place->line, "{}", NU_ARGS(told));
}

nu_str nu__test_shown(nu_value value)
{
    nu__buf out = { 0 };

    if ((value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE) && value.s.ptr &&
        nu__find(value.s, S("\n")) >= 0)
        return value.s;
    nu__buf_repr(&out, value);
    return nu__buf_str(&out);
}

static nu_str both(nu_value got, nu_value want)
{
    return nu_fmt("    got   {}\n    want  {}", nu__test_shown(got), nu__test_shown(want));
}

void nu_fail_(const nu_place *place, nu_str message)
{
    nu__test_failed(place, message);
}

/* ---- values ---------------------------------------------------------------------------------- */

void nu_assert_(const nu_place *place, bool holds)
{
    if (!holds)
        nu__test_failed(place, S("    does not hold"));
}

/* SAFE text is text; a null text is None. */
static nu_value plain(nu_value value)
{
    if (value.kind == NU_KIND_SAFE)
        value.kind = NU_KIND_STR;
    return value.kind == NU_KIND_STR && !value.s.ptr ? nu_null() : value;
}

void nu_assert_equal_(const nu_place *place, nu_value got, nu_value want, bool equal)
{
    got = plain(got);
    want = plain(want);
    if (nu__value_equal(got, want) == equal)
        return;
    nu__test_failed(place, equal ? both(got, want)
                                 : nu_fmt("    is {}, which it must not be", nu__test_shown(got)));
}

void nu_assert_in_(const nu_place *place, nu_value item, nu_value container, bool in)
{
    if (nu__value_contains(plain(container), plain(item)) != in)
        nu__test_failed(place, nu_fmt("    {} is {} {}", nu__test_shown(item), in ? "not in" : "in",
                                      nu__test_shown(container)));
}

/* ---- errors ---------------------------------------------------------------------------------- */

static nu_str described(const nu_error *error)
{
    return nu_fmt("{}: {} ({}:{})", nu_error_class_name(error->klass), error->message, error->file,
                  (int64_t)error->line);
}

const nu_error *nu_assert_raises_(const nu_place *place, nu_error_class klass, const char *message,
                                  const nu_error *error)
{
    if (!error)
        nu__test_failed(
            place, nu_fmt("    raised nothing, where {} was awaited", nu_error_class_name(klass)));
    if (error->klass == NU_ASSERTION_ERROR && klass != NU_ASSERTION_ERROR)
        nu_reraise(error);
    if (!nu_error_is_a(error->klass, klass))
        nu__test_failed(place, nu_fmt("    raised {}\n    want   {}", described(error),
                                      nu_error_class_name(klass)));
    if (message && nu__find(error->message, nu_s(message)) < 0)
        nu__test_failed(place, nu_fmt("    raised {}\n    want   a message with {}",
                                      described(error), nu__repr_str(nu_s(message))));
    return error;
}

/* ---- queries --------------------------------------------------------------------------------- */

/* Assertions may stand in one another: each has the statements since it began. */
typedef struct capture {
    nu__query_listener before;
    nu_list *statements;
    struct capture *outer;
} capture;
static capture *capturing;

static void note(void *self, const nu__connection *connection, nu_str sql, nu_values params,
                 double seconds)
{
    capture *here = self;

    nu_list_append(here->statements, nu_copy(sql));
    if (here->before.hook)
        here->before.hook(here->before.arg, connection, sql, params, seconds);
}

static void stop(void *self)
{
    capture *here = self;

    nu__db_listen(here->before);
    capturing = here->outer;
}

/* The listener must not outlive its test, however that ends. */
static void stop_left(void *self)
{
    if (capturing == self)
        stop(self);
}

void nu_num_queries_begin_(void)
{
    capture *here = nu_alloc(capture);

    *here = (capture){ .statements = nu_list_new(), .outer = capturing };
    nu_on_fiber_end(stop_left, here);
    here->before = nu__db_listen((nu__query_listener){ note, here });
    capturing = here;
}

void nu_num_queries_end_(const nu_place *place, int64_t n)
{
    capture *here = capturing;
    int64_t got = (int64_t)nu_list_len(here->statements);
    nu__buf told = { 0 };

    stop(here);
    if (got == n)
        return;
    nu__buf_fmt(&told, "    {} queries executed, {} expected\n    Captured queries were:", got, n);
    for (int64_t i = 0; i < got; i++)
        nu__buf_fmt(&told, "\n    {}. {}", i + 1, nu_at(here->statements, (size_t)i));
    nu__test_failed(place, nu__buf_str(&told));
}

void nu_assert_query_(const nu_place *place, nu_query *query, nu_values want)
{
    nu_list *rows = nu__value_items(V(query)), *got = nu_list_new();

    for (size_t i = 0; i < nu_list_len(rows); i++)
        nu_list_append(got, nu__value_text(nu_at(rows, i)));
    nu_assert_equal_(place, V(got), V(nu_list_of_(want)), true);
}

/* ---- factories ------------------------------------------------------------------------------- */

int64_t nu_sequence_(void (*factory)(void))
{
    nu_test_run *run = nu__test_running;
    nu__factory_count *at = run->sequences;

    while (at && at->factory != factory)
        at = at->next;
    if (!at) {
        at = nu_alloc(nu__factory_count);
        *at = (nu__factory_count){ .factory = factory, .next = run->sequences };
        run->sequences = at;
    }
    return ++at->n;
}
