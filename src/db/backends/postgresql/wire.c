/* Messages out, bytes in, and waiting: the connection as a stream. */
#include "db/backends/postgresql/postgresql.h"
#include "db/backends/postgresql/put.h"

#include "core/context.h"
#include "core/fault.h"
#include "loop/moderation.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { FIRST_OUT = 4096, KEPT_OUT = 1 << 20, READ_SIZE = 64 * 1024, KEPT_IN = 1 << 20 };

/* ---- messages out ------------------------------------------------------------------------- */

static bool reserve(nu__pg *pg, size_t more)
{
    size_t need, size = pg->out_size ? pg->out_size : FIRST_OUT;
    char *grown;

    if (pg->out_of_memory || __builtin_add_overflow(pg->out_len, more, &need))
        return false;
    if (need <= pg->out_size)
        return true;
    while (size < need)
        size *= 2;
    grown = nu__realloc(pg->out, size);
    pg->out_of_memory = !grown;
    if (!grown)
        return false;
    pg->out = grown;
    pg->out_size = size;
    return true;
}

void nu__pg_put_grown(nu__pg *pg, const void *bytes, size_t len)
{
    if (!reserve(pg, len))
        return;
    memcpy(pg->out + pg->out_len, bytes, len);
    pg->out_len += len;
}

size_t nu__pg_begin(nu__pg *pg, char type)
{
    size_t at = pg->out_len + 1;

    nu__pg_put(pg, &type, 1);
    nu__pg_put32(pg, 0);
    return at;
}

void nu__pg_end(nu__pg *pg, size_t at)
{
    uint32_t len = __builtin_bswap32((uint32_t)(pg->out_len - at));

    if (!pg->out_of_memory)
        memcpy(pg->out + at, &len, sizeof len);
}

void nu__pg_sync(nu__pg *pg)
{
    nu__pg_put(pg, "S\0\0\0\4", 5);
}

/* ---- the stream --------------------------------------------------------------------------- */

/* Bytes moved; 0: it would block; -1: the connection is gone. */
static ssize_t moved(nu__pg *pg, ssize_t n, bool writing)
{
    int why;

    if (n > 0)
        return n;
    if (pg->ssl) {
        why = SSL_get_error(pg->ssl, (int)n);
        if (why == SSL_ERROR_WANT_WRITE)
            pg->wants_write = true;
        return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
    }
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        pg->wants_write |= writing;
        return 0;
    }
    return -1;
}

static ssize_t write_some(nu__pg *pg, const char *bytes, size_t len)
{
    if (pg->ssl)
        return moved(pg, SSL_write(pg->ssl, bytes, len > INT32_MAX ? INT32_MAX : (int)len), true);
    return moved(pg, send(pg->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL), true);
}

static ssize_t read_some(nu__pg *pg, char *into, size_t size)
{
    if (pg->ssl)
        return moved(pg, SSL_read(pg->ssl, into, (int)size), false);
    return moved(pg, recv(pg->fd, into, size, MSG_DONTWAIT), false);
}

static void send_out(nu__pg *pg)
{
    pg->wants_write = false;
    while (pg->out_at < pg->out_len && !pg->broken) {
        ssize_t n = write_some(pg, pg->out + pg->out_at, pg->out_len - pg->out_at);

        if (n < 0) {
            /* What the server said before it went is still to be read. */
            pg->out_at = pg->out_len;
            break;
        }
        if (n == 0)
            return;
        pg->out_at += (size_t)n;
    }
    pg->out_at = pg->out_len = 0;
    if (pg->out_size > KEPT_OUT) {
        free(pg->out);
        pg->out = NULL;
        pg->out_size = 0;
    }
}

/* Room for READ_SIZE more, or for the rest of the message that has begun. */
static bool make_room(nu__pg *pg)
{
    size_t left = pg->in_len - pg->in_at, need = left + READ_SIZE;
    char *grown;

    if (left >= 5) {
        size_t message = (size_t)nu__pg_get32((const uint8_t *)pg->in + pg->in_at + 1) + 1;

        if (message > need)
            need = message;
    }
    if (pg->in_at)
        memmove(pg->in, pg->in + pg->in_at, left);
    pg->in_at = 0;
    pg->in_len = left;
    if (need <= pg->in_size && (pg->in_size <= KEPT_IN || need > KEPT_IN))
        return true;
    grown = nu__realloc(pg->in, need);
    if (!grown)
        return false;
    pg->in = grown;
    pg->in_size = need;
    return true;
}

/* At most so many reads at a time, so that a large result leaves room for others on the loop. */
enum { READS = 16 };

static void read_all(nu__pg *pg)
{
    for (int i = 0; i < READS && !pg->broken; i++) {
        size_t room;
        ssize_t n;

        if (pg->in_len == pg->in_at)
            pg->in_at = pg->in_len = 0;
        if (pg->in_size - pg->in_len < READ_SIZE / 4 && !make_room(pg)) {
            pg->starved = true;
            nu__pg_lose(pg);
            return;
        }
        room = pg->in_size - pg->in_len;
        n = read_some(pg, pg->in + pg->in_len, room);
        if (n == 0)
            return;
        if (n > 0)
            pg->in_len += (size_t)n;
        if (n < 0 || !nu__pg_messages(pg)) {
            nu__pg_lose(pg);
            return;
        }
        if ((size_t)n < room && !pg->ssl)
            return;
    }
}

