/* Aggregates: their rows, and how they are filtered, ordered and given a default. */
#include "core/object.h"
#include "core/suggest.h"
#include "db/sql/functions.h"
#include "db/sql/query_key.h"

#include <string.h>

#define WINDOW   NU__IS_WINDOW
#define DISTINCT NU__TAKES_DISTINCT
#define PAIRS    (WINDOW | NU__OF_PAIRS)

/* clang-format off */
static const nu__function aggregates[] = {
    { "Count", "COUNT", .output = NU_INTEGER_FIELD,
      .traits = WINDOW | DISTINCT | NU__ZERO_OF_NOTHING },
    { "Sum", "SUM", .traits = WINDOW | DISTINCT },
    { "Avg", "AVG", .traits = WINDOW | DISTINCT | NU__NUMERIC },
    { "Min", "MIN", .traits = WINDOW },
    { "Max", "MAX", .traits = WINDOW },
    { "StdDev", "STDDEV_POP", .traits = WINDOW | NU__NUMERIC },
    { "StdDev", "STDDEV_SAMP", .traits = WINDOW | NU__NUMERIC },
    { "Variance", "VAR_POP", .traits = WINDOW | NU__NUMERIC },
    { "Variance", "VAR_SAMP", .traits = WINDOW | NU__NUMERIC },
    { "AnyValue", "ANY_VALUE" },
    { "ArrayAgg", "ARRAY_AGG", .traits = WINDOW | DISTINCT | NU__TAKES_ORDER | NU__ARRAY_OF },
    { "BitAnd", "BIT_AND", .traits = WINDOW },
    { "BitOr", "BIT_OR", .traits = WINDOW },
    { "BitXor", "BIT_XOR", .traits = WINDOW },
    { "BoolAnd", "BOOL_AND", .output = NU_BOOLEAN_FIELD, .traits = WINDOW },
    { "BoolOr", "BOOL_OR", .output = NU_BOOLEAN_FIELD, .traits = WINDOW },
    { "JSONBAgg", "JSONB_AGG", .output = NU_JSON_FIELD,
      .traits = WINDOW | DISTINCT | NU__TAKES_ORDER },
    { "StringAgg", "STRING_AGG", .names[NU__SQLITE] = "GROUP_CONCAT", .names[NU__MYSQL] = "GROUP_CONCAT", .output = NU_TEXT_FIELD,
      .traits = WINDOW | DISTINCT | NU__TAKES_ORDER | NU__TAKES_DELIMITER },
    { "Corr", "CORR", .output = NU_FLOAT_FIELD, .traits = PAIRS },
    { "CovarPop", "COVAR_POP", .output = NU_FLOAT_FIELD, .traits = PAIRS },
    { "CovarPop", "COVAR_SAMP", .output = NU_FLOAT_FIELD, .traits = PAIRS },
    { "RegrAvgX", "REGR_AVGX", .output = NU_FLOAT_FIELD, .traits = PAIRS },
    { "RegrAvgY", "REGR_AVGY", .output = NU_FLOAT_FIELD, .traits = PAIRS },
    { "RegrCount", "REGR_COUNT", .output = NU_INTEGER_FIELD, .traits = PAIRS | NU__ZERO_OF_NOTHING },
    { "RegrIntercept", "REGR_INTERCEPT", .output = NU_FLOAT_FIELD, .traits = PAIRS },
    { "RegrR2", "REGR_R2", .output = NU_FLOAT_FIELD, .traits = PAIRS },
    { "RegrSlope", "REGR_SLOPE", .output = NU_FLOAT_FIELD, .traits = PAIRS },
    { "RegrSXX", "REGR_SXX", .output = NU_FLOAT_FIELD, .traits = PAIRS },
    { "RegrSXY", "REGR_SXY", .output = NU_FLOAT_FIELD, .traits = PAIRS },
    { "RegrSYY", "REGR_SYY", .output = NU_FLOAT_FIELD, .traits = PAIRS },
};
/* clang-format on */
#define N_AGGREGATES (sizeof(aggregates) / sizeof(*aggregates))

/* That of a sample stands behind that of the population. */
const nu__function *nu__aggregate_find(nu_str django, bool sample)
{
    for (size_t i = 0; i < N_AGGREGATES; i++)
        if (nu_eq(django, aggregates[i].django)) {
            bool has_sample = i + 1 < N_AGGREGATES && nu_eq(django, aggregates[i + 1].django);

            if (sample && !has_sample)
                nu_raise(NU_TYPE_ERROR, "{} does not allow sample.", django);
            return &aggregates[i + (sample && has_sample)];
        }
    return NULL;
}

