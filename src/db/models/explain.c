/* explain(): how the database would run a query. */
#include "db/models/queryset.h"

#include "core/object.h"

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

/* The prefix of the statement. SQLite knows neither formats nor options. */
static nu_str prefix(const nu__backend *backend, const char *format, const nu_dict *options)
{
    for (size_t i = 0; i < nu_dict_len(options); i++)
        check_option(nu_dict_key(options, i));
    if (format)
        nu_raise(NU_VALUE_ERROR, "{} is not a recognized format. {} does not support any formats.",
                 nu_upper(nu_s(format)), backend->display_name);
    if (nu_dict_len(options))
        unknown_options(options);
    return nu_s(backend->operations->explain);
}

nu_str nu_explain_(nu_query *query, const char *format, const nu_dict *options)
{
    nu__connection *connection = nu__query_connection(query);
    nu_str head = prefix(connection->backend, format, options);
    nu__compiled compiled = nu__compile_select(nu__query_tree(query), connection->backend);
    nu__buf out = { 0 };
    nu__rows *rows;

    if (compiled.result != NU__SQL_OK)
        return S("");
    rows = nu__db_query(connection, nu_fmt("{}{}", head, compiled.sql), compiled.params);
    while (nu__rows_next(rows)) {
        if (out.len)
            nu__buf_char(&out, '\n');
        for (uint32_t i = 0; i < rows->n_columns; i++)
            nu__buf_fmt(&out, "{}{}", i ? " " : "", nu__cell_value(&rows->cells[i]));
    }
    nu__rows_close(rows);
    return nu__buf_str(&out);
}