void nu__pg_lose(nu__pg *pg)
{
    pg->broken = true;
    while (pg->first) {
        nu__pg_request *request = pg->first;

        pg->first = request->next;
        pg->n_pending--;
        request->lost = request->done = true;
        if (request->preparing)
            nu__pg_cache_forget(pg, request->statement);
        if (request->discarded)
            nu__pg_request_free(request);
        else if (request->fiber)
            nu__fiber_wake(request->fiber);
    }
    pg->last = &pg->first;
    pg->out_at = pg->out_len = 0;
    if (pg->notified)
        pg->notified(pg->notified_arg, (nu_str){ 0 }, (nu_str){ 0 });
}

/* ---- the loop ----------------------------------------------------------------------------- */

struct nu__pg_poll {
    uv_poll_t uv;
    nu__pg *pg; /* NULL: closed */
    int events;
};

/* On an error (a reset) libuv stops asking, while what came before it may be read first: asked for
   again, the error comes again, until a read tells it. */
static void on_event(uv_poll_t *uv, int status, int events)
{
    nu__pg_poll *poll = (nu__pg_poll *)uv;
    nu__pg *pg = poll->pg;

    if (status)
        poll->events = 0;
    if (pg)
        nu__pg_pump(pg, status || (events & (UV_READABLE | UV_DISCONNECT)) || pg->ssl);
}

static void free_poll(uv_handle_t *handle)
{
    free(handle);
}

void nu__pg_poll_close(nu__pg *pg)
{
    nu__pg_poll *poll = pg->poll;

    pg->poll = NULL;
    if (!poll)
        return;
    poll->pg = NULL;
    /* A loop that has ended has closed it. */
    if (uv_is_closing((uv_handle_t *)&poll->uv))
        free(poll);
    else
        uv_close((uv_handle_t *)&poll->uv, free_poll);
}

/* Readable is always asked for: a server that hangs up is seen before the next statement. */
static bool ask_events(nu__pg *pg)
{
    int events = UV_READABLE | (pg->wants_write ? UV_WRITABLE : 0);

    if (pg->poll && uv_is_closing((uv_handle_t *)&pg->poll->uv))
        nu__pg_poll_close(pg);
    if (!pg->poll) {
        nu__pg_poll *poll = nu__malloc_zeroed(sizeof *poll);

        if (!poll || uv_poll_init(nu__loop(), &poll->uv, pg->fd) != 0) {
            free(poll);
            return false;
        }
        poll->pg = pg;
        pg->poll = poll;
    }
    if (pg->poll->events == events)
        return true;
    if (uv_poll_start(&pg->poll->uv, events, on_event) != 0)
        return false;
    pg->poll->events = events;
    return true;
}

void nu__pg_pump(nu__pg *pg, bool readable)
{
    if (pg->broken)
        return;
    send_out(pg);
    if (readable)
        read_all(pg);
    if (pg->broken)
        nu__pg_poll_close(pg);
    else if (nu__loop() && !ask_events(pg))
        nu__pg_lose(pg);
}

static void flush_at_end(nu__turn_end *work)
{
    nu__pg *pg = (nu__pg *)(void *)((char *)work - offsetof(nu__pg, flush));

    nu__pg_pump(pg, false);
}

void nu__pg_flush_later(nu__pg *pg)
{
    if (!nu__loop()) {
        nu__pg_pump(pg, false);
        return;
    }
    pg->flush.fn = flush_at_end;
    nu__at_turn_end(&pg->flush);
}

/* ---- waiting ------------------------------------------------------------------------------ */

void nu__pg_wait_ready(const nu__pg *pg)
{
    struct pollfd item = { .fd = pg->fd,
                           .events = (short)(POLLIN | (pg->wants_write ? POLLOUT : 0)) };

    poll(&item, 1, -1);
}

static void wait_inline(nu__pg *pg, const bool *done)
{
    while (!*done) {
        nu__pg_pump(pg, true);
        if (*done || pg->broken)
            return;
        nu__pg_wait_ready(pg);
    }
}

typedef struct waiter {
    nu__pg_request *request;
    bool own;
} waiter;

static void cancel(void *pg)
{
    nu__pg_cancel(pg);
}

/* The fiber was cancelled. On a shared connection the answer is read and thrown away; one's own is
   told to stop, and is usable again once it has. */
static void abandon(void *arg)
{
    waiter *waiter = arg;
    nu__pg_request *request = waiter->request;
    nu__pg *pg = request->pg;
    double deadline = nu__time() + 5;

    nu__answer_came();
    request->sink = NULL;
    if (waiter->own && !request->done && !nu__guard(cancel, pg))
        while (!request->done && nu__fiber_wait(deadline) == NU__WAIT_WOKEN)
            ;
    request->fiber = NULL;
    if (request->done) {
        nu__pg_request_free(request);
        return;
    }
    request->discarded = true;
    if (waiter->own)
        nu__pg_lose(pg);
}

void nu__pg_wait(nu__pg_request *request, bool own)
{
    waiter waiter = { request, own };
    size_t slot;

    if (!nu__loop()) {
        wait_inline(request->pg, &request->done);
        return;
    }
    request->fiber = nu__fiber_current();
    nu__pg_flush_later(request->pg);
    slot = nu__cleanup_push(abandon, &waiter);
    nu__answer_awaited();
    while (!request->done)
        nu__fiber_park();
    nu__answer_came();
    nu__cleanup_pop(slot);
    request->fiber = NULL;
}
