#include "harness.h"

#include "db/migrations/detector.h"

#include <string.h>

/* ---- what is found between two states ------------------------------------------------------ */

#define KEY models_BigAutoField("id", .primary_key = true)
#define MADE(app, n, ...)                                                                          \
    CreateModel(.app_label = (app), .name = (n), .fields = { KEY __VA_OPT__(, ) __VA_ARGS__ })
#define NAME  models_CharField("name", .max_length = 30)
#define THING MADE("a", "Thing", NAME)

/* The models before and after, as the operations that make them; "; " between what is found, " | "
   between migrations, each with its app. */
static const struct {
    nu_operation before[3], after[3];
    const char *found;
} changes[] = {
    { { THING }, { THING }, "" },
    { { { 0 } }, { THING }, "a: + Create model Thing" },
    { { THING }, { { 0 } }, "a: - Delete model Thing" },
    { { THING },
      { MADE("a", "Thing", NAME, models_TextField("text", .blank = true)) },
      "a: + Add field text to thing" },
    { { THING }, { MADE("a", "Thing") }, "a: - Remove field name from thing" },
    { { THING },
      { MADE("a", "Thing", models_CharField("name", .max_length = 60)) },
      "a: ~ Alter field name on thing" },
    { { THING },
      { MADE("a", "Thing", models_CharField("title", .max_length = 30)) },
      "a: ~ Rename field name on thing to title" },
    { { THING }, { MADE("a", "Item", NAME) }, "a: ~ Rename model Thing to Item" },
    { { THING },
      { THING, MADE("a", "Of", models_ForeignKey("thing", "a.Thing", .on_delete = CASCADE)) },
      "a: + Create model Of" },
    { { { 0 } },
      { MADE("a", "Hen", models_ForeignKey("egg", "a.Egg", .on_delete = CASCADE)),
        MADE("a", "Egg", models_ForeignKey("hen", "a.Hen", .on_delete = CASCADE)) },
      "a: + Create model Egg; + Create model Hen; + Add field hen to egg" },
    { { { 0 } },
      { MADE("b", "Of", models_ForeignKey("thing", "a.Thing", .on_delete = CASCADE)), THING },
      "a: + Create model Thing | b: + Create model Of" },
    { { MADE("b", "Of", models_ForeignKey("thing", "a.Thing", .on_delete = CASCADE)), THING },
      { { 0 } },
      "b: - Delete model Of | a: - Delete model Thing" },
};

static nu__project_state *state_of(const nu_operation *models)
{
    nu__project_state *state = nu__state_new("auth.User");

    for (; models->kind; models++)
        nu__state_add(state, models->model->app_label, models->model);
    return state;
}

static bool yes(void *self, const char *app)
{
    (void)self;
    (void)app;
    return true;
}

static bool yes_model(void *self, const nu_model *old, const nu_model *model)
{
    (void)self;
    (void)old;
    (void)model;
    return true;
}

static bool yes_field(void *self, const nu_model *model, const nu_field *old, const nu_field *field)
{
    (void)self;
    (void)model;
    (void)old;
    (void)field;
    return true;
}

/* Says yes to each rename; a value is asked for by none of these. */
static const nu__questioner agreeing = { .initial = yes,
                                         .rename_model = yes_model,
                                         .rename_field = yes_field };

static nu__new_migration *detected(size_t i, const nu__questioner *questioner, size_t *n)
{
    nu__detection what = { .from = state_of(changes[i].before),
                           .to = state_of(changes[i].after),
                           .graph = nu__graph_build(NULL),
                           .questioner = questioner };

    return nu__autodetect(&what, n);
}

static nu_str told(const nu__new_migration *made, size_t n)
{
    nu_str text = S("");

    for (size_t i = 0; i < n; i++) {
        text = nu_fmt("{}{}{}: ", text, i ? " | " : "", made[i].app_label);
        for (size_t k = 0; k < made[i].n; k++)
            text =
                nu_fmt("{}{}{}", text, k ? "; " : "", nu__operation_signed(&made[i].operations[k]));
    }
    return text;
}

static void changes_are_found_in_an_order_that_runs(void)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        size_t n;
        nu__new_migration *made = detected(i, &agreeing, &n);

        CHECK_STR(told(made, n), changes[i].found);
    }
}

