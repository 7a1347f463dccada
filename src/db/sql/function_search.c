/* Full text search, trigrams and what else django.contrib.postgres adds to functions. */
#include "db/sql/functions.h"

#include "core/object.h"
#include "db/sql/lookup_sql.h"

/* ---- options ------------------------------------------------------------------------------ */

static bool option_of(const nu_expr *expr, const char *name, nu_value *out)
{
    return expr->value.kind == NU_KIND_DICT && nu_dict_find(expr->value.dict, nu_s(name), out) &&
           out->kind != NU_KIND_NULL;
}

/* Options that may be expressions: those stand behind the arguments, in this order. */
static const char *const expressions[] = { "config", "weight" };
enum { EXPRESSIONS = sizeof expressions / sizeof *expressions };

static uint32_t count_expressions(const nu_expr *expr, size_t before)
{
    uint32_t n = 0;
    nu_value value;

    for (size_t i = 0; i < before; i++)
        n += option_of(expr, expressions[i], &value) && value.kind == NU_KIND_EXPR;
    return n;
}

/* Without the options. */
static uint32_t own_arguments(const nu_expr *expr)
{
    return expr->n_args - count_expressions(expr, EXPRESSIONS);
}

static void take_expressions(nu_expr *expr)
{
    nu__exprs args = { 0 };
    nu_value value;

    for (uint32_t i = 0; i < expr->n_args; i++)
        nu__exprs_add(&args, expr->args[i]);
    for (size_t i = 0; i < EXPRESSIONS; i++)
        if (option_of(expr, expressions[i], &value) && value.kind == NU_KIND_EXPR)
            nu__exprs_add(&args, value.p);
    expr->args = args.items;
    expr->n_args = args.n;
}

static nu__sql_result option_sql(const nu_expr *expr, size_t option, nu_value value,
                                 nu__compiler *out)
{
    if (value.kind == NU_KIND_EXPR)
        return nu__compile(expr->args[own_arguments(expr) + count_expressions(expr, option)], out);
    nu__sql_param(out, nu_v_str(nu_string(value)));
    return NU__SQL_OK;
}

/* "$1::regconfig, " where the expression has a configuration. */
static nu__sql_result config_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;
    nu_value config;

    if (!option_of(expr, expressions[0], &config))
        return NU__SQL_OK;
    result = option_sql(expr, 0, config, out);
    nu__sql_text(out, S("::regconfig, "));
    return result;
}

/* What is given as a plain text is one, not the name of a field. */
static void text_argument(nu_expr *expr, nu_values given, uint32_t at)
{
    if (at < given.len && given.items[at].kind == NU_KIND_STR)
        expr->args[at] = (nu_expr *)nu__literal_of(given.items[at], NULL);
}

void nu__first_is_text(nu_expr *expr, nu_values given)
{
    text_argument(expr, given, 0);
}

void nu__second_is_text(nu_expr *expr, nu_values given)
{
    text_argument(expr, given, 1);
}

/* ---- vectors and queries ------------------------------------------------------------------ */

static bool is_text(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output_or_null(expr);
    nu_field_type kind = type ? type->target->type->type : 0;

    return kind == NU_TEXT_FIELD || nu__field_is_a(kind, NU_CHAR_FIELD);
}

/* to_tsvector(COALESCE(a, '') || ' ' || COALESCE((b)::text, '')), with a weight around. */
nu__sql_result nu__search_vector_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;
    nu_value weight;
    bool weighted = option_of(expr, expressions[1], &weight);

    nu__sql_text(out, weighted ? S("setweight(to_tsvector(") : S("to_tsvector("));
    result = config_sql(expr, out);
    for (uint32_t i = 0; i < own_arguments(expr) && result == NU__SQL_OK; i++) {
        nu_expr *part = is_text(expr->args[i])
                            ? expr->args[i]
                            : nu__cast_to(expr->args[i], nu__type_of(NU_TEXT_FIELD));

        nu__sql_text(out, i ? S(" || ' ' || COALESCE(") : S("COALESCE("));
        result = nu__compile_list(&part, 1, S(""), out);
        nu__sql_text(out, S(", '')"));
    }
    nu__sql_text(out, S(")"));
    if (!weighted || result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(", "));
    result = option_sql(expr, 1, weight, out);
    nu__sql_text(out, S(")"));
    return result;
}

