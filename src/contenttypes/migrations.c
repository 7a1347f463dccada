/* The history of django.contrib.contenttypes, under Django's names. */
#include <nuages/conf.h>
#include <nuages/migrations.h>

#include <nuages/auth.h>
#include <nuages/queries.h>

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

/* clang-format on */

/* Of a model that is no more, its name in small letters, as the row has it. */
static nu_str name_of(const nu_apps *apps, nu_str app_label, nu_str model)
{
    const nu_model *then = NULL;

    if (nu_catch(NU_LOOKUP_ERROR, then = nu_historical_model(apps, app_label.ptr, model.ptr)))
        return model;
    return nu_s(then->name);
}

/* The way back: the column is there again, empty, and is about to be NOT NULL. */
static void fill_names(const nu_apps *apps, const char *database)
{
    const nu_model *type = nu_historical_model(apps, "contenttypes", "ContentType");
    nu_query *types = nu_using(nu_objects_(type), database);
    size_t n;
    nu_object **rows = nu_fetch_all_(types, type, &n);

    for (size_t i = 0; i < n; i++)
        nu_update(nu_filter(types, Q("pk", nu_field_get_(rows[i], "pk"))),
                  ("name", name_of(apps, nu_string(nu_field_get_(rows[i], "app_label")),
                                   nu_string(nu_field_get_(rows[i], "model")))));
}

/* clang-format off */
static const nu_operation remove_name_operations[] = {
    AlterModelOptions("contenttype", .verbose_name = "content type", .verbose_name_plural = "content types"),
    AlterField("contenttype", models_CharField("name", .max_length = 100, .null = true)),
    RunC(RunC_noop, RunC_reverse(fill_names)),
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
