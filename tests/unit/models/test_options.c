/* What start-up works out of descriptors. */
#include "school.h"

#include <nuages/postgres.h>

#include "db/connection.h"
#include "db/models/options.h"
#include "harness.h"

#include <string.h>

static void tables_and_columns_have_djangos_names(void)
{
    const nu__model_info *info;

    school_setup();
    info = nu__model_info_of(&Course_model);
    CHECK_STR(info->label, "registry.Course");
    CHECK_STR(info->db_table, "registry_course");
    CHECK_STR(info->verbose_name_plural, "courses");
    CHECK_STR(info->pk->name, "id");
    CHECK(info->pk->implicit && info->pk->auto_key);
    CHECK_STR(nu__model_field(info, S("department"))->column, "department_id");
    CHECK_STR(nu__model_field(info, S("department_id"))->name, "department");
    CHECK_STR(nu__model_field(nu__model_info_of(&Student_model), S("roll_no"))->verbose_name,
              "roll number");
    CHECK_STR(nu__model_field(nu__model_info_of(&Student_model), S("first_name"))->verbose_name,
              "first name");
}

static void column_types_are_those_of_each_database(void)
{
    static const struct {
        const nu_model *model;
        const char *field, *sqlite, *postgresql, *mysql, *check;
    } rows[] = {
        { &Course_model, "id", "integer", "bigint", "bigint AUTO_INCREMENT", NULL },
        { &Course_model, "title", "varchar(120)", "varchar(120)", "varchar(120)", NULL },
        { &Course_model, "credits", "smallint unsigned", "smallint", "smallint UNSIGNED",
          "\"credits\" >= 0" },
        { &Course_model, "department", "bigint", "bigint", "bigint", NULL },
        { &Course_model, "fee", "decimal", "numeric(8, 2)", "numeric(8, 2)", NULL },
        { &Student_model, "status", "varchar(10)", "varchar(10)", "varchar(10)", NULL },
        { &Student_model, "email", "varchar(254)", "varchar(254)", "varchar(254)", NULL },
        { &Student_model, "address", "text", "jsonb", "json",
          "(JSON_VALID(\"address\") OR \"address\" IS NULL)" },
        { &Student_model, "photo", "varchar(100)", "varchar(100)", "varchar(100)", NULL },
        { &Student_model, "created_at", "datetime", "timestamp with time zone", "datetime(6)",
          NULL },
        { &Payment_model, "reference", "char(32)", "uuid", "uuid", NULL },
        { &Attendance_model, "present", "bool", "boolean", "bool", NULL },
    };

    school_setup();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const nu__field *field =
            nu__model_field(nu__model_info_of(rows[i].model), nu_s(rows[i].field));

        CHECK_STR(nu__field_db_type(field, NU__SQLITE), rows[i].sqlite);
        CHECK_STR(nu__field_db_type(field, NU__POSTGRESQL), rows[i].postgresql);
        CHECK_STR(nu__field_db_type(field, NU__MYSQL), rows[i].mysql);
        CHECK_STR(nu__field_db_check(field, NU__SQLITE), nu_s(rows[i].check));
    }
}

static void relations_have_their_ways_back(void)
{
    const nu__model_info *course, *user;
    const nu__relation *back;

    school_setup();
    course = nu__model_info_of(&Course_model);
    user = nu__model_info_of(&nu_user_model);
    back = nu__model_reverse(course, S("enrollments"));
    CHECK(back && back->from->model == &Enrollment_model);
    CHECK(nu__model_reverse(course, S("students")) != NULL);
    back = nu__model_reverse(user, S("student"));
    CHECK(back && back->one_to_one);
    CHECK(nu__model_name(course, S("students"))->kind == NU__NAME_REVERSE);
    CHECK(nu__model_name(course, S("nothing")) == NULL);
}

static void a_many_to_many_gets_djangos_table_between(void)
{
    const nu__relation *tags;

    school_setup();
    tags = nu__model_many(nu__model_info_of(&Course_model), S("tags"))->relation;
    CHECK_STR(tags->through->label, "registry.Course_tags");
    CHECK_STR(tags->through->db_table, "registry_course_tags");
    CHECK(tags->through->auto_created == tags);
    CHECK_STR(tags->through_from->column, "course_id");
    CHECK_STR(tags->through_to->column, "tag_id");
    CHECK_STR(tags->through->verbose_name, "course-tag relationship");
    CHECK(nu__model_many(nu__model_info_of(&Student_model), S("courses"))->relation->through ==
          nu__model_info_of(&Enrollment_model));
}

