/* registry/models.c: const descriptor tables, checked by the compiler against the struct. */
#include "models.h"

static nu_str department_str(const void *object)
{
    const Department *department = object;

    return department->name;
}

static nu_str course_str(const void *object)
{
    const Course *course = object;

    return course->title;
}

static nu_str student_str(const void *object)
{
    const Student *student = object;

    return nu_fmt("{} {}", student->roll_no, student->first_name);
}

const nu_model Department_model = {
    MODEL(Department), .app_label = "registry", .ordering = { "name" }, .str = department_str,
    .fields = { CharField(Department, name, .max_length = 100, .unique = true) },
};

const nu_model Course_model = {
    MODEL(Course), .app_label = "registry", .ordering = { "title" }, .str = course_str,
    .fields = { CharField(Course, title, .max_length = 120) },
};

const nu_model Student_model = {
    MODEL(Student), .app_label = "registry", .ordering = { "roll_no" }, .str = student_str,
    .fields = {
        CharField    (Student, roll_no,       .max_length = 20, .unique = true),
        CharField    (Student, first_name,    .max_length = 60),
        EmailField   (Student, email,         .unique = true),
        DateField    (Student, date_of_birth, .null = true, .blank = true),
        ChoiceField  (Student, status, StudentStatus, .max_length = 10, Default(STUDENT_ACTIVE)),
        DecimalField (Student, gpa,           .max_digits = 3, .decimal_places = 2, .null = true,
                                              .validators = { MinValue(0), MaxValue(4) }),
        ForeignKey   (Student, department, Department, .on_delete = PROTECT, .related_name = "students"),
        DateTimeField(Student, created_at,    .auto_now_add = true),
    },
    .indexes = { Index("department", "-created_at") },
};

const nu_model Enrollment_model = {
    MODEL(Enrollment), .app_label = "registry",
    .fields = {
        ForeignKey(Enrollment, student, Student, .on_delete = CASCADE, .related_name = "enrollments"),
        ForeignKey(Enrollment, course, Course,   .on_delete = CASCADE, .related_name = "enrollments"),
    },
};
