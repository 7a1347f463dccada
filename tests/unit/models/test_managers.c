/* Writing by names that are known at run time, through queries and relations. */
#include "school_db.h"

#include "core/object.h"

#include <nuages/decimal.h>
#include <nuages/managers.h>
#include <nuages/signals.h>
#include <nuages/timezone.h>

static void start(void)
{
    school_tables();
    school_seed();
}

static Course *logic(void)
{
    return nu_get(Course, Q("code", "CS-101"));
}

/* ---- instances ---------------------------------------------------------------------------- */

static void rows_are_created_by_name(void)
{
    Course *course;

    start();
    course = nu_create_in(Course, nu_objects(Course), ("title", "Graphs"), ("code", "CS-103"),
                          ("credits", "5"), ("department_id", 1), ("starts_on", "2024-09-01"));
    CHECK_INT(course->credits, 5);
    CHECK_INT(course->starts_on.ordinal, nu_date_of(2024, 9, 1).ordinal);
    CHECK_STR(nu_string(nu_field_get(course, "starts_on")), "2024-09-01");
    CHECK(nu_field_get(course, "starts_on").kind == NU_KIND_STR);
    nu_refresh(course);
    CHECK(nu_field_get(course, "starts_on").kind == NU_KIND_DATE);
    CHECK_RAISES(NU_TYPE_ERROR, "Course() got unexpected keyword arguments: 'nothing', 'more'",
                 nu_create_in(Course, nu_objects(Course), ("nothing", 1), ("more", 2)));
    CHECK_RAISES(NU_INTEGRITY_ERROR,
                 BY_DATABASE("NOT NULL constraint failed: registry_course.credits",
                             "null value in column \"credits\"",
                             "(1048, \"Column 'credits' cannot be null\")"),
                 nu_create_in(Course, nu_objects(Course), ("title", "T"), ("code", "C"),
                              ("department_id", 1)));
    CHECK_RAISES(NU_VALUE_ERROR, "Field 'credits' expected a number but got 'abc'.",
                 nu_create_in(Course, nu_objects(Course), ("title", "T"), ("credits", "abc"),
                              ("department_id", 1)));
}

static void expressions_are_written_on_saving(void)
{
    Course *course;

    start();
    course = logic();
    nu_field_set(course, "credits", nu_add(F("credits"), 2));
    CHECK_INT(course->credits, 3);
    nu_save_with(course, .update_fields = NU_NAMES("credits"));
    CHECK_STR(school_last_sql(), "UPDATE \"registry_course\" SET \"credits\" = "
                                 "(\"registry_course\".\"credits\" + %s) WHERE "
                                 "\"registry_course\".\"id\" = %s");
    nu_refresh(course);
    CHECK_INT(course->credits, 5);
    CHECK_INT(nu_field_get(course, "credits").i, 5);
    CHECK_RAISES(NU_VALUE_ERROR, "F() expressions can only be used to update, not to insert",
                 nu_create_in(Tag, nu_objects(Tag), ("name", F("slug")), ("slug", "x")));
    CHECK_STR(
        nu_create_in(Tag, nu_objects(Tag), ("name", Upper(Value("new"))), ("slug", "new"))->slug,
        "new");
    CHECK_STR(nu_get(Tag, Q("slug", "new"))->name, "NEW");
}

static void a_copy_is_another_row(void)
{
    Course *course, *copy;

    start();
    course = logic();
    copy = nu_copy_of(course);
    copy->id = 0;
    copy->code = S("CS-201");
    nu_save(copy);
    CHECK(copy->id != course->id);
    CHECK_INT(nu_count(nu_objects(Course)), 3);
}

