/* --sql: each statement with its time, as django.db.backends logs it. */
#include "cli/shell/session.h"

#include "cli/command.h"
#include "db/backends/base.h"

#include <stdio.h>

static nu__query_listener before;
static bool in_colour;

static void add_on_one_line(nu__buf *out, nu_str sql)
{
    for (size_t i = 0; i < sql.len; i++)
        nu__buf_char(out, sql.ptr[i] == '\n' || sql.ptr[i] == '\r' ? ' ' : sql.ptr[i]);
}

static void trace(void *arg, const nu__connection *connection, nu_str sql, nu_values params,
                  double seconds)
{
    nu__buf out = { 0 };

    (void)arg;
    nu__buf_fmt(&out, "({:.3f}) ", seconds);
    add_on_one_line(&out, sql);
    for (size_t i = 0; i < params.len; i++) {
        nu__buf value = { 0 };

        nu__buf_str_add(&out, i ? S(", ") : S("; args=("));
        connection->backend->operations->quote_value(&value, params.items[i]);
        add_on_one_line(&out, nu__buf_str(&value));
    }
    if (params.len)
        nu__buf_char(&out, ')');
    if (!nu_eq(nu_s(connection->alias), "default"))
        nu__buf_fmt(&out, "; alias={}", connection->alias);
    fprintf(stderr, "%s\n", nu__styled(NU_STYLE_HEADING, nu__buf_str(&out), in_colour).ptr);
    if (before.hook)
        before.hook(before.arg, connection, sql, params, seconds);
}

void nu__py_trace_sql(bool colour)
{
    in_colour = colour;
    before = nu__db_listen((nu__query_listener){ trace, NULL });
}