static const char *const search_types[][2] = { { "plain", "plainto_tsquery(" },
                                               { "phrase", "phraseto_tsquery(" },
                                               { "raw", "to_tsquery(" },
                                               { "websearch", "websearch_to_tsquery(" } };

static nu_str search_function(const nu_expr *expr)
{
    nu_value type = nu_v_str(S("plain"));

    option_of(expr, "search_type", &type);
    for (size_t i = 0; i < sizeof search_types / sizeof *search_types; i++)
        if (nu_eq(nu_string(type), search_types[i][0]))
            return nu_s(search_types[i][1]);
    nu_raise(NU_VALUE_ERROR, "Unknown search_type argument '{}'.", type);
}

void nu__search_query_check(nu_expr *expr, nu_values given)
{
    nu__first_is_text(expr, given);
    search_function(expr);
    take_expressions(expr);
}

void nu__search_vector_check(nu_expr *expr, nu_values given)
{
    (void)given;
    take_expressions(expr);
}

void nu__search_headline_check(nu_expr *expr, nu_values given)
{
    nu__second_is_text(expr, given);
    take_expressions(expr);
}

nu__sql_result nu__search_query_sql(const nu_expr *expr, nu__compiler *out)
{
    nu_value invert = nu_v_bool(false);
    nu__sql_result result;

    option_of(expr, "invert", &invert);
    nu__sql_text(out, nu__value_truth(invert) ? S("!!(") : S(""));
    nu__sql_text(out, search_function(expr));
    result = config_sql(expr, out);
    if (result == NU__SQL_OK)
        result = nu__compile_list(expr->args, 1, S(""), out);
    nu__sql_text(out, nu__value_truth(invert) ? S("))") : S(")"));
    return result;
}

bool nu__is_search_query(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output_or_null(expr);

    return type && type->target->type->type == NU_SEARCH_QUERY_FIELD;
}

static nu__sql_result inverted_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, S("!!("));
    result = nu__compile(expr->args[0], out);
    nu__sql_text(out, S(")"));
    return result;
}

static const nu__expr_class inverted_class = { "SearchQuery", NULL, inverted_sql, NULL, NULL };

nu_expr *nu__search_inverted(const nu_expr *query)
{
    nu_expr *expr = nu__expr_new(&inverted_class, 1);

    expr->args[0] = (nu_expr *)query;
    expr->output = nu__type_of(NU_SEARCH_QUERY_FIELD);
    return nu__expr_done(expr);
}

/* ---- rank and headline -------------------------------------------------------------------- */

static bool has_type(const nu_expr *expr, nu_field_type type)
{
    const nu__field *output = nu__expr_output_or_null(expr);

    return output && output->target->type->type == type;
}

/* Columns and texts are made vectors and queries. */
static nu_expr *as_vector(nu_expr *expr)
{
    nu_expr *vector;

    if (has_type(expr, NU_SEARCH_VECTOR_FIELD))
        return expr;
    vector = nu__function_new(nu__function_find(S("SearchVector")), 1);
    vector->args[0] = expr;
    return nu__expr_done(vector);
}

static nu_expr *as_query(nu_expr *expr)
{
    nu_expr *query;

    if (nu__is_search_query(expr))
        return expr;
    query = nu__function_new(nu__function_find(S("SearchQuery")), 1);
    query->args[0] = expr;
    return nu__expr_done(query);
}

nu__sql_result nu__search_rank_sql(const nu_expr *expr, nu__compiler *out)
{
    nu_expr *args[] = { as_vector(expr->args[0]), as_query(expr->args[1]) };
    nu_value value = nu_v_bool(false);
    nu__sql_result result;

    option_of(expr, "cover_density", &value);
    nu__sql_text(out, nu__value_truth(value) ? S("ts_rank_cd(") : S("ts_rank("));
    if (option_of(expr, "weights", &value)) {
        nu__sql_param(out, value);
        nu__sql_text(out, S("::float4[], "));
    }
    result = nu__compile_list(args, 2, S(", "), out);
    if (option_of(expr, "normalization", &value)) {
        nu__sql_text(out, S(", "));
        nu__sql_param(out, value);
    }
    nu__sql_text(out, S(")"));
    return result;
}

