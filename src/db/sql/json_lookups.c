/* Keys inside JSON: address__city, has_key. SQL for SQLite and MySQL; PostgreSQL has operators. */
#include "core/json.h"
#include "core/object.h"
#include "db/sql/lookup_sql.h"

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

/* SQLite counts from the end with "#-1", MariaDB with "-1". */
static void add_key(nu__buf *path, nu_str key, const char *end)
{
    if (is_number(key)) {
        nu__buf_fmt(path, "[{}{}]", key.ptr[0] == '-' ? end : "", key);
        return;
    }
    nu__buf_char(path, '.');
    nu__json_str(path, key, &nu__json_dumps);
}

static void add_keys(nu__buf *path, const nu_expr *key, const char *end)
{
    if (key->klass != &nu__json_key)
        return;
    add_keys(path, key->args[0], end);
    add_key(path, key->name, end);
}

/* "$.\"city\"[0]" of a chain of keys. */
static nu_str path_of(const nu_expr *key, const nu__compiler *out)
{
    nu__buf path = { 0 };

    nu__buf_char(&path, '$');
    add_keys(&path, key, out->backend->dialect == NU__SQLITE ? "#" : "");
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
    nu__fragment column, path = nu__param_piece(nu_v_str(path_of(key, out)));
    nu__sql_result result;

    if (out->backend->features->has_json_operators)
        return nu__json_operator_key(key, out);
    result = column_piece(key, out, &column);
    if (result != NU__SQL_OK)
        return result;
    if (out->backend->dialect == NU__SQLITE)
        nu__sql_template(out,
                         "(CASE WHEN JSON_TYPE(%s, %s) IN ('false','null','true') "
                         "THEN JSON_TYPE(%s, %s) ELSE JSON_EXTRACT(%s, %s) END)",
                         (nu__fragment[]){ column, path, column, path, column, path }, 6);
    else if (out->backend->dialect == NU__MYSQL)
        nu__sql_template(out,
                         nu__expr_type(key)->type->type == NU_JSON_FIELD
                             ? "JSON_EXTRACT(%s, %s)"
                             : "JSON_UNQUOTE(JSON_EXTRACT(%s, %s))",
                         (nu__fragment[]){ column, path }, 2);
    else
        nu_raise(NU_NOT_SUPPORTED_ERROR, "keys of JSON are not supported on {}",
                 out->backend->display_name);
    return NU__SQL_OK;
}

const nu_expr *nu__json_key_of(const nu_expr *lhs, nu_str name)
{
    nu_expr *key = nu__expr_new(&nu__json_key, 1);

    key->name = name;
    key->output = nu__type_of(NU_JSON_FIELD);
    key->args[0] = (nu_expr *)lhs;
    return nu__expr_done(key);
}

const nu__expr_class nu__json_key = { "KeyTransform", NULL, key_sql, NULL, NULL };

nu_expr *KT(const char *lookup)
{
    nu__names names = nu__names_split(nu_copy_cstr(lookup));
    nu_expr *key = F(names.items[0].ptr);

    if (names.n < 2)
        nu_raise(NU_VALUE_ERROR, "Lookup must contain key or index transforms.");
    for (uint32_t i = 1; i < names.n; i++) {
        key = (nu_expr *)nu__json_key_of(key, names.items[i]);
        key->output = nu__type_of(NU_TEXT_FIELD);
    }
    return key;
}

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

/* Does a text stand as it is beside a key? On MySQL each is taken for a document. */
static bool stays_bare(nu_str text, const nu__compiler *out)
{
    return is_bare(text) && !out->backend->features->unquotes_json;
}

/* The parameter: JSON, but plain text beside a key as text. `template` of what is no bare text. */
static void add_json(const nu_expr *key, nu__compiler *out, nu_value value, const char *template)
{
    bool is_text = nu__expr_type(key)->type->type != NU_JSON_FIELD;
    nu_str text = is_text && value.kind != NU_KIND_NULL ? nu_string(value) : json_text(value);
    nu__fragment piece = nu__param_piece(nu_v_str(text));

    nu__sql_template(out, stays_bare(text, out) ? "%s" : template, &piece, 1);
}

