#include "harness.h"

#include "db/migrations/linter.h"
#include "db/models/registry.h"
#include <nuages/auth.h>
#include <nuages/contenttypes.h>

#include <string.h>

static const nu_model thing = {
    .name = "Thing",
    .app_label = "shop",
    .fields = { models_BigAutoField("id", .primary_key = true),
                models_CharField("name", .max_length = 30, .null = true),
                models_DecimalField("price", .max_digits = 6, .decimal_places = 2) },
    .indexes = { NamedIndex("old_i", "name") },
    .constraints = { UniqueConstraint("old_c", "id", "name") }
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
    { AddField("Thing", models_IntegerField("n", .null = true)), "" },
    { AddField("Thing", models_IntegerField("n", .null = true, .db_index = true)), "W111" },
    { AddField("Thing", models_ForeignKey("o", "shop.Thing", .null = true, .on_delete = CASCADE)),
      "W111 W112" },
    { AddField("Thing", models_ForeignKey("o", "shop.Thing", .null = true, .on_delete = CASCADE,
                                          .no_db_index = true, .no_db_constraint = true)),
      "" },
    { AlterField("Thing", models_DecimalField("price", .max_digits = 9, .decimal_places = 2)), "" },
    { AlterField("Thing", models_DecimalField("price", .max_digits = 6, .decimal_places = 3)),
      "W108" },
    { AlterField("Thing", models_DecimalField("price", .max_digits = 5, .decimal_places = 2)),
      "W108" },
    { AlterField("Thing",
                 models_CharField("name", .max_length = 30, .null = true, .db_collation = "C")),
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

/* The first words of what `migrate --plan` says of an operation, on each database. */
static const struct {
    nu_operation op;
    const char *locks[NU__DIALECT_COUNT];
} plans[] = {
#define LOCKS(s, p, m)                                                                             \
    {                                                                                              \
        [NU__SQLITE] = (s), [NU__POSTGRESQL] = (p), [NU__MYSQL] = (m)                              \
    }
    { RemoveField("Thing", "name"),
      LOCKS("locks the database for a moment", "ACCESS EXCLUSIVE for a moment", "metadata lock") },
    { AddIndex("Thing", { .name = "i", .fields = { "name" } }),
      LOCKS("locks the database for writing while all rows are read", "SHARE", "none") },
    { AddIndexConcurrently("Thing", { .name = "i", .fields = { "name" } }),
      LOCKS("locks the database for writing while all rows are read", "none", "none") },
    { AddField("Thing", models_IntegerField("n", .null = true, .db_index = true)),
      LOCKS("locks the database for writing while all rows are read", "SHARE", "none") },
    { AddField("Thing", models_IntegerField("n", Default(1))),
      LOCKS("locks the database for writing while the table is made anew",
            "ACCESS EXCLUSIVE for a moment", "metadata lock") },
    { AlterField("Thing", models_CharField("name", .max_length = 60, .null = true)),
      LOCKS("locks the database for writing while the table is made anew",
            "ACCESS EXCLUSIVE for a moment", "metadata lock") },
    { AlterField("Thing", models_CharField("name", .max_length = 10, .null = true)),
      LOCKS("locks the database for writing while the table is made anew",
            "ACCESS EXCLUSIVE while the table is written again", "writing waits") },
    { AlterField("Thing",
                 models_CharField("name", .max_length = 30, .null = true, .help_text = "h")),
      LOCKS("locks the database for a moment", "ACCESS EXCLUSIVE for a moment", "metadata lock") },
    { AlterField("Thing", models_CharField("name", .max_length = 30)),
      LOCKS("locks the database for writing while the table is made anew", "SHARE", "none") },
    { AlterField("Thing", models_DecimalField("price", .max_digits = 9, .decimal_places = 2)),
      LOCKS("locks the database for writing while the table is made anew",
            "ACCESS EXCLUSIVE for a moment", "metadata lock") },
    { AlterField("Thing", models_IntegerField("price")),
      LOCKS("locks the database for writing while the table is made anew",
            "ACCESS EXCLUSIVE while the table is written again", "writing waits") },
};

static nu_str locks_of(const nu_operation *op, nu__dialect dialect)
{
    const nu__backend backend = { .dialect = dialect };
    nu__connection connection = { .alias = "default" };
    nu__schema_editor editor = { .backend = &backend, .connection = &connection };
    nu__project_state *before = nu__state_new("auth.User");
    nu__operation_run run = { &editor, "shop", before, before };

    nu__state_add(before, "shop", &thing);
    return nu__operation_locks(&run, op);
}

static void the_plan_tells_what_each_database_locks(void)
{
    static const nu_model *const models[] = { &nu_content_type_model, &nu_permission_model,
                                              &nu_group_model, &nu_user_model, NULL };

    nu__models_setup(models, &nu_user_model);
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
        for (nu__dialect k = 0; k < NU__DIALECT_COUNT; k++) {
            nu_str locks = locks_of(&plans[i].op, k), want = nu_s(plans[i].locks[k]);
            nu_str told = nu__operation_signed(&plans[i].op);

            CHECK_STR(
                nu_fmt("{} {}: {}", (int64_t)k, told, nu_starts_with(locks, want) ? want : locks),
                nu_fmt("{} {}: {}", (int64_t)k, told, want));
        }
}

HARNESS(the_plan_tells_what_each_database_locks, what_would_hurt_is_named,
        code_that_keeps_locks_is_named, what_was_looked_at_is_let_by,
        a_table_of_the_same_migration_is_nobodys)
