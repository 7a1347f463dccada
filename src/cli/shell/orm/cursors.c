/* Cursors: SQL of one's own, as the DB-API has them. */
#include "cli/shell/orm/connections.h"
#include "db/backends/base.h"

#include <string.h>

typedef struct cursor {
    nu__connection *connection;
    nu__py rows; /* a list of tuples; absent before the first statement */
    nu__py description;
    size_t at;
    int64_t rowcount;
    nu__py lastrowid; /* None before the first statement */
    bool closed;
} cursor;

static nu__dialect dialect_of(const cursor *c)
{
    return c->connection->backend->dialect;
}

/* What the calls give is the driver's own affair: sqlite3's, psycopg's, MySQLdb's. */
typedef enum given { GIVES_CURSOR, GIVES_COUNT, GIVES_NOTHING } given;

static const struct {
    given one, many; /* of execute() and executemany() */
    nu_error_class closed_class;
    const char *closed;
    const char *no_last_id; /* NULL: it has lastrowid */
} drivers[NU__DIALECT_COUNT] = {
    [NU__SQLITE] = { GIVES_CURSOR, GIVES_CURSOR, NU_PROGRAMMING_ERROR,
                     "Cannot operate on a closed cursor.", NULL },
    [NU__POSTGRESQL] = { GIVES_CURSOR, GIVES_NOTHING, NU_INTERFACE_ERROR, "the cursor is closed",
                         "'Cursor' object has no attribute 'lastrowid'" },
    [NU__MYSQL] = { GIVES_COUNT, GIVES_COUNT, NU_PROGRAMMING_ERROR, "cursor closed", NULL },
};

static nu__py given_by(nu__py self, given what)
{
    return what == GIVES_CURSOR  ? self
           : what == GIVES_COUNT ? nu__py_int(((cursor *)self.p)->rowcount)
                                 : nu__py_none();
}

static bool gives_rows(nu_str sql)
{
    static const char *const words[] = { "SELECT", "PRAGMA", "EXPLAIN", "WITH", "VALUES" };
    nu_str text = nu_upper(nu_trim(sql));

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nu_starts_with(text, nu_s(words[i])))
            return true;
    return memmem(text.ptr, text.len, "RETURNING", 9) != NULL;
}

static nu__py row_of(const nu__rows *rows)
{
    nu__py out = nu__py_list_new(&nu__py_tuple_type, rows->n_columns);

    for (uint32_t i = 0; i < rows->n_columns; i++)
        nu__py_append(out, nu__py_of(nu__cell_value(&rows->cells[i])));
    return out;
}

/* (name, None, None, None, None, None, None), as the DB-API has it. */
static nu__py describe(const nu__rows *rows)
{
    nu__py out = nu__py_list_new(&nu__py_tuple_type, rows->n_columns);

    for (uint32_t i = 0; i < rows->n_columns; i++) {
        nu__py column = nu__py_list_new(&nu__py_tuple_type, 7);

        nu__py_append(column, nu__py_str(nu_copy(nu__rows_name(rows, i))));
        for (int k = 1; k < 7; k++)
            nu__py_append(column, nu__py_none());
        nu__py_append(out, column);
    }
    return out;
}

static void read_rows(cursor *c, nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(c->connection, sql, params);

    nu_defer(nu__rows_close, rows);
    c->rows = nu__py_list_new(&nu__py_list_type, 16);
    c->description = describe(rows);
    while (nu__rows_next(rows))
        nu__py_append(c->rows, row_of(rows));
    c->rowcount = dialect_of(c) == NU__SQLITE ? -1 : (int64_t)c->rows.list->len;
    if (NU__PY_IS(c->lastrowid, none))
        c->lastrowid = nu__py_int(0);
}

/* rowcount counts rows that DML wrote, to SQLite. */
static bool is_dml(nu_str sql)
{
    static const char *const words[] = { "INSERT", "UPDATE", "DELETE", "REPLACE" };
    nu_str text = nu_upper(nu_trim(sql));

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nu_starts_with(text, nu_s(words[i])) ||
            (nu_starts_with(text, S("WITH")) &&
             memmem(text.ptr, text.len, words[i], strlen(words[i]))))
            return true;
    return false;
}

static void write_rows(cursor *c, nu_str sql, nu_values params)
{
    int64_t id = 0;

    c->rowcount = nu__db_execute(c->connection, sql, params, &id);
    c->lastrowid = nu__py_int(id);
    if (dialect_of(c) == NU__SQLITE && !is_dml(sql))
        c->rowcount = -1;
}

/* "%s" and "%%" are Django's only where there are parameters. */
static nu_str converted(const cursor *c, nu_str sql, nu__py params)
{
    return nu__orm_is_none(params) ? nu_copy(sql)
                                   : c->connection->backend->operations->convert_query(sql);
}

static nu__py close_cursor(nu__py self, const nu__py *args)
{
    (void)args;
    ((cursor *)self.p)->closed = true;
    return nu__py_none();
}

static cursor *open_cursor(nu__py self)
{
    cursor *c = self.p;

    if (c->closed)
        nu_raise(drivers[dialect_of(c)].closed_class, "{}", drivers[dialect_of(c)].closed);
    return c;
}

