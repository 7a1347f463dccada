/* Count, Sum, Avg, Min, Max and their filters. */
#include "db/sql/functions.h"

#include <string.h>

static const nu__function aggregates[] = {
    { "COUNT", .django = "Count", .output = NU_INTEGER_FIELD, .distinct = true, .zero = true },
    { "SUM", .django = "Sum", .distinct = true },
    { "AVG", .django = "Avg", .output = NU_FLOAT_FIELD, .distinct = true },
    { "MIN", .django = "Min" },
    { "MAX", .django = "Max" },
    { "STDDEV_POP", .django = "StdDev", .output = NU_FLOAT_FIELD },
    { "STDDEV_SAMP", .django = "StdDev", .output = NU_FLOAT_FIELD },
    { "VAR_POP", .django = "Variance", .output = NU_FLOAT_FIELD },
    { "VAR_SAMP", .django = "Variance", .output = NU_FLOAT_FIELD },
};

nu_expr *nu_aggregate_fn_(const char *name, nu_value argument, const nu_aggregate_options *options)
{
    const nu__function *function = aggregates;
    bool filtered = options->filter.lookup || options->filter.op;
    nu_expr *expr = nu__expr_new(&nu__aggregate, filtered ? 2 : 1);

    while (strcmp(function->name, name))
        if (++function == aggregates + sizeof(aggregates) / sizeof(*aggregates))
            nu_raise(NU_VALUE_ERROR, "no aggregate is called {}", name);
    if (options->distinct && !function->distinct)
        nu_raise(NU_TYPE_ERROR, "{} does not allow distinct.", function->django);
    expr->function = function;
    expr->args[0] = (nu_expr *)nu__argument(argument, true);
    if (expr->args[0]->klass == &nu__star && filtered)
        nu_raise(NU_VALUE_ERROR, "Star cannot be used with filter. Please specify a field.");
    if (filtered) {
        nu_cond conditions[] = { options->filter, { 0 } };

        expr->args[1] = nu__q_of(conditions, NU__AND, false);
    }
    expr->flags = (options->distinct ? NU__DISTINCT : 0) | (filtered ? NU__HAS_FILTER : 0);
    return nu__expr_done(expr);
}

static const nu_expr *resolve_aggregate(const nu_expr *expr, const nu__resolver *with)
{
    nu_expr *copy = nu__expr_copy(expr);
    nu__resolver inner = *with;

    inner.for_save = false;
    for (uint32_t i = 0; i < copy->n_args; i++)
        copy->args[i] = (nu_expr *)nu__expr_resolve(expr->args[i], &inner);
    if (!with->summarize && nu__has_aggregate(copy->args[0])) {
        nu_str name =
            expr->args[0]->klass == &nu__f ? expr->args[0]->name : nu_s(expr->args[0]->klass->name);

        nu_raise(NU_FIELD_ERROR, "Cannot compute {}('{}'): '{}' is an aggregate",
                 expr->function->django, name, name);
    }
    if (with->summarize)
        copy->flags |= NU__SUMMARY;
    return nu__expr_done(copy);
}

static const nu__field *aggregate_type(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output(expr->args[0]);
    nu_field_type source = type ? type->target->type->type : 0;

    if (!expr->function->output)
        return type;
    /* An average of decimals is a decimal. */
    if (expr->function->output == NU_FLOAT_FIELD &&
        (source == NU_DECIMAL_FIELD || source == NU_DURATION_FIELD))
        return nu__type_of(source);
    return nu__type_of(expr->function->output);
}

static void groups_nothing(const nu_expr *expr, nu__exprs *out)
{
    (void)expr, (void)out;
}

static nu__sql_result aggregate_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu__field *type = out->backend->dialect == NU__SQLITE ? nu__expr_output(expr) : NULL;
    bool cast = type && type->target->type->type == NU_DECIMAL_FIELD;
    nu__fragment filter;
    nu__sql_result filtered = NU__SQL_FULL, result;

    if (expr->flags & NU__HAS_FILTER)
        filtered = nu__compile_apart(expr->args[1], out, &filter);
    if (filtered == NU__SQL_EMPTY)
        return filtered;
    if (cast)
        nu__sql_text(out, S("(CAST("));
    nu__sql_text(out, nu_s(expr->function->name));
    nu__sql_text(out, expr->flags & NU__DISTINCT ? S("(DISTINCT ") : S("("));
    result = nu__compile(expr->args[0], out);
    nu__sql_text(out, S(")"));
    if (filtered == NU__SQL_OK)
        nu__sql_template(out, " FILTER (WHERE %s)", &filter, 1);
    if (cast)
        nu__sql_text(out, S(" AS NUMERIC))"));
    return result;
}

const nu__expr_class nu__aggregate = { "Aggregate", resolve_aggregate, aggregate_sql,
                                       aggregate_type, groups_nothing };

nu_value nu__aggregate_of_nothing(const nu_expr *expr)
{
    return expr->klass == &nu__aggregate && expr->function->zero ? nu_v_int(0) : nu_null();
}
