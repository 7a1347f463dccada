/* Making functions: Func() of any name, and those of the table by Django's names. */
#include "db/sql/functions.h"

#include "core/object.h"

#include <string.h>

nu_expr *nu__function_new(const nu__function *function, size_t n)
{
    nu_expr *expr = nu__expr_new(&nu__func, n);

    expr->function = function;
    return expr;
}

static nu_expr *with_args(const nu__function *function, nu_values args)
{
    nu_expr *expr = nu__function_new(function, args.len);

    for (size_t i = 0; i < args.len; i++)
        expr->args[i] = (nu_expr *)nu__argument(args.items[i], true);
    return expr;
}

nu_expr *nu_func_(const char *function, nu_values args, const nu_dict *options)
{
    nu_expr *expr = with_args(&nu__plain_function, args);

    expr->name = nu_copy_cstr(function);
    if (options && nu_dict_len(options))
        expr->value = nu_v_dict(options);
    return nu__expr_done(expr);
}

/* ---- the number of arguments, in Python's words ------------------------------------------- */

static uint32_t count_params(const nu__function *function)
{
    uint32_t n = 0;

    while (n < 4 && function->params[n])
        n++;
    return n;
}

/* 'a', 'b', and 'c' */
static nu_str missing_names(const nu__function *function, const bool *given, uint32_t *n)
{
    nu_str names[4];
    nu__buf out = { 0 };

    *n = 0;
    for (uint32_t i = 0; i < function->required; i++)
        if (!given[i])
            names[(*n)++] = nu_fmt("'{}'", function->params[i]);
    for (uint32_t i = 0; i < *n; i++)
        nu__buf_fmt(&out, "{}{}",
                    !i           ? ""
                    : i + 1 < *n ? ", "
                    : *n > 2     ? ", and "
                                 : " and ",
                    names[i]);
    return nu__buf_str(&out);
}

static NU_NORETURN void too_many(const nu__function *function, size_t n, uint32_t most)
{
    nu_str takes = most == function->required
                       ? nu_fmt("{}", (int)most + 1)
                       : nu_fmt("from {} to {}", function->required + 1, (int)most + 1);

    nu_raise(NU_TYPE_ERROR, "{}.__init__() takes {} positional argument{} but {} were given",
             function->django, takes, most ? "s" : "", n + 1);
}

static void check_arity(const nu__function *function, size_t n)
{
    if (function->arity != NU__NO_ARITY && n != function->arity)
        nu_raise(NU_TYPE_ERROR, "'{}' takes exactly {} {} ({} given)", function->django,
                 (int)function->arity, function->arity == 1 ? "argument" : "arguments", n);
}

/* ---- keywords ----------------------------------------------------------------------------- */

typedef struct sorted {
    nu_value items[4];
    bool given[4];
    nu_dict *options;
} sorted;

static void sort_keyword(const nu__function *function, uint32_t n_params, nu_str key,
                         nu_value value, sorted *out)
{
    for (uint32_t i = 0; i < n_params; i++) {
        if (!nu_eq(key, function->params[i]))
            continue;
        if (out->given[i])
            nu_raise(NU_TYPE_ERROR, "{}.__init__() got multiple values for argument '{}'",
                     function->django, key);
        out->items[i] = value;
        out->given[i] = true;
        return;
    }
    if (!out->options)
        out->options = nu_dict_new();
    nu_dict_set_str(out->options, key, value);
}

/* The arguments in their places; those after the last one given are left out. */
static nu_values in_places(const nu__function *function, nu_values args, const nu_dict *keywords,
                           sorted *sorted)
{
    uint32_t n_params = count_params(function), last = 0, n_missing;
    nu_str missing;

    if (n_params && args.len > n_params)
        too_many(function, args.len, n_params);
    for (size_t i = 0; i < args.len && n_params; i++) {
        sorted->items[i] = args.items[i];
        sorted->given[i] = true;
    }
    for (size_t i = 0; i < nu_dict_len(keywords); i++)
        sort_keyword(function, n_params, nu_dict_key(keywords, i), nu_dict_value(keywords, i),
                     sorted);
    missing = missing_names(function, sorted->given, &n_missing);
    if (n_missing)
        nu_raise(NU_TYPE_ERROR, "{}.__init__() missing {} required positional argument{}: {}",
                 function->django, (int64_t)n_missing, n_missing > 1 ? "s" : "", missing);
    for (uint32_t i = 0; i < n_params; i++)
        if (sorted->given[i])
            last = i + 1;
    return n_params ? (nu_values){ sorted->items, last } : args;
}

nu_expr *nu_function_with_(const char *name, nu_values args, const nu_dict *keywords)
{
    const nu__function *function = nu__function_find(nu_s(name));
    sorted sorted = { .options = NULL };
    nu_expr *expr;

    if (!function)
        nu_raise(NU_VALUE_ERROR, "no function is called '{}'.{}", name,
                 nu__function_suggestion(nu_s(name)));
    args = in_places(function, args, keywords, &sorted);
    check_arity(function, args.len);
    /* The default of an argument before one that was given. */
    for (size_t i = 0; i < args.len; i++)
        if (count_params(function) && !sorted.given[i])
            sorted.items[i] = nu_v_int(1); /* only Lag's and Lead's offset has one after it */
    expr = with_args(function, args);
    if (sorted.options)
        expr->value = nu_v_dict(sorted.options);
    if (function->prepare)
        function->prepare(expr, args);
    return nu__expr_done(expr);
}

nu_expr *nu_function_(const char *name, nu_values args)
{
    return nu_function_with_(name, args, NULL);
}

bool nu_function_known_(const char *name)
{
    return nu__function_find(nu_s(name)) != NULL;
}

nu_expr *nu_json_object_(const nu_var *fields)
{
    nu__exprs list = { 0 };
    nu_expr *expr = nu__function_new(nu__function_find(S("JSONObject")), 0);

    for (; fields->key; fields++) {
        nu__exprs_add(&list, nu__literal_of(nu_v_str(nu_copy_cstr(fields->key)), NULL));
        nu__exprs_add(&list, nu__argument(fields->value, true));
    }
    expr->args = list.items;
    expr->n_args = list.n;
    return nu__expr_done(expr);
}

nu_expr *Now(void)
{
    return nu_function_("Now", (nu_values){ NULL, 0 });
}

/* ---- types -------------------------------------------------------------------------------- */

static bool any_is(const nu_expr *expr, nu_field_type type)
{
    for (uint32_t i = 0; i < expr->n_args; i++) {
        const nu__field *arg = nu__expr_output(expr->args[i]);

        if (arg && nu__field_is_a(arg->target->type->type, type))
            return true;
    }
    return false;
}

const nu__field *nu__function_type(const nu_expr *expr)
{
    const nu__function *function = expr->function;

    if (function->output)
        return nu__type_of(function->output);
    if (function->traits & NU__FIRST_TYPE)
        return nu__expr_output(expr->args[0]);
    if (function->traits & NU__NUMERIC) {
        if (any_is(expr, NU_DECIMAL_FIELD))
            return nu__type_of(NU_DECIMAL_FIELD);
        if (any_is(expr, NU_INTEGER_FIELD) || !expr->n_args)
            return nu__type_of(NU_FLOAT_FIELD);
    }
    return nu__common_type(expr->args, expr->n_args);
}
