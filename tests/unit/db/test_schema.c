#include "db_fixture.h"

#include "db/backends/base.h"
#include "db/backends/names.h"
#include <nuages/models.h>

#include <string.h>

/* ---- models in two states: before and after ----------------------------------------------- */

NU_DECLARE_MODEL(Department);
NU_DECLARE_MODEL(Tag);
NU_DECLARE_MODEL(Course);
NU_DECLARE_MODEL(Enrollment);

struct Department {
    NU_OBJECT(Department);
    nu_id id;
    nu_str name, code;
};

struct Tag {
    NU_OBJECT(Tag);
    nu_id id;
    nu_str name, slug;
};

struct Course {
    NU_OBJECT(Course);
    nu_id id;
    nu_str title, code, description;
    int64_t credits;
    nu_date starts_on;
    nu_decimal fee;
    nu_json_value address;
    Department_ref department;
    Course_ref follows;
    nu_many tags;
};

struct Enrollment {
    NU_OBJECT(Enrollment);
    nu_id id;
    nu_str grade;
    nu_decimal gpa;
    Course_ref course;
};

#define DEPARTMENT_FIELDS                                                                          \
    CharField(Department, name, .max_length = 100, .unique = true),                                \
        CharField(Department, code, .max_length = 12, .unique = true)
#define COURSE_FIELDS                                                                              \
    CharField(Course, title, .max_length = 120),                                                   \
        CharField(Course, code, .max_length = 12, .unique = true),                                 \
        PositiveSmallIntegerField(Course, credits, Default(3)),                                    \
        TextField(Course, description, .blank = true), DateField(Course, starts_on, .null = true), \
        DecimalField(Course, fee, .max_digits = 8, .decimal_places = 2),                           \
        ForeignKey(Course, department, Department, .on_delete = PROTECT),                          \
        ManyToManyField(Course, tags, Tag)

const nu_model Department_model = { MODEL(Department), .app_label = "registry",
                                    .fields = { DEPARTMENT_FIELDS } };
const nu_model Tag_model = { MODEL(Tag), .app_label = "registry",
                             .fields = { CharField(Tag, name, .max_length = 40, .unique = true),
                                         SlugField(Tag, slug, .max_length = 40, .unique = true) } };
const nu_model Course_model = { MODEL(Course), .app_label = "registry",
                                .fields = { COURSE_FIELDS } };
const nu_model Enrollment_model = {
    MODEL(Enrollment),
    .app_label = "registry",
    .fields = { CharField(Enrollment, grade, .max_length = 1, .null = true),
                ForeignKey(Enrollment, course, Course, .on_delete = CASCADE),
                DecimalField(Enrollment, gpa, .max_digits = 3, .decimal_places = 2, .null = true) },
    .indexes = { NamedIndex("enrollment_idx", "course", "-grade"), Index("course", "-grade") },
    .unique_together = { { "course", "grade" } },
};

static const nu_model *const models_before[] = { &Department_model, &Tag_model, &Course_model,
                                                 &Enrollment_model, NULL };

/* As migrations describe models: those that are referred to by name. */
static const nu_model *by_name(const nu_model *model)
{
    nu_model *copy = nu_alloc(nu_model);

    *copy = *model;
    for (size_t i = 0; copy->fields[i]; i++) {
        nu_relation_field *relation;

        if (!copy->fields[i]->to)
            continue;
        relation = nu_alloc(nu_relation_field);
        *relation = *(const nu_relation_field *)copy->fields[i];
        relation->base.to_name = nu_fmt("registry.{}", relation->base.to->name).ptr;
        relation->base.to = NULL;
        copy->fields[i] = &relation->base;
    }
    return copy;
}

static const nu__registry *registry_with(const nu_model *changed)
{
    const nu_model **models = nu_alloc_array(const nu_model *, 5);

    for (size_t i = 0; i < 4; i++)
        models[i] = by_name(strcmp(models_before[i]->name, changed->name) == 0 ? changed
                                                                               : models_before[i]);
    return nu__registry_build(models, NULL);
}

static nu__model_info *model(const nu__registry *registry, const char *name)
{
    return nu__registry_find(registry, nu_fmt("registry.{}", name));
}

static const nu__field *field(const nu__model_info *info, const char *name)
{
    const nu__field *found = nu__model_field(info, nu_s(name));

    return found ? found : nu__model_many(info, nu_s(name));
}

