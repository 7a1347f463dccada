/* Making, saving, reading, deleting one instance. */
#include "school_db.h"

#include "core/object.h"
#include "db/models/instance.h"

#include <nuages/decimal.h>
#include <nuages/json.h>
#include <nuages/managers.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>
#include <nuages/transaction.h>
#include <nuages/uuid.h>

static Student *new_student(const char *roll_no)
{
    return nu_create(Student, .roll_no = nu_s(roll_no), .first_name = S("Ada"),
                     .last_name = S("Lovelace"), .email = nu_fmt("{}@example.org", roll_no));
}

static void members_left_out_take_their_defaults(void)
{
    Student *student;
    Payment *payment;

    school_setup();
    student = nu_new(Student, .roll_no = S("S1"));
    payment = nu_new(Payment);
    CHECK_STR(student->roll_no, "S1");
    CHECK_STR(student->first_name, "");
    CHECK(student->first_name.ptr != NULL);
    CHECK(student->status == STUDENT_ACTIVE);
    CHECK(nu_is_null(student->gpa));
    CHECK_STR(nu_to_json(student->address), "{}");
    CHECK(!nu_is_null(payment->reference));
    CHECK(nu_new(Attendance)->present);
    CHECK(!nu_new(Attendance, .present = false)->present);
    CHECK_STR(nu_decimal_str(nu_new(Course)->fee), "0.00");
}

static void a_row_comes_back_as_it_was_saved(void)
{
    Student *made, *read;

    school_tables();
    made = nu_create(Student, .roll_no = S("S1"), .first_name = S("Zoë"), .last_name = S("O'Hara"),
                     .email = S("z@example.org"), .date_of_birth = nu_date_of(1998, 2, 28),
                     .gpa = DEC(3.5), .status = STUDENT_SUSPENDED,
                     .address = nu_json_of(NU_DICT(("city", "Lisbon"), ("floor", 2))));
    CHECK(made->id > 0);
    CHECK(!nu_is_null(made->created_at));
    read = nu_get(Student, Q("pk", made->id));
    CHECK_STR(read->first_name, "Zoë");
    CHECK_STR(read->last_name, "O'Hara");
    CHECK_INT(read->date_of_birth.ordinal, nu_date_of(1998, 2, 28).ordinal);
    CHECK_STR(nu_decimal_str(read->gpa), "3.50");
    CHECK(read->status == STUDENT_SUSPENDED);
    CHECK_STR(nu_to_json(read->address), "{\"city\": \"Lisbon\", \"floor\": 2}");
    CHECK_INT(read->created_at.us, made->created_at.us);
    CHECK(read->user.id == 0);
}

static void saving_updates_what_was_read_and_inserts_what_was_not(void)
{
    Tag *tag, *other;

    school_tables();
    tag = nu_create(Tag, .name = S("Core"), .slug = S("core"));
    tag->name = S("Kernel");
    CHECK_QUERIES(1, nu_save(tag));
    CHECK_STR(school_last_sql(), "UPDATE \"registry_tag\" SET \"name\" = %s, \"slug\" = %s WHERE "
                                 "\"registry_tag\".\"id\" = %s");
    other = nu_new(Tag, .id = 77, .name = S("New"), .slug = S("new"));
    CHECK_QUERIES(2, nu_save(other)); /* nothing to update, so it is inserted */
    CHECK_STR(school_last_sql(), "INSERT INTO \"registry_tag\" (\"id\", \"name\", \"slug\") VALUES "
                                 "(%s, %s, %s) RETURNING \"registry_tag\".\"id\"");
    CHECK_INT(nu_count(nu_objects(Tag)), 2);
    CHECK_STR(nu_get(Tag, Q("pk", 77))->name, "New");
}