static void a_rename_that_is_denied_is_removal_and_addition(void)
{
    const nu_operation before[] = { THING, { 0 } };
    const nu_operation after[] = {
        MADE("a", "Thing", models_CharField("title", .max_length = 30, .null = true)), { 0 }
    };
    nu__questioner denying = agreeing;
    nu__detection what = { .from = state_of(before),
                           .to = state_of(after),
                           .graph = nu__graph_build(NULL),
                           .questioner = &denying };
    size_t n;
    nu__new_migration *made;

    denying.rename_field = nu__silent_questioner.rename_field;
    made = nu__autodetect(&what, &n);
    CHECK_STR(told(made, n), "a: - Remove field name from thing; + Add field title to thing");
}

/* ---- what an operation depends on ---------------------------------------------------------- */

static const struct {
    nu__dependency on;
    nu_operation op;
    bool met;
} dependencies[] = {
    { { "a", "thing", NULL, NU__DEPENDS_ON_CREATE }, THING, true },
    { { "a", "other", NULL, NU__DEPENDS_ON_CREATE }, THING, false },
    { { "a", "thing", NULL, NU__DEPENDS_ON_REMOVE }, DeleteModel("Thing"), true },
    { { "a", "thing", NULL, NU__DEPENDS_ON_CREATE }, DeleteModel("Thing"), false },
    { { "a", "thing", "name", NU__DEPENDS_ON_CREATE }, AddField("Thing", NAME), true },
    { { "a", "thing", "name", NU__DEPENDS_ON_CREATE }, THING, true },
    { { "a", "thing", "size", NU__DEPENDS_ON_CREATE }, THING, false },
    { { "a", "thing", "name", NU__DEPENDS_ON_REMOVE }, RemoveField("Thing", "name"), true },
    { { "a", "thing", "name", NU__DEPENDS_ON_ALTER }, AlterField("Thing", NAME), true },
    { { "a", "thing", "name", NU__DEPENDS_ON_ALTER }, AddField("Thing", NAME), false },
    { { "a", "thing", NULL, NU__DEPENDS_ON_REMOVE_ORDER },
      AlterOrderWithRespectTo("Thing", NULL),
      true },
    { { "a", "thing", NULL, NU__DEPENDS_ON_ALTER_TOGETHER },
      AlterUniqueTogether("Thing", { "a", "b" }),
      true },
};

static void an_operation_meets_what_it_is_wanted_for(void)
{
    for (size_t i = 0; i < sizeof dependencies / sizeof *dependencies; i++)
        CHECK_STR(nu_fmt("{}, {}: {}", (int64_t)i, nu__operation_signed(&dependencies[i].op),
                         nu__depends_on(&dependencies[i].on, &dependencies[i].op)),
                  nu_fmt("{}, {}: {}", (int64_t)i, nu__operation_signed(&dependencies[i].op),
                         dependencies[i].met));
}

/* ---- names --------------------------------------------------------------------------------- */

static void numbers_are_read_from_names(void)
{
    CHECK_INT(nu__migration_number("0012_more"), 12);
    CHECK_INT(nu__migration_number("0001_squashed_0007_more"), 7);
    CHECK_INT(nu__migration_number("more"), 0);
}

static void migrations_are_called_after_what_they_do(void)
{
    const nu_operation one[] = { RemoveField("Thing", "name"), { 0 } };
    const nu_operation many[] = { RemoveField("Thing", "a_column_with_a_long_name"),
                                  RemoveField("Thing", "another_column_with_a_long_name"),
                                  { 0 } };
    const nu_operation umlauts[] = { RemoveField("Thing", "größe"),
                                     RemoveField("Thing", "übermäßig_große_maße"),
                                     { 0 } };

    CHECK_STR(nu__migration_words(one, false), "remove_thing_name");
    CHECK_STR(nu__migration_words(one, true), "initial");
    CHECK_STR(nu__migration_words(many, false), "remove_thing_a_column_with_a_long_name_and_more");
    CHECK_STR(nu__migration_words(umlauts, false),
              "remove_thing_größe_remove_thing_übermäßig_große_maße");
}

HARNESS(changes_are_found_in_an_order_that_runs, a_rename_that_is_denied_is_removal_and_addition,
        an_operation_meets_what_it_is_wanted_for, numbers_are_read_from_names,
        migrations_are_called_after_what_they_do)
