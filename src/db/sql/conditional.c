/* Case and When. */
#include "db/sql/functions.h"

nu_expr *nu_case_(const nu_when *cases)
{
    nu_expr *expr;
    uint32_t n = 0;

    while (cases[n].then)
        n++;
    expr = nu__expr_new(&nu__case, n + 1);
    expr->args[n] = (nu_expr *)nu__literal_of(nu_null(), NULL);
    expr->n_args = 0;
    for (uint32_t i = 0; i < n; i++) {
        nu_expr *when;

        if (!cases[i].when.lookup && !cases[i].when.op) { /* Else() */
            expr->args[n] = cases[i].then;
            continue;
        }
        when = nu__expr_new(&nu__when, 2);
        when->args[0] = nu__q_single(cases[i].when);
        when->args[1] = cases[i].then;
        expr->args[expr->n_args++] = nu__expr_done(when);
    }
    expr->args[expr->n_args++] = expr->args[n];
    return nu__expr_done(expr);
}

/* ---- When --------------------------------------------------------------------------------- */

static const nu_expr *resolve_when(const nu_expr *expr, const nu__resolver *with)
{
    nu_expr *copy = nu__expr_copy(expr);
    nu__resolver condition = *with;

    condition.for_save = false;
    copy->args[0] = (nu_expr *)nu__expr_resolve(expr->args[0], &condition);
    copy->args[1] = (nu_expr *)nu__expr_resolve(expr->args[1], with);
    return nu__expr_done(copy);
}

static const nu__field *when_type(const nu_expr *expr)
{
    return nu__expr_output(expr->args[1]);
}

static nu__sql_result when_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, S("WHEN "));
    result = nu__compile(expr->args[0], out);
    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" THEN "));
    return nu__compile(expr->args[1], out);
}

static void group_by_both(const nu_expr *expr, nu__exprs *out)
{
    nu__expr_group_by(expr->args[0], out);
    nu__expr_group_by(expr->args[1], out);
}

const nu__expr_class nu__when = { "When",    resolve_when,  when_sql,
                                  when_type, group_by_both, .key = nu__key_plain };

/* ---- Case --------------------------------------------------------------------------------- */

/* The branches that may be met; how many, and what stands behind them. */
static int case_branches(const nu_expr *expr, nu__compiler *out, const nu_expr **otherwise)
{
    int written = 0;

    *otherwise = expr->args[expr->n_args - 1];
    for (uint32_t i = 0; i + 1 < expr->n_args; i++) {
        nu__sql_mark before = nu__sql_mark_take(out);
        nu__sql_result result;

        nu__sql_text(out, S(" "));
        result = nu__compile(expr->args[i], out);
        written += result == NU__SQL_OK;
        if (result != NU__SQL_OK)
            nu__sql_mark_release(out, before);
        if (result == NU__SQL_FULL) { /* always met: the rest can't be reached */
            *otherwise = expr->args[i]->args[1];
            break;
        }
    }
    return written;
}

/* As what it is told to the database; NULL where no branch has a type. Raises FieldError where they
   have different ones. */
static const nu__field *unified(const nu_expr *expr)
{
    const nu__field *type = NULL;

    return nu_catch(NU_OUTPUT_FIELD_IS_NONE_ERROR, type = nu__expr_output(expr)) ? NULL : type;
}

static void case_cast(const nu_expr *expr, nu__sql_mark start, nu__compiler *out)
{
    const nu__field *type = unified(expr);
    nu_str (*unified_type)(const nu__field *) = out->backend->operations->unified_type;
    nu_str cast = type && unified_type ? unified_type(type->target) : (nu_str){ 0 };

    if (cast.len) {
        nu__sql_insert(out, start, S("CAST("));
        nu__sql_text(out, nu_fmt(" AS {})", cast));
    } else {
        nu__cast_decimal(type, start, out);
    }
}

static nu__sql_result case_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_mark start = nu__sql_mark_take(out);
    const nu_expr *otherwise;
    nu__sql_result result;

    nu__sql_text(out, S("CASE"));
    if (!case_branches(expr, out, &otherwise)) {
        nu__sql_mark_release(out, start);
        return nu__compile(otherwise, out);
    }
    nu__sql_text(out, S(" ELSE "));
    result = nu__compile(otherwise, out);
    nu__sql_text(out, S(" END"));
    if (result == NU__SQL_OK)
        case_cast(expr, start, out);
    return result;
}

const nu__expr_class nu__case = { "Case", NULL, case_sql, NULL, NULL, .key = nu__key_plain };
