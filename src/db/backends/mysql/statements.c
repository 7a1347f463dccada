#include "core/context.h"
#include "core/fault.h"
#include "core/text.h"
#include "db/backends/mysql/mysql.h"

#include <mysqld_error.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static nu__mysql_statement *of_entry(nu__cached_statement *entry)
{
    return (nu__mysql_statement *)(void *)entry;
}

/* ---- closing ------------------------------------------------------------------------------ */

static void free_statement(nu__mysql_statement *statement)
{
    nu__columns_unref(statement->columns);
    free(statement->cells);
    free(statement);
}

typedef struct closing {
    nu__mysql *handle;
    MYSQL_STMT *stmt;
} closing;

static void close_at_server(void *arg)
{
    const closing *closing = arg;
    my_bool failed = 0;

    NU__MYSQL_CALL(closing->handle, mysql_stmt_close, failed, closing->stmt);
}

/* COM_STMT_CLOSE has no answer: this waits only where the socket is full. On a lost connection the
   memory is freed with the connection. */
static void close_statement(nu__mysql *handle, nu__mysql_statement *statement)
{
    closing closing = { handle, statement->stmt };

    nu__fiber_shield();
    if (!handle->lost)
        (void)nu__guard(close_at_server, &closing);
    nu__fiber_unshield();
    free_statement(statement);
}

/* mysql_close() has cut its statements off: closing them frees their memory only. */
void nu__mysql_cache_clear(nu__mysql *handle)
{
    while (handle->cache.newest) {
        nu__mysql_statement *statement = of_entry(handle->cache.newest);

        nu__statement_remove(&handle->cache, &statement->entry);
        mysql_stmt_close(statement->stmt);
        free_statement(statement);
    }
}

/* ---- keeping ------------------------------------------------------------------------------ */

static bool make_room(nu__mysql *handle)
{
    nu__cached_statement *entry;

    if (handle->cache.n < NU__MYSQL_CACHE)
        return true;
    entry = nu__statement_oldest_idle(&handle->cache);
    if (!entry)
        return false;
    nu__statement_remove(&handle->cache, entry);
    close_statement(handle, of_entry(entry));
    return true;
}

static bool worth_keeping(const nu__mysql_statement *statement)
{
    return statement->entry.sql.len <= NU__MYSQL_CACHED_TEXT &&
           mysql_stmt_param_count(statement->stmt) <= NU__MYSQL_CACHED_PARAMS;
}

static void remember(nu__mysql *handle, nu__mysql_statement *statement)
{
    if (worth_keeping(statement) && make_room(handle))
        nu__statement_add(&handle->cache, &statement->entry);
}

/* ---- sessions ------------------------------------------------------------------------------ */

/* How a statement begins that leaves something behind, or may: who reads past a comment? */
static const char *const beginnings[] = {
    "SET",
    "USE",
    "LOCK",
    "CREATE TEMPORARY",
    "CREATE OR REPLACE TEMPORARY",
    "PREPARE",
    "EXECUTE",
    "CALL",
    "HANDLER",
    "BEGIN NOT",
    "FLUSH",
    "/*",
    "-- ",
    "#",
};

/* What such a one holds: variables, locks. */
static const char *const holdings[] = { ":=", "get_lock", "into @" };

static bool begins_with(nu_str text, const char *beginning)
{
    return nu__eq_ignore_ascii_case(nu__utf8_cut(text, strlen(beginning)), nu_s(beginning));
}

static bool holds_one(nu_str text)
{
    for (; text.len; text = (nu_str){ text.ptr + 1, text.len - 1 })
        for (size_t i = 0; i < sizeof holdings / sizeof *holdings; i++)
            if ((text.ptr[0] | ' ') == (holdings[i][0] | ' ') && text.len >= strlen(holdings[i]) &&
                strncasecmp(text.ptr, holdings[i], strlen(holdings[i])) == 0)
                return true;
    return false;
}

/* What is over-careful costs a connection, no more. */
bool nu__mysql_changes_session(nu_str sql)
{
    nu_str text = nu_trim(sql);

    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (begins_with(text, beginnings[i]))
            return true;
    return holds_one(text);
}

