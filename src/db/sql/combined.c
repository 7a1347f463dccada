/* Arithmetic: F("a") + 1, and what type comes out. */
#include "db/sql/compiler.h"

#include <string.h>

nu_expr *nu_operand_(nu_value value)
{
    return (nu_expr *)nu__argument(value, false);
}

nu_expr *nu_binary_(int op, nu_expr *left, nu_expr *right)
{
    nu_expr *expr = nu__expr_new(&nu__combined, 2);

    expr->op = op;
    expr->args[0] = left;
    expr->args[1] = right;
    return nu__expr_done(expr);
}

/* ---- types -------------------------------------------------------------------------------- */

typedef enum kind { NONE, INTEGER, FLOAT, DECIMAL, DATE, DATETIME, TIME, DURATION, OTHER } kind;

static kind kind_of(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output(expr);

    if (!type)
        return NONE;
    switch (type->target->type->type) {
    case NU_FLOAT_FIELD:
        return FLOAT;
    case NU_DECIMAL_FIELD:
        return DECIMAL;
    case NU_DATE_FIELD:
        return DATE;
    case NU_DATETIME_FIELD:
        return DATETIME;
    case NU_TIME_FIELD:
        return TIME;
    case NU_DURATION_FIELD:
        return DURATION;
    default:
        return type->target->type->max ? INTEGER : OTHER;
    }
}

/* op '+': both; '-': subtraction only; 'n': any arithmetic. The first row that fits. */
static const struct {
    char op;
    kind left, right;
    nu_field_type result;
} combinations[] = {
    { 'n', INTEGER, INTEGER, NU_INTEGER_FIELD },    { 'n', FLOAT, FLOAT, NU_FLOAT_FIELD },
    { 'n', DECIMAL, DECIMAL, NU_DECIMAL_FIELD },    { 'n', INTEGER, DECIMAL, NU_DECIMAL_FIELD },
    { 'n', DECIMAL, INTEGER, NU_DECIMAL_FIELD },    { 'n', INTEGER, FLOAT, NU_FLOAT_FIELD },
    { 'n', FLOAT, INTEGER, NU_FLOAT_FIELD },        { 'n', INTEGER, NONE, NU_INTEGER_FIELD },
    { 'n', NONE, INTEGER, NU_INTEGER_FIELD },       { 'n', DECIMAL, NONE, NU_DECIMAL_FIELD },
    { 'n', NONE, DECIMAL, NU_DECIMAL_FIELD },       { 'n', FLOAT, NONE, NU_FLOAT_FIELD },
    { 'n', NONE, FLOAT, NU_FLOAT_FIELD },           { '+', DATE, DURATION, NU_DATETIME_FIELD },
    { '+', DATETIME, DURATION, NU_DATETIME_FIELD }, { '+', TIME, DURATION, NU_TIME_FIELD },
    { '+', DURATION, DURATION, NU_DURATION_FIELD }, { '-', DATE, DATE, NU_DURATION_FIELD },
    { '-', DATETIME, DATETIME, NU_DURATION_FIELD }, { '-', TIME, TIME, NU_DURATION_FIELD },
    { '-', DATE, DATETIME, NU_DURATION_FIELD },     { '-', DATETIME, DATE, NU_DURATION_FIELD },
};

static bool fits(char row, int op)
{
    if (row == 'n')
        return strchr("+-*/%^&|<>#", op) != NULL;
    return row == '+' ? op == '+' || op == '-' : op == '-';
}

static const nu__field *combined_type(const nu_expr *expr)
{
    kind left = kind_of(expr->args[0]), right = kind_of(expr->args[1]);
    char op[2] = "";

    if (expr->op == '+' && left == DURATION) {
        left = right;
        right = DURATION;
    }
    for (size_t i = 0; i < sizeof(combinations) / sizeof(*combinations); i++)
        if (fits(combinations[i].op, expr->op) && combinations[i].left == left &&
            combinations[i].right == right)
            return nu__type_of(combinations[i].result);
    if (left == NONE || right == NONE)
        return NULL;
    op[0] = (char)expr->op;
    nu_raise(NU_FIELD_ERROR,
             "Cannot infer type of '{}' expression involving these types: {}, {}. You must set "
             "output_field.",
             (const char *)op, nu__expr_output(expr->args[0])->type->name,
             nu__expr_output(expr->args[1])->type->name);
}

/* ---- SQL ---------------------------------------------------------------------------------- */

/* SQLite compares the result of arithmetic on decimals as text unless told otherwise. */
static bool needs_cast(const nu_expr *expr, const nu__compiler *out)
{
    const nu__field *type = out->backend->dialect == NU__SQLITE ? nu__expr_output(expr) : NULL;

    return type && type->type->type == NU_DECIMAL_FIELD;
}

static nu__sql_result combined_sql(const nu_expr *expr, nu__compiler *out)
{
    kind left = kind_of(expr->args[0]), right = kind_of(expr->args[1]);
    bool times = left >= DATE && left <= DURATION;
    bool duration = (times || right == DURATION) && left != OTHER && right != OTHER;
    bool cast = !duration && needs_cast(expr, out);
    nu__fragment pieces[2], all;
    nu__buf text = { 0 };

    for (int i = 0; i < 2; i++) {
        nu__sql_result result = nu__compile_apart(expr->args[i], out, &pieces[i]);

        if (result != NU__SQL_OK)
            return result;
    }
    out->backend->operations->combine(&text, expr->op, duration, pieces[0].text, pieces[1].text);
    all.params.len = pieces[0].params.len + pieces[1].params.len;
    {
        nu_value *params = nu_alloc_array(nu_value, all.params.len + 1);

        for (size_t i = 0; i < all.params.len; i++)
            params[i] = i < pieces[0].params.len ? pieces[0].params.items[i]
                                                 : pieces[1].params.items[i - pieces[0].params.len];
        all.params.items = params;
    }
    all.text = nu__buf_str(&text);
    nu__sql_template(out, cast ? "(CAST((%s) AS NUMERIC))" : "(%s)", &all, 1);
    return NU__SQL_OK;
}

const nu__expr_class nu__combined = { "CombinedExpression", NULL, combined_sql, combined_type,
                                      NULL };
