/* The SQL of queries is Django's: tests/data/sql has for each database what Django made of the
   expressions in cases.txt. */
#include "../models/school_db.h"

#include "core/object.h"
#include "db/backends/base.h"
#include "db/driver.h"
#include "db/models/queryset.h"
#include "table.h"

#include <nuages/decimal.h>
#include <nuages/json.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>
#include <nuages/transaction.h>
#include <string.h>

typedef struct totals {
    nu_decimal total, mean, biggest;
} totals;
typedef struct pair {
    nu_opt_float x;
    nu_opt_int y;
} pair;
typedef struct total {
    nu_opt_int n;
} total;
struct three {
    int64_t total, half, third;
};
struct n_max {
    nu_opt_int n_max;
};
typedef struct counts {
    int64_t a, g;
} counts;
typedef struct number {
    nu_decimal x;
} number;
typedef struct spans {
    int64_t n, c;
} spans;

#define STUDENTS     nu_objects(Student)
#define COURSES      nu_objects(Course)
#define DEPARTMENTS  nu_objects(Department)
#define ENROLLMENTS  nu_objects(Enrollment)
#define PAYMENTS     nu_objects(Payment)
#define TAGS         nu_objects(Tag)
#define USERS        nu_objects(nu_user)
#define FIRST_COURSE nu_get(Course, Q("pk", 1))
#define Rows(...)    nu__query_results(__VA_ARGS__)

static const Course second_course = { .object = { &Course_model, 0, NULL }, .id = 2 };

static nu_list *thousand(void)
{
    nu_list *numbers = nu_list_new();

    for (int64_t i = 0; i < 1001; i++)
        nu_list_append(numbers, i);
    return numbers;
}

static nu_query *outer_student(nu_query *query)
{
    return nu_filter(query, Q("student", OuterRef("pk")));
}

static nu_expr *outer_outer(const char *name)
{
    nu_expr *outer = OuterRef(""), *inner = OuterRef(name);

    outer->args = nu_alloc_array(nu_expr *, 1);
    outer->args[0] = inner;
    outer->n_args = 1;
    return outer;
}

