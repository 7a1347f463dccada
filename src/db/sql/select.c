/* SELECT: putting the parts together. Django: SQLCompiler.as_sql() */
#include "db/sql/select.h"

#include "core/object.h"
#include "db/sql/functions.h"

#include <string.h>

void nu__items_add(nu__items *items, const nu_expr *expr, nu_str alias)
{
    if (items->n == items->cap) {
        uint32_t cap = items->cap ? 2 * items->cap : 16;
        nu__item *grown = nu_alloc_array(nu__item, cap);

        if (items->n)
            memcpy(grown, items->items, items->n * sizeof(*grown));
        items->items = grown;
        items->cap = cap;
    }
    items->items[items->n++] = (nu__item){ .expr = expr, .alias = alias };
}

/* ---- what is selected --------------------------------------------------------------------- */

static void select_default(nu__select *select)
{
    nu__tree *query = select->out->query;

    select->base = nu_alloc(nu__class_info);
    select->base->model = query->model;
    nu__select_model(select, select->base, 0, nu__mask_of(query));
}

static void select_named(nu__select *select)
{
    nu__tree *query = select->out->query;

    for (uint32_t i = 0; i < query->n_selected; i++) {
        const nu__selected *one = &query->selected[i];

        nu__items_add(&select->items,
                      one->column >= 0 ? query->select[one->column]
                                       : nu__tree_annotation(query, one->name)->expr,
                      one->name);
    }
}

static void select_rest(nu__select *select)
{
    nu__tree *query = select->out->query;

    for (uint32_t i = 0; i < query->n_select && !query->default_cols; i++)
        nu__items_add(&select->items, query->select[i], (nu_str){ 0 });
    for (uint32_t i = 0; i < query->n_annotations; i++)
        if (query->annotations[i].selected)
            nu__items_add(&select->items, query->annotations[i].expr, query->annotations[i].name);
}

/* A column that matches nothing and has no value of nothing is a condition that is never met. */
static nu__fragment column_sql(nu__select *select, const nu_expr *expr)
{
    nu_expr *one[] = { (nu_expr *)expr };
    nu__fragment piece;

    if (nu__compile_list_apart(one, 1, S(""), select->out, &piece) == NU__SQL_OK)
        return piece;
    return (nu__fragment){ S("0"), { 0 } };
}

/* "col1", …: what a column is called that has no name of its own. */
static nu_str numbered(uint32_t number)
{
    nu__buf out = { 0 };

    nu__buf_reserve(&out, 16);
    nu__buf_lit(&out, "col");
    nu__buf_uint(&out, number);
    return nu__buf_str(&out);
}

static void compile_items(nu__select *select)
{
    uint32_t n_named = 0;

    for (uint32_t i = 0; i < select->items.n; i++) {
        nu__item *item = &select->items.items[i];

        if (item->expr->klass != &nu__col)
            (void)nu__expr_output(item->expr); /* FieldError where it has not one type */
        item->sql = column_sql(select, item->expr);
        item->label = item->alias;
        if (!item->alias.ptr)
            item->label = numbered(++n_named);
        item->labelled = item->alias.ptr || select->name_columns;
    }
    select->n_own = select->items.n;
}

static void setup_select(nu__select *select)
{
    nu__tree *query = select->out->query;
    bool used = false;

    for (uint32_t i = 0; i < query->n_joins; i++)
        used |= query->joins[i].refs > 0;
    if (!used && !query->no_table)
        nu__tree_base(query);
    if (query->extra.expr)
        nu__items_add(&select->items, query->extra.expr, query->extra.name);
    if (query->default_cols)
        select_default(select);
    if (query->has_selected)
        select_named(select);
    else
        select_rest(select);
    if (query->related && select->base)
        nu__select_related(select);
    compile_items(select);
}

/* DISTINCT needs what it is ordered by among its columns. */
static bool same_fragment(nu__fragment a, nu__fragment b)
{
    if (!nu_eq(a.text, b.text) || a.params.len != b.params.len)
        return false;
    for (size_t i = 0; i < a.params.len; i++)
        if (a.params.items[i].kind != b.params.items[i].kind ||
            !nu__value_equal(a.params.items[i], b.params.items[i]))
            return false;
    return true;
}

static bool needs_order_columns(const nu__tree *query)
{
    return query->distinct && !query->n_distinct_on;
}

static void select_order_columns(nu__select *select)
{
    for (uint32_t i = 0; i < select->n_order && needs_order_columns(select->out->query); i++) {
        const nu__ordering *order = &select->order[i];
        bool there = order->selected;

        for (uint32_t k = 0; k < select->n_own && !there; k++)
            there = same_fragment(select->items.items[k].sql, order->source);
        if (there)
            continue;
        nu__items_add(&select->items, order->expr, (nu_str){ 0 });
        select->items.items[select->items.n - 1].sql = order->source;
    }
}

/* ---- the statement ------------------------------------------------------------------------ */

static void list_sql(nu__compiler *out, nu_str head, uint32_t i, nu__fragment piece)
{
    nu__sql_text(out, i ? S(", ") : head);
    nu__sql_piece(out, piece);
}

/* "SELECT DISTINCT ON (a, b) " */
static void head_sql(nu__select *select)
{
    nu__compiler *out = select->out;

    nu__sql_text(out, out->query->distinct ? S("SELECT DISTINCT ") : S("SELECT "));
    for (uint32_t i = 0; i < out->query->n_distinct_on; i++)
        list_sql(out, S("ON ("), i, select->distinct[i]);
    if (out->query->n_distinct_on)
        nu__sql_text(out, S(") "));
}

