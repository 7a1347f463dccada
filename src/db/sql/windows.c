/* Window(): an expression over the rows around. */
#include "db/sql/compiler.h"

static uint32_t count_names(const char *const names[4])
{
    uint32_t n = 0;

    while (n < 4 && names[n])
        n++;
    return n;
}

nu_expr *nu_window_(nu_expr *source, const nu_window *options)
{
    uint32_t n_partition = count_names(options->partition_by);
    uint32_t n_order = count_names(options->order_by);
    nu_expr *expr = nu__expr_new(&nu__window, 1 + n_partition + n_order);

    expr->args[0] = source;
    for (uint32_t i = 0; i < n_partition; i++)
        expr->args[1 + i] = F(options->partition_by[i]);
    for (uint32_t i = 0; i < n_order; i++) {
        const char *name = options->order_by[i];
        bool descending = name[0] == '-';
        nu_expr *column = F(name + descending);

        expr->args[1 + n_partition + i] =
            descending ? (nu_expr *)nu__order_of(column, true) : column;
    }
    expr->n_partition = (uint16_t)n_partition;
    expr->n_order = (uint16_t)n_order;
    expr->rows_from = options->rows_from;
    expr->rows_to = options->rows_to;
    expr->frame = options->rows_from || options->rows_to;
    return nu__expr_done(expr);
}

static nu__sql_result list_sql(const nu_expr *expr, uint32_t from, uint32_t n, nu_str head,
                               nu__compiler *out)
{
    for (uint32_t i = 0; i < n; i++) {
        nu__sql_result result;

        nu__sql_text(out, i ? S(", ") : head);
        result = nu__compile(expr->args[from + i], out);
        if (result != NU__SQL_OK)
            return result;
    }
    return NU__SQL_OK;
}

static nu_str frame_end(int rows)
{
    if (!rows)
        return S("CURRENT ROW");
    return rows < 0 ? nu_fmt("{} PRECEDING", -(int64_t)rows) : nu_fmt("{} FOLLOWING", rows);
}

static nu__sql_result window_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result = nu__compile(expr->args[0], out);

    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" OVER ("));
    result = list_sql(expr, 1, expr->n_partition, S("PARTITION BY "), out);
    if (result != NU__SQL_OK)
        return result;
    result = list_sql(expr, 1 + expr->n_partition, expr->n_order,
                      expr->n_partition ? S(" ORDER BY ") : S("ORDER BY "), out);
    if (expr->frame)
        nu__sql_text(out, nu_fmt("{}ROWS BETWEEN {} AND {}",
                                 expr->n_partition || expr->n_order ? " " : "",
                                 frame_end(expr->rows_from), frame_end(expr->rows_to)));
    nu__sql_text(out, S(")"));
    return result;
}

static const nu__field *window_type(const nu_expr *expr)
{
    return nu__expr_output(expr->args[0]);
}

static void group_by_window(const nu_expr *expr, nu__exprs *out)
{
    for (uint32_t i = 1; i < expr->n_args; i++)
        nu__expr_group_by(expr->args[i], out);
}

const nu__expr_class nu__window = { "Window", NULL, window_sql, window_type, group_by_window };

/* ---- ORDER BY ----------------------------------------------------------------------------- */

static nu__sql_result order_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result = nu__compile(expr->args[0], out);

    nu__sql_text(out, expr->flags & NU__DESCENDING ? S(" DESC") : S(" ASC"));
    if (expr->flags & NU__NULLS_FIRST)
        nu__sql_text(out, S(" NULLS FIRST"));
    if (expr->flags & NU__NULLS_LAST)
        nu__sql_text(out, S(" NULLS LAST"));
    return result;
}

static const nu__field *order_type(const nu_expr *expr)
{
    return nu__expr_output(expr->args[0]);
}

static void group_by_source(const nu_expr *expr, nu__exprs *out)
{
    nu__expr_group_by(expr->args[0], out);
}

const nu__expr_class nu__order_by = { "OrderBy", NULL, order_sql, order_type, group_by_source };
