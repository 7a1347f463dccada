/* Lookups and transforms of arrays, ranges and hstore. Django: contrib.postgres.fields, lookups */
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

/* ---- transforms: of arrays ---------------------------------------------------------------- */

static nu_expr *transform(const nu__expr_class *klass, const nu_expr *lhs, const nu__field *output)
{
    nu_expr *node = nu__expr_new(klass, 1);

    node->args[0] = (nu_expr *)lhs;
    node->output = output;
    return nu__expr_done(node);
}

static nu__sql_result length_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__fragment array;
    nu__sql_result result = nu__compile_apart(expr->args[0], out, &array);

    if (result == NU__SQL_OK)
        nu__sql_template(out,
                         "CASE WHEN %s IS NULL THEN NULL ELSE coalesce(array_length(%s, 1), 0) END",
                         (nu__fragment[]){ array, array }, 2);
    return result;
}

static const nu__expr_class length_class = { "ArrayLenTransform", NULL, length_sql, NULL, NULL };

static nu_expr *length(const nu_expr *lhs)
{
    return transform(&length_class, lhs, nu__type_of(NU_INTEGER_FIELD));
}

/* (a)[1], (a)[1][2], (a)[1:2]; `value` is the item's number or the two of a slice. */
static nu__sql_result item_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu_expr *array = expr->args[0];
    bool again = array->klass == expr->klass && array->value.kind == NU_KIND_INT &&
                 expr->value.kind == NU_KIND_INT;
    nu__sql_result result;

    nu__sql_text(out, again ? S("") : S("("));
    result = nu__compile(array, out);
    nu__sql_text(out, again ? S("[") : S(")["));
    if (expr->value.kind == NU_KIND_INT)
        nu__sql_text(out, nu_fmt("{}]", expr->value));
    else
        nu__sql_text(out, nu_fmt("{}:{}]", nu_at(expr->value.list, 0), nu_at(expr->value.list, 1)));
    return result;
}

static const nu__expr_class item_class = { "IndexTransform", NULL, item_sql, NULL, NULL };

/* "0", "12"; -1: it is none. */
static int64_t number_of(nu_str name)
{
    int64_t number = 0;

    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] < '0' || name.ptr[i] > '9' || number > INT32_MAX)
            return -1;
        number = 10 * number + name.ptr[i] - '0';
    }
    return name.len && number <= INT32_MAX ? number : -1;
}

/* PostgreSQL counts from 1, and the end of a slice belongs to it. */
static bool array_value(nu_str name, nu_value *out)
{
    const char *line = name.len ? memchr(name.ptr, '_', name.len) : NULL;
    nu_str first = { name.ptr, line ? (size_t)(line - name.ptr) : name.len };
    nu_str second = { line ? line + 1 : NULL, line ? name.len - first.len - 1 : 0 };
    int64_t from = number_of(first), to = line ? number_of(second) : 0;

    if (from < 0 || to < 0)
        return false;
    *out = line ? nu_v_list(NU_LIST(from + 1, to)) : nu_v_int(from + 1);
    return true;
}

static nu_expr *array_transform(const nu_expr *lhs, nu_str name)
{
    const nu__field *type = nu__expr_type(lhs)->target;
    nu_expr *node;
    nu_value value;

    if (nu_eq(name, "len"))
        return length(lhs);
    if (!array_value(name, &value))
        return NULL;
    node = transform(&item_class, lhs, value.kind == NU_KIND_INT ? type->base : type);
    node->value = value;
    return node;
}

/* ---- transforms: of ranges and hstore ----------------------------------------------------- */

/* A function of the server, as its name says. */
static nu__sql_result call_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, expr->name);
    nu__sql_text(out, S("("));
    result = nu__compile(expr->args[0], out);
    nu__sql_text(out, S(")"));
    return result;
}

static const nu__expr_class call_class = { "Transform", NULL, call_sql, NULL, NULL };

static const struct {
    nu__family family;
    const char *name, *function;
    nu_field_type output; /* 0: the type of the range's ends */
} calls[] = {
    { NU__FAMILY_RANGE, "startswith", "lower", 0 },
    { NU__FAMILY_RANGE, "endswith", "upper", 0 },
    { NU__FAMILY_RANGE, "isempty", "isempty", NU_BOOLEAN_FIELD },
    { NU__FAMILY_RANGE, "lower_inc", "LOWER_INC", NU_BOOLEAN_FIELD },
    { NU__FAMILY_RANGE, "lower_inf", "LOWER_INF", NU_BOOLEAN_FIELD },
    { NU__FAMILY_RANGE, "upper_inc", "UPPER_INC", NU_BOOLEAN_FIELD },
    { NU__FAMILY_RANGE, "upper_inf", "UPPER_INF", NU_BOOLEAN_FIELD },
    { NU__FAMILY_HSTORE, "keys", "akeys", NU_ARRAY_FIELD },
    { NU__FAMILY_HSTORE, "values", "avals", NU_ARRAY_FIELD },
};

static const nu__field *call_output(const nu_expr *lhs, nu_field_type output)
{
    if (!output)
        return nu__expr_type(lhs)->target->base;
    return output == NU_ARRAY_FIELD ? nu__array_of(nu__type_of(NU_TEXT_FIELD))
                                    : nu__type_of(output);
}

static nu_expr *call_transform(const nu_expr *lhs, nu_str name)
{
    uint32_t family = nu__family_of(lhs);

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].family == family && nu_eq(name, calls[i].name)) {
            nu_expr *node = transform(&call_class, lhs, call_output(lhs, calls[i].output));

            node->name = nu_s(calls[i].function);
            return node;
        }
    return NULL;
}

/* ("notes" -> 'key') */
static nu__sql_result key_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, S("("));
    result = nu__compile(expr->args[0], out);
    nu__sql_text(out, S(" -> "));
    nu__sql_param(out, nu_v_str(expr->name));
    nu__sql_text(out, S(")"));
    return result;
}

static const nu__expr_class key_class = { "KeyTransform", NULL, key_sql, NULL, NULL };

nu_expr *nu_hstore_key_(const char *key, nu_value source)
{
    nu_expr *node = transform(&key_class, nu__argument(source, true), nu__type_of(NU_TEXT_FIELD));

    node->name = nu_copy_cstr(key);
    return node;
}

const nu_expr *nu__postgres_transform(const nu_expr *lhs, nu_str name)
{
    uint32_t family = nu__family_of(lhs);
    nu_expr *node = family == NU__FAMILY_ARRAY ? array_transform(lhs, name) : NULL;

    if (!node)
        node = call_transform(lhs, name);
    if (!node && family == NU__FAMILY_HSTORE)
        node = nu_hstore_key_(nu_copy(name).ptr, nu_v_expr(lhs));
    return node;
}

bool nu__postgres_has_transform(uint32_t family, nu_str name)
{
    nu_value value;

    if (family == NU__FAMILY_HSTORE)
        return true;
    if (family == NU__FAMILY_ARRAY)
        return nu_eq(name, "len") || array_value(name, &value);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].family == family && nu_eq(name, calls[i].name))
            return true;
    return false;
}

void nu__postgres_transform_names(uint32_t family, nu_list *out)
{
    if (family == NU__FAMILY_ARRAY)
        nu_list_append(out, "len");
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].family == family)
            nu_list_append(out, calls[i].name);
}
