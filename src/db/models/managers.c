/* Managers and methods of query sets: a model's own, and those of the bases it comes from. */
#include "core/suggest.h"
#include "db/models/expression_text.h"
#include "db/models/queryset.h"

#include <string.h>

const nu_manager *nu__manager_named(const nu_model *model, const char *name)
{
    const nu_manager *found = NULL;

    for (int i = 0; i < 8 && model->managers[i].name; i++)
        if (!strcmp(model->managers[i].name, name))
            return &model->managers[i];
    for (int i = 0; i < 4 && model->bases[i].model && !found; i++)
        found = nu__manager_named(model->bases[i].model, name);
    return found;
}

nu_str nu__manager_suggestion(const nu_model *model, const char *name)
{
    const char *names[9] = { "objects" };
    size_t n = 1;

    for (int i = 0; i < 8 && model->managers[i].name; i++)
        names[n++] = model->managers[i].name;
    return nu__suggestion(nu_s(name), names, n);
}

const nu_query_method *nu__query_method_named(const nu_model *model, const char *name)
{
    const nu_query_method *found = NULL;

    for (int i = 0; i < 16 && model->query_methods[i].name; i++)
        if (!strcmp(model->query_methods[i].name, name))
            return &model->query_methods[i];
    for (int i = 0; i < 4 && model->bases[i].model && !found; i++)
        found = nu__query_method_named(model->bases[i].model, name);
    return found;
}

/* `objects` stands before all others, whether it is declared or not. */
nu_query *nu__default_manager(nu__model_info *info)
{
    const char *name = info->model->default_manager_name;
    const nu_manager *manager = nu__manager_named(info->model, name ? name : "objects");

    return manager ? manager->queryset(nu__query_new(info)) : nu__query_new(info);
}

nu_query *nu__base_manager(nu__model_info *info)
{
    const char *name = info->model->base_manager_name;
    const nu_manager *manager = name ? nu__manager_named(info->model, name) : NULL;

    return manager ? manager->queryset(nu__query_new(info)) : nu__query_new(info);
}

const char *const *nu__latest_by(const nu_model *model)
{
    const char *const *found = model->get_latest_by;

    for (int i = 0; i < 4 && model->bases[i].model && !found[0]; i++)
        found = nu__latest_by(model->bases[i].model);
    return found;
}

nu_query *nu__rows_to_choose(const nu__field *field)
{
    const char *limit = ((const nu_relation_field *)field->def)->limit_choices_to;
    nu_query *rows = nu__default_manager(field->relation->to);

    return limit ? nu__query_meeting(rows, nu__text_condition(nu_s(limit))) : rows;
}
