/* seed_demo: fill an empty database with the demonstration data, the same every time. */
#include "../models.h"

#include <nuages/cli.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* clang-format off */
static const struct {
    const char *name, *code;
} departments[] = { { "Computer Science", "cs" }, { "Mathematics", "math" }, { "Physics", "phys" } };

static const struct {
    const char *name, *slug;
} tags[] = {
    { "Core", "core" }, { "Elective", "elective" }, { "Laboratory", "lab" }, { "Online", "online" }, { "Évening", "evening" },
};

static const struct {
    const char *title, *code;
    int64_t credits;
    const char *department, *tags[2];
} courses[] = {
    { "Introduction to Programming", "CS-101", 6, "cs", { "core" } },
    { "Data Structures", "CS-102", 6, "cs", { "core" } },
    { "Operating Systems", "CS-201", 5, "cs", { "core", "lab" } },
    { "Databases", "CS-202", 5, "cs", { "core", "online" } },
    { "Compilers", "CS-301", 4, "cs", { "elective" } },
    { "Calculus I", "MA-101", 6, "math", { "core" } },
    { "Linear Algebra", "MA-102", 6, "math", { "core", "online" } },
    { "Probability & Statistics", "MA-201", 5, "math", { "elective", "online" } },
    { "Topology", "MA-301", 3, "math", { NULL } },
    { "Mechanics", "PH-101", 5, "phys", { "core", "lab" } },
    { "Electromagnetism", "PH-102", 5, "phys", { "lab" } },
    { "Quantum Physics", "PH-301", 4, "phys", { "elective", "evening" } },
};

static const char *const first_names[] = {
    "Ada", "Bruno", "Chloé", "Dmitri", "Emma", "Farid", "Grace", "Hiro", "Inês", "Jonas", "Kavya", "Liam", "Mónica",
    "Noor", "Olga", "Pavel", "Quinn", "Rosa", "Søren", "Tomás",
};
static const char *const last_names[] = {
    "Almeida", "Brown", "Çelik", "Dvořák", "Eriksen", "Fischer", "García", "Haddad", "Ivanova", "Jensen", "Kim",
    "Lopez", "Müller", "Nakamura", "O'Brien", "Patel", "Quispe", "Rossi", "Sato", "Tran", "Usman", "Virtanen", "Wang",
};
static const char *const cities[] = { "Lisbon", "Berlin", "Oslo", "São Paulo", "Nairobi" };
static const Grade grades[] = { GRADE_A, GRADE_B, GRADE_C, 0, GRADE_B, GRADE_D, GRADE_A, GRADE_F, 0, GRADE_C, GRADE_B };
static const PaymentMethod methods[] = { PAYMENT_CASH, PAYMENT_CARD, PAYMENT_TRANSFER };

static const struct {
    const char *name;
    bool staff, superuser, inactive;
    const char *salt;
} users[] = {
    { "admin", true, true, false, "saltadmin0000000000000" },
    { "registrar", true, false, false, "saltregistrar000000000" },
    { "teacher", true, false, false, "saltteacher00000000000" },
    { "ada", false, false, false, "saltada000000000000000" },
    { "bruno", false, false, false, "saltbruno0000000000000" },
    { "outsider", false, false, false, "saltoutsider0000000000" },
    { "inactive", false, false, true, "saltinactive0000000000" },
};
static const char *const teacher_permissions[] = {
    "view_student", "view_course", "change_course", "view_enrollment", "view_attendance", "add_attendance", "change_attendance",
};
/* clang-format on */

static nu_datetime after_epoch(int64_t days, nu_timedelta more)
{
    nu_datetime epoch = nu_datetime_of(2024, 1, 1, 8, 0, 0);

    return nu_datetime_add(nu_datetime_add(epoch, nu_days(days)), more);
}

/* ---- users --------------------------------------------------------------------------------- */

static void make_groups(nu_group **registrars, nu_group **teachers)
{
    nu_query *own = nu_filter(nu_objects(nu_permission), Q("content_type__app_label", "registry"));
    nu_list *codenames = nu_list_new();

    for (size_t i = 0; i < COUNT(teacher_permissions); i++)
        nu_list_append(codenames, teacher_permissions[i]);
    *registrars = nu_create(nu_group, .name = S("Registrars"));
    nu_many_set(*registrars, permissions, own);
    *teachers = nu_create(nu_group, .name = S("Teachers"));
    nu_many_set(*teachers, permissions, nu_filter(own, Q("codename__in", codenames)));
}