/* ---- collecting --------------------------------------------------------------------------- */

static nu__schema_editor *collecting(void)
{
    return nu__schema_begin(DB, true, true);
}

/* Ends the editor; its statements, one a line. */
static nu_str collected(nu__schema_editor *editor)
{
    nu__buf out = { 0 };

    nu__schema_end(editor);
    for (size_t i = 0; i < nu_list_len(editor->collected); i++)
        nu__buf_fmt(&out, "{}\n", nu_at(editor->collected, i));
    return nu__buf_str(&out);
}

static bool contains(nu_str text, nu_str part)
{
    return memmem(text.ptr, text.len, part.ptr, part.len) != NULL;
}

/* Make the other operations no first ones: sqlmigrate orders the columns of that one differently.
 */
static nu__schema_editor *after_another(const nu__registry *registry)
{
    nu__schema_editor *editor = collecting();
    const nu__field *name = field(model(registry, "Department"), "name");

    nu__schema_alter_field(editor, name->model, name, name);
    return editor;
}

#define COURSE_COLUMNS                                                                             \
    "\"title\" varchar(120) NOT NULL, \"code\" varchar(12) NOT NULL UNIQUE, "                      \
    "\"credits\" smallint unsigned NOT NULL CHECK (\"credits\" >= 0), "                            \
    "\"description\" text NOT NULL, \"starts_on\" date NULL, \"fee\" decimal NOT NULL, "           \
    "\"department_id\" bigint NOT NULL REFERENCES \"registry_department\" (\"id\") "               \
    "DEFERRABLE INITIALLY DEFERRED"
#define COURSE_NAMES                                                                               \
    "\"title\", \"code\", \"credits\", \"description\", \"starts_on\", \"fee\", \"department_id\""
#define COURSE_TAIL                                                                                \
    "DROP TABLE \"registry_course\";\n"                                                            \
    "ALTER TABLE \"new__registry_course\" RENAME TO \"registry_course\";\n"                        \
    "CREATE INDEX \"registry_course_department_id_afc2c340\" ON \"registry_course\" "              \
    "(\"department_id\");\n"
#define ID "\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT"

static void new_models_are_worded_as_django_words_them(void)
{
    const nu__registry *registry = nu__registry_build(models_before, NULL);
    nu__schema_editor *editor;

    fixture_database("create.db", "");
    editor = collecting();
    nu__schema_create_model(editor, model(registry, "Department"));
    nu__schema_create_model(editor, model(registry, "Course"));
    CHECK_STR(
        collected(editor),
        "CREATE TABLE \"registry_department\" (" ID ", \"name\" varchar(100) NOT NULL UNIQUE, "
        "\"code\" varchar(12) NOT NULL UNIQUE);\n"
        "CREATE TABLE \"registry_course\" (" ID ", " COURSE_COLUMNS ");\n"
        "CREATE TABLE \"registry_course_tags\" (" ID ", \"course_id\" bigint NOT NULL REFERENCES "
        "\"registry_course\" (\"id\") DEFERRABLE INITIALLY DEFERRED, \"tag_id\" bigint NOT NULL "
        "REFERENCES \"registry_tag\" (\"id\") DEFERRABLE INITIALLY DEFERRED);\n"
        "CREATE INDEX \"registry_course_department_id_afc2c340\" ON \"registry_course\" "
        "(\"department_id\");\n"
        "CREATE UNIQUE INDEX \"registry_course_tags_course_id_tag_id_07480e48_uniq\" ON "
        "\"registry_course_tags\" (\"course_id\", \"tag_id\");\n"
        "CREATE INDEX \"registry_course_tags_course_id_49ce8377\" ON \"registry_course_tags\" "
        "(\"course_id\");\n"
        "CREATE INDEX \"registry_course_tags_tag_id_b183a977\" ON \"registry_course_tags\" "
        "(\"tag_id\");\n");
}

