/* A connection's bytes and phases: reading, the loop over requests, time-outs, closing. */
#include "http/connection_int.h"

#include <stdlib.h>
#include <string.h>

enum { LINGER_MS = 2000 };

/* ---- input -------------------------------------------------------------------------------------
 */

static void drop_own(nu__http_connection *c)
{
    free(c->own);
    c->own = NULL;
    c->in = NULL;
    c->in_len = 0;
}

void nu__http_consume(nu__http_connection *c, size_t n)
{
    c->in += n;
    c->in_len -= n;
}

void nu__http_keep_input(nu__http_connection *c)
{
    nu__own_input *own;
    size_t cap = c->in_len * 2 > 4096 ? c->in_len * 2 : 4096;

    if (!c->in_len) {
        drop_own(c);
        return;
    }
    if (c->in_len >= NU__HTTP_BUFFERED && c->reading) {
        uv_read_stop(&c->stream);
        c->reading = false;
    }
    if (c->own)
        return;
    own = malloc(sizeof *own + cap);
    if (!own) {
        nu__http_close(c);
        return;
    }
    own->cap = cap;
    if (c->phase == NU__HEAD)
        own->head = c->http->head;
    memcpy(own->bytes, c->in, c->in_len);
    c->own = own;
    c->in = own->bytes;
}

/* Room behind the bytes that are kept. */
static void own_room(nu__http_connection *c, uv_buf_t *buf)
{
    nu__own_input *own = c->own, *larger;

    if (c->in != own->bytes)
        memmove(own->bytes, c->in, c->in_len);
    if (c->in_len * 2 > own->cap && (larger = realloc(own, sizeof *own + own->cap * 2))) {
        c->own = own = larger;
        own->cap *= 2;
    }
    c->in = own->bytes;
    *buf = uv_buf_init(own->bytes + c->in_len, (unsigned)(own->cap - c->in_len));
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    nu__http_connection *c = handle->data;

    (void)suggested;
    if (c->direct)
        *buf = uv_buf_init(c->direct, (unsigned)c->direct_size);
    else if (c->own)
        own_room(c, buf);
    else
        *buf = uv_buf_init(c->http->shared, NU__HTTP_SHARED);
}

static void read_ahead(nu__http_connection *c)
{
    nu__http_keep_input(c);
    if (c->waits_for_body)
        nu__fiber_wake(c->fiber);
}

static void take_bytes(nu__http_connection *c, char *bytes, size_t n)
{
    if (c->direct) {
        c->direct = NULL;
        c->direct_got = n;
        nu__fiber_wake(c->fiber);
        return;
    }
    if (!c->own)
        c->in = bytes;
    c->in_len += n;
    switch (c->phase) {
    case NU__IDLE:
    case NU__HEAD:
        nu__http_serve(c);
        break;
    case NU__ANSWERING:
        read_ahead(c);
        break;
    case NU__DISCARDING:
        if (nu__http_discard(c))
            nu__http_serve(c);
        break;
    default:
        drop_own(c);
    }
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    nu__http_connection *c = stream->data;

    if (n > 0)
        take_bytes(c, buf->base, (size_t)n);
    else if (n < 0)
        nu__http_gone(c, n != UV_EOF);
}

void nu__http_read_on(nu__http_connection *c)
{
    if (c->reading || c->eof || c->phase == NU__CLOSED || c->in_len >= NU__HTTP_BUFFERED)
        return;
    if (uv_read_start(&c->stream, on_alloc, on_read) == 0)
        c->reading = true;
    else
        nu__http_close(c);
}

/* ---- requests
 * ------------------------------------------------------------------------------------- */

/* One step of the parser. false: no further request can be answered now. */
static bool serve_one(nu__http_connection *c)
{
    nu__h1_head *head = c->own ? &c->own->head : &c->http->head;

    if (c->phase == NU__IDLE)
        nu__h1_begin(head);
    switch (nu__h1_parse(head, c->in, c->in_len)) {
    case NU__H1_OK:
        nu__http_exchange(c, head);
        return true;
    case NU__H1_BAD:
        nu__http_refuse(c, head->status);
        return false;
    default:
        if (c->phase == NU__IDLE) {
            c->phase = NU__HEAD;
            nu__http_set_timeout(c, c->http->head_ms);
        }
        return false;
    }
}

