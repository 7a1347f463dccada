#include "db/backends/schema.h"
#include "db/models/expression_text.h"
#include "db/sql/compiler.h"

#include <string.h>

/* The conditions and expressions of constraints, indexes and columns as SQL with literals: what a
 * database keeps in its schema has no parameters. Columns stand without their table, which may be
 * renamed.
 */

/* A field as it is to be, under the name that it has in the model. */
static void take_over(nu__field *field, const nu__field *to)
{
    nu__field old = *field;

    *field = *to;
    field->name = old.name;
    field->attname = old.attname;
    field->model = old.model;
    field->index = old.index;
}

/* The model as it is while one of its fields is altered: old names, new columns and types. */
static nu__model_info *with_new_fields(const nu__table_def *def)
{
    nu__model_info *info = nu_alloc(nu__model_info);

    *info = *def->model;
    info->fields = nu_alloc_array(nu__field, info->n_fields);
    info->names = nu_alloc_array(nu__name, info->n_names);
    memcpy(info->fields, def->model->fields, info->n_fields * sizeof *info->fields);
    memcpy(info->names, def->model->names, info->n_names * sizeof *info->names);
    for (size_t i = 0; i < info->n_fields; i++)
        take_over(&info->fields[i], nu__table_def_field(def, info->fields[i].name));
    for (size_t i = 0; i < info->n_names; i++)
        if (info->names[i].kind == NU__NAME_FIELD)
            info->names[i].field = &info->fields[info->names[i].field - def->model->fields];
    if (info->pk)
        info->pk = &info->fields[info->pk - def->model->fields];
    return info;
}

/* A query over the table without aliases. */
static nu__tree *tree_of(const nu__table_def *def)
{
    nu__tree *tree =
        nu__tree_new(def->renamed ? with_new_fields(def) : (nu__model_info *)(uintptr_t)def->model);

    tree->no_aliases = true;
    return tree;
}

nu_str nu__condition_sql(const nu__backend *backend, const nu__table_def *def,
                         const char *condition)
{
    nu__tree *tree = tree_of(def);
    nu__joins reuse = 0, inner;
    nu__filtering how = { .reuse = &reuse, .split = true, .check_filterable = true };
    nu__sql sql = { 0 };
    nu__compiler out = { .query = tree, .backend = backend, .sql = &sql };

    nu__compile(nu__tree_clause(tree, nu__text_condition(nu_s(condition)), how, &inner), &out);
    return nu__sql_literals(&sql, backend);
}

static nu_str resolved_sql(const nu__backend *backend, const nu__table_def *def,
                           const nu_expr *expr)
{
    nu__tree *tree = tree_of(def);
    nu__resolver with = { .query = tree };
    nu__sql sql = { 0 };
    nu__compiler out = { .query = tree, .backend = backend, .sql = &sql };

    nu__compile(nu__expr_resolve(expr, &with), &out);
    return nu__sql_literals(&sql, backend);
}

nu_str nu__expression_sql(const nu__backend *backend, const nu__table_def *def, const char *text)
{
    return resolved_sql(backend, def, nu__text_expression(nu_s(text)));
}

nu_str nu__literal_sql(const nu__backend *backend, const nu__table_def *def, const nu__field *field,
                       nu_value value)
{
    return resolved_sql(backend, def, nu__literal_of(value, field));
}

/* " varchar_pattern_ops", where the database has such classes. */
static nu_str class_sql(const nu__backend *backend, const nu_expr *expr)
{
    if (expr->klass != &nu__op_class || !backend->features->supports_opclasses)
        return S("");
    return nu_fmt(" {}", expr->name);
}

/* What is no column stands in parentheses of its own, before its class and order. */
nu_str nu__index_expression_sql(const nu__backend *backend, const nu__table_def *def,
                                const char *text)
{
    nu__tree *tree = tree_of(def);
    nu__resolver with = { .query = tree };
    nu__sql sql = { 0 };
    nu__compiler out = { .query = tree, .backend = backend, .sql = &sql };
    nu_expr *expr = nu__text_expression(nu_s(text));
    const nu_expr *root = nu__expr_resolve(nu__text_indexed(expr), &with);
    bool column = root->klass == &nu__col;
    const char *order = "";

    if (expr->klass == &nu__order_by) {
        order = expr->flags & NU__DESCENDING ? " DESC" : " ASC";
        expr = expr->args[0];
    }
    nu__compile(root, &out);
    return nu_fmt("{}{}{}{}{}", column ? "" : "(", nu__sql_literals(&sql, backend),
                  column ? "" : ")", class_sql(backend, expr), order);
}
