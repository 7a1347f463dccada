/* connection.queries: the statements that ran, kept while someone asks for them. */
#include "cli/shell/orm/connections.h"
#include "cli/shell/orm/signals.h"
#include "db/backends/base.h"

typedef struct kept {
    const nu__connection *connection;
    nu__py queries; /* a list of {"sql": …, "time": …} */
    bool on;
    struct kept *next;
} kept;

/* The session's; its memory is the fiber's. */
static kept *all;
static bool listening;
static nu__query_listener before;

static kept *kept_of(const nu__connection *connection)
{
    for (kept *each = all; each; each = each->next)
        if (each->connection == connection)
            return each;
    return NULL;
}

/* ---- a statement with its parameters in place
 * ----------------------------------------------------
 */

/* The number of the placeholder that begins here ("?" is the next one), and its length. */
static size_t placeholder_at(nu_str rest, size_t *next, size_t *number)
{
    size_t len = 1;

    if (rest.ptr[0] == '?') {
        *number = ++*next;
        return 1;
    }
    if (rest.ptr[0] != '$')
        return 0;
    for (*number = 0; len < rest.len && rest.ptr[len] >= '0' && rest.ptr[len] <= '9'; len++)
        *number = *number * 10 + (size_t)(rest.ptr[len] - '0');
    return len > 1 ? len : 0;
}

static nu_str with_parameters(const nu__backend *backend, nu_str sql, nu_values params)
{
    nu__buf out = { 0 };
    size_t next = 0, number, len;
    char quote = 0;

    for (size_t i = 0; i < sql.len; i += len) {
        char c = sql.ptr[i];

        len = quote ? 0 : placeholder_at((nu_str){ sql.ptr + i, sql.len - i }, &next, &number);
        if (len && number - 1 < params.len) {
            backend->operations->quote_value(&out, params.items[number - 1]);
            continue;
        }
        if (c == '\'' || c == '"' || c == '`')
            quote = quote == c ? 0 : quote ? quote : c;
        nu__buf_char(&out, c);
        len = 1;
    }
    return nu__buf_str(&out);
}

/* ---- keeping ------------------------------------------------------------------------------------
 */

static void keep(void *arg, const nu__connection *connection, nu_str sql, nu_values params,
                 double seconds)
{
    kept *log = kept_of(connection);

    (void)arg;
    if (log && log->on) {
        nu__py entry = nu__py_dict_new(&nu__py_dict_type);

        nu__py_dict_set(entry.dict, nu__py_str(S("sql")),
                        nu__py_str(with_parameters(connection->backend, sql, params)));
        nu__py_dict_set(entry.dict, nu__py_str(S("time")), nu__py_str(nu_fmt("{:.3f}", seconds)));
        if (log->queries.list->len == NU__ORM_QUERIES_LIMIT)
            nu__py_del_item(log->queries, nu__py_int(0));
        nu__py_append(log->queries, entry);
    }
    if (before.hook)
        before.hook(before.arg, connection, sql, params, seconds);
}

static void listen(void)
{
    if (listening)
        return;
    before = nu__db_listen((nu__query_listener){ keep, NULL });
    listening = true;
}

void nu__orm_keep_queries(const nu__connection *connection, bool on)
{
    kept *log = kept_of(connection);

    if (!log) {
        log = nu_alloc(kept);
        *log = (kept){ connection, nu__py_list_new(&nu__py_list_type, 16), on, all };
        all = log;
    }
    log->on = on;
    if (on)
        listen();
}

bool nu__orm_queries_kept(const nu__connection *connection)
{
    const kept *log = kept_of(connection);

    return log && log->on;
}

nu__py nu__orm_queries_of(const nu__connection *connection)
{
    const kept *log = kept_of(connection);

    return log ? nu__py_collect(log->queries, &nu__py_list_type)
               : nu__py_list_new(&nu__py_list_type, 1);
}

void nu__orm_forget_queries(void)
{
    for (kept *each = all; each; each = each->next)
        each->queries = nu__py_list_new(&nu__py_list_type, 16);
}

void nu__orm_queries_end(void)
{
    if (listening)
        nu__db_listen(before);
    all = NULL;
    listening = false;
}

/* ---- CaptureQueriesContext ----------------------------------------------------------------------
 */

typedef struct capture {
    const nu__connection *connection;
    size_t from, to;
    bool ended, kept_before;
} capture;

static nu__py capture_make(nu__py self, const nu__py *args)
{
    capture *c = nu_alloc(capture);

    if (args[0].type != &nu__orm_connection_type)
        nu_raise(NU_TYPE_ERROR, "CaptureQueriesContext() needs a connection, not {}",
                 args[0].type->name);
    c->connection = nu__connection_of(args[0].cp);
    return nu__py_pointer(self.class_, c);
}

static nu__py capture_enter(nu__py self)
{
    capture *c = self.p;

    c->kept_before = nu__orm_queries_kept(c->connection);
    nu__orm_keep_queries(c->connection, true);
    c->from = kept_of(c->connection)->queries.list->len;
    c->ended = false;
    return self;
}

static bool capture_leave(nu__py self, nu__py error)
{
    capture *c = self.p;

    (void)error;
    c->to = kept_of(c->connection)->queries.list->len;
    c->ended = true;
    nu__orm_keep_queries(c->connection, c->kept_before);
    return false;
}

static nu__py captured(nu__py self)
{
    const capture *c = self.cp;
    const kept *log = kept_of(c->connection);
    size_t to = !log ? 0 : c->ended ? c->to : log->queries.list->len;
    nu__py out = nu__py_list_new(&nu__py_list_type, 16);

    for (size_t i = c->from; i < to && i < log->queries.list->len; i++)
        nu__py_append(out, log->queries.list->items[i]);
    return out;
}

static int64_t capture_length(nu__py self)
{
    return (int64_t)captured(self).list->len;
}

static nu__py capture_item(nu__py self, nu__py key)
{
    return nu__py_item(captured(self), key);
}

static nu__py capture_iterate(nu__py self)
{
    return nu__py_iterate(captured(self));
}

static const nu__py_type capture_type = {
    .name = "CaptureQueriesContext",
    .module = "django.test.utils",
    .signature = "connection",
    .make = capture_make,
    .attributes = (const nu__py_attribute[]){ { "captured_queries", captured }, { 0 } },
    .enter = capture_enter,
    .leave = capture_leave,
    .length = capture_length,
    .item = capture_item,
    .iterate = capture_iterate,
};

const nu__py_module_row nu__orm_test_utils_module = {
    .name = "django.test.utils",
    .types = (const nu__py_type *const[]){ &capture_type, NULL },
};