static void set_writes_only_its_members(void)
{
    Student *student, *stale;

    school_tables();
    student = new_student("S1");
    stale = nu_get(Student, Q("pk", student->id));
    nu_set(student, .gpa = DEC(2), .date_of_birth = nu_date_of(2000, 1, 1));
    CHECK_STR(school_last_sql(),
              "UPDATE \"registry_student\" SET \"date_of_birth\" = %s, \"gpa\" = "
              "%s WHERE \"registry_student\".\"id\" = %s");
    nu_set(stale, .first_name = S("Grace"));
    nu_refresh(student);
    CHECK_STR(student->first_name, "Grace");
    CHECK_STR(nu_decimal_str(student->gpa), "2.00");
}

static void fields_that_were_not_read_are_not_written(void)
{
    Student *student;

    school_tables();
    new_student("S1");
    student = nu_get_in(Student, nu_only(nu_objects(Student), "first_name"), Q("roll_no", "S1"));
    CHECK(nu_is_null(student->last_name));
    student->first_name = S("Grace");
    nu_save(student);
    CHECK_STR(school_last_sql(), "UPDATE \"registry_student\" SET \"first_name\" = %s WHERE "
                                 "\"registry_student\".\"id\" = %s");
    CHECK_STR(nu_string(nu_field_get(student, "last_name")), "Lovelace");
    CHECK_STR(student->last_name, "Lovelace");
}

static void nothing_to_update_is_an_error_when_fields_are_named(void)
{
    Tag *tag;

    school_tables();
    tag = nu_create(Tag, .name = S("Core"), .slug = S("core"));
    nu_delete_all(nu_objects(Tag));
    CHECK_RAISES(NU_DATABASE_ERROR, "Save with update_fields did not affect any rows.",
                 (nu_save_fields(tag, "name"), 0));
    CHECK_RAISES(NU_VALUE_ERROR, "do not exist in this model", (nu_save_fields(tag, "nam"), 0));
}

static void an_unsaved_related_object_is_refused(void)
{
    Department *department;
    Course *course;

    school_tables();
    department = nu_new(Department, .name = S("Computing"), .code = S("cs"));
    CHECK_RAISES(NU_VALUE_ERROR, "unsaved related object 'department'",
                 nu_create(Course, .title = S("T"), .code = S("T"), .credits = 1,
                           .department = nu_ref_to(department)));
    course = nu_new(Course, .title = S("T"), .code = S("T"), .credits = 1,
                    .department = nu_ref_to(department));
    nu_save(department);
    nu_save(course); /* the key is known now */
    CHECK_INT(course->department.id, department->id);
}

static void get_or_create_makes_a_row_once(void)
{
    bool created;
    Tag *first, *again;

    school_tables();
    first = nu_get_or_create(Tag, &created, (.slug = S("core")), .name = S("Core"));
    CHECK(created);
    again = nu_get_or_create(Tag, &created, (.slug = S("core")), .name = S("Other"));
    CHECK(!created);
    CHECK_INT(again->id, first->id);
    CHECK_STR(again->name, "Core");
    again = nu_update_or_create(Tag, &created, (.slug = S("core")), .name = S("Other"));
    CHECK(!created);
    CHECK_STR(nu_get(Tag, Q("slug", "core"))->name, "Other");
    nu_update_or_create(Tag, &created, (.slug = S("new")), .name = S("New"));
    CHECK(created);
}

static void get_tells_none_from_many(void)
{
    school_tables();
    new_student("S1");
    new_student("S2");
    CHECK_RAISES(NU_DOES_NOT_EXIST, "Student matching query does not exist.",
                 nu_get(Student, Q("roll_no", "S9")));
    CHECK_RAISES(NU_MULTIPLE_OBJECTS_RETURNED,
                 "get() returned more than one Student -- it returned 2!",
                 nu_get(Student, Q("first_name", "Ada")));
    CHECK_RAISES(NU_HTTP404, "No Student matches the given query.",
                 nu_get_or_404(Student, Q("roll_no", "S9")));
    CHECK(nu_find(Student, Q("roll_no", "S9")) == NULL);
    CHECK(nu_first(Tag, nu_objects(Tag)) == NULL);
    CHECK_STR(nu_last(Student, nu_objects(Student))->roll_no, "S2");
}

