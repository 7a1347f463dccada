/* The sockets of the connections: which of them have bytes, reading from many of them at once.
 *
 * The kernel tells of a socket once when bytes have come, and again when more have: what was not
 * read is remembered in `readable`. All hang in an epoll set of their own, which libuv watches.
 */
#include "http/connection_int.h"

#include <errno.h>
#include <nuages/logging.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, READ_ALONE = 65536 };
enum { ENDS = EPOLLRDHUP | EPOLLHUP | EPOLLERR };

/* ---- reading ----------------------------------------------------------------------------------
 */

void nu__wire_read(nu__http_connection *c)
{
    if (!c->readable || !c->reading || c->to_read || c->phase == NU__CLOSED)
        return;
    c->to_read = true;
    c->next_to_read = NULL;
    *c->http->to_read_end = c;
    c->http->to_read_end = &c->next_to_read;
    nu__at_turn_end(&c->http->turn);
}

/* A stream that gave less than was asked for has no more, unless its end is what follows. */
static void took(nu__http_connection *c, const nu__socket_call *call)
{
    if (c->phase == NU__CLOSED)
        return;
    if (call->result == -EAGAIN)
        c->hung_up = false; /* an error that a write has met first */
    c->readable = c->hung_up || call->result == (int32_t)call->len || call->result == -EINTR;
    if (call->result > 0)
        nu__http_take(c, call->bytes, (size_t)call->result);
    else if (call->result == 0)
        nu__http_gone(c, c->cut);
    else if (call->result != -EAGAIN && call->result != -EINTR)
        nu__http_gone(c, true);
    nu__wire_read(c);
}

static nu__socket_call receive(nu__http_connection *c, char *shared, size_t shared_size)
{
    size_t size;
    char *bytes = nu__http_input_room(c, &size);

    if (!bytes) {
        bytes = shared;
        size = shared_size;
    }
    return (nu__socket_call){ .fd = c->fd,
                              .bytes = bytes,
                              .len = size < INT32_MAX ? (uint32_t)size : INT32_MAX };
}

static void read_from(nu__http *http, nu__http_connection **all, size_t n)
{
    nu__socket_call calls[NU__HTTP_TOGETHER];

    for (size_t i = 0; i < n; i++)
        calls[i] = receive(all[i], http->shared + i * NU__HTTP_SLICE,
                           n == 1 ? READ_ALONE : NU__HTTP_SLICE);
    nu__socket_calls(http->ring, calls, n);
    for (size_t i = 0; i < n; i++)
        took(all[i], &calls[i]);
}

/* The next of the list that still want to be read from. */
static size_t next_batch(nu__http_connection **list, nu__http_connection **all)
{
    size_t n = 0;

    while (*list && n < NU__HTTP_TOGETHER) {
        nu__http_connection *c = *list;

        *list = c->next_to_read;
        c->to_read = false;
        if (c->phase == NU__CLOSED)
            nu__http_release(c);
        else if (c->reading)
            all[n++] = c;
    }
    return n;
}

void nu__wire_read_all(nu__http *http)
{
    nu__http_connection *list = http->to_read, *all[NU__HTTP_TOGETHER];

    http->to_read = NULL;
    http->to_read_end = &http->to_read;
    while (list)
        read_from(http, all, next_batch(&list, all));
}

/* ---- events -----------------------------------------------------------------------------------
 */

static void on_event(nu__http_connection *c, uint32_t events)
{
    if (c->phase == NU__CLOSED)
        return;
    c->hung_up |= (events & ENDS) != 0;
    c->cut |= (events & (EPOLLHUP | EPOLLERR)) != 0;
    if (events & (EPOLLIN | ENDS)) {
        c->readable = true;
        nu__wire_read(c);
    }
    if (c->unwritten && events & (EPOLLOUT | ENDS))
        nu__http_write_on(c);
}

static void on_ready(uv_poll_t *poll, int status, int what)
{
    nu__http *http = poll->data;
    struct epoll_event events[NU__HTTP_TOGETHER];
    int n = epoll_wait(http->epoll, events, NU__HTTP_TOGETHER, 0);

    (void)status;
    (void)what;
    for (int i = 0; i < n; i++)
        on_event(events[i].data.ptr, events[i].events);
    nu__wire_read_all(http);
}

/* ---- opening and closing ------------------------------------------------------------------------
 */

bool nu__wire_open(nu__http_connection *c)
{
    struct epoll_event event = { .events = EVENTS, .data.ptr = c };

    if (epoll_ctl(c->http->epoll, EPOLL_CTL_ADD, c->fd, &event) == 0)
        return true;
    nu_error_log("a connection is closed, since the kernel can't watch it: {}", strerror(errno));
    return false;
}

void nu__wire_watch(nu__http_connection *c)
{
    struct epoll_event event = { .events = EVENTS, .data.ptr = c };

    epoll_ctl(c->http->epoll, EPOLL_CTL_MOD, c->fd, &event);
}

/* Closing alone would leave it in the set while a fiber sends a file by another descriptor. */
void nu__wire_close(nu__http_connection *c)
{
    epoll_ctl(c->http->epoll, EPOLL_CTL_DEL, c->fd, NULL);
    close(c->fd);
    nu__http_let_go(c);
}

static void open_ring(nu__http *http)
{
    if (http->options.calls_alone)
        return;
    http->ring = nu__ring_open();
    if (!http->ring)
        nu_debug("connections are served without io_uring: {}", strerror(errno));
}

bool nu__wire_start(nu__http *http)
{
    int error;

    http->to_read_end = &http->to_read;
    http->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (http->epoll < 0)
        return false;
    error = uv_poll_init(nu__loop(), &http->poll, http->epoll);
    if (error) {
        close(http->epoll);
        errno = -error;
        return false;
    }
    http->poll.data = http;
    uv_poll_start(&http->poll, UV_READABLE, on_ready);
    open_ring(http);
    return true;
}
