/* From one object to another. */
#include "school_db.h"

#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/decimal.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>

/* Two departments with two courses each, tags on the first course. */
static void many_courses(void)
{
    for (int d = 0; d < 2; d++) {
        Department *department =
            nu_create(Department, .name = nu_fmt("D{}", d), .code = nu_fmt("d{}", d));

        for (int c = 0; c < 2; c++)
            nu_create(Course, .title = nu_fmt("C{}{}", d, c), .code = nu_fmt("C{}{}", d, c),
                      .credits = 3, .department = nu_ref_to(department));
    }
    nu_create(Tag, .name = S("Core"), .slug = S("core"));
    nu_create(Tag, .name = S("Lab"), .slug = S("lab"));
    school_log_reset();
}

static Course *course_named(const char *code)
{
    return nu_get(Course, Q("code", code));
}

static void following_loads_for_all_rows_of_a_result(void)
{
    int n = 0;

    school_tables();
    many_courses();
    nu_each (Course, course, nu_objects(Course)) {
        CHECK_STR(nu_follow(course, department)->code, nu_fmt("d{}", n / 2));
        n++;
    }
    CHECK_INT(n, 4);
    CHECK_INT(school_statements.n, 2);
}

static void following_inside_a_scratch_scope_keeps_nothing_that_dies(void)
{
    Course *course;

    school_tables();
    many_courses();
    course = course_named("C00");
    for (int i = 0; i < 2; i++) {
        nu_scratch_scope();
        CHECK_STR(nu_follow(course, department)->code, "d0");
    }
    CHECK(course->department.object == NULL);
    CHECK_STR(nu_follow(course, department)->code, "d0");
    CHECK(course->department.object != NULL);
}

static void a_null_key_leads_nowhere_and_a_dangling_one_raises(void)
{
    Student student = { 0 };
    Course *course;

    school_tables();
    school_seed();
    CHECK(nu_follow(nu_get(Student, Q("roll_no", "S1")), user) == NULL);
    (void)student;
    course = course_named("CS-101");
    course->department.id = 99;
    CHECK_RAISES(NU_DOES_NOT_EXIST, "Department matching query does not exist.",
                 nu_follow(course, department));
}

static void select_related_reads_it_in_one(void)
{
    school_tables();
    many_courses();
    nu_each (Course, course, nu_select_related(nu_objects(Course), "department"))
        CHECK(nu_follow(course, department)->id == course->department.id);
    CHECK_INT(school_statements.n, 1);
}

static void reverse_sets_know_where_they_come_from(void)
{
    Department *department;
    nu_query *courses;

    school_tables();
    many_courses();
    department = nu_get(Department, Q("code", "d1"));
    courses = nu_related(department, "courses");
    CHECK_INT(nu_count(courses), 2);
    school_log_reset();
    nu_each (Course, course, courses)
        CHECK(nu_follow(course, department) == department);
    CHECK_INT(school_statements.n, 1);
    CHECK_RAISES(NU_ATTRIBUTE_ERROR, "has no related set 'course'",
                 nu_related(department, "course"));
    CHECK_RAISES(NU_VALUE_ERROR, "needs to have a primary key value",
                 nu_related(nu_new(Department), "courses"));
}

static void many_to_many_rows_are_added_and_removed(void)
{
    Course *course;
    Tag *core, *lab;

    school_tables();
    many_courses();
    course = course_named("C00");
    core = nu_get(Tag, Q("slug", "core"));
    lab = nu_get(Tag, Q("slug", "lab"));
    nu_many_add(course, tags, core, lab->id, core);
    CHECK_INT(nu_count(nu_many_of(course, tags)), 2);
    nu_many_add(course, tags, core); /* there already */
    CHECK_INT(nu_count(nu_many_of(course, tags)), 2);
    nu_many_remove(course, tags, lab);
    CHECK_INT(nu_count(nu_many_of(course, tags)), 1);
    nu_many_set(course, tags, nu_filter(nu_objects(Tag), Q("slug", "lab")));
    CHECK_STR(nu_first(Tag, nu_many_of(course, tags))->slug, "lab");
    nu_many_clear(course, tags);
    CHECK_INT(nu_count(nu_many_of(course, tags)), 0);
    CHECK_RAISES(NU_TYPE_ERROR, "'Tag' instance expected", (nu_many_add(course, tags, course), 0));
    CHECK_RAISES(NU_VALUE_ERROR, "needs to have a value for field \"id\"",
                 nu_many_of(nu_new(Course), tags));
}

static void prefetched_rows_are_asked_for_once(void)
{
    size_t n = 0;

    school_tables();
    many_courses();
    nu_many_add(course_named("C00"), tags, nu_get(Tag, Q("slug", "core")));
    school_log_reset();
    nu_each (Department, department,
             nu_prefetch_related(nu_objects(Department), With("courses__tags"))) {
        nu_each (Course, course, nu_related(department, "courses")) {
            CHECK(nu_follow(course, department) == department);
            n += (size_t)nu_count(nu_many_of(course, tags));
        }
        CHECK_INT(nu_count(nu_related(department, "courses")), 2);
    }
    CHECK_INT(n, 1);
    CHECK_INT(school_statements.n, 3);
}