static void a_query_is_read_as_its_own_model_only(void)
{
    school_tables();
    CHECK_RAISES(NU_TYPE_ERROR, "this query is over registry.Tag, not Student",
                 nu_first(Student, nu_objects(Tag)));
    CHECK_RAISES(NU_TYPE_ERROR, "gives rows, not objects",
                 nu_first(Tag, nu_values(nu_objects(Tag), "name")));
}

static void an_enum_that_the_database_does_not_know_is_kept_there(void)
{
    Student *student;

    school_tables();
    new_student("S1");
    nu_execute("UPDATE registry_student SET status = %s", "expelled");
    student = nu_get(Student, Q("roll_no", "S1"));
    CHECK(student->status == StudentStatus_unset);
    nu_save(student);
    CHECK_INT(nu_count(nu_filter(nu_objects(Student), Q("status", "expelled"))), 1);
}

static void expressions_update_and_are_read_back(void)
{
    Course *course;

    school_tables();
    school_seed();
    course = nu_get(Course, Q("code", "CS-101"));
    nu_update_object(course, ("credits", nu_add(F("credits"), 4)), ("title", "Sets"));
    CHECK_INT(course->credits, 7);
    CHECK_STR(course->title, "Sets");
}

static void bulk_create_takes_plain_structs(void)
{
    Tag tags[3] = { { .name = S("A"), .slug = S("a") },
                    { .name = S("B"), .slug = S("b") },
                    { .id = 40, .name = S("C"), .slug = S("c") } };
    Tag again[2] = { { .name = S("A"), .slug = S("a") }, { .name = S("D"), .slug = S("d") } };
    Tag update[1] = { { .name = S("Alpha"), .slug = S("a") } };

    school_tables();
    CHECK_QUERIES(2, nu_bulk_create(Tag, tags, 3));
    CHECK(tags[0].id > 0 && tags[1].id > 0 && tags[2].id == 40);
    CHECK_STR(nu_get(Tag, Q("pk", tags[1].id))->slug, "b");
    CHECK_RAISES(NU_INTEGRITY_ERROR,
                 BY_DATABASE("UNIQUE constraint failed", "duplicate key value violates",
                             "(1062, \"Duplicate entry 'A' for key 'name'\")"),
                 (nu_bulk_create(Tag, again, 2), 0));
    nu_bulk_create(Tag, again, 2, .ignore_conflicts = true);
    CHECK_INT(nu_count(nu_objects(Tag)), 4);
    if (school_on_mariadb()) { /* which looks at every unique key */
        CHECK_RAISES(NU_NOT_SUPPORTED_ERROR,
                     "does not support updating conflicts with specifying unique fields",
                     (nu_bulk_create(Tag, update, 1, .update_fields = { "name" },
                                     .unique_fields = { "slug" }),
                      0));
        nu_bulk_create(Tag, update, 1, .update_fields = { "name" });
    } else {
        nu_bulk_create(Tag, update, 1, .update_fields = { "name" }, .unique_fields = { "slug" });
    }
    CHECK_STR(nu_get(Tag, Q("slug", "a"))->name, "Alpha");
    nu_save(&tags[0]); /* they are instances now */
    CHECK_STR(nu_get(Tag, Q("slug", "a"))->name, "A");
}

static void dates_of_change_are_kept(void)
{
    Student *student;
    nu_datetime created, updated;

    school_tables();
    student = new_student("S1");
    created = student->created_at;
    updated = student->updated_at;
    nu_save(student);
    CHECK_INT(student->created_at.us, created.us);
    CHECK(student->updated_at.us > updated.us);
}

