/* UPDATE of all rows of a query, and raw SQL. */
#include "core/object.h"
#include "db/models/queryset.h"
#include "db/sql/lookups.h"
#include "db/transaction.h"

/* An instance is a value of relations only. */
static void check_instance(const nu__field *field, nu_value value)
{
    if (field->relation || value.kind != NU_KIND_OBJECT || !value.object->type ||
        ((const nu_class *)value.object->type)->ops != &nu__model_ops)
        return;
    nu_raise(
        NU_TYPE_ERROR,
        "Tried to update field {}.{} with a model instance, {!r}. Use a value compatible with {}.",
        field->model->label, field->name, value, field->type->name);
}

static nu__assignment assignment(const nu__model_info *info, const nu_var *item)
{
    nu_str name = nu_s(item->key);
    const nu__field *field = nu__model_field(info, name);
    nu__assignment a = { .field = field };

    if (nu__model_many(info, name))
        nu_raise(NU_FIELD_ERROR,
                 "Cannot update model field <django.db.models.fields.related.ManyToManyField: {}> "
                 "(only non-relations and foreign keys permitted).",
                 name);
    if (!field && nu__model_reverse(info, name))
        nu_raise(NU_FIELD_ERROR,
                 "Cannot update model field '{}' (only non-relations and foreign keys permitted).",
                 name);
    if (!field || nu_eq(name, "pk"))
        nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", info->name, name);
    check_instance(field, item->value);
    if (item->value.kind == NU_KIND_EXPR)
        a.expr = item->value.p;
    else if (item->value.kind == NU_KIND_QUERY)
        a.expr = Subquery((nu_query *)item->value.p);
    else
        a.value = nu__prepare(field, item->value);
    return a;
}

/* Whether a column lies in the table of a parent. */
static const nu__model_info *parent_of(const nu__model_info *info, const nu_var *item)
{
    const nu__field *field = nu__model_field(info, nu_s(item->key));

    return field && field->origin && !info->model->proxy ? field->origin->model : NULL;
}

/* What is to be set in the tables of parents, by the keys that the query finds before it changes
   anything. Sets `own` to the rest; rows of the parents' tables. */
static int64_t update_parents(nu_query *query, const nu_var *values, size_t n, nu_var *own)
{
    const nu__model_info *info = nu__query_tree(query)->model;
    nu_list *keys = nu__query_results(nu_values_flat(query, "pk"));
    int64_t most = 0;
    size_t n_own = 0;

    for (size_t i = 0; i < n; i++) {
        const nu__model_info *parent = parent_of(info, &values[i]);
        nu_query *rows;
        int64_t updated;

        if (!parent) {
            own[n_own++] = values[i];
            continue;
        }
        rows = nu__query_where(nu__query_new((nu__model_info *)(uintptr_t)parent), S("pk__in"),
                               nu_v_list(keys));
        rows->using = nu__db_for_write(query);
        updated = nu_update_(rows, (nu_var[]){ values[i], { 0 } });
        most = updated > most ? updated : most;
    }
    return most;
}

static bool sets_parents(const nu__model_info *info, const nu_var *values)
{
    for (; values->key; values++)
        if (parent_of(info, values))
            return true;
    return false;
}

int64_t nu_update_(nu_query *query, const nu_var *values)
{
    const nu__model_info *info = nu__query_tree(query)->model;
    nu__connection *connection = nu__connection_of(nu__db_for_write(query));
    nu__tree *tree = nu__tree_clone(query->tree);
    nu__compiled compiled;
    nu__assignment *items;
    size_t n = 0;

    nu__query_not_combined(query, "update");
    if (nu__tree_sliced(tree))
        nu_raise(NU_TYPE_ERROR, "Cannot update a query once a slice has been taken.");
    while (values[n].key)
        n++;
    if (!n)
        return 0;
    if (sets_parents(info, values)) {
        nu_var *own = nu_alloc_array(nu_var, n + 1);
        int64_t rows = update_parents(query, values, n, own), own_rows = nu_update_(query, own);

        return own_rows > rows ? own_rows : rows;
    }
    items = nu_alloc_array(nu__assignment, n);
    for (size_t i = 0; i < n; i++) {
        items[i] = assignment(info, &values[i]);
        if (items[i].expr)
            items[i].expr = nu__resolve_assigned(
                items[i].expr, &(nu__resolver){ .query = tree, .for_save = true });
    }
    nu__tree_clear_ordering(tree, true);
    compiled = nu__compile_update(tree, connection->backend, items, n);
    if (compiled.result != NU__SQL_OK)
        return 0;
    nu__mark_for_rollback_on_error(connection);
    return nu__db_execute(connection, compiled.sql, compiled.params, NULL);
}

/* ---- raw SQL ------------------------------------------------------------------------------ */

static nu_query *raw_query(nu__model_info *info, const char *sql, nu_values args)
{
    nu_query *query = nu__query_new(info);
    nu_value *params = nu_alloc_array(nu_value, args.len + 1);

    for (size_t i = 0; i < args.len; i++)
        params[i] = args.items[i];
    query->tree = NULL;
    query->raw_model = info;
    query->raw_sql = nu_s(sql);
    query->raw_params = (nu_values){ params, args.len };
    return query;
}

nu_query *nu_raw_(const nu_model *model, const char *sql, nu_values args)
{
    return raw_query(nu__model_info_of(model), sql, args);
}

nu_query *nu_raw_translated_(const nu_model *model, const char *sql, nu_values args,
                             const nu_dict *translations)
{
    nu_query *query = nu_raw_(model, sql, args);

    query->raw_names = translations;
    return query;
}

nu_query *nu_sql_(const char *sql, nu_values args)
{
    return raw_query(NULL, sql, args);
}

int64_t nu_execute_(const char *sql, nu_values args)
{
    nu__connection *connection = nu__connection_of(NULL);

    return nu__db_execute(connection, connection->backend->operations->convert_query(nu_s(sql)),
                          args, NULL);
}
