/* Written by makemigrations. */
/* clang-format off */
#include <nuages/migrations.h>

static const nu_operation api_0001_initial_operations[] = {
    CreateModel(.name = "Item",
                .fields = {
                    models_BigAutoField("id", .primary_key = true, .verbose_name = "ID"),
                    models_CharField("title", .max_length = 200),
                    models_DateTimeField("created_at", .auto_now_add = true),
                },
                .ordering = { "id" }),
    { 0 },
};

static const nu_migration api_0001_initial = {
    .app_label = "api", .name = "0001_initial", .initial = true,
    .operations = api_0001_initial_operations,
};
/* clang-format on */