/* ---- descriptors made at run time ---------------------------------------------------------- */

static nu_model dynamic_model(const char *name, const nu_field *a, const nu_field *b)
{
    return (nu_model){ .klass = { &nu__model_ops, name },
                       .meta = nu_alloc(nu_meta),
                       .name = name,
                       .app_label = "app",
                       .fields = { a, b } };
}

static void descriptors_without_a_struct_get_a_layout(void)
{
    nu_char_field name = { .base = { .name = "name", .type = NU_CHAR_FIELD }, .max_length = 9 };
    nu_relation_field owner = {
        .base = { .name = "owner", .type = NU_FOREIGN_KEY, .to_name = "app.Owner" },
        .on_delete = CASCADE
    };
    nu_plain_field age = { .base = { .name = "age", .type = NU_INTEGER_FIELD } };
    nu_model models[] = { dynamic_model("Owner", &name.base, NULL),
                          dynamic_model("Dog", &owner.base, &age.base) };
    const nu_model *list[] = { &models[0], &models[1], NULL };
    nu__registry *registry = nu__registry_build(list, NULL);
    nu__model_info *dog = nu__registry_find(registry, S("app.dog"));
    nu_object *object = nu_alloc_(1, dog->size);

    object->type = dog->model;
    nu__field_set(nu__model_field(dog, S("age")), object, nu_v_int(7));
    nu__field_set(nu__model_field(dog, S("owner")), object, nu_v_int(3));
    CHECK_INT(nu_int(nu__field_get(nu__model_field(dog, S("age")), object)), 7);
    CHECK_INT(nu_int(nu__field_get(nu__model_field(dog, S("owner_id")), object)), 3);
    CHECK(nu__model_reverse(nu__registry_find(registry, S("app.Owner")), S("dog_set")) != NULL);
}

static void bytes_are_in_no_form(void)
{
    nu_char_field blob = { .base = { .name = "blob", .type = NU_BINARY_FIELD } };
    nu_char_field text = { .base = { .name = "text", .type = NU_TEXT_FIELD } };
    nu_model model = dynamic_model("Item", &blob.base, &text.base);
    const nu_model *list[] = { &model, NULL };
    const nu__model_info *item = nu__registry_find(nu__registry_build(list, NULL), S("app.Item"));

    CHECK(!nu__model_field(item, S("blob"))->editable);
    CHECK(nu__model_field(item, S("text"))->editable);
}

static void mistakes_are_named_at_start_up(void)
{
    nu_relation_field wrong = {
        .base = { .name = "owner", .type = NU_FOREIGN_KEY, .to_name = "app.Ownr" },
        .on_delete = CASCADE
    };
    nu_relation_field none = {
        .base = { .name = "owner", .type = NU_FOREIGN_KEY, .to_name = "app.Owner" }
    };
    nu_relation_field nulls = none;
    nu_model owner = dynamic_model("Owner", NULL, NULL), dog;
    const nu_model *list[] = { &owner, &dog, NULL };

    dog = dynamic_model("Dog", &wrong.base, NULL);
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Did you mean 'app.Owner'?",
                 nu__registry_build(list, NULL));
    dog = dynamic_model("Dog", &none.base, NULL);
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "needs .on_delete", nu__registry_build(list, NULL));
    nulls.on_delete = SET_NULL;
    dog = dynamic_model("Dog", &nulls.base, NULL);
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "fields.E320", nu__registry_build(list, NULL));
    owner = dynamic_model("Dog", NULL, NULL);
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "two models are called app.Dog",
                 nu__registry_build(list, NULL));
}

static void a_member_that_cannot_hold_the_key_is_named_at_start_up(void)
{
    nu_char_field code = {
        .base = { .name = "code", .type = NU_CHAR_FIELD, .size = sizeof(nu_str), .unique = true },
        .max_length = 9
    };
    nu_relation_field owner = { .base = { .name = "owner",
                                          .type = NU_FOREIGN_KEY,
                                          .size = sizeof(Course_ref), /* a nu_id, and a pointer */
                                          .to_name = "app.Owner" },
                                .to_field = "code",
                                .on_delete = CASCADE };
    nu_model models[] = { dynamic_model("Owner", &code.base, NULL),
                          dynamic_model("Dog", &owner.base, NULL) };
    const nu_model *list[] = { &models[0], &models[1], NULL };

    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "app.Dog.owner: its member can't hold the field 'code' of app.Owner, which is no "
                 "key of the member's type. Declare NU_DECLARE_REF(Owner, code, …)",
                 nu__registry_build(list, NULL));
    owner.base.size = sizeof(struct {
        nu_str id;
        void *object;
    });
    CHECK(nu__registry_find(nu__registry_build(list, NULL), S("app.Dog")) != NULL);
}

