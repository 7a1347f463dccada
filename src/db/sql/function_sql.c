/* SQL of functions: templates, arguments, and what an expression of no rows is. */
#include "db/sql/functions.h"

#include "core/object.h"

#include <string.h>

/* ---- of nothing --------------------------------------------------------------------------- */

nu_value nu__aggregate_of_nothing(const nu_expr *expr)
{
    nu_value value;

    return nu__value_of_nothing(expr, &value) ? value : nu_null();
}

static bool coalesce_of_nothing(const nu_expr *expr, nu_value *out)
{
    *out = nu_null();
    for (uint32_t i = 0; i < expr->n_args; i++) {
        if (!nu__value_of_nothing(expr->args[i], out))
            return false;
        if (out->kind != NU_KIND_NULL)
            return true;
    }
    return true;
}

bool nu__value_of_nothing(const nu_expr *expr, nu_value *out)
{
    *out = nu_null();
    if (expr->klass == &nu__literal)
        *out = expr->value;
    else if (expr->klass == &nu__aggregate)
        *out = nu__function_is(expr, NU__ZERO_OF_NOTHING) ? nu_v_int(0) : nu_null();
    else if (expr->klass == &nu__exists)
        *out = nu_v_bool(false);
    else if (expr->klass == &nu__func && nu_eq(expr->function->django, "Coalesce"))
        return coalesce_of_nothing(expr, out);
    else
        return expr->klass == &nu__subquery;
    return true;
}

nu__sql_result nu__compile_value(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__sql_result result = nu__compile(expr, out);
    nu_value value = nu_v_bool(true);

    if (result == NU__SQL_OK)
        return result;
    nu__sql_mark_release(out, start);
    if (result == NU__SQL_EMPTY && !nu__value_of_nothing(expr, &value))
        return result;
    return nu__compile(nu__literal_of(value, NULL), out);
}

nu__sql_result nu__compile_list(nu_expr *const *args, uint32_t n, nu_str between, nu__compiler *out)
{
    for (uint32_t i = 0; i < n; i++) {
        nu__sql_result result;

        if (i)
            nu__sql_text(out, between);
        result = nu__compile_value(args[i], out);
        if (result != NU__SQL_OK)
            return result;
    }
    return NU__SQL_OK;
}

nu__sql_result nu__compile_list_apart(nu_expr *const *args, uint32_t n, nu_str between,
                                      nu__compiler *out, nu__fragment *piece)
{
    nu__sql sql = { 0 }, *outer = out->sql;
    nu__sql_result result;

    out->sql = &sql;
    result = nu__compile_list(args, n, between, out);
    out->sql = outer;
    outer->shared |= sql.shared;
    *piece = (nu__fragment){ nu__buf_str(&sql.text), { sql.params, sql.n_params } };
    return result;
}

/* ---- templates ---------------------------------------------------------------------------- */

static nu_str option(const nu_expr *expr, const char *name, nu_str otherwise)
{
    nu_value value;

    if (expr->value.kind == NU_KIND_DICT && nu_dict_find(expr->value.dict, nu_s(name), &value))
        return nu_string(value);
    return otherwise;
}

/* A per cent sign is written twice in a template, and twice again, since the statement as a whole
   is a template for its parameters. */
static const char *percent(nu__compiler *out, const char *at)
{
    nu__sql_text(out, S("%"));
    return at + (at[2] == '%' && at[3] == '%' ? 4 : 2);
}

static void variable(const nu_expr *expr, nu_str name, nu_str function, nu__fragment arguments,
                     nu__compiler *out)
{
    nu_value value;

    if (nu_eq(name, "expressions") || nu_eq(name, "field"))
        nu__sql_piece(out, arguments);
    else if (nu_eq(name, "function"))
        nu__sql_text(out, function);
    else if (expr->value.kind == NU_KIND_DICT && nu_dict_find(expr->value.dict, name, &value))
        nu__sql_text(out, nu_string(value));
    else
        nu_raise(NU_KEY_ERROR, "'{}'", name);
}

static void fill_template(const nu_expr *expr, const char *at, nu_str function,
                          nu__fragment arguments, nu__compiler *out)
{
    while (*at) {
        const char *sign = strchr(at, '%'), *end;

        if (!sign)
            sign = at + strlen(at);
        nu__sql_text(out, (nu_str){ at, (size_t)(sign - at) });
        at = sign;
        if (!*at)
            return;
        end = sign[1] == '(' ? strchr(sign, ')') : NULL;
        if (sign[1] == '%') {
            at = percent(out, sign);
        } else if (end && end[1] == 's') {
            variable(expr, (nu_str){ sign + 2, (size_t)(end - sign - 2) }, function, arguments,
                     out);
            at = end + 2;
        } else {
            nu_raise(NU_VALUE_ERROR,
                     "the template '{}' has a '%' that is neither '%(name)s' nor '%%'", nu_s(at));
        }
    }
}

nu__sql_result nu__function_template(const nu_expr *expr, nu_str name, nu__compiler *out)
{
    nu_str template = option(expr, "template", S(""));
    nu_str between = option(expr, "arg_joiner", S(", "));
    nu__fragment arguments;
    nu__sql_result result;

    name = option(expr, "function", name);
    if (!template.len) {
        nu__sql_text(out, name);
        nu__sql_text(out, S("("));
        result = nu__compile_list(expr->args, expr->n_args, between, out);
        nu__sql_text(out, S(")"));
        return result;
    }
    result = nu__compile_list_apart(expr->args, expr->n_args, between, out, &arguments);
    if (result == NU__SQL_OK)
        fill_template(expr, nu_copy(template).ptr, name, arguments, out);
    return result;
}

/* ---- the class ---------------------------------------------------------------------------- */

void nu__cast_decimal(const nu__field *type, nu__sql_mark start, nu__compiler *out)
{
    if (!out->backend->features->has_decimals_as_text || !type ||
        type->target->type->type != NU_DECIMAL_FIELD)
        return;
    nu__sql_insert(out, start, S("(CAST("));
    nu__sql_text(out, S(" AS NUMERIC))"));
}

static nu__sql_result function_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu__function *function = expr->function;
    nu__dialect dialect = out->backend->dialect;
    nu_str name = expr->name.len ? expr->name : nu_s(function->name);
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__sql_result result;

    if (function->sql[dialect])
        return function->sql[dialect](expr, out);
    if (function->names[dialect])
        name = nu_s(function->names[dialect]);
    result = nu__function_template(expr, name, out);
    if (result == NU__SQL_OK && !(function->traits & NU__NO_CAST))
        nu__cast_decimal(nu__expr_output_or_null(expr), start, out);
    return result;
}

static void group_by_function(const nu_expr *expr, nu__exprs *out)
{
    if (!nu__function_is(expr, NU__GROUPS_NOTHING))
        nu__group_by_default(expr, out);
}

const nu__expr_class nu__func = {
    "Func", NULL, function_sql, nu__function_type, group_by_function, .key = nu__key_plain
};
