#include "db/connection.h"

#include "core/arena.h"
#include "core/fault.h"
#include "db/enclosure.h"

#include <stdlib.h>
#include <string.h>

/* Result sets that wait for the next query, each with its batch; larger batches are not kept. */
#define KEPT_ROWS  8
#define KEPT_BATCH 262144

typedef struct nu__rows_impl {
    nu__rows rows;
    nu__open_rows *open; /* NULL: read to the end, or closed */
} nu__rows_impl;

static nu__open_rows *free_rows;
static size_t n_free_rows;

static nu__open_rows *take_open(nu__session *session)
{
    nu__open_rows *open = free_rows;

    if (open) {
        free_rows = open->next;
        n_free_rows--;
    } else {
        open = nu__malloc_zeroed(sizeof *open);
        if (!open)
            nu_raise(NU_MEMORY_ERROR, "out of memory for the rows of a query");
    }
    open->session = session;
    open->prev = NULL;
    open->next = session->rows;
    if (open->next)
        open->next->prev = open;
    session->rows = open;
    return open;
}

static void give_open(nu__open_rows *open)
{
    nu__batch batch = open->result.batch;

    if (batch.size > KEPT_BATCH || n_free_rows == KEPT_ROWS) {
        free(batch.data);
        batch = (nu__batch){ 0 };
    }
    if (n_free_rows == KEPT_ROWS) {
        free(open);
        return;
    }
    *open = (nu__open_rows){ .next = free_rows,
                             .result.batch = { .data = batch.data, .size = batch.size } };
    free_rows = open;
    n_free_rows++;
}

static void unlink_open(nu__open_rows *open)
{
    *(open->prev ? &open->prev->next : &open->session->rows) = open->next;
    if (open->next)
        open->next->prev = open->prev;
}

/* The statement is done: nothing holds the handle any more but a transaction. */
static void statement_ended(nu__open_rows *open)
{
    if (!open->own)
        return;
    open->own = false;
    open->session->n_live--;
    nu__session_settle(open->session);
}

static const nu__driver *driver_of(const nu__open_rows *open)
{
    return open->session->connection.database->driver;
}

static nu__handle *handle_of(const nu__open_rows *open)
{
    return open->own ? open->session->handle : NULL;
}

void nu__open_rows_close(nu__open_rows *open)
{
    if (open->result.statement) {
        driver_of(open)->finish(handle_of(open), &open->result);
        open->result.statement = NULL;
        statement_ended(open);
    }
    nu__columns_unref(open->result.columns);
    unlink_open(open);
    give_open(open);
}

void nu__rows_close(void *arg)
{
    nu__rows_impl *rows = arg;
    nu__open_rows *open = rows ? rows->open : NULL;

    if (!open)
        return;
    rows->open = NULL;
    nu__open_rows_close(open);
}

static void query_failed(void *arg)
{
    nu__rows_impl *rows = arg;

    rows->open->result.statement = NULL;
    statement_ended(rows->open);
    nu__rows_close(rows);
}

/* On a handle of the session's own, which the rows keep until they are read. */
static void run_on_own(nu__session *session, nu__rows_impl *rows, nu_str sql, nu_values params)
{
    nu__handle *handle = nu__session_handle(session);
    bool savepoint = nu__enclosure_before(session, sql);
    size_t slot, undo = 0;

    if (savepoint)
        undo = nu__cleanup_push(nu__enclosure_undo, session);
    rows->open->own = true;
    session->n_live++;
    slot = nu__cleanup_push(query_failed, rows);
    handle->database->driver->query(handle, &rows->open->result, sql, params);
    if (savepoint)
        nu__enclosure_after(session);
    nu__cleanup_pop(slot);
    if (savepoint)
        nu__cleanup_pop(undo);
    if (!rows->open->result.statement || rows->open->result.detached)
        statement_ended(rows->open);
}

/* On one that other fibers use too: the rows are all there then. */
static void run_shared(nu__handle *handle, nu__rows_impl *rows, nu_str sql, nu_values params)
{
    size_t slot = nu__cleanup_push(nu__session_unshare, handle);
    size_t failed = nu__cleanup_push(query_failed, rows);

    handle->database->metrics.statements_shared++;
    handle->database->driver->query(handle, &rows->open->result, sql, params);
    nu__cleanup_pop(failed);
    nu__cleanup_pop(slot);
    nu__session_unshare(handle);
}

static void close_unopened(void *arg)
{
    nu__rows_close(arg);
}

