/* aggregate() and count(). Django: Query.get_aggregation() */
#include "db/models/queryset.h"

#include "core/object.h"
#include "db/models/rows.h"
#include "db/sql/functions.h"

typedef struct aggregation {
    nu_str *names;
    const nu_expr **exprs;
    size_t n;
} aggregation;

/* ---- is a subquery needed? ---------------------------------------------------------------- */

static bool existing_aggregates(const nu__tree *tree)
{
    for (uint32_t i = 0; i < tree->n_annotations; i++)
        if (nu__has_aggregate(tree->annotations[i].expr))
            return true;
    return nu__has_aggregate(tree->where);
}

typedef struct refs {
    const nu_expr *items[64];
    size_t n;
} refs;

static bool take_ref(const nu_expr *expr, void *arg)
{
    refs *found = arg;

    if (expr->klass != &nu__ref)
        return true;
    if (found->n < sizeof(found->items) / sizeof(*found->items))
        found->items[found->n++] = expr;
    return false;
}

static refs references(const aggregation *a)
{
    refs found = { .n = 0 };

    for (size_t i = 0; i < a->n; i++)
        nu__expr_walk(a->exprs[i], take_ref, &found);
    return found;
}

static bool asks_windows(const nu__tree *tree)
{
    return tree->where->flags & NU__CONTAINS_OVER;
}

static bool needs_subquery(const nu__tree *tree, const refs *found)
{
    for (size_t i = 0; i < found->n; i++)
        if (found->items[i]->flags & (NU__CONTAINS_SUBQUERY | NU__CONTAINS_OVER))
            return true;
    return tree->group_by == NU__GROUP_BY || nu__tree_sliced(tree) || existing_aggregates(tree) ||
           asks_windows(tree) || tree->distinct || tree->n_combined;
}

/* ---- over a subquery ---------------------------------------------------------------------- */

/* Annotations that neither the aggregates nor the grouping look at need not be worked out. */
static void mask_unused(nu__tree *inner, const nu__tree *tree, const refs *found)
{
    nu_str *kept = nu_alloc_array(nu_str, tree->n_annotations + tree->group_exprs.n + found->n + 1);
    size_t n = 0;

    for (uint32_t i = 0; tree->group_by == NU__GROUP_BY && i < tree->group_exprs.n; i++)
        if (tree->group_exprs.items[i]->klass == &nu__ref)
            kept[n++] = tree->group_exprs.items[i]->name;
    for (size_t i = 0; i < found->n; i++)
        kept[n++] = found->items[i]->name;
    for (uint32_t i = 0; i < tree->n_annotations; i++) {
        nu__exprs own = { 0 };

        if (!tree->annotations[i].selected)
            continue;
        nu__expr_group_by(tree->annotations[i].expr, &own);
        if (own.n)
            kept[n++] = tree->annotations[i].name;
    }
    nu__tree_mask_annotations(inner, kept, n);
}

/* Columns that an aggregate is of become annotations of the inner query. */
typedef struct columns {
    const nu_expr *items[64];
    size_t n;
} columns;

static bool take_column(const nu_expr *expr, void *arg)
{
    columns *found = arg;

    if (expr->klass == &nu__ref)
        return false;
    if (expr->klass != &nu__col)
        return true;
    for (size_t i = 0; i < found->n; i++)
        if (nu__expr_equal(found->items[i], expr))
            return false;
    if (found->n == sizeof(found->items) / sizeof(*found->items))
        nu_raise(NU_FIELD_ERROR, "an aggregation over more than {} columns", found->n);
    found->items[found->n++] = expr;
    return false;
}

static void move_columns(nu__tree *inner, aggregation *a)
{
    columns found = { .n = 0 };

    for (size_t i = 0; i < a->n; i++)
        nu__expr_walk(a->exprs[i], take_column, &found);
    for (size_t c = 0; c < found.n; c++) {
        nu_str name = nu_fmt("__col{}", c + 1);

        nu__tree_put_annotation(inner, name, found.items[c], true);
        if (inner->has_selected)
            nu__tree_select_annotation(inner, name);
        for (size_t i = 0; i < a->n; i++)
            a->exprs[i] =
                nu__expr_replace(a->exprs[i], found.items[c], nu__ref_to(name, found.items[c]));
    }
}

static bool selects_annotation(const nu__tree *tree)
{
    for (uint32_t i = 0; i < tree->n_annotations; i++)
        if (tree->annotations[i].selected)
            return true;
    return false;
}

static void select_only_key(nu__tree *inner)
{
    inner->select = nu_alloc_array(const nu_expr *, 1);
    inner->select[0] = nu__col_of(nu__tree_base(inner), inner->model->pk, NULL);
    inner->n_select = 1;
}

static nu__tree *over_subquery(nu__tree *tree, aggregation *a, const refs *found)
{
    nu__tree *inner = nu__tree_clone(tree), *outer = nu__tree_new(tree->model);

    inner->subquery = true;
    inner->related = NULL;
    nu__tree_clear_ordering(inner, false);
    if (!inner->distinct) {
        if (inner->default_cols && existing_aggregates(tree)) {
            inner->group_by = NU__GROUP_BY;
            inner->group_exprs = (nu__exprs){ 0 };
            nu__exprs_add(&inner->group_exprs,
                          nu__col_of(nu__tree_base(inner), tree->model->pk, NULL));
        }
        inner->default_cols = false;
        if (!tree->n_combined && !asks_windows(tree))
            mask_unused(inner, tree, found);
    }
    move_columns(inner, a);
    if (!inner->n_select && !inner->default_cols && !selects_annotation(inner))
        select_only_key(inner);
    outer->inner = inner;
    outer->default_cols = false;
    return outer;
}

