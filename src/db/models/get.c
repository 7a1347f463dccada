/* Reading one row, all rows, how many there are. */
#include "db/models/queryset.h"

#include "core/object.h"

#include <string.h>

/* A query over T must be read as T: the pointer is cast. */
static void check_model(const nu_query *query, const nu_model *model)
{
    const nu__model_info *info = nu__query_model(query);
    bool objects = query->tree ? query->shape == NU__SHAPE_OBJECTS : info != NULL;

    if (!objects)
        nu_raise(NU_TYPE_ERROR, "this query gives rows, not objects: read it with nu_rows() or "
                                "nu_each_row()");
    if (info->model != model)
        nu_raise(NU_TYPE_ERROR, "this query is over {}, not {}", info->label, model->name);
}

/* ---- one ---------------------------------------------------------------------------------- */

static void *only_row(nu_query *query, const nu_cond *conditions)
{
    const nu__model_info *info = nu__query_model(query);
    nu__cursor *cursor = nu__cursor_open_get(query, conditions);
    nu_object *found = nu__cursor_next(cursor);
    int n = 0;

    for (nu_object *more = found; more; more = nu__cursor_next(cursor))
        n++;
    nu__cursor_close(cursor);
    if (n < 2)
        return found;
    nu_raise(NU_MULTIPLE_OBJECTS_RETURNED, "get() returned more than one {} -- it returned {}!",
             info->name, n < NU__MAX_GET_RESULTS ? nu_fmt("{}", n) : S("more than 20"));
}

nu_query *nu__query_to_get(nu_query *query, const nu_cond *conditions)
{
    nu_query *narrowed;

    if (query->tree && query->tree->n_combined && (conditions->lookup || conditions->op))
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "Calling QuerySet.get(...) with filters after {}() is not supported.",
                 nu__combinator_name(query->tree->combinator));
    narrowed = conditions->lookup || conditions->op ? nu_filter_(query, conditions)
                                                    : nu__query_clone(query);
    if (narrowed->tree) {
        if (!nu__tree_sliced(narrowed->tree) && !narrowed->tree->n_distinct_on)
            nu__tree_clear_ordering(narrowed->tree, true);
        nu__tree_slice(narrowed->tree, 0, NU__MAX_GET_RESULTS);
    }
    return narrowed;
}

void *nu_find_(nu_query *query, const nu_model *model, const nu_cond *conditions)
{
    check_model(query, model);
    return only_row(query, conditions);
}

void *nu_get_(nu_query *query, const nu_model *model, const nu_cond *conditions)
{
    void *found = nu_find_(query, model, conditions);

    if (!found)
        nu_raise(NU_DOES_NOT_EXIST, "{} matching query does not exist.", model->name);
    return found;
}

void *nu_get_or_404_(nu_query *query, const nu_model *model, const nu_cond *conditions)
{
    void *found = nu_find_(query, model, conditions);

    if (!found)
        nu_raise(NU_HTTP404, "No {} matches the given query.", model->name);
    return found;
}

bool nu__query_ordered(const nu_query *query)
{
    const nu__tree *tree = nu__query_tree(query);

    if (tree->matches_nothing)
        return true;
    return tree->n_order || (tree->default_ordering && tree->model->model->ordering[0] &&
                             tree->group_by == NU__GROUP_NONE);
}

/* Rows of groups have no key to be ordered by. */
static void check_groups(const nu__tree *tree, bool last)
{
    if (tree->group_by != NU__GROUP_BY)
        return;
    for (uint32_t i = 0; i < tree->group_exprs.n; i++) {
        const nu__field *type = nu__expr_output_or_null(tree->group_exprs.items[i]);

        if (type && type == tree->model->pk)
            return;
    }
    nu_raise(NU_TYPE_ERROR,
             "Cannot use QuerySet.{}() on an unordered queryset performing aggregation. Add an "
             "ordering with order_by().",
             last ? "last" : "first");
}

/* The first row; of the query turned round, the last. */
nu_query *nu__query_end(const nu_query *query, bool last)
{
    nu_query *copy = (nu_query *)query;

    if (!nu__query_ordered(query))
        check_groups(query->tree, last);
    if (!nu__query_ordered(query))
        copy = nu_order_by(copy, last ? "-pk" : "pk");
    else if (last)
        copy = nu_reversed(copy);
    return nu_slice(copy, 0, 1);
}

static void *end_of(nu_query *query, const nu_model *model, bool last)
{
    nu__cursor *cursor;
    nu_object *found;

    check_model(query, model);
    if (query->results) {
        size_t n = nu_list_len(query->results);

        return n ? (void *)nu_at(query->results, last ? n - 1 : 0).object : NULL;
    }
    cursor = nu__cursor_open(nu__query_end(query, last));
    found = nu__cursor_next(cursor);
    nu__cursor_close(cursor);
    return found;
}

void *nu_first_(nu_query *query, const nu_model *model)
{
    return end_of(query, model, false);
}

void *nu_last_(nu_query *query, const nu_model *model)
{
    return end_of(query, model, true);
}

/* ---- many --------------------------------------------------------------------------------- */

void *nu__each_open(nu_query *query, const nu_model *model)
{
    check_model(query, model);
    return nu__cursor_open(query);
}

void *nu__each_next(void *rows)
{
    return nu__cursor_next(rows);
}

void nu__each_close(void *rows)
{
    nu__cursor *cursor = *(nu__cursor **)rows;

    if (cursor)
        nu__cursor_close(cursor);
}

void *nu_fetch_all_(nu_query *query, const nu_model *model, size_t *n)
{
    nu_list *results;
    nu_object **out;

    check_model(query, model);
    results = nu__query_results(query);
    *n = nu_list_len(results);
    out = nu_alloc_array(nu_object *, *n + 1);
    for (size_t i = 0; i < *n; i++)
        out[i] = (nu_object *)nu_at(results, i).object;
    return out;
}

/* A many-to-many set that was not narrowed has as many rows as the table between. */
static nu_query *links_of(const nu_query *query)
{
    nu_query *links = nu__query_new(query->through_key->model);

    links->using = query->using;
    return nu__query_where(links, query->through_key->attname, query->through_pk);
}

int64_t nu_count(nu_query *query)
{
    nu_value count;

    if (query->results)
        return (int64_t)nu_list_len(query->results);
    if (!query->tree)
        return (int64_t)nu_list_len(nu__query_results(query));
    if (query->through_key)
        return nu_count(links_of(query));
    count = nu__aggregate_one(query, Count("*"));
    return count.kind == NU_KIND_INT ? count.i : 0;
}

bool nu_exists(nu_query *query)
{
    nu__connection *connection;
    nu__compiled compiled;

    if (query->results || !query->tree)
        return nu_list_len(nu__query_results(query)) > 0;
    if (query->through_key)
        return nu_exists(links_of(query));
    connection = nu__query_connection(query);
    compiled = nu__compile_select(nu__tree_exists(query->tree), connection->backend);
    return nu__select_one(connection, &compiled, nu_alloc_array(nu_value, compiled.n_columns + 1));
}
