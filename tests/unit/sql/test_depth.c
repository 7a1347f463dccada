/* Whatever conditions, expressions and queries are nested in, they take half of a fiber's stack at
   most: beyond, the error is the database's, or one that says what is nested too deep. */
#include "../models/school_db.h"
#include "harness_loop.h"

#include "core/buf.h"

#include <nuages/queries.h>
#include <nuages/strings.h>

typedef nu_query *nested(int depth);

static nu_query *conditions(int depth)
{
    nu_cond inner = Q("pk", 1);

    for (int i = 0; i < depth; i++)
        inner = i % 2 ? nu_or(inner, Q("gpa__gt", i)) : nu_and(inner, Q("last_name", "x"));
    return nu_filter(nu_objects(Student), inner);
}

static nu_query *negations(int depth)
{
    nu_cond inner = Q("courses__code", "x");

    for (int i = 0; i < depth; i++)
        inner = nu_not(nu_xor(inner, Q("pk", i)));
    return nu_filter(nu_objects(Student), inner);
}

static nu_query *sums(int depth)
{
    nu_expr *sum = F("id");

    for (int i = 0; i < depth; i++)
        sum = nu_add(sum, 1);
    return nu_annotate(nu_objects(Student), ("x", sum));
}

static nu_query *calls(int depth)
{
    nu_expr *call = F("id");

    for (int i = 0; i < depth; i++)
        call = Coalesce(call, 1);
    return nu_annotate(nu_objects(Student), ("x", call));
}

static nu_query *cases(int depth)
{
    nu_expr *kind = F("id");

    for (int i = 0; i < depth; i++)
        kind = Case(When(Q("pk", i), kind), Else(Value(1)));
    return nu_annotate(nu_objects(Student), ("x", kind));
}

static nu_query *conditions_of_cases(int depth)
{
    nu_expr *kind = Value(1);

    for (int i = 0; i < depth; i++)
        kind = Case(When(Q("pk", kind), Value(i)), Else(Value(1)));
    return nu_annotate(nu_objects(Student), ("x", kind));
}

static nu_query *annotations(int depth)
{
    nu_query *query = nu_annotate(nu_objects(Student), ("x0", F("id")));

    for (int i = 0; i < depth; i++)
        query = nu_annotate(query, (nu_fmt("x{}", i + 1).ptr, nu_add(F(nu_fmt("x{}", i).ptr), 1)));
    return query;
}

static nu_query *lists(int depth)
{
    nu_query *inner = nu_values(nu_objects(Student), "pk");

    for (int i = 0; i < depth; i++)
        inner = nu_values(nu_filter(nu_objects(Student), Q("pk__in", inner)), "pk");
    return inner;
}

static nu_query *existence(int depth)
{
    nu_query *inner = nu_objects(Enrollment);

    for (int i = 0; i < depth; i++)
        inner = nu_filter(nu_objects(Enrollment),
                          Exists(nu_filter(inner, Q("student", OuterRef("student")))));
    return inner;
}

static nu_query *exclusions(int depth)
{
    nu_query *inner = nu_objects(Student);

    for (int i = 0; i < depth; i++)
        inner = nu_exclude(nu_objects(Student), Q("enrollments__student__in", inner));
    return inner;
}

static nu_query *unions(int depth)
{
    nu_query *inner = nu_order_by(nu_objects(Student));

    for (int i = 0; i < depth; i++)
        inner = nu_union(nu_order_by(nu_objects(Student)), inner);
    return inner;
}

static nu_query *keys(int depth)
{
    nu__buf path = { 0 };

    nu__buf_str_add(&path, S("address"));
    for (int i = 0; i < depth; i++)
        nu__buf_str_add(&path, S("__a"));
    return nu_filter(nu_objects(Student), Q(nu__buf_str(&path).ptr, 1));
}

static nu_query *paths(int depth)
{
    nu__buf path = { 0 };

    for (int i = 0; i < depth / 2; i++)
        nu__buf_str_add(&path, S("enrollments__student__"));
    nu__buf_str_add(&path, S("pk"));
    return nu_filter(nu_objects(Student), Q(nu__buf_str(&path).ptr, 1));
}

static void every_depth_is_counted_or_refused(nested *made)
{
    static const int depths[] = { 1, 20, 35, 38, 50, 78, 80, 110, 156, 159, 161, 320, 1000 };

    school_tables();
    for (size_t i = 0; i < sizeof(depths) / sizeof(*depths); i++) {
        const nu_error *error = nu_catch(NU_EXCEPTION, nu_count(made(depths[i])));

        CHECK(depths[i] > 1 || !error);
        CHECK(depths[i] < 1000 || error);
    }
}

/* Each in a context of its own: some of them fill the memory that a fiber may have. */
#define NESTED(T)                                                                                  \
    T(conditions)                                                                                  \
    T(negations)                                                                                   \
    T(sums)                                                                                        \
    T(calls)                                                                                       \
    T(cases)                                                                                       \
    T(conditions_of_cases)                                                                         \
    T(annotations) T(lists) T(existence) T(exclusions) T(unions) T(keys) T(paths)
#define NESTED_TEST(made)                                                                          \
    static void nested_##made(void)                                                                \
    {                                                                                              \
        every_depth_is_counted_or_refused(made);                                                   \
    }
#define NESTED_ROW(made) { "nested_" #made, nested_##made },
NESTED(NESTED_TEST)

static void what_is_nested_too_deep_is_told(void)
{
    school_tables();
    CHECK_RAISES(NU_RUNTIME_ERROR, "nested more than 160 deep", conditions(200));
    CHECK_RAISES(NU_RUNTIME_ERROR, "nested more than 160 deep", calls(200));
    CHECK_RAISES(NU_RUNTIME_ERROR, "nested more than 160 deep", conditions_of_cases(1000));
    CHECK_RAISES(NU_RUNTIME_ERROR, "nested more than 160 deep", unions(1000));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "at most 128 tables in a join", nu_count(paths(160)));
}

/* Half of what fiber.h says. */
#ifdef NU__ASAN
enum { HALF_A_STACK = 512 << 10 };
#else
enum { HALF_A_STACK = 128 << 10 };
#endif

int main(int argc, char **argv)
{
    static const harness_test tests[] = {
        NESTED(NESTED_ROW){ "what_is_nested_too_deep_is_told", what_is_nested_too_deep_is_told },
        { NULL, NULL },
    };

    nu__fiber_configure(&(const nu__fiber_options){ .stack_size = HALF_A_STACK });
    harness_around = harness_run_in_fiber;
    return harness_main(argc, argv, tests);
}
