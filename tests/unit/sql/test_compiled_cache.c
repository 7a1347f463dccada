/* Queries of one shape share their SQL and never their values. In builds with the address sanitizer
   whatever comes from the cache is compared with what compiling gives, so each of these is a
   comparison too. */
#include "../models/school_db.h"

#include "core/object.h"
#include "db/models/queryset.h"
#include "db/sql/compiled_cache.h"

#include <nuages/decimal.h>
#include <nuages/queries.h>
#include <nuages/strings.h>
#include <nuages/timezone.h>
#include <string.h>

static nu__compiled compiled(const nu_query *query)
{
    return nu__query_compiled(query, nu__connection_of(NULL)->backend);
}

/* Whether the second of two queries is served by what the first, run twice, has left. */
static bool shares(const nu_query *first, const nu_query *second)
{
    uint64_t hits;

    nu__compiled_clear();
    compiled(first);
    compiled(first);
    hits = nu__compiled_counted.hits;
    CHECK_STR(compiled(first).sql, compiled(first).sql.ptr);
    CHECK(nu__compiled_counted.hits > hits || !nu__compiled_counted.entries);
    hits = nu__compiled_counted.hits;
    compiled(second);
    return nu__compiled_counted.hits > hits;
}

static nu_query *credits(nu_value value)
{
    return nu_filter(nu_objects(Course), Q("credits", value));
}

static int64_t first_param(const nu_query *query)
{
    nu__compiled got = compiled(query);

    return got.params.len ? got.params.items[0].i : -1;
}

static void another_value_is_another_parameter(void)
{
    school_tables();
    CHECK(shares(credits(V(3)), credits(V(4))));
    CHECK_INT(first_param(credits(V(3))), 3);
    CHECK_INT(first_param(credits(V(4))), 4);
}

static void a_null_has_a_shape_of_its_own(void)
{
    nu_query *none = nu_filter(nu_objects(Student), Q("gpa", nu_null()));
    nu_query *some = nu_filter(nu_objects(Student), Q("gpa", DEC(3.5)));

    CHECK(!shares(some, none));
    CHECK_INT(compiled(none).params.len, 0);
    CHECK_INT(compiled(some).params.len, 1);
}

static void numbers_that_no_column_holds_are_decided_each_time(void)
{
    nu_query *huge = credits(V(UINT64_MAX));

    CHECK(!shares(credits(V(3)), huge));
    CHECK_INT(compiled(huge).result, NU__SQL_EMPTY);
    CHECK_INT(compiled(credits(V(3))).result, NU__SQL_OK);
}

static nu_query *one_of(nu_values values)
{
    return nu_filter(nu_objects(Course), Q("credits__in", nu_list_of_(values)));
}

static void lists_are_told_apart_by_their_length(void)
{
    CHECK(!shares(one_of(NU_ARGS(1, 2)), one_of(NU_ARGS(1, 2, 3))));
    CHECK_INT(compiled(one_of(NU_ARGS(1, 2, 3))).params.len, 3);
    CHECK_INT(compiled(one_of(NU_ARGS(7, 8))).params.items[1].i, 8);
}

static nu_query *either(int a, int b)
{
    return nu_filter(nu_objects(Course), nu_or(Q("credits", a), Q("credits", b)));
}

static void equal_values_stay_two_parameters(void)
{
    CHECK(shares(either(5, 5), either(1, 2)));
    CHECK_INT(compiled(either(1, 2)).params.items[0].i, 1);
    CHECK_INT(compiled(either(1, 2)).params.items[1].i, 2);
    CHECK_INT(compiled(either(2, 1)).params.items[0].i, 2);
}

static nu_query *containing(const char *text)
{
    return nu_filter(nu_objects(Course), Q("title__icontains", text));
}

static void patterns_are_escaped_anew(void)
{
    CHECK(shares(containing("logic"), containing("50%")));
    CHECK_STR(compiled(containing("50%")).params.items[0].s, "%50\\%%");
    CHECK_STR(compiled(containing("a_b")).params.items[0].s, "%a\\_b%");
}

