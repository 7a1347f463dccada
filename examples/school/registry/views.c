#include "views.h"

#include "forms.h"

#include <openssl/evp.h>

/* ---- home ---------------------------------------------------------------------------------- */

enum { PLOT_HEIGHT = 150, PLOT_BASE = 190 };

typedef struct {
    nu_str grade;
    int64_t n;
} GradeCount;

static int64_t count_of(const GradeCount *counts, size_t n, const char *grade)
{
    for (size_t i = 0; i < n; i++)
        if (nu_eq(counts[i].grade, grade))
            return counts[i].n;
    return 0;
}

/* A bar for each grade: its letter, label, number, and where it stands in the plot. */
static nu_list *grade_bars(void)
{
    nu_query *graded = nu_exclude(nu_order_by(nu_objects(Enrollment)), Q("grade", nu_null()));
    nu_query *by_grade = nu_annotate(nu_values(graded, "grade"), ("n", Count("id")));
    size_t n_counts;
    const GradeCount *counts = nu_rows(GradeCount, by_grade, &n_counts, grade, n);
    nu_list *bars = nu_list_new();
    int64_t most = 1;

    for (size_t i = 0; i < n_counts; i++)
        most = counts[i].n > most ? counts[i].n : most;
    for (int i = 0; i < Grade_choices.len; i++) {
        const nu_choice *choice = &Grade_choices.items[i];
        int64_t n = count_of(counts, n_counts, choice->value), height = n * PLOT_HEIGHT / most;

        nu_list_append(bars, NU_DICT(("letter", choice->value), ("label", choice->label), ("n", n),
                                     ("height", height), ("top", PLOT_BASE - height)));
    }
    return bars;
}

void home_context(nu_request *req, nu_dict *context)
{
    struct {
        int64_t count;
        nu_opt_float average;
    } students;

    (void)req;
    nu_aggregate(nu_objects(Student), &students, (count, Count("*")), (average, Avg("gpa")));
    nu_dict_set(context, "departments",
                nu_order_by(nu_annotate(nu_objects(Department), ("n", Count("courses"))), "name"));
    nu_dict_set(context, "student_count", students.count);
    nu_dict_set(context, "course_count", nu_count(nu_objects(Course)));
    nu_dict_set(context, "enrollment_count", nu_count(nu_objects(Enrollment)));
    nu_dict_set(context, "average_gpa", students.average);
    nu_dict_set(context, "grades", grade_bars());
    nu_dict_set(context, "newest_students",
                nu_slice(nu_order_by(nu_objects(Student), "-created_at"), 0, 5));
}

/* ---- students ------------------------------------------------------------------------------ */

/* The columns that the list may be ordered by: ?o=gpa, ?o=-gpa. */
static const struct {
    const char *field, *label;
} columns[] = { { "roll_no", "Roll number" },
                { "last_name", "Name" },
                { "email", "Email" },
                { "status", "Status" },
                { "gpa", "GPA" } };
enum { COLUMNS = sizeof columns / sizeof *columns };

static nu_query *ordered(nu_query *students, nu_str by)
{
    bool descending = nu_starts_with(by, S("-"));
    nu_str field = descending ? (nu_str){ by.ptr + 1, by.len - 1 } : by;

    for (size_t i = 0; i < COLUMNS; i++)
        if (nu_eq(field, columns[i].field))
            return nu_order_by(students,
                               nu_fmt("{}{}", descending ? "-" : "", columns[i].field).ptr, "id");
    return students;
}

nu_query *student_list_query(nu_request *req)
{
    StudentSearchForm *form = nu_alloc(StudentSearchForm);
    nu_query *students = nu_objects(Student);

    if (nu_query_form_is_valid(req, StudentSearchForm, form)) {
        if (form->q.len)
            students = students_search(students, form->q);
        if (form->status)
            students = nu_filter(students, Q("status", form->status));
    }
    nu_request_set(req, "search_form", V(form));
    return ordered(students, nu_query_param(req, "o"));
}