static void columns_sql(nu__select *select)
{
    nu__compiler *out = select->out;

    for (uint32_t i = 0; i < select->items.n; i++) {
        const nu__item *item = &select->items.items[i];

        if (!i)
            head_sql(select);
        list_sql(out, S(""), i, item->sql);
        if (item->labelled) {
            nu__sql_text(out, S(" AS "));
            nu__sql_name(out, item->label);
        }
    }
    if (!select->items.n)
        nu__sql_text(out, S("SELECT "));
}

static nu__sql_result condition_sql(nu__select *select, const nu_expr *condition, nu_str head)
{
    nu__fragment piece;
    nu__sql_result result =
        condition ? nu__compile_apart(condition, select->out, &piece) : NU__SQL_FULL;

    if (result == NU__SQL_EMPTY && !select->always)
        return result;
    if (result == NU__SQL_EMPTY)
        piece = (nu__fragment){ S("0 = 1"), { 0 } };
    if (result != NU__SQL_FULL)
        list_sql(select->out, head, 0, piece);
    return NU__SQL_OK;
}

static void limit_sql(nu__compiler *out)
{
    const nu__tree *query = out->query;

    if (query->high >= 0)
        nu__sql_text(out, nu_fmt(" LIMIT {}", query->high - query->low));
    else if (query->low)
        nu__sql_text(out, nu_s(out->backend->operations->no_limit));
    if (query->low)
        nu__sql_text(out, nu_fmt(" OFFSET {}", query->low));
}

static void order_sql(nu__select *select)
{
    bool sorts = select->out->backend->features->sorts_groups && select->n_group;

    if (sorts && !select->n_order && !select->meta_ordering)
        nu__sql_text(select->out, S(" ORDER BY NULL"));
    for (uint32_t i = 0; i < select->n_order; i++)
        list_sql(select->out, S(" ORDER BY "), i, select->order[i].sql);
}

/* A subquery must not have the columns that were added for its order: select the others of it. */
static void hide_order_columns(nu__select *select, nu__sql_mark start)
{
    nu__compiler *out = select->out;
    nu__fragment whole = { nu_copy((nu_str){ out->sql->text.data + start.text,
                                             out->sql->text.len - start.text }),
                           { 0 } };
    size_t n = out->sql->n_params - start.params;
    nu_value *params = nu_alloc_array(nu_value, n + 1);

    if (n)
        memcpy(params, out->sql->params + start.params, n * sizeof(*params));
    whole.params = (nu_values){ params, n };
    nu__sql_mark_release(out, start);
    for (uint32_t i = 0; i < select->n_own; i++) {
        const nu__item *item = &select->items.items[i];

        nu__sql_text(out, i ? S(", ") : S("SELECT "));
        nu__sql_name(out, S("subquery"));
        nu__sql_text(out, S("."));
        nu__sql_name(out, item->labelled || item->expr->klass != &nu__col
                              ? item->label
                              : item->expr->field->column);
    }
    nu__sql_template(out, " FROM (%s) subquery", &whole, 1);
}

static nu__sql_result plain_sql(nu__select *select)
{
    nu__compiler *out = select->out;
    nu__sql_result result;

    nu__select_distinct(select);
    if (select->distinct && select->n_group)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "annotate() + distinct(fields) is not implemented.");
    columns_sql(select);
    select->columns_end = out->sql->n_params ? 0 : out->sql->text.len;
    nu__from_sql(out);
    result = condition_sql(select, select->where, S(" WHERE "));
    if (result != NU__SQL_OK)
        return result;
    for (uint32_t i = 0; i < select->n_group; i++)
        list_sql(out, S(" GROUP BY "), i, select->group[i]);
    if (select->n_group && select->meta_ordering)
        select->n_order = 0;
    return condition_sql(select, select->having, S(" HAVING "));
}

/* ---- SELECT as a whole -------------------------------------------------------------------- */

static void split_where(nu__select *select)
{
    const nu__tree *query = select->out->query;
    nu__where_parts parts = nu__split_where(query->where, false, query->group_by != NU__GROUP_NONE);

    select->where = parts.where;
    select->having = parts.having;
    select->qualify = parts.qualify;
}

static nu__sql_result body_sql(nu__select *select)
{
    if (select->out->query->n_combined)
        return nu__compound_sql(select);
    return select->qualify ? nu__qualify_sql(select) : plain_sql(select);
}

nu__sql_result nu__select_into(nu__compiler *out, bool always, bool name_columns,
                               nu__select *select)
{
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__sql_result result;

    *select = (nu__select){ .out = out,
                            .always = always,
                            .name_columns = name_columns || out->query->n_combined };
    setup_select(select);
    result = nu__select_order(select);
    if (result != NU__SQL_OK)
        return result;
    split_where(select);
    select_order_columns(select);
    nu__select_group(select);
    result = body_sql(select);
    if (result != NU__SQL_OK)
        return result;
    order_sql(select);
    limit_sql(out);
    if (!out->query->n_combined && !select->qualify)
        nu__lock_sql(select);
    if (out->query->subquery && select->items.n > select->n_own)
        hide_order_columns(select, start);
    return NU__SQL_OK;
}

nu__sql_result nu__select_inner(nu__compiler *inner, bool always)
{
    nu__select ignored;

    return nu__select_into(inner, always, true, &ignored);
}

nu__sql_result nu__compile_subquery(nu__tree *query, nu__compiler *out)
{
    nu__compiler inner = { nu__tree_clone(query), out->backend, out, out->sql, NULL };
    nu__select select;

    return nu__select_into(&inner, false, false, &select);
}