bool nu_aggregate_known_(const char *name)
{
    return nu__aggregate_find(nu_s(name), false) != NULL;
}

bool nu_aggregate_of_pairs_(const char *name)
{
    const nu__function *function = nu__aggregate_find(nu_s(name), false);

    return function && function->traits & NU__OF_PAIRS;
}

void nu__aggregate_names(nu_list *out)
{
    for (size_t i = 0; i < N_AGGREGATES; i++)
        if (!i || strcmp(aggregates[i].django, aggregates[i - 1].django))
            nu_list_append(out, aggregates[i].django);
}

/* ---- making ------------------------------------------------------------------------------- */

static NU_NORETURN void unknown(const char *name)
{
    const char *names[N_AGGREGATES];

    for (size_t i = 0; i < N_AGGREGATES; i++)
        names[i] = aggregates[i].django;
    nu_raise(NU_VALUE_ERROR, "no aggregate is called '{}'.{}", name,
             nu__suggestion(nu_s(name), names, N_AGGREGATES));
}

static void check_options(const nu__function *function, const nu_aggregate_options *options)
{
    if (options->distinct && !(function->traits & DISTINCT))
        nu_raise(NU_TYPE_ERROR, "{} does not allow distinct.", function->django);
    if (function->traits & NU__OF_PAIRS && !nu__value_truth(options->x))
        nu_raise(NU_VALUE_ERROR, "Both y and x must be provided.");
    if (options->default_ && function->traits & NU__ZERO_OF_NOTHING)
        nu_raise(NU_TYPE_ERROR, "{} does not allow default.", function->django);
    if (options->order_by.len && !(function->traits & NU__TAKES_ORDER))
        nu_raise(NU_TYPE_ERROR, "{} does not allow order_by.", function->django);
}

/* args: the values (two for StringAgg), then what the aggregate's flags say: order, filter,
   default. */
nu_expr *nu_aggregate_fn_(const char *name, nu_value argument, const nu_aggregate_options *options)
{
    const nu__function *function = nu__aggregate_find(nu_s(name), options->sample);
    bool filtered = options->filter.lookup || options->filter.op;
    nu_expr *expr = nu__expr_new(&nu__aggregate, 0);
    nu__exprs args = { 0 };

    if (!function)
        unknown(name);
    check_options(function, options);
    nu__exprs_add(&args, nu__argument(argument, true));
    if (args.items[0]->klass == &nu__star && filtered)
        nu_raise(NU_VALUE_ERROR, "Star cannot be used with filter. Please specify a field.");
    if (function->traits & NU__TAKES_DELIMITER)
        nu__exprs_add(&args, nu__argument(options->delimiter, false));
    if (function->traits & NU__OF_PAIRS)
        nu__exprs_add(&args, nu__argument(options->x, true));
    if (options->order_by.len) {
        nu__exprs_add(&args, nu__order_list(options->order_by));
        expr->flags |= NU__HAS_ORDER;
    }
    if (filtered) {
        nu__exprs_add(&args, nu__q_single(options->filter));
        expr->flags |= NU__HAS_FILTER;
    }
    if (options->default_) {
        nu__exprs_add(&args, options->default_);
        expr->flags |= NU__HAS_DEFAULT;
    }
    expr->function = function;
    expr->args = args.items;
    expr->n_args = args.n;
    expr->flags |= options->distinct ? NU__DISTINCT : 0;
    return nu__expr_done(expr);
}

uint32_t nu__aggregate_values(const nu_expr *expr)
{
    return expr->function->traits & (NU__TAKES_DELIMITER | NU__OF_PAIRS) ? 2 : 1;
}

static const nu_expr *part(const nu_expr *expr, nu__expr_flag which)
{
    uint32_t at = nu__aggregate_values(expr);

    if (!(expr->flags & which))
        return NULL;
    if (which != NU__HAS_ORDER && expr->flags & NU__HAS_ORDER)
        at++;
    if (which == NU__HAS_DEFAULT && expr->flags & NU__HAS_FILTER)
        at++;
    return expr->args[at];
}

