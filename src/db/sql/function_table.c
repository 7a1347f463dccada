/* The table of functions: Django's classes, their SQL, types and checks of arguments. */
#include "core/object.h"
#include "core/suggest.h"
#include "db/sql/functions.h"

/* ---- arguments ---------------------------------------------------------------------------- */

static bool is_number(nu_value value)
{
    return value.kind == NU_KIND_INT || value.kind == NU_KIND_BOOL || value.kind == NU_KIND_FLOAT;
}

/* Whether the argument was given as a plain number below `least`. An expression may be anything. */
static bool below(nu_values given, size_t i, double least)
{
    return i < given.len && is_number(given.items[i]) && nu_float(given.items[i]) < least;
}

static void add_default(nu_expr *expr, uint32_t n, nu_value value)
{
    nu__exprs list = { expr->args, expr->n_args, expr->n_args };

    if (expr->n_args >= n)
        return;
    nu__exprs_add(&list, nu__literal_of(value, NULL));
    expr->args = list.items;
    expr->n_args = list.n;
}

static void at_least_two(nu_expr *expr, nu_values given)
{
    if (given.len < 2)
        nu_raise(NU_VALUE_ERROR, "{} must take at least two expressions", expr->function->django);
}

static void prepare_edge(nu_expr *expr, nu_values given)
{
    (void)expr;
    if (below(given, 1, 1))
        nu_raise(NU_VALUE_ERROR, "'length' must be greater than 0.");
}

static void prepare_pad(nu_expr *expr, nu_values given)
{
    if (below(given, 1, 0))
        nu_raise(NU_VALUE_ERROR, "'length' must be greater or equal to 0.");
    add_default(expr, 3, nu_v_str(S(" ")));
}

static void prepare_repeat(nu_expr *expr, nu_values given)
{
    (void)expr;
    if (below(given, 1, 0))
        nu_raise(NU_VALUE_ERROR, "'number' must be greater or equal to 0.");
}

static void prepare_replace(nu_expr *expr, nu_values given)
{
    (void)given;
    add_default(expr, 3, nu_v_str(S("")));
}

static void prepare_substr(nu_expr *expr, nu_values given)
{
    if (below(given, 1, 1))
        nu_raise(NU_VALUE_ERROR, "'pos' must be greater than 0");
    if (given.len == 3 && given.items[2].kind == NU_KIND_NULL)
        expr->n_args = 2;
}

static void prepare_round(nu_expr *expr, nu_values given)
{
    (void)given;
    add_default(expr, 2, nu_v_int(0));
}

static bool is_null(nu_values given, size_t i)
{
    return i < given.len && given.items[i].kind == NU_KIND_NULL;
}

static void prepare_shift(nu_expr *expr, nu_values given)
{
    if (is_null(given, 0))
        nu_raise(NU_VALUE_ERROR, "{} requires a non-null source expression.",
                 expr->function->django);
    if (is_null(given, 1) || below(given, 1, 1))
        nu_raise(NU_VALUE_ERROR, "{} requires a positive integer for the offset.",
                 expr->function->django);
    add_default(expr, 2, nu_v_int(1));
    if (is_null(given, 2))
        expr->n_args = 2;
}

static void prepare_nth(nu_expr *expr, nu_values given)
{
    if (is_null(given, 0))
        nu_raise(NU_VALUE_ERROR, "NthValue requires a non-null source expression.");
    if (is_null(given, 1) || below(given, 1, 1))
        nu_raise(NU_VALUE_ERROR, "NthValue requires a positive integer as for nth.");
    add_default(expr, 2, nu_v_int(1));
}

static void prepare_ntile(nu_expr *expr, nu_values given)
{
    if (below(given, 0, 1))
        nu_raise(NU_VALUE_ERROR, "num_buckets must be greater than 0.");
    add_default(expr, 1, nu_v_int(1));
}

