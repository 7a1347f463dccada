/* `&`, `|` and `^` of query sets. */
#include "db/models/queryset.h"

#include "core/object.h"

static void check_plain(const nu_query *query, const char *op)
{
    if (nu__query_tree(query)->n_combined)
        nu_raise(NU_TYPE_ERROR, "Cannot use {} operator with combined queryset.", op);
}

static bool gives_objects(const nu_query *query)
{
    return query->shape == NU__SHAPE_OBJECTS;
}

/* Rows of values must have the same columns, be they dicts, lists or the values alone. */
static void check_same_values(const nu_query *a, const nu_query *b)
{
    const nu__tree *one = a->tree, *two = b->tree;
    bool same = gives_objects(a) == gives_objects(b) && one->n_selected == two->n_selected &&
                one->n_select == two->n_select;

    for (uint32_t i = 0; same && i < one->n_selected; i++)
        same = nu_eq(one->selected[i].name, two->selected[i].name);
    if (!same && !(gives_objects(a) && gives_objects(b)))
        nu_raise(NU_TYPE_ERROR,
                 "Merging 'QuerySet' classes must involve the same values in each case.");
}

/* A sliced query by the keys of its rows: only then can it be narrowed. */
static nu_query *narrowable(nu_query *query)
{
    nu_query *all, *keys;

    if (!nu__tree_sliced(query->tree))
        return query;
    all = nu__query_new(query->tree->model);
    keys = nu_values(query, "pk");
    all->using = query->using;
    return nu__query_where(all, S("pk__in"), nu_v_query(keys));
}

static nu_query *merged(nu_query *a, nu_query *b, nu__connector connector)
{
    nu_query *copy = nu__query_clone(a);

    nu__tree_merge(copy->tree, b->tree, connector);
    return copy;
}

nu_query *nu_query_and(nu_query *a, nu_query *b)
{
    check_plain(a, "&");
    check_plain(b, "&");
    check_same_values(a, b);
    if (b->tree->matches_nothing || a->tree->matches_nothing)
        return b->tree->matches_nothing ? b : a;
    return merged(a, b, NU__AND);
}

static nu_query *either(nu_query *a, nu_query *b, nu__connector connector, const char *op)
{
    check_plain(a, op);
    check_plain(b, op);
    check_same_values(a, b);
    if (a->tree->matches_nothing || b->tree->matches_nothing)
        return a->tree->matches_nothing ? b : a;
    return merged(narrowable(a), narrowable(b), connector);
}

nu_query *nu_query_or(nu_query *a, nu_query *b)
{
    return either(a, b, NU__OR, "|");
}

nu_query *nu_query_xor(nu_query *a, nu_query *b)
{
    return either(a, b, NU__XOR, "^");
}
