#include "harness.h"

#include "db/migrations/linter.h"
#include <nuages/postgres.h>

#include <string.h>

static const nu_model thing = {
    .name = "Thing",
    .app_label = "shop",
    .fields = { models_BigAutoField("id", .primary_key = true),
                models_CharField("name", .max_length = 30, .null = true),
                models_DecimalField("price", .max_digits = 6, .decimal_places = 2),
                models_CharField("code", .max_length = 9, .unique = true),
                models_CharField("kept", .max_length = 9, .db_column = "title"),
                models_CharField("state", .max_length = 9, Choices(("new", "New"), ("old", "Old"))),
                models_CharField("long", .max_length = 300),
                models_IntegerField("count", DbDefault(1)), models_DateTimeField("at_time"),
                models_ForeignKey("link", "shop.Link", .on_delete = CASCADE),
                models_ManyToManyField("many", "shop.Link"),
                models_ManyToManyField("by_link", "shop.Link", .through_name = "shop.Between") },
    .unique_together = { { "id", "code" } },
    .indexes = { NamedIndex("old_i", "name") },
    .constraints = { UniqueConstraint("old_c", "id", "name") }
};

static const nu_model link_ = {
    .name = "Link",
    .app_label = "shop",
    .db_table = "links",
    .fields = { models_BigAutoField("id", .primary_key = true) },
};

static const nu_model between = {
    .name = "Between",
    .app_label = "shop",
    .fields = { models_BigAutoField("id", .primary_key = true),
                models_ForeignKey("thing", "shop.Thing", .on_delete = CASCADE),
                models_ForeignKey("link", "shop.Link", .on_delete = CASCADE) },
};

static void look_at(const nu_apps *apps, const char *database)
{
    (void)apps;
    (void)database;
}

static nu_value any_number(void)
{
    return V(4);
}

/* An operation on a table that is there, and the dangers that are told of it. */
static const struct {
    nu_operation op;
    const char *dangers;
} rows[] = {
    { DeleteModel("Thing"), "W101" },
    { RemoveField("Thing", "name"), "W102" },
    { RenameModel("Thing", "Other"), "W103" },
    { AlterModelTable("Thing", "t"), "W103" },
    { RenameField("Thing", "name", "title"), "W104" },
    { RenameField("Thing", "kept", "title"), "" },
    { AlterField("Thing", models_CharField("kept", .max_length = 9, .db_column = "new")), "W104" },
    { RemoveField("Thing", "many"), "W102" },
    { RemoveField("Thing", "by_link"), "" },
    { RenameModel("Link", "Bond"), "" },
    { AlterModelTable("Link", "links"), "" },
    { AlterField("Thing", models_IntegerField("count")), "W105" },
    { AlterField("Thing", models_IntegerField("count", DbDefault(2))), "" },
    { AddField("Thing", models_DateTimeField("at", DbDefaultExpression("Now()"))), "" },
    { AddField("Thing", models_FloatField("r", DbDefaultExpression("Random()"))), "W106" },
    { AddField("Thing", models_JSONField("j", .null = true, .default_call = nu_default_dict)), "" },
    { AlterField("Thing", models_CharField("state", .max_length = 9, Choices(("new", "New")))),
      "W115" },
    { AlterField("Thing", models_CharField("state", .max_length = 9,
                                           Choices(("new", "New"), ("old", "Old"), ("x", "X")))),
      "" },
    { AlterField("Thing", models_ForeignKey("link", "shop.Thing", .on_delete = CASCADE)), "W112" },
    { AlterField("Thing", models_DateField("at_time")), "W108 W109" },
    { AlterField("Thing", models_CharField("long", .max_length = 400)), "" },
    { AlterField("Thing", models_CharField("long", .max_length = 30)), "W108 W109" },
    { AlterUniqueTogether("Thing"), "" },
    { AlterUniqueTogether("Thing", { "id", "code" }), "" },
    { AddConstraintConcurrently("Thing", { .name = "c", .fields = { "name" } }), "" },
    { AddConstraint("Thing", { .name = "c", .check = "count__gt=0" }), "W112" },
    { SeparateDatabaseAndState(.state_operations = Operations(DeleteModel("Thing"), { 0 })), "" },
    { SeparateDatabaseAndState(.database_operations =
                                   Operations(RemoveField("Thing", "name"), { 0 })),
      "W102" },
    { AddField("Thing", models_IntegerField("n", .null = true)), "" },
    { AddField("Thing", models_IntegerField("n", .null = true, .db_index = true)), "W111" },
    { AddField("Thing", models_ForeignKey("o", "shop.Thing", .null = true, .on_delete = CASCADE)),
      "W111 W112" },
    { AddField("Thing", models_ForeignKey("o", "shop.Thing", .null = true, .on_delete = CASCADE,
                                          .no_db_index = true, .no_db_constraint = true)),
      "" },
    { AlterField("Thing", models_DecimalField("price", .max_digits = 9, .decimal_places = 2)),
      "W108" },
    { AlterField("Thing", models_DecimalField("price", .max_digits = 6, .decimal_places = 3)),
      "W108 W109" },
    { AlterField("Thing", models_DecimalField("price", .max_digits = 5, .decimal_places = 2)),
      "W108 W109" },
    { AlterField("Thing",
                 models_CharField("name", .max_length = 30, .null = true, .db_collation = "C")),
      "" },
    { AlterField("Thing",
                 models_CharField("code", .max_length = 9, .unique = true, .db_collation = "C")),
      "W108" },
    { AlterOrderWithRespectTo("Thing", "name"), "W105" },
    { AlterOrderWithRespectTo("Thing", NULL), "W102" },
    { AddField("Thing", models_IntegerField("n", DbDefault(1))), "" },
    { AddField("Thing", models_IntegerField("n", Default(1))), "W105" },
    { AddField("Thing", models_IntegerField("n", .null = true, .default_call = any_number)),
      "W106" },
    { AddField("Thing", models_IntegerField("n", .null = true, .unique = true)), "W107" },
    { AlterField("Thing", models_TextField("name", .null = true)), "W108" },
    { AlterField("Thing",
                 models_CharField("name", .max_length = 30, .null = true, .db_index = true)),
      "W111" },
    { AlterField("Thing",
                 models_CharField("name", .max_length = 30, .null = true, .help_text = "h")),
      "" },
    { RemoveIndex("Thing", "old_i"), "" },
    { RemoveConstraint("Thing", "old_c"), "" },
    { AddConstraintNotValid("Thing", { .name = "c", .check = "name__gt=''" }), "" },
    { AlterUniqueTogether("Thing", { "id", "name" }), "W112" },
    { RunC(look_at), "W114" },
    { RunC(look_at, RunC_reverse(RunC_noop)), "" },
    { AlterField("Thing", models_CharField("name", .max_length = 60, .null = true)), "" },
    { AlterField("Thing", models_CharField("name", .max_length = 10, .null = true)), "W108 W109" },
    { AlterField("Thing", models_CharField("name", .max_length = 30)), "W110" },
    { AlterField("Thing", models_CharField("name", .max_length = 30, .null = true, .unique = true)),
      "W107" },
    { AddIndex("Thing", { .name = "i", .fields = { "name" } }), "W111" },
    { AddIndexConcurrently("Thing", { .name = "i", .fields = { "name" } }), "" },
    { AddConstraint("Thing", { .name = "c", .fields = { "name" } }), "W112" },
    { AlterModelOptions("Thing", .ordering = { "name" }), "" },
    { RunSQL("SELECT 1"), "W114" },
    { RunSQL("SELECT 1", .reverse_sql = RunSQL_noop), "" },
};