void student_list_context(nu_request *req, nu_dict *context)
{
    nu_str by = nu_query_param(req, "o");
    nu_list *heads = nu_list_new();

    for (size_t i = 0; i < COLUMNS; i++) {
        bool up = nu_eq(by, columns[i].field), down = nu_eq(by, nu_fmt("-{}", columns[i].field));

        nu_list_append(heads, NU_DICT(("label", columns[i].label),
                                      ("order", nu_fmt("{}{}", up ? "-" : "", columns[i].field)),
                                      ("sorted", up     ? "ascending"
                                                 : down ? "descending"
                                                        : "")));
    }
    nu_dict_set(context, "columns", heads);
    nu_dict_set(context, "order", by.len ? by : S(""));
    nu_dict_set(context, "form", nu_request_value(req, "search_form"));
}

nu_query *student_query(nu_request *req)
{
    (void)req;
    return nu_select_related(nu_objects(Student), "user");
}

void student_context(nu_request *req, nu_dict *context)
{
    const Student *student = nu_object_of(Student, nu_item(context, "object"));

    (void)req;
    nu_dict_set(context, "enrollments",
                nu_select_related(nu_related(student, "enrollments"), "course__department"));
    nu_dict_set(context, "enrollment_form",
                nu_modelform_for(NULL, EnrollmentForm, nu_new(Enrollment)));
}

/* Enroll one student in a course; the form stands on the student's page too. */
nu_response *enroll(nu_request *req)
{
    Student *student = nu_get_or_404(Student, Q("pk", nu_path_id(req, "student_pk")));
    Enrollment *enrollment = nu_new(Enrollment, .student = nu_ref_to(student));
    nu_form *form = nu_modelform_for(req, EnrollmentForm, enrollment);
    bool valid = nu_form_valid(form);

    if (valid && nu_exists(nu_filter(nu_related(student, "enrollments"),
                                     Q("course", enrollment->course.id)))) {
        nu_form_error(form, "course", "The student takes this course already.");
        valid = false;
    }
    if (!valid)
        return nu_render(req, "registry/enrollments/form.html", ("student", student),
                         ("form", form));
    nu_form_save(form);
    nu_messages_info(req, "Enrolled in {}.", nu_follow(enrollment, course)->code);
    return nu_redirect_object(req, student);
}

/* ---- courses and departments --------------------------------------------------------------- */

nu_query *course_list_query(nu_request *req)
{
    (void)req;
    return nu_prefetch_related(nu_select_related(nu_objects(Course), "department"), With("tags"));
}

nu_query *course_query(nu_request *req)
{
    (void)req;
    return nu_select_related(nu_objects(Course), "department");
}

nu_response *department_delete(nu_request *req)
{
    Department *department = nu_get_or_404(Department, Q("pk", nu_path_id(req, "pk")));
    const nu_error *error;

    if (!(nu_request_method(req) & (POST | DELETE)))
        return nu_render(req, "registry/departments/confirm_delete.html", ("object", department),
                         ("department", department));
    error = nu_catch_atomic(NU_PROTECTED_ERROR, nu_delete(department));
    if (error)
        nu_messages_error(req, "{} courses belong to {}.",
                          nu_list_len(nu_as_list(nu_item(error->detail, "objects"))),
                          department->name);
    else
        nu_messages_success(req, "{} was deleted.", department->name);
    return nu_redirect(req, "department-list-page");
}

/* ---- the catalogue, with conditional requests ----------------------------------------------- */

static nu_str catalogue_text(void)
{
    nu_list *lines = nu_list_new();

    nu_each (Course, course, nu_objects(Course))
        nu_list_append(lines, nu_fmt("{}\t{}\t{}\t{}\n", course->code, course->title,
                                     course->credits, course->fee));
    return nu_join(S(""), lines);
}

nu_str catalogue_etag(nu_request *req)
{
    nu_str text = catalogue_text(), hex = S("");
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t len = 0;

    (void)req;
    EVP_Q_digest(NULL, "MD5", NULL, text.ptr, text.len, digest, &len);
    for (size_t i = 0; i < len; i++)
        hex = nu_fmt("{}{:02x}", hex, digest[i]);
    return nu_fmt("\"{}\"", hex);
}

