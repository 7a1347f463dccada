/**
 * @file
 * The models of a school, as the reference site has them: what the tests of models and queries run
 * on.
 */
#pragma once
#include <nuages/auth.h>
#include <nuages/models.h>

NU_DECLARE_MODEL(Department);
NU_DECLARE_MODEL(Tag);
NU_DECLARE_MODEL(Course);
NU_DECLARE_MODEL(Student);
NU_DECLARE_MODEL(Enrollment);
NU_DECLARE_MODEL(Attendance);
NU_DECLARE_MODEL(Payment);

/* clang-format off */
TextChoices(StudentStatus, (STUDENT_ACTIVE, "active", "Active"),
                           (STUDENT_GRADUATED, "graduated", "Graduated"),
                           (STUDENT_SUSPENDED, "suspended", "Suspended"));
TextChoices(Grade, (GRADE_A, "A", "Excellent"), (GRADE_B, "B", "Good"), (GRADE_C, "C", "Fair"),
                   (GRADE_D, "D", "Pass"), (GRADE_F, "F", "Fail"));
TextChoices(PaymentMethod, (PAYMENT_CASH, "cash", "Cash"), (PAYMENT_CARD, "card", "Card"),
                           (PAYMENT_TRANSFER, "transfer", "Bank transfer"));

struct Department {
    NU_OBJECT(Department);
    nu_id  id;
    nu_str name;
    nu_str code;
};

struct Tag {
    NU_OBJECT(Tag);
    nu_id  id;
    nu_str name;
    nu_str slug;
};

struct Course {
    NU_OBJECT(Course);
    nu_id          id;
    nu_str         title;
    nu_str         code;
    int64_t        credits;
    Department_ref department;
    nu_many        tags;
    nu_str         description;
    nu_date        starts_on;
    nu_decimal     fee;
};

struct Student {
    NU_OBJECT(Student);
    nu_id         id;
    nu_str        roll_no;
    nu_str        first_name;
    nu_str        last_name;
    nu_str        email;
    nu_date       date_of_birth;
    StudentStatus status;
    nu_decimal    gpa;
    nu_file_ref   photo;
    nu_json_value address;
    nu_datetime   created_at;
    nu_datetime   updated_at;
    nu_user_ref   user;
    nu_many       courses;
};

struct Enrollment {
    NU_OBJECT(Enrollment);
    nu_id       id;
    Student_ref student;
    Course_ref  course;
    Grade       grade;
    nu_date     enrolled_on;
};

struct Attendance {
    NU_OBJECT(Attendance);
    nu_id          id;
    Enrollment_ref enrollment;
    nu_date        date;
    bool           present;
};

struct Payment {
    NU_OBJECT(Payment);
    nu_id         id;
    Student_ref   student;
    nu_decimal    amount;
    PaymentMethod method;
    nu_datetime   paid_at;
    nu_uuid       reference;
};

/* clang-format on */

/* All of them, with those of the users; ends with NULL. */
extern const nu_model *const school_models[];
/* Resolve them, as start-up does. */
void school_setup(void);
