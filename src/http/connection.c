/* A connection's bytes and phases: reading, the loop over requests, time-outs, closing. */
#include "http/connection_int.h"
#include "loop/socket.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { LINGER_MS = 2000, HALF_CLOSED_MS = 2000 };

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
    if (c->in_len >= NU__HTTP_BUFFERED)
        c->reading = false;
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
static char *own_room(nu__http_connection *c, size_t *size)
{
    nu__own_input *own = c->own, *larger;

    if (c->in != own->bytes)
        memmove(own->bytes, c->in, c->in_len);
    if (c->in_len * 2 > own->cap && (larger = realloc(own, sizeof *own + own->cap * 2))) {
        c->own = own = larger;
        own->cap *= 2;
    }
    c->in = own->bytes;
    *size = own->cap - c->in_len;
    return own->bytes + c->in_len;
}

char *nu__http_input_room(nu__http_connection *c, size_t *size)
{
    *size = c->direct_size;
    return c->direct ? c->direct : c->own ? own_room(c, size) : NULL;
}

static void read_ahead(nu__http_connection *c)
{
    nu__http_keep_input(c);
    if (c->waits_for_body)
        nu__fiber_wake(c->fiber);
}

void nu__http_take(nu__http_connection *c, char *bytes, size_t n)
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

void nu__http_read_on(nu__http_connection *c)
{
    if (c->reading || c->eof || c->phase == NU__CLOSED || c->in_len >= NU__HTTP_BUFFERED)
        return;
    c->reading = true;
    nu__wire_read(c);
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

/* Between two requests. A driver that drains awaits no other one, though the answer before did not
   say so: it may have begun earlier. Nor does a client that sends no more, whose requests are all
   answered: what is left of its bytes is none. */
static void await_request(nu__http_connection *c)
{
    if (c->phase > NU__HEAD || c->queued_writes || c->resumed)
        return;
    if (c->eof || (c->http->draining && c->phase == NU__IDLE && !c->in_len))
        nu__http_linger(c);
    else if (c->phase == NU__IDLE)
        nu__http_set_timeout(c, c->http->idle_ms);
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
    await_request(c);
    nu__http_read_on(c);
}

void nu__http_next(nu__http_connection *c)
{
    if (c->in_len && !c->resumed) {
        c->resumed = true;
        c->next_resumed = c->http->resumed;
        c->http->resumed = c;
        nu__at_turn_end(&c->http->turn);
    }
    nu__http_keep_input(c);
    await_request(c);
    nu__http_read_on(c);
}

/* ---- time-outs ----------------------------------------------------------------------------------
 */

/* A client that takes bytes may be slow; one that takes none for a whole write time is dropped. */
static void check_progress(nu__http_connection *c)
{
    size_t left = c->unwritten + nu__socket_untaken(c->fd);

    if (left && left == c->write_queue) {
        c->dead = true;
        nu__http_close(c);
        return;
    }
    c->write_queue = left;
    nu__http_set_timeout(c, c->http->write_ms);
}

static bool is_safe(nu_method method)
{
    return method == GET || method == HEAD;
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
        } else if (c->eof && is_safe(c->method)) {
            nu__fiber_cancel(c->fiber);
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
    if (c->departing)
        nu__http_depart(c->http);
    if (c->phase == NU__CLOSED)
        return;
    c->phase = NU__CLOSED;
    c->dead = true;
    nu__timer_stop(&c->timer);
    unlink_connection(c);
    drop_own(c);
    if (c->waits_for_body)
        nu__fiber_wake(c->fiber);
    nu__http_drop_writes(c);
    nu__wire_close(c);
}

/* Nothing is left to write. */
static void end_output(nu__http_connection *c)
{
    if (shutdown(c->fd, SHUT_WR) != 0 || c->eof)
        nu__http_close(c);
    else
        nu__http_set_timeout(c, LINGER_MS);
}

void nu__http_written(nu__http_connection *c)
{
    if (c->phase == NU__LINGERING)
        end_output(c);
    else if (c->phase <= NU__HEAD)
        nu__http_serve(c);
}

void nu__http_linger(nu__http_connection *c)
{
    if (c->phase >= NU__LINGERING)
        return;
    nu__http_flush(c);
    c->phase = NU__LINGERING;
    drop_own(c);
    if (c->departing)
        nu__http_depart(c->http);
    if (c->dead) {
        nu__http_close(c);
        return;
    }
    if (c->queued_writes)
        nu__http_set_timeout(c, c->http->write_ms);
    else
        end_output(c);
    nu__http_read_on(c);
}

void nu__http_await_half_closed(nu__http_connection *c)
{
    if (c->eof && is_safe(c->method) && !c->waits_for_body && !c->waits_for_write)
        nu__http_set_timeout(c, HALF_CLOSED_MS);
}

/* During an answer. */
static void gone_meanwhile(nu__http_connection *c, bool broken)
{
    c->close |= broken;
    if (c->waits_for_body)
        nu__fiber_wake(c->fiber);
    if (broken && is_safe(c->method))
        nu__fiber_cancel(c->fiber);
    else
        nu__http_await_half_closed(c);
}

void nu__http_gone(nu__http_connection *c, bool broken)
{
    c->eof = true;
    c->dead |= broken;
    c->reading = false;
    if (c->phase == NU__ANSWERING)
        gone_meanwhile(c, broken);
    else if (broken || !(c->queued_writes || (c->phase <= NU__HEAD && c->resumed)))
        nu__http_close(c);
    else if (c->phase == NU__DISCARDING)
        nu__http_linger(c);
}