static void indexes_and_unique_sets_wait_for_their_table(void)
{
    const nu__registry *registry = nu__registry_build(models_before, NULL);
    nu__schema_editor *editor;

    fixture_database("indexes.db", "");
    editor = collecting();
    nu__schema_create_model(editor, model(registry, "Enrollment"));
    CHECK_STR(
        collected(editor),
        "CREATE TABLE \"registry_enrollment\" (" ID
        ", \"grade\" varchar(1) NULL, \"course_id\" bigint NOT NULL REFERENCES "
        "\"registry_course\" (\"id\") DEFERRABLE INITIALLY DEFERRED, \"gpa\" decimal NULL);\n"
        "CREATE UNIQUE INDEX \"registry_enrollment_course_id_grade_52db9ddd_uniq\" ON "
        "\"registry_enrollment\" (\"course_id\", \"grade\");\n"
        "CREATE INDEX \"registry_enrollment_course_id_be68d359\" ON \"registry_enrollment\" "
        "(\"course_id\");\n"
        "CREATE INDEX \"enrollment_idx\" ON \"registry_enrollment\" (\"course_id\", \"grade\" "
        "DESC);\n"
        "CREATE INDEX \"registry_en_course__f9b4c8_idx\" ON \"registry_enrollment\" "
        "(\"course_id\", \"grade\" DESC);\n");
}

static nu_str index_of(const nu__registry *registry, const char *text)
{
    nu_index index = { .name = "i", .expressions = { text } };
    nu__schema_editor *editor = collecting();

    nu__schema_add_index(editor, model(registry, "Enrollment"), &index);
    return collected(editor);
}

static void operator_classes_are_left_out_and_mistakes_in_them_are_named(void)
{
    const nu__registry *registry = nu__registry_build(models_before, NULL);

    fixture_database("classes.db", "");
    CHECK_STR(index_of(registry, "OpClass(Upper('grade'), name='text_pattern_ops').desc()"),
              "CREATE INDEX \"i\" ON \"registry_enrollment\" ((UPPER(\"grade\")) DESC);\n");
    CHECK_STR(index_of(registry, "OpClass('grade', 'text_pattern_ops')"),
              "CREATE INDEX \"i\" ON \"registry_enrollment\" (\"grade\");\n");
    CHECK_STR(index_of(registry,
                       "Func('grade', 'grade', RangeBoundary(False, inclusive_upper=True), "
                       "function='NUMRANGE')"),
              "CREATE INDEX \"i\" ON \"registry_enrollment\" ((NUMRANGE(\"grade\", \"grade\", "
              "'(]')));\n");
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "there is no function OpClass",
                 index_of(registry, "Upper(OpClass('grade', 'text_pattern_ops'))"));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "is wrong at character 16: \",\" expected",
                 index_of(registry, "OpClass('grade')"));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "two sides at most expected",
                 index_of(registry, "RangeBoundary(True, True, True)"));
}

static const nu_model course_with_more = {
    MODEL(Course), .app_label = "registry",
    .fields = { COURSE_FIELDS,
                ForeignKey(Course, follows, Course, .null = true, .on_delete = SET_NULL),
                JSONField(Course, address, .default_call = nu_default_dict) }
};

static void a_nullable_column_is_added_in_place_and_others_remake_the_table(void)
{
    const nu__registry *before = nu__registry_build(models_before, NULL);
    const nu__model_info *course = model(registry_with(&course_with_more), "Course");
    nu__schema_editor *editor;

    fixture_database("add.db", "");
    editor = after_another(before);
    nu__schema_add_field(editor, model(before, "Course"), field(course, "follows"));
    CHECK_STR(collected(editor),
              "ALTER TABLE \"registry_course\" ADD COLUMN \"follows_id\" bigint NULL REFERENCES "
              "\"registry_course\" (\"id\") DEFERRABLE INITIALLY DEFERRED;\n"
              "CREATE INDEX \"registry_course_follows_id_ea01681d\" ON \"registry_course\" "
              "(\"follows_id\");\n");
    editor = after_another(before);
    nu__schema_add_field(editor, model(before, "Course"), field(course, "address"));
    CHECK_STR(collected(editor),
              "CREATE TABLE \"new__registry_course\" (" ID ", " COURSE_COLUMNS
              ", \"address\" text NOT NULL CHECK ((JSON_VALID(\"address\") OR \"address\" IS "
              "NULL)));\n"
              "INSERT INTO \"new__registry_course\" (\"id\", " COURSE_NAMES
              ", \"address\") SELECT \"id\", " COURSE_NAMES
              ", '{}' FROM \"registry_course\";\n" COURSE_TAIL);
}

#define ENROLLMENT_HEAD "CREATE TABLE \"new__registry_enrollment\" (" ID ", \"grade\" varchar(1) "
#define ENROLLMENT_COURSE                                                                          \
    "\"course_id\" bigint NOT NULL REFERENCES \"registry_course\" (\"id\") DEFERRABLE INITIALLY "  \
    "DEFERRED"