static nu_user *make_user(size_t i)
{
    nu_str name = nu_s(users[i].name), title = nu_copy(name);

    ((char *)title.ptr)[0] -= 'a' - 'A'; /* a fresh copy; all names are lower-case ASCII */
    return nu_create(nu_user, .username = name, .first_name = title, .last_name = S("User"),
                     .password = nu_make_password(nu_fmt("{}-pass-1", name), nu_s(users[i].salt)),
                     .email = nu_fmt("{}@school.example", name), .is_staff = users[i].staff,
                     .is_superuser = users[i].superuser, .is_active = !users[i].inactive,
                     .date_joined = after_epoch((int64_t)i, nu_seconds(0)));
}

static void make_users(nu_user *made[COUNT(users)])
{
    nu_group *registrars, *teachers;

    make_groups(&registrars, &teachers);
    for (size_t i = 0; i < COUNT(users); i++)
        made[i] = make_user(i);
    nu_many_add(made[1], groups, registrars);
    nu_many_add(made[2], groups, teachers);
}

/* ---- courses ------------------------------------------------------------------------------- */

static Course *make_course(size_t i)
{
    Department *department = nu_get(Department, Q("code", courses[i].department));
    nu_str description = nu_fmt("{}: {} credits of work.", courses[i].title, courses[i].credits);
    Course *course = nu_create(
        Course, .title = nu_s(courses[i].title), .code = nu_s(courses[i].code),
        .credits = courses[i].credits, .department = nu_ref_to(department),
        .description = i % 3 ? description : S(""),
        .starts_on = i % 4 ? nu_date_add(nu_date_of(2024, 9, 2), 7 * (int64_t)i) : (nu_date){ 0 },
        .fee = nu_decimal_mul(DEC(99.50), nu_decimal_from((int64_t)i + 1, 0)));

    for (size_t t = 0; t < 2 && courses[i].tags[t]; t++)
        nu_many_add(course, tags, nu_get(Tag, Q("slug", courses[i].tags[t])));
    return course;
}

static void make_courses(Course *made[COUNT(courses)])
{
    for (size_t i = 0; i < COUNT(departments); i++)
        nu_create(Department, .name = nu_s(departments[i].name), .code = nu_s(departments[i].code));
    for (size_t i = 0; i < COUNT(tags); i++)
        nu_create(Tag, .name = nu_s(tags[i].name), .slug = nu_s(tags[i].slug));
    for (size_t i = 0; i < COUNT(courses); i++)
        made[i] = make_course(i);
}

/* ---- students ------------------------------------------------------------------------------ */

static nu_json_value address_of(int64_t i)
{
    nu_dict *address = nu_dict_new();

    if (i % 5 == 4)
        return nu_json_of(address);
    nu_dict_set(address, "city", cities[i % 4]);
    nu_dict_set(address, "zip", nu_fmt("{}", 10000 + i * 13));
    nu_dict_set(address, "floor", i % 6);
    if (i % 3 == 0)
        nu_dict_set(address, "geo", NU_DICT(("lat", (double)i / 4), ("tags", NU_LIST("home", i))));
    if (i % 11 == 0)
        nu_dict_set(address, "note", nu_null());
    return nu_json_of(address);
}

static StudentStatus status_of(int64_t i)
{
    return i % 10 == 9 ? STUDENT_GRADUATED : i % 17 == 16 ? STUDENT_SUSPENDED : STUDENT_ACTIVE;
}

static Student *new_student(int64_t i)
{
    bool ungraded = i % 7 == 6 && status_of(i) != STUDENT_GRADUATED;

    return nu_new(Student, .roll_no = nu_fmt("S{:04}", i + 1),
                  .first_name = nu_s(first_names[(size_t)i % COUNT(first_names)]),
                  .last_name = nu_s(last_names[(size_t)i % COUNT(last_names)]),
                  .email = nu_fmt("s{:04}@school.example", i + 1), .status = status_of(i),
                  .date_of_birth =
                      i % 13 == 12 ? (nu_date){ 0 } : nu_date_add(nu_date_of(1998, 1, 1), i * 11),
                  .gpa = ungraded ? (nu_decimal){ 0 } : nu_decimal_from(i * 37 % 401, -2),
                  .address = address_of(i));
}

static nu_datetime created_at(int64_t i)
{
    int64_t seconds = (i % 24) * 3600 + (i % 60) * 60;

    return after_epoch(i, (nu_timedelta){ seconds * INT64_C(1000000) + i * 1001, true });
}

