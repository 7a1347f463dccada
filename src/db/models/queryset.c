/* Query sets that are made of others. Each clones, changes the clone and gives it. */
#include "db/models/queryset.h"

#include "core/context.h"
#include "core/object.h"

#include <nuages/managers.h>
#include <string.h>

nu_query *nu__query_new(nu__model_info *info)
{
    nu_query *query = nu_alloc(nu_query);

    query->object.type = &nu__query_class;
    query->scratches = nu__here->scratches;
    query->tree = nu__tree_new(info);
    return query;
}

nu_query *nu__query_clone(const nu_query *query)
{
    nu_query *copy = nu_alloc(nu_query);

    *copy = *query;
    copy->results = NULL;
    copy->prefetched = false;
    copy->through_key = NULL;
    copy->scratches = nu__here->scratches;
    if (query->tree)
        copy->tree = nu__tree_clone(query->tree);
    return copy;
}

nu__tree *nu__query_tree(const nu_query *query)
{
    if (!query->tree)
        nu_raise(NU_TYPE_ERROR, "raw SQL can only be read, not narrowed or put into a query");
    return query->tree;
}

nu__model_info *nu__query_model(const nu_query *query)
{
    return query->tree ? query->tree->model : query->raw_model;
}

nu_query *nu__query_changed(const nu_query *query)
{
    nu__query_tree(query);
    return nu__query_clone(query);
}

void nu__query_not_combined(const nu_query *query, const char *what)
{
    if (query->tree->n_combined)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "Calling QuerySet.{}() after {}() is not supported.", what,
                 nu__combinator_name(query->tree->combinator));
}

nu_str *nu__copied_names(const char *const *names, size_t *n)
{
    nu_str *out;

    for (*n = 0; names[*n];)
        ++*n;
    out = nu_alloc_array(nu_str, *n + 1);
    for (size_t i = 0; i < *n; i++)
        out[i] = nu_copy_cstr(names[i]);
    return out;
}

/* ---- where to begin ----------------------------------------------------------------------- */

nu_query *nu_objects_(const nu_model *model)
{
    nu__model_info *info = nu__model_info_of(model);
    const nu_manager *own = nu__manager_named(model, "objects");

    return own ? own->queryset(nu__query_new(info)) : nu__query_new(info);
}

nu_query *nu_manager_(const nu_model *model, const char *name)
{
    nu__model_info *info = nu__model_info_of(model);
    const nu_manager *manager = nu__manager_named(model, name);

    if (manager)
        return manager->queryset(nu__query_new(info));
    if (!strcmp(name, "objects"))
        return nu__query_new(info);
    nu_raise(NU_ATTRIBUTE_ERROR, "type object '{}' has no attribute '{}'{}", info->name, name,
             nu__manager_suggestion(model, name));
}

nu_query *nu_call_(nu_query *query, const char *name, nu_values args)
{
    const nu__model_info *info = nu__query_model(query);
    const nu_query_method *method = info ? nu__query_method_named(info->model, name) : NULL;

    if (!method)
        nu_raise(NU_ATTRIBUTE_ERROR, "'QuerySet' object has no attribute '{}'", name);
    return method->call(query, args);
}

/* ---- conditions --------------------------------------------------------------------------- */

/* Names that mean something to Q() itself in Python: who hands names of parameters on must not
   change how conditions are joined. */
static void check_lookups(const nu_cond *conditions)
{
    bool connector = false, negated = false;

    for (; conditions->lookup || conditions->op; conditions++) {
        if (!conditions->lookup)
            continue;
        connector |= !strcmp(conditions->lookup, "_connector");
        negated |= !strcmp(conditions->lookup, "_negated");
    }
    if (connector || negated)
        nu_raise(NU_TYPE_ERROR, "The following kwargs are invalid: {}{}{}",
                 connector ? "'_connector'" : "", connector && negated ? ", " : "",
                 negated ? "'_negated'" : "");
}

static nu_query *narrowed(const nu_query *query, const nu_cond *conditions, bool negated,
                          bool sticky)
{
    nu_query *copy = nu__query_changed(query);
    nu_expr *q = nu__q_of(conditions, NU__AND, negated);

    nu__query_not_combined(query, negated ? "exclude" : "filter");
    check_lookups(conditions);
    if (q->n_args && nu__tree_sliced(copy->tree))
        nu_raise(NU_TYPE_ERROR, "Cannot filter a query once a slice has been taken.");
    if (sticky)
        copy->tree->keep_used = true;
    nu__tree_filter(copy->tree, q);
    copy->tree->keep_used = false;
    return copy;
}

nu_query *nu_filter_(nu_query *query, const nu_cond *conditions)
{
    return narrowed(query, conditions, false, false);
}

