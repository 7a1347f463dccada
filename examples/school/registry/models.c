#include "models.h"

static nu_str department_str(const void *object)
{
    return ((const Department *)object)->name;
}

static nu_str tag_str(const void *object)
{
    return ((const Tag *)object)->name;
}

static nu_str course_str(const void *object)
{
    const Course *course = object;

    return nu_fmt("{} {}", course->code, course->title);
}

static nu_str course_url(const void *object)
{
    return nu_url("course-page", ((const Course *)object)->id);
}

static nu_value student_full_name(const void *object)
{
    const Student *student = object;

    return V(nu_fmt("{} {}", student->first_name, student->last_name));
}

static nu_str student_str(const void *object)
{
    const Student *student = object;

    return nu_fmt("{} {} {}", student->roll_no, student->first_name, student->last_name);
}

static nu_str student_url(const void *object)
{
    return nu_url("student-page", ((const Student *)object)->id);
}

static nu_str enrollment_str(const void *object)
{
    const Enrollment *enrollment = object;

    return nu_fmt("{} in {}", enrollment->student.id, enrollment->course.id);
}

static nu_str attendance_str(const void *object)
{
    const Attendance *attendance = object;

    return nu_fmt("{} on {}", attendance->enrollment.id, attendance->date);
}

static nu_str payment_str(const void *object)
{
    const Payment *payment = object;

    return nu_fmt("{} by {}", payment->amount, payment->student.id);
}

static nu_query *active(nu_query *students, nu_values args)
{
    (void)args;
    return nu_filter(students, Q("status", STUDENT_ACTIVE));
}

/* Student.objects.search("ada") in the shell. */
static nu_query *search(nu_query *students, nu_values args)
{
    if (args.len != 1)
        nu_raise(NU_TYPE_ERROR, "search() takes 1 argument ({} given)", args.len);
    return students_search(students, nu_string(args.items[0]));
}

nu_query *students_search(nu_query *students, nu_str text)
{
    nu_list *words = nu_split(text);

    for (size_t i = 0; i < nu_list_len(words); i++) {
        nu_value word = nu_at(words, i);

        students = nu_filter(
            students, nu_or(Q("first_name__icontains", word), Q("last_name__icontains", word),
                            Q("roll_no__iexact", word), Q("email__istartswith", word)));
    }
    return students;
}

/* clang-format off */
const nu_model Department_model = {
    MODEL(Department), .app_label = "registry", .ordering = { "name" }, .str = department_str,
    .fields = {
        CharField(Department, name, .max_length = 100, .unique = true),
        SlugField(Department, code, .max_length = 12, .unique = true),
    },
};

const nu_model Tag_model = {
    MODEL(Tag), .app_label = "registry", .ordering = { "slug" }, .str = tag_str,
    .fields = {
        CharField(Tag, name, .max_length = 40, .unique = true),
        SlugField(Tag, slug, .max_length = 40, .unique = true),
    },
};

const nu_model Course_model = {
    MODEL(Course), .app_label = "registry", .ordering = { "code" }, .str = course_str, .get_absolute_url = course_url,
    .fields = {
        CharField      (Course, title,       .max_length = 120),
        CharField      (Course, code,        .max_length = 12, .unique = true,
                                             .help_text = "Two to four letters, a dash, three digits.",
                                             .validators = { Regex("^[A-Z]{2,4}-\\d{3}$",
                                                                   .message = "Enter a code such as CS-101.",
                                                                   .code = "code_format") }),
        PositiveSmallIntegerField(Course, credits, .validators = { MinValue(1), MaxValue(12) }),
        ForeignKey     (Course, department, Department, .on_delete = PROTECT, .related_name = "courses"),
        ManyToManyField(Course, tags, Tag,   .blank = true, .related_name = "courses"),
        TextField      (Course, description, .blank = true),
        DateField      (Course, starts_on,   .null = true, .blank = true),
        DecimalField   (Course, fee,         .max_digits = 8, .decimal_places = 2, Default("0.00"),
                                             .validators = { MinValue(0) }),
    },
};

const nu_model Student_model = {
    MODEL(Student), .app_label = "registry", .ordering = { "roll_no" }, .str = student_str, .get_absolute_url = student_url,
    .fields = {
        CharField    (Student, roll_no,       .verbose_name = "roll number", .max_length = 20, .unique = true),
        CharField    (Student, first_name,    .max_length = 60),
        CharField    (Student, last_name,     .max_length = 60),
        EmailField   (Student, email,         .unique = true),
        DateField    (Student, date_of_birth, .null = true, .blank = true),
        ChoiceField  (Student, status, StudentStatus, .max_length = 10, Default(STUDENT_ACTIVE)),
        DecimalField (Student, gpa,           .verbose_name = "GPA", .max_digits = 3, .decimal_places = 2,
                                              .null = true, .blank = true),
        ImageField   (Student, photo,         .upload_to = "photos/", .blank = true),
        JSONField    (Student, address,       .default_call = nu_default_dict, .blank = true),
        DateTimeField(Student, created_at,    .auto_now_add = true),
        DateTimeField(Student, updated_at,    .auto_now = true),
        OneToOneField(Student, user, nu_user, .on_delete = SET_NULL, .null = true, .blank = true,
                                              .related_name = "student"),
        ManyToManyField(Student, courses, Course, .through = &Enrollment_model, .related_name = "students"),
    },
    .indexes = { NamedIndex("student_name_idx", "last_name", "first_name") },
    .constraints = {
        CheckConstraint("student_gpa_range", "gpa__isnull=True|gpa__gte=0,gpa__lte=4",
                        .violation_error_message = "The GPA lies between 0 and 4."),
    },
    .query_methods = { QueryMethod("active", active), QueryMethod("search", search) },
    .properties = { Property("full_name", student_full_name) },
};

const nu_model Enrollment_model = {
    MODEL(Enrollment), .app_label = "registry", .ordering = { "id" }, .str = enrollment_str,
    .fields = {
        ForeignKey (Enrollment, student, Student, .on_delete = CASCADE, .related_name = "enrollments"),
        ForeignKey (Enrollment, course, Course,   .on_delete = CASCADE, .related_name = "enrollments"),
        ChoiceField(Enrollment, grade, Grade,     .max_length = 1, .null = true, .blank = true),
        DateField  (Enrollment, enrolled_on),
    },
    .constraints = { UniqueConstraint("one_enrollment_per_course", "student", "course") },
};

const nu_model Attendance_model = {
    MODEL(Attendance), .app_label = "registry", .ordering = { "date", "id" }, .str = attendance_str,
    .verbose_name_plural = "attendance",
    .fields = {
        ForeignKey  (Attendance, enrollment, Enrollment, .on_delete = CASCADE, .related_name = "attendance"),
        DateField   (Attendance, date),
        BooleanField(Attendance, present, Default(true)),
    },
    .indexes = { NamedIndex("attendance_enr_date_idx", "enrollment", "date") },
};

const nu_model Payment_model = {
    MODEL(Payment), .app_label = "registry", .ordering = { "-paid_at", "-id" }, .str = payment_str,
    .fields = {
        ForeignKey   (Payment, student, Student, .on_delete = CASCADE, .related_name = "payments"),
        DecimalField (Payment, amount,    .max_digits = 10, .decimal_places = 2, .validators = { MinValue(0.01) }),
        ChoiceField  (Payment, method, PaymentMethod, .max_length = 10),
        DateTimeField(Payment, paid_at),
        UUIDField    (Payment, reference, .unique = true, .default_call = nu_default_uuid4),
    },
};
/* clang-format on */
