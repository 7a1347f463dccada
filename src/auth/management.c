#include "auth/management.h"

#include "contenttypes/management.h"
#include "db/models/options.h"

#include <nuages/queries.h>

static void create(nu_content_type *type, nu_str codename, nu_str name)
{
    if (!nu_find(nu_permission, Q("content_type", type->id), Q("codename", codename)))
        nu_create(nu_permission, .codename = codename, .content_type = nu_ref_to(type),
                  .name = name);
}

const char *const *nu__default_permissions(const nu_model *model)
{
    static const char *const usual[] = { "add", "change", "delete", "view", NULL };
    static const char *const none[] = { NULL };

    if (model->no_default_permissions)
        return none;
    return model->default_permissions[0] ? model->default_permissions : usual;
}

/* Meta.default_permissions, then Meta.permissions. */
static void create_for(const nu_model *model)
{
    const char *const *actions = nu__default_permissions(model);
    const nu__model_info *info = nu__model_info_of(model);
    nu_content_type *type = nu__contenttype_of(model);

    for (size_t i = 0; i < 8 && actions[i]; i++)
        create(type, nu_fmt("{}_{}", actions[i], info->model_name),
               nu_fmt("Can {} {}", actions[i], info->verbose_name));
    for (size_t i = 0; i < 8 && model->permissions[i][0]; i++)
        create(type, nu_s(model->permissions[i][0]), nu_s(model->permissions[i][1]));
}

void nu__permissions_create(const nu_app *app)
{
    nu__contenttypes_create(app);
    for (size_t i = 0; i < 128 && app->models[i]; i++)
        if (!app->models[i]->abstract)
            create_for(app->models[i]);
}
