/* COPY … FROM STDIN: rows as one stream, for bulk_create(). */
#include "db/backends/postgresql/put.h"
#include "db/backends/postgresql/run.h"

#include "core/context.h"
#include "core/time.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 64 * 1024, MOST_PENDING = 1 << 20 };

/* The types of the columns, as a statement about them tells, which the caller uses. */
static nu__pg_statement *columns_of(nu__pg *pg, const nu__copy *copy)
{
    return nu__pg_described(pg, nu_fmt("SELECT {} FROM {} LIMIT 0", copy->columns, copy->table),
                            (nu_values){ 0 });
}

/* ---- rows --------------------------------------------------------------------------------- */

/* A value in COPY's text format, with what separates values and rows escaped. */
static void put_escaped(nu__pg *pg, nu_str text)
{
    size_t from = 0;

    for (size_t i = 0; i < text.len; i++) {
        char escaped[2] = { '\\', 0 };

        switch (text.ptr[i]) {
        case '\\':
            escaped[1] = '\\';
            break;
        case '\n':
            escaped[1] = 'n';
            break;
        case '\r':
            escaped[1] = 'r';
            break;
        case '\t':
            escaped[1] = 't';
            break;
        default:
            continue;
        }
        nu__pg_put(pg, text.ptr + from, i - from);
        nu__pg_put(pg, escaped, 2);
        from = i + 1;
    }
    nu__pg_put(pg, text.ptr + from, text.len - from);
}

static void put_int(nu__pg *pg, int64_t number)
{
    char digits[24], *end = digits + sizeof digits, *at = end;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;

    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (number < 0)
        *--at = '-';
    nu__pg_put(pg, at, (size_t)(end - at));
}

/* Dates and datetimes by hand: lists of rows are full of them. */
static void put_temporal(nu__pg *pg, nu_value value)
{
    char text[NU__TIME_TEXT];

    if (value.kind == NU_KIND_DATE) {
        nu__pg_put(pg, text, nu__date_iso(text, (nu_date){ (int32_t)value.i }));
        return;
    }
    nu__pg_put(pg, text, nu__datetime_naive(text, (nu_datetime){ value.i }));
    nu__pg_put(pg, "+00", 3);
}

static void put_value(nu__pg *pg, nu_value value, nu__oid type)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        nu__pg_put(pg, "\\N", 2);
        break;
    case NU_KIND_BOOL:
        nu__pg_put(pg, value.b ? "t" : "f", 1);
        break;
    case NU_KIND_INT:
        put_int(pg, value.i);
        break;
    case NU_KIND_DATE:
    case NU_KIND_DATETIME:
        put_temporal(pg, value);
        break;
    default:
        put_escaped(pg, nu__pg_text(value, type));
    }
}

/* So many rows as one CopyData; a raise leaves no half of it. */
static size_t put_rows(nu__pg *pg, const nu__pg_statement *statement, const nu__copy *copy,
                       size_t at)
{
    size_t message = nu__pg_begin(pg, 'd'), began = pg->out_len;
    size_t n = statement->n_columns, given = copy->keys ? n - 1 : n;

    for (; at < copy->n_rows && pg->out_len - began < PIECE; at++) {
        const nu_value *row = copy->values + at * given;

        if (copy->keys) {
            put_int(pg, copy->keys[at]);
            nu__pg_put(pg, "\t", 1);
        }
        for (size_t i = 0; i < given; i++) {
            if (i)
                nu__pg_put(pg, "\t", 1);
            put_value(pg, row[i], statement->types[i + n - given]->oid);
        }
        nu__pg_put(pg, "\n", 1);
    }
    nu__pg_end(pg, message);
    return at;
}

/* ---- the stream --------------------------------------------------------------------------- */

typedef struct stream {
    nu__pg *pg;
    const nu__pg_statement *statement;
    const nu__copy *copy;
    nu__pg_request *request;
} stream;