static void forces_are_honoured(void)
{
    Tag *tag;

    start();
    tag = nu_get(Tag, Q("slug", "core"));
    CHECK_RAISES(NU_INTEGRITY_ERROR,
                 BY_DATABASE("UNIQUE constraint failed: registry_tag.id",
                             "duplicate key value violates",
                             "(1062, \"Duplicate entry '1' for key 'PRIMARY'\")"),
                 (nu_save_with(tag, .force_insert = true), 0));
    CHECK_RAISES(
        NU_DATABASE_ERROR, "Forced update did not affect any rows.",
        (nu_save_with(nu_new(Tag, .id = 77, .name = S("x"), .slug = S("x")), .force_update = true),
         0));
    CHECK_RAISES(NU_VALUE_ERROR, "Cannot force both insert and updating in model saving.",
                 (nu_save_with(tag, .force_insert = true, .force_update = true), 0));
    CHECK_RAISES(NU_VALUE_ERROR, "Cannot force an update in save() with no primary key.",
                 (nu_save_with(nu_new(Tag), .force_update = true), 0));
    CHECK_RAISES(NU_VALUE_ERROR, "primary keys, or are non-concrete fields: id, nothing",
                 (nu_save_with(tag, .update_fields = NU_NAMES("id", "nothing", "name")), 0));
    CHECK_QUERIES(0, nu_save_with(tag, .update_fields = NU_NAMES()));
}

static void refreshing_may_name_fields_and_a_query(void)
{
    Course *course;

    start();
    course = logic();
    nu_update(nu_objects(Course), ("title", "Changed"), ("credits", 9));
    nu_refresh_with(course, .fields = NU_NAMES("title"));
    CHECK_STR(course->title, "Changed");
    CHECK_INT(course->credits, 3);
    nu_refresh_with(course, .from_queryset = nu_select_related(nu_objects(Course), "department"));
    CHECK_INT(course->credits, 9);
    CHECK_QUERIES(0, CHECK_STR(nu_follow(course, department)->code, "cs"));
    CHECK_RAISES(NU_VALUE_ERROR, "Found \"__\" in fields argument.",
                 (nu_refresh_with(course, .fields = NU_NAMES("department__code")), 0));
}

static void rows_have_neighbours_by_date(void)
{
    Attendance *first, *second;

    start();
    first = nu_get(Attendance);
    second = nu_create(Attendance, .enrollment = { .id = 1 }, .date = first->date);
    CHECK_INT(nu_next_by(first, "date")->id, second->id);
    CHECK_INT(nu_previous_by(second, "date", Q("enrollment", 1))->id, first->id);
    CHECK_RAISES(NU_DOES_NOT_EXIST, "Attendance matching query does not exist.",
                 nu_next_by(second, "date"));
    CHECK_RAISES(NU_ATTRIBUTE_ERROR, "'Course' object has no attribute 'get_next_by_starts_on'",
                 nu_next_by(logic(), "starts_on"));
}

/* ---- through queries ------------------------------------------------------------------------ */

static void a_row_is_got_or_created(void)
{
    bool created;
    Tag *tag;

    start();
    CHECK_QUERIES(1, tag = nu_get_or_create_in(Tag, nu_objects(Tag), &created, (("slug", "core")),
                                               ("name", "other")));
    CHECK(!created);
    CHECK_STR(tag->name, "Core");
    tag = nu_get_or_create_in(Tag, nu_objects(Tag), &created, (("slug__iexact", "FRESH")),
                              ("slug", "fresh"), ("name", "Fresh"));
    CHECK(created);
    CHECK_STR(tag->slug, "fresh");
    CHECK_RAISES(
        NU_FIELD_ERROR, "Invalid field name(s) for model Tag: 'a', 'b'.",
        nu_get_or_create_in(Tag, nu_objects(Tag), NULL, (("slug", "none")), ("b", 1), ("a", 2)));
}

static void a_row_is_updated_or_created(void)
{
    nu_var lookup[] = { { "slug", V("fresh") }, { 0 } }, update[] = { { "name", V("New") }, { 0 } };
    nu_var create[] = { { "name", V("Made") }, { 0 } };
    bool created;
    Tag *tag;

    start();
    tag = (Tag *)nu_update_or_create_in_(nu_objects(Tag), lookup, update, create, &created);
    CHECK(created);
    CHECK_STR(tag->name, "Made");
    tag = (Tag *)nu_update_or_create_in_(nu_objects(Tag), lookup, update, create, &created);
    CHECK(!created);
    CHECK_STR(nu_get(Tag, Q("slug", "fresh"))->name, "New");
}

