/* Window(): an expression over the rows around; orders as nodes. */
#include "db/sql/functions.h"

/* args: the source, what it is partitioned by, what it is ordered by. */

/* ---- making ------------------------------------------------------------------------------- */

/* "-name" is descending. */
static const nu_expr *order_item(nu_value value)
{
    nu_str name = value.s;

    if (value.kind != NU_KIND_STR || !name.len || name.ptr[0] != '-')
        return nu__argument(value, true);
    return nu__order_of(F(nu_copy((nu_str){ name.ptr + 1, name.len - 1 }).ptr), true);
}

nu_expr *nu__order_list(nu_values items)
{
    nu_expr *list = nu__expr_new(&nu__list_expr, items.len);

    for (size_t i = 0; i < items.len; i++)
        list->args[i] = (nu_expr *)order_item(items.items[i]);
    return nu__expr_done(list);
}

static void check_source(const nu_expr *source)
{
    bool takes = source->klass == &nu__aggregate || source->klass == &nu__func;

    if (!takes || !nu__function_is(source, NU__IS_WINDOW))
        nu_raise(NU_VALUE_ERROR, "Expression '{}' isn't compatible with OVER clauses.",
                 nu__expr_class_name(source));
}

static void check_frame(const nu_frame *frame)
{
    if (!frame->set)
        return;
    if (!frame->range && frame->start.set && frame->end.set &&
        frame->start.value > frame->end.value)
        nu_raise(NU_VALUE_ERROR, "start cannot be greater than end.");
    if (frame->range && frame->start.set && frame->start.value > 0)
        nu_raise(NU_VALUE_ERROR,
                 "start argument must be a negative integer, zero, or None, but "
                 "got '{}'.",
                 frame->start.value);
    if (frame->range && frame->end.set && frame->end.value < 0)
        nu_raise(NU_VALUE_ERROR,
                 "end argument must be a positive integer, zero, or None, but got "
                 "'{}'.",
                 frame->end.value);
}

static nu_frame frame_of(const nu_window *options)
{
    if (options->frame.set)
        return options->frame;
    return (nu_frame){ .set = options->rows_from || options->rows_to,
                       .start = nu_some_int(options->rows_from),
                       .end = nu_some_int(options->rows_to) };
}

nu_expr *nu_window_(nu_expr *source, const nu_window *options)
{
    nu_expr *expr = nu__expr_new(&nu__window, 0);
    nu__exprs args = { 0 };
    nu_frame *frame = nu_alloc(nu_frame);

    check_source(source);
    nu__exprs_add(&args, source);
    for (int i = 0; i < 4 && options->partition_by[i]; i++)
        nu__exprs_add(&args, F(options->partition_by[i]));
    for (size_t i = 0; i < options->partition.len; i++)
        nu__exprs_add(&args, nu__argument(options->partition.items[i], true));
    expr->n_partition = (uint16_t)(args.n - 1);
    for (int i = 0; i < 4 && options->order_by[i]; i++)
        nu__exprs_add(&args, order_item(nu_v_cstr(options->order_by[i])));
    for (size_t i = 0; i < options->order.len; i++)
        nu__exprs_add(&args, order_item(options->order.items[i]));
    expr->n_order = (uint16_t)(args.n - 1 - expr->n_partition);
    *frame = frame_of(options);
    expr->frame = frame;
    expr->args = args.items;
    expr->n_args = args.n;
    return nu__expr_done(expr);
}

/* ---- SQL ---------------------------------------------------------------------------------- */

static void frame_end(nu_opt_int rows, nu_str unbounded, nu__compiler *out)
{
    if (!rows.set)
        nu__sql_text(out, unbounded);
    else if (!rows.value)
        nu__sql_text(out, S("CURRENT ROW"));
    else if (rows.value < 0)
        nu__sql_text(out, nu_fmt("{} PRECEDING", (uint64_t)0 - (uint64_t)rows.value));
    else
        nu__sql_text(out, nu_fmt("{} FOLLOWING", rows.value));
}

static void frame_sql(const nu_frame *frame, nu__compiler *out)
{
    static const char *const exclusions[] = { "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP",
                                              " EXCLUDE TIES", " EXCLUDE NO OTHERS" };

    check_frame(frame);
    if (frame->range && out->backend->features->only_unbounded_ranges &&
        (frame->start.value < 0 || frame->end.value > 0))
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "{} only supports UNBOUNDED together with PRECEDING and FOLLOWING.",
                 out->backend->driver->display_name);
    if (frame->exclusion && !out->backend->features->has_frame_exclusion)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "This backend does not support window frame exclusions.");
    nu__sql_text(out, frame->range ? S("RANGE BETWEEN ") : S("ROWS BETWEEN "));
    frame_end(frame->start, S("UNBOUNDED PRECEDING"), out);
    nu__sql_text(out, S(" AND "));
    frame_end(frame->end, S("UNBOUNDED FOLLOWING"), out);
    nu__sql_text(out, nu_s(exclusions[frame->exclusion]));
}

/* Where decimals must be cast: a decimal is cast outside of the window, not inside. */
static nu__sql_result source_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu__field *type = nu__expr_output_or_null(expr);
    nu_expr *source = expr->args[0];

    if (out->backend->features->has_decimals_as_text && type &&
        type->target->type->type == NU_DECIMAL_FIELD) {
        source = nu__expr_copy(source);
        source->output = nu__type_of(NU_FLOAT_FIELD);
    }
    return nu__compile(source, out);
}

static nu__sql_result window_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__sql_result result = source_sql(expr, out);
    bool written = expr->n_partition > 0;

    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, written ? S(" OVER (PARTITION BY ") : S(" OVER ("));
    result = nu__compile_list(expr->args + 1, expr->n_partition, S(", "), out);
    if (expr->n_order && result == NU__SQL_OK) {
        nu__sql_text(out, written ? S(" ORDER BY ") : S("ORDER BY "));
        written = true;
        result = nu__compile_list(expr->args + 1 + expr->n_partition, expr->n_order, S(", "), out);
    }
    if (expr->frame->set) {
        nu__sql_text(out, written ? S(" ") : S(""));
        frame_sql(expr->frame, out);
    }
    nu__sql_text(out, S(")"));
    if (result == NU__SQL_OK)
        nu__cast_decimal(nu__expr_output_or_null(expr), start, out);
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

/* Nulls are the smallest by themselves; else whether it is one is ordered by first. */
static nu__sql_result order_of_nulls(const nu_expr *expr, nu__compiler *out)
{
    bool descending = expr->flags & NU__DESCENDING;
    bool last = expr->flags & NU__NULLS_LAST && !descending;
    bool first = expr->flags & NU__NULLS_FIRST && descending;
    nu__sql_result result = NU__SQL_OK;

    if (last || first) {
        result = nu__compile(expr->args[0], out);
        nu__sql_text(out, last ? S(" IS NULL, ") : S(" IS NOT NULL, "));
    }
    return result;
}

static nu__sql_result order_sql(const nu_expr *expr, nu__compiler *out)
{
    bool lacks = out->backend->features->lacks_nulls_ordering;
    nu__sql_result result = lacks ? order_of_nulls(expr, out) : NU__SQL_OK;

    if (result == NU__SQL_OK)
        result = nu__compile(expr->args[0], out);
    nu__sql_text(out, expr->flags & NU__DESCENDING ? S(" DESC") : S(" ASC"));
    if (lacks)
        return result;
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

const nu__expr_class nu__order_by = { "OrderBy",       NULL,
                                      order_sql,       order_type,
                                      group_by_source, .key = nu__key_plain };