/* clang-format off */
#define CASES(QUERY, RUN) \
QUERY(all, STUDENTS) \
QUERY(filter_exact, nu_filter(STUDENTS, Q("roll_no", "S1"))) \
QUERY(filter_two, nu_filter(STUDENTS, Q("status", STUDENT_ACTIVE), Q("gpa__gte", DEC(3)))) \
QUERY(filter_chain, nu_filter(nu_filter(STUDENTS, Q("status", STUDENT_ACTIVE)), Q("gpa__gte", DEC(3)))) \
QUERY(filter_none, nu_filter(STUDENTS, Q("gpa", nu_null()))) \
QUERY(exclude_nullable, nu_exclude(STUDENTS, Q("gpa", DEC(1)))) \
QUERY(exclude_none, nu_exclude(STUDENTS, Q("gpa", nu_null()))) \
QUERY(exclude_two, nu_exclude(STUDENTS, Q("status", "active"), Q("gpa__gt", 1))) \
QUERY(not_q, nu_filter(STUDENTS, nu_not(Q("gpa__gt", 1)))) \
QUERY(or_q, nu_filter(STUDENTS, nu_or(Q("first_name__icontains", "a"), Q("roll_no", "x")))) \
QUERY(or_and_q, nu_filter(STUDENTS, nu_and(nu_or(Q("first_name", "a"), Q("last_name", "b")), Q("status", "active")))) \
QUERY(xor_q, nu_filter(STUDENTS, nu_xor(Q("status", "suspended"), Q("gpa__lt", 1)))) \
QUERY(xor_three, nu_filter(STUDENTS, nu_xor(Q("pk", 1), Q("pk", 2), Q("pk", 3)))) \
QUERY(iexact, nu_filter(STUDENTS, Q("roll_no__iexact", "s0007"))) \
QUERY(contains, nu_filter(STUDENTS, Q("last_name__contains", "a%b_c\\d"))) \
QUERY(startswith, nu_filter(STUDENTS, Q("last_name__startswith", "a"))) \
QUERY(iendswith, nu_filter(STUDENTS, Q("email__iendswith", "EXAMPLE"))) \
QUERY(regex, nu_filter(STUDENTS, Q("last_name__regex", "^[MN]"))) \
QUERY(iregex, nu_filter(STUDENTS, Q("last_name__iregex", "^[mn]"))) \
QUERY(in_list, nu_filter(STUDENTS, Q("pk__in", NU_LIST(1, 2, 2, nu_null())))) \
QUERY(in_expr, nu_filter(STUDENTS, Q("pk__in", NU_LIST(1, F("user"))))) \
QUERY(in_query, nu_filter(STUDENTS, Q("pk__in", nu_filter(STUDENTS, Q("gpa__gt", 3))))) \
QUERY(in_query_values, nu_filter(STUDENTS, Q("pk__in", nu_values(nu_filter(ENROLLMENTS, Q("grade", "F")), "student")))) \
QUERY(in_fk_query, nu_filter(COURSES, Q("department__in", nu_filter(DEPARTMENTS, Q("code__in", NU_LIST("a", "b")))))) \
QUERY(range, nu_filter(COURSES, Q("credits__range", NU_LIST(4, 5)))) \
QUERY(isnull, nu_filter(COURSES, Q("starts_on__isnull", true))) \
QUERY(isnotnull, nu_filter(COURSES, Q("starts_on__isnull", false))) \
QUERY(bool_true, nu_filter(nu_objects(Attendance), Q("present", true))) \
QUERY(bool_false, nu_filter(nu_objects(Attendance), Q("present", false))) \
QUERY(year, nu_filter(COURSES, Q("starts_on__year", 2024))) \
QUERY(year_gte, nu_filter(COURSES, Q("starts_on__year__gte", 2024))) \
QUERY(date_lt, nu_filter(COURSES, Q("starts_on__lt", nu_date_of(2024, 9, 20)))) \
QUERY(fk_id, nu_filter(COURSES, Q("department", 1))) \
QUERY(fk_attname, nu_filter(COURSES, Q("department_id", 2))) \
QUERY(fk_pk, nu_filter(COURSES, Q("department__pk", 3))) \
QUERY(fk_isnull, nu_filter(STUDENTS, Q("user__isnull", true))) \
QUERY(fk_span, nu_filter(COURSES, Q("department__code", "cs"))) \
QUERY(fk_span_null, nu_filter(STUDENTS, Q("user__username", "ada"))) \
QUERY(fk_span_or, nu_filter(STUDENTS, nu_or(Q("user__username", "ada"), Q("pk", 9)))) \
QUERY(fk_span_isnull, nu_filter(STUDENTS, Q("user__username__isnull", true))) \
QUERY(fk_span_exclude, nu_exclude(STUDENTS, Q("user__username", "ada"))) \
QUERY(fk_span_deep, nu_filter(ENROLLMENTS, Q("course__department__code", "cs"))) \
QUERY(reverse_one, nu_filter(USERS, Q("student__roll_no", "S1"))) \
QUERY(reverse_fk, nu_filter(DEPARTMENTS, Q("courses__credits", 6))) \
QUERY(reverse_fk_isnull, nu_filter(DEPARTMENTS, Q("courses__isnull", true))) \
QUERY(reverse_exclude, nu_exclude(DEPARTMENTS, Q("courses__credits", 3))) \
QUERY(reverse_exclude_two, nu_exclude(DEPARTMENTS, Q("courses__code", "MA-101"), Q("courses__credits", 6))) \
QUERY(reverse_not_nested, nu_filter(STUDENTS, nu_not(Q("enrollments__grade", GRADE_A)))) \
QUERY(reverse_exclude_deep, nu_exclude(DEPARTMENTS, Q("courses__enrollments__grade", "F"))) \
QUERY(reverse_exclude_after, nu_exclude(nu_filter(DEPARTMENTS, Q("courses__credits", 6)), Q("courses__code", "x"))) \
QUERY(m2m, nu_filter(COURSES, Q("tags__slug", "core"))) \
QUERY(m2m_pk, nu_filter(COURSES, Q("tags", 3))) \
QUERY(m2m_chain, nu_filter(nu_filter(COURSES, Q("tags__slug", "core")), Q("tags__slug", "lab"))) \
QUERY(m2m_one_call, nu_filter(COURSES, Q("tags__slug", "core"), Q("tags__name", "Core"))) \
QUERY(m2m_exclude, nu_exclude(COURSES, Q("tags__slug", "core"))) \
QUERY(m2m_reverse, nu_filter(TAGS, Q("courses__department__code", "phys"))) \
QUERY(m2m_through, nu_filter(STUDENTS, Q("courses__code", "CS-101"))) \
QUERY(m2m_through_both, nu_filter(STUDENTS, Q("enrollments__course__code", "x"), Q("enrollments__grade", GRADE_A))) \
QUERY(m2m_or, nu_filter(COURSES, nu_or(Q("tags__slug", "a"), Q("tags__slug", "b")))) \
QUERY(m2m_or_other, nu_filter(COURSES, nu_or(Q("tags__slug", "a"), Q("department__code", "b")))) \
QUERY(m2m_isnull, nu_filter(COURSES, Q("tags__isnull", true))) \
QUERY(demoted, nu_filter(nu_filter(COURSES, nu_or(Q("tags__slug", "a"), Q("credits", 1))), Q("tags__name", "x"))) \
QUERY(f_same, nu_filter(ENROLLMENTS, Q("course__department__code", F("course__department__name")))) \
QUERY(f_arith, nu_filter(COURSES, Q("fee__gt", nu_mul(F("credits"), 100)))) \
QUERY(f_startswith, nu_filter(STUDENTS, Q("last_name__startswith", F("first_name")))) \
QUERY(f_exclude, nu_exclude(STUDENTS, Q("gpa", F("user")))) \
QUERY(order_by, nu_order_by(STUDENTS, "-gpa", "pk")) \
QUERY(order_none, nu_order_by(STUDENTS)) \
QUERY(order_fk, nu_order_by(ENROLLMENTS, "course", "-id")) \
QUERY(order_fk_id, nu_order_by(ENROLLMENTS, "course_id", "-id")) \
QUERY(order_span, nu_order_by(COURSES, "-department__code", "code")) \
QUERY(order_span_null, nu_order_by(STUDENTS, "user__username")) \
QUERY(order_random, nu_order_by(STUDENTS, "?")) \
QUERY(order_expr, nu_order_by_expr(COURSES, nu_desc(Lower("title")))) \
QUERY(order_nulls, nu_order_by_expr(COURSES, nu_asc_nulls_first("starts_on"))) \
QUERY(order_m2m, nu_order_by(COURSES, "tags__slug")) \
QUERY(reverse, nu_reversed(PAYMENTS)) \
QUERY(slice, nu_slice(STUDENTS, 5, 10)) \
QUERY(slice_from, nu_slice(STUDENTS, 198, -1)) \
QUERY(distinct, nu_distinct(nu_filter(DEPARTMENTS, Q("courses__credits", 6)))) \
QUERY(distinct_order, nu_distinct(nu_order_by(nu_values(STUDENTS, "last_name"), "gpa"))) \
QUERY(values, nu_values(STUDENTS, "pk", "roll_no")) \
QUERY(values_span, nu_values(ENROLLMENTS, "student__last_name", "course__department__name")) \
QUERY(values_m2m, nu_order_by(nu_values_list(COURSES, "tags__slug", "code"), "code", "tags__slug")) \
QUERY(values_all, nu_values(TAGS)) \
QUERY(select_related, nu_select_related(COURSES, "department")) \
QUERY(select_related_null, nu_select_related(STUDENTS, "user")) \
QUERY(select_related_deep, nu_select_related(ENROLLMENTS, "course__department", "student__user")) \
QUERY(select_related_reverse, nu_select_related(USERS, "student")) \
QUERY(select_related_filter, nu_filter(nu_select_related(COURSES, "department"), Q("department__code", "cs"))) \
QUERY(only, nu_only(STUDENTS, "roll_no")) \
QUERY(defer, nu_defer_fields(TAGS, "slug")) \
QUERY(only_related, nu_only(nu_select_related(ENROLLMENTS, "course"), "grade", "course__code")) \
QUERY(annotate_count, nu_annotate(DEPARTMENTS, ("n", Count("courses")))) \
QUERY(annotate_distinct, nu_values_list(nu_annotate(DEPARTMENTS, ("n", Count("courses", .distinct = true)), ("t", Count("courses__tags", .distinct = true))), "code", "n", "t")) \
QUERY(annotate_filter, nu_annotate(DEPARTMENTS, ("n", Count("courses", .filter = Q("courses__credits__gte", 5))))) \
QUERY(annotate_having, nu_values_list(nu_filter(nu_annotate(DEPARTMENTS, ("s", Sum("courses__credits"))), Q("s__gt", 14)), "code", "s")) \
QUERY(annotate_where_having, nu_filter(nu_annotate(DEPARTMENTS, ("s", Sum("courses__credits"))), Q("s__gt", 14), Q("code", "cs"))) \
QUERY(annotate_or_having, nu_filter(nu_annotate(DEPARTMENTS, ("s", Sum("courses__credits"))), nu_or(Q("s__gt", 14), Q("code", "cs")))) \
QUERY(annotate_order, nu_order_by(nu_annotate(STUDENTS, ("n", Count("enrollments"))), "-n", "pk")) \
QUERY(annotate_expr, nu_values(nu_filter(nu_annotate(COURSES, ("gap", nu_sub(F("credits"), 3))), Q("gap__gt", 2)), "code", "gap")) \
QUERY(annotate_on_annotation, nu_values_list(nu_annotate(nu_annotate(COURSES, ("a", Count("students"))), ("b", nu_mul(F("a"), 2))), "a", "b")) \
QUERY(alias, nu_values(nu_annotate(nu_alias(COURSES, ("a", Count("students"))), ("b", nu_mul(F("a"), 2))), "b")) \
QUERY(group_by, nu_order_by(nu_annotate(nu_values(STUDENTS, "status"), ("n", Count("pk"))), "status")) \
QUERY(group_by_having, nu_order_by(nu_filter(nu_annotate(nu_values(STUDENTS, "status"), ("n", Count("pk"))), Q("n__gt", 15)), "n")) \
QUERY(group_by_filter, nu_order_by(nu_annotate(nu_values(nu_filter(STUDENTS, Q("gpa__gt", 2)), "status"), ("n", Count("pk"))), "status")) \
QUERY(group_by_span, nu_order_by(nu_annotate(nu_values(ENROLLMENTS, "course__department__name", "grade"), ("n", Count("id"))), "course__department__name", "grade")) \
QUERY(group_by_fk, nu_order_by(nu_annotate(nu_values(COURSES, "department"), ("n", Count("pk")), ("m", Max("fee"))), "department")) \
QUERY(group_by_relist, nu_order_by(nu_values_list(nu_annotate(nu_values(COURSES, "department__code"), ("total", Sum("credits"))), "department__code", "total"), "-total")) \
QUERY(group_by_default_order, nu_annotate(nu_values(STUDENTS, "status"), ("n", Count("pk")))) \
QUERY(case, nu_values_list(nu_annotate(STUDENTS, ("kind", Case(When(Q("gpa__gte", 3), "good"), When(Q("gpa__gte", 2), "fair"), Else("low")))), "pk", "kind")) \
QUERY(case_no_default, nu_values_list(nu_annotate(STUDENTS, ("kind", Case(When(Q("gpa__gte", 3), "good")))), "kind")) \
QUERY(case_empty, nu_values_list(nu_annotate(STUDENTS, ("x", Case(When(Q("pk__in", nu_list_new()), 1), Else(2)))), "x")) \
QUERY(functions, nu_values_list(nu_annotate(STUDENTS, ("x", Lower("last_name")), ("y", Upper("first_name")), ("z", Length("email"))), "x", "y", "z")) \
QUERY(concat, nu_values_list(nu_annotate(STUDENTS, ("x", Concat("first_name", Value(" "), "last_name"))), "x")) \
QUERY(coalesce, nu_values_list(nu_annotate(COURSES, ("x", Coalesce("title", "code"))), "x")) \
QUERY(exists, nu_filter(STUDENTS, nu_or(Exists(nu_filter(outer_student(PAYMENTS), Q("amount__gt", 400))), Q("pk", 1)))) \
QUERY(not_exists, nu_filter(STUDENTS, nu_not(Exists(outer_student(PAYMENTS))))) \
QUERY(exists_nested, nu_filter(DEPARTMENTS, Exists(nu_filter(nu_filter(COURSES, Q("department", OuterRef("pk"))), Exists(nu_filter(ENROLLMENTS, Q("course", OuterRef("pk")), Q("student__user__username", "ada"))))))) \
QUERY(exists_outer_outer, nu_filter(DEPARTMENTS, Exists(nu_filter(COURSES, Exists(nu_filter(ENROLLMENTS, Q("course", OuterRef("pk")), Q("course__department", outer_outer("pk")))))))) \
QUERY(subquery, nu_values_list(nu_annotate(DEPARTMENTS, ("dear", Subquery(nu_slice(nu_values(nu_order_by(nu_filter(COURSES, Q("department", OuterRef("pk"))), "-fee"), "fee"), 0, 1)))), "code", "dear")) \
QUERY(subquery_count, nu_values_list(nu_annotate(STUDENTS, ("n", Subquery(nu_values(nu_annotate(nu_values(nu_order_by(outer_student(ENROLLMENTS)), "student"), ("n", Count("pk"))), "n")))), "n")) \
QUERY(subquery_compare, nu_filter(STUDENTS, Q("gpa__gt", Subquery(nu_values(nu_filter(STUDENTS, Q("pk", 30)), "gpa"))))) \
QUERY(window, nu_values_list(nu_order_by(nu_annotate(COURSES, ("r", Window(Sum("credits"), .partition_by = { "department" }, .order_by = { "-code" }))), "code"), "code", "r")) \
QUERY(window_rows, nu_values_list(nu_annotate(COURSES, ("s", Window(Avg("credits"), .order_by = { "code" }, .rows_from = -2))), "s")) \
QUERY(union, nu_union(nu_filter(nu_order_by(STUDENTS), Q("pk", 1)), nu_filter(nu_order_by(STUDENTS), Q("pk", 2)))) \
QUERY(union_values, nu_order_by(nu_union(nu_values_list(nu_order_by(DEPARTMENTS), "name"), nu_values_list(nu_order_by(TAGS), "name")), "name")) \
QUERY(union_all, nu_order_by(nu_union_all(nu_filter(nu_order_by(TAGS), Q("pk", 1)), nu_filter(nu_order_by(TAGS), Q("pk", 2))), "pk")) \
QUERY(json_key, nu_filter(STUDENTS, Q("address__city", "Lisbon"))) \
QUERY(json_key_order, nu_filter(STUDENTS, Q("address__floor__gt", 3))) \
QUERY(json_key_deep, nu_filter(STUDENTS, Q("address__geo__tags__1__lt", 10))) \
QUERY(json_key_null, nu_filter(STUDENTS, Q("address__geo__isnull", true))) \
QUERY(json_has_key, nu_filter(STUDENTS, Q("address__has_key", "geo"))) \
QUERY(json_exact, nu_filter(STUDENTS, Q("address", NU_DICT(("a", 1))))) \
RUN(count, nu_count(STUDENTS)) \
RUN(count_filter, nu_count(nu_filter(STUDENTS, Q("courses__code", "x")))) \
RUN(count_distinct, nu_count(nu_distinct(STUDENTS))) \
RUN(count_annotated, nu_count(nu_filter(nu_annotate(STUDENTS, ("x", Count("enrollments"))), Q("x__gt", 2)))) \
RUN(count_annotated_unused, nu_count(nu_annotate(STUDENTS, ("x", Count("enrollments"))))) \
RUN(count_values, nu_count(nu_annotate(nu_values(STUDENTS, "status"), ("n", Count("pk"))))) \
RUN(count_slice, nu_count(nu_slice(STUDENTS, 5, 20))) \
RUN(count_alias, nu_count(nu_filter(nu_alias(STUDENTS, ("n", Count("enrollments"))), Q("n__gt", 2)))) \
RUN(exists_call, nu_exists(nu_filter(STUDENTS, Q("status", STUDENT_ACTIVE)))) \
RUN(get, nu_first(Tag, nu_filter(TAGS, Q("pk", 1)))) \
RUN(get_by, nu_get_or_create(Tag, NULL, (.slug = S("core")))) \
RUN(last, nu_last(Department, DEPARTMENTS)) \
RUN(aggregate, ({ totals t; nu_aggregate(PAYMENTS, &t, (total, Sum("amount")), (mean, Avg("amount")), (biggest, Max("amount"))); })) \
RUN(aggregate_expr, ({ number t; nu_aggregate(COURSES, &t, (x, Sum(nu_mul(F("credits"), F("fee"))))); })) \
RUN(aggregate_annotation, ({ pair t; nu_aggregate(nu_annotate(STUDENTS, ("n", Count("enrollments"))), &t, (x, Avg("n")), (y, Max("n"))); })) \
RUN(aggregate_filter, ({ counts t; nu_aggregate(STUDENTS, &t, (a, Count("pk", .filter = Q("status", "active"))), (g, Count("pk", .filter = Q("status", "graduated")))); })) \
RUN(aggregate_slice, ({ number t; nu_aggregate(nu_slice(nu_order_by(STUDENTS, "pk"), 0, 10), &t, (x, Avg("gpa"))); })) \
RUN(aggregate_span, ({ spans t; nu_aggregate(STUDENTS, &t, (n, Count("enrollments")), (c, Count("courses", .distinct = true))); })) \
RUN(related_reverse, Rows(nu_filter(nu_related(nu_get(Department, Q("pk", 1)), "courses"), Q("credits", 3)))) \
RUN(related_m2m, Rows(nu_many_of(FIRST_COURSE, tags))) \
RUN(related_m2m_filter, Rows(nu_filter(nu_many_of(FIRST_COURSE, tags), Q("slug__startswith", "l")))) \
RUN(related_m2m_sticky, Rows(nu_filter(nu_many_of(FIRST_COURSE, tags), Q("courses__code", "x")))) \
RUN(related_m2m_count, nu_count(nu_many_of(FIRST_COURSE, tags))) \
RUN(related_through, Rows(nu_many_of(nu_get(Student, Q("pk", 1)), courses))) \
RUN(prefetch_reverse, Rows(nu_prefetch_related(DEPARTMENTS, With("courses")))) \
RUN(prefetch_m2m, Rows(nu_prefetch_related(nu_slice(nu_order_by(nu_objects(Course), "pk"), 0, 2), With("tags")))) \
RUN(prefetch_fk, Rows(nu_prefetch_related(nu_slice(nu_order_by(nu_objects(Course), "pk"), 0, 2), With("department")))) \
RUN(update, nu_update(nu_filter(COURSES, Q("credits", 3)), ("fee", nu_add(F("fee"), 10)), ("description", "x"))) \
RUN(update_null, nu_update(COURSES, ("starts_on", nu_null()))) \
RUN(update_span, nu_update(nu_filter(COURSES, Q("department__code", "cs")), ("credits", nu_mul(F("credits"), 2)))) \
RUN(update_case, nu_update(STUDENTS, ("status", Case(When(Q("gpa__gte", 3), "graduated"), Else("active"))))) \
RUN(delete_fast, nu_delete_all(nu_filter(PAYMENTS, Q("student__status", STUDENT_ACTIVE)))) \
RUN(delete_plain, nu_delete_all(nu_filter(nu_objects(Attendance), Q("present", true)))) \
QUERY(fn_chr, nu_values_list(nu_annotate(COURSES, ("x", Chr(nu_add(F("credits"), 64)))), "x")) \
QUERY(fn_left, nu_values_list(nu_annotate(STUDENTS, ("x", Left("roll_no", 2)), ("y", Right("roll_no", 3))), "x", "y")) \
QUERY(fn_pad, nu_values_list(nu_annotate(STUDENTS, ("x", LPad("roll_no", 6, Value("*"))), ("y", RPad("roll_no", 4))), "x", "y")) \
QUERY(fn_trim, nu_values_list(nu_annotate(STUDENTS, ("x", Trim("roll_no")), ("y", LTrim("roll_no")), ("z", RTrim("roll_no"))), "x", "y", "z")) \
QUERY(fn_hash, nu_values_list(nu_annotate(STUDENTS, ("a", MD5("email")), ("b", SHA1("email")), ("c", SHA224("email")), ("d", SHA256("email")), ("e", SHA384("email")), ("f", SHA512("email"))), "a", "b", "c", "d", "e", "f")) \
QUERY(fn_ord, nu_values_list(nu_annotate(COURSES, ("x", Ord("code")), ("y", Reverse("code")), ("z", Repeat("code", 2))), "x", "y", "z")) \
QUERY(fn_replace, nu_values_list(nu_annotate(STUDENTS, ("x", Replace("email", Value("a"))), ("y", Replace("email", Value("a"), Value("b")))), "x", "y")) \
QUERY(fn_substr, nu_values_list(nu_annotate(STUDENTS, ("x", Substr("email", 2)), ("y", Substr("email", 1, 3)), ("i", StrIndex("email", Value("@")))), "x", "y", "i")) \
QUERY(fn_concat_three, nu_values_list(nu_annotate(COURSES, ("x", Concat("code", Value("-"), Value("x"), "title"))), "x")) \
QUERY(fn_concat_typed, nu_values_list(nu_annotate(COURSES, ("x", nu_typed(Concat("code", "credits"), NU_CHAR_FIELD))), "x")) \
QUERY(fn_math, nu_values_list(nu_annotate(COURSES, ("a", ACos(Value(0.5))), ("b", ASin("credits")), ("c", ATan("fee")), ("d", ATan2("fee", "credits")), ("e", Ceil("fee")), ("f", Cos("credits")), ("g", Cot("credits")), ("h", Degrees("credits"))), "a", "b", "c", "d", "e", "f", "g", "h")) \
QUERY(fn_math_more, nu_values_list(nu_annotate(COURSES, ("a", Exp("credits")), ("b", Floor("fee")), ("c", Ln("fee")), ("d", Log(2, "credits")), ("e", Mod("credits", 4)), ("f", Pi()), ("g", Power("credits", 2)), ("h", Radians("credits")), ("i", Sign("fee")), ("j", Sin("credits")), ("k", Sqrt("credits")), ("l", Tan("credits"))), "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")) \
QUERY(fn_round, nu_values_list(nu_annotate(COURSES, ("x", Round("fee")), ("y", Round("fee", 1)), ("z", Round(nu_mul(F("credits"), 1.5)))), "x", "y", "z")) \
QUERY(fn_random, nu_values_list(nu_annotate(COURSES, ("x", Random())), "x")) \
QUERY(fn_now, nu_values_list(nu_annotate(COURSES, ("x", Now())), "x")) \
QUERY(fn_nullif, nu_values_list(nu_annotate(COURSES, ("x", NullIf("code", Value("a"))), ("y", Greatest("fee", Value(DEC(3)))), ("z", Least("credits", 3))), "x", "y", "z")) \
QUERY(fn_cast, nu_values_list(nu_annotate(STUDENTS, ("a", Cast("roll_no", NU_CHAR_FIELD)), ("b", Cast("pk", NU_FLOAT_FIELD)), ("c", Cast(Value("12"), NU_INTEGER_FIELD)), ("d", Cast("created_at", NU_DATE_FIELD)), ("e", Cast("created_at", NU_TIME_FIELD)), ("f", Cast("date_of_birth", NU_DATETIME_FIELD)), ("g", Cast("gpa", NU_DECIMAL_FIELD, .max_digits = 5, .decimal_places = 1)), ("h", Cast("pk", NU_CHAR_FIELD, .max_length = 9)), ("i", Cast("pk", NU_TEXT_FIELD))), "a", "b", "c", "d", "e", "f", "g", "h", "i")) \
QUERY(fn_collate, nu_values_list(nu_annotate(nu_order_by_expr(STUDENTS, Collate("last_name", "nocase")), ("x", Collate(Value("a"), "binary"))), "x")) \
QUERY(fn_func, nu_values_list(nu_annotate(COURSES, ("x", nu_typed(Func("INSTR", F("title"), Value("a")), NU_INTEGER_FIELD))), "x")) \
QUERY(fn_template, nu_values_list(nu_annotate(COURSES, ("x", nu_typed(nu_func_("PRINTF", NU_ARGS(F("title"), Value("a")), NU_DICT(("template", "%(function)s('%%%%%(how)s', %(expressions)s)"), ("arg_joiner", " || "), ("how", "s"))), NU_CHAR_FIELD))), "x")) \
QUERY(fn_json, nu_values_list(nu_annotate(COURSES, ("x", JSONObject(("name", "title"), ("cost", nu_mul(F("fee"), 2)), ("n", Value(3)))), ("y", JSONArray("code", Value(1)))), "x", "y")) \
QUERY(fn_wrapper, nu_values_list(nu_annotate(COURSES, ("x", ExpressionWrapper(nu_mul(F("credits"), F("fee")), NU_DECIMAL_FIELD)), ("y", ExpressionWrapper(nu_cond_expr(Q("credits__gt", 3)), NU_BOOLEAN_FIELD))), "x", "y")) \
QUERY(fn_coalesce_empty, nu_values_list(nu_annotate(STUDENTS, ("x", Coalesce(Subquery(nu_values(nu_none(ENROLLMENTS), "pk")), 7))), "x")) \
QUERY(fn_filter_decimal, nu_filter(nu_annotate(nu_filter(COURSES, Q("fee__gt", Round(nu_div(F("fee"), 3)))), ("x", Abs("fee"))), Q("x__lt", nu_decimal_from(95, -1)))) \
QUERY(trunc_all, nu_values_list(nu_annotate(STUDENTS, ("a", TruncYear("created_at")), ("b", TruncQuarter("created_at")), ("c", TruncMonth("created_at")), ("d", TruncWeek("created_at")), ("e", TruncDay("created_at")), ("f", TruncHour("created_at")), ("g", TruncMinute("created_at")), ("h", TruncSecond("created_at")), ("i", TruncDate("created_at")), ("j", TruncTime("created_at"))), "a", "b", "c", "d", "e", "f", "g", "h", "i", "j")) \
QUERY(trunc_date_column, nu_values_list(nu_annotate(COURSES, ("a", TruncYear("starts_on")), ("b", Trunc("starts_on", NU_WEEK)), ("c", TruncMonth("starts_on", .output_field = NU_OUTPUT(NU_DATE_FIELD)))), "a", "b", "c")) \
QUERY(trunc_zone, nu_values_list(nu_annotate(STUDENTS, ("h", TruncHour("created_at", .tzinfo = nu_timezone_get("Asia/Kolkata"))), ("d", TruncDay("created_at", .output_field = NU_OUTPUT(NU_DATE_FIELD)))), "h", "d")) \
QUERY(extract_all, nu_values_list(nu_annotate(STUDENTS, ("a", ExtractYear("created_at")), ("b", ExtractIsoYear("created_at")), ("c", ExtractQuarter("created_at")), ("d", ExtractMonth("created_at")), ("e", ExtractWeek("created_at")), ("f", ExtractDay("created_at")), ("g", ExtractWeekDay("created_at")), ("h", ExtractIsoWeekDay("created_at")), ("i", ExtractHour("created_at", .tzinfo = nu_timezone_get("America/New_York"))), ("j", ExtractMinute("created_at")), ("k", ExtractSecond("created_at"))), "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k")) \
QUERY(extract_date, nu_values_list(nu_filter(nu_annotate(COURSES, ("a", nu_extract_("MONTH", V("starts_on"), &(const nu_temporal){ 0 }))), Q("a__gt", 3)), "a")) \
QUERY(date_iso_year, nu_filter(COURSES, Q("starts_on__iso_year", 2024))) \
QUERY(date_iso_year_gt, nu_filter(STUDENTS, Q("created_at__iso_year__gt", 2024))) \
QUERY(date_parts, nu_filter(COURSES, Q("starts_on__month", 9), Q("starts_on__day__lt", 9), Q("starts_on__week__in", NU_LIST(1, 2)), Q("starts_on__week_day", 3), Q("starts_on__iso_week_day", 4), Q("starts_on__quarter", 2))) \
QUERY(date_of_datetime, nu_filter(STUDENTS, Q("created_at__date", nu_date_of(2024, 5, 1)), Q("created_at__time__lt", nu_time_of(1, 0, 0, 0)), Q("created_at__hour", 9), Q("created_at__date__year", 2024))) \
QUERY(date_year_expr, nu_filter(STUDENTS, Q("created_at__year", F("pk")), Q("created_at__year__in", NU_LIST(2023, 2024)), Q("created_at__year__range", NU_LIST(2000, 2001)))) \
QUERY(duration_diff, nu_values_list(nu_filter(nu_annotate(STUDENTS, ("age", nu_sub(F("updated_at"), F("created_at")))), Q("age__gt", nu_days(1))), "age")) \
QUERY(duration_add, nu_values_list(nu_annotate(nu_filter(STUDENTS, Q("updated_at__gt", nu_add(F("created_at"), nu_seconds(23 * 3600)))), ("x", nu_sub(F("date_of_birth"), nu_days(2)))), "x")) \
QUERY(bits, nu_values_list(nu_annotate(COURSES, ("a", nu_bitand(F("credits"), 4)), ("b", nu_bitor(F("credits"), 1)), ("c", nu_bitleftshift(F("credits"), 2)), ("d", nu_bitrightshift(F("credits"), 1)), ("e", nu_bitxor(F("credits"), 3)), ("f", nu_neg(F("credits"))), ("g", nu_mod(F("credits"), 2)), ("h", nu_pow(F("credits"), 2))), "a", "b", "c", "d", "e", "f", "g", "h")) \
QUERY(f_slice, nu_values_list(nu_annotate(STUDENTS, ("a", nu_slice_of(F("last_name"), 1, 3)), ("b", nu_slice_of(F("last_name"), 2, 3)), ("c", nu_slice_of(F("last_name"), 4, -1))), "a", "b", "c")) \
QUERY(f_slice_filter, nu_filter(STUDENTS, Q("first_name", nu_slice_of(F("last_name"), 0, 2)))) \
QUERY(f_json, nu_values_list(nu_annotate(nu_filter(STUDENTS, Q("address__city", F("address__zip"))), ("x", F("address__geo__0"))), "x")) \
QUERY(kt, nu_order_by(nu_values_list(nu_annotate(STUDENTS, ("c", KT("address__city"))), "c"), "c")) \
QUERY(kt_filter, nu_values_list(nu_filter(nu_annotate(STUDENTS, ("c", KT("address__city"))), Q("c__contains", "x"), Q("c__icontains", "y")), "c")) \
QUERY(json_in, nu_filter(STUDENTS, Q("address__city__in", NU_LIST("Oslo", nu_null(), 3)))) \
QUERY(json_text, nu_filter(STUDENTS, Q("address__city__iexact", "oslo"), Q("address__city__startswith", "O"), Q("address__city__regex", "^O"), Q("address__city__icontains", "s"))) \
QUERY(json_keys, nu_filter(STUDENTS, nu_or(Q("address__has_keys", NU_LIST("a", "b")), Q("address__geo__has_any_keys", NU_LIST("c", "1"))))) \
QUERY(lookup_expr, nu_values_list(nu_annotate(nu_filter(COURSES, nu_expr_cond(nu_lookup("gt", "credits", 3))), ("big", nu_lookup("gt", "fee", F("credits")))), "big")) \
QUERY(agg_default, nu_values_list(nu_annotate(DEPARTMENTS, ("n", Sum("courses__credits", .default_ = Value(0)))), "n")) \
QUERY(agg_default_filter, nu_values_list(nu_annotate(DEPARTMENTS, ("n", Avg("courses__fee", .default_ = Value(nu_decimal_from(15, -1)), .filter = Q("courses__credits", 3), .distinct = true))), "n")) \
QUERY(agg_spread, nu_values_list(nu_annotate(DEPARTMENTS, ("a", StdDev("courses__credits")), ("b", StdDev("courses__fee", .sample = true)), ("c", Variance("courses__fee")), ("d", Variance("courses__credits", .sample = true))), "a", "b", "c", "d")) \
RUN(agg_case, ({ total out; nu_aggregate(STUDENTS, &out, (n, Sum(Case(When(Q("status", "active"), 1), Else(0))))); })) \
QUERY(win_functions, nu_values_list(nu_annotate(COURSES, ("a", Window(RowNumber(), .order_by = { "code" })), ("b", Window(Rank(), .order_by = { "-credits" })), ("c", Window(DenseRank(), .partition_by = { "department" }, .order_by = { "-credits", "code" })), ("d", Window(PercentRank(), .order_by = { "credits" })), ("e", Window(CumeDist(), .order_by = { "credits" })), ("f", Window(Ntile(3), .order_by = { "code" }))), "a", "b", "c", "d", "e", "f")) \
QUERY(win_values, nu_values_list(nu_annotate(COURSES, ("a", Window(Lag("code"), .order_by = { "code" })), ("b", Window(Lead("code", 2, Value("-")), .order_by = { "code" })), ("c", Window(FirstValue("code"), .partition_by = { "department" })), ("d", Window(LastValue("fee"), .order = NU_ARGS(nu_desc_nulls_last("fee")))), ("e", Window(NthValue("code", 2)))), "a", "b", "c", "d", "e")) \
QUERY(win_frames, nu_values_list(nu_annotate(COURSES, ("a", Window(Sum("credits"), .order_by = { "code" }, .frame = RowRange(.end = nu_some(0)))), ("b", Window(Sum("fee"), .order_by = { "code" }, .frame = RowRange(.start = nu_some(1), .end = nu_some(3)))), ("c", Window(Sum("credits"), .order_by = { "credits" }, .frame = ValueRange(.start = nu_some(-2)))), ("d", Window(Sum("credits"), .order_by = { "code" }, .frame = RowRange(.exclusion = NU_EXCLUDE_CURRENT_ROW))), ("e", Window(Count("*"), .partition = NU_ARGS(nu_mod(F("credits"), 2))))), "a", "b", "c", "d", "e")) \
QUERY(raw_sql, nu_values_list(nu_annotate(COURSES, ("x", RawSQL("select max(fee) from registry_course where credits > %s and '%%' = %s", 3, "x"))), "x")) \
QUERY(raw_sql_filter, nu_filter(COURSES, Q("pk__in", RawSQL("select id from registry_course")))) \
QUERY(union_three, nu_union(nu_filter(nu_order_by(TAGS), Q("pk", 1)), nu_filter(nu_order_by(TAGS), Q("pk", 2)), nu_filter(nu_order_by(TAGS), Q("pk", 3)))) \
QUERY(intersection, nu_order_by(nu_intersection(nu_filter(nu_order_by(STUDENTS), Q("pk__lt", 5)), nu_filter(nu_order_by(STUDENTS), Q("pk__gt", 2))), "pk")) \
QUERY(difference, nu_difference(nu_order_by(TAGS), nu_filter(nu_order_by(TAGS), Q("pk", 2)), nu_none(nu_order_by(TAGS)))) \
QUERY(union_nested, nu_union(nu_filter(nu_order_by(TAGS), Q("pk", 1)), nu_union(nu_filter(nu_order_by(TAGS), Q("pk", 2)), nu_filter(nu_order_by(TAGS), Q("pk", 3))))) \
QUERY(union_sliced, nu_slice(nu_union(nu_filter(nu_order_by(TAGS), Q("pk", 1)), nu_filter(nu_order_by(TAGS), Q("pk", 2))), 0, 3)) \
QUERY(union_empty_part, nu_slice(nu_union(nu_filter(nu_order_by(TAGS), Q("pk", 1)), nu_filter(nu_order_by(TAGS), Q("pk__in", nu_list_new()))), 0, 3)) \
QUERY(union_values_after, nu_order_by(nu_values_list(nu_union(nu_filter(nu_order_by(STUDENTS), Q("pk", 1)), nu_filter(nu_order_by(STUDENTS), Q("pk", 2))), "roll_no", "gpa"), "roll_no")) \
QUERY(union_annotated, nu_slice(nu_order_by(nu_union(nu_values(nu_annotate(nu_order_by(COURSES), ("n", Count("tags"))), "code", "n"), nu_values(nu_annotate(nu_filter(nu_order_by(COURSES), Q("pk", 1)), ("n", Value(9))), "code", "n")), "code", "n"), 0, 4)) \
RUN(union_count, nu_count(nu_union(nu_filter(nu_order_by(STUDENTS), Q("pk", 1)), nu_filter(nu_order_by(STUDENTS), Q("pk", 2))))) \
RUN(union_exists, nu_exists(nu_union(nu_filter(nu_order_by(STUDENTS), Q("pk", 1)), nu_filter(nu_order_by(STUDENTS), Q("pk", 2))))) \
QUERY(union_in, nu_filter(STUDENTS, Q("pk__in", nu_union(nu_values(nu_filter(nu_order_by(STUDENTS), Q("pk", 1)), "pk"), nu_values(nu_filter(nu_order_by(STUDENTS), Q("pk", 2)), "pk"))))) \
QUERY(and_queries, nu_query_and(nu_filter(COURSES, Q("tags__slug", "a")), nu_filter(COURSES, Q("tags__slug", "b")))) \
QUERY(or_queries, nu_query_or(nu_filter(COURSES, Q("tags__slug", "a")), nu_order_by(nu_filter(COURSES, Q("department__code", "b")), "-code"))) \
QUERY(xor_queries, nu_query_xor(nu_filter(STUDENTS, Q("pk__lt", 5)), nu_filter(STUDENTS, Q("pk__gt", 2), Q("pk__lt", 7)))) \
QUERY(or_sliced, nu_query_or(nu_slice(nu_order_by(COURSES, "pk"), 0, 2), nu_filter(COURSES, Q("pk", 9)))) \
QUERY(dates, nu_dates(STUDENTS, "created_at", "month")) \
QUERY(dates_desc, nu_dates_(STUDENTS, "date_of_birth", "year", "DESC")) \
QUERY(datetimes, nu_datetimes_(nu_filter(STUDENTS, Q("status", "active")), "created_at", "hour", NULL, nu_timezone_get("Asia/Kolkata"))) \
RUN(latest, nu_latest(Course, COURSES, "fee", "pk")) \
RUN(earliest, nu_earliest(Course, nu_filter(COURSES, Q("credits", 3)), "-fee")) \
RUN(in_bulk, nu_in_bulk_(COURSES, NU_LIST(1, 2), NULL)) \
RUN(in_bulk_field, nu_in_bulk_(COURSES, NU_LIST("CS-101"), "code")) \
RUN(contains_call, nu_contains(nu_filter(COURSES, Q("credits", 3)), &second_course)) \
RUN(explain, nu_explain(nu_filter(COURSES, Q("credits", 3)))) \
RUN(first_of_groups, Rows(nu__query_end(nu_order_by(nu_annotate(nu_values(STUDENTS, "status"), ("n", Count("pk"))), "status"), false))) \
QUERY(qualify, nu_filter(nu_annotate(COURSES, ("r", Window(Rank(), .partition_by = { "department" }, .order_by = { "-credits" }))), Q("r__lte", 2))) \
QUERY(qualify_alias, nu_values_list(nu_filter(nu_alias(COURSES, ("r", Window(RowNumber(), .order_by = { "code" }))), nu_or(Q("r", 1), Q("r", 3))), "code")) \
QUERY(qualify_where, nu_slice(nu_order_by(nu_filter(nu_annotate(COURSES, ("r", Window(RowNumber(), .order_by = { "code" }))), Q("r__gt", 1), Q("credits__gt", 2), Q("department__code", "cs")), "-r", "fee"), 0, 3)) \
QUERY(qualify_or, nu_values(nu_filter(nu_annotate(COURSES, ("r", Window(Sum("credits"), .order_by = { "code" }))), nu_or(Q("r__gt", 10), Q("fee__lt", 3))), "code", "r")) \
QUERY(qualify_group, nu_filter(nu_annotate(nu_values(COURSES, "department"), ("n", Count("pk")), ("r", Window(Rank(), .order = NU_ARGS(nu_desc(Count("pk")))))), Q("r", 1), Q("n__gt", 1))) \
QUERY(qualify_exclude, nu_exclude(nu_annotate(COURSES, ("r", Window(Rank(), .order_by = { "fee" }))), Q("r__gt", F("credits")))) \
RUN(qualify_count, nu_count(nu_filter(nu_annotate(COURSES, ("r", Window(Rank(), .order_by = { "fee" }))), Q("r", 1)))) \
QUERY(qualify_in, nu_filter(STUDENTS, Q("enrollments__in", nu_filter(nu_annotate(ENROLLMENTS, ("r", Window(RowNumber(), .partition_by = { "student" }, .order_by = { "-pk" }))), Q("r", 1))))) \
QUERY(qualify_related, nu_filter(nu_annotate(nu_select_related(COURSES, "department"), ("r", Window(RowNumber(), .order_by = { "code" }))), Q("r", 1))) \
QUERY(window_decimal, nu_filter(nu_annotate(COURSES, ("a", Window(Avg("fee"), .partition_by = { "department" }))), Q("a__gt", nu_decimal_from(25, -1)))) \
RUN(agg_by_agg, ({ struct three t; nu_aggregate(COURSES, &t, (total, Sum("credits")), (half, nu_div(Sum("credits"), 2)), (third, nu_div(F("total"), 3))); })) \
RUN(agg_over_slice, ({ number t; nu_aggregate(nu_slice(nu_order_by(STUDENTS, "pk"), 0, 10), &t, (x, Avg("gpa"))); })) \
RUN(agg_distinct, ({ total t; nu_aggregate(nu_distinct(nu_values(STUDENTS, "status")), &t, (n, Count("status"))); })) \
RUN(agg_window, ({ total t; nu_aggregate(nu_annotate(COURSES, ("r", Window(RowNumber(), .order_by = { "code" }))), &t, (n, Max("r"))); })) \
RUN(agg_subquery, ({ total t; nu_aggregate(nu_annotate(DEPARTMENTS, ("x", Subquery(nu_slice(nu_values(nu_filter(COURSES, Q("department", OuterRef("pk"))), "credits"), 0, 1)))), &t, (n, Sum("x"))); })) \
RUN(agg_union, nu_count(nu_union(nu_filter(nu_order_by(TAGS), Q("pk", 1)), nu_filter(nu_order_by(TAGS), Q("pk", 2))))) \
RUN(agg_default_call, ({ total t; nu_aggregate(nu_filter(COURSES, Q("pk__gt", 5)), &t, (n, Sum("credits", .default_ = Value(0)))); })) \
RUN(agg_grouped, ({ struct n_max t; nu_aggregate(nu_annotate(nu_values(STUDENTS, "status"), ("n", Count("pk"))), &t, (n_max, Max("n"))); })) \
QUERY(values_expr, nu_values(nu_annotate(STUDENTS, ("low", Lower("last_name"))), "low")) \
QUERY(group_annotation, nu_order_by(nu_annotate(nu_values(nu_annotate(STUDENTS, ("initial", Substr("last_name", 1, 1))), "initial"), ("n", Count("pk"))), "initial")) \
QUERY(group_trunc, nu_order_by(nu_annotate(nu_values(nu_annotate(PAYMENTS, ("day", TruncMonth("paid_at"))), "day", "method"), ("total", Sum("amount"))), "day", "method")) \
QUERY(group_case, nu_order_by(nu_filter(nu_annotate(nu_values(nu_annotate(STUDENTS, ("k", Case(When(Q("gpa__gt", 3), Value("a")), Else(Value("b"))))), "k"), ("n", Count("pk"))), Q("n__gt", 0)), "-n")) \
QUERY(group_exists, nu_annotate(nu_values(nu_annotate(DEPARTMENTS, ("has", nu_cond_expr(Exists(nu_filter(COURSES, Q("department", OuterRef("pk"))))))), "has"), ("n", Count("pk")))) \
QUERY(annotate_q, nu_values_list(nu_annotate(STUDENTS, ("b", nu_cond_expr(Q("gpa__gt", 3)))), "b")) \
QUERY(filter_case, nu_filter(STUDENTS, nu_expr_cond(Case(When(Q("pk__lt", 3), Value(true)), Else(Value(false)))))) \
QUERY(order_case, nu_order_by_expr(COURSES, Case(When(Q("credits", 3), Value(0)), Else(Value(1))), "-code")) \
QUERY(order_reverse_nulls, nu_reversed(nu_order_by_expr(COURSES, nu_asc_nulls_first("starts_on"), "code"))) \
QUERY(order_annotation_transform, nu_order_by(nu_annotate(STUDENTS, ("m", F("created_at"))), "-m__year", "created_at__month")) \
QUERY(values_transform, nu_distinct(nu_values(STUDENTS, "created_at__year", "address__city"))) \
QUERY(xor_not, nu_filter(STUDENTS, nu_not(nu_xor(Q("pk", 1), Q("gpa__gt", 2))))) \
QUERY(in_chunks, nu_filter(STUDENTS, Q("pk__in", thousand()))) \
QUERY(exact_query, nu_filter(STUDENTS, Q("pk", nu_slice(nu_values(nu_order_by(STUDENTS, "-gpa"), "pk"), 0, 1)))) \
QUERY(gt_query, nu_filter(STUDENTS, Q("gpa__gt", nu_values(nu_filter(STUDENTS, Q("pk", 3)), "gpa")))) \
QUERY(range_exprs, nu_filter(COURSES, Q("fee__range", NU_LIST(F("credits"), nu_mul(F("credits"), 100))))) \
QUERY(contains_expr, nu_filter(STUDENTS, nu_or(Q("last_name__icontains", F("first_name")), Q("last_name__endswith", Lower("first_name")), Q("last_name__iexact", F("first_name")), Q("last_name__regex", F("first_name"))))) \
QUERY(only_reverse, nu_only(nu_select_related(USERS, "student"), "username", "student__roll_no")) \
QUERY(defer_related, nu_defer_fields(nu_select_related(COURSES, "department"), "description", "department__name")) \
QUERY(having_filter, nu_filter(nu_annotate(DEPARTMENTS, ("n", Count("courses", .filter = Q("courses__credits__gte", 5)))), Q("n__gt", 1))) \
QUERY(filter_case_annotation, nu_filter(nu_annotate(STUDENTS, ("k", Case(When(nu_or(Q("gpa__gt", 3), Q("pk", 1)), Value("a")), Else(Value("b"))))), Q("k", "a"))) \
QUERY(filter_q_annotation, nu_filter(nu_annotate(STUDENTS, ("b", nu_cond_expr(Q("gpa__gt", 3))), ("c", nu_cond_expr(Exists(outer_student(PAYMENTS))))), Q("b", true), Q("c", false))) \
QUERY(filtered_relation, nu_filter(nu_annotate(STUDENTS, ("best", FilteredRelation("enrollments", Q("enrollments__grade", "A")))), Q("best__isnull", false))) \
QUERY(filtered_relation_count, nu_annotate(nu_annotate(DEPARTMENTS, ("big", FilteredRelation("courses", nu_or(Q("courses__credits__gt", 4), Q("courses__fee", nu_null()))))), ("n", Count("big")), ("m", Max("big__fee")))) \
QUERY(filtered_relation_m2m, nu_values(nu_filter(nu_annotate(COURSES, ("t", FilteredRelation("tags", Q("tags__slug", "core")))), Q("t__name", "x")), "code", "t__slug")) \
QUERY(filtered_relation_exclude, nu_order_by(nu_exclude(nu_annotate(DEPARTMENTS, ("big", FilteredRelation("courses", Q("courses__credits__gt", 4)))), Q("big__code", "x")), "big__code")) \
QUERY(filtered_relation_span, nu_filter(nu_annotate(ENROLLMENTS, ("d", FilteredRelation("course__department", Q("course__department__code", "cs")))), Q("d__name", "x"))) \
QUERY(subqueries_deep, nu_filter(TAGS, Q("pk__in", nu_filter(TAGS, Q("pk__in", nu_filter(TAGS, Q("pk__in", nu_filter(TAGS, Q("pk__in", nu_filter(TAGS, Q("pk__in", nu_filter(TAGS, Q("pk__in", nu_filter(TAGS, Q("pk__in", nu_filter(TAGS, Q("pk__in", nu_filter(TAGS, Q("pk__in", NU_LIST(1))))))))))))))))))))
/* clang-format on */

