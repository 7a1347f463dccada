/* Arithmetic: F("a") + 1, and what type comes out. */
#include "db/sql/functions.h"

#include <string.h>

nu_expr *nu_operand_(nu_value value)
{
    return (nu_expr *)nu__argument(value, false);
}

/* '<' and '>' stand for << and >>. */
nu_expr *nu_binary_(int op, nu_expr *left, nu_expr *right)
{
    nu_expr *expr = nu__expr_new(&nu__combined, 2);

    if (op <= 0 || op > 127 || !strchr("+-*/%^&|#<>", op))
        nu_raise(NU_VALUE_ERROR, "no operator is called {}", op);
    expr->op = op;
    expr->args[0] = left;
    expr->args[1] = right;
    return nu__expr_done(expr);
}

static nu_str connector_of(const nu_expr *expr)
{
    switch (expr->op) {
    case '<':
        return S("<<");
    case '>':
        return S(">>");
    default:
        return nu_copy((nu_str){ (const char[]){ (char)expr->op }, 1 });
    }
}

/* ---- types -------------------------------------------------------------------------------- */

/* Rows in Django's order; the first that fits counts. A type fits its ancestors; 0 is a side whose
   type can't be told. */
#define INT      NU_INTEGER_FIELD
#define POSITIVE NU_POSITIVE_INTEGER_FIELD
#define FLOAT    NU_FLOAT_FIELD
#define DECIMAL  NU_DECIMAL_FIELD
#define DATE     NU_DATE_FIELD
#define DATETIME NU_DATETIME_FIELD
#define TIME     NU_TIME_FIELD
#define DURATION NU_DURATION_FIELD
static const struct {
    const char *ops;
    nu_field_type left, right, result;
} combinations[] = {
    { "+*/%^", POSITIVE, POSITIVE, POSITIVE },
    { "+-*/%^", INT, INT, INT },
    { "+-*/%^", FLOAT, FLOAT, FLOAT },
    { "+-*/%^", DECIMAL, DECIMAL, DECIMAL },
    { "+-*/%", INT, DECIMAL, DECIMAL },
    { "+-*/%", DECIMAL, INT, DECIMAL },
    { "+-*/%", INT, FLOAT, FLOAT },
    { "+-*/%", FLOAT, INT, FLOAT },
    { "&|<>#", INT, INT, INT },
    { "+-*/%^", INT, 0, INT },
    { "+-*/%^", 0, INT, INT },
    { "+-*/%^", DECIMAL, 0, DECIMAL },
    { "+-*/%^", 0, DECIMAL, DECIMAL },
    { "+-*/%^", FLOAT, 0, FLOAT },
    { "+-*/%^", 0, FLOAT, FLOAT },
    { "+", DATE, DURATION, DATETIME },
    { "+", DURATION, DATE, DATETIME },
    { "+-", DURATION, DURATION, DURATION },
    { "+-", TIME, DURATION, TIME },
    { "+", DURATION, TIME, TIME },
    { "-", DATE, DURATION, DATETIME },
    { "-", DATE, DATE, DURATION },
    { "-", TIME, TIME, DURATION },
    { "+", NU_SEARCH_VECTOR_FIELD, NU_SEARCH_VECTOR_FIELD, NU_SEARCH_VECTOR_FIELD },
    { "&|", NU_SEARCH_QUERY_FIELD, NU_SEARCH_QUERY_FIELD, NU_SEARCH_QUERY_FIELD },
};

static nu_field_type type_of(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output(expr);

    return type ? type->target->type->type : 0;
}

static bool fits(nu_field_type type, nu_field_type row)
{
    return row ? nu__field_is_a(type, row) : !type;
}

static const nu__field *combined_type(const nu_expr *expr)
{
    nu_field_type left = type_of(expr->args[0]), right = type_of(expr->args[1]);

    for (size_t i = 0; i < sizeof(combinations) / sizeof(*combinations); i++)
        if (strchr(combinations[i].ops, expr->op) && fits(left, combinations[i].left) &&
            fits(right, combinations[i].right))
            return nu__type_of(combinations[i].result);
    if (!left || !right)
        return NULL;
    nu_raise(NU_FIELD_ERROR,
             "Cannot infer type of '{}' expression involving these types: {}, {}. You must set "
             "output_field.",
             expr->op == '%' ? S("%%") : connector_of(expr),
             nu__expr_output(expr->args[0])->target->type->name,
             nu__expr_output(expr->args[1])->target->type->name);
}

