#include "auth/management.h"

#include "contenttypes/management.h"
#include "db/models/options.h"

#include <nuages/queries.h>

static void create_for(const nu_model *model)
{
    static const char *const actions[] = { "add", "change", "delete", "view" };
    const nu__model_info *info = nu__model_info_of(model);
    nu_content_type *type = nu__contenttype_of(model);

    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        nu_str codename = nu_fmt("{}_{}", actions[i], info->model_name);

        if (!nu_find(nu_permission, Q("content_type", type->id), Q("codename", codename)))
            nu_create(nu_permission, .codename = codename, .content_type = nu_ref_to(type),
                      .name = nu_fmt("Can {} {}", actions[i], info->verbose_name));
    }
}

void nu__permissions_create(const nu_app *app)
{
    nu__contenttypes_create(app);
    for (size_t i = 0; i < 128 && app->models[i]; i++)
        create_for(app->models[i]);
}