static const char *const headline_options[][2] = {
    { "start_sel", "StartSel" },         { "stop_sel", "StopSel" },
    { "max_words", "MaxWords" },         { "min_words", "MinWords" },
    { "short_word", "ShortWord" },       { "highlight_all", "HighlightAll" },
    { "max_fragments", "MaxFragments" }, { "fragment_delimiter", "FragmentDelimiter" },
};

/* "StartSel='<b>', MaxWords=10" */
static nu_str headline_text(const nu_expr *expr, const nu__operations *ops)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < sizeof headline_options / sizeof *headline_options; i++) {
        nu_value value;

        if (!option_of(expr, headline_options[i][0], &value))
            continue;
        nu__buf_fmt(&out, "{}{}=", out.len ? ", " : "", headline_options[i][1]);
        ops->quote_value(&out, value);
    }
    return nu__buf_str(&out);
}

nu__sql_result nu__search_headline_sql(const nu_expr *expr, nu__compiler *out)
{
    nu_expr *args[] = { expr->args[0], as_query(expr->args[1]) };
    nu_str options = headline_text(expr, out->backend->operations);
    nu__sql_result result;

    nu__sql_text(out, S("ts_headline("));
    result = config_sql(expr, out);
    if (result == NU__SQL_OK)
        result = nu__compile_list(args, 2, S(", "), out);
    if (options.len) {
        nu__sql_text(out, S(", "));
        nu__sql_param(out, nu_v_str(options));
    }
    nu__sql_text(out, S(")"));
    return result;
}

/* ---- trigrams ----------------------------------------------------------------------------- */

/* The distances are operators, which stand as the rows' names. */
nu__sql_result nu__trigram_distance_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, S("("));
    result = nu__compile_list(expr->args, 2, nu_fmt(" {} ", expr->function->name), out);
    nu__sql_text(out, S(")"));
    return result;
}

/* ---- without arguments -------------------------------------------------------------------- */

nu__sql_result nu__transaction_now_sql(const nu_expr *expr, nu__compiler *out)
{
    (void)expr;
    nu__sql_text(out, S("CURRENT_TIMESTAMP"));
    return NU__SQL_OK;
}

/* ---- lookups ------------------------------------------------------------------------------ */

/* What is no query becomes one of the vector's configuration, or the first of several vectors'. */
static nu_expr *as_query_of(nu_expr *expr, const nu_expr *vector)
{
    nu_value config;
    nu_expr *query;

    while (vector->klass != &nu__func && vector->n_args)
        vector = vector->args[0];
    if (nu__is_search_query(expr) || vector->klass != &nu__func ||
        !option_of(vector, expressions[0], &config))
        return as_query(expr);
    query = nu__function_new(nu__function_find(S("SearchQuery")), 1);
    query->args[0] = expr;
    if (config.kind == NU_KIND_EXPR)
        config = nu_v_expr(vector->args[own_arguments(vector)]);
    query->value = nu_v_dict(nu_dict_new());
    nu_dict_set_str(query->value.dict, S("config"), config);
    take_expressions(query);
    return nu__expr_done(query);
}

/* column @@ query, the column made a vector and the right side a query where they are none. */
nu__sql_result nu__search_sql(const nu_expr *lookup, nu__compiler *out)
{
    nu_expr *vector = as_vector(lookup->args[0]);
    nu_expr *query = as_query_of(
        lookup->n_args > 1 ? lookup->args[1]
                           : (nu_expr *)nu__literal_of(nu_v_str(nu_string(lookup->value)), NULL),
        vector);
    nu__sql_result result = nu__compile(vector, out);

    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" @@ "));
    return nu__compile(query, out);
}