static void many_rows_are_updated_at_once(void)
{
    Course **courses;
    size_t n;

    start();
    courses = nu_fetch_all(Course, nu_order_by(nu_objects(Course), "pk"), &n);
    courses[0]->credits = 7;
    nu_field_set(courses[1], "credits", nu_mul(F("credits"), 2));
    CHECK_QUERIES(1, CHECK_INT(nu_bulk_update(Course, courses, n, "credits"), 2));
    CHECK_STR(
        school_last_sql(),
        nu_fmt(
            "UPDATE \"registry_course\" SET \"credits\" = {}CASE WHEN "
            "(\"registry_course\".\"id\" = %s) THEN %s WHEN (\"registry_course\".\"id\" = %s) THEN "
            "(\"registry_course\".\"credits\" * %s) ELSE NULL END{} WHERE "
            "\"registry_course\".\"id\" IN (%s, %s)",
            BY_DATABASE("", "(", ""), BY_DATABASE("", ")::smallint", ""))
            .ptr);
    CHECK_INT(logic()->credits, 7);
    CHECK_INT(nu_get(Course, Q("code", "CS-102"))->credits, 8);
    CHECK_RAISES(NU_VALUE_ERROR, "Field names must be given to bulk_update().",
                 nu_bulk_update(Course, courses, n));
    CHECK_RAISES(NU_VALUE_ERROR, "bulk_update() cannot be used with primary key fields.",
                 nu_bulk_update(Course, courses, n, "id"));
    CHECK_RAISES(NU_VALUE_ERROR, "bulk_update() can only be used with concrete fields.",
                 nu_bulk_update(Course, courses, n, "tags"));
}

static void deletions_are_counted_by_model(void)
{
    nu_deleted deleted;

    start();
    deleted = nu_delete_counted(nu_get(Student, Q("roll_no", "S1")));
    CHECK_INT(deleted.total, 4);
    CHECK_STR(nu_string(nu_v_dict(deleted.by_model)),
              "{'registry.Attendance': 1, 'registry.Payment': 1, 'registry.Enrollment': 1, "
              "'registry.Student': 1}");
    deleted = nu_delete_all_counted(nu_objects(Course));
    CHECK_STR(nu_string(nu_v_dict(deleted.by_model)),
              "{'registry.Course_tags': 1, 'registry.Course': 2}");
}

/* ---- through relations ---------------------------------------------------------------------- */

static void rows_of_a_foreign_key_are_added_and_created(void)
{
    Department *department;
    Course *course = NULL, *made;
    bool created;

    start();
    department = nu_create(Department, .name = S("Physics"), .code = S("ph"));
    course = logic();
    CHECK_QUERIES(1, nu_related_add(department, "courses", course));
    CHECK_INT(course->department.id, department->id);
    made = nu_related_create(Course, department, "courses", ("title", "Optics"), ("code", "PH-1"),
                             ("credits", 2));
    CHECK_INT(made->department.id, department->id);
    nu_related_get_or_create(Course, department, "courses", &created, (("code", "PH-1")));
    CHECK(!created);
    CHECK_INT(nu_count(nu_related(department, "courses")), 2);
    CHECK_RAISES(NU_VALUE_ERROR, "instance isn't saved. Use bulk=False or save the object first.",
                 (nu_related_add(department, "courses", nu_new(Course, .code = S("X"))), 0));
    CHECK_RAISES(NU_ATTRIBUTE_ERROR, "'RelatedManager' object has no attribute 'remove'",
                 (nu_related_remove(department, "courses", course), 0));
    CHECK_RAISES(NU_TYPE_ERROR, "'Course' instance expected, got",
                 (nu_related_add(department, "courses", department), 0));
}

