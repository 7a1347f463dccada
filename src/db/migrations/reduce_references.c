/* What an operation has to do with: whether another may be moved past it. */
#include "db/migrations/reduce.h"

#include <string.h>

static bool create_references(const nu_operation *op, const char *name, const char *app)
{
    const nu_model *model = op->model;

    if (nu__same_name(model->name, name))
        return true;
    for (size_t i = 0; i < 4 && model->bases_by_name[i]; i++)
        if (nu__label_is(nu__label(app, model->bases_by_name[i]), app, name))
            return true;
    for (size_t i = 0; i < nu__model_field_count(model); i++)
        if (nu__field_refers_to(model->fields[i], app, app, name, NULL))
            return true;
    return false;
}

bool nu__references_model(const nu_operation *op, const char *name, const char *app)
{
    switch (op->kind) {
    case NU_CREATE_MODEL:
        return create_references(op, name, app);
    case NU_RENAME_MODEL:
        return nu__same_name(op->model_name, name) || nu__same_name(op->new_name, name);
    case NU_ALTER_MODEL_TABLE:
    case NU_ALTER_MODEL_TABLE_COMMENT:
    case NU_ALTER_MODEL_OPTIONS:
    case NU_ALTER_UNIQUE_TOGETHER:
    case NU_ALTER_ORDER_WITH_RESPECT_TO:
        return nu__same_name(op->model_name, name);
    case NU_ADD_FIELD:
    case NU_ALTER_FIELD:
    case NU_REMOVE_FIELD:
    case NU_RENAME_FIELD:
        return nu__same_name(op->model_name, name) ||
               (op->field && nu__field_refers_to(op->field, app, app, name, NULL));
    default:
        return true;
    }
}

static bool has_field(const char *const sets[4][8], const char *name)
{
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 8 && sets[i][k]; k++)
            if (!strcmp(sets[i][k], name))
                return true;
    return !sets[0][0];
}

static bool field_operation_references(const nu_operation *op, const char *model, const char *name,
                                       const char *app)
{
    if (nu__same_name(op->model_name, model) && nu__same_text(nu__operation_field(op), name))
        return true;
    return op->field && nu__field_refers_to(op->field, app, app, model, name);
}

bool nu__references_field(const nu_operation *op, const char *model, const char *name,
                          const char *app)
{
    if (op->kind == NU_RENAME_FIELD)
        return nu__references_model(op, model, app) &&
               (nu__same_name(op->name, name) || nu__same_name(op->new_name, name));
    if (nu__is_field_operation(op))
        return field_operation_references(op, model, name, app);
    if (op->kind == NU_ALTER_UNIQUE_TOGETHER)
        return nu__references_model(op, model, app) && has_field(op->unique_together, name);
    if (op->kind == NU_ALTER_ORDER_WITH_RESPECT_TO)
        return nu__references_model(op, model, app) && (!op->name || !strcmp(op->name, name));
    return nu__references_model(op, model, app);
}