const nu_expr *nu__aggregate_filter(const nu_expr *expr)
{
    return part(expr, NU__HAS_FILTER);
}

/* ---- resolving ---------------------------------------------------------------------------- */

static bool summarized(const nu_expr *expr, void *arg)
{
    const nu_expr **found = arg;

    if (expr->klass == &nu__ref && expr->args[0]->flags & NU__SUMMARY)
        *found = expr;
    return !*found;
}

static void check_nesting(const nu_expr *given, const nu_expr *resolved, const nu__resolver *with)
{
    const char *name = given->function->django;
    const nu_expr *found = NULL;

    if (with->summarize) {
        nu__expr_walk(resolved, summarized, &found);
        if (found)
            nu_raise(NU_FIELD_ERROR, "Cannot compute {}('{}'): '{}' is an aggregate", name,
                     found->name, found->name);
        return;
    }
    for (uint32_t i = 0; i < nu__aggregate_values(resolved) && !(given->flags & NU__SUMMARY); i++)
        if (nu__has_aggregate(resolved->args[i])) {
            const nu_expr *before = given->args[i];
            nu_str text = before->klass == &nu__f || before->klass == &nu__aggregate
                              ? nu__expr_name(before)
                              : nu__expr_repr(before);

            nu_raise(NU_FIELD_ERROR, "Cannot compute {}('{}'): '{}' is an aggregate", name, text,
                     text);
        }
}

/* A default is COALESCE around the aggregate. */
static const nu_expr *with_default(nu_expr *aggregate, const nu_expr *value)
{
    const nu__field *type = nu__expr_output(aggregate);
    nu_expr *coalesce = nu__function_new(nu__function_find(S("Coalesce")), 2);

    if (!nu__expr_output(value) || value->klass == &nu__literal) {
        nu_expr *copy = nu__expr_copy(value);

        if (!copy->output)
            copy->output = type;
        value = copy;
    }
    aggregate->flags &= ~(uint32_t)NU__HAS_DEFAULT;
    aggregate->n_args--;
    coalesce->args[0] = aggregate;
    coalesce->args[1] = (nu_expr *)value;
    coalesce->output = type;
    coalesce->flags = aggregate->flags & NU__SUMMARY;
    return nu__expr_done(coalesce);
}

static const nu_expr *resolve_aggregate(const nu_expr *expr, const nu__resolver *with)
{
    nu_expr *copy = nu__expr_copy(expr);
    nu__resolver inner = *with;

    inner.for_save = false;
    for (uint32_t i = 0; i < copy->n_args; i++)
        copy->args[i] = (nu_expr *)nu__expr_resolve(expr->args[i], &inner);
    if (with->summarize)
        copy->flags |= NU__SUMMARY;
    check_nesting(expr, copy, with);
    nu__expr_done(copy);
    if (!(expr->flags & NU__HAS_DEFAULT))
        return copy;
    return with_default(copy, part(copy, NU__HAS_DEFAULT));
}

static const nu__field *aggregate_type(const nu_expr *expr)
{
    nu_expr values = *expr;

    values.n_args = nu__aggregate_values(expr);
    if (expr->function->traits & NU__ARRAY_OF) {
        const nu__field *items = nu__common_type(values.args, values.n_args);

        return items ? nu__array_of(items) : NULL;
    }
    return nu__function_type(&values);
}

static void groups_nothing(const nu_expr *expr, nu__exprs *out)
{
    (void)expr, (void)out;
}

/* ---- SQL ---------------------------------------------------------------------------------- */

static nu_str sql_name(const nu_expr *expr, const nu__compiler *out)
{
    const nu__function *function = expr->function;

    const char *other = function->names[out->backend->dialect];

    if (other && !out->backend->features->has_string_agg)
        return nu_s(other);
    return nu_s(function->name);
}

/* GROUP_CONCAT's delimiter stands behind the order, and can't be a parameter. */
static bool has_separator(const nu_expr *expr, const nu__compiler *out)
{
    return out->backend->dialect == NU__MYSQL && expr->function->traits & NU__TAKES_ORDER;
}

static void separator_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu_expr *delimiter = expr->args[1];

    if (delimiter->klass != &nu__literal)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "{} takes only a plain text for its delimiter on {}.",
                 expr->function->django, out->backend->display_name);
    nu__sql_text(out, S(" SEPARATOR "));
    out->backend->operations->quote_value(&out->sql->text, delimiter->value);
}

