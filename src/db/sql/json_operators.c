/* Keys inside JSON where the database has operators for them: jsonb of PostgreSQL. */
#include "core/json.h"
#include "core/object.h"
#include "db/sql/lookup_sql.h"

#include <stdlib.h>
#include <string.h>

/* ---- keys --------------------------------------------------------------------------------- */

static const nu_expr *column_of(const nu_expr *key)
{
    while (key->klass == &nu__json_key)
        key = key->args[0];
    return key;
}

static void add_names(const nu_expr *key, nu_list *names)
{
    if (key->klass != &nu__json_key)
        return;
    add_names(key->args[0], names);
    nu_list_append(names, key->name);
}

/* A key of an array is its number. */
static nu_value key_value(nu_str name)
{
    char *end = NULL;
    nu_str text = nu_copy(name);
    long number = strtol(text.ptr, &end, 10);

    if (text.len && text.len < 10 && !*end && text.ptr[0] != ' ')
        return nu_v_int(number);
    return nu_v_str(text);
}

/* (column -> 'a'), (column #> '{a,b}'); with `text` ->> and #>>. */
static nu__sql_result keys_sql(const nu_expr *key, bool text, nu__compiler *out)
{
    nu_list *names = nu_list_new();
    nu__sql_result result;

    add_names(key, names);
    nu__sql_text(out, S("("));
    result = nu__compile(column_of(key), out);
    if (result != NU__SQL_OK)
        return result;
    if (nu_list_len(names) > 1) {
        nu__sql_text(out, text ? S(" #>> ") : S(" #> "));
        nu__sql_param(out, nu_v_list(names));
    } else {
        nu__sql_text(out, text ? S(" ->> ") : S(" -> "));
        nu__sql_param(out, key_value(key->name));
    }
    nu__sql_text(out, S(")"));
    return NU__SQL_OK;
}

static bool is_as_text(const nu_expr *key)
{
    return nu__expr_type(key)->type->type != NU_JSON_FIELD;
}

nu__sql_result nu__json_operator_key(const nu_expr *key, nu__compiler *out)
{
    return keys_sql(key, is_as_text(key), out);
}

nu__sql_result nu__json_operator_text(const nu_expr *key, nu__compiler *out)
{
    return keys_sql(key, true, out);
}

/* ---- lookups on keys ---------------------------------------------------------------------- */

static nu_value json_param(nu_value value)
{
    nu__buf text = { 0 };

    if (value.kind == NU_KIND_NULL)
        return nu_v_str(S("null"));
    nu__json_value(&text, value, &nu__json_dumps);
    return nu_v_str(nu__buf_str(&text));
}

/* What a key is compared with: JSON, or a text where the key is one. */
static nu_value beside(const nu_expr *key, nu_value value)
{
    if (is_as_text(key))
        return value.kind == NU_KIND_NULL ? nu_v_str(S("null")) : nu_v_str(nu_string(value));
    return json_param(value);
}

nu__sql_result nu__json_operator_compare(const nu_expr *lookup, nu__compiler *out)
{
    nu__sql_result result = nu__lookup_lhs(lookup, out);
    nu__fragment rhs;

    if (result != NU__SQL_OK)
        return result;
    if (lookup->n_args > 1)
        result = nu__lookup_rhs(lookup, out, &rhs);
    else
        rhs = nu__param_piece(beside(lookup->args[0], lookup->value));
    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" "));
    nu__sql_template(out, nu__operator_of(out, lookup->lookup->name)->sql, &rhs, 1);
    return NU__SQL_OK;
}

static nu__sql_result item_sql(const nu_expr *key, const nu_expr *expr, nu_value item,
                               nu__compiler *out)
{
    if (expr && expr->klass != &nu__literal)
        return nu__compile(expr, out);
    nu__sql_param(out, beside(key, expr ? expr->value : item));
    return NU__SQL_OK;
}

nu__sql_result nu__json_operator_in(const nu_expr *lookup, nu__compiler *out)
{
    return nu__in_items_sql(lookup, item_sql, out);
}

nu__sql_result nu__json_operator_null(const nu_expr *lookup, nu__compiler *out)
{
    nu__sql_result result = nu__lookup_lhs(lookup, out);

    nu__sql_text(out, nu__value_truth(lookup->value) ? S(" IS NULL") : S(" IS NOT NULL"));
    return result;
}

/* ---- operators of their own --------------------------------------------------------------- */

static const struct {
    const char *lookup, *sql;
    bool list;
} operators[] = {
    { "has_key", " ? ", false },       { "has_keys", " ?& ", true },
    { "has_any_keys", " ?| ", true },  { "contains", " @> ", false },
    { "contained_by", " <@ ", false },
};

static nu_list *texts_of(nu_value value)
{
    nu_list *items = nu__value_items(value), *texts = nu_list_new();

    if (!items)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", nu__kind_name(value.kind));
    for (size_t i = 0; i < nu_list_len(items); i++)
        nu_list_append(texts, nu_string(nu_at(items, i)));
    return texts;
}

/* Keys on the right side are the way to one on the left, not what the rows have there. */
static nu__sql_result has_path_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu_expr *key = lookup->args[0];
    nu_list *names = nu_list_new();
    size_t n;
    nu__sql_result result;

    add_names(lookup->args[1], names);
    n = nu_list_len(names) - 1;
    for (size_t i = 0; i < n; i++)
        key = nu__json_key_of(key, nu_string(nu_at(names, i)));
    result = nu__compile(key, out);
    nu__sql_text(out, S(" ? "));
    nu__sql_param(out, nu_at(names, n));
    return result;
}

nu__sql_result nu__json_operator_has(const nu_expr *lookup, nu__compiler *out)
{
    const char *name = lookup->lookup->name;
    nu__sql_result result;
    nu__fragment rhs;
    size_t i = 0;

    if (lookup->n_args > 1 && lookup->args[1]->klass == &nu__json_key && !strcmp(name, "has_key"))
        return has_path_sql(lookup, out);
    result = nu__lookup_lhs(lookup, out);

    if (result != NU__SQL_OK)
        return result;
    while (strcmp(operators[i].lookup, name) != 0)
        i++;
    nu__sql_text(out, nu_s(operators[i].sql));
    if (lookup->n_args > 1) {
        result = nu__lookup_rhs(lookup, out, &rhs);
        if (result == NU__SQL_OK)
            nu__sql_piece(out, rhs);
    } else if (operators[i].list) {
        nu__sql_param(out, nu_v_list(texts_of(lookup->value)));
    } else if (strstr(name, "key")) {
        nu__sql_param(out, lookup->value);
    } else {
        nu__sql_param(out, json_param(lookup->value));
    }
    return result;
}