#define QUERY_FUNCTION(name, ...)                                                                  \
    static void run_##name(void)                                                                   \
    {                                                                                              \
        nu__query_results(__VA_ARGS__);                                                            \
    }
#define RUN_FUNCTION(name, ...)                                                                    \
    static void run_##name(void)                                                                   \
    {                                                                                              \
        (void)(__VA_ARGS__);                                                                       \
    }
CASES(QUERY_FUNCTION, RUN_FUNCTION)

#define CASE_ROW(name, ...) { #name, run_##name },
static const struct {
    const char *name;
    void (*run)(void);
} cases[] = { CASES(CASE_ROW, CASE_ROW) };

static nu_value plain(nu_value param)
{
    param = nu__param_given(param, nu__connection_of(NULL)->backend);
    switch (param.kind) {
    case NU_KIND_NULL:
    case NU_KIND_BOOL:
    case NU_KIND_INT:
    case NU_KIND_FLOAT:
        return param;
    default:
        return nu_v_str(nu_string(param));
    }
}

static nu_str last_params(void)
{
    nu_list *params = school_statements.params[school_statements.n - 1], *out = nu_list_new();

    for (size_t i = 0; i < nu_list_len(params); i++)
        nu_list_append_(out, plain(nu_at(params, i)));
    return nu_to_json(out);
}