static void many_to_many_is_written_from_both_sides(void)
{
    Course *course;
    Tag *tag;

    start();
    course = logic();
    tag = nu_related_create(Tag, course, "tags", ("name", "Lab"), ("slug", "lab"));
    CHECK_INT(nu_count(nu_related(course, "tags")), 2);
    nu_related_add(tag, "courses", 2);
    CHECK_INT(nu_count(nu_related(tag, "courses")), 2);
    nu_related_remove(tag, "courses", course);
    CHECK_INT(nu_count(nu_related(tag, "courses")), 1);
    nu_related_set(tag, "courses", nu_objects(Course));
    CHECK_INT(nu_count(nu_related(tag, "courses")), 2);
    nu_related_clear(tag, "courses");
    CHECK_INT(nu_count(nu_related(tag, "courses")), 0);
    CHECK_RAISES(NU_TYPE_ERROR,
                 "Direct assignment to the forward side of a many-to-many set is prohibited. Use "
                 "tags.set() instead.",
                 (nu_field_set(course, "tags", 1), 0));
}

static void the_rows_between_take_defaults(void)
{
    nu_var between[] = { { "enrolled_on", V(nu_date_of(2024, 2, 3)) }, { 0 } };
    Student *student;

    start();
    student = nu_get(Student, Q("roll_no", "S1"));
    nu_related_add_(&student->object, "courses", NU_ARGS(2),
                    &(nu_relating){ .through_defaults = between });
    CHECK_INT(nu_get(Enrollment, Q("course", 2))->enrolled_on.ordinal,
              nu_date_of(2024, 2, 3).ordinal);
}

/* ---- by values of a unique field ---------------------------------------------------------- */

NU_DECLARE_MODEL(Badge);
struct Badge {
    NU_OBJECT(Badge);
    nu_id id;
    nu_str code, place;
};
const nu_model Badge_model = {
    MODEL(Badge),
    .app_label = "registry",
    .fields = { CharField(Badge, code, .max_length = 9), CharField(Badge, place, .max_length = 9) },
    .constraints = { UniqueConstraint("badge_code", "code"),
                     { .name = "badge_place", .fields = { "place" }, .condition = "code='x'" } },
};

static void a_constraint_of_one_field_makes_it_one_to_find_rows_by(void)
{
    static const nu_model *const models[] = { &Badge_model, NULL };

    school_tables_of(models);
    nu_create(Badge, .code = S("a"), .place = S("p"));
    nu_create(Badge, .code = S("b"), .place = S("p"));
    CHECK_STR(nu_string(nu_v_list(nu_in_bulk_(nu_objects(Badge), NU_LIST("b", "c"), "code"))),
              "[<Badge: Badge object (2)>]");
    CHECK_RAISES(NU_VALUE_ERROR, "must be a unique field but 'place' isn't",
                 nu_in_bulk_(nu_objects(Badge), NU_LIST("p"), "place"));
}

/* PostgreSQL alone has it. */
static void what_is_distinct_is_to_find_rows_by(void)
{
    static const nu_model *const models[] = { &Badge_model, NULL };
    nu_query *one_a_place;

    school_tables_of(models);
    nu_create(Badge, .code = S("a"), .place = S("p"));
    nu_create(Badge, .code = S("b"), .place = S("p"));
    one_a_place = nu_order_by(nu_distinct_on(nu_objects(Badge), "place"), "place", "-id");
    if (BY_DATABASE(false, true, false))
        CHECK_STR(nu_string(nu_v_list(nu_in_bulk_(one_a_place, NU_LIST("p"), "place"))),
                  "[<Badge: Badge object (2)>]");
    else
        CHECK_RAISES(NU_NOT_SUPPORTED_ERROR, "DISTINCT ON",
                     nu_in_bulk_(one_a_place, NU_LIST("p"), "place"));
}

HARNESS(rows_are_created_by_name, expressions_are_written_on_saving, a_copy_is_another_row,
        forces_are_honoured, refreshing_may_name_fields_and_a_query, rows_have_neighbours_by_date,
        a_row_is_got_or_created, a_row_is_updated_or_created, many_rows_are_updated_at_once,
        deletions_are_counted_by_model, rows_of_a_foreign_key_are_added_and_created,
        many_to_many_is_written_from_both_sides, the_rows_between_take_defaults,
        a_constraint_of_one_field_makes_it_one_to_find_rows_by, what_is_distinct_is_to_find_rows_by)
