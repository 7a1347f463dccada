/* Names, columns and literals: F(), OuterRef(), what they resolve to, values. */
#include "core/object.h"
#include "db/sql/lookups.h"

#include <string.h>

static void groups_nothing(const nu_expr *expr, nu__exprs *out)
{
    (void)expr, (void)out;
}

static void groups_itself(const nu_expr *expr, nu__exprs *out)
{
    nu__exprs_add(out, expr);
}

static const nu_expr *resolved_already(const nu_expr *expr, const nu__resolver *with)
{
    (void)with;
    return expr;
}

/* ---- F ------------------------------------------------------------------------------------ */

nu_expr *F(const char *name)
{
    nu_expr *expr = nu__expr_new(&nu__f, 0);

    expr->name = nu_copy_cstr(name);
    return expr;
}

static const nu_expr *resolve_f(const nu_expr *expr, const nu__resolver *with)
{
    return nu__tree_resolve_name(with->query, expr->name, with);
}

const nu__expr_class nu__f = { "F", resolve_f, NULL, NULL, NULL };

/* ---- references to the query around ------------------------------------------------------- */

nu_expr *OuterRef(const char *name)
{
    nu_expr *expr = nu__expr_new(&nu__outer_ref, 0);

    expr->name = nu_copy_cstr(name);
    return expr;
}

/* In its own query an outer reference only becomes one that waits for the query around it. */
static const nu_expr *resolve_outer(const nu_expr *expr, const nu__resolver *with)
{
    nu_expr *waiting;

    (void)with;
    if (expr->n_args)
        return expr->args[0];
    waiting = nu__expr_new(&nu__resolved_outer_ref, 0);
    waiting->name = expr->name;
    return waiting;
}

static nu__sql_result outer_sql(const nu_expr *expr, nu__compiler *out)
{
    (void)expr, (void)out;
    nu_raise(NU_VALUE_ERROR, "This queryset contains a reference to an outer query and may only "
                             "be used in a subquery.");
}

const nu__expr_class nu__outer_ref = { "OuterRef", resolve_outer, outer_sql, NULL, groups_nothing };

/* Lift the columns of a resolved reference to where it stands: `depth` queries further in. */
static const nu_expr *lifted(const nu_expr *expr, uint16_t depth, bool many)
{
    nu_expr *copy;

    if (expr->klass == &nu__col) {
        copy = nu__expr_copy(expr);
        copy->level += depth;
        copy->flags |= many ? NU__MANY_VALUED : 0;
        return copy;
    }
    copy = NULL;
    for (uint32_t i = 0; i < expr->n_args; i++) {
        const nu_expr *arg = lifted(expr->args[i], depth, many);

        if (arg == expr->args[i])
            continue;
        if (!copy)
            copy = nu__expr_copy(expr);
        copy->args[i] = (nu_expr *)arg;
    }
    return copy ? copy : expr;
}

static const nu_expr *resolve_waiting(const nu_expr *expr, const nu__resolver *with)
{
    const nu_expr *found;

    if (!with->depth) /* still in its own query */
        return expr;
    found = nu__tree_resolve_name(with->query, expr->name, with);
    if (found->flags & NU__CONTAINS_OVER)
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "Referencing outer query window expression is not supported: {}.", expr->name);
    return lifted(found, with->depth, memmem(expr->name.ptr, expr->name.len, "__", 2) != NULL);
}

const nu__expr_class nu__resolved_outer_ref = { "ResolvedOuterRef", resolve_waiting, outer_sql,
                                                NULL, groups_nothing };

/* ---- columns ------------------------------------------------------------------------------ */

static nu__sql_result col_sql(const nu_expr *col, nu__compiler *out)
{
    const nu__compiler *scope = out;
    const nu__join *join;

    for (uint16_t i = 0; i < col->level && scope; i++)
        scope = scope->outer;
    if (!scope)
        return outer_sql(col, out);
    if (!scope->query->no_aliases) {
        join = &scope->query->joins[col->join];
        if (nu_eq(join->alias, join->model->db_table))
            nu__sql_name(out, join->alias);
        else
            nu__sql_text(out, join->alias);
        nu__sql_text(out, S("."));
    }
    nu__sql_name(out, col->field->column);
    return NU__SQL_OK;
}

const nu__expr_class nu__col = { "Col", resolved_already, col_sql, NULL, groups_itself };

