/* QuerySet.extra(): columns and conditions in SQL as it is. */
#include "db/models/queryset.h"

#include "core/object.h"

#include <nuages/expressions.h>
#include <string.h>

/* Parameters that are given out one text after the other. */
typedef struct pool {
    const nu_list *values;
    size_t used;
} pool;

static size_t placeholders(nu_str sql)
{
    size_t n = 0;

    for (size_t i = 0; i + 1 < sql.len; i++) {
        n += sql.ptr[i] == '%' && sql.ptr[i + 1] == 's';
        i += sql.ptr[i] == '%'; /* "%%" is a percent sign */
    }
    return n;
}

static nu_values take(pool *from, size_t n)
{
    nu_value *out = nu_alloc_array(nu_value, n + 1);

    if (n > nu_list_len(from->values) - from->used)
        nu_raise(NU_PROGRAMMING_ERROR, "extra(): {} parameters were given for more placeholders",
                 nu_list_len(from->values));
    for (size_t i = 0; i < n; i++)
        out[i] = nu_at(from->values, from->used++);
    return (nu_values){ out, n };
}

static nu_query *add_columns(nu_query *query, const nu_dict *select, pool *params)
{
    size_t n = nu_dict_len(select);
    nu_var *columns = nu_alloc_array(nu_var, n + 1);

    for (size_t i = 0; i < n; i++) {
        nu_str sql = nu_string(nu_dict_value(select, i));
        nu_values own = take(params, placeholders(sql));

        columns[i] = (nu_var){ nu_copy(nu_dict_key(select, i)).ptr,
                               nu_v_expr(nu_raw_sql_(nu_copy(sql).ptr, own)) };
    }
    return n ? nu_annotate_(query, columns) : query;
}

/* (one) AND (two): what is joined by OR stays together. */
static nu_query *add_conditions(nu_query *query, const nu_list *where, const nu_list *params)
{
    pool all = { params, 0 };
    nu__buf sql = { 0 };
    nu_cond conditions[2] = { { 0 } };

    for (size_t i = 0; i < nu_list_len(where); i++)
        nu__buf_fmt(&sql, "{}({})", i ? " AND " : "", nu_at(where, i));
    if (!sql.len)
        return query;
    conditions[0] = nu_expr_cond(nu_typed(
        nu_raw_sql_(nu__buf_str(&sql).ptr, take(&all, nu_list_len(params))), NU_BOOLEAN_FIELD));
    return nu_filter_(query, conditions);
}

/* What an earlier call has named stays. */
static nu_query *add_tables(const nu_query *query, const nu_list *tables)
{
    nu_query *copy = nu__query_clone(query);
    nu_list *all = nu_list_new();

    for (size_t i = 0; i < nu_list_len(copy->tree->extra_tables); i++)
        nu_list_append_(all, nu_at(copy->tree->extra_tables, i));
    for (size_t i = 0; i < nu_list_len(tables); i++)
        nu_list_append_(all, nu_at(tables, i));
    copy->tree->extra_tables = all;
    return copy;
}

nu_query *nu__query_extra(nu_query *query, const nu__extra *extra)
{
    pool params = { extra->select_params, 0 };

    if (nu__query_tree(query)->n_combined)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "Calling QuerySet.extra() after {}() is not supported.",
                 S("union"));
    if (nu__tree_sliced(query->tree))
        nu_raise(NU_TYPE_ERROR, "Cannot change a query once a slice has been taken.");
    query = add_columns(query, extra->select, &params);
    query = add_tables(query, extra->tables);
    query = add_conditions(query, extra->where, extra->params);
    if (nu_list_len(extra->order_by)) {
        size_t n = nu_list_len(extra->order_by);
        nu_value *names = nu_alloc_array(nu_value, n);

        for (size_t i = 0; i < n; i++)
            names[i] = nu_at(extra->order_by, i);
        query = nu_order_by_expr_(query, (nu_values){ names, n });
    }
    return query;
}
