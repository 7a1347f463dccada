/* Lookups of arrays, ranges and hstore. Django: contrib.postgres.fields, lookups */
#include "db/sql/postgres_lookups.h"
#include "core/object.h"
#include "db/models/postgres_values.h"
#include "db/sql/functions.h"
#include "db/sql/lookup_sql.h"

#include <nuages/postgres.h>
#include <string.h>

static nu_field_type kind_of(const nu__field *type)
{
    return type ? type->target->type->type : 0;
}

static const nu__field *lhs_type(const nu_expr *lookup)
{
    return nu__expr_type(lookup->args[0])->target;
}

/* ---- the right side ----------------------------------------------------------------------- */

static nu_str typed(nu_str text, const nu__field *type, const nu__compiler *out)
{
    nu_str name = nu__field_cast_type(type, out->backend->dialect);

    return nu_is_null(name) ? text : nu_fmt("{}::{}", text, name);
}

/* ARRAY[a, b] of a list among whose items are expressions. */
static nu__sql_result array_piece(const nu_expr *lookup, nu__compiler *out, nu__fragment *piece)
{
    const nu_expr *rhs = lookup->n_args > 1 ? lookup->args[1] : NULL;
    nu__sql_result result;

    if (rhs && rhs->klass == &nu__list_expr) {
        result = nu__compile_apart(rhs, out, piece);
        piece->text = nu_fmt("ARRAY[{}]", piece->text);
        return result;
    }
    if (rhs && rhs->klass == &nu__query_expr && !strcmp(lookup->lookup->name, "overlap")) {
        result = nu__compile_apart(rhs, out, piece);
        piece->text = nu_fmt("ARRAY{}", piece->text);
        return result;
    }
    return nu__lookup_rhs(lookup, out, piece);
}

static nu__sql_result with_operator(const nu_expr *lookup, nu__compiler *out, nu__fragment rhs)
{
    const nu__operator *op = nu__postgres_operator(out, lookup->lookup->name);
    nu__sql_result result = nu__lookup_lhs(lookup, out);

    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" "));
    nu__sql_template(out, op->sql, &rhs, 1);
    return NU__SQL_OK;
}

/* ---- arrays ------------------------------------------------------------------------------- */

/* "tags" @> $1::varchar(20)[] */
nu__sql_result nu__array_sql(const nu_expr *lookup, nu__compiler *out)
{
    nu__fragment rhs;
    nu__sql_result result = array_piece(lookup, out, &rhs);

    if (result != NU__SQL_OK)
        return result;
    rhs.text = typed(rhs.text, lhs_type(lookup), out);
    return with_operator(lookup, out, rhs);
}

/* ---- ranges and hstore -------------------------------------------------------------------- */

/* ? %s, @> %s: the server takes the parameter for what the operator needs. */
nu__sql_result nu__postgres_sql(const nu_expr *lookup, nu__compiler *out)
{
    nu__fragment rhs;
    nu__sql_result result = nu__lookup_rhs(lookup, out, &rhs);

    return result == NU__SQL_OK ? with_operator(lookup, out, rhs) : result;
}

static nu_value key_texts(nu_value value)
{
    nu_list *keys = nu__value_items(value), *out = nu_list_new();

    if (value.kind != NU_KIND_LIST || !keys)
        return nu_v_str(nu_string(value));
    for (size_t i = 0; i < nu_list_len(keys); i++)
        nu_list_append(out, nu_string(nu_at(keys, i)));
    return nu_v_list(out);
}

/* "notes" ?& $1: keys are texts. */
nu__sql_result nu__hstore_keys_sql(const nu_expr *lookup, nu__compiler *out)
{
    if (lookup->n_args > 1)
        return nu__postgres_sql(lookup, out);
    return with_operator(lookup, out, nu__param_piece(key_texts(lookup->value)));
}

/* What is no range is one of its values: "nights" @> ($1)::date */
nu__sql_result nu__range_contains_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu__field *type = lhs_type(lookup);
    const nu_expr *rhs = lookup->n_args > 1 ? lookup->args[1] : NULL;
    bool range = rhs ? kind_of(nu__expr_output_or_null(rhs)) == type->type->type
                     : lookup->value.kind == NU_KIND_OBJECT;
    nu__fragment piece;
    nu__sql_result result = nu__lookup_rhs(lookup, out, &piece);

    if (result != NU__SQL_OK)
        return result;
    if (!range)
        piece.text = typed(nu_fmt("({})", piece.text), type->base, out);
    return with_operator(lookup, out, piece);
}

static const struct {
    nu_field_type type;
    const char *range, *lhs; /* the type of a range of it, what it is cast to before */
    nu_field_type range_type;
} within[] = {
    { NU_DATE_FIELD, "daterange", NULL, NU_DATE_RANGE_FIELD },
    { NU_DATETIME_FIELD, "tstzrange", NULL, NU_DATETIME_RANGE_FIELD },
    { NU_FLOAT_FIELD, "numrange", "numeric", NU_DECIMAL_RANGE_FIELD },
    { NU_DECIMAL_FIELD, "numrange", NULL, NU_DECIMAL_RANGE_FIELD },
    { NU_BIG_INTEGER_FIELD, "int8range", NULL, NU_BIG_INTEGER_RANGE_FIELD },
    { NU_BIG_AUTO_FIELD, "int8range", NULL, NU_BIG_INTEGER_RANGE_FIELD },
    { NU_POSITIVE_BIG_INTEGER_FIELD, "int8range", NULL, NU_BIG_INTEGER_RANGE_FIELD },
    { NU_SMALL_INTEGER_FIELD, "int4range", "integer", NU_INTEGER_RANGE_FIELD },
    { NU_POSITIVE_SMALL_INTEGER_FIELD, "int4range", "integer", NU_INTEGER_RANGE_FIELD },
    { NU_SMALL_AUTO_FIELD, "int4range", "integer", NU_INTEGER_RANGE_FIELD },
    { NU_INTEGER_FIELD, "int4range", NULL, NU_INTEGER_RANGE_FIELD },
    { NU_POSITIVE_INTEGER_FIELD, "int4range", NULL, NU_INTEGER_RANGE_FIELD },
    { NU_AUTO_FIELD, "int4range", NULL, NU_INTEGER_RANGE_FIELD },
};