static void rolled_back(void *run)
{
    nu_atomic_scope();
    ((void (*)(void))run)();
    nu_set_rollback(true);
}

/* Where our words are others, and why that is right. */
static const struct {
    nu__dialect dialect;
    const char *why;
    const char *cases[24];
} own_words[] = {
    { NU__POSTGRESQL,
      "one key is compared by =, as on SQLite: the plan is that of IN ((key))",
      { "prefetch_fk" } },
    { NU__POSTGRESQL,
      "the ends of a year go as text: sessions are in UTC",
      { "date_iso_year_gt" } },
    { NU__MYSQL,
      "one key is compared by =, as on SQLite: the plan is that of IN ((key))",
      { "prefetch_fk" } },
    { NU__MYSQL, "rows are found by a subquery, which MariaDB joins by itself", { "delete_fast" } },
    { NU__MYSQL, "a time goes without its zeros", { "date_of_datetime" } },
    { NU__MYSQL,
      "a difference is negated, so that parameters stay in their order",
      { "duration_diff" } },
    { NU__MYSQL, "a condition stands by itself, without = true", { "filter_q_annotation" } },
};

static bool has_own_words(nu_str name)
{
    for (size_t i = 0; i < sizeof own_words / sizeof *own_words; i++)
        for (size_t k = 0; own_words[i].cases[k]; k++)
            if (own_words[i].dialect == nu__connection_of(NULL)->backend->dialect &&
                nu_eq(name, nu_s(own_words[i].cases[k])))
                return true;
    return false;
}