/* ---- preparing ---------------------------------------------------------------------------- */

typedef struct preparing {
    nu__mysql *handle;
    nu__mysql_statement *statement;
} preparing;

/* A raise in the middle leaves the connection lost, and the statement to be freed after it: it
   goes into the cache's list for that. */
static void drop_unprepared(void *arg)
{
    preparing *preparing = arg;
    nu__mysql_statement *statement = preparing->statement;

    if (!preparing->handle->lost) {
        mysql_stmt_close(statement->stmt);
        free_statement(statement);
        return;
    }
    nu__statement_add(&preparing->handle->cache, &statement->entry);
}

static nu__mysql_statement *new_statement(nu__mysql *handle, nu_str sql)
{
    nu__mysql_statement *statement = nu__statement_new(sizeof *statement, sql);

    if (statement)
        statement->stmt = mysql_stmt_init(handle->mysql);
    if (!statement || !statement->stmt) {
        free(statement);
        nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
    }
    statement->entry.users = 1;
    statement->changes_session = nu__mysql_changes_session(sql);
    return statement;
}

static nu__mysql_statement *prepare(nu__mysql *handle, nu_str sql)
{
    preparing preparing = { handle, new_statement(handle, sql) };
    MYSQL_STMT *stmt = preparing.statement->stmt;
    size_t slot = nu__cleanup_push(drop_unprepared, &preparing);
    int failed = 0;

    NU__MYSQL_CALL(handle, mysql_stmt_prepare, failed, stmt, sql.ptr, sql.len);
    if (failed && mysql_stmt_errno(stmt) != ER_UNSUPPORTED_PS)
        nu__mysql_raise_statement(handle, stmt);
    nu__cleanup_pop(slot);
    if (!failed)
        return preparing.statement;
    drop_unprepared(&preparing);
    return NULL;
}

nu__mysql_statement *nu__mysql_prepare(nu__mysql *handle, nu_str sql)
{
    nu__mysql_statement *statement = of_entry(nu__statement_take(&handle->cache, sql));

    if (statement)
        return statement;
    statement = prepare(handle, sql);
    if (statement)
        remember(handle, statement);
    return statement;
}

/* ---- columns ------------------------------------------------------------------------------ */

static bool same_columns(const nu__mysql_statement *statement, const MYSQL_FIELD *fields,
                         unsigned n)
{
    const nu__columns *columns = statement->columns;

    if (!columns || columns->n != n)
        return false;
    for (unsigned i = 0; i < n; i++)
        if (columns->names[i].len != fields[i].name_length ||
            memcmp(columns->names[i].ptr, fields[i].name, fields[i].name_length) != 0)
            return false;
    return true;
}

void nu__mysql_statement_refresh(nu__mysql_statement *statement)
{
    unsigned n = mysql_stmt_field_count(statement->stmt);
    const MYSQL_FIELD *fields = mariadb_stmt_fetch_fields(statement->stmt);
    const char **names;

    if (!fields || same_columns(statement, fields, n))
        return;
    names = nu_alloc_array(const char *, 2 * (size_t)n);
    for (unsigned i = 0; i < n; i++)
        names[i] = fields[i].name;
    nu__columns_unref(statement->columns);
    free(statement->cells);
    statement->columns = nu__columns_new(n, names, names + n);
    statement->cells = nu__malloc_zeroed(n * (sizeof *statement->cells + 24));
    if (!statement->columns || !statement->cells)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
    statement->digits = (void *)(statement->cells + n);
}

void nu__mysql_forget(nu__mysql *handle, nu__mysql_statement *statement)
{
    if (statement->entry.cached)
        nu__statement_remove(&handle->cache, &statement->entry);
}

void nu__mysql_statement_done(nu__mysql *handle, nu__mysql_statement *statement)
{
    if (!handle->lost)
        mysql_stmt_free_result(statement->stmt);
    statement->entry.users = 0;
    if (statement->entry.cached)
        return;
    if (handle->lost)
        drop_unprepared(&(preparing){ handle, statement });
    else
        close_statement(handle, statement);
}
