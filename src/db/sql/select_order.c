/* ORDER BY: names over relations, default orders of related models, columns of SELECT. */
#include "db/sql/lookups.h"
#include "db/sql/select.h"

#include "core/object.h"

#include <string.h>

typedef struct orders {
    nu__ordering *items;
    uint32_t n, cap;
} orders;

static void orders_add(orders *list, const nu_expr *expr, bool selected)
{
    if (list->n == list->cap) {
        uint32_t cap = list->cap ? 2 * list->cap : 8;
        nu__ordering *grown = nu_alloc_array(nu__ordering, cap);

        if (list->n)
            memcpy(grown, list->items, list->n * sizeof(*grown));
        list->items = grown;
        list->cap = cap;
    }
    list->items[list->n++] = (nu__ordering){ .expr = expr, .selected = selected };
}

/* ---- columns of SELECT, by their number --------------------------------------------------- */

static const nu_expr *position_of(const nu__item *item, uint32_t number)
{
    nu_expr *position = nu__expr_new(&nu__position, 1);

    position->op = (int)number;
    position->name = item->alias;
    position->args[0] = (nu_expr *)item->expr;
    return nu__expr_done(position);
}

static const nu_expr *selected_by_name(const nu__select *select, nu_str name)
{
    for (uint32_t i = select->items.n; i-- > 0;)
        if (select->items.items[i].alias.ptr && nu_eq(select->items.items[i].alias, name))
            return position_of(&select->items.items[i], i + 1);
    return NULL;
}

static const nu_expr *selected_by_expr(const nu__select *select, const nu_expr *expr)
{
    for (uint32_t i = select->items.n; i-- > 0;)
        if (nu__expr_equal(select->items.items[i].expr, expr))
            return position_of(&select->items.items[i], i + 1);
    return NULL;
}

/* ---- names -------------------------------------------------------------------------------- */

/* "-name": the name, and whether it is descending, given what "name" means here. */
static nu_str direction(nu_str name, bool reversed, bool *descending)
{
    bool minus = name.len && name.ptr[0] == '-';

    *descending = minus != reversed;
    return (nu_str){ name.ptr + minus, name.len - minus };
}

#define MAX_DEPTH 16

/* A relation is ordered by the default order of what it leads to. */
static void add_name(nu__select *select, orders *list, nu_str text, nu__model_info *model, int join,
                     bool reversed, int depth)
{
    nu__tree *query = select->out->query;
    bool descending;
    nu_str name = direction(text, reversed, &descending);
    nu__names names = nu__names_split(name);
    nu__joined joined;
    const nu__field *target;
    const nu_expr *column;
    nu_str last = names.items[names.n - 1];
    nu__model_info *to;

    nu__tree_join_path(query, &names, model, join, NULL, true, &joined);
    to = joined.path.model;
    if (joined.path.relation && nu__model_ordering(to)[0] && joined.path.n_names == names.n &&
        !nu_eq(joined.path.final->attname, last) && !nu_eq(name, "pk")) {
        if (depth > MAX_DEPTH)
            nu_raise(NU_FIELD_ERROR, "Infinite loop caused by ordering.");
        for (int i = 0; i < 9 && nu__model_ordering(to)[i]; i++)
            add_name(select, list, nu_s(nu__model_ordering(to)[i]), to,
                     joined.joins[joined.n_joins - 1], descending, depth + 1);
        return;
    }
    target = nu__tree_trim(query, &joined);
    column = nu__col_of(joined.joins[joined.n_joins - 1], target, NULL);
    for (uint32_t i = joined.path.n_names; i < names.n; i++) {
        if (!nu__has_transform(joined.path.final, names.items[i]))
            nu__tree_no_field(query, &names, &joined.path);
        column = nu__transform_of(column, names.items[i], &names, i);
    }
    orders_add(list, nu__order_of(column, descending), false);
}

static const nu_expr *annotation_order(const nu__tree *query, nu_str name)
{
    const nu__annotation *annotation = nu__tree_annotation(query, name);
    nu__names names;
    const nu_expr *expr;

    if (annotation)
        return annotation->expr;
    names = nu__names_split(name);
    annotation = nu__tree_annotation(query, names.items[0]);
    if (!annotation)
        return NULL;
    expr = annotation->expr;
    for (uint32_t i = 1; i < names.n; i++)
        expr = nu__transform_of(expr, names.items[i], &names, i);
    return expr;
}

static void order_by_name(nu__select *select, orders *list, nu_str text)
{
    nu__tree *query = select->out->query;
    bool descending;
    nu_str name = direction(text, query->reversed, &descending);
    const nu_expr *expr;

    if (nu_eq(text, "?")) {
        orders_add(list, nu__order_of(nu_function_("Random", (nu_values){ NULL, 0 }), false),
                   false);
        return;
    }
    expr = selected_by_name(select, name);
    if (expr) {
        orders_add(list, nu__order_of(expr, descending), true);
        return;
    }
    expr = annotation_order(query, name);
    if (expr) {
        orders_add(list, nu__order_of(expr, descending), false);
        return;
    }
    add_name(select, list, text, query->model, nu__tree_base(query), query->reversed, 0);
    query->joins[0].refs--;
}

/* ---- expressions -------------------------------------------------------------------------- */

static const nu_expr *reversed_order(const nu_expr *order)
{
    nu_expr *copy = nu__expr_copy(order);
    uint32_t nulls = order->flags & (NU__NULLS_FIRST | NU__NULLS_LAST);

    copy->flags ^= NU__DESCENDING;
    if (nulls)
        copy->flags ^= NU__NULLS_FIRST | NU__NULLS_LAST;
    return copy;
}

