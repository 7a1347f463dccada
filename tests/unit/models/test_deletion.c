/* What goes with a row, and what keeps it. */
#include "school_db.h"

#include "core/object.h"

#include <nuages/decimal.h>
#include <nuages/queries.h>
#include <nuages/signals.h>
#include <nuages/timezone.h>

static Student *the_student(void)
{
    return nu_get(Student, Q("roll_no", "S1"));
}

static void deleting_takes_what_cascades(void)
{
    Student *student;

    school_tables();
    school_seed();
    student = the_student();
    nu_delete(student);
    CHECK_INT(student->id, 0);
    CHECK_INT(nu_count(nu_objects(Enrollment)), 0);
    CHECK_INT(nu_count(nu_objects(Attendance)), 0);
    CHECK_INT(nu_count(nu_objects(Payment)), 0);
    CHECK_INT(nu_count(nu_objects(Course)), 2);
}

static void deletes_go_in_djangos_order(void)
{
    static const char *const want[] = {
        "SELECT \"registry_enrollment\".\"id\" FROM",
        "DELETE FROM \"registry_attendance\" WHERE \"registry_attendance\".\"enrollment_id\" IN",
        "DELETE FROM \"registry_payment\" WHERE \"registry_payment\".\"student_id\" IN (%s)",
        "DELETE FROM \"registry_enrollment\" WHERE \"registry_enrollment\".\"id\" IN (%s)",
        "DELETE FROM \"registry_student\" WHERE \"registry_student\".\"id\" IN (%s)",
    };
    Student *student;

    school_tables();
    school_seed();
    student = the_student();
    CHECK_QUERIES(5, nu_delete(student));
    for (size_t i = 0; i < 5; i++)
        CHECK(nu_starts_with(school_sql(i), nu_s(want[i])));
}

static void a_protected_row_stays(void)
{
    const nu_error *error;
    nu_value kept;

    school_tables();
    school_seed();
    error = nu_catch(NU_INTEGRITY_ERROR, (nu_delete(nu_get(Department, Q("code", "cs"))), 0));
    CHECK(error && error->klass == NU_PROTECTED_ERROR);
    if (!error)
        return;
    CHECK_STR(error->message, "Cannot delete some instances of model 'Department' because they are "
                              "referenced through protected foreign keys: 'Course.department'.");
    kept = nu_item(error->detail, "objects");
    CHECK_INT(nu__value_length(kept), 2);
    CHECK_INT(nu_count(nu_objects(Department)), 1);
}

static void set_null_keeps_the_referring_row(void)
{
    nu_user *user;

    school_tables();
    school_seed();
    user = nu_create(nu_user, .username = S("ada"));
    nu_set(the_student(), .user = nu_ref_to(user));
    nu_delete(user);
    CHECK_INT(the_student()->user.id, 0);
}

static void all_rows_of_a_query_are_deleted(void)
{
    school_tables();
    school_seed();
    CHECK_INT(nu_delete_all(nu_filter(nu_objects(Payment), Q("student__roll_no", "S1"))), 1);
    CHECK_INT(nu_delete_all(nu_objects(Student)), 3); /* with an enrollment and an attendance */
    CHECK_INT(nu_delete_all(nu_objects(Student)), 0);
    CHECK_RAISES(NU_TYPE_ERROR, "Cannot use 'limit' or 'offset' with delete().",
                 nu_delete_all(nu_slice(nu_objects(Course), 0, 1)));
    CHECK_RAISES(NU_TYPE_ERROR, "Cannot call delete() after .values()",
                 nu_delete_all(nu_values(nu_objects(Course), "code")));
    CHECK_RAISES(NU_VALUE_ERROR, "its id attribute is set to None", (nu_delete(nu_new(Tag)), 0));
}

static int n_heard;
static nu_str heard;

static void hear(const nu_signal_event *event)
{
    n_heard++;
    heard = nu_fmt("{} {} {}", heard, event->signal == NU_PRE_DELETE ? "pre" : "post",
                   nu_v_object(event->instance));
}

static void receivers_see_each_row_go(void)
{
    nu_receiver rows[] = { receiver(NU_PRE_DELETE, Payment, hear),
                           receiver(NU_POST_DELETE, Payment, hear) };

    school_tables();
    school_seed();
    n_heard = 0;
    heard = S("");
    for (int i = 0; i < 2; i++)
        nu_signal_connect(&rows[i]);
    nu_delete(the_student());
    for (int i = 0; i < 2; i++)
        nu_signal_disconnect(&rows[i]);
    CHECK_INT(n_heard, 2);
    CHECK_STR(heard, " pre 1.00 by 1 post 1.00 by 1");
}

HARNESS(deleting_takes_what_cascades, deletes_go_in_djangos_order, a_protected_row_stays,
        set_null_keeps_the_referring_row, all_rows_of_a_query_are_deleted,
        receivers_see_each_row_go)