/* ---- SQL ---------------------------------------------------------------------------------- */

/* How it is computed: by the operator, as Django's DurationExpression, or its TemporalSubtraction.
 */
typedef enum manner { PLAIN, WITH_DURATION, TEMPORAL } manner;

static nu_field_type known_type(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output_or_null(expr);

    return type ? type->target->type->type : 0;
}

static manner manner_of(const nu_expr *expr, nu_field_type left, nu_field_type right, bool native)
{
    if (!native && left != right && (left == DURATION || right == DURATION))
        return WITH_DURATION;
    if (expr->op == '-' && left == right && (nu__field_is_a(left, DATE) || left == TIME))
        return TEMPORAL;
    return PLAIN;
}

/* SQLite would multiply texts too. */
static void check_scaling(const nu_expr *expr, nu_field_type left, nu_field_type right)
{
    static const char allowed[NU_FIELD_TYPE_COUNT] = {
        [DECIMAL] = 1, [DURATION] = 1, [FLOAT] = 1, [INT] = 1
    };

    if ((expr->op == '*' || expr->op == '/') && left && right &&
        (!allowed[left] || !allowed[right]))
        nu_raise(NU_DATABASE_ERROR, "Invalid arguments for operator {}.", connector_of(expr));
}

static nu__fragment joined_params(const nu__fragment pieces[2], nu_str text)
{
    size_t n = pieces[0].params.len, m = pieces[1].params.len;
    nu_value *params = nu_alloc_array(nu_value, n + m + 1);

    if (n)
        memcpy(params, pieces[0].params.items, n * sizeof(*params));
    if (m)
        memcpy(params + n, pieces[1].params.items, m * sizeof(*params));
    return (nu__fragment){ text, { params, n + m } };
}

static void as_interval(nu__fragment *piece, const char *template)
{
    const char *at = strstr(template, "%s");

    piece->text =
        nu_fmt("{}{}{}", ((nu_str){ template, (size_t)(at - template) }), piece->text, at + 2);
}

/* Vectors are joined, queries met together or one of them. */
static nu_str sql_connector(const nu_expr *expr, nu_field_type left)
{
    if (left == NU_SEARCH_VECTOR_FIELD || (left == NU_SEARCH_QUERY_FIELD && expr->op == '|'))
        return S("||");
    return left == NU_SEARCH_QUERY_FIELD ? S("&&") : connector_of(expr);
}

static nu__sql_result combined_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu__operations *ops = out->backend->operations;
    nu_field_type left = known_type(expr->args[0]), right = known_type(expr->args[1]);
    manner manner = manner_of(expr, left, right, out->backend->features->has_native_durations);
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__fragment pieces[2];
    nu__buf text = { 0 };

    for (int i = 0; i < 2; i++) {
        nu__sql_result result = nu__compile_apart(expr->args[i], out, &pieces[i]);

        if (result != NU__SQL_OK)
            return result;
    }
    if (manner == TEMPORAL) {
        ops->subtract_temporals(&text, left, pieces[0].text, pieces[1].text);
    } else {
        void (*combine)(nu__buf *, nu_str, nu_str, nu_str) =
            manner == PLAIN ? ops->combine : ops->combine_durations;

        if (manner == WITH_DURATION && out->backend->features->has_dates_as_text)
            check_scaling(expr, left, right);
        if (manner == WITH_DURATION && ops->interval)
            as_interval(&pieces[left == DURATION ? 0 : 1], ops->interval);
        nu__buf_char(&text, '(');
        combine(&text, sql_connector(expr, left), pieces[0].text, pieces[1].text);
        nu__buf_char(&text, ')');
    }
    nu__sql_piece(out, joined_params(pieces, nu__buf_str(&text)));
    if (manner == PLAIN)
        nu__cast_decimal(nu__expr_output_or_null(expr), start, out);
    return NU__SQL_OK;
}

const nu__expr_class nu__combined = { "CombinedExpression", NULL, combined_sql,
                                      combined_type,        NULL, .key = nu__key_plain };
