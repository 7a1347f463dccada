/* Query sets made of several: union(), intersection(), difference(). */
#include "db/models/queryset.h"

static bool is_empty(const nu_query *query)
{
    return nu__query_tree(query)->matches_nothing && !query->tree->n_combined;
}

static nu_query *combined(const nu_query *const *queries, size_t n, nu__combinator combinator,
                          bool all)
{
    nu_query *copy = nu__query_changed(queries[0]);

    nu__tree_clear_ordering(copy->tree, true);
    copy->tree->low = 0;
    copy->tree->high = -1;
    copy->tree->combined = nu_alloc_array(nu__tree *, n);
    for (size_t i = 0; i < n; i++)
        copy->tree->combined[i] = nu__tree_clone(nu__query_tree(queries[i]));
    copy->tree->n_combined = (uint32_t)n;
    copy->tree->combinator = combinator;
    copy->tree->union_all = all;
    copy->tree->matches_nothing = false;
    if (nu__tree_depth(copy->tree) > NU__MAX_DEPTH)
        nu__expr_too_deep();
    return copy;
}

nu_query *nu_union_(const nu_query *const *queries, size_t n, bool all)
{
    const nu_query **full = nu_alloc_array(const nu_query *, n + 1);
    size_t n_full = 0;

    for (size_t i = 0; i < n; i++)
        if (!is_empty(queries[i]))
            full[n_full++] = queries[i];
    if (n == 1 || (!n_full && n))
        return nu__query_clone(queries[0]);
    if (!is_empty(queries[0]))
        return combined(queries, n, NU__UNION, all);
    return n_full == 1 ? nu__query_clone(full[0]) : combined(full, n_full, NU__UNION, all);
}

nu_query *nu_intersection_(const nu_query *const *queries, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_empty(queries[i]))
            return nu__query_clone(queries[i]);
    return combined(queries, n, NU__INTERSECTION, false);
}

nu_query *nu_difference_(const nu_query *const *queries, size_t n)
{
    if (is_empty(queries[0]))
        return nu__query_clone(queries[0]);
    return combined(queries, n, NU__DIFFERENCE, false);
}
