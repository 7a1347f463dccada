/* WHERE in parts, by what may be asked when: before grouping, after it, and of windows, which SQL
   knows only once all rows are there: then the query becomes a subquery of one that has the
   condition. Django: split_having_qualify(), get_qualify_sql() */
#include "db/sql/select.h"

/* ---- parts -------------------------------------------------------------------------------- */

static void add_part(nu_expr **part, const nu_expr *where, const nu_expr *child)
{
    nu__exprs list;

    if (!*part)
        *part = nu__where_new(where->connector, where->flags & NU__NEGATED);
    list = (nu__exprs){ (*part)->args, (*part)->n_args, (*part)->n_args };
    nu__exprs_add(&list, child);
    (*part)->args = list.items;
    (*part)->n_args = list.n;
    nu__expr_done(*part);
}

static nu__where_parts whole(const nu_expr *where)
{
    nu__where_parts parts = { NULL, NULL, NULL };

    if (where->flags & NU__CONTAINS_OVER)
        parts.qualify = where;
    else if (nu__has_aggregate(where))
        parts.having = where;
    else
        parts.where = where;
    return parts;
}

nu__where_parts nu__split_where(const nu_expr *where, bool negated, bool grouped)
{
    bool in_negated = negated ^ !!(where->flags & NU__NEGATED);
    bool over = where->flags & NU__CONTAINS_OVER;
    bool connected;
    nu_expr *parts[3] = { NULL, NULL, NULL };

    if (where->klass != &nu__where || (!over && !nu__has_aggregate(where)))
        return whole(where);
    connected = where->connector == NU__XOR || (where->connector == NU__AND) == in_negated;
    if (connected && !over)
        return whole(where);
    for (uint32_t i = 0; i < where->n_args; i++) {
        nu__where_parts of = nu__split_where(where->args[i], in_negated, grouped);
        const nu_expr *found[] = { of.where, of.having, of.qualify };

        for (int p = 0; p < 3; p++)
            if (found[p])
                add_part(&parts[p], where, found[p]);
    }
    if (connected && parts[2]) {
        if (parts[0] && grouped)
            nu_raise(NU_NOT_IMPLEMENTED_ERROR,
                     "Heterogeneous disjunctive predicates against window functions are not "
                     "implemented when performing conditional aggregation.");
        return (nu__where_parts){ .qualify = where };
    }
    return (nu__where_parts){ parts[0], parts[1], parts[2] };
}

/* ---- names for what the outer query needs of the inner ------------------------------------- */

typedef struct naming {
    const nu__select *select;
    nu__tree *inner;
    nu__exprs exprs;
    nu_str *names;
    uint32_t cap, n_added; /* added to the inner query */
} naming;

static void put_name(naming *n, const nu_expr *expr, nu_str name)
{
    if (n->exprs.n == n->cap) {
        uint32_t cap = n->cap ? 2 * n->cap : 8;
        nu_str *grown = nu_alloc_array(nu_str, cap);

        for (uint32_t i = 0; i < n->exprs.n; i++)
            grown[i] = n->names[i];
        n->names = grown;
        n->cap = cap;
    }
    n->names[n->exprs.n] = name;
    nu__exprs_add(&n->exprs, expr);
}

static int find_name(const naming *n, const nu_expr *expr)
{
    for (uint32_t i = 0; i < n->exprs.n; i++)
        if (nu__expr_equal(n->exprs.items[i], expr))
            return (int)i;
    return -1;
}

static nu_str selected_name(const nu__select *select, const nu_expr *expr)
{
    for (uint32_t i = select->n_own; i-- > 0;)
        if (nu__expr_equal(select->items.items[i].expr, expr))
            return select->items.items[i].label;
    return (nu_str){ 0 };
}

static bool is_selected_name(const nu__select *select, nu_str name)
{
    for (uint32_t i = 0; i < select->n_own; i++)
        if (nu_eq(select->items.items[i].label, name))
            return true;
    return false;
}

