/* Functions that PostgreSQL has in a way of its own. Django: Func.as_postgresql() */
#include "db/sql/functions.h"

#include "core/object.h"

static nu_field_type type_of(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output_or_null(expr);

    return type ? type->target->type->type : 0;
}

/* ---- text --------------------------------------------------------------------------------- */

static bool is_text(const nu_expr *expr)
{
    nu_field_type type = type_of(expr);

    return type == NU_TEXT_FIELD || nu__field_is_a(type, NU_CHAR_FIELD);
}

/* (COALESCE(a, '') || COALESCE((b)::text, '')) */
nu__sql_result nu__pg_pair_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result = NU__SQL_OK;

    nu__sql_text(out, S("("));
    for (uint32_t i = 0; i < 2 && result == NU__SQL_OK; i++) {
        const nu_expr *part = expr->args[i];
        nu_expr *args[] = { (nu_expr *)part, (nu_expr *)nu__literal_of(nu_v_str(S("")), NULL) };

        if (!is_text(part))
            args[0] = nu__cast_to(part, nu__type_of(NU_TEXT_FIELD));
        nu__sql_text(out, i ? S(" || COALESCE(") : S("COALESCE("));
        result = nu__compile_list(args, 2, S(", "), out);
        nu__sql_text(out, S(")"));
    }
    nu__sql_text(out, S(")"));
    return result;
}

/* Of the extension pgcrypto. */
nu__sql_result nu__pg_digest_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, S("ENCODE(DIGEST("));
    result = nu__compile_list(expr->args, expr->n_args, S(", "), out);
    nu__sql_text(out, nu_fmt(", '{}'), 'hex')", nu_lower(nu_s(expr->function->name))));
    return result;
}

/* ---- numbers ------------------------------------------------------------------------------ */

enum { MAX_DIGITS = 1000, PLACES = 15 };

/* There is no LOG, MOD or ROUND of two doubles: they are made decimals. */
nu__sql_result nu__pg_decimals_sql(const nu_expr *expr, nu__compiler *out)
{
    nu_expr *copy = nu__expr_copy(expr);
    nu__field *decimal = nu_alloc(nu__field);

    *decimal = *nu__type_of(NU_DECIMAL_FIELD);
    decimal->target = decimal;
    decimal->max_digits = MAX_DIGITS;
    decimal->decimal_places = PLACES;
    for (uint32_t i = 0; i < copy->n_args; i++)
        if (type_of(copy->args[i]) == NU_FLOAT_FIELD)
            copy->args[i] = nu__cast_to(copy->args[i], decimal);
    return nu__function_template(copy, nu_s(expr->function->name), out);
}

/* ---- JSON --------------------------------------------------------------------------------- */

/* Keys are texts; values tell their own types. */
nu__sql_result nu__pg_json_object_sql(const nu_expr *expr, nu__compiler *out)
{
    nu_expr *copy = nu__expr_copy(expr);

    for (uint32_t i = 0; i < copy->n_args; i += 2)
        copy->args[i] = nu__cast_to(copy->args[i], nu__type_of(NU_TEXT_FIELD));
    return nu__function_template(copy, S("JSONB_BUILD_OBJECT"), out);
}

nu__sql_result nu__pg_json_array_sql(const nu_expr *expr, nu__compiler *out)
{
    nu_expr *copy = nu__expr_copy(expr);

    for (uint32_t i = 0; i < copy->n_args; i++)
        if (!nu__is_cast(copy->args[i]))
            copy->args[i] = nu__cast_to(copy->args[i], nu__expr_type(copy->args[i]));
    return nu__function_template(copy, S("JSONB_BUILD_ARRAY"), out);
}

/* ---- time --------------------------------------------------------------------------------- */

/* CURRENT_TIMESTAMP is when the transaction began. */
nu__sql_result nu__pg_now_sql(const nu_expr *expr, nu__compiler *out)
{
    (void)expr;
    nu__sql_text(out, S("STATEMENT_TIMESTAMP()"));
    return NU__SQL_OK;
}
