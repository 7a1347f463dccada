/* Keys inside JSON: address__city, has_key. SQL for SQLite and MySQL; PostgreSQL has operators. */
#include "core/json.h"
#include "core/object.h"
#include "db/sql/lookups.h"

#include <stdlib.h>
#include <string.h>

/* ---- paths -------------------------------------------------------------------------------- */

static bool is_number(nu_str key)
{
    size_t at = key.len && key.ptr[0] == '-';

    for (size_t i = at; i < key.len; i++)
        if (key.ptr[i] < '0' || key.ptr[i] > '9')
            return false;
    return key.len > at && key.len < 10;
}

static void add_key(nu__buf *path, nu_str key)
{
    if (is_number(key)) {
        nu__buf_fmt(path, "[{}{}]", key.ptr[0] == '-' ? "#" : "", key);
        return;
    }
    nu__buf_char(path, '.');
    nu__json_str(path, key, &nu__json_dumps);
}

static void add_keys(nu__buf *path, const nu_expr *key)
{
    if (key->klass != &nu__json_key)
        return;
    add_keys(path, key->args[0]);
    add_key(path, key->name);
}

/* "$.\"city\"[0]" of a chain of keys. */
static nu_str path_of(const nu_expr *key)
{
    nu__buf path = { 0 };

    nu__buf_char(&path, '$');
    add_keys(&path, key);
    return nu__buf_str(&path);
}

static const nu_expr *column_of(const nu_expr *key)
{
    while (key->klass == &nu__json_key)
        key = key->args[0];
    return key;
}

static nu__sql_result column_piece(const nu_expr *key, nu__compiler *out, nu__fragment *column)
{
    return nu__compile_apart(column_of(key), out, column);
}

static nu__sql_result key_sql(const nu_expr *key, nu__compiler *out)
{
    nu__fragment column, path = nu__param_piece(nu_v_str(path_of(key)));
    nu__sql_result result = column_piece(key, out, &column);

    if (result != NU__SQL_OK)
        return result;
    if (out->backend->dialect == NU__SQLITE)
        nu__sql_template(out,
                         "(CASE WHEN JSON_TYPE(%s, %s) IN ('false','null','true') "
                         "THEN JSON_TYPE(%s, %s) ELSE JSON_EXTRACT(%s, %s) END)",
                         (nu__fragment[]){ column, path, column, path, column, path }, 6);
    else if (out->backend->dialect == NU__MYSQL)
        nu__sql_template(out, "JSON_EXTRACT(%s, %s)", (nu__fragment[]){ column, path }, 2);
    else
        nu_raise(NU_NOT_SUPPORTED_ERROR, "keys of JSON are not supported on {}",
                 out->backend->display_name);
    return NU__SQL_OK;
}

const nu__expr_class nu__json_key = { "KeyTransform", NULL, key_sql, NULL, NULL };

/* ---- lookups on keys ---------------------------------------------------------------------- */

/* JSON_TYPE gives these for values that JSON_EXTRACT would turn into numbers or NULL. */
static bool is_bare(nu_str json)
{
    return nu_eq(json, "true") || nu_eq(json, "false") || nu_eq(json, "null");
}

static nu_str json_text(nu_value value)
{
    nu__buf text = { 0 };

    if (value.kind == NU_KIND_NULL)
        return S("null");
    nu__json_value(&text, value, &nu__json_dumps);
    return nu__buf_str(&text);
}

static void add_json(nu__compiler *out, nu_value value)
{
    nu_str text = json_text(value);
    nu__fragment piece = nu__param_piece(nu_v_str(text));

    nu__sql_template(out, is_bare(text) ? "%s" : "JSON_EXTRACT(%s, '$')", &piece, 1);
}

nu__sql_result nu__key_exact_sql(const nu_expr *lookup, nu__compiler *out)
{
    nu__sql_result result = nu__lookup_lhs(lookup, out);

    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" = "));
    if (lookup->n_args > 1)
        return nu__compile(lookup->args[1], out);
    add_json(out, lookup->value);
    return NU__SQL_OK;
}

