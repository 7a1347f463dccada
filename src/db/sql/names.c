/* Names, columns and literals: F(), OuterRef(), what they resolve to, values. */
#include "core/object.h"
#include "core/wide_int.h"
#include "db/sql/functions.h"
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

nu_expr *nu_outer_ref_of(nu_expr *outer_ref)
{
    nu_expr *expr = nu__expr_new(&nu__outer_ref, 1);

    if (outer_ref->klass != &nu__outer_ref)
        nu_raise(NU_TYPE_ERROR, "OuterRef() takes a name or an OuterRef, not {}",
                 nu__expr_repr(outer_ref));
    expr->name = outer_ref->name;
    expr->args[0] = outer_ref;
    return nu__expr_done(expr);
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

    if (!with->depth && !with->again) /* still in its own query */
        return expr;
    found = nu__tree_resolve_name(with->query, expr->name, with);
    if (found->flags & NU__CONTAINS_OVER)
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "Referencing outer query window expression is not supported: {}.", expr->name);
    return lifted(found, with->depth, memmem(expr->name.ptr, expr->name.len, "__", 2) != NULL);
}

const nu__expr_class nu__resolved_outer_ref = { "ResolvedOuterRef", resolve_waiting,
                                                outer_sql,          NULL,
                                                groups_nothing,     .key = nu__key_plain };

/* ---- slices of texts ---------------------------------------------------------------------- */

static const nu_expr *resolve_slice(const nu_expr *expr, const nu__resolver *with)
{
    const nu_expr *source = expr->args[0];
    const nu_expr *own = nu__tree_resolve_name(with->query, source->name, with);
    const nu__field *type = nu__expr_type(own);
    nu_expr *substr;

    if (!nu__field_is_a(type->target->type->type, NU_CHAR_FIELD) &&
        type->target->type->type != NU_TEXT_FIELD)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "This field does not support slicing.");
    if (source->klass != &nu__f)
        own = nu__expr_resolve(source, with);
    substr = nu__function_new(nu__function_find(S("Substr")), expr->n_args);
    substr->args[0] = (nu_expr *)own;
    for (uint32_t i = 1; i < expr->n_args; i++)
        substr->args[i] = expr->args[i];
    return nu__expr_done(substr);
}

static const nu__expr_class sliced_class = { "Sliced", resolve_slice, NULL, NULL, NULL };

nu_expr *nu_slice_of(nu_expr *source, int64_t from, int64_t to)
{
    nu_expr *expr = nu__expr_new(&sliced_class, to < 0 ? 2 : 3);

    if (source->klass != &nu__f && source->klass != &nu__outer_ref)
        nu_raise(NU_TYPE_ERROR, "only F() and OuterRef() can be sliced, not {}",
                 nu__expr_repr(source));
    if (from < 0 || to < -1)
        nu_raise(NU_VALUE_ERROR, "Negative indexing is not supported.");
    if (to > 0 && to < from)
        nu_raise(NU_VALUE_ERROR, "Slice stop must be greater than slice start.");
    expr->args[0] = source;
    expr->args[1] = (nu_expr *)nu__literal_of(nu_v_int(from + 1), NULL);
    if (to >= 0)
        expr->args[2] = (nu_expr *)nu__literal_of(nu_v_int(to - from), NULL);
    return nu__expr_done(expr);
}

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

const nu__expr_class nu__col = { "Col", resolved_already, col_sql,
                                 NULL,  groups_itself,    .key = nu__key_col };

static nu__sql_result ref_sql(const nu_expr *ref, nu__compiler *out)
{
    nu__sql_name(out, ref->name);
    return NU__SQL_OK;
}

const nu__expr_class nu__ref = { "Ref", resolved_already, ref_sql,
                                 NULL,  groups_itself,    .key = nu__key_plain };

static nu__sql_result position_sql(const nu_expr *position, nu__compiler *out)
{
    nu__sql_text(out, nu_fmt("{}", position->op));
    return NU__SQL_OK;
}

