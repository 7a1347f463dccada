/**
 * @file
 * Expressions, aggregates and database functions.
 */
#pragma once
#include <nuages/models.h>

/* ---- expressions
 * ---------------------------------------------------------------------------------------------------------------------
 */
nu_expr *F(const char *), *OuterRef(const char *), *Subquery(nu_query *), *Now(void),
    *nu_value_expr(nu_value), *nu_self_expr(nu_expr *), *nu_cond_expr(nu_cond);
#define NU_OPERAND(x)                                                                              \
    _Generic((x), nu_expr *                                                                        \
             : nu_self_expr, default                                                               \
             : nu_value_expr)(_Generic((x), nu_expr *                                              \
                                       : (x), default                                              \
                                       : V(x))) /* "text" is a value, as in F("a") + "text" */
#define Value(x) nu_value_expr(V(x))
nu_expr *nu_binary_(int, nu_expr *, nu_expr *);
#define NU__OPERAND(x)                                                                             \
    ({                                                                                             \
        __auto_type nu__x = (x);                                                                   \
        nu_operand_(V(nu__x));                                                                     \
    })
nu_expr *nu_operand_(nu_value);
#define nu_add(a, b) nu_binary_('+', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_sub(a, b) nu_binary_('-', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_mul(a, b) nu_binary_('*', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_div(a, b) nu_binary_('/', nu_operand_(V(a)), nu_operand_(V(b)))
typedef struct {
    NU_NAMED_ONLY;
    bool distinct;
    nu_cond filter;
} nu_aggregate_options;
nu_expr *nu_aggregate_fn_(
    const char *, nu_value,
    const nu_aggregate_options *); /* a string argument names a field, as in Django */
#define NU_AGGREGATE(fn, x, ...)                                                                   \
    nu_aggregate_fn_(fn, V(x), &(const nu_aggregate_options){ __VA_ARGS__ })
#define Count(x, ...) NU_AGGREGATE("COUNT", x, __VA_ARGS__)
#define Sum(x, ...)   NU_AGGREGATE("SUM", x, __VA_ARGS__)
#define Avg(x, ...)   NU_AGGREGATE("AVG", x, __VA_ARGS__)
#define Min(x, ...)   NU_AGGREGATE("MIN", x, __VA_ARGS__)
#define Max(x, ...)   NU_AGGREGATE("MAX", x, __VA_ARGS__)
nu_expr *nu_function_(const char *, nu_values);
#define Func(fn, ...) nu_function_("" fn, NU_ARGS(__VA_ARGS__))
#define Coalesce(...) nu_function_("COALESCE", NU_ARGS(__VA_ARGS__))
#define Lower(x)      nu_function_("LOWER", NU_ARGS(x))
#define Length(x)     nu_function_("LENGTH", NU_ARGS(x))
typedef enum { NU_SECOND = 1, NU_MINUTE, NU_HOUR, NU_DAY, NU_WEEK, NU_MONTH, NU_YEAR } nu_trunc_to;
nu_expr *Trunc(const char *field, nu_trunc_to), *nu_date_bin(const char *field, nu_timedelta);
typedef struct {
    nu_cond when;
    nu_expr *then;
} nu_when;
nu_expr *nu_case_(const nu_when *);
#define When(cond, x)                                                                              \
    {                                                                                              \
        (cond), nu_operand_(V(x))                                                                  \
    }
#define Else(x)                                                                                    \
    {                                                                                              \
        { 0 }, nu_operand_(V(x))                                                                   \
    }
#define Case(...) nu_case_((const nu_when[]){ __VA_ARGS__, { { 0 }, NULL } })
typedef struct {
    NU_NAMED_ONLY;
    const char *partition_by[4], *order_by[4];
    int rows_from, rows_to;
} nu_window;
nu_expr *nu_window_(nu_expr *, const nu_window *);
#define Window(x, ...) nu_window_((x), &(const nu_window){ __VA_ARGS__ })
