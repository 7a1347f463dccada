/* Relations without N+1: prefetching, and what is fetched when it is asked for. */
#include "school_db.h"

#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/managers.h>
#include <nuages/timezone.h>

/* Two departments with three courses each; each student is enrolled in two courses. */
static void start(void)
{
    school_tables();
    for (int d = 0; d < 2; d++) {
        Department *department =
            nu_create(Department, .name = nu_fmt("D{}", d), .code = nu_fmt("d{}", d));

        for (int c = 0; c < 3; c++)
            nu_create(Course, .title = nu_fmt("T{}{}", d, c), .code = nu_fmt("C{}{}", d, c),
                      .credits = c + 1, .department = nu_ref_to(department));
    }
    for (int s = 0; s < 3; s++) {
        nu_user *user = nu_create(nu_user, .username = nu_fmt("u{}", s));
        Student *student = nu_create(Student, .roll_no = nu_fmt("S{}", s), .first_name = S("A"),
                                     .last_name = S("B"), .email = nu_fmt("s{}@x.y", s));

        if (s < 2)
            nu_set(student, .user = nu_ref_to(user));
        for (int c = 0; c < 2; c++)
            nu_create(Enrollment, .student = nu_ref_to(student), .course = { .id = s + c + 1 },
                      .enrolled_on = nu_date_of(2024, 1, 1));
    }
    school_log_reset();
}

static nu_query *departments(void)
{
    return nu_order_by(nu_objects(Department), "pk");
}

static nu_str codes_of(nu_value courses)
{
    nu_list *items = nu__value_items(courses);
    nu__buf out = { 0 };

    for (size_t i = 0; i < nu_list_len(items); i++)
        nu__buf_fmt(&out, "{}{}", i ? " " : "", nu_field_get_(nu_at(items, i).object, "code"));
    return nu__buf_str(&out);
}

/* ---- prefetch_related ----------------------------------------------------------------------- */

static void a_prefetch_of_its_own_query_is_kept_under_its_name(void)
{
    nu_query *large;
    Department **found;
    size_t n;

    start();
    large = nu_filter(nu_objects(Course), Q("credits__gt", 1));
    found = nu_fetch_all(
        Department,
        nu_prefetch_related(departments(), Prefetch("courses", large, .to_attr = "large")), &n);
    CHECK_INT(school_statements.n, 2);
    CHECK_STR(codes_of(nu_field_get(found[0], "large")), "C01 C02");
    CHECK_INT(school_statements.n, 2);
    CHECK_RAISES(NU_VALUE_ERROR, "to_attr=name conflicts with a field on the Department model.",
                 nu_fetch_all(Department,
                              nu_prefetch_related(departments(),
                                                  Prefetch("courses", large, .to_attr = "name")),
                              &n));
    CHECK_RAISES(NU_VALUE_ERROR, "to_attr=courses conflicts with a field on the Department model.",
                 nu_fetch_all(Department,
                              nu_prefetch_related(departments(),
                                                  Prefetch("courses", large, .to_attr = "courses")),
                              &n));
}

static void lookups_go_on_from_what_was_kept(void)
{
    nu_query *enrollments;
    Student **found;
    size_t n;

    start();
    enrollments = nu_objects(Enrollment);
    found = nu_fetch_all(Student,
                         nu_prefetch_related(nu_objects(Student),
                                             Prefetch("enrollments", enrollments, .to_attr = "es"),
                                             With("es__course__department")),
                         &n);
    CHECK_INT(school_statements.n, 4);
    for (size_t i = 0; i < n; i++) {
        nu_list *list = nu_as_list(nu_field_get(found[i], "es"));

        CHECK_INT(nu_list_len(list), 2);
        nu_field_get_(nu_field_get_(nu_at(list, 0).object, "course").object, "department");
    }
    CHECK_INT(school_statements.n, 4);
}

static void prefetches_of_the_inner_query_are_done_for_all(void)
{
    nu_query *enrollments;
    Student **found;
    size_t n;

    start();
    enrollments = nu_prefetch_related(nu_objects(Enrollment), With("course"));
    found = nu_fetch_all(
        Student, nu_prefetch_related(nu_objects(Student), Prefetch("enrollments", enrollments)),
        &n);
    CHECK_INT(n, 3);
    CHECK(found[0] != NULL);
    CHECK_INT(school_statements.n, 3);
    CHECK_RAISES(NU_VALUE_ERROR, "'enrollments' lookup was already seen with a different queryset.",
                 nu_fetch_all(Student,
                              nu_prefetch_related(nu_objects(Student), With("enrollments"),
                                                  Prefetch("enrollments", enrollments)),
                              &n));
}

static void only_what_is_lacking_is_fetched(void)
{
    Student **found;
    size_t n;

    start();
    found = nu_fetch_all(Student, nu_order_by(nu_objects(Student), "pk"), &n);
    nu_follow(found[0], user);
    school_log_reset();
    nu_prefetch_objects(Student, found, n, With("user"), With("courses"));
    CHECK_INT(school_statements.n, 1); /* the users are there */
    nu_prefetch_objects(Student, found, n, With("courses"));
    CHECK_INT(school_statements.n, 1);
}

static void a_row_that_the_query_left_out_is_not_asked_for(void)
{
    nu_query *first;
    Course **found;
    size_t n;

    start();
    first = nu_filter(nu_objects(Department), Q("code", "d0"));
    found = nu_fetch_all(
        Course,
        nu_prefetch_related(nu_order_by(nu_objects(Course), "pk"), Prefetch("department", first)),
        &n);
    CHECK_STR(nu_follow(found[0], department)->code, "d0");
    CHECK_RAISES(NU_DOES_NOT_EXIST, "Course has no department.", nu_follow(found[5], department));
    CHECK_INT(school_statements.n, 2);
}