static const nu_model department_with_longer_name = {
    MODEL(Department), .app_label = "registry",
    .fields = { CharField(Department, name, .max_length = 150, .unique = true),
                CharField(Department, code, .max_length = 12, .unique = true) }
};

static void an_altered_column_moves_to_the_end_but_for_the_first_operation_of_sqlmigrate(void)
{
    const nu__registry *before = nu__registry_build(models_before, NULL);
    const nu__registry *later = registry_with(&department_with_longer_name);
    const nu__model_info *department = model(before, "Department");
    nu__schema_editor *editor;

    fixture_database("alter.db", "");
    editor = after_another(before);
    nu__schema_alter_field(editor, department, field(department, "name"),
                           field(model(later, "Department"), "name"));
    CHECK_STR(collected(editor),
              "CREATE TABLE \"new__registry_department\" (" ID
              ", \"code\" varchar(12) NOT NULL UNIQUE, \"name\" varchar(150) NOT NULL UNIQUE);\n"
              "INSERT INTO \"new__registry_department\" (\"id\", \"code\", \"name\") SELECT "
              "\"id\", \"code\", \"name\" FROM \"registry_department\";\n"
              "DROP TABLE \"registry_department\";\n"
              "ALTER TABLE \"new__registry_department\" RENAME TO \"registry_department\";\n");
    editor = collecting();
    nu__schema_alter_field(editor, department, field(department, "code"),
                           field(model(later, "Department"), "code"));
    CHECK_STR(collected(editor), "");
    editor = collecting();
    nu__schema_alter_field(editor, department, field(department, "name"),
                           field(model(later, "Department"), "name"));
    CHECK(
        nu_starts_with(collected(editor), S("CREATE TABLE \"new__registry_department\" (" ID
                                            ", \"name\" varchar(150) NOT NULL UNIQUE, \"code\"")));
}

static const nu_model enrollment_with_grade = {
    MODEL(Enrollment),
    .app_label = "registry",
    .fields = { CharField(Enrollment, grade, .max_length = 1, Default("F")),
                ForeignKey(Enrollment, course, Course, .on_delete = CASCADE),
                DecimalField(Enrollment, gpa, .max_digits = 3, .decimal_places = 2, .null = true) },
};

static void a_null_column_that_may_be_null_no_more_gets_its_default(void)
{
    const nu__registry *before = nu__registry_build(models_before, NULL);
    const nu__model_info *enrollment = model(before, "Enrollment");
    nu__schema_editor *editor;

    fixture_database("not_null.db", "");
    editor = after_another(before);
    nu__schema_alter_field(
        editor, enrollment, field(enrollment, "grade"),
        field(model(registry_with(&enrollment_with_grade), "Enrollment"), "grade"));
    CHECK(contains(collected(editor),
                   S("SELECT \"id\", \"course_id\", \"gpa\", coalesce(\"grade\", 'F') FROM")));
}

static const nu_model enrollment_with_mark = {
    MODEL(Enrollment), .app_label = "registry",
    .fields = { CharField(Enrollment, grade, .max_length = 1, .null = true, .db_column = "mark"),
                ForeignKey(Enrollment, course, Course, .on_delete = CASCADE) }
};

static void a_renamed_column_is_renamed_in_place(void)
{
    const nu__registry *before = nu__registry_build(models_before, NULL);
    const nu__model_info *enrollment = model(before, "Enrollment");
    nu__schema_editor *editor;

    fixture_database("rename.db", "");
    editor = collecting();
    nu__schema_alter_field(
        editor, enrollment, field(enrollment, "grade"),
        field(model(registry_with(&enrollment_with_mark), "Enrollment"), "grade"));
    nu__schema_remove_field(editor, model(before, "Course"),
                            field(model(before, "Course"), "description"));
    nu__schema_alter_db_table(editor, enrollment, S("registry_enrollment"), S("registry_place"));
    CHECK_STR(collected(editor),
              "ALTER TABLE \"registry_enrollment\" RENAME COLUMN \"grade\" TO \"mark\";\n"
              "ALTER TABLE \"registry_course\" DROP COLUMN \"description\";\n"
              "ALTER TABLE \"registry_enrollment\" RENAME TO \"registry_place\";\n");
}

