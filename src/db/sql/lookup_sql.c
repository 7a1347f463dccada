/* SQL of lookups. Django: Lookup.as_sql() and its kin */
#include "db/sql/lookup_sql.h"

#include "core/decimal.h"
#include "core/object.h"
#include "db/models/validators.h"
#include "db/sql/query_key.h"

#include <string.h>

/* ---- the two sides ------------------------------------------------------------------------ */

/* Conditions inside of a left side stand in parentheses, as what Django resolves twice does. */
static const nu_expr *resolved_again(const nu_expr *expr)
{
    nu_expr *copy = NULL;

    for (uint32_t i = 0; i < expr->n_args; i++) {
        const nu_expr *arg = expr->args[i] ? resolved_again(expr->args[i]) : NULL;

        if (arg == expr->args[i])
            continue;
        if (!copy)
            copy = nu__expr_copy(expr);
        copy->args[i] = (nu_expr *)arg;
    }
    if (expr->klass == &nu__where && !copy)
        copy = nu__expr_copy(expr);
    if (expr->klass == &nu__where)
        copy->flags |= NU__RESOLVED;
    return copy ? copy : expr;
}

static bool is_json(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output_or_null(expr);

    return type && type->target->type->type == NU_JSON_FIELD;
}

static bool folds_case(const nu__lookup *lookup)
{
    return lookup->name[0] == 'i' && lookup->sql == nu__pattern_sql;
}

/* What stands before a left side and has to be closed behind it. */
static nu_str opening_of(const nu_expr *lookup, const nu_expr *lhs, const nu__compiler *out)
{
    bool json = out->backend->features->unquotes_json && is_json(lhs);

    if (lhs->klass == &nu__lookup_expr)
        return S("(");
    if (nu__json_folds_case(lookup, out))
        return json ? S("LOWER(JSON_UNQUOTE(") : S("LOWER(");
    return json ? S("JSON_UNQUOTE(") : S("");
}

nu__sql_result nu__lookup_lhs(const nu_expr *lookup, nu__compiler *out)
{
    const nu_expr *lhs = resolved_again(lookup->args[0]);
    nu_str opening = opening_of(lookup, lhs, out);
    nu__sql_result result;

    nu__sql_text(out, opening);
    result = nu__compile(lhs, out);
    for (size_t i = 0; i < opening.len; i++)
        if (opening.ptr[i] == '(')
            nu__sql_text(out, S(")"));
    return result;
}

/* Texts inside of JSON are compared by their bytes: both sides in small letters find them. */
bool nu__json_folds_case(const nu_expr *lookup, const nu__compiler *out)
{
    const nu_expr *lhs = lookup->args[0];
    bool key = lhs->klass == &nu__json_key;

    if (!out->backend->features->unquotes_json || !folds_case(lookup->lookup))
        return false;
    return key || (is_json(lhs) && strcmp(lookup->lookup->name, "icontains") == 0);
}

nu__fragment nu__param_piece(nu_value value)
{
    nu_value *param = nu_alloc(nu_value);

    *param = value;
    return (nu__fragment){ S("\x01"), { param, 1 } };
}

void nu__bind(nu__compiler *out, const nu__field *type, nu_value value)
{
    nu__sql_param(out, type ? nu__field_db_value(type, value, out->backend->dialect) : value);
}

/* Where 0 asks for the next number, no row can have it as its key. */
static bool is_zero_key(const nu__field *type, nu_value value, const nu__backend *backend)
{
    return backend->features->counts_on_zero && type->target->auto_key &&
           value.kind == NU_KIND_INT && !value.i;
}

nu_value nu__saved_param(const nu__field *type, nu_value value, const nu__backend *backend)
{
    if (is_zero_key(type, value, backend))
        nu_raise(NU_VALUE_ERROR,
                 "The database backend does not accept 0 as a value for AutoField.");
    if (value.kind == NU_KIND_DECIMAL && !nu__decimal_is_finite(*value.decimal))
        value = nu__prepare(type, value);
    return nu__field_db_value(type, value, backend->dialect);
}

/* Most columns take most values as they are, which is asked once for each column. */
static bool *columns_as_is(const nu__field *const *fields, size_t n, const nu__backend *backend)
{
    bool *as_is = nu_alloc_array(bool, n + 1);

    for (size_t k = 0; k < n; k++)
        as_is[k] = fields[k]->target->type->type != NU_JSON_FIELD &&
                   !(backend->features->counts_on_zero && fields[k]->target->auto_key);
    return as_is;
}