static void what_is_asked_for_is_part_of_the_shape(void)
{
    nu_query *all = credits(V(3));

    CHECK(!shares(all, nu_order_by(all, "-code")));
    CHECK(!shares(all, nu_slice(all, 0, 5)));
    CHECK(!shares(nu_slice(all, 0, 5), nu_slice(all, 5, 10)));
    CHECK(!shares(all, nu_distinct(all)));
    CHECK(!shares(all, nu_values(all, "code")));
    CHECK(!shares(nu_values(all, "code", "title"), nu_values(all, "title", "code")));
    CHECK(!shares(all, nu_only(all, "code")));
    CHECK(!shares(nu_only(all, "code"), nu_defer_fields(all, "code")));
    CHECK(!shares(all, nu_exclude(nu_objects(Course), Q("credits", 3))));
    CHECK(!shares(all, nu_filter(nu_objects(Course), Q("credits__gte", 3))));
    CHECK(!shares(all, nu_annotate(all, ("n", Count("enrollments")))));
    CHECK(!shares(nu_annotate(all, ("n", Count("enrollments"))),
                  nu_annotate(all, ("m", Count("enrollments")))));
    CHECK(!shares(nu_objects(Course), nu_select_related(nu_objects(Course), "department")));
}

static void values_outside_of_conditions_are_part_of_the_shape(void)
{
    nu_query *three = nu_annotate(nu_objects(Course), ("n", Value(3)));
    nu_query *four = nu_annotate(nu_objects(Course), ("n", Value(4)));

    CHECK(shares(three, nu_annotate(nu_objects(Course), ("n", Value(3)))));
    CHECK(!shares(three, four));
    CHECK_INT(first_param(four), 4);
}

static void grouped_conditions_keep_their_values(void)
{
    nu_query *counted = nu_annotate(nu_objects(Course), ("n", Count("enrollments")));
    nu_query *one = nu_filter(counted, Q("n__gte", 1)), *two = nu_filter(counted, Q("n__gte", 2));

    CHECK(!shares(one, two));
    CHECK_INT(first_param(two), 2);
}

static void zones_are_part_of_the_shape(void)
{
    nu_query *query =
        nu_filter(nu_objects(Student), Q("created_at__date", nu_date_of(2024, 1, 31)));

    const char *in_the_zone = BY_DATABASE("django_", "AT TIME ZONE", "CONVERT_TZ");

    compiled(query);
    compiled(query);
    nu_timezone_activate(nu_timezone_get("Europe/Berlin"));
    CHECK(strstr(nu_copy(compiled(query).sql).ptr, in_the_zone) != NULL);
    nu_timezone_deactivate();
}

static void rows_are_right_from_the_second_time_on(void)
{
    school_tables();
    school_seed();
    for (int round = 0; round < 4; round++) {
        nu_each (Course, course, nu_order_by(nu_objects(Course), "code")) {
            const Course *again = nu_get(Course, Q("code", course->code));

            CHECK_INT(again->id, course->id);
            CHECK_STR(again->title, course->title.ptr);
        }
    }
}

static void nothing_that_was_handed_out_ends_with_the_cache(void)
{
    nu_query *named = nu_annotate(nu_values(nu_objects(Course), "code"), ("word", Value("a text")));
    nu__compiled got;

    nu__compiled_clear();
    compiled(named);
    compiled(named);
    got = compiled(named);
    nu__compiled_clear();
    CHECK_STR(got.params.items[0].s, "a text");
    CHECK_STR(got.columns[0].name, "code");
    CHECK(memmem(got.sql.ptr, got.sql.len, "SELECT", 6) != NULL);
}

static int64_t got(int64_t pk)
{
    const Course *course = nu_find(Course, Q("pk", pk));

    return course ? course->id : 0;
}