nu_query *nu_exclude_(nu_query *query, const nu_cond *conditions)
{
    return narrowed(query, conditions, true, false);
}

nu_query *nu__query_filter(const nu_query *query, const nu_cond *conditions, bool sticky)
{
    return narrowed(query, conditions, false, sticky);
}

nu_query *nu__query_where(const nu_query *query, nu_str lookup, nu_value value)
{
    nu_cond conditions[] = { { .lookup = nu_copy(lookup).ptr, .value = value }, { 0 } };

    return narrowed(query, conditions, false, false);
}

nu_query *nu__query_meeting(const nu_query *query, const nu_expr *condition)
{
    nu_cond conditions[] = {
        { .op = NU__COND_EXPR, .value = nu_v_expr((nu_expr *)(uintptr_t)condition) }, { 0 }
    };

    return narrowed(query, conditions, false, false);
}

nu_query *nu_none(nu_query *query)
{
    nu_query *copy = nu__query_changed(query);

    nu__tree_set_empty(copy->tree);
    return copy;
}

/* ---- order and bounds --------------------------------------------------------------------- */

static nu_query *ordered(const nu_query *query, const nu__order *items, size_t n)
{
    nu_query *copy = nu__query_changed(query);

    if (nu__tree_sliced(copy->tree))
        nu_raise(NU_TYPE_ERROR, "Cannot reorder a query once a slice has been taken.");
    copy->tree->n_order = 0;
    nu__tree_order(copy->tree, items, n);
    return copy;
}

nu_query *nu_order_by_(nu_query *query, const char *const *names)
{
    size_t n;
    nu_str *texts = nu__copied_names(names, &n);
    nu__order *items = nu_alloc_array(nu__order, n + 1);

    for (size_t i = 0; i < n; i++)
        items[i].name = texts[i];
    return ordered(query, items, n);
}

nu_query *nu_order_by_expr_(nu_query *query, nu_values expressions)
{
    nu__order *items = nu_alloc_array(nu__order, expressions.len + 1);

    for (size_t i = 0; i < expressions.len; i++) {
        nu_value value = expressions.items[i];

        if (value.kind == NU_KIND_STR)
            items[i].name = nu_copy(value.s);
        else
            items[i].expr = nu__argument(value, true);
    }
    return ordered(query, items, expressions.len);
}

nu_query *nu_reversed(nu_query *query)
{
    nu_query *copy = nu__query_changed(query);

    if (nu__tree_sliced(copy->tree))
        nu_raise(NU_TYPE_ERROR, "Cannot reverse a query once a slice has been taken.");
    copy->tree->reversed = !copy->tree->reversed;
    return copy;
}

static nu_query *slice_of_results(const nu_query *query, int64_t from, int64_t to)
{
    nu_query *copy = nu__query_clone(query);
    nu_list *all = query->results, *part = nu_list_new();
    int64_t len = (int64_t)nu_list_len(all);

    for (int64_t i = from; i < len && (to < 0 || i < to); i++)
        nu_list_append_(part, nu_at(all, (size_t)i));
    nu__tree_slice(copy->tree, from, to);
    copy->results = part;
    return copy;
}

nu_query *nu_slice(nu_query *query, int64_t from, int64_t to)
{
    nu_query *copy;

    if (from < 0 || to < -1)
        nu_raise(NU_VALUE_ERROR, "Negative indexing is not supported.");
    if (to >= 0 && to < from)
        to = from;
    nu__query_tree(query);
    if (query->results)
        return slice_of_results(query, from, to);
    copy = nu__query_changed(query);
    nu__tree_slice(copy->tree, from, to);
    return copy;
}

nu_query *nu_distinct(nu_query *query)
{
    nu_query *copy = nu__query_changed(query);

    nu__query_not_combined(query, "distinct");
    if (nu__tree_sliced(copy->tree))
        nu_raise(NU_TYPE_ERROR, "Cannot create distinct fields once a slice has been taken.");
    copy->tree->distinct = true;
    return copy;
}

nu_query *nu_distinct_on_(nu_query *query, const char *const *names)
{
    nu_query *copy = nu_distinct(query);

    nu__tree *tree = copy->tree;
    uint32_t n = 0;

    while (names[n])
        n++;
    tree->distinct_on = nu_alloc_array(nu_str, n + 1);
    tree->n_distinct_on = n;
    for (uint32_t i = 0; i < n; i++)
        tree->distinct_on[i] = nu_copy_cstr(names[i]);
    return copy;
}

nu_query *nu_using(nu_query *query, const char *alias)
{
    nu_query *copy = nu__query_clone(query);

    copy->using = nu_copy_cstr(alias).ptr;
    return copy;
}