void nu__saved_rows(const nu__field *const *fields, size_t n_fields, const nu_value *values,
                    size_t n_rows, const nu__backend *backend, nu_value *out)
{
    const bool *as_is = columns_as_is(fields, n_fields, backend);

    for (size_t i = 0; i < n_rows; i++)
        for (size_t k = 0; k < n_fields; k++, values++)
            *out++ = as_is[k] && nu__kind_is_simple(values->kind)
                         ? *values
                         : nu__saved_param(fields[k], *values, backend);
}

nu_value nu__bound_param(const nu_expr *lookup, const nu__backend *backend)
{
    const nu__field *type = nu__expr_output(lookup->args[0]);

    if (!type || lookup->lookup->side == NU__SIDE_RAW)
        return lookup->value;
    return nu__field_db_value(type, lookup->value, backend->dialect);
}

nu__fragment nu__lookup_param(const nu_expr *lookup, const nu__compiler *out)
{
    if (nu__query_key_hole(out->key, lookup) >= 0)
        return nu__param_piece(nu_v_expr(lookup));
    if (lookup->lookup->param)
        return nu__param_piece(lookup->lookup->param(lookup, out->backend));
    return nu__param_piece(nu__bound_param(lookup, out->backend));
}

/* A right side that is an expression stands in parentheses, unless it brings its own. */
static nu__sql_result expression_rhs(const nu_expr *rhs, nu__compiler *out, nu__fragment *piece)
{
    nu__sql_result result = nu__compile_apart(rhs, out, piece);

    if (result == NU__SQL_OK && rhs->klass != &nu__literal && piece->text.len &&
        piece->text.ptr[0] != '(')
        piece->text = nu_fmt("({})", piece->text);
    return result;
}

nu__sql_result nu__lookup_rhs(const nu_expr *lookup, nu__compiler *out, nu__fragment *piece)
{
    if (lookup->n_args > 1)
        return expression_rhs(lookup->args[1], out, piece);
    *piece = nu__lookup_param(lookup, out);
    return NU__SQL_OK;
}

const nu__operator *nu__operator_on(const nu__backend *backend, const char *lookup)
{
    const nu__operator *op = backend->operations->operators;

    for (; op->lookup; op++)
        if (!strcmp(op->lookup, lookup))
            return op;
    nu_raise(NU_NOT_SUPPORTED_ERROR, "the lookup '{}' is not supported on {}", lookup,
             backend->display_name);
}

const nu__operator *nu__operator_of(const nu__compiler *out, const char *lookup)
{
    return nu__operator_on(out->backend, lookup);
}

static nu__sql_result binary(const nu_expr *lookup, nu__compiler *out, const char *template,
                             const nu__fragment *rhs, size_t n)
{
    nu__sql_result result = nu__lookup_lhs(lookup, out);

    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" "));
    nu__sql_template(out, template, rhs, n);
    return NU__SQL_OK;
}

/* ---- = < > -------------------------------------------------------------------------------- */

nu__sql_result nu__lookup_range(const nu_expr *lookup)
{
    const nu__field *type;
    nu__range range;
    int order;

    if (lookup->n_args > 1 || (!lookup->lookup->too_small && !lookup->lookup->too_large))
        return NU__SQL_OK;
    type = nu__expr_output(lookup->args[0]);
    if (!type)
        return NU__SQL_OK;
    range = nu__field_range(type->target);
    if (nu__value_compare(lookup->value, nu_v_int(range.min), &order) && order < 0)
        return lookup->lookup->too_small;
    if (nu__value_compare(lookup->value, nu_v_int(range.max), &order) && order > 0)
        return lookup->lookup->too_large;
    return NU__SQL_OK;
}

nu__sql_result nu__compare_sql(const nu_expr *lookup, nu__compiler *out)
{
    nu__sql_result result = nu__lookup_range(lookup);
    nu__fragment rhs;

    if (result == NU__SQL_OK)
        result = nu__lookup_rhs(lookup, out, &rhs);
    if (result != NU__SQL_OK)
        return result;
    if (lookup->n_args < 2 && lookup->value.kind == NU_KIND_NULL)
        rhs = nu__param_piece(nu_v_str(S("null"))); /* JSON's */
    if (out->backend->features->unquotes_json && is_json(lookup->args[0]))
        nu__json_document(&rhs);
    return binary(lookup, out, nu__operator_of(out, lookup->lookup->name)->sql, &rhs, 1);
}

static bool is_condition(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output(expr);

    return expr->klass->conditional || (type && type->type->type == NU_BOOLEAN_FIELD);
}