/* The values; where the database lacks FILTER the first is one only where the filter is met. */
static nu__sql_result values_sql(const nu_expr *expr, const nu__fragment *filter, nu__compiler *out)
{
    uint32_t n = has_separator(expr, out) ? 1 : nu__aggregate_values(expr);
    nu__sql_result result;

    if (!filter)
        return nu__compile_list(expr->args, n, S(", "), out);
    nu__sql_template(out, "CASE WHEN %s THEN ", filter, 1);
    result = nu__compile_list(expr->args, 1, S(", "), out);
    nu__sql_text(out, n > 1 ? S(" ELSE NULL END, ") : S(" ELSE NULL END"));
    if (n > 1 && result == NU__SQL_OK)
        result = nu__compile_list(expr->args + 1, n - 1, S(", "), out);
    return result;
}

static nu__sql_result clauses_sql(const nu_expr *expr, const nu__fragment *filter,
                                  nu__compiler *out)
{
    const nu_expr *order = part(expr, NU__HAS_ORDER);
    nu__sql_result result;

    nu__sql_text(out, sql_name(expr, out));
    nu__sql_text(out, expr->flags & NU__DISTINCT ? S("(DISTINCT ") : S("("));
    result = values_sql(expr, filter, out);
    if (order && result == NU__SQL_OK) {
        if (!out->backend->features->has_aggregate_order_by)
            nu_raise(NU_NOT_SUPPORTED_ERROR, "This database backend does not support specifying "
                                             "an order on aggregates.");
        nu__sql_text(out, S(" ORDER BY "));
        result = nu__compile_list(order->args, order->n_args, S(", "), out);
    }
    if (has_separator(expr, out))
        separator_sql(expr, out);
    nu__sql_text(out, S(")"));
    return result;
}

static bool is_temporal(const nu_expr *expr)
{
    const nu__field *type = expr ? nu__expr_output_or_null(expr) : NULL;
    nu_field_type kind = type ? type->target->type->type : 0;

    return kind == NU_DATE_FIELD || kind == NU_DATETIME_FIELD || kind == NU_TIME_FIELD;
}

/* SQLite has dates as text: what counts with them would take their first digits for a number. */
static void refuse_dates(const nu_expr *expr, const nu__compiler *out)
{
    static const char *const counting[] = { "Sum", "Avg", "StdDev", "Variance" };

    for (size_t i = 0; i < sizeof counting / sizeof *counting; i++)
        if (out->backend->features->has_dates_as_text && is_temporal(expr->args[0]) &&
            !strcmp(expr->function->django, counting[i]))
            nu_raise(NU_NOT_SUPPORTED_ERROR,
                     "You cannot use Sum, Avg, StdDev, and Variance aggregations on date/time "
                     "fields in sqlite3 since date/time is saved as text.");
}

static nu__sql_result aggregate_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu_expr *condition = part(expr, NU__HAS_FILTER);
    nu__sql_result filtered = NU__SQL_FULL, result;
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__fragment filter;
    bool inside;

    if (expr->flags & NU__DISTINCT && nu__aggregate_values(expr) > 1 &&
        !out->backend->features->has_distinct_of_many)
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "{} does not support distinct with multiple expressions "
                 "on this database backend.",
                 expr->function->django);
    refuse_dates(expr, out);
    if (condition)
        filtered = nu__compile_apart(condition, out, &filter);
    if (filtered == NU__SQL_EMPTY)
        return filtered;
    inside = filtered == NU__SQL_OK && out->backend->features->lacks_aggregate_filter;
    result = clauses_sql(expr, inside ? &filter : NULL, out);
    if (filtered == NU__SQL_OK && !inside)
        nu__sql_template(out, " FILTER (WHERE %s)", &filter, 1);
    if (result == NU__SQL_OK)
        nu__cast_decimal(nu__expr_output_or_null(expr), start, out);
    return result;
}

/* The type of an array is made anew each time: no query may be kept that has one. */
static void aggregate_key(const nu_expr *expr, nu__query_key *key)
{
    key->impossible |= (expr->function->traits & NU__ARRAY_OF) != 0;
    nu__key_plain(expr, key);
}

const nu__expr_class nu__aggregate = { "Aggregate",    resolve_aggregate, aggregate_sql,
                                       aggregate_type, groups_nothing,    .key = aggregate_key };
