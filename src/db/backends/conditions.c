#include "db/backends/schema.h"
#include "db/models/expression_text.h"
#include "db/sql/compiler.h"

#include <string.h>

/* The conditions of constraints as SQL with literals: what a database keeps in its schema has no
 * parameters. Columns stand without their table, which may be renamed.
 */

/* The model as it is while one of its fields is renamed: old names, new columns. */
static nu__model_info *with_new_columns(const nu__table_def *def)
{
    nu__model_info *info = nu_alloc(nu__model_info);

    *info = *def->model;
    info->fields = nu_alloc_array(nu__field, info->n_fields);
    info->names = nu_alloc_array(nu__name, info->n_names);
    memcpy(info->fields, def->model->fields, info->n_fields * sizeof *info->fields);
    memcpy(info->names, def->model->names, info->n_names * sizeof *info->names);
    for (size_t i = 0; i < info->n_fields; i++)
        info->fields[i].column = nu__table_def_field(def, info->fields[i].name)->column;
    for (size_t i = 0; i < info->n_names; i++)
        if (info->names[i].kind == NU__NAME_FIELD)
            info->names[i].field = &info->fields[info->names[i].field - def->model->fields];
    if (info->pk)
        info->pk = &info->fields[info->pk - def->model->fields];
    return info;
}

nu_str nu__condition_sql(const nu__backend *backend, const nu__table_def *def,
                         const char *condition)
{
    nu__model_info *info =
        def->renamed ? with_new_columns(def) : (nu__model_info *)(uintptr_t)def->model;
    nu__tree *tree = nu__tree_new(info);
    nu__joins reuse = 0, inner;
    nu__filtering how = { .reuse = &reuse, .split = true, .check_filterable = true };
    nu__sql sql = { 0 };
    nu__compiler out = { .query = tree, .backend = backend, .sql = &sql };

    tree->no_aliases = true;
    nu__compile(nu__tree_clause(tree, nu__text_condition(nu_s(condition)), how, &inner), &out);
    return nu__sql_literals(&sql, backend);
}