static const nu_model enrollment_with_constraints = {
    MODEL(Enrollment),
    .app_label = "registry",
    .fields = { CharField(Enrollment, grade, .max_length = 1, .null = true),
                ForeignKey(Enrollment, course, Course, .on_delete = CASCADE),
                DecimalField(Enrollment, gpa, .max_digits = 3, .decimal_places = 2, .null = true) },
    .constraints = { CheckConstraint("gpa_range", "gpa__isnull=True|gpa__gte=0,gpa__lte=4"),
                     UniqueConstraint("one_grade", "course", "grade"),
                     { .name = "one_best", .fields = { "course" }, .condition = "grade='A'" } },
};

static void constraints_remake_the_table_and_conditional_ones_are_indexes(void)
{
    const nu__registry *registry = registry_with(&enrollment_with_constraints);
    const nu__model_info *enrollment = model(registry, "Enrollment");
    nu__schema_editor *editor;

    fixture_database("constraint.db", "");
    editor = collecting();
    nu__schema_add_constraint(editor, enrollment, &enrollment_with_constraints.constraints[0]);
    nu__schema_add_constraint(editor, enrollment, &enrollment_with_constraints.constraints[2]);
    nu__schema_remove_constraint(editor, enrollment, &enrollment_with_constraints.constraints[2]);
    CHECK_STR(collected(editor), ENROLLMENT_HEAD
              "NULL, " ENROLLMENT_COURSE ", \"gpa\" decimal NULL, CONSTRAINT \"gpa_range\" CHECK "
              "((\"gpa\" IS NULL OR (\"gpa\" >= '0' AND \"gpa\" <= '4'))), CONSTRAINT "
              "\"one_grade\" UNIQUE (\"course_id\", \"grade\"));\n"
              "INSERT INTO \"new__registry_enrollment\" (\"id\", \"grade\", \"course_id\", "
              "\"gpa\") SELECT \"id\", \"grade\", \"course_id\", \"gpa\" FROM "
              "\"registry_enrollment\";\n"
              "DROP TABLE \"registry_enrollment\";\n"
              "ALTER TABLE \"new__registry_enrollment\" RENAME TO \"registry_enrollment\";\n"
              "CREATE UNIQUE INDEX \"one_best\" ON \"registry_enrollment\" (\"course_id\") WHERE "
              "\"grade\" = 'A';\n"
              "CREATE INDEX \"registry_enrollment_course_id_be68d359\" ON "
              "\"registry_enrollment\" (\"course_id\");\n"
              "CREATE UNIQUE INDEX \"one_best\" ON \"registry_enrollment\" (\"course_id\") WHERE "
              "\"grade\" = 'A';\n"
              "DROP INDEX \"one_best\";\n");
}

static void parameters_of_a_statement_are_collected_as_literals(void)
{
    nu__schema_editor *editor;

    fixture_database("params.db", "");
    editor = collecting();
    nu__schema_execute(editor, S("UPDATE t SET a = %s, b = %s, c = %s"), NU_ARGS("it's", 3, true));
    nu__schema_execute(editor, S("DELETE FROM t WHERE a LIKE '%s'"), (nu_values){ 0 });
    CHECK_STR(collected(editor), "UPDATE t SET a = 'it''s', b = 3, c = 1;\n"
                                 "DELETE FROM t WHERE a LIKE '%s';\n");
}

static const nu_model enrollment_with_conditions = {
    MODEL(Enrollment),
    .app_label = "registry",
    .fields = { CharField(Enrollment, grade, .max_length = 1, .null = true),
                ForeignKey(Enrollment, course, Course, .on_delete = CASCADE),
                DecimalField(Enrollment, gpa, .max_digits = 3, .decimal_places = 2, .null = true) },
    .constraints = { CheckConstraint("a", "~gpa=1"), CheckConstraint("b", "grade__startswith='A_'"),
                     CheckConstraint("c", "~(grade='A'|gpa__gt=F(\"id\"))"),
                     CheckConstraint("d", "grade__isnull=False"),
                     CheckConstraint("e", "gpa__gte=0.5&course__gt=-3"),
                     CheckConstraint("f", "grade=\"it's\"") },
};

