/* The history of django.contrib.contenttypes, under Django's names. */
#include <nuages/conf.h>
#include <nuages/migrations.h>

#include <nuages/auth.h>

/* clang-format off */
static const nu_operation initial_operations[] = {
    CreateModel(.name = "ContentType",
                .fields = {
                    models_AutoField("id", .primary_key = true, .verbose_name = "ID"),
                    models_CharField("name", .max_length = 100),
                    models_CharField("app_label", .max_length = 100),
                    models_CharField("model", .max_length = 100, .verbose_name = "python model class name"),
                },
                .db_table = "django_content_type", .ordering = { "name" },
                .verbose_name = "content type", .verbose_name_plural = "content types"),
    AlterUniqueTogether("contenttype", { "app_label", "model" }),
    { 0 },
};
static const nu_migration contenttypes_0001_initial = {
    .app_label = "contenttypes", .name = "0001_initial", .initial = true, .operations = initial_operations,
};

static const nu_operation remove_name_operations[] = {
    AlterModelOptions("contenttype", .verbose_name = "content type", .verbose_name_plural = "content types"),
    AlterField("contenttype", models_CharField("name", .max_length = 100, .null = true)),
    RemoveField("contenttype", "name"),
    { 0 },
};
static const nu_migration contenttypes_0002_remove_content_type_name = {
    .app_label = "contenttypes", .name = "0002_remove_content_type_name",
    .dependencies = { { "contenttypes", "0001_initial" } }, .operations = remove_name_operations,
};
/* clang-format on */

static const nu_migration *const contenttypes_migrations[] = {
    &contenttypes_0001_initial,
    &contenttypes_0002_remove_content_type_name,
    NULL,
};

const nu_app contenttypes_app = {
    .name = "nuages.contrib.contenttypes",
    .label = "contenttypes",
    .verbose_name = "Content Types",
    .models = { &nu_content_type_model },
    .migrations = contenttypes_migrations,
};