/* ---- in the query itself ------------------------------------------------------------------ */

static nu__tree *in_place(nu__tree *tree, aggregation *a)
{
    for (uint32_t k = 0; k < tree->n_annotations; k++)
        for (size_t i = 0; i < a->n; i++)
            a->exprs[i] = nu__expr_replace(
                a->exprs[i], nu__ref_to(tree->annotations[k].name, tree->annotations[k].expr),
                tree->annotations[k].expr);
    nu__tree_clear_select(tree);
    tree->n_annotations = 0;
    return tree;
}

static const nu_expr *resolve(nu__tree *tree, nu_str name, const nu_expr *expr)
{
    nu__resolver with = { .query = tree, .allow_joins = true, .summarize = true };

    nu__check_alias(name);
    expr = nu__expr_resolve(expr, &with);
    if (!nu__has_aggregate(expr))
        nu_raise(NU_TYPE_ERROR, "{} is not an aggregate expression", name);
    return expr;
}

/* Each may name those before it: what it names is put in its place. */
static void resolve_all(nu__tree *tree, aggregation *a)
{
    nu__tree *trying = nu__tree_clone(tree);

    for (size_t i = 0; i < a->n; i++) {
        const nu_expr *expr = resolve(trying, a->names[i], a->exprs[i]);

        for (size_t k = 0; k < i; k++)
            expr = nu__expr_replace(expr, nu__ref_to(a->names[k], a->exprs[k]), a->exprs[k]);
        a->exprs[i] = expr;
        if (!nu__tree_annotation(tree, a->names[i]))
            nu__tree_put_annotation(trying, a->names[i], expr, true);
    }
    tree->joins = trying->joins;
    tree->n_joins = trying->n_joins;
    tree->cap_joins = trying->cap_joins;
    tree->prefixes = trying->prefixes;
}

static nu__tree *aggregation_tree(const nu_query *query, aggregation *a)
{
    nu__tree *tree = nu__tree_clone(nu__query_tree(query)), *outer;
    refs found;

    tree->lock = NULL;
    resolve_all(tree, a);
    found = references(a);
    outer = needs_subquery(tree, &found) ? over_subquery(tree, a, &found) : in_place(tree, a);
    for (size_t i = 0; i < a->n; i++)
        nu__tree_put_annotation(outer, a->names[i], a->exprs[i], true);
    nu__tree_clear_ordering(outer, true);
    outer->low = 0;
    outer->high = -1;
    outer->related = NULL;
    return outer;
}

/* ---- running ------------------------------------------------------------------------------ */

static bool known_of_nothing(const aggregation *a)
{
    nu_value value;

    for (size_t i = 0; i < a->n; i++)
        if (!nu__value_of_nothing(a->exprs[i], &value))
            return false;
    return true;
}

static nu_value *run(const nu_query *query, aggregation *a)
{
    nu__connection *connection = nu__query_connection(query);
    nu__tree *tree = aggregation_tree(query, a);
    nu_value *out = nu_alloc_array(nu_value, a->n + 1);
    nu__compiled compiled = known_of_nothing(a)
                                ? nu__compile_select(tree, connection->backend)
                                : nu__compile_select_always(tree, connection->backend);

    if (!nu__select_one(connection, &compiled, out))
        for (size_t i = 0; i < a->n; i++)
            out[i] = nu__aggregate_of_nothing(a->exprs[i]);
    return out;
}

nu_value nu__aggregate_one(const nu_query *query, const nu_expr *expr)
{
    nu_str name = S("__count");
    aggregation a = { &name, &expr, 1 };

    return run(query, &a)[0];
}

static void check_distinct(const nu_query *query)
{
    if (nu__query_tree(query)->n_distinct_on)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "aggregate() + distinct(fields) not implemented.");
}

nu_value *nu__aggregate_all(const nu_query *query, const nu_var *items, size_t n)
{
    aggregation a = { nu_alloc_array(nu_str, n + 1), nu_alloc_array(const nu_expr *, n + 1), n };

    check_distinct(query);
    for (size_t i = 0; i < n; i++) {
        a.names[i] = nu_s(items[i].key);
        a.exprs[i] = nu__argument(items[i].value, false);
    }
    return run(query, &a);
}

void nu_aggregate_(nu_query *query, void *out, const nu_aggregate_item *items)
{
    aggregation a = { .n = 0 };
    nu_value *values;

    check_distinct(query);
    while (items[a.n].expr)
        a.n++;
    a.names = nu_alloc_array(nu_str, a.n + 1);
    a.exprs = nu_alloc_array(const nu_expr *, a.n + 1);
    for (size_t i = 0; i < a.n; i++) {
        a.names[i] = nu_s(items[i].column.name);
        a.exprs[i] = items[i].expr;
    }
    values = run(query, &a);
    for (size_t i = 0; i < a.n; i++)
        nu__member_put(&items[i].column, out, values[i]);
}
