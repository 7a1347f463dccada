/**
 * @file
 * Expressions, aggregates and functions of the database.
 *
 * Where an expression takes an operand, a C value is that value; where it takes a field, as the
 * arguments of aggregates and functions do, text names a field (Value("text") is a text). None
 * yields; names are checked when the expression is put into a query.
 */
#pragma once
#include <nuages/models.h>

/** A field of the row, over relations with "__". Django: F() */
nu_expr *F(const char *name);
/** Inside a subquery, a field of the query around it. */
nu_expr *OuterRef(const char *name);
/** The only column of the only row of a query. */
nu_expr *Subquery(nu_query *query);
/** The database's clock. */
nu_expr *Now(void);
#define Value(x) nu_value_expr(V(x))
nu_expr *nu_value_expr(nu_value value);
/** A condition as a column that is true or false. */
nu_expr *nu_cond_expr(nu_cond condition);

/* ---- arithmetic --------------------------------------------------------------------------- */

#define nu_add(a, b) nu_binary_('+', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_sub(a, b) nu_binary_('-', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_mul(a, b) nu_binary_('*', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_div(a, b) nu_binary_('/', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_mod(a, b) nu_binary_('%', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_pow(a, b) nu_binary_('^', nu_operand_(V(a)), nu_operand_(V(b)))
nu_expr *nu_binary_(int op, nu_expr *left, nu_expr *right);
nu_expr *nu_operand_(nu_value value);

/* ---- order -------------------------------------------------------------------------------- */

/** For nu_order_by_expr(): ascending, descending; nulls before or after all others. */
#define nu_asc(x)              nu_order_(V(x), false, 0)
#define nu_desc(x)             nu_order_(V(x), true, 0)
#define nu_asc_nulls_first(x)  nu_order_(V(x), false, -1)
#define nu_asc_nulls_last(x)   nu_order_(V(x), false, 1)
#define nu_desc_nulls_first(x) nu_order_(V(x), true, -1)
#define nu_desc_nulls_last(x)  nu_order_(V(x), true, 1)
nu_expr *nu_order_(nu_value source, bool descending, int nulls);

/* ---- aggregates --------------------------------------------------------------------------- */

typedef struct nu_aggregate_options {
    NU_NAMED_ONLY;
    bool distinct;
    nu_cond filter; /* only the rows that meet it */
} nu_aggregate_options;
#define NU_AGGREGATE(fn, x, ...)                                                                   \
    nu_aggregate_fn_(fn, V(x), &(const nu_aggregate_options){ __VA_ARGS__ })
/** Count("posts", .distinct = true, .filter = Q("posts__status", PUBLISHED)); Count("*"). */
#define Count(x, ...)    NU_AGGREGATE("COUNT", x, __VA_ARGS__)
#define Sum(x, ...)      NU_AGGREGATE("SUM", x, __VA_ARGS__)
#define Avg(x, ...)      NU_AGGREGATE("AVG", x, __VA_ARGS__)
#define Min(x, ...)      NU_AGGREGATE("MIN", x, __VA_ARGS__)
#define Max(x, ...)      NU_AGGREGATE("MAX", x, __VA_ARGS__)
#define StdDev(x, ...)   NU_AGGREGATE("STDDEV_POP", x, __VA_ARGS__)
#define Variance(x, ...) NU_AGGREGATE("VAR_POP", x, __VA_ARGS__)
nu_expr *nu_aggregate_fn_(const char *name, nu_value argument, const nu_aggregate_options *options);

/* ---- functions ---------------------------------------------------------------------------- */

/** Any function by its name in SQL: Func("INSTR", "title", Value("a")). */
#define Func(fn, ...)   nu_function_("" fn, NU_ARGS(__VA_ARGS__))
#define Coalesce(...)   nu_function_("COALESCE", NU_ARGS(__VA_ARGS__))
#define Concat(...)     nu_function_("CONCAT", NU_ARGS(__VA_ARGS__))
#define Greatest(...)   nu_function_("GREATEST", NU_ARGS(__VA_ARGS__))
#define Least(...)      nu_function_("LEAST", NU_ARGS(__VA_ARGS__))
#define NullIf(a, b)    nu_function_("NULLIF", NU_ARGS(a, b))
#define Lower(x)        nu_function_("LOWER", NU_ARGS(x))
#define Upper(x)        nu_function_("UPPER", NU_ARGS(x))
#define Length(x)       nu_function_("LENGTH", NU_ARGS(x))
#define Trim(x)         nu_function_("TRIM", NU_ARGS(x))
#define Substr(x, ...)  nu_function_("SUBSTRING", NU_ARGS(x, __VA_ARGS__))
#define Replace(x, ...) nu_function_("REPLACE", NU_ARGS(x, __VA_ARGS__))
#define Abs(x)          nu_function_("ABS", NU_ARGS(x))
#define Round(x)        nu_function_("ROUND", NU_ARGS(x))
nu_expr *nu_function_(const char *name, nu_values args);

typedef enum nu_trunc_to {
    NU_SECOND = 1,
    NU_MINUTE,
    NU_HOUR,
    NU_DAY,
    NU_WEEK,
    NU_MONTH,
    NU_YEAR
} nu_trunc_to;
/** A date or time cut to the start of its hour, day, …, in the current time zone. */
nu_expr *Trunc(const char *field, nu_trunc_to to);

/* ---- conditions --------------------------------------------------------------------------- */

typedef struct nu_when {
    nu_cond when;
    nu_expr *then;
} nu_when;
/** Case(When(Q("gpa__gte", 3), "good"), When(…), Else("low")): the first that is met, else null. */
#define Case(...) nu_case_((const nu_when[]){ __VA_ARGS__, { { 0 }, NULL } })
#define When(cond, x)                                                                              \
    {                                                                                              \
        (cond), nu_operand_(V(x))                                                                  \
    }
#define Else(x)                                                                                    \
    {                                                                                              \
        { 0 }, nu_operand_(V(x))                                                                   \
    }
nu_expr *nu_case_(const nu_when *cases);

/* ---- windows ------------------------------------------------------------------------------ */

typedef struct nu_window {
    NU_NAMED_ONLY;
    const char *partition_by[4], *order_by[4];
    int rows_from, rows_to; /* rows before (negative) and after; both 0: no frame */
} nu_window;
/** Window(Avg("value"), .partition_by = { "channel" }, .order_by = { "at" }, .rows_from = -4) */
#define Window(x, ...) nu_window_((x), &(const nu_window){ __VA_ARGS__ })
nu_expr *nu_window_(nu_expr *source, const nu_window *options);
