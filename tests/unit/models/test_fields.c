/* Options of fields and constraints: what instances, the database and the checks make of them. */
#include "harness.h"

#include "db/backends/base.h"
#include "db/models/options.h"

#include <nuages/auth.h>
#include <nuages/decimal.h>
#include <nuages/managers.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>

NU_DECLARE_MODEL(Country);
NU_DECLARE_MODEL(Parcel);

/* clang-format off */
struct Country { NU_OBJECT(Country); nu_id id; int64_t number; nu_str name; };
struct Parcel {
    NU_OBJECT(Parcel);
    nu_id id;
    nu_str name, kind, sender;
    int64_t weight, count, total;
    nu_datetime made;
    nu_date day;
    nu_str ip;
    Country_ref country;
    nu_opt_int rank;
};

static void is_even(const nu_validator *self, nu_value value)
{
    (void)self;
    if (value.i % 2)
        nu_raise_validation("odd", "{} is odd.", value);
}

static nu_query *heavy(nu_query *all)
{
    return nu_filter(all, Q("weight__gt", 10));
}

static nu_query *of_kind(nu_query *query, nu_values args)
{
    return nu_filter(query, Q("kind", args.items[0]));
}

const nu_model Country_model = {
    MODEL(Country), .app_label = "post",
    .fields = { IntegerField(Country, number, .unique = true), CharField(Country, name, .max_length = 20) },
};
const nu_model Parcel_model = {
    MODEL(Parcel), .app_label = "post", .get_latest_by = { "day" },
    .fields = {
        CharField     (Parcel, name, .max_length = 10, .unique_for_month = "day",
                       .error_messages = { { "blank", "Name it." }, { "max_length", "Too long: %(value)s." } }),
        CharField     (Parcel, kind, .max_length = 5, Choices(("s", "Small"), ("l", "Large", "Big")), DbDefault("s")),
        EmailField    (Parcel, sender, .blank = true),
        IntegerField  (Parcel, weight, .validators = { MinValue(1), NU__VALIDATOR(is_even, .text = NULL) }),
        IntegerField  (Parcel, count, DbDefaultExpression("1 + 1")),
        GeneratedField(Parcel, total, IntegerField, .expression = "F('weight') * F('count')", .db_persist = true),
        DateTimeField (Parcel, made, DbDefaultExpression("Now()")),
        DateField     (Parcel, day),
        GenericIPAddressField(Parcel, ip, .protocol = NU_IPV4, .null = true, .blank = true),
        ForeignKey    (Parcel, country, Country, .to_field = "number", .null = true, .blank = true, .on_delete = CASCADE,
                       .limit_choices_to = "name__gt='B'"),
        IntegerField  (Parcel, rank, .null = true, .blank = true),
    },
    .constraints = {
        CheckConstraint("not_too_much", "weight__lt=F('count') * 100 + 1000", .violation_error_code = "much",
                        .violation_error_message = "%(name)s: too much."),
        { .name = "lower_name", .expressions = { "Lower('name')", "F('day')" } },
        { .name = "first", .fields = { "rank" }, .condition = "kind='s'" },
    },
    .managers = { Manager("heavy", heavy) },
    .query_methods = { QueryMethod("of_kind", of_kind) },
};
/* clang-format on */

static const nu_model *const models[] = {
    &Country_model, &Parcel_model, &nu_content_type_model, &nu_permission_model, &nu_group_model,
    &nu_user_model, NULL,
};

static void set_up(void)
{
    nu__schema_editor *editor;
    const nu__registry *registry;

    nu__models_setup(models, &nu_user_model);
    nu__databases_close();
    nu__database_add("default", S("sqlite://:memory:"));
    registry = nu__models();
    editor = nu__schema_begin(nu__connection_of(NULL), false, true);
    for (size_t i = 0; i < registry->n_models; i++)
        if (!registry->models[i]->auto_created)
            nu__schema_create_model(editor, registry->models[i]);
    nu__schema_end(editor);
}

static Parcel *parcel(const char *name)
{
    return nu_new(Parcel, .name = nu_s(name), .weight = 4, .day = nu_date_of(2024, 5, 17));
}

/* "code: message" of the first error about a field. */
static nu_str first_error(void *object, const char *field)
{
    const nu_error *error = nu_catch(NU_VALIDATION_ERROR, nu_full_clean_(object));
    nu_value messages = error ? nu_item(error->detail, field) : nu_null();

    if (messages.kind != NU_KIND_LIST)
        return S("");
    return nu_fmt("{}: {}", nu_at(nu_item(error->codes, field).list, 0), nu_at(messages.list, 0));
}

static void the_database_fills_its_defaults_and_generated_columns(void)
{
    Parcel *made, *given;

    set_up();
    made = parcel("a");
    nu_save(made);
    CHECK_STR(made->kind, "s");
    CHECK_INT(made->count, 2);
    CHECK_INT(made->total, 8);
    CHECK(made->made.us > 0);
    made->weight = 6;
    nu_save(made);
    CHECK_INT(nu_get(Parcel, Q("total", 12))->weight, 6);
    given = nu_create(Parcel, .name = S("b"), .kind = S("l"), .weight = 2, .count = 0,
                      .day = nu_date_of(2024, 1, 1));
    CHECK_STR(given->kind, "l");
    CHECK_INT(given->count, 0);
}