/* More rows than a statement takes: each gets its own key, in one transaction. */
static void bulk_create_of_many_rows_sets_each_key(void)
{
    enum { N = 3000 };
    Tag *tags = nu_alloc_array(Tag, N);
    bool in_order = true;

    school_tables();
    for (int i = 0; i < N; i++)
        tags[i] = (Tag){ .name = nu_fmt("n{}", i), .slug = nu_fmt("s{}", i) };
    nu_bulk_create(Tag, tags, N);
    CHECK_INT(nu_count(nu_objects(Tag)), N);
    for (int i = 0; i < N; i++)
        in_order &= tags[i].id == i + 1;
    CHECK(in_order);
    CHECK_STR(nu_get(Tag, Q("pk", tags[N - 1].id))->slug, nu_fmt("s{}", N - 1));
}

static void bulk_create_that_fails_in_the_middle_leaves_nothing(void)
{
    enum { N = 3000 };
    Tag *tags = nu_alloc_array(Tag, N);

    school_tables();
    for (int i = 0; i < N; i++)
        tags[i] = (Tag){ .name = nu_fmt("n{}", i), .slug = nu_fmt("s{}", i == 2500 ? 7 : i) };
    CHECK_RAISES(NU_INTEGRITY_ERROR,
                 BY_DATABASE("UNIQUE constraint failed: registry_tag.slug",
                             "duplicate key value violates",
                             "(1062, \"Duplicate entry 's7' for key 'slug'\")"),
                 (nu_bulk_create(Tag, tags, N), 0));
    CHECK_INT(nu_count(nu_objects(Tag)), 0);
}

static void a_number_that_is_no_enumerator_is_refused(void)
{
    Student *student;

    school_tables();
    student = new_student("S1");
    nu_save(student);
    CHECK_INT(nu_count(nu_filter(nu_objects(Student), Q("status", STUDENT_ACTIVE))), 1);
    CHECK_RAISES(NU_VALUE_ERROR, "Field 'status' expected an enumerator of its choices",
                 nu_count(nu_filter(nu_objects(Student), Q("status", 77))));
    CHECK_RAISES(NU_VALUE_ERROR, "Field 'status' expected an enumerator of its choices",
                 nu_update(nu_objects(Student), ("status", 77)));
    nu_field_set(student, "status", STUDENT_GRADUATED);
    CHECK_INT(student->status, STUDENT_GRADUATED);
}

static void save_twice(void)
{
    Tag *tag = nu_create(Tag, .name = S("a"), .slug = S("a"));

    nu_atomic_scope();
    (void)!nu_catch(NU_INTEGRITY_ERROR, nu_create(Tag, .name = S("b"), .slug = tag->slug));
    nu_count(nu_objects(Tag));
}

static void update_all(void)
{
    nu_create(Tag, .name = S("c"), .slug = S("c"));
    nu_atomic_scope();
    (void)!nu_catch(NU_INTEGRITY_ERROR, nu_update(nu_objects(Tag), ("slug", "one")));
    nu_count(nu_objects(Tag));
}

static void an_error_caught_inside_a_block_leaves_it_unusable(void)
{
    school_tables();
    CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR, "An error occurred in the current transaction.",
                 save_twice());
    CHECK_RAISES(NU_TRANSACTION_MANAGEMENT_ERROR, "An error occurred in the current transaction.",
                 update_all());
    CHECK_INT(nu_count(nu_objects(Tag)), 2);
}

HARNESS(members_left_out_take_their_defaults, a_row_comes_back_as_it_was_saved,
        saving_updates_what_was_read_and_inserts_what_was_not, set_writes_only_its_members,
        fields_that_were_not_read_are_not_written,
        nothing_to_update_is_an_error_when_fields_are_named, an_unsaved_related_object_is_refused,
        get_or_create_makes_a_row_once, get_tells_none_from_many,
        a_query_is_read_as_its_own_model_only,
        an_enum_that_the_database_does_not_know_is_kept_there, expressions_update_and_are_read_back,
        bulk_create_takes_plain_structs, dates_of_change_are_kept,
        bulk_create_of_many_rows_sets_each_key, bulk_create_that_fails_in_the_middle_leaves_nothing,
        a_number_that_is_no_enumerator_is_refused,
        an_error_caught_inside_a_block_leaves_it_unusable)