static void collect(naming *n, const nu_expr *expr)
{
    nu_str name;

    if (!expr || find_name(n, expr) >= 0)
        return;
    name = selected_name(n->select, expr);
    if (name.ptr) {
        put_name(n, expr, name);
        return;
    }
    if (expr->klass == &nu__ref || expr->klass == &nu__position) {
        if (!is_selected_name(n->select, expr->name))
            collect(n, expr->args[0]);
        return;
    }
    if (expr->klass == &nu__lookup_expr) {
        for (uint32_t i = expr->n_args; i-- > 0;)
            collect(n, expr->args[i]);
        return;
    }
    name = nu_fmt("qual{}", (int64_t)n->n_added++);
    nu__tree_put_annotation(n->inner, name, expr, true);
    if (n->inner->has_selected)
        nu__tree_select_annotation(n->inner, name);
    put_name(n, expr, name);
}

static void collect_leaves(naming *n, const nu_expr *where)
{
    if (where->klass != &nu__where) {
        collect(n, where);
        return;
    }
    for (uint32_t i = where->n_args; i-- > 0;)
        collect_leaves(n, where->args[i]);
}

static const nu_expr *renamed(const naming *n, const nu_expr *expr)
{
    nu_expr *copy;
    int found;

    if (!expr || expr->klass == &nu__position)
        return expr;
    found = find_name(n, expr);
    if (found >= 0)
        return nu__ref_to(n->names[found], expr);
    copy = nu__expr_copy(expr);
    for (uint32_t i = 0; i < copy->n_args; i++)
        copy->args[i] = (nu_expr *)renamed(n, expr->args[i]);
    return copy;
}

/* ---- SQL ---------------------------------------------------------------------------------- */

static nu__tree *inner_tree(const nu__select *select)
{
    nu__tree *inner = nu__tree_clone(select->out->query);
    const nu_expr *parts[] = { select->where, select->having };

    inner->subquery = true;
    inner->low = 0;
    inner->high = -1;
    inner->where = nu__where_new(NU__AND, false);
    for (int i = 0; i < 2; i++)
        if (parts[i])
            add_part(&inner->where, inner->where, parts[i]);
    return inner;
}

/* Aliases that only the condition needed are not for the result. */
static void mask_sql(const nu__select *select)
{
    nu__sql_text(select->out, S("SELECT "));
    for (uint32_t i = 0; i < select->n_own; i++) {
        nu__sql_text(select->out, i ? S(", ") : S(""));
        nu__sql_name(select->out, select->items.items[i].label);
    }
    nu__sql_text(select->out, S(" FROM ( "));
}

nu__sql_result nu__qualify_sql(nu__select *select)
{
    nu__compiler *out = select->out;
    naming n = { .select = select, .inner = inner_tree(select) };
    nu__compiler inner = { n.inner, out->backend, out->outer, out->sql, NULL };
    const nu_expr *condition;
    nu__sql_result result;

    collect_leaves(&n, select->qualify);
    condition = renamed(&n, select->qualify);
    for (uint32_t i = 0; i < select->n_order; i++) {
        nu__ordering *order = &select->order[i];
        nu_expr *copy = nu__expr_copy(order->expr);

        collect(&n, order->expr->args[0]);
        copy->args[0] = (nu_expr *)renamed(&n, order->expr->args[0]);
        nu__compile_apart(copy, out, &order->sql);
    }
    if (n.n_added)
        mask_sql(select);
    nu__sql_text(out, S("SELECT * FROM ( "));
    result = nu__select_inner(&inner, select->always);
    nu__sql_text(out, S(" ) "));
    nu__sql_name(out, S("qualify"));
    nu__sql_text(out, S(" WHERE "));
    if (result == NU__SQL_OK)
        result = nu__compile(condition, out);
    if (!n.n_added)
        return result;
    nu__sql_text(out, S(" ) "));
    nu__sql_name(out, S("qualify_mask"));
    return result;
}
