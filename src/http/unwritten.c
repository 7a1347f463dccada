/* What the kernel had no room for: copies of gathered responses, then memory of the fiber that
   waits until it has been taken. */
#include "http/connection_int.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void nu__http_broken(nu__http_connection *c)
{
    c->dead = true;
    if (c->waits_for_write)
        nu__http_drop_writes(c);
    if (!c->fiber)
        nu__http_close(c);
}

static void wait_for_room(nu__http_connection *c, size_t n)
{
    c->unwritten += n;
    c->write_queue = 0;
    nu__http_set_timeout(c, c->http->write_ms);
    nu__wire_watch(c);
}

void nu__http_write_later(nu__http_connection *c, const char *bytes, size_t len)
{
    nu__connection_write *write = malloc(sizeof *write + len);

    if (!write) {
        nu__http_broken(c);
        return;
    }
    *write = (nu__connection_write){ .len = len };
    memcpy(write->bytes, bytes, len);
    if (!c->writes)
        c->writes_end = &c->writes;
    *c->writes_end = write;
    c->writes_end = &write->next;
    c->queued_writes++;
    wait_for_room(c, len);
}

ssize_t nu__http_send_now(nu__http_connection *c, struct iovec *pieces, unsigned n)
{
    struct msghdr message = { .msg_iov = pieces, .msg_iovlen = n };
    ssize_t taken;

    do
        taken = n == 1 ? send(c->fd, pieces->iov_base, pieces->iov_len, MSG_DONTWAIT | MSG_NOSIGNAL)
                       : sendmsg(c->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (taken < 0 && errno == EINTR);
    if (taken < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS))
        return 0;
    return taken;
}

void nu__http_pass(struct iovec **pieces, unsigned *n_pieces, size_t n)
{
    for (; *n_pieces && n >= (*pieces)->iov_len; --*n_pieces)
        n -= (*pieces)++->iov_len;
    if (*n_pieces) {
        (*pieces)->iov_base = (char *)(*pieces)->iov_base + n;
        (*pieces)->iov_len -= n;
    }
}

static void end_copy(nu__http_connection *c)
{
    nu__connection_write *write = c->writes;

    c->writes = write->next;
    c->queued_writes--;
    free(write);
}

static ssize_t write_copy(nu__http_connection *c)
{
    nu__connection_write *write = c->writes;
    struct iovec piece = { write->bytes + write->written, write->len - write->written };
    ssize_t n = nu__http_send_now(c, &piece, 1);

    if (n > 0)
        write->written += (size_t)n;
    if (write->written == write->len)
        end_copy(c);
    return n;
}

static ssize_t write_pieces(nu__http_connection *c)
{
    ssize_t n = nu__http_send_now(c, c->pieces, c->n_pieces);

    if (n > 0)
        nu__http_pass(&c->pieces, &c->n_pieces, (size_t)n);
    if (!c->n_pieces) {
        c->write_done = true;
        nu__fiber_wake(c->fiber);
    }
    return n;
}

void nu__http_write_on(nu__http_connection *c)
{
    while (c->unwritten) {
        ssize_t n = c->writes ? write_copy(c) : write_pieces(c);

        if (n < 0)
            nu__http_broken(c);
        if (n <= 0)
            return;
        c->unwritten -= (size_t)n;
    }
    nu__http_written(c);
}

void nu__http_drop_writes(nu__http_connection *c)
{
    while (c->writes)
        end_copy(c);
    if (c->n_pieces && c->fiber) {
        c->write_done = true;
        nu__fiber_wake(c->fiber);
    }
    c->n_pieces = 0;
    c->unwritten = 0;
}

void nu__http_write_pieces(nu__http_connection *c, struct iovec *pieces, unsigned n)
{
    size_t size = 0;

    for (unsigned i = 0; i < n; i++)
        size += pieces[i].iov_len;
    c->pieces = pieces;
    c->n_pieces = n;
    c->write_done = false;
    wait_for_room(c, size);
}