/* Concat(a, b, c) is pairs, the last innermost: (a, (b, c)). */
static nu_expr *pair_of(nu_expr *const *args, uint32_t n)
{
    nu_expr *pair = nu__function_new(nu__function_find(S("ConcatPair")), 2);

    pair->args[0] = args[0];
    pair->args[1] = n == 2 ? args[1] : pair_of(args + 1, n - 1);
    return nu__expr_done(pair);
}

static void prepare_concat(nu_expr *expr, nu_values given)
{
    nu_expr **args = expr->args;

    at_least_two(expr, given);
    expr->args = nu_alloc_array(nu_expr *, 1);
    expr->args[0] = pair_of(args, expr->n_args);
    expr->n_args = 1;
}

/* ---- SQLite's own ways -------------------------------------------------------------------- */

static nu__sql_result concat_sql(const nu_expr *expr, nu__compiler *out)
{
    return nu__compile(expr->args[0], out);
}

/* (COALESCE(a, '') || COALESCE(b, '')) */
static nu__sql_result pair_sql(const nu_expr *expr, nu__compiler *out)
{
    nu_expr *empty = (nu_expr *)nu__literal_of(nu_v_str(S("")), NULL);
    nu__sql_result result = NU__SQL_OK;

    nu__sql_text(out, S("("));
    for (uint32_t i = 0; i < 2 && result == NU__SQL_OK; i++) {
        nu__sql_mark start;
        nu_expr *args[] = { expr->args[i], empty };
        nu_expr coalesce = { .klass = &nu__func,
                             .function = nu__function_find(S("Coalesce")),
                             .args = args,
                             .n_args = 2 };

        nu__sql_text(out, i ? S(" || ") : S(""));
        start = nu__sql_mark_take(out);
        nu__sql_text(out, S("COALESCE("));
        result = nu__compile_list(args, 2, S(", "), out);
        nu__sql_text(out, S(")"));
        nu__cast_decimal(nu__expr_output_or_null(&coalesce), start, out);
    }
    nu__sql_text(out, S(")"));
    return result;
}

/* SUBSTR(x, 1, n) and SUBSTR(x, n * -1, n). */
static nu__sql_result edge_sql(const nu_expr *expr, nu__compiler *out)
{
    bool right = nu_eq(expr->function->django, "Right");
    nu_expr *length = expr->args[1], *args[3] = { expr->args[0], NULL, length };

    args[1] = right ? nu_binary_('*', length, (nu_expr *)nu__literal_of(nu_v_int(-1), NULL))
                    : (nu_expr *)nu__literal_of(nu_v_int(1), NULL);
    nu__sql_text(out, S("SUBSTR("));
    {
        nu__sql_result result = nu__compile_list(args, 3, S(", "), out);

        nu__sql_text(out, S(")"));
        return result;
    }
}

static nu__sql_result round_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu_expr *precision = expr->args[1];
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__sql_result result;

    if (precision->klass == &nu__literal && is_number(precision->value) &&
        nu_float(precision->value) < 0)
        nu_raise(NU_VALUE_ERROR, "SQLite does not support negative precision.");
    result = nu__function_template(expr, S("ROUND"), out);
    nu__cast_decimal(nu__expr_output(expr), start, out);
    return result;
}

static nu__sql_result now_sql(const nu_expr *expr, nu__compiler *out)
{
    (void)expr;
    nu__sql_text(out, S("STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"));
    return NU__SQL_OK;
}

/* ---- the rows ----------------------------------------------------------------------------- */

const nu__function nu__plain_function = { "Func", "", .arity = NU__NO_ARITY };