static size_t within_row(nu_field_type type)
{
    for (size_t i = 0; i < sizeof within / sizeof *within; i++)
        if (within[i].type == type)
            return i;
    nu_raise(NU_FIELD_ERROR, "there are no ranges of {}", nu__field_type_row(type)->name);
}

/* A list of two is a range. */
static nu_value range_value(size_t row, nu_value value)
{
    nu__invalid why;

    if (!nu__range_convert(nu__type_of(within[row].range_type), value, &value, &why))
        nu_raise(NU_VALIDATION_ERROR, "{}", why.message);
    return value;
}

/* "starts_on" <@ $1::daterange */
nu__sql_result nu__within_range_sql(const nu_expr *lookup, nu__compiler *out)
{
    size_t row = within_row(kind_of(lhs_type(lookup)));
    nu__fragment rhs;
    nu__sql_result result = NU__SQL_OK;

    if (out->backend->dialect != NU__POSTGRESQL)
        nu_raise(NU_FIELD_ERROR,
                 "Unsupported lookup 'contained_by' for {} or join on the field not permitted: "
                 "ranges are PostgreSQL's",
                 lhs_type(lookup)->type->name);
    if (lookup->n_args > 1)
        result = nu__lookup_rhs(lookup, out, &rhs);
    else
        rhs = nu__param_piece(range_value(row, lookup->value));
    if (result == NU__SQL_OK)
        result = nu__lookup_lhs(lookup, out);
    if (result != NU__SQL_OK)
        return result;
    if (within[row].lhs)
        nu__sql_text(out, nu_fmt("::{}", within[row].lhs));
    rhs.text = nu_fmt("{}::{}", rhs.text, within[row].range);
    nu__sql_text(out, S(" "));
    nu__sql_template(out, nu__postgres_operator(out, "contained_by")->sql, &rhs, 1);
    return NU__SQL_OK;
}

const nu__operator *nu__postgres_operator(const nu__compiler *out, const char *lookup)
{
    const nu__operator *op = out->backend->operations->container_operators;

    for (; op && op->lookup; op++)
        if (!strcmp(op->lookup, lookup))
            return op;
    nu_raise(NU_NOT_SUPPORTED_ERROR,
             "the lookup '{}' of arrays, ranges and hstore is not "
             "supported on {}",
             lookup, out->backend->display_name);
}

static nu__sql_result operator_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result = nu__compile(expr->args[0], out);

    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, nu_fmt(" {} ", expr->name));
    return nu__compile(expr->args[1], out);
}

static const nu__field *boolean(const nu_expr *expr)
{
    (void)expr;
    return nu__type_of(NU_BOOLEAN_FIELD);
}

static const nu__expr_class operator_class = {
    "PostgresOperatorLookup", NULL, operator_sql, boolean, NULL, .conditional = true
};

nu_expr *nu__operator_condition(const char *op, nu_expr *left, nu_expr *right)
{
    nu_expr *expr = nu__expr_new(&operator_class, 2);

    expr->name = nu_s(op);
    expr->args[0] = left;
    expr->args[1] = right;
    return nu__expr_done(expr);
}

/* ---- values ------------------------------------------------------------------------------- */

static nu_value prepared_item(const nu__field *base, nu_value item, void *arg)
{
    (void)arg;
    return item.kind == NU_KIND_EXPR ? item : nu__prepare(base, item);
}

static nu_value text_item(nu_value item)
{
    return item.kind == NU_KIND_NULL || item.kind == NU_KIND_EXPR ? item
                                                                  : nu_v_str(nu_string(item));
}

static nu_value prepared_map(nu_dict *map)
{
    nu_dict *out = nu_dict_new();

    for (size_t i = 0; i < nu_dict_len(map); i++)
        nu_dict_set_str(out, nu_dict_key(map, i), text_item(nu_dict_value(map, i)));
    return nu_v_dict(out);
}

static nu_value prepared_range(const nu__field *type, nu_value value)
{
    nu__invalid why;

    if (value.kind != NU_KIND_LIST && !nu_as_range(value))
        return value.kind == NU_KIND_STR ? value : nu__prepare(type->base, value);
    if (!nu__range_convert(type, value, &value, &why))
        nu_raise(NU_VALIDATION_ERROR, "{}", why.message);
    return value;
}

/* A text is one of PostgreSQL's: '{1,2}', '[1,5)'. */
bool nu__postgres_prepare(const nu__field *field, nu_value value, nu_value *out)
{
    const nu__field *type = field->target;
    nu_field_type kind = type->type->type;

    if (kind != NU_ARRAY_FIELD && kind != NU_HSTORE_FIELD && !type->type->base)
        return false;
    *out = value;
    if (value.kind == NU_KIND_NULL)
        return true;
    if (type->type->base)
        *out = prepared_range(type, value);
    else if (kind == NU_ARRAY_FIELD && value.kind == NU_KIND_LIST && type->base)
        *out = nu_v_list(nu__array_map(type, value.list, prepared_item, NULL));
    else if (kind == NU_HSTORE_FIELD && value.kind == NU_KIND_DICT)
        *out = prepared_map(value.dict);
    return true;
}
