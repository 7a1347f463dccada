/* Python's repr() of expressions, as errors and the shell show them. */
#include "db/sql/functions.h"

#include "core/object.h"

const char *nu__expr_class_name(const nu_expr *expr)
{
    return expr->function && (expr->klass == &nu__func || expr->klass == &nu__aggregate)
               ? expr->function->django
               : expr->klass->name;
}

nu_str nu__expr_name(const nu_expr *expr)
{
    return expr->klass == &nu__aggregate ? nu_s(expr->function->django) : expr->name;
}

static void write(const nu_expr *expr, bool nested, nu__buf *out);

static void write_list(nu_expr *const *args, uint32_t n, const char *between, nu__buf *out)
{
    for (uint32_t i = 0; i < n; i++) {
        nu__buf_fmt(out, "{}", i ? between : "");
        write(args[i], true, out);
    }
}

/* ---- conditions --------------------------------------------------------------------------- */

static void write_condition(const nu_expr *q, nu__buf *out)
{
    if (q->klass == &nu__condition_expr) {
        nu__buf_fmt(out, "({!r}, ", q->name);
        if (q->args[0])
            write(q->args[0], true, out);
        else
            nu__buf_repr(out, q->value);
        nu__buf_char(out, ')');
        return;
    }
    if (q->klass != &nu__q) {
        write(q, true, out);
        return;
    }
    nu__buf_fmt(out, "{}({}: ", q->flags & NU__NEGATED ? "(NOT " : "",
                q->connector == NU__AND  ? "AND"
                : q->connector == NU__OR ? "OR"
                                         : "XOR");
    for (uint32_t i = 0; i < q->n_args; i++) {
        nu__buf_fmt(out, "{}", i ? ", " : "");
        write_condition(q->args[i], out);
    }
    nu__buf_fmt(out, "){}", q->flags & NU__NEGATED ? ")" : "");
}

/* ---- nodes -------------------------------------------------------------------------------- */

static void write_combined(const nu_expr *expr, bool nested, nu__buf *out)
{
    const char *sign = expr->op == '<' ? "<<" : expr->op == '>' ? ">>" : "%%";
    const char plain[] = { (char)expr->op, '\0' };

    if (!nested)
        nu__buf_lit(out, "<CombinedExpression: ");
    write(expr->args[0], true, out);
    nu__buf_fmt(out, " {} ", expr->op == '<' || expr->op == '>' || expr->op == '%' ? sign : plain);
    write(expr->args[1], true, out);
    if (!nested)
        nu__buf_char(out, '>');
}

static void write_case(const nu_expr *expr, nu__buf *out)
{
    nu__buf_lit(out, "CASE ");
    write_list(expr->args, expr->n_args - 1, ", ", out);
    nu__buf_lit(out, ", ELSE ");
    write(expr->args[expr->n_args - 1], false, out);
}

static void write_when(const nu_expr *expr, nu__buf *out)
{
    nu__buf_lit(out, "WHEN ");
    write(expr->args[0], false, out);
    nu__buf_lit(out, " THEN ");
    write(expr->args[1], false, out);
}

static void write_window(const nu_expr *expr, nu__buf *out)
{
    write(expr->args[0], true, out);
    nu__buf_lit(out, " OVER (");
    if (expr->n_partition)
        nu__buf_lit(out, "PARTITION BY ");
    write_list(expr->args + 1, expr->n_partition, ", ", out);
    write_list(expr->args + 1 + expr->n_partition, expr->n_order, ", ", out);
    nu__buf_char(out, ')');
}

static void in_angles(const nu_expr *expr, bool nested, const char *name,
                      void (*body)(const nu_expr *expr, nu__buf *out), nu__buf *out)
{
    if (!nested)
        nu__buf_fmt(out, "<{}: ", name);
    body(expr, out);
    if (!nested)
        nu__buf_char(out, '>');
}

static void write_function(const nu_expr *expr, nu__buf *out)
{
    nu__buf_fmt(out, "{}(", nu__expr_class_name(expr));
    write_list(expr->args, expr->n_args, ", ", out);
    if (expr->klass == &nu__func && expr->name.len)
        nu__buf_fmt(out, "{}function={}", expr->n_args ? ", " : "", expr->name);
    nu__buf_char(out, ')');
}

static void write_aggregate(const nu_expr *expr, nu__buf *out)
{
    const nu_expr *filter = nu__aggregate_filter(expr);

    nu__buf_fmt(out, "{}(", nu__expr_class_name(expr));
    write_list(expr->args, nu__aggregate_values(expr), ", ", out);
    if (expr->flags & NU__DISTINCT)
        nu__buf_lit(out, ", distinct=True");
    if (filter) {
        nu__buf_lit(out, ", filter=");
        write(filter, true, out);
    }
    nu__buf_char(out, ')');
}

static void write_order(const nu_expr *expr, nu__buf *out)
{
    nu__buf_lit(out, "OrderBy(");
    write(expr->args[0], true, out);
    nu__buf_fmt(out, ", descending={})", expr->flags & NU__DESCENDING ? "True" : "False");
}

static void write(const nu_expr *expr, bool nested, nu__buf *out)
{
    if (expr->klass == &nu__f || expr->klass == &nu__outer_ref ||
        expr->klass == &nu__resolved_outer_ref) {
        nu__buf_fmt(out, "{}({})", expr->klass->name, expr->name);
    } else if (expr->klass == &nu__literal) {
        nu__buf_lit(out, "Value(");
        nu__buf_repr(out, expr->value);
        nu__buf_char(out, ')');
    } else if (expr->klass == &nu__combined) {
        write_combined(expr, nested, out);
    } else if (expr->klass == &nu__q || expr->klass == &nu__condition_expr) {
        in_angles(expr, nested, "Q", write_condition, out);
    } else if (expr->klass == &nu__case) {
        in_angles(expr, nested, "Case", write_case, out);
    } else if (expr->klass == &nu__when) {
        in_angles(expr, nested, "When", write_when, out);
    } else if (expr->klass == &nu__window) {
        in_angles(expr, nested, "Window", write_window, out);
    } else if (expr->klass == &nu__order_by) {
        write_order(expr, out);
    } else if (expr->klass == &nu__star) {
        nu__buf_lit(out, "'*'");
    } else if (expr->klass == &nu__aggregate) {
        write_aggregate(expr, out);
    } else {
        write_function(expr, out);
    }
}

nu_str nu__expr_repr(const nu_expr *expr)
{
    nu__buf out = { 0 };

    write(expr, false, &out);
    return nu__buf_str(&out);
}

nu_str nu__expr_str(const nu_expr *expr)
{
    nu__buf out = { 0 };

    write(expr, true, &out);
    return nu__buf_str(&out);
}
