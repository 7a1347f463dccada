#include "db/connection.h"

#include "core/arena.h"
#include "core/fault.h"
#include "db/enclosure.h"
#include "db/transaction_words.h"

#include <stdlib.h>
#include <string.h>

/* Result sets that wait for the next query, each with its batch; larger batches are not kept. */
#define KEPT_ROWS    8
#define KEPT_BATCHES 4
#define KEPT_BATCH   262144

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

    nu__more_rows_free(open->result.more);
    if (batch.size > KEPT_BATCH || n_free_rows >= KEPT_BATCHES) {
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
    nu__handle *lent = open->lent;

    open->lent = NULL;
    if (lent)
        nu__handle_return(lent, lent->database->driver->in_transaction(lent));
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
    if (open->lent)
        return open->lent;
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
    bool savepoint = nu__statement_before(session, sql);
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

static bool may_share(const nu__open_rows *open)
{
    return !open->result.chunk;
}

/* A cursor at the server lasts as long as its transaction: outside of one it has a handle, and with
   it a transaction, that nothing else runs on. */
static bool needs_lent(const nu__session *session, const nu__open_rows *open)
{
    return open->result.chunk && session->connection.database->driver->chunks &&
           !session->in_atomic_block && !session->n_holds && !session->enclosed;
}

static void run_lent(nu__session *session, nu__rows_impl *rows, nu_str sql, nu_values params)
{
    nu__open_rows *open = rows->open;
    size_t slot;

    open->lent = nu__handle_borrow(session->connection.database);
    slot = nu__cleanup_push(query_failed, rows);
    driver_of(open)->query(open->lent, &open->result, sql, params);
    nu__cleanup_pop(slot);
    if (!open->result.statement)
        statement_ended(open);
}

static void run(nu__session *session, nu__rows_impl *rows, nu_str sql, nu_values params)
{
    nu__handle *shared = may_share(rows->open) ? nu__session_share(session, sql, params) : NULL;

    if (shared)
        run_shared(shared, rows, sql, params);
    else if (needs_lent(session, rows->open))
        run_lent(session, rows, sql, params);
    else
        run_on_own(session, rows, sql, params);
}

static nu__rows_impl *new_rows(nu__session *session)
{
    nu__rows_impl *rows = nu_alloc(nu__rows_impl);

    rows->open = take_open(session);
    return rows;
}

/* How the rows are wanted; all zero: in batches, all in the end. */
typedef struct wish {
    nu__sink *sink;
    uint32_t chunk, columns_end;
    bool plain;
} wish;

static void show(nu__rows_impl *rows)
{
    rows->open->at = UINT32_MAX;
    rows->rows.n_columns = rows->open->result.batch.n_columns;
    rows->rows.last_id = rows->open->result.last_id;
}

static nu__rows_impl *open_rows(nu__connection *connection, nu_str sql, nu_values params,
                                const wish *wish)
{
    nu__session *session = nu__session_of(connection);
    nu__rows_impl *rows;
    double began;
    size_t slot;

    nu__session_check(session);
    nu__check_transaction_words(session, sql);
    began = nu__session_listen_begin(session);
    rows = new_rows(session);
    rows->open->result.sink = wish->sink;
    rows->open->result.chunk = wish->chunk;
    rows->open->result.plain = wish->plain;
    rows->open->result.columns_end = wish->columns_end;
    slot = nu__cleanup_push(nu__rows_close, rows);
    run(session, rows, sql, params);
    nu__cleanup_pop(slot);
    nu__session_listen_end(session, sql, params, began);
    show(rows);
    return rows;
}

nu__rows *nu__db_query(nu__connection *connection, nu_str sql, nu_values params)
{
    return &open_rows(connection, sql, params, &(wish){ 0 })->rows;
}

nu__rows *nu__db_query_chunked(nu__connection *connection, nu_str sql, nu_values params,
                               uint32_t chunk)
{
    return &open_rows(connection, sql, params, &(wish){ .chunk = chunk })->rows;
}

nu__rows *nu__db_query_plain(nu__connection *connection, nu_str sql, nu_values params)
{
    return &open_rows(connection, sql, params, &(wish){ .plain = true })->rows;
}

nu__rows *nu__db_query_listed(nu__connection *connection, nu_str sql, nu_values params,
                              uint32_t columns_end)
{
    return &open_rows(connection, sql, params, &(wish){ .columns_end = columns_end })->rows;
}

/* ---- several at once ---------------------------------------------------------------------- */

typedef struct together {
    nu__rows_impl **rows;
    size_t n;
} together;

static void close_together(void *arg)
{
    const together *together = arg;

    for (size_t i = 0; i < together->n; i++)
        nu__rows_close(together->rows[i]);
}

static void settle_own(void *session)
{
    nu__session_settle(session);
}

static void ask_on(nu__session *session, const nu__question *questions, size_t n)
{
    nu__handle *shared = nu__session_share(session, questions[0].sql, questions[0].params);
    nu__handle *handle = shared ? shared : nu__session_handle(session);
    size_t slot = shared ? nu__cleanup_push(nu__session_unshare, shared)
                         : nu__cleanup_push(settle_own, session);

    handle->database->driver->query_many(handle, questions, n);
    nu__cleanup_pop(slot);
    if (shared)
        nu__session_unshare(shared);
    else
        nu__session_settle(session);
}

void nu__db_query_many(nu__connection *connection, const nu__statement *statements, size_t n,
                       nu__rows **rows)
{
    nu__session *session = nu__session_of(connection);
    together together = { nu_alloc_array(nu__rows_impl *, n + 1), 0 };
    nu__question *questions = nu_alloc_array(nu__question, n + 1);
    bool many = connection->database->driver->query_many && !session->enclosed && n > 1;
    size_t slot = nu__cleanup_push(close_together, &together);
    double began = 0;

    nu__session_check(session);
    for (size_t i = 0; i < n; i++, together.n = i) {
        together.rows[i] =
            many ? new_rows(session)
                 : open_rows(connection, statements[i].sql, statements[i].params, &(wish){ 0 });
        rows[i] = &together.rows[i]->rows;
        questions[i] = (nu__question){ statements[i].sql, statements[i].params,
                                       &together.rows[i]->open->result };
        if (many)
            began = nu__session_listen_begin(session);
    }
    if (many)
        ask_on(session, questions, n);
    for (size_t i = 0; many && i < n; i++) {
        show(together.rows[i]);
        nu__session_listen_end(session, statements[i].sql, statements[i].params, began);
    }
    nu__cleanup_pop(slot);
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
    nu__rows_impl *rows =
        open_rows(connection, sql, params,
                  &(wish){ .sink = sink, .plain = sink->plain, .columns_end = sink->columns_end });
    size_t slot = nu__cleanup_push(nu__rows_close, rows);

    while (rows->open->result.statement && sink->more(sink))
        fetch(rows);
    nu__cleanup_pop(slot);
    nu__rows_close(rows);
}

/* What was read already. */
static bool next_batch(nu__result *result)
{
    nu__more_rows *more = result->more;

    if (!more)
        return false;
    free(result->batch.data);
    result->batch = more->batch;
    result->more = more->next;
    free(more);
    return true;
}

bool nu__rows_next(nu__rows *head)
{
    nu__rows_impl *rows = (nu__rows_impl *)head;
    nu__open_rows *open = rows->open;

    if (!open)
        return false;
    open->at++;
    while (open->at >= open->result.batch.n_rows) {
        if (next_batch(&open->result)) {
            open->at = 0;
            continue;
        }
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

void nu__more_rows_free(nu__more_rows *more)
{
    while (more) {
        nu__more_rows *next = more->next;

        free(more->batch.data);
        free(more);
        more = next;
    }
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
