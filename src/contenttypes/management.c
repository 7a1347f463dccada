#include "contenttypes/management.h"

#include <nuages/queries.h>

nu_content_type *nu__contenttype_of(const nu_model *model)
{
    return nu_find(nu_content_type, Q("app_label", model->app_label),
                   Q("model", nu_lower(nu_s(model->name))));
}

void nu__contenttypes_create(const nu_app *app)
{
    for (size_t i = 0; i < 128 && app->models[i]; i++) {
        const nu_model *model = app->models[i];

        if (!nu__contenttype_of(model))
            nu_create(nu_content_type, .app_label = nu_s(model->app_label),
                      .model = nu_lower(nu_s(model->name)));
    }
}
