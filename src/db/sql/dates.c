/* Parts of dates and times: Extract() and Trunc(). */
#include "db/sql/lookups.h"

#include <string.h>

static nu_field_type type_of(const nu__field *type)
{
    return type->target->type->type;
}

static bool is_part(nu_str part, const char *const *parts)
{
    for (; *parts; parts++)
        if (nu_eq(part, *parts))
            return true;
    return false;
}

static const char *const time_parts[] = { "hour", "minute", "second", NULL };

static void write_date(const nu__date_sql *sql, nu__fragment column, nu__compiler *out)
{
    const nu_value *param = sql->params;
    const char *at = sql->template, *sign;

    for (; (sign = strchr(at, '%')); at = sign + 2) {
        nu__sql_text(out, (nu_str){ at, (size_t)(sign - at) });
        nu__sql_piece(out, sign[1] == 'c' ? column : nu__param_piece(*param++));
    }
    nu__sql_text(out, nu_s(at));
}

/* The statement's piece around a column; `zone` null: none. Parts and zones are parameters. */
static nu__sql_result date_sql(const nu_expr *column, nu__date_op op, nu_str part, nu_str zone,
                               nu__compiler *out)
{
    nu__date_sql sql = { .n_params = 0 };
    nu__fragment source;
    nu__sql_result result = nu__compile_apart(column, out, &source);

    if (result != NU__SQL_OK)
        return result;
    out->backend->operations->date_sql(&sql, op, nu_lower(part), zone);
    write_date(&sql, source, out);
    return NU__SQL_OK;
}

/* The zone that a datetime is looked at in: the expression's own, or the current one. */
static nu_str zone_of(const nu_expr *expr, const nu__field *source)
{
    if (type_of(source) == NU_DATETIME_FIELD)
        return nu_timezone_name(expr->zone ? expr->zone : nu_timezone_current());
    if (expr->zone)
        nu_raise(NU_VALUE_ERROR, "tzinfo can only be used with DateTimeField.");
    return (nu_str){ 0 };
}

static const nu_expr *resolve_source(const nu_expr *expr, const nu__resolver *with)
{
    nu_expr *copy = nu__expr_copy(expr);

    copy->args[0] = (nu_expr *)nu__expr_resolve(expr->args[0], with);
    return nu__expr_done(copy);
}

static nu_expr *temporal_new(const nu__expr_class *klass, nu_str kind, nu_value source,
                             const nu_temporal *options)
{
    nu_expr *expr = nu__expr_new(klass, 1);

    expr->name = nu_copy(kind);
    expr->args[0] = (nu_expr *)nu__argument(source, true);
    expr->zone = options->tzinfo;
    return nu__expr_done(expr);
}

/* ---- Extract ------------------------------------------------------------------------------ */

static nu__sql_result extract_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu__field *source = nu__expr_type(expr->args[0]);
    nu_str zone = zone_of(expr, source);
    bool duration = type_of(source) == NU_DURATION_FIELD;
    nu__date_op op = type_of(source) == NU_DATETIME_FIELD           ? NU__DATETIME_EXTRACT
                     : type_of(source) == NU_TIME_FIELD || duration ? NU__TIME_EXTRACT
                                                                    : NU__DATE_EXTRACT;

    if (duration && !out->backend->features->has_native_durations)
        nu_raise(NU_VALUE_ERROR, "Extract requires native DurationField database support.");
    return date_sql(expr->args[0], op, expr->name, zone, out);
}

static const nu_expr *resolve_extract(const nu_expr *expr, const nu__resolver *with)
{
    static const char *const date_parts[] = { "year",     "iso_year",     "month",   "week",
                                              "week_day", "iso_week_day", "quarter", NULL };
    const nu_expr *copy = resolve_source(expr, with);
    const nu__field *source = nu__expr_output(copy->args[0]);
    nu_field_type type = source ? type_of(source) : 0;

    if (!source)
        return copy;
    if (type != NU_DURATION_FIELD && type != NU_TIME_FIELD && !nu__field_is_a(type, NU_DATE_FIELD))
        nu_raise(NU_VALUE_ERROR, "Extract input expression must be DateField, DateTimeField, "
                                 "TimeField, or DurationField.");
    if (type == NU_DATE_FIELD && is_part(expr->name, time_parts))
        nu_raise(NU_VALUE_ERROR, "Cannot extract time component '{}' from DateField '{}'.",
                 expr->name, source->name);
    if (type == NU_DURATION_FIELD && is_part(expr->name, date_parts))
        nu_raise(NU_VALUE_ERROR, "Cannot extract component '{}' from DurationField '{}'.",
                 expr->name, source->name);
    return copy;
}

static const nu__field *integer(const nu_expr *expr)
{
    (void)expr;
    return nu__type_of(NU_INTEGER_FIELD);
}

