/* explain(): how the database would run a query. */
#include "db/models/queryset.h"

#include "core/json.h"
#include "core/object.h"
#include <nuages/json.h>

#include <stdlib.h>
#include <string.h>

/* Names of options go into the statement: letters, digits, "_" and "-", and no comment. */
static void check_option(nu_str name)
{
    bool ok = name.len && !memmem(name.ptr, name.len, "--", 2);

    for (size_t i = 0; ok && i < name.len; i++) {
        char c = name.ptr[i];

        ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
             c == '_' || c == '-' || (unsigned char)c >= 0x80;
    }
    if (!ok)
        nu_raise(NU_VALUE_ERROR, "Invalid option name: {!r}.", name);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const nu_str *)a)->ptr, ((const nu_str *)b)->ptr);
}

static NU_NORETURN void unknown_options(const nu_dict *options)
{
    size_t n = nu_dict_len(options);
    nu_str *names = nu_alloc_array(nu_str, n);
    nu__buf out = { 0 };

    for (size_t i = 0; i < n; i++)
        names[i] = nu_copy(nu_dict_key(options, i));
    qsort(names, n, sizeof(*names), by_text);
    for (size_t i = 0; i < n; i++)
        nu__buf_fmt(&out, "{}{}", i ? ", " : "", names[i]);
    nu_raise(NU_VALUE_ERROR, "Unknown options: {}", nu__buf_str(&out));
}

static bool is_among(const char *const *names, nu_str name)
{
    for (; names && *names; names++)
        if (nu_eq(nu_upper(name), *names))
            return true;
    return false;
}

static void check_format(const nu__backend *backend, const char *format)
{
    const char *const *formats = backend->operations->explain_formats;
    nu__buf allowed = { 0 };

    if (!format || is_among(formats, nu_s(format)))
        return;
    for (; formats && *formats; formats++)
        nu__buf_fmt(&allowed, "{}{}", allowed.len ? ", " : "", *formats);
    nu_raise(NU_VALUE_ERROR, "{} is not a recognized format.{}", nu_upper(nu_s(format)),
             allowed.len ? nu_fmt(" Allowed formats: {}", nu__buf_str(&allowed))
                         : nu_fmt(" {} does not support any formats.", backend->display_name));
}

static void add_option(nu__buf *out, const char *name, nu_str value)
{
    nu__buf_fmt(out, "{}{} {}", out->len ? ", " : "", name, value);
}

static bool value_of_option(const nu_dict *options, const char *name, nu_value *out)
{
    for (size_t i = 0; i < nu_dict_len(options); i++)
        if (nu_eq(nu_upper(nu_dict_key(options, i)), name)) {
            *out = nu_dict_value(options, i);
            return true;
        }
    return false;
}

static void check(const nu__backend *backend, const char *format, const nu_dict *options)
{
    for (size_t i = 0; i < nu_dict_len(options); i++)
        check_option(nu_dict_key(options, i));
    check_format(backend, format);
    for (size_t i = 0; i < nu_dict_len(options); i++)
        if (!is_among(backend->operations->explain_options, nu_dict_key(options, i)))
            unknown_options(options);
}

/* The prefix of the statement: "EXPLAIN (ANALYZE true, FORMAT JSON) ". */
static nu_str prefix(const nu__backend *backend, const char *format, const nu_dict *options)
{
    const char *const *known = backend->operations->explain_options;
    nu__buf out = { 0 };
    nu_value value;

    if (backend->operations->explain_prefix)
        return backend->operations->explain_prefix(format ? nu_upper(nu_s(format)).ptr : NULL,
                                                   value_of_option(options, "ANALYZE", &value) &&
                                                       nu__value_truth(value));
    for (; known && *known; known++)
        if (value_of_option(options, *known, &value))
            add_option(&out, *known, nu__value_truth(value) ? S("true") : S("false"));
    if (format)
        add_option(&out, "FORMAT", nu_upper(nu_s(format)));
    return out.len ? nu_fmt("{}({}) ", backend->operations->explain, nu__buf_str(&out))
                   : nu_s(backend->operations->explain);
}

/* As Python's json.dumps() has it, for the format that is JSON. */
static void add_cell(nu__buf *out, const nu__backend *backend, const nu__cell *cell, bool json)
{
    nu_value value = nu__cell_value(cell);

    if (json && value.kind == NU_KIND_STR && backend->operations->explains_in_json)
        value = nu_json_read(value.s);
    if (json)
        nu__json_value(out, value, &nu__json_dumps);
    else
        nu__buf_value(out, value);
}

nu_str nu_explain_(nu_query *query, const char *format, const nu_dict *options)
{
    nu__connection *connection = nu__query_connection(query);
    const nu__backend *backend = connection->backend;
    bool json = format && nu_eq(nu_lower(nu_s(format)), "json");
    nu__compiled compiled;
    nu__buf out = { 0 };
    nu__rows *rows;

    check(backend, format, options);
    compiled = nu__compile_select(nu__query_tree(query), backend);
    if (compiled.result != NU__SQL_OK)
        return S("");
    rows = nu__db_query(connection, nu_fmt("{}{}", prefix(backend, format, options), compiled.sql),
                        compiled.params);
    while (nu__rows_next(rows)) {
        if (out.len)
            nu__buf_char(&out, '\n');
        for (uint32_t i = 0; i < rows->n_columns; i++) {
            nu__buf_str_add(&out, i ? S(" ") : S(""));
            add_cell(&out, backend, &rows->cells[i], json);
        }
    }
    nu__rows_close(rows);
    return nu__buf_str(&out);
}
