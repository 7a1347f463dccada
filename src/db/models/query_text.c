/* str(queryset.query): the SELECT with its parameters in their places, for people to read. */
#include "db/models/queryset.h"

#include "core/object.h"

/* Where a placeholder ends that begins at `at`: "?", "$1", "%s"; `at` when none does. */
static size_t placeholder_end(nu_str sql, size_t at)
{
    size_t end = at + 1;

    if (sql.ptr[at] == '?')
        return end;
    if (sql.ptr[at] != '$')
        return at;
    while (end < sql.len && sql.ptr[end] >= '0' && sql.ptr[end] <= '9')
        end++;
    return end > at + 1 ? end : at;
}

nu_str nu__query_sql(const nu_query *query)
{
    nu__compiled compiled;
    nu__buf out = { 0 };
    size_t param = 0;
    char quote = 0;

    if (!query->tree)
        return query->raw_sql;
    compiled = nu__compile_select(query->tree, nu__query_connection(query)->backend);
    if (compiled.result == NU__SQL_EMPTY)
        nu_raise(NU_EMPTY_RESULT_SET, "the query matches nothing: there is no SQL");
    for (size_t i = 0; i < compiled.sql.len;) {
        char c = compiled.sql.ptr[i];
        size_t end = quote ? i : placeholder_end(compiled.sql, i);

        if (end > i && param < compiled.params.len) {
            nu__buf_str_add(&out, nu_string(compiled.params.items[param++]));
            i = end;
            continue;
        }
        if (c == '"' || c == '\'')
            quote = !quote ? c : quote == c ? 0 : quote;
        nu__buf_char(&out, c);
        i++;
    }
    return nu__buf_str(&out);
}