static nu__rows_impl *open_rows(nu__connection *connection, nu_str sql, nu_values params,
                                nu__sink *sink)
{
    nu__session *session = nu__session_of(connection);
    nu__rows_impl *rows = nu_alloc(nu__rows_impl);
    nu__handle *shared;
    double began;

    nu__session_check(session);
    began = nu__session_listen_begin(session);
    shared = nu__session_share(session, sql, params);
    rows->open = take_open(session);
    rows->open->result.sink = sink;
    if (shared) {
        run_shared(shared, rows, sql, params);
    } else {
        size_t slot = nu__cleanup_push(close_unopened, rows);

        run_on_own(session, rows, sql, params);
        nu__cleanup_pop(slot);
    }
    nu__session_listen_end(session, sql, params, began);
    rows->open->at = UINT32_MAX;
    rows->rows.n_columns = rows->open->result.batch.n_columns;
    rows->rows.last_id = rows->open->result.last_id;
    return rows;
}

nu__rows *nu__db_query(nu__connection *connection, nu_str sql, nu_values params)
{
    return &open_rows(connection, sql, params, NULL)->rows;
}

static void fetch(nu__rows_impl *rows)
{
    nu__open_rows *open = rows->open;
    size_t slot = nu__cleanup_push(query_failed, rows);

    driver_of(open)->fetch(handle_of(open), &open->result);
    nu__cleanup_pop(slot);
    open->at = 0;
    if (!open->result.statement)
        statement_ended(open);
}

void nu__db_query_into(nu__connection *connection, nu_str sql, nu_values params, nu__sink *sink)
{
    nu__rows_impl *rows = open_rows(connection, sql, params, sink);
    size_t slot = nu__cleanup_push(nu__rows_close, rows);

    while (rows->open->result.statement && sink->more(sink))
        fetch(rows);
    nu__cleanup_pop(slot);
    nu__rows_close(rows);
}

bool nu__rows_next(nu__rows *head)
{
    nu__rows_impl *rows = (nu__rows_impl *)head;
    nu__open_rows *open = rows->open;

    if (!open)
        return false;
    open->at++;
    while (open->at >= open->result.batch.n_rows) {
        if (!open->result.statement) {
            nu__rows_close(rows);
            return false;
        }
        fetch(rows);
    }
    rows->rows.cells = (const nu__cell *)(const void *)open->result.batch.data +
                       (size_t)open->at * open->result.batch.n_columns;
    return true;
}

static nu_str column_text(const nu__rows *head, uint32_t column, bool type)
{
    const nu__open_rows *open = ((const nu__rows_impl *)head)->open;
    const nu__columns *columns = open ? open->result.columns : NULL;

    if (!columns || column >= columns->n)
        return (nu_str){ 0 };
    return type ? columns->types[column] : columns->names[column];
}

nu_str nu__rows_name(const nu__rows *rows, uint32_t column)
{
    return column_text(rows, column, false);
}

nu_str nu__rows_type(const nu__rows *rows, uint32_t column)
{
    return column_text(rows, column, true);
}

/* ---- columns ------------------------------------------------------------------------------ */

static size_t text_size(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static nu_str put_text(char **at, const char *text)
{
    size_t size = text_size(text);
    nu_str kept = { text ? *at : NULL, size ? size - 1 : 0 };

    if (size)
        memcpy(*at, text, size);
    *at += size;
    return kept;
}

nu__columns *nu__columns_new(uint32_t n, const char *const *names, const char *const *types)
{
    size_t size = sizeof(nu__columns) + 2 * (size_t)n * sizeof(nu_str);
    nu__columns *columns;
    char *at;

    for (uint32_t i = 0; i < n; i++)
        size += text_size(names[i]) + text_size(types[i]);
    columns = nu__malloc(size);
    if (!columns)
        return NULL;
    *columns = (nu__columns){ .references = 1, .n = n };
    columns->names = (nu_str *)(columns + 1);
    columns->types = columns->names + n;
    at = (char *)(columns->types + n);
    for (uint32_t i = 0; i < n; i++) {
        columns->names[i] = put_text(&at, names[i]);
        columns->types[i] = put_text(&at, types[i]);
    }
    return columns;
}

nu__columns *nu__columns_ref(nu__columns *columns)
{
    columns->references++;
    return columns;
}

void nu__columns_unref(nu__columns *columns)
{
    if (columns && --columns->references == 0)
        free(columns);
}