static nu_str dangers_of(const nu_migration *migration)
{
    nu__project_state *state = nu__state_new("auth.User");
    nu_list *dangers;
    nu_str ids = S("");

    nu__state_add(state, "shop", &link_);
    nu__state_add(state, "shop", &thing);
    nu__state_add(state, "shop", &between);
    dangers = nu__lint_migration(migration, state, nu_dict_new());
    for (size_t i = 0; i < nu_list_len(dangers); i++) {
        nu_str id = nu_item(nu_at(dangers, i).dict, "id").s;

        ids = nu_fmt("{}{}{}", ids, i ? " " : "", id.ptr + strlen("migrations."));
    }
    return ids;
}

static nu_migration migration_of(const nu_operation ops[2])
{
    return (nu_migration){ .app_label = "shop", .name = "0002_x", .operations = ops };
}

static void what_would_hurt_is_named(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const nu_operation ops[] = { rows[i].op, { 0 } };
        nu_migration migration = migration_of(ops);

        CHECK_STR(nu_fmt("{}: {}", nu__operation_signed(&rows[i].op), dangers_of(&migration)),
                  nu_fmt("{}: {}", nu__operation_signed(&rows[i].op), rows[i].dangers));
    }
}

/* Code beside changes of the schema, in a transaction and without one. */
static void code_that_keeps_locks_is_named(void)
{
    const nu_operation ops[] = { AddField("Thing", models_IntegerField("n", .null = true)),
                                 RunC(look_at, RunC_reverse(RunC_noop)),
                                 { 0 } };
    nu_migration migration = { .app_label = "shop", .name = "0002_x", .operations = ops };

    CHECK_STR(dangers_of(&migration), "W113");
    migration.non_atomic = true;
    CHECK_STR(dangers_of(&migration), "");
}

static void what_was_looked_at_is_let_by(void)
{
    const nu_operation ops[] = { DeleteModel("Thing"), { 0 } };
    nu_migration migration = migration_of(ops);

    migration.reviewed = true;
    CHECK_STR(dangers_of(&migration), "");
}

static void a_table_of_the_same_migration_is_nobodys(void)
{
    const nu_operation ops[] = {
        CreateModel(.name = "New", .app_label = "shop",
                    .fields = { models_BigAutoField("id", .primary_key = true) }),
        AddIndex("New", { .name = "i", .fields = { "id" } }),
        { 0 }
    };
    nu_migration migration = migration_of(ops);

    CHECK_STR(dangers_of(&migration), "");
}

/* Circular keys: the first migration's table is not there before the second one is applied. */
static void a_table_of_a_migration_that_is_not_applied_is_nobodys(void)
{
    const nu_operation made[] = {
        CreateModel(.name = "New", .app_label = "shop",
                    .fields = { models_BigAutoField("id", .primary_key = true) }),
        RenameModel("New", "Newer"),
        { 0 }
    };
    const nu_operation ops[] = {
        AddField("Newer", models_ForeignKey("to", "shop.Newer", .on_delete = CASCADE)), { 0 }
    };
    nu_migration first = { .app_label = "shop", .name = "0001_initial", .operations = made };
    nu_migration second = migration_of(ops);
    nu__project_state *state = nu__state_new("auth.User");
    nu_dict *known = nu_dict_new();

    CHECK_INT(nu_list_len(nu__lint_migration(&first, state, known)), 0);
    CHECK_INT(nu_list_len(nu__lint_migration(&second, nu__state_copy(state), known)), 0);
    CHECK_INT(nu_list_len(nu__lint_migration(&second, state, nu_dict_new())), 3);
}

HARNESS(a_table_of_a_migration_that_is_not_applied_is_nobodys, what_would_hurt_is_named,
        code_that_keeps_locks_is_named, what_was_looked_at_is_let_by,
        a_table_of_the_same_migration_is_nobodys)