/* What Django words for the same Q objects. */
static const char *const condition_sql[] = {
    "CONSTRAINT \"a\" CHECK (NOT (\"gpa\" = '1' AND \"gpa\" IS NOT NULL))",
    "CONSTRAINT \"b\" CHECK (\"grade\" LIKE 'A\\_%' ESCAPE '\\')",
    ("CONSTRAINT \"c\" CHECK (NOT (((\"grade\" = 'A' AND \"grade\" IS NOT NULL) OR (\"gpa\" > "
     "(\"id\") AND \"gpa\" IS NOT NULL))))"),
    "CONSTRAINT \"d\" CHECK (\"grade\" IS NOT NULL)",
    "CONSTRAINT \"e\" CHECK ((\"gpa\" >= '0.5' AND \"course_id\" > -3))",
    "CONSTRAINT \"f\" CHECK (\"grade\" = 'it''s')",
};

static void conditions_are_worded_as_django_words_them(void)
{
    const nu__registry *registry = registry_with(&enrollment_with_conditions);
    nu__schema_editor *editor;
    nu_str text;

    fixture_database("conditions.db", "");
    editor = collecting();
    nu__schema_create_model(editor, model(registry, "Enrollment"));
    text = collected(editor);
    for (size_t i = 0; i < sizeof condition_sql / sizeof *condition_sql; i++)
        if (!CHECK(contains(text, nu_s(condition_sql[i]))))
            printf("      %s\n      not in %s\n", condition_sql[i], text.ptr);
}

static const nu_model enrollment_renamed = {
    MODEL(Enrollment),
    .app_label = "registry",
    .fields = { CharField(Enrollment, grade, .max_length = 3, .null = true, .db_column = "mark"),
                ForeignKey(Enrollment, course, Course, .on_delete = CASCADE),
                DecimalField(Enrollment, gpa, .max_digits = 3, .decimal_places = 2, .null = true) },
};

static void conditions_follow_a_column_that_is_renamed_in_a_new_table(void)
{
    const nu__model_info *before = model(registry_with(&enrollment_with_conditions), "Enrollment");
    const nu__model_info *after = model(registry_with(&enrollment_renamed), "Enrollment");
    nu__schema_editor *editor;
    nu_str text;

    fixture_database("follow.db", "");
    editor = collecting();
    nu__schema_alter_field(editor, before, field(before, "grade"), field(after, "grade"));
    text = collected(editor);
    CHECK(contains(text, S("CONSTRAINT \"d\" CHECK (\"mark\" IS NOT NULL)")));
    CHECK(contains(text, S("CONSTRAINT \"f\" CHECK (\"mark\" = 'it''s')")));
}

static nu_str repeated(char c, size_t n)
{
    char *text = nu_alloc_array(char, n + 1);

    memset(text, c, n);
    return (nu_str){ text, n };
}

static void long_names_are_shortened_as_django_shortens_them(void)
{
    nu_str columns[] = { repeated('b', 80), repeated('c', 70) };

    CHECK_STR(
        nu__index_name(repeated('a', 150), columns, 2, S("_uniq"), 0),
        nu_fmt("{}_{}_{}_cbbed3f1_uniq", repeated('a', 92), repeated('b', 80), repeated('c', 11)));
    CHECK_STR(nu__truncate_name(S("some_long_table_name"), 10), "some_l4577");
    CHECK_STR(nu__truncate_name(S("short"), 10), "short");
}

/* ---- for real ----------------------------------------------------------------------------- */

static void migrate(void (*change)(nu__schema_editor *editor, const nu__registry *registry))
{
    const nu__registry *registry = nu__registry_build(models_before, NULL);
    nu__schema_editor *editor = nu__schema_begin(DB, false, true);

    nu_defer(nu__schema_abort, editor);
    change(editor, registry);
    nu__schema_end(editor);
}

static void create_all(nu__schema_editor *editor, const nu__registry *registry)
{
    nu__schema_create_model(editor, model(registry, "Department"));
    nu__schema_create_model(editor, model(registry, "Tag"));
    nu__schema_create_model(editor, model(registry, "Course"));
    nu__schema_create_model(editor, model(registry, "Enrollment"));
}

static void fill(void)
{
    RUN("INSERT INTO registry_department VALUES (1, 'Physics', 'PHY')");
    RUN("INSERT INTO registry_course VALUES (1, 'Optics', 'P1', 3, '', NULL, '9.50', 1)");
    RUN("INSERT INTO registry_enrollment VALUES (1, 'A', 1, NULL)");
}

static void drop_department_name(nu__schema_editor *editor, const nu__registry *registry)
{
    nu__schema_remove_field(editor, model(registry, "Department"),
                            field(model(registry, "Department"), "name"));
}

