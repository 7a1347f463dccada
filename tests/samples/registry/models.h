/* registry/models.h: plain structs. A debugger, an IDE and grep all understand them. */
#pragma once
#include <nuages/nuages.h>

TextChoices(StudentStatus, (STUDENT_ACTIVE, "active", "Active"), (STUDENT_GRADUATED, "graduated", "Graduated"),
            (STUDENT_SUSPENDED, "suspended", "Suspended"));
NU_DECLARE_MODEL(Student);
NU_DECLARE_MODEL(Department);
NU_DECLARE_MODEL(Course);
NU_DECLARE_MODEL(Enrollment);

struct Department {
    NU_OBJECT(Department);
    nu_id  id;
    nu_str name;
};

struct Course {
    NU_OBJECT(Course);
    nu_id  id;
    nu_str title;
};

struct Student {
    NU_OBJECT(Student);
    nu_id        id;
    nu_str       roll_no;
    nu_str       first_name;
    nu_str       email;
    nu_date      date_of_birth;
    StudentStatus status;
    nu_decimal   gpa;
    Department_ref department;
    nu_datetime  created_at;
};

struct Enrollment {
    NU_OBJECT(Enrollment);
    nu_id       id;
    Student_ref student;
    Course_ref  course;
};