/* "1 IS NULL" would ask of the number 1, not of the first column. */
static bool may_be_position(const nu__select *select, const nu_expr *order)
{
    return !(order->flags & (NU__NULLS_FIRST | NU__NULLS_LAST)) ||
           !select->out->backend->features->lacks_nulls_ordering;
}

static void order_by_expr(nu__select *select, orders *list, const nu_expr *expr)
{
    nu__tree *query = select->out->query;
    nu__resolver with = { .query = query, .allow_joins = true };
    const nu_expr *source, *position;

    if (expr->klass != &nu__order_by)
        expr = nu__order_of(expr, false);
    if (query->reversed)
        expr = reversed_order(expr);
    source = expr->args[0];
    position = selected_by_expr(select, source);
    if (!position && source->klass == &nu__f)
        position = selected_by_name(select, source->name);
    if (position && !may_be_position(select, expr))
        position = NULL;
    if (position) {
        nu_expr *copy = nu__expr_copy(expr);

        copy->args[0] = (nu_expr *)position;
        expr = nu__expr_done(copy);
    }
    orders_add(list, nu__expr_resolve(expr, &with), position != NULL);
}

/* ---- unions: by the name of a column that all parts have ----------------------------------- */

/* With values() an annotation is ordered by under its own name only. */
static bool may_stand_for(const nu__tree *query, const nu__item *item, const nu_expr *given)
{
    if (!query->has_selected || !item->alias.ptr || !nu__tree_selects(query, item->alias))
        return true;
    return given->klass == &nu__f && nu_eq(given->name, item->alias);
}

/* What no part selects is added to each of them. */
static nu_str add_order_column(nu__select *select, const nu_expr *given, const nu_expr *source)
{
    nu__tree *query = select->out->query;
    nu_str name = nu_fmt("__orderbycol{}", (int64_t)query->n_select + 1);

    for (uint32_t i = 0; i < query->n_combined; i++) {
        nu__tree *part = nu__tree_clone(query->combined[i]);

        if (part->has_selected || !part->default_cols)
            nu_raise(NU_DATABASE_ERROR,
                     "ORDER BY term does not match any column in the result set.");
        nu__tree_annotate(part, name, given, true);
        query->combined[i] = part;
    }
    if (query->has_selected) {
        nu__tree_put_annotation(query, name, source, true);
        nu__tree_select_annotation(query, name);
        nu__items_add(&select->items, source, name);
        select->n_own = select->items.n;
    }
    return name;
}

static const nu_expr *compound_order(nu__select *select, const nu_expr *order, const nu_expr *given)
{
    const nu_expr *source = order->args[0];
    nu_expr *copy = nu__expr_copy(order);
    nu_str name = { 0 };

    for (uint32_t i = 0; i < select->items.n && !name.ptr; i++) {
        const nu__item *item = &select->items.items[i];

        if (nu__expr_equal(item->expr, source) && may_stand_for(select->out->query, item, given))
            name = item->labelled ? item->label : source->field->column;
    }
    if (!name.ptr)
        name = add_order_column(select, given, source);
    copy->args[0] = (nu_expr *)nu__ref_to(name, source);
    return copy;
}

/* ---- the clause --------------------------------------------------------------------------- */

static bool already(const nu__select *select, const nu__ordering *order)
{
    for (uint32_t i = 0; i < select->n_order; i++) {
        const nu__ordering *other = &select->order[i];
        bool same = nu_eq(other->source.text, order->source.text) &&
                    other->source.params.len == order->source.params.len;

        for (size_t k = 0; same && k < order->source.params.len; k++)
            same = nu__value_equal(other->source.params.items[k], order->source.params.items[k]);
        if (same)
            return true;
    }
    return false;
}

/* What was asked for, to be resolved against another query. */
static const nu_expr *given_of(const nu__order *order)
{
    bool minus = order->name.len && order->name.ptr[0] == '-';

    if (order->expr)
        return order->expr->klass == &nu__order_by ? order->expr->args[0] : order->expr;
    return F(order->name.ptr + minus);
}

nu__sql_result nu__select_order(nu__select *select)
{
    nu__tree *query = select->out->query;
    orders list = { 0 };

    for (uint32_t i = 0; i < query->n_order; i++) {
        uint32_t before = list.n;

        if (query->order_by[i].expr)
            order_by_expr(select, &list, query->order_by[i].expr);
        else
            order_by_name(select, &list, query->order_by[i].name);
        for (uint32_t k = before; k < list.n; k++)
            list.items[k].given = &query->order_by[i];
    }
    if (!query->n_order && query->default_ordering)
        for (int i = 0; i < 9 && nu__model_ordering(query->model)[i]; i++) {
            select->meta_ordering = true;
            order_by_name(select, &list, nu_s(nu__model_ordering(query->model)[i]));
        }
    select->order = nu_alloc_array(nu__ordering, list.n + 1);
    for (uint32_t i = 0; i < list.n; i++) {
        nu__ordering order = list.items[i];
        nu__sql_result result;

        if (query->n_combined && !order.selected)
            order.expr = compound_order(select, order.expr, given_of(order.given));
        result = nu__compile_apart(order.expr->args[0], select->out, &order.source);
        if (result == NU__SQL_EMPTY)
            return result;
        if (result != NU__SQL_OK)
            continue;
        nu__compile_apart(order.expr, select->out, &order.sql);
        if (!already(select, &order))
            select->order[select->n_order++] = order;
    }
    return NU__SQL_OK;
}
