/* The school's tests: `manage test`. */
#include "models.h"

#include <nuages/test.h>

/* ---- what the tests need --------------------------------------------------------------------- */

static void department_factory(Department *department, int64_t n)
{
    department->name = nu_fmt("Department {}", n);
    department->code = nu_fmt("dep{}", n);
}

static void student_factory(Student *student, int64_t n)
{
    student->roll_no = nu_fmt("S-{:03}", n);
    student->first_name = S("Ada");
    student->last_name = nu_fmt("Number {}", n);
    student->email = nu_fmt("student{}@school.example", n);
}

static Course *course_of(Department *department)
{
    return nu_create(Course, .title = S("Topology"), .code = S("MA-301"), .credits = 3,
                     .department = nu_ref_to(department));
}

/* ---- models ---------------------------------------------------------------------------------- */

nu_test(a_code_is_unique)
{
    nu_make(Department, department_factory, .code = S("math"));
    nu_assert_raises(NU_INTEGRITY_ERROR,
                     nu_make(Department, department_factory, .code = S("math")));
    nu_assert_equal(nu_count(nu_objects(Department)), 1);
}

nu_test(a_course_code_has_letters_and_digits)
{
    Department *department = nu_make(Department, department_factory);
    Course *course = course_of(department);

    course->code = S("topology");
    nu_assert_raises_message(NU_VALIDATION_ERROR, "Enter a code such as CS-101.",
                             nu_full_clean(course));
}

nu_test(students_are_found_by_each_word)
{
    nu_make(Student, student_factory, .first_name = S("Ada"), .last_name = S("Lovelace"));
    nu_make(Student, student_factory, .first_name = S("Grace"), .last_name = S("Hopper"));
    nu_assert_query(students_search(nu_objects(Student), S("hop gra")), "S-002 Grace Hopper");
    nu_assert_query(students_search(nu_objects(Student), S("ada hopper")));
}

nu_test(an_enrollment_is_made_once)
{
    Student *ada = nu_make(Student, student_factory);
    Course *course = course_of(nu_make(Department, department_factory));

    nu_create(Enrollment, .student = nu_ref_to(ada), .course = nu_ref_to(course),
              .enrolled_on = nu_today());
    nu_assert_raises(NU_INTEGRITY_ERROR,
                     nu_create(Enrollment, .student = nu_ref_to(ada), .course = nu_ref_to(course),
                               .enrolled_on = nu_today()));
}

nu_test(the_clock_stands_where_it_is_set)
{
    nu_datetime moment = nu_datetime_of(2024, 2, 29, 12, 0, 0);
    Student *ada;

    nu_travel_to(moment);
    ada = nu_make(Student, student_factory);
    nu_assert_equal(ada->created_at, moment);
}

/* ---- pages ----------------------------------------------------------------------------------- */

nu_test(students_are_listed_by_pages_of_twenty, .tags = { "pages" })
{
    nu_client *client = nu_test_client(t);
    nu_response *page;

    for (int i = 0; i < 25; i++)
        nu_make(Student, student_factory);
    page = nu_client_get(client, "/students/", .query = NU_VARS(("page", 2)));
    nu_assert_contains(page, "S-021");
    nu_assert_not_contains(page, "S-020");
    nu_assert_template_used(page, "registry/students/list.html");
    nu_assert_template_used(page, "registry/base.html");
    nu_assert_template_not_used(page, "registry/courses/list.html");
    nu_assert_equal(nu_response_context(page, "is_paginated"), true);
}

nu_test(the_list_of_departments_asks_once, .tags = { "pages" })
{
    nu_client *client = nu_test_client(t);

    nu_make(Department, department_factory);
    nu_make(Department, department_factory);
    nu_assert_num_queries(1, nu_client_get(client, "/departments/"));
}

nu_test(a_new_student_is_saved_and_shown, .tags = { "pages" })
{
    nu_client *client = nu_test_client(t);
    nu_response *answer =
        nu_client_post(client, "/students/new/", ("roll_no", "S-9"), ("first_name", "Ada"),
                       ("last_name", "Lovelace"), ("email", "ada@school.example"),
                       ("status", "active"), ("address", "{}"));
    Student *ada = nu_get(Student, Q("roll_no", "S-9"));

    nu_assert_redirects(answer, nu_fmt("/students/{}/", ada->id), .do_not_fetch = true);
    nu_assert_contains(nu_client_get(client, "/students/"), "Ada Lovelace was added.");
}

nu_test(a_wrong_student_is_refused_field_by_field, .tags = { "pages" })
{
    nu_client *client = nu_test_client(t);
    nu_response *answer =
        nu_client_post(client, "/students/new/", ("first_name", "Ada"), ("email", "nowhere"));
    nu_form *form = nu_response_form(answer, "form");

    nu_assert_form_error(form, "roll_no", "This field is required.");
    nu_assert_form_error(form, "email", "Enter a valid email address.");
    nu_assert_form_error(form, "first_name");
    nu_assert_equal(nu_count(nu_objects(Student)), 0);
}

nu_test(a_form_without_its_token_is_refused, .tags = { "pages" })
{
    nu_client *client = nu_test_client(t, .enforce_csrf_checks = true);

    nu_assert_equal(nu_status(nu_client_post(client, "/students/new/", ("roll_no", "S-9"))), 403);
}

nu_test(a_student_that_is_not_there_is_not_found, .tags = { "pages" })
{
    nu_assert_equal(nu_status(nu_client_get(nu_test_client(t), "/students/99/")), 404);
}

nu_test(the_theme_is_kept_in_a_cookie, .tags = { "pages" })
{
    nu_client *client = nu_test_client(t);
    nu_response *answer = nu_client_request(client, POST, "/theme/set/",
                                            .data = NU_VARS(("theme", "dark")), .follow = true);

    nu_assert_redirects(answer, "/");
    nu_assert_equal(nu_client_cookie(client, "theme"), "dark");
}

nu_test(students_as_json, .tags = { "json" })
{
    nu_response *answer;

    nu_make(Student, student_factory, .first_name = S("Zoë"));
    answer = nu_client_get(nu_test_client(t), "/students.json");
    nu_assert_contains(answer, "Zo\\u00eb");
    nu_assert_equal(nu_response_header(answer, "Content-Type"), "application/json");
}

nu_test(a_browser_sees_what_is_committed, .transactions = true, .tags = { "live" })
{
    nu_str page, url = nu_live_server(t);

    nu_make(Department, department_factory, .name = S("Astronomy"));
    nu_assert_equal(nu_live_run(t, &page, "curl", "-sf", nu_fmt("{}/departments/", url).ptr), 0);
    nu_assert_in("Astronomy", page);
}

NU_TESTS(registry_tests, a_code_is_unique, a_course_code_has_letters_and_digits,
         students_are_found_by_each_word, an_enrollment_is_made_once,
         the_clock_stands_where_it_is_set, students_are_listed_by_pages_of_twenty,
         the_list_of_departments_asks_once, a_new_student_is_saved_and_shown,
         a_wrong_student_is_refused_field_by_field, a_form_without_its_token_is_refused,
         a_student_that_is_not_there_is_not_found, the_theme_is_kept_in_a_cookie, students_as_json,
         a_browser_sees_what_is_committed)