void nu__json_document(nu__fragment *piece)
{
    nu__buf text = { 0 };

    for (size_t i = 0; i < piece->text.len; i++)
        if (piece->text.ptr[i] == '\x01')
            nu__buf_lit(&text, "JSON_EXTRACT(\x01, '$')");
        else
            nu__buf_char(&text, piece->text.ptr[i]);
    piece->text = nu__buf_str(&text);
}

/* Each parameter of another expression is taken for JSON; a key's are paths. */
static nu__sql_result key_rhs(const nu_expr *rhs, nu__compiler *out)
{
    nu__fragment piece;
    nu__sql_result result = nu__compile_apart(rhs, out, &piece);
    nu__buf text = { 0 };
    size_t n = 0;

    if (result != NU__SQL_OK)
        return result;
    for (size_t i = 0; i < piece.text.len; i++) {
        char c = piece.text.ptr[i];
        nu_value param = c == '\x01' ? piece.params.items[n++] : nu_null();

        if (c != '\x01' || rhs->klass == &nu__json_key ||
            (param.kind == NU_KIND_STR && stays_bare(param.s, out)))
            nu__buf_char(&text, c);
        else
            nu__buf_lit(&text, "JSON_EXTRACT(\x01, '$')");
    }
    piece.text = nu__buf_str(&text);
    if (rhs->klass != &nu__literal && piece.text.len && piece.text.ptr[0] != '(')
        piece.text = nu_fmt("({})", piece.text);
    nu__sql_piece(out, piece);
    return NU__SQL_OK;
}

nu__sql_result nu__key_exact_sql(const nu_expr *lookup, nu__compiler *out)
{
    nu__sql_result result;

    if (out->backend->features->has_json_operators)
        return nu__json_operator_compare(lookup, out);
    result = nu__lookup_lhs(lookup, out);
    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" = "));
    if (lookup->n_args > 1)
        return key_rhs(lookup->args[1], out);
    add_json(lookup->args[0], out, lookup->value, "JSON_EXTRACT(%s, '$')");
    return NU__SQL_OK;
}

static nu__sql_result key_item(const nu_expr *key, const nu_expr *expr, nu_value item,
                               nu__compiler *out)
{
    if (expr && expr->klass != &nu__literal)
        return nu__compile(expr, out);
    add_json(key, out, expr ? expr->value : item,
             out->backend->features->unquotes_json ? "JSON_UNQUOTE(JSON_EXTRACT(%s, '$'))"
                                                   : "JSON_EXTRACT(%s, '$')");
    return NU__SQL_OK;
}

nu__sql_result nu__in_items_sql(const nu_expr *lookup, nu__in_item *put, nu__compiler *out)
{
    const nu_expr *list = lookup->n_args > 1 ? lookup->args[1] : NULL;
    nu_list *items = list ? NULL : nu__distinct_items(lookup->value.list);
    size_t n = list ? list->n_args : nu_list_len(items);
    nu__sql_result result;

    if (!n)
        return NU__SQL_EMPTY;
    result = nu__lookup_lhs(lookup, out);
    nu__sql_text(out, S(" IN ("));
    for (size_t i = 0; i < n && result == NU__SQL_OK; i++) {
        if (i)
            nu__sql_text(out, S(", "));
        result = put(lookup->args[0], list ? list->args[i] : NULL,
                     list ? nu_null() : nu_at(items, i), out);
    }
    nu__sql_text(out, S(")"));
    return result;
}

nu__sql_result nu__key_in_sql(const nu_expr *lookup, nu__compiler *out)
{
    if (lookup->n_args > 1 && lookup->args[1]->klass != &nu__list_expr)
        return nu__in_sql(lookup, out);
    if (out->backend->features->has_json_operators)
        return nu__json_operator_in(lookup, out);
    return nu__in_items_sql(lookup, key_item, out);
}