/* The server takes them more slowly than they are made. */
static void let_drain(const stream *stream)
{
    nu__pg *pg = stream->pg;

    nu__pg_pump(pg, true);
    while (pg->out_len - pg->out_at > MOST_PENDING && !stream->request->done) {
        if (!nu__loop()) {
            nu__pg_wait_ready(pg);
            nu__pg_pump(pg, true);
            continue;
        }
        stream->request->fiber = nu__fiber_current();
        nu__fiber_park_until(nu__time() + 0.001);
        nu__pg_pump(pg, true);
    }
    stream->request->fiber = NULL;
}

static void send_rows(void *arg)
{
    const stream *stream = arg;
    size_t at = 0;

    while (at < stream->copy->n_rows && !stream->request->done && !stream->request->error) {
        size_t mark = stream->pg->out_len;
        nu_scratch_scope();

        at = put_rows(stream->pg, stream->statement, stream->copy, at);
        if (stream->pg->out_of_memory) {
            stream->pg->out_len = mark;
            stream->pg->out_of_memory = false;
            nu_raise(NU_MEMORY_ERROR, "out of memory for rows");
        }
        let_drain(stream);
    }
}

static void put_fail(nu__pg *pg)
{
    size_t at = nu__pg_begin(pg, 'f');

    nu__pg_put_text(pg, S("the rows could not be made"));
    nu__pg_end(pg, at);
}

static nu__pg_request *send_head(nu__pg *pg, const nu__copy *copy)
{
    size_t mark = pg->out_len, at = nu__pg_begin(pg, 'Q');
    nu__pg_request *request;

    nu__pg_put_text(pg, nu_fmt("COPY {} ({}) FROM STDIN", copy->table, copy->columns));
    nu__pg_end(pg, at);
    request = nu__pg_queue(pg, mark);
    request->shown = request->unread = true;
    return request;
}

/* The rows, then the server's word. When they can't be made the server is told, and forgets them.
 */
static void run_copy(stream *stream)
{
    const nu_error *error = nu__guard(send_rows, stream);

    if (error)
        put_fail(stream->pg);
    else
        nu__pg_put(stream->pg, "c\0\0\0\4", 5);
    if (error)
        nu__fiber_shield();
    nu__pg_wait(stream->request, true);
    if (error)
        nu__fiber_unshield();
    nu_defer(nu__pg_free_request, stream->request);
    if (error)
        nu_reraise(error);
    if (nu__pg_failed(stream->request))
        nu__pg_raise(stream->request, (nu_str){ 0 });
}

void nu__pg_copy(nu__handle *handle, const nu__copy *copy)
{
    nu__pg *pg = nu__pg_of(handle);
    nu__pg_statement *statement = columns_of(pg, copy);
    size_t slot = nu__cleanup_push(nu__pg_drop_statement, statement);
    stream stream = { pg, statement, copy, send_head(pg, copy) };

    run_copy(&stream);
    nu__cleanup_pop(slot);
    nu__pg_statement_leave(statement);
}

bool nu__pg_reserve_keys(nu__handle *handle, nu_str table, nu_str column, int64_t *keys, size_t n)
{
    nu__result result = { 0 };
    size_t got = 0;

    nu__pg_query(handle, &result,
                 /* OFFSET keeps the look-up from being done for each row */
                 S("SELECT nextval(counter) FROM (SELECT pg_get_serial_sequence($1, $2)::regclass"
                   " AS counter OFFSET 0) AS found, generate_series(1, $3)"),
                 NU_ARGS(table, column, (int64_t)n));
    for (; got < n && got < result.batch.n_rows; got++) {
        const nu__cell *cell = (const nu__cell *)(const void *)result.batch.data + got;

        if (cell->kind != NU__CELL_INT)
            break;
        keys[got] = cell->i;
    }
    nu__columns_unref(result.columns);
    free(result.batch.data);
    return got == n;
}