const nu__expr_class nu__extract = { "Extract", resolve_extract,     extract_sql, integer,
                                     NULL,      .key = nu__key_plain };

nu_expr *nu_extract_(const char *part, nu_value source, const nu_temporal *options)
{
    nu_expr *expr;

    if (!part || !*part)
        nu_raise(NU_VALUE_ERROR, "lookup_name must be provided");
    expr = temporal_new(&nu__extract, nu_s(part), source, options);
    if (options->output_field)
        expr = nu_typed_(expr, options->output_field);
    return expr;
}

/* ---- Trunc -------------------------------------------------------------------------------- */

static nu__sql_result trunc_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu__field *source = nu__expr_type(expr->args[0]), *type = nu__expr_type(expr);
    nu_str zone = zone_of(expr, source);
    nu__date_op op = type_of(type) == NU_DATETIME_FIELD ? NU__DATETIME_TRUNC
                     : type_of(type) == NU_DATE_FIELD   ? NU__DATE_TRUNC
                                                        : NU__TIME_TRUNC;

    if (nu_eq(expr->name, "date"))
        op = NU__DATETIME_CAST_DATE;
    if (nu_eq(expr->name, "time"))
        op = NU__DATETIME_CAST_TIME;
    return date_sql(expr->args[0], op, expr->name, zone, out);
}

/* TruncDate and TruncTime have a type of their own. */
static const nu__field *own_type(const nu_expr *expr)
{
    if (nu_eq(expr->name, "date"))
        return nu__type_of(NU_DATE_FIELD);
    return nu_eq(expr->name, "time") ? nu__type_of(NU_TIME_FIELD) : NULL;
}

static NU_NORETURN void refuse(const nu__field *source, const nu__field *type, bool told)
{
    nu_raise(NU_VALUE_ERROR, "Cannot truncate {} '{}' to {}.",
             type_of(source) == NU_DATE_FIELD ? "DateField" : "TimeField", source->name,
             told ? type->type->name : "DateTimeField");
}

static const nu_expr *resolve_trunc(const nu_expr *expr, const nu__resolver *with)
{
    static const char *const to_time[] = { "hour", "minute", "second", "time", NULL };
    static const char *const to_date[] = {
        "year", "quarter", "month", "week", "day", "date", NULL
    };
    const nu_expr *copy = resolve_source(expr, with);
    const nu__field *source = nu__expr_type(copy->args[0]), *type;
    nu_field_type from = type_of(source), to;
    bool told;

    if (!nu__field_is_a(from, NU_DATE_FIELD) && from != NU_TIME_FIELD)
        nu_raise(NU_TYPE_ERROR, "'{}' isn't a DateField, TimeField, or DateTimeField.",
                 source->name);
    type = nu__expr_type(copy);
    to = type_of(type);
    if (!nu__field_is_a(to, NU_DATE_FIELD) && to != NU_TIME_FIELD)
        nu_raise(NU_VALUE_ERROR,
                 "output_field must be either DateField, TimeField, or DateTimeField");
    told = own_type(copy) || from != to;
    if (from == NU_DATE_FIELD && (to == NU_DATETIME_FIELD || is_part(expr->name, to_time)))
        refuse(source, type, told);
    if (from == NU_TIME_FIELD && (to == NU_DATETIME_FIELD || is_part(expr->name, to_date)))
        refuse(source, type, told);
    return copy;
}

static const nu__field *trunc_type(const nu_expr *expr)
{
    const nu__field *own = own_type(expr);

    return own ? own : nu__expr_output(expr->args[0]);
}

const nu__expr_class nu__trunc = { "Trunc",    resolve_trunc, trunc_sql,
                                   trunc_type, NULL,          .key = nu__key_plain };

const nu_timezone *nu__expr_zone(const nu_expr *expr)
{
    if (expr->klass != &nu__trunc || type_of(nu__expr_type(expr)) != NU_DATETIME_FIELD)
        return NULL;
    return expr->zone ? expr->zone : nu_timezone_current();
}

nu_expr *nu_trunc_(const char *kind, nu_value source, const nu_temporal *options)
{
    nu_expr *expr = temporal_new(&nu__trunc, nu_s(kind), source, options);

    return options->output_field && !own_type(expr) ? nu_typed_(expr, options->output_field) : expr;
}

nu_expr *Trunc(const char *field, nu_trunc_to to)
{
    static const char *const parts[] = { NULL,   "second", "minute", "hour",   "day",
                                         "week", "month",  "year",   "quarter" };

    if (to < NU_SECOND || to > NU_QUARTER)
        nu_raise(NU_VALUE_ERROR, "Trunc(): no such part of a date as {}", (int)to);
    return nu_trunc_(parts[to], nu_v_cstr(field), &(const nu_temporal){ .tzinfo = NULL });
}