static void checks_have_djangos_ids(void)
{
    nu_decimal_field digits = { .base = { .name = "price", .type = NU_DECIMAL_FIELD },
                                .max_digits = 2,
                                .decimal_places = 4 };
    nu_plain_field name = { .base = { .name = "bad__name", .type = NU_TEXT_FIELD } };
    nu_model model = dynamic_model("Item", &digits.base, &name.base);
    const nu_model *list[] = { &model, NULL };
    nu_list *checks;
    nu_str ids = S("");

    model.ordering[0] = "-nothing";
    model.indexes[0] = (nu_index){ .fields = { "missing" } };
    checks = nu__models_check(nu__registry_build(list, NULL));
    for (size_t i = 0; i < nu_list_len(checks); i++)
        ids = nu_fmt("{} {}", ids, nu_item(nu_at(checks, i).dict, "id"));
    CHECK_STR(ids, " fields.E134 fields.E002 models.E015 models.E012");
    school_setup();
    CHECK_INT(nu_list_len(nu__models_check(nu__models())), 0);
}

static void errors_of_an_arrays_items_are_told_of_the_array(void)
{
    nu_decimal_field digits = { .base = { .type = NU_DECIMAL_FIELD },
                                .max_digits = 2,
                                .decimal_places = 4 };
    nu_array_field prices = { .base = { .name = "prices", .type = NU_ARRAY_FIELD },
                              .base_field = &digits.base };
    nu_model model = dynamic_model("Item", &prices.base, NULL);
    const nu_model *list[] = { &model, NULL };
    nu_list *checks = nu__models_check(nu__registry_build(list, NULL));

    CHECK_INT(nu_list_len(checks), 1);
    CHECK_STR(nu_string(nu_item(nu_at(checks, 0).dict, "id")), "postgres.E001");
    CHECK_STR(nu_string(nu_item(nu_at(checks, 0).dict, "object")), "app.Item.prices");
    CHECK_STR(nu_string(nu_item(nu_at(checks, 0).dict, "msg")),
              "Base field for array has errors:\n    'max_digits' must be greater or equal to "
              "'decimal_places'. (fields.E134)");
}

static void what_sqlite_has_not_is_told_where_it_is_asked_for(void)
{
    nu_plain_field a = { .base = { .name = "a", .type = NU_INTEGER_FIELD } };
    nu_model model = dynamic_model("Item", &a.base, NULL);
    const nu_model *list[] = { &model, NULL };
    nu_list *checks;
    nu_str told = S("");

    model.indexes[0] = (nu_index){ .name = "i", .fields = { "a" }, .include = { "id" } };
    model.indexes[1] = (nu_index){ .name = "j", .fields = { "a" }, .condition = "a__gt=1" };
    model.constraints[0] =
        (nu_constraint){ .name = "c", .fields = { "a" }, .deferrable = NU_DEFERRED };
    model.constraints[1] =
        (nu_constraint){ .name = "d", .fields = { "a" }, .nulls_distinct = NU_NULLS_NOT_DISTINCT };
    model.constraints[2] = (nu_constraint){ .name = "e", .check = "a__gt=1" };
    school_setup();
    nu__database_add("default", S("sqlite://:memory:"));
    checks = nu__models_check_database(nu__registry_build(list, NULL), "default");
    for (size_t i = 0; i < nu_list_len(checks); i++)
        told = nu_fmt("{}{} {}\n", told, nu_item(nu_at(checks, i).dict, "id"),
                      nu_item(nu_at(checks, i).dict, "msg"));
    CHECK_STR(told,
              "models.W040 SQLite does not support indexes with non-key columns.\n"
              "models.W038 SQLite does not support deferrable unique constraints.\n"
              "models.W047 SQLite does not support unique constraints with nulls distinct.\n");
}