static nu__sql_result ref_sql(const nu_expr *ref, nu__compiler *out)
{
    nu__sql_name(out, ref->name);
    return NU__SQL_OK;
}

const nu__expr_class nu__ref = { "Ref", resolved_already, ref_sql, NULL, groups_itself };

static nu__sql_result position_sql(const nu_expr *position, nu__compiler *out)
{
    nu__sql_text(out, nu_fmt("{}", position->op));
    return NU__SQL_OK;
}

const nu__expr_class nu__position = { "PositionRef", resolved_already, position_sql, NULL,
                                      groups_itself };

/* ---- literals ----------------------------------------------------------------------------- */

static const nu__field *literal_type(const nu_expr *literal)
{
    static const struct {
        nu_kind kind;
        nu_field_type type;
    } types[] = {
        { NU_KIND_BOOL, NU_BOOLEAN_FIELD },       { NU_KIND_INT, NU_INTEGER_FIELD },
        { NU_KIND_UINT, NU_INTEGER_FIELD },       { NU_KIND_FLOAT, NU_FLOAT_FIELD },
        { NU_KIND_DECIMAL, NU_DECIMAL_FIELD },    { NU_KIND_STR, NU_CHAR_FIELD },
        { NU_KIND_SAFE, NU_CHAR_FIELD },          { NU_KIND_DATE, NU_DATE_FIELD },
        { NU_KIND_DATETIME, NU_DATETIME_FIELD },  { NU_KIND_TIME, NU_TIME_FIELD },
        { NU_KIND_TIMEDELTA, NU_DURATION_FIELD }, { NU_KIND_UUID, NU_UUID_FIELD },
        { NU_KIND_BYTES, NU_BINARY_FIELD },
    };

    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        if (types[i].kind == literal->value.kind)
            return nu__type_of(types[i].type);
    return NULL;
}

static bool is_decimal(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output(expr);

    return type && type->target->type->type == NU_DECIMAL_FIELD;
}

static nu__sql_result literal_sql(const nu_expr *literal, nu__compiler *out)
{
    const nu__field *type = nu__expr_output(literal);
    bool cast = out->backend->dialect == NU__SQLITE && is_decimal(literal);

    if (literal->value.kind == NU_KIND_NULL) {
        nu__sql_text(out, S("NULL"));
        return NU__SQL_OK;
    }
    if (cast)
        nu__sql_text(out, S("(CAST("));
    nu__bind(out, type, type ? nu__prepare(type, literal->value) : literal->value);
    if (cast)
        nu__sql_text(out, S(" AS NUMERIC))"));
    return NU__SQL_OK;
}

const nu__expr_class nu__literal = { "Value", NULL, literal_sql, literal_type, groups_nothing };

nu_expr *nu_value_expr(nu_value value)
{
    if (value.kind == NU_KIND_EXPR)
        return (nu_expr *)value.p;
    return (nu_expr *)nu__literal_of(value, NULL);
}

static nu__sql_result star_sql(const nu_expr *star, nu__compiler *out)
{
    (void)star;
    nu__sql_text(out, S("*"));
    return NU__SQL_OK;
}

const nu__expr_class nu__star = { "Star", NULL, star_sql, NULL, groups_nothing };

static nu__sql_result random_sql(const nu_expr *expr, nu__compiler *out)
{
    (void)expr;
    nu__sql_text(out, out->backend->dialect == NU__SQLITE ? S("RAND()") : S("RANDOM()"));
    return NU__SQL_OK;
}

static const nu__field *float_type(const nu_expr *expr)
{
    (void)expr;
    return nu__type_of(NU_FLOAT_FIELD);
}

const nu__expr_class nu__random = { "Random", NULL, random_sql, float_type, groups_nothing };

/* ---- text given as it is ------------------------------------------------------------------ */

static nu__sql_result raw_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_text(out, expr->name);
    return NU__SQL_OK;
}

const nu__expr_class nu__raw_sql = { "RawSQL", NULL, raw_sql, NULL, groups_itself };

/* ---- in parentheses ----------------------------------------------------------------------- */

static nu__sql_result wrapper_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, S("("));
    result = nu__compile(expr->args[0], out);
    nu__sql_text(out, S(")"));
    return result;
}

const nu__expr_class nu__wrapper = { "Wrapper", NULL, wrapper_sql, NULL, NULL };
