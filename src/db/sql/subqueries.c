/* Subquery, Exists, and queries as the right side of a lookup. */
#include "db/models/queryset.h"
#include "db/sql/compiler.h"

#include <nuages/postgres.h>

static nu_expr *query_node(const nu__expr_class *klass, nu__tree *query)
{
    nu_expr *expr = nu__expr_new(klass, 0);

    query->subquery = true;
    expr->query = query;
    return nu__expr_done(expr);
}

nu_expr *Subquery(nu_query *query)
{
    return query_node(&nu__subquery, nu__tree_clone(nu__query_tree(query)));
}

nu_expr *ArraySubquery(nu_query *query)
{
    return query_node(&nu__array_subquery, nu__tree_clone(nu__query_tree(query)));
}

nu_cond Exists(nu_query *query)
{
    nu_expr *expr = query_node(&nu__exists, nu__tree_exists(nu__query_tree(query)));

    return (nu_cond){ .op = NU__COND_EXPR, .value = nu_v_expr(expr) };
}

static const nu_expr *resolve_query(const nu_expr *expr, const nu__resolver *with)
{
    nu_expr *copy = nu__expr_copy(expr);

    copy->query = nu__tree_embed(expr->query, with);
    return copy;
}

/* ---- grouping: a subquery is grouped by the outer columns that it refers to ---------------- */

typedef struct outer_columns {
    nu__exprs *out;
    bool many;
} outer_columns;

static bool take_outer(const nu_expr *expr, void *arg)
{
    outer_columns *columns = arg;
    nu_expr *copy;

    if (expr->klass != &nu__col || !expr->level)
        return true;
    copy = nu__expr_copy(expr);
    copy->level--;
    copy->flags &= ~(uint32_t)NU__MANY_VALUED;
    columns->many |= expr->flags & NU__MANY_VALUED;
    nu__exprs_add(columns->out, copy);
    return false;
}

static void group_by_outer(const nu_expr *expr, nu__exprs *out)
{
    outer_columns columns = { out, false };
    uint32_t before = out->n;

    for (uint32_t i = 0; i < expr->query->n_annotations; i++)
        nu__expr_walk(expr->query->annotations[i].expr, take_outer, &columns);
    nu__expr_walk(expr->query->where, take_outer, &columns);
    if (columns.many) {
        out->n = before;
        nu__exprs_add(out, expr);
    }
}

/* ---- SQL ---------------------------------------------------------------------------------- */

static nu__sql_result parenthesized(const nu_expr *expr, nu_str before, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, before);
    result = nu__compile_subquery(expr->query, out);
    nu__sql_text(out, S(")"));
    return result;
}

static nu__sql_result query_sql(const nu_expr *expr, nu__compiler *out)
{
    return parenthesized(expr, S("("), out);
}

static nu__sql_result array_sql(const nu_expr *expr, nu__compiler *out)
{
    if (!out->backend->operations->container_operators)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "ArraySubquery is not supported on {}",
                 out->backend->display_name);
    return parenthesized(expr, S("ARRAY("), out);
}

static nu__sql_result exists_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__sql_result result = parenthesized(expr, S("EXISTS("), out);

    if (result == NU__SQL_EMPTY) {
        nu__sql_mark_release(out, start);
        nu__sql_param(out, nu_v_bool(false));
        return NU__SQL_OK;
    }
    return result;
}

static const nu__field *query_type(const nu_expr *expr)
{
    return nu__tree_output(expr->query);
}

static const nu__field *array_type(const nu_expr *expr)
{
    const nu__field *items = query_type(expr);

    return items ? nu__array_of(items) : NULL;
}

static const nu__field *boolean(const nu_expr *expr)
{
    (void)expr;
    return nu__type_of(NU_BOOLEAN_FIELD);
}

const nu__expr_class nu__subquery = { "Subquery", resolve_query,  query_sql,
                                      query_type, group_by_outer, .key = nu__key_query };
const nu__expr_class nu__array_subquery = { "ArraySubquery", resolve_query, array_sql, array_type,
                                            group_by_outer };
const nu__expr_class nu__query_expr = { "Query",    resolve_query,  query_sql,
                                        query_type, group_by_outer, .key = nu__key_query };
const nu__expr_class nu__exists = { "Exists",           resolve_query,
                                    exists_sql,         boolean,
                                    group_by_outer,     .key = nu__key_query,
                                    .conditional = true };
