/* GROUP BY: what was asked for, and what else is selected, ordered by or compared after. */
#include "db/sql/select.h"

#include "core/object.h"

static bool names_group(const nu__tree *query, nu_str alias)
{
    for (uint32_t i = 0; i < query->group_exprs.n && alias.ptr; i++) {
        const nu_expr *expr = query->group_exprs.items[i];

        if (expr->klass == &nu__ref && nu_eq(expr->name, alias))
            return true;
    }
    return false;
}

static nu__exprs grouped(nu__select *select, const nu_expr *having)
{
    const nu__tree *query = select->out->query;
    nu__exprs list = { 0 };

    for (uint32_t i = 0; query->group_by == NU__GROUP_BY && i < query->group_exprs.n; i++) {
        const nu_expr *expr = query->group_exprs.items[i];

        nu__exprs_add(&list, expr->klass == &nu__ref ? expr->args[0] : expr);
    }
    for (uint32_t i = 0; i < select->items.n; i++)
        if (!names_group(query, select->items.items[i].alias))
            nu__expr_group_by(select->items.items[i].expr, &list);
    for (uint32_t i = 0; i < select->n_order && !select->meta_ordering; i++)
        if (!select->order[i].selected)
            nu__expr_group_by(select->order[i].expr, &list);
    if (having)
        nu__expr_group_by(having, &list);
    return list;
}

/* A view's columns depend on nothing that the database knows of. */
static bool is_key_of_table(const nu_expr *expr)
{
    return expr->klass == &nu__col && expr->field->primary_key &&
           !expr->field->model->model->unmanaged;
}

/* The key of a table is enough, all its columns depend on it. */
static bool depends_on_key(const nu__exprs *list, const nu_expr *expr)
{
    if (expr->klass != &nu__col || expr->field->primary_key)
        return false;
    for (uint32_t i = 0; i < list->n; i++)
        if (is_key_of_table(list->items[i]) && list->items[i]->join == expr->join &&
            list->items[i]->level == expr->level)
            return true;
    return false;
}

static bool is_among(const nu__exprs *list, const nu_expr *expr)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (nu__expr_equal(list->items[i], expr))
            return true;
    return false;
}

/* A column of SELECT that has an alias is grouped by its number. */
static bool by_number(const nu__select *select, const nu_expr *expr, nu__fragment *piece)
{
    for (uint32_t i = select->items.n; i-- > 0;)
        if (select->items.items[i].labelled && nu__expr_equal(select->items.items[i].expr, expr)) {
            *piece = (nu__fragment){ nu_fmt("{}", (int64_t)i + 1), { 0 } };
            return true;
        }
    return false;
}

/* A plain column that is selected was compiled already. */
static bool selected_column(const nu__select *select, const nu_expr *expr, nu__fragment *piece)
{
    for (uint32_t i = 0; i < select->items.n && expr->klass == &nu__col; i++)
        if (select->items.items[i].expr == expr) {
            *piece = select->items.items[i].sql;
            return true;
        }
    return false;
}

static bool already(const nu__select *select, nu__fragment piece)
{
    for (uint32_t i = 0; i < select->n_group; i++) {
        const nu__fragment *other = &select->group[i];
        bool same = nu_eq(other->text, piece.text) && other->params.len == piece.params.len;

        for (size_t k = 0; same && k < piece.params.len; k++)
            same = nu__value_equal(other->params.items[k], piece.params.items[k]);
        if (same)
            return true;
    }
    return false;
}

void nu__select_group(nu__select *select)
{
    bool by_key = select->out->backend->features->groups_by_key;
    nu__exprs list, compared = { 0 };

    if (select->out->query->group_by == NU__GROUP_NONE)
        return;
    list = grouped(select, select->having);
    if (by_key && select->having)
        nu__expr_group_by(select->having, &compared);
    select->group = nu_alloc_array(nu__fragment, list.n + 1);
    for (uint32_t i = 0; i < list.n; i++) {
        const nu_expr *expr = list.items[i];
        nu__fragment piece;

        (void)nu__expr_output(
            expr); /* what is grouped by has one type: FieldError where it has not */
        if (by_key && depends_on_key(&list, expr) && !is_among(&compared, expr))
            continue;
        if (!by_number(select, expr, &piece) && !selected_column(select, expr, &piece) &&
            nu__compile_apart(expr, select->out, &piece) != NU__SQL_OK)
            continue;
        select->out->sql->shared |= piece.params.len > 0;
        if (!already(select, piece))
            select->group[select->n_group++] = piece;
    }
}
