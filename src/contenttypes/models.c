#include <nuages/auth.h>

#include "apps/registry.h"
#include "db/models/options.h"

/* "Registry | student": the app and the model as people call them. A model that is not there any
   more goes by what the row says. */
static nu_str content_type_str(const void *object)
{
    const nu_content_type *type = object;
    const nu__app_config *app = nu__app_find(type->app_label);
    const nu__model_info *info =
        nu__registry_find(nu__models(), nu_fmt("{}.{}", type->app_label, type->model));

    return app && info ? nu_fmt("{} | {}", app->verbose_name, info->verbose_name) : type->model;
}

/* clang-format off */
const nu_model nu_content_type_model = {
    MODEL_AS(nu_content_type, "ContentType"), .app_label = "contenttypes",
    .db_table = "django_content_type", .str = content_type_str,
    .natural_key = { "app_label", "model" },
    .verbose_name = "content type", .verbose_name_plural = "content types",
    .fields = {
        AutoField(nu_content_type, id, .primary_key = true, .verbose_name = "ID"),
        CharField(nu_content_type, app_label, .max_length = 100),
        CharField(nu_content_type, model, .verbose_name = "python model class name", .max_length = 100),
    },
    .unique_together = { { "app_label", "model" } },
};
/* clang-format on */