/* The ids of the checks of a model, by a space. */
static nu_str ids_of(nu_model *model)
{
    const nu_model *list[] = { model, NULL };
    nu_list *checks = nu__models_check(nu__registry_build(list, NULL));
    nu_str ids = S("");

    for (size_t i = 0; i < nu_list_len(checks); i++)
        ids = nu_fmt("{} {}", ids, nu_item(nu_at(checks, i).dict, "id"));
    return ids;
}

static void checks_look_into_arrays_and_at_defaults_that_rows_would_share(void)
{
    static const nu_char_field word = { .base = { .type = NU_CHAR_FIELD }, .max_length = -1 };
    static const nu_relation_field other = { .base = { .type = NU_FOREIGN_KEY,
                                                       .to_name = "pages.Item" } };
    static const nu_array_field words = { .base = { .name = "words", .type = NU_ARRAY_FIELD },
                                          .base_field = &word.base };
    static const nu_array_field items = { .base = { .name = "items", .type = NU_ARRAY_FIELD },
                                          .base_field = &other.base };
    static const nu_plain_field data = { .base = {
                                             .name = "data",
                                             .type = NU_JSON_FIELD,
                                             .default_ = { .kind = NU_KIND_STR, .s = "{}" } } };
    static const nu_plain_field map = {
        .base = { .name = "map", .type = NU_HSTORE_FIELD, .default_call = nu_default_dict }
    };
    nu_model model = dynamic_model("Item", &words.base, &data.base);

    model.fields[2] = &map.base;
    CHECK_STR(ids_of(&model), " postgres.E001 fields.E010");
    model.fields[0] = &items.base;
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "(postgres.E002) app.Item.items: Base field for array cannot be a related field.",
                 ids_of(&model));
}

static void checks_find_what_an_option_makes_of_a_field(void)
{
    static const nu_file_path_field path = { .base = { .name = "p", .type = NU_FILE_PATH_FIELD },
                                             .no_files = true };
    static const nu_ip_field ip = {
        .base = { .name = "ip", .type = NU_GENERIC_IP_ADDRESS_FIELD, .blank = true }
    };
    static const nu_file_field file = { .base = { .name = "f", .type = NU_FILE_FIELD },
                                        .upload_to = "/root" };
    static const nu_char_field text = { .base = { .name = "t", .type = NU_CHAR_FIELD },
                                        .max_length = -1 };
    static const nu_plain_field number = { .base = { .name = "n",
                                                     .type = NU_INTEGER_FIELD,
                                                     .db_column = "f",
                                                     .db_default = { .kind = NU_KIND_EXPR,
                                                                     .s = "F('t')" } } };
    nu_model model = dynamic_model("Item", &path.base, &ip.base);

    model.fields[2] = &file.base;
    model.fields[3] = &text.base;
    model.fields[4] = &number.base;
    CHECK_STR(ids_of(&model),
              " fields.E140 fields.E150 fields.E202 fields.E121 fields.E012 models.E007");
}

static void checks_find_what_a_model_says_of_its_fields(void)
{
    static const nu_plain_field other = { .base = { .name = "other", .type = NU_INTEGER_FIELD } };
    static const nu_plain_field key = {
        .base = { .name = "key", .type = NU_INTEGER_FIELD, .primary_key = true }
    };
    nu_model model = dynamic_model("Item_", &other.base, &key.base);

    model.indexes[0] = (nu_index){ .name = "_i", .expressions = { "Lower('gone')" } };
    model.indexes[1] = (nu_index){ .name = "_i", .fields = { "key" } };
    model.constraints[0] = (nu_constraint){ .name = "c", .check = "nothing__gt=1" };
    CHECK_STR(ids_of(&model), " models.E023 models.E033 models.E012 models.E033 "
                              "models.E012 models.E029");
}

HARNESS(tables_and_columns_have_djangos_names, column_types_are_those_of_each_database,
        relations_have_their_ways_back, a_many_to_many_gets_djangos_table_between,
        descriptors_without_a_struct_get_a_layout, bytes_are_in_no_form,
        mistakes_are_named_at_start_up, a_member_that_cannot_hold_the_key_is_named_at_start_up,
        checks_have_djangos_ids, errors_of_an_arrays_items_are_told_of_the_array,
        what_sqlite_has_not_is_told_where_it_is_asked_for,
        checks_look_into_arrays_and_at_defaults_that_rows_would_share,
        checks_find_what_an_option_makes_of_a_field, checks_find_what_a_model_says_of_its_fields)
