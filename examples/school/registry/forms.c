#include "forms.h"

static void clean_roll_no(nu_form *form, void *instance)
{
    Student *student = instance;

    (void)form;
    student->roll_no = nu_upper(student->roll_no);
}

static void clean_student(nu_form *form, void *instance)
{
    const Student *student = instance;

    if (student->status == STUDENT_GRADUATED && nu_form_cleaned(form, "status") &&
        (!nu_form_cleaned(form, "gpa") || nu_is_null(student->gpa)))
        nu_form_error(form, "gpa", "A graduate needs a GPA.");
    if (nu_form_cleaned(form, "first_name") && nu_form_cleaned(form, "last_name") &&
        student->first_name.len && nu_eq(student->first_name, student->last_name))
        nu_form_error(form, NULL, "First and last name are the same.");
}

/* clang-format off */
const nu_modelform StudentForm = {
    MODEL_FORM(Student),
    .fields = { "roll_no", "first_name", "last_name", "email", "date_of_birth", "status", "gpa", "photo", "address" },
    .overrides = {
        { "roll_no", .clean = clean_roll_no },
        { "date_of_birth", .widget = "DateInput", .attrs = { "type=date" } },
        { "email", .help_text = "Any address; the API accepts only school addresses." },
    },
    .clean = clean_student,
};

const nu_form_spec StudentSearchForm_form = {
    FORM(StudentSearchForm),
    .fields = {
        CharField  (StudentSearchForm, q, .blank = true, .max_length = 50, .verbose_name = "Search"),
        ChoiceField(StudentSearchForm, status, StudentStatus, .blank = true),
    },
    .overrides = { { "status", .empty_label = "Any status" } },
};

const nu_modelform CourseForm = {
    MODEL_FORM(Course),
    .fields = { "title", "code", "credits", "department", "tags", "description", "starts_on", "fee" },
    .overrides = {
        { "tags", .widget = "CheckboxSelectMultiple" },
        { "description", .widget = "Textarea", .attrs = { "rows=4", "cols=60" } },
    },
};

const nu_modelform EnrollmentForm = {
    MODEL_FORM(Enrollment),
    .fields = { "course", "enrolled_on" },
};
/* clang-format on */