static void a_prefetch_takes_a_query_and_an_attribute(void)
{
    nu_query *second, *departments;
    nu_value shown;

    school_tables();
    many_courses();
    second = nu_filter(nu_objects(Course), Q("code__endswith", "1"));
    departments = nu_prefetch_related(nu_objects(Department),
                                      Prefetch("courses", second, .to_attr = "later"));
    nu_each (Department, department, departments) {
        shown = nu_field_get(department, "later");
        CHECK_INT(nu_list_len(shown.list), 1);
        CHECK_INT(nu_count(nu_related(department, "courses")), 2);
    }
    CHECK_RAISES(NU_ATTRIBUTE_ERROR,
                 "Cannot find 'nothing' on Department object, 'nothing' is an invalid parameter to "
                 "prefetch_related()",
                 nu__query_results(nu_prefetch_related(nu_objects(Department), With("nothing"))));
}

static void one_to_one_goes_both_ways(void)
{
    nu_user *user;
    Student *student;
    nu_value other;

    school_tables();
    school_seed();
    user = nu_create(nu_user, .username = S("ada"));
    student = nu_get(Student, Q("roll_no", "S1"));
    nu_set(student, .user = nu_ref_to(user));
    other = nu_field_get(user, "student");
    CHECK(((const Student *)other.object)->id == student->id);
    CHECK_RAISES(NU_ATTRIBUTE_ERROR, "has no attribute 'student'",
                 nu_field_get(nu_create(nu_user, .username = S("bob")), "student"));
    nu_each (nu_user, one,
             nu_select_related(nu_filter(nu_objects(nu_user), Q("username", "ada")), "student")) {
        school_log_reset();
        CHECK(nu_field_get(one, "student").object != NULL);
        CHECK_INT(school_statements.n, 0);
    }
}

/* ---- as templates read it ------------------------------------------------------------------ */

static nu_value attribute(const void *object, const char *path)
{
    nu_value value = nu_v_object(object);
    nu_str rest = nu_s(path);

    while (rest.len) {
        size_t len = 0;
        nu_value next;

        while (len < rest.len && rest.ptr[len] != '.')
            len++;
        if (!nu__value_get(value, (nu_str){ rest.ptr, len }, &next))
            return nu_v_str(S("(none)"));
        if (next.kind == NU_KIND_CALLABLE) {
            const nu__callable *callable = next.p;

            next = callable->call(callable->self);
        }
        value = next;
        rest = (nu_str){ rest.ptr + len + (len < rest.len), rest.len - len - (len < rest.len) };
    }
    return value;
}

static void templates_read_fields_relations_and_methods(void)
{
    static const char *const rows[][2] = {
        { "roll_no", "S1" },
        { "pk", "1" },
        { "full_name", "Ada L" },
        { "get_status_display", "Active" },
        { "get_absolute_url", "/students/1/" },
        { "user", "None" },
        { "user_id", "None" },
        { "enrollments.count", "1" },
        { "enrollments.all.0.course.department.name", "Computing" },
        { "enrollments.first.course.code", "CS-101" },
        { "courses.all.0.tags.count", "1" },
        { "courses.exists", "True" },
        { "nothing", "(none)" },
        { "get_next_by_created_at.roll_no", "S2" },
        { "get_next_by_date_of_birth", "(none)" }, /* may be null */
        { "enrollments.all.ordered", "True" },
        { "payments.all", "<QuerySet [<Payment: 1.00 by 1>]>" },
    };
    Student *student;

    school_tables();
    school_seed();
    nu_create(Student, .roll_no = S("S2"), .first_name = S("Bo"), .last_name = S("M"),
              .email = S("bo@example.com"));
    student = nu_get(Student, Q("pk", 1));
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        CHECK_STR(nu_string(attribute(student, rows[i][0])), rows[i][1]);
    CHECK_STR(nu_fmt("{}", student), "S1 Ada L");
}

static void a_query_is_read_once_by_a_template(void)
{
    nu_query *courses;
    nu_value value;

    school_tables();
    school_seed();
    courses = nu_objects(Course);
    value = nu_v_query(courses);
    CHECK_QUERIES(1, nu__value_items(value); nu__value_items(value); nu__value_length(value));
    CHECK_QUERIES(0, nu_count(courses); nu__value_items(nu_v_query(nu_slice(courses, 0, 1))));
    CHECK_INT(nu__value_length(nu_v_query(nu_slice(courses, 1, -1))), 1);
    CHECK(nu__value_truth(value));
    CHECK_QUERIES(1, nu__value_truth(nu_v_query(nu_filter(courses, Q("code", "x")))));
}

static void instances_are_equal_by_key(void)
{
    school_tables();
    school_seed();
    CHECK(
        nu__value_equal(nu_v_object(course_named("CS-101")), nu_v_object(course_named("CS-101"))));
    CHECK(
        !nu__value_equal(nu_v_object(course_named("CS-101")), nu_v_object(course_named("CS-102"))));
    CHECK(!nu__value_equal(nu_v_object(nu_new(Tag)), nu_v_object(nu_new(Tag))));
}

HARNESS(following_loads_for_all_rows_of_a_result,
        following_inside_a_scratch_scope_keeps_nothing_that_dies,
        a_null_key_leads_nowhere_and_a_dangling_one_raises, select_related_reads_it_in_one,
        reverse_sets_know_where_they_come_from, many_to_many_rows_are_added_and_removed,
        prefetched_rows_are_asked_for_once, a_prefetch_takes_a_query_and_an_attribute,
        one_to_one_goes_both_ways, templates_read_fields_relations_and_methods,
        a_query_is_read_once_by_a_template, instances_are_equal_by_key)