static void a_get_that_was_seen_before_finds_its_own_row(void)
{
    const Course *first;

    school_tables();
    school_seed();
    nu__compiled_clear();
    first = nu_first(Course, nu_order_by(nu_objects(Course), "pk"));
    for (int round = 0; round < 4; round++) {
        CHECK_INT(got(first->id), first->id);
        CHECK_INT(got(first->id + 1), first->id + 1);
        CHECK_INT(got(-1), 0);
        CHECK_STR(nu_get(Course, Q("code", first->code))->title, first->title.ptr);
        CHECK(!nu_find(Course, Q("code", "none")));
        CHECK(!nu_find_in(Course, nu_filter(nu_objects(Course), Q("code", "none")),
                          Q("pk", first->id)));
        CHECK_RAISES(NU_VALUE_ERROR, "Field 'id' expected a number but got 'x'.",
                     nu_find(Course, Q("pk", "x")));
        CHECK(!nu_find(Course, Q("department__name", first->code)));
    }
}

static void a_get_of_all_rows_is_told_from_other_gets(void)
{
    nu_query *all;
    int64_t pk;

    school_tables();
    school_seed();
    nu__compiled_clear();
    all = nu_objects(Course);
    pk = nu_first(Course, nu_order_by(all, "pk"))->id;
    for (int round = 0; round < 4; round++) {
        CHECK_INT(nu_get_in(Course, all, Q("pk", pk))->id, pk);
        CHECK(!nu_find_in(Course, nu_none(all), Q("pk", pk)));
        CHECK(!nu_find_in(Course, nu_exclude(all, Q("pk", pk)), Q("pk", pk)));
        CHECK(!nu_find(Department, Q("pk", -pk)));
        CHECK_INT(nu_get(Department, Q("pk", nu_first(Department, nu_objects(Department))->id))->id,
                  nu_first(Department, nu_objects(Department))->id);
    }
}

/* "SELECT a, b" as what stands before `columns_end`; null: it has none. */
static nu_str listed(const nu_query *query)
{
    nu__compiled got = compiled(query);

    return got.columns_end ? nu_copy((nu_str){ got.sql.ptr, got.columns_end }) : (nu_str){ 0 };
}

static void columns_end_where_nothing_refers_to_them(void)
{
    nu_query *all = nu_objects(Department);
    nu_str columns = listed(nu_order_by(all, "name"));

    CHECK(nu_starts_with(columns, S("SELECT ")) && !strstr(columns.ptr, "FROM"));
    CHECK(nu_starts_with(compiled(nu_order_by(all, "name")).sql, nu_fmt("{} FROM ", columns)));
    CHECK(listed(nu_slice(nu_values(nu_order_by(all, "-pk")), 0, 20)).ptr != NULL);
    CHECK(!listed(nu_values(nu_order_by(all, "name"), "name")).ptr); /* AS "name" */
    CHECK(!listed(nu_distinct(nu_order_by(all, "name"))).ptr);
    CHECK(!listed(nu_union(nu_order_by(all), nu_filter(nu_order_by(all), Q("pk", 1)))).ptr);
    CHECK(!listed(nu_annotate(all, ("n", Count("courses")))).ptr);
    CHECK(!listed(nu_order_by(nu_annotate(all, ("x", Value(1))), "x")).ptr);
    CHECK(!listed(nu_annotate(all, ("x", Value("a text")))).ptr);
}

static void the_cache_is_bounded(void)
{
    nu_query *query = nu_objects(Course);

    nu__compiled_clear();
    for (int i = 0; i < 3 * NU__COMPILED_MOST; i++) {
        nu_scratch_scope();

        compiled(nu_slice(query, i, i + 10));
        compiled(nu_slice(query, i, i + 10));
        CHECK(nu__compiled_counted.entries <= NU__COMPILED_MOST);
    }
    CHECK(nu__compiled_counted.entries > 0);
}

HARNESS(another_value_is_another_parameter, a_null_has_a_shape_of_its_own,
        numbers_that_no_column_holds_are_decided_each_time, lists_are_told_apart_by_their_length,
        equal_values_stay_two_parameters, patterns_are_escaped_anew,
        what_is_asked_for_is_part_of_the_shape, values_outside_of_conditions_are_part_of_the_shape,
        grouped_conditions_keep_their_values, zones_are_part_of_the_shape,
        rows_are_right_from_the_second_time_on, nothing_that_was_handed_out_ends_with_the_cache,
        a_get_that_was_seen_before_finds_its_own_row, a_get_of_all_rows_is_told_from_other_gets,
        columns_end_where_nothing_refers_to_them, the_cache_is_bounded)