#define ONE           .arity = 1
#define TWO           .arity = 2
#define NONE          .arity = 0
#define ANY           .arity = NU__NO_ARITY
#define SQLITE(n)     .names[NU__SQLITE] = (n)
#define POSTGRES(n)   .names[NU__POSTGRESQL] = (n)
#define EVERYWHERE(f) .sql = { (f), (f), (f) }
#define MYSQL(n)      .names[NU__MYSQL] = (n)
/* clang-format off */
static const nu__function functions[] = {
    /* comparison */
    { "Coalesce", "COALESCE", ANY, .prepare = at_least_two },
    { "Greatest", "GREATEST", SQLITE("MAX"), ANY, .prepare = at_least_two },
    { "Least", "LEAST", SQLITE("MIN"), ANY, .prepare = at_least_two },
    { "NullIf", "NULLIF", TWO },
    /* text */
    { "Chr", "CHR", SQLITE("CHAR"), ONE, .output = NU_CHAR_FIELD, .traits = NU__NO_CAST,
      .sql[NU__MYSQL] = nu__mysql_chr_sql },
    { "Concat", "CONCAT", ANY, .prepare = prepare_concat, .sql[NU__SQLITE] = concat_sql, .sql[NU__POSTGRESQL] = concat_sql,
      .sql[NU__MYSQL] = concat_sql },
    { "ConcatPair", "CONCAT", TWO, .sql[NU__SQLITE] = pair_sql, .sql[NU__POSTGRESQL] = nu__pg_pair_sql,
      .sql[NU__MYSQL] = nu__mysql_pair_sql },
    { "Left", "LEFT", ANY, .required = 2, .params = { "expression", "length" },
      .output = NU_CHAR_FIELD, .prepare = prepare_edge, .sql[NU__SQLITE] = edge_sql },
    { "Length", "LENGTH", MYSQL("CHAR_LENGTH"), ONE, .output = NU_INTEGER_FIELD },
    { "Lower", "LOWER", ONE },
    { "LPad", "LPAD", ANY, .required = 2, .params = { "expression", "length", "fill_text" },
      .output = NU_CHAR_FIELD, .prepare = prepare_pad },
    { "LTrim", "LTRIM", ONE },
    { "MD5", "MD5", ONE },
    { "Ord", "ASCII", SQLITE("UNICODE"), MYSQL("ORD"), ONE, .output = NU_INTEGER_FIELD, .traits = NU__NO_CAST },
    { "Repeat", "REPEAT", ANY, .required = 2, .params = { "expression", "number" },
      .output = NU_CHAR_FIELD, .prepare = prepare_repeat },
    { "Replace", "REPLACE", ANY, .required = 2, .params = { "expression", "text", "replacement" },
      .prepare = prepare_replace },
    { "Reverse", "REVERSE", ONE },
    { "Right", "RIGHT", ANY, .required = 2, .params = { "expression", "length" },
      .output = NU_CHAR_FIELD, .prepare = prepare_edge, .sql[NU__SQLITE] = edge_sql },
    { "RPad", "RPAD", ANY, .required = 2, .params = { "expression", "length", "fill_text" },
      .output = NU_CHAR_FIELD, .prepare = prepare_pad },
    { "RTrim", "RTRIM", ONE },
    { "SHA1", "SHA1", ONE, .sql[NU__POSTGRESQL] = nu__pg_digest_sql },
    { "SHA224", "SHA224", ONE, .sql[NU__POSTGRESQL] = nu__pg_digest_sql,
      .sql[NU__MYSQL] = nu__mysql_digest_sql },
    { "SHA256", "SHA256", ONE, .sql[NU__POSTGRESQL] = nu__pg_digest_sql,
      .sql[NU__MYSQL] = nu__mysql_digest_sql },
    { "SHA384", "SHA384", ONE, .sql[NU__POSTGRESQL] = nu__pg_digest_sql,
      .sql[NU__MYSQL] = nu__mysql_digest_sql },
    { "SHA512", "SHA512", ONE, .sql[NU__POSTGRESQL] = nu__pg_digest_sql,
      .sql[NU__MYSQL] = nu__mysql_digest_sql },
    { "StrIndex", "INSTR", TWO, .output = NU_INTEGER_FIELD, POSTGRES("STRPOS") },
    { "Substr", "SUBSTRING", SQLITE("SUBSTR"), ANY, .required = 2,
      .params = { "expression", "pos", "length" }, .output = NU_CHAR_FIELD, .traits = NU__NO_CAST,
      .prepare = prepare_substr },
    { "Trim", "TRIM", ONE },
    { "Upper", "UPPER", ONE },
    /* numbers */
    { "Abs", "ABS", ONE },
    { "ACos", "ACOS", ONE, .traits = NU__NUMERIC },
    { "ASin", "ASIN", ONE, .traits = NU__NUMERIC },
    { "ATan", "ATAN", ONE, .traits = NU__NUMERIC },
    { "ATan2", "ATAN2", TWO, .traits = NU__NUMERIC | NU__NO_CAST },
    { "Ceil", "CEILING", ONE },
    { "Cos", "COS", ONE, .traits = NU__NUMERIC },
    { "Cot", "COT", ONE, .traits = NU__NUMERIC },
    { "Degrees", "DEGREES", ONE, .traits = NU__NUMERIC },
    { "Exp", "EXP", ONE, .traits = NU__NUMERIC },
    { "Floor", "FLOOR", ONE },
    { "Ln", "LN", ONE, .traits = NU__NUMERIC },
    { "Log", "LOG", TWO, .traits = NU__NUMERIC | NU__NO_CAST,
      .sql[NU__POSTGRESQL] = nu__pg_decimals_sql },
    { "Mod", "MOD", TWO, .traits = NU__NUMERIC, .sql[NU__POSTGRESQL] = nu__pg_decimals_sql },
    { "Pi", "PI", NONE, .traits = NU__NUMERIC },
    { "Power", "POWER", TWO, .traits = NU__NUMERIC },
    { "Radians", "RADIANS", ONE, .traits = NU__NUMERIC },
    { "Random", "RANDOM", SQLITE("RAND"), MYSQL("RAND"), NONE, .output = NU_FLOAT_FIELD, .traits = NU__GROUPS_NOTHING },
    { "Round", "ROUND", ANY, .required = 1, .params = { "expression", "precision" },
      .traits = NU__FIRST_TYPE, .prepare = prepare_round, .sql[NU__SQLITE] = round_sql,
      .sql[NU__POSTGRESQL] = nu__pg_decimals_sql },
    { "Sign", "SIGN", ONE },
    { "Sin", "SIN", ONE, .traits = NU__NUMERIC },
    { "Sqrt", "SQRT", ONE, .traits = NU__NUMERIC },
    { "Tan", "TAN", ONE, .traits = NU__NUMERIC },
    /* JSON */
    { "JSONArray", "JSON_ARRAY", ANY, .output = NU_JSON_FIELD,
      .sql[NU__POSTGRESQL] = nu__pg_json_array_sql },
    { "JSONObject", "JSON_OBJECT", ANY, .output = NU_JSON_FIELD,
      .sql[NU__POSTGRESQL] = nu__pg_json_object_sql },
    /* dates */
    { "Now", "CURRENT_TIMESTAMP", NONE, .output = NU_DATETIME_FIELD, .sql[NU__SQLITE] = now_sql,
      .sql[NU__POSTGRESQL] = nu__pg_now_sql, .sql[NU__MYSQL] = nu__mysql_now_sql },
    /* search: PostgreSQL's */
    { "SearchVector", "to_tsvector", ANY, .output = NU_SEARCH_VECTOR_FIELD,
      .prepare = nu__search_vector_check, EVERYWHERE(nu__search_vector_sql) },
    { "SearchQuery", "to_tsquery", ANY, .required = 1, .params = { "value" },
      .output = NU_SEARCH_QUERY_FIELD, .prepare = nu__search_query_check,
      EVERYWHERE(nu__search_query_sql) },
    { "SearchRank", "ts_rank", ANY, .required = 2, .params = { "vector", "query" },
      .output = NU_FLOAT_FIELD, .prepare = nu__second_is_text, EVERYWHERE(nu__search_rank_sql) },
    { "SearchHeadline", "ts_headline", ANY, .required = 2, .params = { "expression", "query" },
      .output = NU_TEXT_FIELD, .prepare = nu__search_headline_check,
      EVERYWHERE(nu__search_headline_sql) },
    { "TrigramSimilarity", "SIMILARITY", TWO, .output = NU_FLOAT_FIELD,
      .prepare = nu__second_is_text },
    { "TrigramDistance", "<->", TWO, .output = NU_FLOAT_FIELD, .prepare = nu__second_is_text,
      EVERYWHERE(nu__trigram_distance_sql) },
    { "TrigramWordSimilarity", "WORD_SIMILARITY", TWO, .output = NU_FLOAT_FIELD,
      .prepare = nu__first_is_text },
    { "TrigramWordDistance", "<<->", TWO, .output = NU_FLOAT_FIELD, .prepare = nu__first_is_text,
      EVERYWHERE(nu__trigram_distance_sql) },
    { "TrigramStrictWordSimilarity", "STRICT_WORD_SIMILARITY", TWO, .output = NU_FLOAT_FIELD,
      .prepare = nu__first_is_text },
    { "TrigramStrictWordDistance", "<<<->", TWO, .output = NU_FLOAT_FIELD,
      .prepare = nu__first_is_text, EVERYWHERE(nu__trigram_distance_sql) },
    { "Unaccent", "UNACCENT", ONE, .traits = NU__BILATERAL },
    { "RandomUUID", "GEN_RANDOM_UUID", NONE, .output = NU_UUID_FIELD },
    { "TransactionNow", "CURRENT_TIMESTAMP", NONE, .output = NU_DATETIME_FIELD,
      EVERYWHERE(nu__transaction_now_sql) },
    /* windows */
    { "CumeDist", "CUME_DIST", ANY, .output = NU_FLOAT_FIELD, .traits = NU__IS_WINDOW },
    { "DenseRank", "DENSE_RANK", ANY, .output = NU_INTEGER_FIELD, .traits = NU__IS_WINDOW },
    { "FirstValue", "FIRST_VALUE", ONE, .traits = NU__IS_WINDOW },
    { "Lag", "LAG", ANY, .required = 1, .params = { "expression", "offset", "default" },
      .traits = NU__IS_WINDOW | NU__FIRST_TYPE, .prepare = prepare_shift },
    { "LastValue", "LAST_VALUE", ONE, .traits = NU__IS_WINDOW },
    { "Lead", "LEAD", ANY, .required = 1, .params = { "expression", "offset", "default" },
      .traits = NU__IS_WINDOW | NU__FIRST_TYPE, .prepare = prepare_shift },
    { "NthValue", "NTH_VALUE", ANY, .required = 1, .params = { "expression", "nth" },
      .traits = NU__IS_WINDOW | NU__FIRST_TYPE, .prepare = prepare_nth },
    { "Ntile", "NTILE", ANY, .params = { "num_buckets" }, .output = NU_INTEGER_FIELD,
      .traits = NU__IS_WINDOW, .prepare = prepare_ntile },
    { "PercentRank", "PERCENT_RANK", ANY, .output = NU_FLOAT_FIELD, .traits = NU__IS_WINDOW },
    { "Rank", "RANK", ANY, .output = NU_INTEGER_FIELD, .traits = NU__IS_WINDOW },
    { "RowNumber", "ROW_NUMBER", ANY, .output = NU_INTEGER_FIELD, .traits = NU__IS_WINDOW },
};
/* clang-format on */
#define N_FUNCTIONS (sizeof(functions) / sizeof(*functions))

const nu__function *nu__function_find(nu_str django)
{
    for (size_t i = 0; i < N_FUNCTIONS; i++)
        if (nu_eq(django, functions[i].django))
            return &functions[i];
    return NULL;
}

void nu__function_names(nu_list *out)
{
    for (size_t i = 0; i < N_FUNCTIONS; i++)
        if (functions[i].django)
            nu_list_append(out, functions[i].django);
}

nu_str nu__function_suggestion(nu_str name)
{
    const char *names[N_FUNCTIONS];

    for (size_t i = 0; i < N_FUNCTIONS; i++)
        names[i] = functions[i].django;
    return nu__suggestion(name, names, N_FUNCTIONS);
}