static bool same_refusal(const char *name, const nu_error *error, nu_str want)
{
    nu_str got = nu_s(error ? nu_error_class_name(error->klass) : "no error");

    return CHECK_STR(nu_fmt("{}: {}", name, got), nu_fmt("{}: {}", name, want));
}

static nu_str last_sql(void)
{
    return school_sql_as_sent(school_statements.n - 1);
}

static bool same_statement(const char *name, const nu_error *error, const nu_str cells[])
{
    bool ok;

    if (has_own_words(nu_s(name)))
        return CHECK(!error && school_statements.n &&
                     !(nu_eq(last_sql(), cells[1]) && nu_eq(last_params(), cells[2])));
    if (!school_statements.n || error) {
        printf("  %s: %s: %s\n", name, error ? nu_error_class_name(error->klass) : "nothing sent",
               error ? nu_fmt("{}", error->message).ptr : "");
        return false;
    }
    ok = CHECK_STR(last_sql(), cells[1]);
    return CHECK_STR(last_params(), cells[2]) && ok;
}

static bool same_sql(const nu_str cells[TABLE_CELLS], size_t n)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const nu_error *error;

        if (!nu_eq(cells[0], cases[i].name))
            continue;
        school_log_reset();
        error = nu_catch(NU_EXCEPTION, (rolled_back((void *)cases[i].run), 0));
        if (cells[1].len && cells[1].ptr[0] == '!')
            return same_refusal(cases[i].name, error,
                                (nu_str){ cells[1].ptr + 1, cells[1].len - 1 });
        return same_statement(cases[i].name, error, cells);
    }
    return n < 3;
}

static void queries_are_written_as_django_writes_them(void)
{
    school_tables();
    school_seed();
    table_each(nu_fmt("sql/{}.txt", nu__connection_of(NULL)->database->driver->vendor).ptr,
               same_sql);
}

HARNESS(queries_are_written_as_django_writes_them)