nu_datetime catalogue_last_modified(nu_request *req)
{
    struct {
        nu_date start;
    } newest;

    (void)req;
    nu_aggregate(nu_objects(Course), &newest, (start, Max("starts_on")));
    return nu_is_null(newest.start) ? (nu_datetime){ 0 }
                                    : nu_make_aware(newest.start, nu_time_of(0, 0, 0, 0), nu_utc);
}

nu_response *catalogue(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = catalogue_text(),
                            .content_type = "text/tab-separated-values; charset=utf-8");
}

/* ---- JSON ---------------------------------------------------------------------------------- */

nu_response *search_json(nu_request *req)
{
    nu_list *results = nu_list_new();

    nu_each (Student, student,
             nu_slice(students_search(nu_objects(Student), nu_query_param(req, "q")), 0, 5))
        nu_list_append(results, nu_string(V(student)));
    return nu_json(200, ("results", results));
}

/* A page of the list: ?page=2; 404 for one that is not there, as for the pages of HTML. */
nu_response *students_json(nu_request *req)
{
    nu_page *page = nu_paginate(req,
                                nu_values(nu_objects(Student), "id", "roll_no", "first_name",
                                          "last_name", "email", "status", "gpa"),
                                20);

    return nu_json(200, ("count", nu_paginator_count(nu_page_paginator(page))),
                   ("page", nu_page_number(page)), ("results", nu_page_object_list(page)));
}

nu_response *student_json(nu_request *req)
{
    const Student *student = nu_get_or_404(Student, Q("pk", nu_path_id(req, "pk")));

    return nu_json(
        200, ("id", student->id), ("roll_no", student->roll_no),
        ("first_name", student->first_name), ("last_name", student->last_name),
        ("email", student->email), ("status", nu_choice_text(StudentStatus, student->status)),
        ("gpa", student->gpa), ("date_of_birth", student->date_of_birth),
        ("address", student->address), ("created_at", student->created_at),
        ("courses", nu_values(nu_order_by(nu_related(student, "enrollments"), "course__code"),
                              "course__code", "course__title", "grade")));
}

/* ---- colours ------------------------------------------------------------------------------- */

nu_response *set_theme(nu_request *req)
{
    nu_str theme = nu_post_param(req, "theme"), back = nu_request_header(req, "Referer");
    nu_response *response;

    if (!theme.ptr)
        theme = S("light");
    if (!nu_eq(theme, "light") && !nu_eq(theme, "dark"))
        return nu_http_response(.status = 400, .content_type = "text/plain",
                                .body = S("unknown theme"));
    response = back.len ? nu_redirect(req, back) : nu_redirect(req, "home");
    nu_set_cookie(response, "theme", theme, .max_age = 3600, .httponly = true,
                  .samesite = "Strict");
    return response;
}

nu_response *theme_page(nu_request *req)
{
    return nu_render(req, "registry/theme.html", ("cookie_theme", nu_request_cookie(req, "theme")),
                     ("session_theme", nu_null()));
}

/* ---- accounts ------------------------------------------------------------------------------ */

void open_house_context(nu_request *req, nu_dict *context)
{
    (void)req;
    nu_dict_set(context, "perms",
                NU_DICT(("registry", NU_DICT(("add_student", true), ("change_student", true),
                                             ("delete_student", true), ("add_course", true),
                                             ("change_course", true), ("add_enrollment", true),
                                             ("delete_department", true)))));
}

/* Nobody needs to log in: on to where the visitor wanted to go. */
nu_response *open_house(nu_request *req)
{
    nu_str next = nu_query_param(req, "next");
    bool local = next.len && next.ptr[0] == '/' &&
                 !(next.len > 1 && (next.ptr[1] == '/' || next.ptr[1] == '\\'));

    return local ? nu_redirect(req, next) : nu_redirect(req, "home");
}
