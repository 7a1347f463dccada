#include "harness.h"

#include "db/migrations/linter.h"

#include <string.h>

static const nu_model thing = { .name = "Thing",
                                .app_label = "shop",
                                .fields = { models_BigAutoField("id", .primary_key = true),
                                            models_CharField("name", .max_length = 30,
                                                             .null = true) },
                                .indexes = { NamedIndex("old_i", "name") },
                                .constraints = { UniqueConstraint("old_c", "id", "name") } };

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
    { AddField("Thing", models_IntegerField("n", .null = true)), "" },
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
    { AlterField("Thing", models_CharField("name", .max_length = 10, .null = true)), "W109" },
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

    nu__state_add(state, "shop", &thing);
    dangers = nu__lint_migration(migration, state);
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

HARNESS(what_would_hurt_is_named, code_that_keeps_locks_is_named, what_was_looked_at_is_let_by,
        a_table_of_the_same_migration_is_nobodys)
