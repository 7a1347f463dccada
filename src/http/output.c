/* Bytes to the client: gathered, written with one call where the kernel takes them. */
#include "core/arena.h"
#include "http/connection_int.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

char *nu__http_room(nu__http_connection *c, size_t size)
{
    nu__http *http = c->http;

    if (http->output_len && (http->output_of != c || http->output_len + size > NU__HTTP_OUTPUT))
        nu__http_flush(http->output_of);
    http->output_of = c;
    return size <= NU__HTTP_OUTPUT ? c->http->output + c->http->output_len : NULL;
}

static void on_written(uv_write_t *request, int status)
{
    nu__connection_write *write = request->data;
    nu__http_connection *c = write->connection;

    free(write);
    c->queued_writes--;
    if (status < 0) {
        c->dead = true;
        if (c->phase != NU__CLOSED && !c->fiber)
            nu__http_close(c);
    } else if (!c->queued_writes && c->phase <= NU__HEAD) {
        nu__http_serve(c);
    }
}

/* Bytes of nobody else's memory: a copy is written when the kernel has room. */
static void write_later(nu__http_connection *c, const char *bytes, size_t len)
{
    nu__connection_write *write = malloc(sizeof *write + len);
    uv_buf_t buf;

    if (!write) {
        c->dead = true;
        return;
    }
    memcpy(write->bytes, bytes, len);
    write->connection = c;
    write->request.data = write;
    buf = uv_buf_init(write->bytes, (unsigned)len);
    if (uv_write(&write->request, &c->stream, &buf, 1, on_written) != 0) {
        c->dead = true;
        free(write);
        return;
    }
    c->queued_writes++;
    c->write_queue = 0;
    nu__http_set_timeout(c, c->http->write_ms);
}

/* What the kernel takes of the pieces at once: past libuv, whose write() goes the longer way of
   files, and only while libuv has nothing of the connection's left to write. -1: it is broken. */
static ssize_t send_now(nu__http_connection *c, const uv_buf_t *bufs, unsigned n)
{
    struct msghdr message = { .msg_iov = (struct iovec *)(uintptr_t)bufs, .msg_iovlen = n };
    ssize_t taken;

    if (uv_stream_get_write_queue_size(&c->stream))
        return 0;
    do
        taken = n == 1 ? send(c->fd, bufs->base, bufs->len, MSG_DONTWAIT | MSG_NOSIGNAL)
                       : sendmsg(c->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (taken < 0 && errno == EINTR);
    if (taken < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS))
        return 0;
    return taken;
}

void nu__http_flush(nu__http_connection *c)
{
    size_t len = c->http->output_of == c ? c->http->output_len : 0;
    uv_buf_t buf = uv_buf_init(c->http->output, (unsigned)len);
    ssize_t n;

    if (!len)
        return;
    c->http->output_len = 0;
    if (c->dead)
        return;
    n = send_now(c, &buf, 1);
    if (n < 0)
        c->dead = true;
    else if ((size_t)n < len)
        write_later(c, c->http->output + n, len - (size_t)n);
}

/* ---- from a fiber -------------------------------------------------------------------------------
 */

enum { MAX_PIECES = 4 };

static void on_sent(uv_write_t *request, int status)
{
    nu__http_connection *c = request->data;

    c->write_done = true;
    c->dead |= status < 0;
    nu__fiber_wake(c->fiber);
}

/* Wait until the kernel has all, or the connection is closed and libuv has let go of the bytes. */
static void wait_sent(nu__http_connection *c)
{
    nu__wait_result result = NU__WAIT_WOKEN;

    c->waits_for_write = true;
    c->write_queue = 0;
    nu__http_set_timeout(c, c->http->write_ms);
    while (!c->write_done && result == NU__WAIT_WOKEN)
        result = nu__fiber_wait(NU__FOREVER);
    if (!c->write_done) {
        nu__http_close(c);
        nu__fiber_wait_done(&c->write_done);
    }
    c->waits_for_write = false;
    if (result != NU__WAIT_WOKEN)
        nu_raise(NU_CANCELLED, "the client went away before it had the whole response");
}

/* What the kernel left of the output is copied: the buffer is everybody's. */
static void send_rest(nu__http_connection *c, uv_buf_t *bufs, unsigned n, bool output_left)
{
    if (output_left) {
        char *copy = nu__alloc_raw(bufs->len);

        memcpy(copy, bufs->base, bufs->len);
        bufs->base = copy;
    }
    c->write.data = c;
    c->write_done = false;
    if (uv_write(&c->write, &c->stream, bufs, n, on_sent) != 0)
        c->dead = true;
    else
        wait_sent(c);
}

bool nu__http_send(nu__http_connection *c, const nu_str *pieces, unsigned n)
{
    uv_buf_t bufs[MAX_PIECES + 1], *rest = bufs;
    unsigned count = 0;
    bool output_left = c->http->output_len > 0 && c->http->output_of == c;
    ssize_t written;

    if (output_left)
        bufs[count++] = uv_buf_init(c->http->output, (unsigned)c->http->output_len);
    for (unsigned i = 0; i < n && i < MAX_PIECES; i++)
        if (pieces[i].len)
            bufs[count++] = uv_buf_init((char *)(uintptr_t)pieces[i].ptr, (unsigned)pieces[i].len);
    if (output_left)
        c->http->output_len = 0;
    if (c->dead || !count)
        return !c->dead;
    written = send_now(c, bufs, count);
    if (written < 0)
        c->dead = true;
    for (; written > 0 && count && (size_t)written >= rest->len; count--, output_left = false)
        written -= (ssize_t)rest++->len;
    if (c->dead || !count)
        return !c->dead;
    if (written > 0) {
        rest->base += written;
        rest->len -= (size_t)written;
    }
    send_rest(c, rest, count, output_left);
    return !c->dead;
}