nu__sql_result nu__key_in_sql(const nu_expr *lookup, nu__compiler *out)
{
    size_t n = lookup->n_args > 1 ? 0 : nu_list_len(lookup->value.list);
    nu__sql_result result;

    if (lookup->n_args > 1)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "'in' on a key of JSON takes a list of values");
    if (!n)
        return NU__SQL_EMPTY;
    result = nu__lookup_lhs(lookup, out);
    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" IN ("));
    for (size_t i = 0; i < n; i++) {
        if (i)
            nu__sql_text(out, S(", "));
        add_json(out, nu_at(lookup->value.list, i));
    }
    nu__sql_text(out, S(")"));
    return NU__SQL_OK;
}

/* Compared as a number or text, not as JSON. */
nu__sql_result nu__key_order_sql(const nu_expr *lookup, nu__compiler *out)
{
    nu__fragment rhs;
    nu__sql_result result = nu__lookup_lhs(lookup, out);

    if (result != NU__SQL_OK)
        return result;
    if (lookup->n_args > 1) {
        result = nu__lookup_rhs(lookup, out, &rhs);
        if (result != NU__SQL_OK)
            return result;
    } else {
        rhs = nu__param_piece(lookup->value);
    }
    nu__sql_text(out, S(" "));
    nu__sql_template(out, nu__operator_of(out, lookup->lookup->name)->sql, &rhs, 1);
    return NU__SQL_OK;
}

static nu__sql_result type_sql(const nu_expr *key, nu_str path, bool missing, nu__compiler *out)
{
    nu__fragment pieces[2];
    nu__sql_result result = column_piece(key, out, &pieces[0]);

    if (result != NU__SQL_OK)
        return result;
    if (out->backend->dialect != NU__SQLITE)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "keys of JSON are not supported on {}",
                 out->backend->display_name);
    pieces[1] = nu__param_piece(nu_v_str(path));
    nu__sql_template(out, missing ? "JSON_TYPE(%s, %s) IS NULL" : "JSON_TYPE(%s, %s) IS NOT NULL",
                     pieces, 2);
    return NU__SQL_OK;
}

/* A key that is null is there. */
nu__sql_result nu__key_null_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu_expr *key = lookup->args[0];

    if (lookup->value.kind != NU_KIND_BOOL)
        nu_raise(NU_VALUE_ERROR, "The QuerySet value for an isnull lookup must be True or False.");
    return type_sql(key, path_of(key), lookup->value.b, out);
}

nu__sql_result nu__has_key_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu_expr *lhs = lookup->args[0];
    bool one = !strcmp(lookup->lookup->name, "has_key");
    bool any = !strcmp(lookup->lookup->name, "has_any_keys");
    nu_list *keys = one ? NU_LIST(lookup->value) : nu__value_items(lookup->value);
    size_t n = keys ? nu_list_len(keys) : 0;

    if (!n)
        nu_raise(NU_VALUE_ERROR, "{} takes keys, not {!r}", lookup->lookup->name, lookup->value);
    if (n > 1)
        nu__sql_text(out, S("("));
    for (size_t i = 0; i < n; i++) {
        nu__buf path = { 0 };
        nu__sql_result result;

        nu__buf_str_add(&path, path_of(lhs));
        nu__buf_char(&path, '.');
        nu__json_str(&path, nu_string(nu_at(keys, i)), &nu__json_dumps);
        if (i)
            nu__sql_text(out, any ? S(" OR ") : S(" AND "));
        result = type_sql(lhs, nu__buf_str(&path), false, out);
        if (result != NU__SQL_OK)
            return result;
    }
    if (n > 1)
        nu__sql_text(out, S(")"));
    return NU__SQL_OK;
}

nu__sql_result nu__json_unsupported_sql(const nu_expr *lookup, nu__compiler *out)
{
    (void)out;
    nu_raise(NU_NOT_SUPPORTED_ERROR, "{} lookup is not supported on this database backend.",
             lookup->lookup->name);
}
