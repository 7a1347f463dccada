/* earliest(), latest(), in_bulk(), contains(), iterator(). */
#include "db/models/queryset.h"

#include "core/object.h"

/* ---- by a date ---------------------------------------------------------------------------- */

nu_query *nu__query_latest(nu_query *query, const char *const *names, bool latest)
{
    nu_query *copy = nu__query_changed(query);

    if (nu__tree_sliced(copy->tree))
        nu_raise(NU_TYPE_ERROR, "Cannot change a query once a slice has been taken.");
    if (!names[0])
        names = nu__latest_by(nu__query_model(query)->model);
    if (!names[0])
        nu_raise(NU_VALUE_ERROR, "earliest() and latest() require either fields as positional "
                                 "arguments or 'get_latest_by' in the model's Meta.");
    copy = nu_order_by_(copy, names);
    copy->tree->reversed ^= latest;
    return nu_slice(copy, 0, 1);
}

static void *one_of(nu_query *query, const nu_model *model, const char *const *names, bool latest)
{
    void *found = nu_find_(nu__query_latest(query, names, latest), model, NU_CONDS());

    if (!found)
        nu_raise(NU_DOES_NOT_EXIST, "{} matching query does not exist.", model->name);
    return found;
}

void *nu_earliest_(nu_query *query, const nu_model *model, const char *const *names)
{
    return one_of(query, model, names, false);
}

void *nu_latest_(nu_query *query, const nu_model *model, const char *const *names)
{
    return one_of(query, model, names, true);
}

/* ---- by keys ------------------------------------------------------------------------------ */

/* A constraint of this field alone, without a condition. */
static bool is_constrained(const nu__model_info *info, const nu__field *field)
{
    const nu_constraint *constraint = info->model->constraints;

    for (; constraint->name; constraint++)
        if (constraint->fields[0] && !constraint->fields[1] && !constraint->condition &&
            nu_eq(nu_s(constraint->fields[0]), field->name))
            return true;
    return false;
}

/* Rows that differ in it, whether it is unique or not. */
static bool is_distinct_on(const nu_query *query, nu_str name)
{
    const nu__tree *tree = nu__query_tree(query);

    return tree->n_distinct_on == 1 && nu_eq(tree->distinct_on[0], name);
}

static void check_unique(const nu_query *query, const nu__model_info *info, nu_str name)
{
    const nu__field *field = nu_eq(name, "pk") ? info->pk : nu__model_field(info, name);

    if (!field)
        nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", info->name, name);
    if (!field->unique && !is_constrained(info, field) && !is_distinct_on(query, name))
        nu_raise(NU_VALUE_ERROR, "in_bulk()'s field_name must be a unique field but {!r} isn't.",
                 name);
}

/* SQLite takes so many parameters a statement. */
static void add_batch(nu_query *query, nu_str lookup, const nu_list *ids, size_t from, size_t to,
                      nu_list *out)
{
    nu_list *batch = nu_list_new(), *rows;

    for (size_t i = from; i < to; i++)
        nu_list_append(batch, nu_at(ids, i));
    rows = nu__query_results(nu__query_where(query, lookup, nu_v_list(batch)));
    for (size_t i = 0; i < nu_list_len(rows); i++)
        nu_list_append(out, nu_at(rows, i));
}

nu_list *nu_in_bulk_(nu_query *query, const nu_list *ids, const char *field_name)
{
    nu_str name = nu_copy_cstr(field_name ? field_name : "pk");
    size_t n = nu_list_len(ids), batch = n;
    uint32_t most = nu__query_connection(query)->backend->features->max_query_params;
    nu_list *out = nu_list_new();

    if (nu__tree_sliced(nu__query_tree(query)))
        nu_raise(NU_TYPE_ERROR, "Cannot use 'limit' or 'offset' with in_bulk().");
    if (query->shape != NU__SHAPE_OBJECTS)
        nu_raise(NU_TYPE_ERROR, "in_bulk() cannot be used with values() or values_list().");
    check_unique(query, query->tree->model, name);
    if (!ids)
        return nu__query_results(query);
    if (most && most < n)
        batch = most;
    for (size_t i = 0; i < n; i += batch)
        add_batch(query, nu_fmt("{}__in", name), ids, i, i + batch < n ? i + batch : n, out);
    return out;
}

/* ---- one object --------------------------------------------------------------------------- */

bool nu_contains_(nu_query *query, const nu_object *object)
{
    const nu__model_info *info = nu__query_tree(query)->model;
    nu_value key;

    nu__query_not_combined(query, "contains");
    if (query->shape != NU__SHAPE_OBJECTS)
        nu_raise(NU_TYPE_ERROR,
                 "Cannot call QuerySet.contains() after .values() or .values_list().");
    if (!object || !object->type || ((const nu_class *)object->type)->ops != &nu__model_ops)
        nu_raise(NU_TYPE_ERROR, "'obj' must be a model instance.");
    if (nu__info_of(object) != info)
        return false;
    key = nu__field_get(info->pk, object);
    if (key.kind == NU_KIND_NULL)
        nu_raise(NU_VALUE_ERROR, "QuerySet.contains() cannot be used on unsaved objects.");
    for (size_t i = 0; query->results && i < nu_list_len(query->results); i++)
        if (nu__value_equal(nu_at(query->results, i), nu_v_object(object)))
            return true;
    return !query->results && nu_exists(nu__query_where(query, S("pk"), key));
}