static void make_students(int64_t count, nu_user *const made[COUNT(users)])
{
    Student *all = nu_alloc_array(Student, (size_t)count), **rows;
    size_t n;

    for (int64_t i = 0; i < count; i++) {
        all[i] = *new_student(i);
        if (i < 2)
            all[i].user = nu_ref_to(made[3 + i]); /* ada and bruno */
    }
    nu_bulk_create(Student, all, (size_t)count);
    rows = nu_fetch_all(Student, nu_order_by(nu_objects(Student), "pk"), &n);
    for (size_t i = 0; i < n; i++) {
        rows[i]->created_at = created_at((int64_t)i);
        rows[i]->updated_at = nu_datetime_add(rows[i]->created_at, nu_days(1));
    }
    nu_bulk_update(Student, rows, n, "created_at", "updated_at"); /* saving would set them to now */
}

/* ---- what links them ----------------------------------------------------------------------- */

static void make_enrollments(Course *const made[COUNT(courses)])
{
    size_t n_students, n = 0;
    nu_id *students = nu_flat(nu_id, nu_order_by(nu_objects(Student), "pk"), "pk", &n_students);
    Enrollment *all = nu_alloc_array(Enrollment, n_students * 3 + 1);

    for (size_t i = 0; i < n_students; i++)
        for (size_t k = 0; k < 3; k++, n++)
            all[n] = (Enrollment){ .student = { .id = students[i] },
                                   .course = nu_ref_to(made[(i + k * 5) % COUNT(courses)]),
                                   .grade = grades[n % COUNT(grades)],
                                   .enrolled_on = nu_date_add(nu_date_of(2024, 2, 1), n % 90) };
    nu_bulk_create(Enrollment, all, n);
}

static void make_attendance(void)
{
    nu_query *first = nu_slice(nu_order_by(nu_objects(Enrollment), "pk"), 0, 150);
    size_t n_enrollments, n = 0;
    nu_id *enrollments = nu_flat(nu_id, first, "pk", &n_enrollments);
    Attendance *all = nu_alloc_array(Attendance, n_enrollments * 2 + 1);

    for (size_t i = 0; i < n_enrollments; i++)
        for (size_t week = 0; week < 2; week++)
            all[n++] =
                (Attendance){ .enrollment = { .id = enrollments[i] },
                              .present = (i + week) % 4 != 0,
                              .date = nu_date_add(nu_date_of(2024, 10, 7), (int64_t)week * 7) };
    nu_bulk_create(Attendance, all, n);
}

static void make_payments(void)
{
    int64_t i = 0;

    nu_each (Student, student, nu_slice(nu_order_by(nu_objects(Student), "pk"), 0, 120)) {
        nu_create(Payment, .student = nu_ref_to(student),
                  .method = methods[(size_t)i % COUNT(methods)],
                  .amount = nu_decimal_mul(DEC(50.25), nu_decimal_from(i % 8 + 1, 0)),
                  .paid_at = after_epoch(30 + i / 2, nu_seconds((double)(i / 3 * 60))),
                  .reference = nu_uuid5(nu_namespace_url, nu_fmt("payment/{}", i)));
        i++;
    }
}

/* ---- the command --------------------------------------------------------------------------- */

static int seed_demo(const nu_command_run *run)
{
    nu_user *made_users[COUNT(users)];
    Course *made_courses[COUNT(courses)];

    nu_atomic_scope();
    if (nu_exists(nu_objects(Student))) {
        nu_command_print(run, "There are students already: nothing was added.\n");
        return 0;
    }
    make_users(made_users);
    make_courses(made_courses);
    make_students(nu_command_int(run, "--students", 200), made_users);
    make_enrollments(made_courses);
    make_attendance();
    make_payments();
    nu_command_styled(run, NU_STYLE_SUCCESS,
                      "{} departments, {} courses, {} students, {} enrollments\n",
                      nu_count(nu_objects(Department)), nu_count(nu_objects(Course)),
                      nu_count(nu_objects(Student)), nu_count(nu_objects(Enrollment)));
    return 0;
}

const nu_command seed_demo_command = {
    .name = "seed_demo",
    .help = "Fill an empty database with the demonstration data, the same every time.",
    .run = seed_demo,
    .arguments = { { "--students", .metavar = "N", .default_ = "200",
                     .help = "how many students" } },
};
