/* Types given by the user: output_field, Cast, ExpressionWrapper; Collate. */
#include "db/sql/functions.h"

#include <string.h>

/* ---- output_field ------------------------------------------------------------------------- */

/* An unbound field. */
static const nu__field *field_of(const nu_output *output)
{
    const nu__field *plain;
    nu__field *field;

    if (output->type <= 0 || output->type >= NU_FOREIGN_KEY)
        nu_raise(NU_VALUE_ERROR, "no computed value has the type {}", (int)output->type);
    if (output->items)
        return nu__array_of(field_of(output->items));
    plain = nu__type_of(output->type);
    if (!output->max_length && !output->max_digits && !output->decimal_places)
        return plain;
    field = nu_alloc(nu__field);
    *field = *plain;
    field->target = field;
    field->max_length = output->max_length;
    field->max_digits = output->max_digits;
    field->decimal_places = output->decimal_places;
    return field;
}

static nu_expr *typed(const nu_expr *expr, const nu__field *type)
{
    nu_expr *copy = nu__expr_copy(expr);

    copy->output = type;
    /* Concat's pairs have the type too. */
    if (expr->klass == &nu__func && expr->n_args &&
        (nu_eq(expr->function->django, "Concat") || nu_eq(expr->function->django, "ConcatPair")))
        for (uint32_t i = 0; i < expr->n_args; i++)
            if (expr->args[i]->klass == &nu__func &&
                nu_eq(expr->args[i]->function->django, "ConcatPair"))
                copy->args[i] = typed(expr->args[i], type);
    return copy;
}

nu_expr *nu_typed_(const nu_expr *expr, const nu_output *output)
{
    return typed(expr, field_of(output));
}

/* ---- Cast --------------------------------------------------------------------------------- */

/* Where dates are texts, the date and time functions make them. */
static bool cast_by_function(nu_str db_type, nu__compiler *out)
{
    bool time = nu_eq(db_type, "time");

    if (!out->backend->features->has_dates_as_text)
        return false;
    if (nu_eq(db_type, "date")) {
        nu__sql_text(out, S("date("));
        return true;
    }
    if (!time && !nu_eq(db_type, "datetime"))
        return false;
    nu__sql_text(out, S("strftime("));
    nu__sql_param(out, nu_v_str(time ? S("%H:%M:%f") : S("%Y-%m-%d %H:%M:%f")));
    nu__sql_text(out, S(", "));
    return true;
}

static nu__sql_result between(const char *before, const nu_expr *expr, const char *after,
                              nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, nu_s(before));
    result = nu__compile_value(expr, out);
    nu__sql_text(out, nu_s(after));
    return result;
}

static nu__sql_result cast_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu__operations *ops = out->backend->operations;
    const char *before, *after;
    nu__sql_result result;
    nu_str db_type;
    bool function;

    if (ops->cast_otherwise && ops->cast_otherwise(expr->output, &before, &after))
        return between(before, expr->args[0], after, out);
    db_type = ops->cast_type(expr->output);
    function = cast_by_function(db_type, out);
    if (!function)
        nu__sql_text(out, nu_s(ops->cast[0]));
    result = nu__compile_value(expr->args[0], out);
    if (!function) {
        nu__sql_text(out, nu_s(ops->cast[1]));
        nu__sql_text(out, db_type);
    }
    nu__sql_text(out, function ? S(")") : nu_s(ops->cast[2]));
    return result;
}

static const nu__expr_class cast_class = {
    "Cast", NULL, cast_sql, NULL, NULL, .key = nu__key_plain
};

bool nu__is_cast(const nu_expr *expr)
{
    return expr->klass == &cast_class;
}

nu_expr *nu__cast_to(const nu_expr *source, const nu__field *type)
{
    nu_expr *expr = nu__expr_new(&cast_class, 1);

    expr->args[0] = (nu_expr *)source;
    expr->output = type->target;
    return nu__expr_done(expr);
}

nu_expr *nu_cast_(nu_value source, const nu_output *output)
{
    nu_expr *expr = nu__expr_new(&cast_class, 1);

    expr->args[0] = (nu_expr *)nu__argument(source, true);
    expr->output = field_of(output);
    return nu__expr_done(expr);
}

/* ---- ExpressionWrapper -------------------------------------------------------------------- */

static nu__sql_result wrapped_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__sql_result result = nu__compile(expr->args[0], out);

    if (result == NU__SQL_OK)
        nu__cast_decimal(expr->output, start, out);
    return result;
}

/* As its inner expression with the outer type. */
static void group_by_wrapped(const nu_expr *expr, nu__exprs *out)
{
    if (expr->args[0]->klass == &nu__where)
        nu__group_by_default(expr, out);
    else
        nu__expr_group_by(typed(expr->args[0], expr->output), out);
}

static const nu__expr_class wrapped_class = { "ExpressionWrapper", NULL,
                                              wrapped_sql,         NULL,
                                              group_by_wrapped,    .key = nu__key_plain };

nu_expr *nu_wrapped_(nu_value source, const nu_output *output)
{
    nu_expr *expr = nu__expr_new(&wrapped_class, 1);

    expr->args[0] = (nu_expr *)nu__argument(source, false);
    expr->output = field_of(output);
    return nu__expr_done(expr);
}

/* ---- Collate ------------------------------------------------------------------------------ */

static nu__sql_result collate_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result = nu__compile_value(expr->args[0], out);

    nu__sql_text(out, S(" COLLATE "));
    nu__sql_name(out, expr->name);
    return result;
}

static const nu__expr_class collate_class = { "Collate", NULL, collate_sql,
                                              NULL,      NULL, .key = nu__key_plain };

/* Django's ^[\w-]+$, of ASCII: no database has other collations. */
static bool is_collation(nu_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
                    name.ptr[i]) ||
            !name.ptr[i])
            return false;
    return name.len > 0;
}

nu_expr *nu_collate_(nu_value source, const char *collation)
{
    nu_expr *expr = nu__expr_new(&collate_class, 1);
    nu_str name = nu_copy_cstr(collation ? collation : "");

    if (!is_collation(name))
        nu_raise(NU_VALUE_ERROR, "Invalid collation name: {!r}.", name);
    expr->name = name;
    expr->args[0] = (nu_expr *)nu__argument(source, true);
    return nu__expr_done(expr);
}

/* ---- OpClass ------------------------------------------------------------------------------ */

static nu__sql_result op_class_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result = nu__compile_value(expr->args[0], out);

    nu__sql_text(out, nu_fmt(" {}", expr->name));
    return result;
}

const nu__expr_class nu__op_class = { "OpClass", NULL, op_class_sql,
                                      NULL,      NULL, .key = nu__key_plain };

nu_expr *nu__op_class_of(nu_value indexed, nu_str name)
{
    nu_expr *expr = nu__expr_new(&nu__op_class, 1);

    expr->name = name;
    expr->args[0] = (nu_expr *)nu__argument(indexed, true);
    return nu__expr_done(expr);
}