static void a_remade_table_keeps_its_rows_and_what_refers_to_it(void)
{
    fixture_database("remake.db", "");
    migrate(create_all);
    fill();
    migrate(drop_department_name);
    CHECK_STR(CELL("SELECT code FROM registry_department"), "PHY");
    CHECK_STR(CELL("SELECT d.id FROM registry_course c JOIN registry_department d ON "
                   "d.id = c.department_id"),
              "1");
    CHECK_STR(CELL("PRAGMA foreign_keys"), "1");
    CHECK_RAISES(NU_INTEGRITY_ERROR, "FOREIGN KEY",
                 RUN("DELETE FROM registry_department WHERE id = 1"));
}

static void a_remade_table_numbers_its_rows_on_and_an_empty_one_from_one(void)
{
    fixture_database("numbers.db", "");
    migrate(create_all);
    migrate(drop_department_name);
    RUN("INSERT INTO registry_department (code) VALUES ('PHY')");
    CHECK_STR(CELL("SELECT id FROM registry_department"), "1");

    fixture_database("numbers_on.db", "");
    migrate(create_all);
    fill();
    RUN("DELETE FROM registry_enrollment");
    RUN("DELETE FROM registry_course");
    RUN("DELETE FROM registry_department");
    migrate(drop_department_name);
    RUN("INSERT INTO registry_department (code) VALUES ('PHY')");
    CHECK_STR(CELL("SELECT id FROM registry_department"), "2");
}

static void fail_in_the_middle(nu__schema_editor *editor, const nu__registry *registry)
{
    drop_department_name(editor, registry);
    nu_raise(NU_VALUE_ERROR, "stop");
}

static void a_failed_migration_leaves_the_tables_as_they_were(void)
{
    fixture_database("fail.db", "");
    migrate(create_all);
    fill();
    CHECK_RAISES(NU_VALUE_ERROR, "stop", migrate(fail_in_the_middle));
    CHECK_STR(CELL("SELECT name FROM registry_department"), "Physics");
    CHECK_STR(CELL("PRAGMA foreign_keys"), "1");
    CHECK_STR(CELL("SELECT count(*) FROM sqlite_master WHERE name LIKE 'new__%'"), "0");
}

static void delete_department_row(nu__schema_editor *editor, const nu__registry *registry)
{
    (void)registry;
    nu__schema_execute(editor, S("DELETE FROM registry_department"), (nu_values){ 0 });
}

static void a_row_that_refers_to_nothing_stops_the_migration(void)
{
    fixture_database("dangling.db", "");
    migrate(create_all);
    fill();
    CHECK_RAISES(NU_INTEGRITY_ERROR,
                 "The row in table 'registry_course' with primary key '1' has an invalid foreign "
                 "key: registry_course.department_id contains a value '1' that does not have a "
                 "corresponding value in registry_department.id.",
                 migrate(delete_department_row));
    CHECK_STR(CELL("SELECT count(*) FROM registry_department"), "1");
}

static void begin_in_a_block(void)
{
    nu_atomic_scope();
    nu__schema_begin(DB, false, true);
}

static void the_editor_refuses_to_begin_in_a_transaction(void)
{
    fixture_database("block.db", "");
    CHECK_RAISES(NU_NOT_SUPPORTED_ERROR, "SQLite schema editor cannot be used", begin_in_a_block());
    CHECK(!nu_in_atomic());
    CHECK_STR(CELL("PRAGMA foreign_keys"), "1");
}

static void drop_unique_together(nu__schema_editor *editor, const nu__registry *registry)
{
    static const char *const none[4][8] = { { NULL } };
    static const char *const other[4][8] = { { "grade", "course" } };
    const nu__model_info *enrollment = model(registry, "Enrollment");

    nu__schema_alter_unique_together(editor, enrollment, Enrollment_model.unique_together, other);
    nu__schema_alter_unique_together(editor, enrollment, other, none);
}

static void unique_sets_are_found_by_their_columns(void)
{
    fixture_database("together.db", "");
    migrate(create_all);
    migrate(drop_unique_together);
    fill();
    CHECK_INT(RUN("INSERT INTO registry_enrollment VALUES (2, 'A', 1, NULL)"), 1);
}

/* ---- introspection ------------------------------------------------------------------------ */