/* Compared as a number or text, not as JSON. */
nu__sql_result nu__key_order_sql(const nu_expr *lookup, nu__compiler *out)
{
    nu__fragment rhs;
    nu__sql_result result;

    if (out->backend->features->has_json_operators)
        return nu__json_operator_compare(lookup, out);
    result = nu__lookup_lhs(lookup, out);
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
    pieces[1] = nu__param_piece(nu_v_str(path));
    nu__sql_template(out,
                     out->backend->dialect == NU__MYSQL ? "JSON_CONTAINS_PATH(%s, 'one', %s)"
                     : missing                          ? "JSON_TYPE(%s, %s) IS NULL"
                                                        : "JSON_TYPE(%s, %s) IS NOT NULL",
                     pieces, 2);
    return NU__SQL_OK;
}

/* A key that is null is there. */
nu__sql_result nu__key_null_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu_expr *key = lookup->args[0];

    if (out->backend->features->has_json_operators)
        return nu__json_operator_null(lookup, out);
    if (out->backend->dialect == NU__MYSQL)
        return nu__isnull_sql(lookup, out);
    return type_sql(key, path_of(key, out), nu__value_truth(lookup->value), out);
}

/* Keys on the right side are the way to one on the left, not what the rows have there. */
static nu__sql_result has_path_sql(const nu_expr *lookup, nu__compiler *out)
{
    nu__buf path = { 0 };

    nu__buf_str_add(&path, path_of(lookup->args[0], out));
    add_keys(&path, lookup->args[1]->args[0], out->backend->dialect == NU__SQLITE ? "#" : "");
    nu__buf_char(&path, '.');
    nu__json_str(&path, lookup->args[1]->name, &nu__json_dumps);
    return type_sql(lookup->args[0], nu__buf_str(&path), false, out);
}

nu__sql_result nu__has_key_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu_expr *lhs = lookup->args[0];
    bool one = !strcmp(lookup->lookup->name, "has_key");
    bool any = !strcmp(lookup->lookup->name, "has_any_keys");
    nu_list *keys = one ? NU_LIST(lookup->value) : nu__value_items(lookup->value);
    size_t n = keys ? nu_list_len(keys) : 0;

    if (out->backend->features->has_json_operators)
        return nu__json_operator_has(lookup, out);
    if (one && lookup->n_args > 1 && lookup->args[1]->klass == &nu__json_key)
        return has_path_sql(lookup, out);
    if (!keys)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", nu__kind_name(lookup->value.kind));
    if (n != 1)
        nu__sql_text(out, S("("));
    for (size_t i = 0; i < n; i++) {
        nu__buf path = { 0 };
        nu__sql_result result;

        nu__buf_str_add(&path, path_of(lhs, out));
        nu__buf_char(&path, '.');
        nu__json_str(&path, nu_string(nu_at(keys, i)), &nu__json_dumps);
        if (i)
            nu__sql_text(out, any ? S(" OR ") : S(" AND "));
        result = type_sql(lhs, nu__buf_str(&path), false, out);
        if (result != NU__SQL_OK)
            return result;
    }
    if (n != 1)
        nu__sql_text(out, S(")"));
    return NU__SQL_OK;
}

/* JSON_CONTAINS(column, document); contained_by has them the other way round. */
static nu__sql_result json_contains_sql(const nu_expr *lookup, nu__compiler *out)
{
    bool by = strcmp(lookup->lookup->name, "contained_by") == 0;
    nu__fragment lhs, rhs;
    nu__sql_result result = nu__compile_apart(lookup->args[0], out, &lhs);

    if (result == NU__SQL_OK && lookup->n_args > 1)
        result = nu__compile_apart(lookup->args[1], out, &rhs);
    else
        rhs = nu__param_piece(nu_v_str(json_text(lookup->value)));
    if (result == NU__SQL_OK)
        nu__sql_template(out, "JSON_CONTAINS(%s, %s)",
                         (nu__fragment[]){ by ? rhs : lhs, by ? lhs : rhs }, 2);
    return result;
}

nu__sql_result nu__json_unsupported_sql(const nu_expr *lookup, nu__compiler *out)
{
    if (out->backend->features->has_json_operators)
        return nu__json_operator_has(lookup, out);
    if (out->backend->dialect == NU__MYSQL)
        return json_contains_sql(lookup, out);
    nu_raise(NU_NOT_SUPPORTED_ERROR, "{} lookup is not supported on this database backend.",
             lookup->lookup->name);
}