static void errors_have_codes_and_the_fields_own_messages(void)
{
    Parcel *p;

    set_up();
    p = parcel("");
    CHECK_STR(first_error(p, "name"), "blank: Name it.");
    p->name = S("much too long");
    CHECK_STR(first_error(p, "name"), "max_length: Too long: much too long.");
    p->name = S("fine");
    p->kind = S("x");
    CHECK_STR(first_error(p, "kind"), "invalid_choice: Value 'x' is not a valid choice.");
    p->kind = S("l");
    p->weight = 0;
    CHECK_STR(first_error(p, "weight"),
              "min_value: Ensure this value is greater than or equal to 1.");
    p->weight = 3;
    CHECK_STR(first_error(p, "weight"), "odd: 3 is odd.");
    p->weight = 2000;
    CHECK_STR(first_error(p, "__all__"), "much: not_too_much: too much.");
    p->weight = 2;
    p->ip = S("::1");
    CHECK_STR(first_error(p, "ip"), "invalid: Enter a valid IPv4 address.");
    p->ip = (nu_str){ 0 };
    p->sender = S("no");
    CHECK_STR(first_error(p, "sender"), "invalid: Enter a valid email address.");
    nu_clean_fields(p, "sender");
    CHECK_STR(nu_field_get(p, "kind").s, "l");
}

static void uniqueness_is_judged_by_period_expression_and_condition(void)
{
    Parcel *other;

    set_up();
    other = parcel("Box");
    other->rank = nu_some_int(1);
    nu_save(other);
    other = parcel("Box");
    CHECK_STR(first_error(other, "name"), "unique_for_date: Name must be unique for Day month.");
    other = parcel("bOX");
    CHECK_STR(first_error(other, "__all__"), ": Constraint “lower_name” is violated.");
    other->day = nu_date_of(2024, 6, 1);
    CHECK_STR(first_error(other, "__all__"), "");
    other->kind = S("s");
    other->rank = nu_some_int(1);
    CHECK_STR(first_error(other, "__all__"), ": Constraint “first” is violated.");
    other->kind = S("l");
    CHECK_STR(first_error(other, "__all__"), "");
}

static void a_key_may_hold_another_unique_field(void)
{
    Country *country;
    Parcel *p;

    set_up();
    country = nu_create(Country, .number = 33, .name = S("France"));
    nu_create(Country, .number = 355, .name = S("Albania"));
    p = parcel("a");
    p->country = (Country_ref){ .id = 33 };
    CHECK_STR(first_error(p, "country"), "");
    p->country.id = 1;
    CHECK_STR(first_error(p, "country"),
              "invalid: country instance with number 1 is not a valid choice.");
    p->country.id = 355;
    CHECK_STR(first_error(p, "country"),
              "invalid: country instance with number 355 is not a valid choice.");
    nu__field_set(nu__model_field(nu__model_info_of(&Parcel_model), S("country")), &p->object,
                  nu_v_object(country));
    CHECK_INT(p->country.id, 33);
    nu_save(p);
    p = nu_get(Parcel, Q("country__name", "France"));
    CHECK_STR(nu_follow(p, country)->name, "France");
    CHECK_INT(nu_count(nu_filter(nu_objects(Parcel), Q("country", nu_v_object(country)))), 1);
    CHECK_INT(nu_count(nu_filter(nu_objects(Country), Q("parcel__name", "a"))), 1);
}

static void methods_and_managers_go_by_name(void)
{
    set_up();
    nu_save(parcel("a"));
    nu_create(Parcel, .name = S("b"), .kind = S("l"), .weight = 20, .day = nu_date_of(2025, 1, 1));
    CHECK_INT(nu_count(nu_manager_of(Parcel, "heavy")), 1);
    CHECK_INT(nu_count(nu_call(nu_objects(Parcel), "of_kind", "l")), 1);
    CHECK_RAISES(NU_ATTRIBUTE_ERROR, "'QuerySet' object has no attribute 'off'",
                 nu_call(nu_objects(Parcel), "off"));
    CHECK_RAISES(NU_ATTRIBUTE_ERROR, "has no attribute 'hevy'", nu_manager_of(Parcel, "hevy"));
    CHECK_STR(nu_latest(Parcel, nu_objects(Parcel))->name, "b");
    CHECK_STR(
        nu_choice_label_(nu__model_field(nu__model_info_of(&Parcel_model), S("kind"))->choices, 0),
        "Small");
}

HARNESS(the_database_fills_its_defaults_and_generated_columns,
        errors_have_codes_and_the_fields_own_messages,
        uniqueness_is_judged_by_period_expression_and_condition,
        a_key_may_hold_another_unique_field, methods_and_managers_go_by_name)
