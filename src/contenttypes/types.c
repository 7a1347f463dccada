/* Content types by model, key and name. Django: ContentTypeManager */
#include "db/models/content_types.h"

#include <nuages/contenttypes.h>
#include <nuages/managers.h>
#include <nuages/queries.h>

static const char *alias_of(const char *using)
{
    return using ? using : nu__router_db_for_read(nu__model_info_of(&nu_content_type_model), NULL);
}

/* What is known of it makes an instance that was not read. */
static nu_content_type *instance_of(int64_t id, nu_str app_label, nu_str model, const char *using)
{
    nu_content_type *type =
        nu_new(nu_content_type, .id = id, .app_label = nu_copy(app_label), .model = nu_copy(model));

    nu__row_of(&type->object)->db = using;
    return type;
}

nu_content_type *nu_content_type_for(const nu_model *model, const char *using)
{
    const nu__model_info *info = nu__model_info_of(model);

    using = alias_of(using);
    return instance_of(nu__content_type_id(info, using), info->app_label, info->model_name, using);
}

nu_content_type *nu_content_type_for_id(nu_id id, const char *using)
{
    const nu__model_info *info;

    using = alias_of(using);
    info = nu__content_type_model(id, using);
    if (info)
        return instance_of(id, info->app_label, info->model_name, using);
    return nu_get_in(nu_content_type, nu_using(nu_objects(nu_content_type), using), Q("pk", id));
}

nu_content_type *nu_content_type_by_natural_key(nu_str app_label, nu_str model, const char *using)
{
    const nu__model_info *info = nu__registry_find(nu__models(), nu_fmt("{}.{}", app_label, model));

    using = alias_of(using);
    if (info && nu_eq(info->model_name, model))
        return nu_content_type_for(info->model, using);
    return nu_get_in(nu_content_type, nu_using(nu_objects(nu_content_type), using),
                     Q("app_label", app_label), Q("model", model));
}

const nu_model *nu_content_type_model_class(const nu_content_type *type)
{
    const nu__model_info *info =
        nu__registry_find(nu__models(), nu_fmt("{}.{}", type->app_label, type->model));

    return info ? info->model : NULL;
}

void nu_content_types_clear_cache(void)
{
    nu__content_types_forget();
}