static void bounds_of_a_prefetch_are_those_of_each_instance(void)
{
    nu_query *two;
    Department **found;
    size_t n;

    start();
    two = nu_slice(nu_order_by(nu_objects(Course), "-credits"), 0, 2);
    found = nu_fetch_all(
        Department, nu_prefetch_related(departments(), Prefetch("courses", two, .to_attr = "top")),
        &n);
    CHECK_INT(school_statements.n, 2);
    CHECK_STR(codes_of(nu_field_get(found[0], "top")), "C02 C01");
    CHECK_STR(codes_of(nu_field_get(found[1], "top")), "C12 C11");
    CHECK_RAISES(
        NU_TYPE_ERROR, "Cannot filter a query once a slice has been taken.",
        nu_fetch_all(Department, nu_prefetch_related(departments(), Prefetch("courses", two)), &n));
    CHECK_RAISES(NU_VALUE_ERROR,
                 "Prefetch querysets cannot use raw(), values(), and values_list().",
                 nu_prefetch_related(departments(), Prefetch("courses", nu_values(two))));
}

static void what_can_not_be_prefetched_is_named(void)
{
    size_t n;

    start();
    CHECK_RAISES(
        NU_ATTRIBUTE_ERROR, "Cannot find 'nothing' on Course object, 'courses__nothing'",
        nu_fetch_all(Department, nu_prefetch_related(departments(), With("courses__nothing")), &n));
    CHECK_RAISES(NU_VALUE_ERROR, "'name' does not resolve to an item that supports prefetching",
                 nu_fetch_all(Department, nu_prefetch_related(departments(), With("name")), &n));
}

/* ---- fetch modes ---------------------------------------------------------------------------- */

static void peers_are_fetched_together(void)
{
    Student **found;
    size_t n;

    start();
    found = nu_fetch_all(Student, nu_only(nu_order_by(nu_objects(Student), "pk"), "roll_no"), &n);
    school_log_reset();
    for (size_t i = 0; i < n; i++)
        CHECK_STR(nu_string(nu_field_get(found[i], "email")), nu_fmt("s{}@x.y", (int64_t)i));
    CHECK_INT(school_statements.n, 1);
}

static void the_other_side_of_one_to_one_is_fetched_for_all(void)
{
    nu_user **users;
    size_t n;

    start();
    users = nu_fetch_all(nu_user, nu_order_by(nu_objects(nu_user), "pk"), &n);
    school_log_reset();
    CHECK_STR(nu_string(nu_field_get_(nu_field_get(users[0], "student").object, "roll_no")), "S0");
    CHECK_STR(nu_string(nu_field_get_(nu_field_get(users[1], "student").object, "roll_no")), "S1");
    CHECK_INT(school_statements.n, 1);
}

static void one_is_fetched_alone_where_that_is_asked_for(void)
{
    Course **found;
    size_t n;

    start();
    found = nu_fetch_all(Course, nu_fetch_mode(nu_objects(Course), FETCH_ONE), &n);
    school_log_reset();
    for (size_t i = 0; i < n; i++)
        nu_follow(found[i], department);
    CHECK_INT(school_statements.n, 6);
}

static void strict_code_is_told_what_it_would_fetch(void)
{
    Course *course;
    Department *department;

    start();
    course =
        nu_first(Course, nu_fetch_mode(nu_defer_fields(nu_objects(Course), "title"), FETCH_RAISE));
    CHECK_RAISES(NU_FIELD_FETCH_BLOCKED, "Fetching of Course.department blocked.",
                 nu_follow(course, department));
    CHECK_RAISES(NU_FIELD_ERROR, "Fetching of Course.title blocked.",
                 nu_field_get(course, "title"));
    course = nu_first(
        Course, nu_select_related(nu_fetch_mode(nu_objects(Course), FETCH_RAISE), "department"));
    department = nu_follow(course, department);
    CHECK_STR(department->code, "d0");
    CHECK_INT(nu_count(nu_related(department, "courses")), 3);
}

static void all_rows_of_a_large_result_are_peers(void)
{
    Course **found;
    size_t n;

    start();
    for (int i = 0; i < 300; i++)
        nu_create(Course, .title = S("x"), .code = nu_fmt("X{}", i),
                  .department = { .id = 1 + i % 2 });
    found = nu_fetch_all(Course, nu_objects(Course), &n);
    school_log_reset();
    for (size_t i = 0; i < n; i++)
        nu_follow(found[i], department);
    CHECK_INT(n, 306);
    CHECK_INT(school_statements.n, 1);
}

HARNESS(a_prefetch_of_its_own_query_is_kept_under_its_name, lookups_go_on_from_what_was_kept,
        prefetches_of_the_inner_query_are_done_for_all, only_what_is_lacking_is_fetched,
        a_row_that_the_query_left_out_is_not_asked_for,
        bounds_of_a_prefetch_are_those_of_each_instance, what_can_not_be_prefetched_is_named,
        peers_are_fetched_together, the_other_side_of_one_to_one_is_fetched_for_all,
        one_is_fetched_alone_where_that_is_asked_for, strict_code_is_told_what_it_would_fetch,
        all_rows_of_a_large_result_are_peers)
