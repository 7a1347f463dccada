/* Validation, in Django's words. */
#include "school_db.h"

#include "core/object.h"

#include <nuages/decimal.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>

/* The first message about a field; "" when there is none. */
static nu_str message_of(nu_dict *errors, const char *field)
{
    nu_value list = errors ? nu_item(errors, field) : nu_null();

    return list.kind == NU_KIND_LIST ? nu_string(nu_at(list.list, 0)) : S("");
}

static Student *valid_student(void)
{
    return nu_new(Student, .roll_no = S("S9"), .first_name = S("Ada"), .last_name = S("L"),
                  .email = S("ada@example.org"));
}

static void a_valid_instance_has_no_errors(void)
{
    school_tables();
    CHECK(nu_errors_of(valid_student()) == NULL);
    nu_full_clean(valid_student());
}

static void fields_are_checked_by_their_types_and_validators(void)
{
    Student *student;
    Course *course;
    nu_dict *errors;

    school_tables();
    school_seed();
    student = valid_student();
    student->roll_no = S("");
    student->first_name = (nu_str){ 0 };
    student->email = S("not an address");
    student->gpa = DEC(12.345);
    student->last_name = nu_fmt("{:>61}", "x");
    errors = nu_errors_of(student);
    CHECK_STR(message_of(errors, "roll_no"), "This field cannot be blank.");
    CHECK_STR(message_of(errors, "first_name"), "This field cannot be null.");
    CHECK_STR(message_of(errors, "email"), "Enter a valid email address.");
    CHECK_STR(message_of(errors, "gpa"), "Ensure that there are no more than 3 digits in total.");
    CHECK_STR(message_of(errors, "last_name"),
              "Ensure this value has at most 60 characters (it has 61).");
    course = nu_new(Course, .title = S("T"), .code = S("bad"), .credits = 13,
                    .department = { .id = 99 }, .fee = DEC(-1));
    errors = nu_errors_of(course);
    CHECK_STR(message_of(errors, "code"), "Enter a code such as CS-101.");
    CHECK_STR(message_of(errors, "credits"), "Ensure this value is less than or equal to 12.");
    CHECK_STR(message_of(errors, "fee"), "Ensure this value is greater than or equal to 0.");
    CHECK_STR(message_of(errors, "department"),
              "department instance with id 99 is not a valid choice.");
    course->department.id = 0;
    CHECK_STR(message_of(nu_errors_of(course), "department"), "This field cannot be null.");
}

static void choices_must_be_of_the_list(void)
{
    Student *student;
    Payment *payment;

    school_tables();
    student = valid_student();
    student->status = (StudentStatus)9;
    CHECK(nu_ends_with(message_of(nu_errors_of(student), "status"), S("is not a valid choice.")) ||
          message_of(nu_errors_of(student), "status").len > 0);
    payment = nu_new(Payment, .amount = DEC(1));
    CHECK_STR(message_of(nu_errors_of(payment), "method"), "This field cannot be blank.");
}

static void unique_values_are_looked_for(void)
{
    Student *student, *saved;

    school_tables();
    school_seed();
    student = valid_student();
    student->roll_no = S("S1");
    CHECK_STR(message_of(nu_errors_of(student), "roll_no"),
              "Student with this Roll number already exists.");
    saved = nu_get(Student, Q("roll_no", "S1"));
    CHECK(nu_errors_of(saved) == NULL); /* it is not compared with itself */
}

static void constraints_are_checked_with_their_messages(void)
{
    Student *student;
    Enrollment *again;

    school_tables();
    school_seed();
    student = valid_student();
    student->gpa = DEC(4.5);
    CHECK_STR(message_of(nu_errors_of(student), "__all__"), "The GPA lies between 0 and 4.");
    student->gpa = DEC(4);
    CHECK(nu_errors_of(student) == NULL);
    again = nu_new(Enrollment, .student = { .id = 1 }, .course = { .id = 1 },
                   .enrolled_on = nu_date_of(2024, 1, 1));
    CHECK_STR(message_of(nu_errors_of(again), "__all__"),
              "Enrollment with this Student and Course already exists.");
    again->course.id = 2;
    CHECK(nu_errors_of(again) == NULL);
}

static void full_clean_raises_what_is_wrong(void)
{
    Student *student;
    const nu_error *error;

    school_tables();
    student = valid_student();
    student->email = S("");
    error = nu_catch(NU_VALIDATION_ERROR, (nu_full_clean(student), 0));
    CHECK(error && error->detail);
    CHECK_STR(message_of(error ? error->detail : NULL, "email"), "This field cannot be blank.");
}

static void the_database_keeps_constraints_too(void)
{
    const nu_error *error;

    school_tables();
    school_seed();
    error = nu_catch(NU_INTEGRITY_ERROR,
                     nu_create(Student, .roll_no = S("S1"), .email = S("x@example.org")));
    CHECK(nu_starts_with(error->message,
                         nu_s(BY_DATABASE("UNIQUE constraint failed: registry_student.roll_no",
                                          "duplicate key value violates unique constraint "
                                          "\"registry_student_roll_no_key\"",
                                          "(1062, \"Duplicate entry 'S1' for key 'roll_no'\")"))));
    CHECK_RAISES(
        NU_INTEGRITY_ERROR, "student_gpa_range",
        nu_create(Student, .roll_no = S("S2"), .email = S("y@example.org"), .gpa = DEC(5)));
    CHECK_RAISES(NU_INTEGRITY_ERROR,
                 BY_DATABASE("NOT NULL constraint failed", "null value in column",
                             "(1048, \"Column 'student_id' cannot be null\")"),
                 nu_create(Enrollment, .enrolled_on = nu_date_of(2024, 1, 1)));
}

HARNESS(a_valid_instance_has_no_errors, fields_are_checked_by_their_types_and_validators,
        choices_must_be_of_the_list, unique_values_are_looked_for,
        constraints_are_checked_with_their_messages, full_clean_raises_what_is_wrong,
        the_database_keeps_constraints_too)
