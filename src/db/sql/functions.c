/* Functions of the database: a table of those whose type or spelling must be known; any other
   name is called as it is. */
#include "db/sql/functions.h"

#include <string.h>

static const nu__function functions[] = {
    { "LENGTH", .output = NU_INTEGER_FIELD },
    { "CHAR_LENGTH", .sqlite = "LENGTH", .output = NU_INTEGER_FIELD },
    { "INSTR", .output = NU_INTEGER_FIELD },
    { "ASCII", .sqlite = "UNICODE", .output = NU_INTEGER_FIELD },
    { "SIGN" },
    { "CHR", .sqlite = "CHAR", .output = NU_CHAR_FIELD },
    { "SUBSTRING", .sqlite = "SUBSTR", .output = NU_CHAR_FIELD },
    { "LPAD", .output = NU_CHAR_FIELD },
    { "RPAD", .output = NU_CHAR_FIELD },
    { "REPEAT", .output = NU_CHAR_FIELD },
    { "MD5", .output = NU_CHAR_FIELD },
    { "GREATEST", .sqlite = "MAX" },
    { "LEAST", .sqlite = "MIN" },
    { "POWER", .output = NU_FLOAT_FIELD },
    { "SQRT", .output = NU_FLOAT_FIELD },
    { "EXP", .output = NU_FLOAT_FIELD },
    { "LN", .output = NU_FLOAT_FIELD },
    { "PI", .output = NU_FLOAT_FIELD },
    { "RANK", .output = NU_INTEGER_FIELD },
    { "DENSE_RANK", .output = NU_INTEGER_FIELD },
    { "ROW_NUMBER", .output = NU_INTEGER_FIELD },
    { "NTILE", .output = NU_INTEGER_FIELD },
    { "CUME_DIST", .output = NU_FLOAT_FIELD },
    { "PERCENT_RANK", .output = NU_FLOAT_FIELD },
};

static const nu__function *function_find(nu_str name)
{
    for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
        if (nu_eq(name, functions[i].name))
            return &functions[i];
    return NULL;
}

/* CONCAT(a, b, c) is (COALESCE(a, '') || COALESCE((COALESCE(b, '') || …), '')) on SQLite. */
static nu_expr *concat(nu_expr *const *args, uint32_t n)
{
    nu_expr *pair = nu__expr_new(&nu__func, 2);

    if (n < 2)
        nu_raise(NU_VALUE_ERROR, "Concat must take at least two expressions");
    pair->name = S("CONCAT");
    pair->output = nu__type_of(NU_CHAR_FIELD);
    pair->args[0] = args[0];
    pair->args[1] = n == 2 ? args[1] : concat(args + 1, n - 1);
    return nu__expr_done(pair);
}

nu_expr *nu_function_(const char *name, nu_values args)
{
    nu_expr *expr = nu__expr_new(&nu__func, args.len);

    for (size_t i = 0; i < args.len; i++)
        expr->args[i] = (nu_expr *)nu__argument(args.items[i], true);
    if (!strcmp(name, "CONCAT"))
        return concat(expr->args, expr->n_args);
    expr->name = nu_s(name);
    expr->function = function_find(expr->name);
    return nu__expr_done(expr);
}

static const nu__field *function_type(const nu_expr *expr)
{
    const nu__field *found = NULL;

    if (expr->function && expr->function->output)
        return nu__type_of(expr->function->output);
    for (uint32_t i = 0; i < expr->n_args && !found; i++)
        found = nu__expr_output(expr->args[i]);
    return found;
}

static nu__sql_result arguments_sql(const nu_expr *expr, nu_str between, nu__compiler *out)
{
    for (uint32_t i = 0; i < expr->n_args; i++) {
        nu__sql_result result;

        if (i)
            nu__sql_text(out, between);
        result = nu__compile(expr->args[i], out);
        if (result != NU__SQL_OK)
            return result;
    }
    return NU__SQL_OK;
}

static nu__sql_result concat_sqlite(const nu_expr *expr, nu__compiler *out)
{
    nu__fragment empty;
    nu_value *none = nu_alloc(nu_value);

    *none = nu_v_str(S(""));
    empty = (nu__fragment){ S("\x01"), { none, 1 } };
    nu__sql_text(out, S("("));
    for (uint32_t i = 0; i < 2; i++) {
        nu__sql_result result;

        nu__sql_text(out, i ? S(" || COALESCE(") : S("COALESCE("));
        result = nu__compile(expr->args[i], out);
        if (result != NU__SQL_OK)
            return result;
        nu__sql_text(out, S(", "));
        nu__sql_piece(out, empty);
        nu__sql_text(out, S(")"));
    }
    nu__sql_text(out, S(")"));
    return NU__SQL_OK;
}

static nu__sql_result function_sql(const nu_expr *expr, nu__compiler *out)
{
    bool sqlite = out->backend->dialect == NU__SQLITE;
    const nu__field *type = sqlite ? nu__expr_output(expr) : NULL;
    bool cast = type && type->target->type->type == NU_DECIMAL_FIELD;
    nu__sql_result result;

    if (sqlite && nu_eq(expr->name, "CONCAT"))
        return concat_sqlite(expr, out);
    if (cast)
        nu__sql_text(out, S("(CAST("));
    if (sqlite && expr->function && expr->function->sqlite)
        nu__sql_text(out, nu_s(expr->function->sqlite));
    else
        nu__sql_text(out, expr->name);
    nu__sql_text(out, S("("));
    result = arguments_sql(expr, S(", "), out);
    nu__sql_text(out, cast ? S(") AS NUMERIC))") : S(")"));
    return result;
}

const nu__expr_class nu__func = { "Func", NULL, function_sql, function_type, NULL };

nu_expr *Now(void)
{
    nu_expr *now = nu__expr_new(&nu__raw_sql, 0);

    now->name = S("CURRENT_TIMESTAMP");
    now->output = nu__type_of(NU_DATETIME_FIELD);
    return now;
}
