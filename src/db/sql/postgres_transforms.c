/* Transforms of arrays, ranges and hstore. Django: contrib.postgres.fields */
#include "db/sql/postgres_lookups.h"

#include "core/object.h"
#include "db/sql/functions.h"

#include <nuages/postgres.h>
#include <string.h>

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