const nu__expr_class nu__position = { "PositionRef", resolved_already, position_sql,
                                      NULL,          groups_itself,    .key = nu__key_plain };

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

    if (nu__is_wide_int(literal->value) || nu__is_too_wide(literal->value))
        return nu__type_of(NU_INTEGER_FIELD);
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        if (types[i].kind == literal->value.kind)
            return nu__type_of(types[i].type);
    return NULL;
}

static nu__sql_result literal_sql(const nu_expr *literal, nu__compiler *out)
{
    const nu__field *type = nu__expr_output(literal);
    nu__sql_mark start = nu__sql_mark_take(out);
    bool json = type && type->target->type->type == NU_JSON_FIELD;

    if (json && literal->value.kind == NU_KIND_NULL) /* JSON's own null, told from SQL's */
        nu__sql_param(out, nu_v_str(S("null")));
    else if (literal->value.kind == NU_KIND_NULL)
        nu__sql_text(out, S("NULL"));
    else
        nu__bind(out, type, type ? nu__prepare(type, literal->value) : literal->value);
    if (json)
        nu__sql_text(out, nu_s(out->backend->operations->json_cast));
    nu__cast_decimal(type, start, out);
    return NU__SQL_OK;
}

/* Inside of an expression that is written, JSON's null is SQL's: only as the whole value of a
   column is it kept apart. */
static const nu_expr *resolve_literal(const nu_expr *literal, const nu__resolver *with)
{
    if (!with->for_save || literal->value.kind != NU_KIND_NULL || !literal->output ||
        literal->output->target->type->type != NU_JSON_FIELD)
        return literal;
    return nu__literal_of(nu_null(), NULL);
}

const nu_expr *nu__resolve_assigned(const nu_expr *expr, const nu__resolver *with)
{
    return expr->klass == &nu__literal ? expr : nu__expr_resolve(expr, with);
}

const nu__expr_class nu__literal = { "Value",      resolve_literal, literal_sql,
                                     literal_type, groups_nothing,  .key = nu__key_plain };

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

const nu__expr_class nu__star = {
    "Star", NULL, star_sql, NULL, groups_nothing, .key = nu__key_plain
};

/* ---- text given as it is ------------------------------------------------------------------ */

/* %s is a parameter, %% a per cent sign. */
static nu__sql_result raw_sql(const nu_expr *expr, nu__compiler *out)
{
    nu_str sql = expr->name;
    size_t n = 0, from = 0;

    nu__sql_text(out, S("("));
    for (size_t i = 0; i + 1 < sql.len; i++) {
        if (sql.ptr[i] != '%' || !strchr("s%", sql.ptr[i + 1]))
            continue;
        nu__sql_text(out, (nu_str){ sql.ptr + from, i - from });
        if (sql.ptr[i + 1] == 's')
            nu__sql_param(out, nu_at(expr->value.list, n++));
        else
            nu__sql_text(out, S("%"));
        from = ++i + 1;
    }
    nu__sql_text(out, (nu_str){ sql.ptr + from, sql.len - from });
    nu__sql_text(out, S(")"));
    return NU__SQL_OK;
}

const nu__expr_class nu__raw_sql = { "RawSQL", NULL, raw_sql, NULL, groups_itself };

static size_t count_places(nu_str sql)
{
    size_t n = 0;

    for (size_t i = 0; i + 1 < sql.len; i++) {
        if (sql.ptr[i] != '%')
            continue;
        n += sql.ptr[i + 1] == 's';
        i++;
    }
    return n;
}

nu_expr *nu_raw_sql_(const char *sql, nu_values params)
{
    nu_expr *expr = nu__expr_new(&nu__raw_sql, 0);
    nu_str text = nu_copy_cstr(sql);

    if (count_places(text) != params.len)
        nu_raise(NU_PROGRAMMING_ERROR,
                 "RawSQL: the text has {} %s and {} parameters were given: {}", count_places(text),
                 params.len, text);
    if (memchr(text.ptr, '\x01', text.len))
        nu_raise(NU_VALUE_ERROR, "RawSQL: the text has a control character");
    expr->name = text;
    expr->value = nu_v_list(nu_list_of_(params));
    return expr;
}

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