static const nu__table_constraint *named(const nu__table_constraint *all, size_t n,
                                         const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (nu_eq(all[i].name, name))
            return &all[i];
    return NULL;
}

static void tables_and_columns_are_told_as_declared(void)
{
    const nu__introspection *look = nu__sqlite_backend.introspection;
    nu__table_column *columns;
    nu__table *tables;
    size_t n;

    fixture_database("look.db", "");
    RUN("CREATE TABLE b (id integer PRIMARY KEY AUTOINCREMENT, "
        "\"data\" text NOT NULL CHECK ((JSON_VALID(\"data\") OR \"data\" IS NULL)), "
        "n varchar(20) NULL DEFAULT 'x')");
    RUN("CREATE VIEW a AS SELECT id FROM b");
    tables = look->tables(DB, &n);
    CHECK_INT(n, 2);
    CHECK_STR(tables[0].name, "a");
    CHECK_INT(tables[0].kind, 'v');
    CHECK_STR(tables[1].name, "b");
    columns = look->columns(DB, S("b"), &n);
    CHECK_INT(n, 3);
    CHECK(columns[0].primary_key);
    CHECK(columns[1].json && !columns[1].null);
    CHECK_STR(columns[2].type, "varchar(20)");
    CHECK_STR(columns[2].default_, "'x'");
    CHECK_RAISES(NU_DATABASE_ERROR, "Table c does not exist", look->columns(DB, S("c"), &n));
}

static void constraints_are_told_with_their_names_and_columns(void)
{
    const nu__table_constraint *all, *one;
    size_t n;

    fixture_database("constraints.db", "");
    RUN("CREATE TABLE p (id integer PRIMARY KEY)");
    RUN("CREATE TABLE t (id integer PRIMARY KEY, a text UNIQUE, b integer CHECK (\"b\" > 0), "
        "p_id integer REFERENCES p (id), /* , ) */ "
        "CONSTRAINT \"a, b\" UNIQUE (\"a\", \"b\"), CONSTRAINT small CHECK ((a < 'x)' OR b < 9)))");
    RUN("CREATE UNIQUE INDEX i ON t (a, b DESC)");
    all = nu__sqlite_backend.introspection->constraints(DB, S("t"), &n);
    CHECK_INT(n, 7);
    one = named(all, n, "a, b");
    CHECK(one && one->unique && one->n_columns == 2);
    one = named(all, n, "small");
    CHECK(one && one->check && one->n_columns == 2);
    one = named(all, n, "__unnamed_constraint_1__");
    CHECK(one && one->unique && nu_eq(one->columns[0], "a"));
    one = named(all, n, "__unnamed_constraint_2__");
    CHECK(one && one->check && nu_eq(one->columns[0], "b"));
    one = named(all, n, "i");
    CHECK(one && one->unique && one->index && !one->descending[0] && one->descending[1]);
    one = named(all, n, "__primary__");
    CHECK(one && one->primary_key && nu_eq(one->columns[0], "id"));
    one = named(all, n, "fk_0");
    CHECK(one && nu_eq(one->to_table, "p") && nu_eq(one->columns[0], "p_id"));
}

HARNESS_IN_FIBER(conditions_are_worded_as_django_words_them,
                 conditions_follow_a_column_that_is_renamed_in_a_new_table,
                 new_models_are_worded_as_django_words_them,
                 indexes_and_unique_sets_wait_for_their_table,
                 operator_classes_are_left_out_and_mistakes_in_them_are_named,
                 a_nullable_column_is_added_in_place_and_others_remake_the_table,
                 an_altered_column_moves_to_the_end_but_for_the_first_operation_of_sqlmigrate,
                 a_null_column_that_may_be_null_no_more_gets_its_default,
                 a_renamed_column_is_renamed_in_place,
                 constraints_remake_the_table_and_conditional_ones_are_indexes,
                 parameters_of_a_statement_are_collected_as_literals,
                 long_names_are_shortened_as_django_shortens_them,
                 a_remade_table_keeps_its_rows_and_what_refers_to_it,
                 a_remade_table_numbers_its_rows_on_and_an_empty_one_from_one,
                 a_failed_migration_leaves_the_tables_as_they_were,
                 a_row_that_refers_to_nothing_stops_the_migration,
                 the_editor_refuses_to_begin_in_a_transaction,
                 unique_sets_are_found_by_their_columns, tables_and_columns_are_told_as_declared,
                 constraints_are_told_with_their_names_and_columns)
