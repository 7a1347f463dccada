/* UPDATE and DELETE. Django: SQLUpdateCompiler, SQLDeleteCompiler */
#include "db/sql/lookups.h"

static uint32_t tables_used(nu__tree *query)
{
    uint32_t n = 0;

    nu__tree_base(query);
    for (uint32_t i = 0; i < query->n_joins; i++)
        n += query->joins[i].refs > 0;
    n += (uint32_t)nu_list_len(query->extra_tables);
    return n;
}

/* The same rows as `key IN (SELECT key …)`, for statements that name one table only. */
static nu__tree *by_subquery(const nu__tree *tree)
{
    nu__tree *inner = nu__tree_clone(tree), *outer = nu__tree_new(tree->model);
    nu__names in = { .items = (nu_str[]){ S("pk"), S("in") }, .n = 2 };
    nu__resolver with = { .query = outer, .allow_joins = true };
    const nu_expr *query;

    nu__check_own_key(tree->model, "a condition on another table");
    nu__tree_clear_select(inner);
    nu__tree_clear_ordering(inner, !nu__tree_sliced(inner));
    nu__tree_add_fields(inner, (const nu_str[]){ S("pk") }, 1);
    query = nu__expr_resolve(nu__query_of(inner), &with);
    nu__where_add(outer->where,
                  nu__build_lookup(&in, 1, nu__col_of(nu__tree_base(outer), outer->model->pk, NULL),
                                   query, nu_null()),
                  NU__AND);
    return outer;
}

static nu__sql_result where_sql(nu__compiler *out)
{
    nu__fragment where;
    nu__sql_result result = nu__compile_apart(out->query->where, out, &where);

    if (result == NU__SQL_OK) {
        nu__sql_text(out, S(" WHERE "));
        nu__sql_piece(out, where);
    }
    return result == NU__SQL_FULL ? NU__SQL_OK : result;
}

static nu__compiled finished(nu__compiler *out, nu__sql_result result)
{
    nu__compiled compiled = { .result = result };

    if (result == NU__SQL_OK) {
        compiled.sql = nu__sql_finish(out->sql, out->backend);
        compiled.params = (nu_values){ out->sql->params, out->sql->n_params };
    }
    return compiled;
}

nu__compiled nu__compile_delete(const nu__tree *tree, const nu__backend *backend)
{
    nu__sql sql = { 0 };
    nu__compiler out = { nu__tree_clone(tree), backend, NULL, &sql, NULL };

    if (tables_used(out.query) > 1 || nu__tree_sliced(out.query))
        out.query = by_subquery(tree);
    nu__sql_text(&out, S("DELETE FROM "));
    nu__sql_name(&out, tree->model->db_table);
    return finished(&out, where_sql(&out));
}

/* ---- UPDATE ------------------------------------------------------------------------------- */

void nu__check_assigned(const nu__field *field, const nu_expr *expr)
{
    if (nu__has_aggregate(expr))
        nu_raise(NU_FIELD_ERROR, "Aggregate functions are not allowed in this query ({}).",
                 field->name);
    if (expr->flags & NU__CONTAINS_OVER)
        nu_raise(NU_FIELD_ERROR, "Window expressions are not allowed in this query ({}).",
                 field->name);
}

static nu__sql_result assign(const nu__assignment *assignment, nu__compiler *out)
{
    const nu__field *field = assignment->field;
    nu__resolver with = { .query = out->query, .for_save = true, .again = true };
    const nu_expr *expr;

    nu__sql_name(out, field->column);
    nu__sql_text(out, S(" = "));
    if (!assignment->expr) {
        if (assignment->value.kind == NU_KIND_NULL)
            nu__sql_text(out, S("NULL"));
        else
            nu__sql_param(out, nu__saved_param(field, assignment->value, out->backend));
        return NU__SQL_OK;
    }
    expr = nu__resolve_assigned(assignment->expr, &with);
    nu__check_assigned(field, expr);
    return nu__compile(expr, out);
}

nu__compiled nu__compile_update(const nu__tree *tree, const nu__backend *backend,
                                const nu__assignment *assignments, size_t n)
{
    nu__sql sql = { 0 };
    nu__compiler out = { nu__tree_clone(tree), backend, NULL, &sql, NULL };
    nu__sql_result result = NU__SQL_OK;

    if (tables_used(out.query) > 1)
        out.query = by_subquery(tree);
    nu__sql_text(&out, S("UPDATE "));
    nu__sql_name(&out, tree->model->db_table);
    nu__sql_text(&out, S(" SET "));
    for (size_t i = 0; i < n && result == NU__SQL_OK; i++) {
        if (i)
            nu__sql_text(&out, S(", "));
        result = assign(&assignments[i], &out);
    }
    return finished(&out, result == NU__SQL_OK ? where_sql(&out) : result);
}
