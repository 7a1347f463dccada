/* --fake-initial: whether the tables and columns of an initial migration are there already, made by
   Django or by hand. */
#include "db/migrations/executor.h"

#include "db/models/router.h"

#include <string.h>
#include <strings.h>

static bool is_initial(const nu_migration *migration)
{
    if (migration->initial)
        return true;
    for (size_t i = 0; i < 16 && migration->dependencies[i][0]; i++)
        if (!strcmp(migration->dependencies[i][0], migration->app_label))
            return false;
    return true;
}

/* The model whose table counts: of one that is swapped the site's own. */
static const nu__model_info *model_of(const nu_migration *migration, nu__project_state *after,
                                      const char *name)
{
    const nu__model_info *info = nu__state_info(after, migration->app_label, name);
    const char *users = after->user_model;

    if (info->model->swappable && !nu__same_name(info->label.ptr, users))
        info = nu__registry_find(nu__models(), nu_s(users));
    return info;
}

static bool is_ours(const nu__connection *connection, const nu__model_info *info)
{
    return info && !info->model->proxy && !info->model->unmanaged &&
           nu__router_allow_migrate(connection->alias, info->model);
}

static bool has_field(nu__connection *connection, const nu__model_info *info, const char *name)
{
    const nu__field *many = nu__model_many(info, nu_s(name)),
                    *field = nu__model_field(info, nu_s(name));

    if (many)
        return nu__has_table(connection, many->relation->through->db_table);
    return field && nu__has_table(connection, info->db_table) &&
           nu__has_column(connection, info->db_table, field->column);
}

bool nu__is_soft_applied(nu__connection *connection, const nu_migration *migration,
                         nu__project_state *after)
{
    bool found = false;

    if (!is_initial(migration))
        return false;
    for (const nu_operation *op = migration->operations; op && op->kind; op++) {
        const nu__model_info *info;

        if (op->kind != NU_CREATE_MODEL && op->kind != NU_ADD_FIELD)
            continue;
        info = model_of(migration, after, nu__operation_model(op));
        if (!is_ours(connection, info))
            continue;
        if (op->kind == NU_CREATE_MODEL ? !nu__has_table(connection, info->db_table)
                                        : !has_field(connection, info, op->field->name))
            return false;
        found = true;
    }
    return found;
}