/* A condition needs no "= true"; MySQL looks for a column in an index only with it. */
nu__sql_result nu__exact_sql(const nu_expr *lookup, nu__compiler *out)
{
    if (out->backend->features->compares_booleans && !lookup->args[0]->klass->conditional)
        return nu__compare_sql(lookup, out);
    if (lookup->n_args > 1 || lookup->value.kind != NU_KIND_BOOL || !is_condition(lookup->args[0]))
        return nu__compare_sql(lookup, out);
    if (!lookup->value.b)
        nu__sql_text(out, S("NOT "));
    return nu__lookup_lhs(lookup, out);
}

/* ---- lists -------------------------------------------------------------------------------- */

nu_list *nu__distinct_items(nu_list *items)
{
    nu_list *out = nu_list_new();

    for (size_t i = 0; i < nu_list_len(items); i++) {
        nu_value item = nu_at(items, i);
        bool seen = item.kind == NU_KIND_NULL;

        for (size_t k = 0; k < nu_list_len(out) && !seen && i < 1000; k++)
            seen = nu__value_equal(nu_at(out, k), item);
        if (!seen)
            nu_list_append_(out, item);
    }
    return out;
}

static nu__sql_result list_sql(const nu_expr *list, nu__compiler *out)
{
    for (uint32_t i = 0; i < list->n_args; i++) {
        nu__sql_result result;

        if (i)
            nu__sql_text(out, S(", "));
        result = nu__compile(list->args[i], out);
        if (result != NU__SQL_OK)
            return result;
    }
    return NU__SQL_OK;
}

nu__sql_result nu__in_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu__field *type = nu__expr_output(lookup->args[0]);
    nu_list *items = NULL;
    nu__sql_result result;

    if (lookup->n_args > 1 && lookup->args[1]->klass != &nu__list_expr) {
        nu__fragment rhs;

        result = nu__lookup_rhs(lookup, out, &rhs);
        return result == NU__SQL_OK ? binary(lookup, out, "IN %s", &rhs, 1) : result;
    }
    if (lookup->n_args == 1) {
        items = nu__distinct_items(lookup->value.list);
        if (!nu_list_len(items))
            return NU__SQL_EMPTY;
    }
    result = nu__lookup_lhs(lookup, out);
    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" IN ("));
    if (!items)
        result = list_sql(lookup->args[1], out);
    for (size_t i = 0; items && i < nu_list_len(items); i++) {
        if (i)
            nu__sql_text(out, S(", "));
        nu__bind(out, type, nu_at(items, i));
    }
    nu__sql_text(out, S(")"));
    return result;
}

nu__sql_result nu__range_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu__field *type = nu__expr_output(lookup->args[0]);
    bool exprs = lookup->n_args > 1;
    size_t n = exprs ? lookup->args[1]->n_args : nu_list_len(lookup->value.list);
    nu__fragment ends[2];

    if (n < 2)
        nu_raise(NU_INDEX_ERROR, "tuple index out of range");
    if (n > 2)
        nu_raise(NU_PROGRAMMING_ERROR, "a range lookup takes two values, {} were given", n);
    for (int i = 0; i < 2; i++) {
        nu__sql_result result;

        if (!exprs) {
            ends[i] = nu__param_piece(nu__field_db_value(type, nu_at(lookup->value.list, (size_t)i),
                                                         out->backend->dialect));
            continue;
        }
        result = nu__compile_apart(lookup->args[1]->args[i], out, &ends[i]);
        if (result != NU__SQL_OK)
            return result;
    }
    return binary(lookup, out, "BETWEEN %s AND %s", ends, 2);
}

/* ---- null --------------------------------------------------------------------------------- */

nu__sql_result nu__isnull_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu_expr *lhs = lookup->args[0];

    if (lookup->value.kind != NU_KIND_BOOL)
        nu_raise(NU_VALUE_ERROR, "The QuerySet value for an isnull lookup must be True or False.");
    if (lhs->klass == &nu__literal)
        return (lhs->value.kind == NU_KIND_NULL) == lookup->value.b ? NU__SQL_FULL : NU__SQL_EMPTY;
    return binary(lookup, out, lookup->value.b ? "IS NULL" : "IS NOT NULL", NULL, 0);
}

/* ---- the class ---------------------------------------------------------------------------- */

static nu__sql_result lookup_sql(const nu_expr *lookup, nu__compiler *out)
{
    return lookup->lookup->sql(lookup, out);
}

static void group_by_sides(const nu_expr *lookup, nu__exprs *out)
{
    for (uint32_t i = 0; i < lookup->n_args; i++)
        nu__expr_group_by(lookup->args[i], out);
}

const nu__expr_class nu__lookup_expr = {
    "Lookup", NULL, lookup_sql, NULL, group_by_sides, .key = nu__key_plain, .conditional = true
};

const nu__expr_class nu__list_expr = { "ExpressionList",    NULL, list_sql, NULL, group_by_sides,
                                       .key = nu__key_plain };