static nu__py execute(nu__py self, const nu__py *args)
{
    cursor *c = open_cursor(self);
    nu_str sql = nu__py_as_str(args[0], "execute()");
    nu_values params = nu__orm_params(args[1], &sql);

    sql = converted(c, sql, args[1]);
    c->at = 0;
    c->rows = c->description = nu__py_none();
    if (gives_rows(sql))
        read_rows(c, sql, params);
    else
        write_rows(c, sql, params);
    return given_by(self, drivers[dialect_of(c)].one);
}

/* MySQLdb: a query at a time, of which the rows of the last are kept and all are counted. */
static void query_many(cursor *c, nu_str sql, const nu_values *params, size_t n)
{
    int64_t rowcount = 0;

    for (size_t i = 0; i < n; i++) {
        read_rows(c, sql, params[i]);
        rowcount += c->rowcount;
    }
    c->rowcount = rowcount;
}

static nu__py execute_many(nu__py self, const nu__py *args)
{
    cursor *c = open_cursor(self);
    nu__py lists = nu__py_collect(args[1], &nu__py_list_type);
    nu_values *params = nu_alloc_array(nu_values, lists.list->len + 1);
    nu_str sql = nu__py_as_str(args[0], "executemany()");

    if (dialect_of(c) == NU__SQLITE && gives_rows(sql) && !is_dml(sql))
        nu_raise(NU_PROGRAMMING_ERROR, "executemany() can only execute DML statements.");
    for (size_t i = 0; i < lists.list->len; i++)
        params[i] = nu__orm_values(lists.list->items[i]);
    c->at = 0;
    c->rows = c->description = nu__py_none();
    if (dialect_of(c) == NU__MYSQL && !lists.list->len)
        return nu__py_none();
    if (dialect_of(c) == NU__MYSQL && gives_rows(sql)) {
        query_many(c, converted(c, sql, args[1]), params, lists.list->len);
        return given_by(self, drivers[NU__MYSQL].many);
    }
    c->rowcount =
        nu__db_execute_many(c->connection, converted(c, sql, args[1]), params, lists.list->len);
    if (dialect_of(c) == NU__SQLITE && !is_dml(sql))
        c->rowcount = -1;
    return given_by(self, drivers[dialect_of(c)].many);
}

static nu__py take(cursor *c, size_t most)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 16);

    if (!NU__PY_IS(c->rows, list))
        return out;
    for (; out.list->len < most && c->at < c->rows.list->len; c->at++)
        nu__py_append(out, c->rows.list->items[c->at]);
    return out;
}

static nu__py fetch_one(nu__py self, const nu__py *args)
{
    nu__py rows = take(open_cursor(self), 1);

    (void)args;
    return rows.list->len ? rows.list->items[0] : nu__py_none();
}

static nu__py fetch_many(nu__py self, const nu__py *args)
{
    int64_t size = nu__py_int_or(args[0], 100, "size");

    return take(open_cursor(self), size < 0 ? SIZE_MAX : (size_t)size);
}

static nu__py fetch_all(nu__py self, const nu__py *args)
{
    (void)args;
    return take(open_cursor(self), SIZE_MAX);
}

static nu__py get_description(nu__py self)
{
    return ((cursor *)self.p)->description;
}

static nu__py get_rowcount(nu__py self)
{
    return nu__py_int(((cursor *)self.p)->rowcount);
}

static nu__py get_lastrowid(nu__py self)
{
    const cursor *c = self.p;

    if (drivers[dialect_of(c)].no_last_id)
        nu_raise(NU_ATTRIBUTE_ERROR, "{}", drivers[dialect_of(c)].no_last_id);
    return c->lastrowid;
}

static nu__py cursor_enter(nu__py self)
{
    return self;
}

static bool cursor_leave(nu__py self, nu__py error)
{
    (void)self, (void)error;
    return false;
}

static nu__py cursor_iterate(nu__py self)
{
    return nu__py_iterate(take(open_cursor(self), SIZE_MAX));
}

static const nu__py_method cursor_methods[] = {
    { "execute", "sql, params=", execute },
    { "executemany", "sql, param_list", execute_many },
    { "fetchone", NULL, fetch_one },
    { "fetchmany", "size=", fetch_many },
    { "fetchall", NULL, fetch_all },
    { "close", NULL, close_cursor },
    { 0 },
};

static const nu__py_attribute cursor_attributes[] = { { "description", get_description },
                                                      { "rowcount", get_rowcount },
                                                      { "lastrowid", get_lastrowid },
                                                      { 0 } };

static const nu__py_type cursor_type = { .name = "CursorWrapper",
                                         .module = "django.db.backends.utils",
                                         .methods = cursor_methods,
                                         .attributes = cursor_attributes,
                                         .iterate = cursor_iterate,
                                         .enter = cursor_enter,
                                         .leave = cursor_leave };

nu__py nu__orm_cursor(nu__connection *connection)
{
    cursor *c = nu_alloc(cursor);

    *c = (cursor){ .connection = connection,
                   .rows = nu__py_none(),
                   .description = nu__py_none(),
                   .lastrowid = nu__py_none(),
                   .rowcount = -1 };
    return nu__py_pointer(&cursor_type, c);
}

nu__connection *nu__orm_cursor_connection(nu__py value)
{
    if (value.type != &cursor_type)
        nu_raise(NU_TYPE_ERROR, "expected a cursor, got {}", value.type->name);
    return open_cursor(value)->connection;
}