void nu__http_serve(nu__http_connection *c)
{
    c->in_callback = true;
    while (c->in_len && c->phase <= NU__HEAD && !c->queued_writes && serve_one(c))
        ;
    c->in_callback = false;
    if (c->phase == NU__CLOSED)
        return;
    nu__http_flush(c);
    if (c->dead && !c->fiber) {
        nu__http_close(c);
        return;
    }
    nu__http_keep_input(c);
    if (c->phase == NU__IDLE && !c->queued_writes)
        nu__http_set_timeout(c, c->http->idle_ms);
    nu__http_read_on(c);
}

void nu__http_next(nu__http_connection *c)
{
    if (c->in_len && !c->resumed) {
        c->resumed = true;
        c->next_resumed = c->http->resumed;
        c->http->resumed = c;
        nu__at_turn_end(&c->http->resume);
    }
    nu__http_keep_input(c);
    if (c->phase == NU__IDLE && !c->queued_writes)
        nu__http_set_timeout(c, c->http->idle_ms);
    nu__http_read_on(c);
}

/* ---- time-outs ----------------------------------------------------------------------------------
 */

/* A client that takes bytes may be slow; one that takes none for a whole write time is dropped. */
static void check_progress(nu__http_connection *c)
{
    size_t left = uv_stream_get_write_queue_size(&c->stream);

    if (left && left == c->write_queue) {
        c->dead = true;
        nu__http_close(c);
        return;
    }
    c->write_queue = left;
    nu__http_set_timeout(c, c->http->write_ms);
}

static void on_timeout(nu__timer *timer)
{
    nu__http_connection *c =
        (nu__http_connection *)((char *)timer - offsetof(nu__http_connection, timer));

    if (c->queued_writes || c->waits_for_write) {
        check_progress(c);
    } else if (c->phase == NU__HEAD) {
        nu__http_refuse(c, 408);
    } else if (c->phase == NU__ANSWERING) {
        if (c->waits_for_body) {
            c->wait_late = true;
            nu__fiber_wake(c->fiber);
        }
    } else {
        nu__http_close(c);
    }
}

void nu__http_set_timeout(nu__http_connection *c, uint64_t ms)
{
    nu__timer_start(&c->timer, ms, on_timeout);
}

/* ---- the end
 * -------------------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
    nu__http_connection *c = handle->data;

    c->handle_closed = true;
    nu__http_release(c);
}

static void unlink_connection(nu__http_connection *c)
{
    if (c->next)
        c->next->previous = c->previous;
    if (c->previous)
        c->previous->next = c->next;
    else
        c->http->connections = c->next;
}

void nu__http_close(nu__http_connection *c)
{
    if (c->phase == NU__CLOSED)
        return;
    c->phase = NU__CLOSED;
    c->dead = true;
    nu__timer_stop(&c->timer);
    unlink_connection(c);
    drop_own(c);
    if (c->waits_for_body)
        nu__fiber_wake(c->fiber);
    uv_close(&c->handle, on_closed);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
    nu__http_connection *c = request->data;

    if (status < 0 || c->eof)
        nu__http_close(c);
    else
        nu__http_set_timeout(c, LINGER_MS);
}

void nu__http_linger(nu__http_connection *c)
{
    if (c->phase >= NU__LINGERING)
        return;
    nu__http_flush(c);
    c->phase = NU__LINGERING;
    drop_own(c);
    c->shutdown.data = c;
    if (c->dead || uv_shutdown(&c->shutdown, &c->stream, on_shutdown) != 0) {
        nu__http_close(c);
        return;
    }
    nu__http_set_timeout(c, c->queued_writes ? c->http->write_ms : LINGER_MS);
    nu__http_read_on(c);
}

static bool is_safe(nu_method method)
{
    return method == GET || method == HEAD;
}

void nu__http_gone(nu__http_connection *c, bool broken)
{
    c->eof = true;
    c->dead |= broken;
    uv_read_stop(&c->stream);
    c->reading = false;
    if (c->phase == NU__ANSWERING) {
        c->close = true;
        if (c->waits_for_body)
            nu__fiber_wake(c->fiber);
        if (is_safe(c->method))
            nu__fiber_cancel(c->fiber);
    } else if (broken || (c->phase != NU__LINGERING && !c->queued_writes)) {
        nu__http_close(c);
    } else if (c->phase != NU__LINGERING) {
        nu__http_linger(c);
    } else if (!c->queued_writes) {
        nu__http_close(c);
    }
}
