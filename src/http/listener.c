/* The driver's beginning and end: start, accept, drain, stop. */
#include "http/connection_int.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct nu__http_listener {
    uv_poll_t poll;
    nu__timer pause; /* while there is no descriptor left for another connection */
    int fd;
    nu__http *http;
    struct nu__http_listener *next;
} nu__http_listener;

enum { SPARE = 256, ACCEPTED_AT_ONCE = 64, PAUSE_MS = 100 };

static uint64_t ms_of(double seconds, double fallback)
{
    return (uint64_t)((seconds > 0 ? seconds : fallback) * 1000);
}

/* At the end of a turn: connections whose request waited and left input behind go on with it. */
static void resume(nu__turn_end *work)
{
    nu__http *http = (nu__http *)((char *)work - offsetof(nu__http, resume));
    nu__http_connection *c = http->resumed, *next;

    http->resumed = NULL;
    for (; c; c = next) {
        next = c->next_resumed;
        c->resumed = false;
        if (c->phase == NU__CLOSED)
            nu__http_release(c);
        else
            nu__http_serve(c);
    }
}

nu__http *nu__http_start(const nu__http_options *options)
{
    nu__http *http = calloc(1, sizeof *http);

    if (!http || !(http->shared = malloc(NU__HTTP_SHARED + NU__HTTP_OUTPUT))) {
        free(http);
        return NULL;
    }
    http->output = http->shared + NU__HTTP_SHARED;
    http->options = *options;
    http->resume.fn = resume;
    http->head_ms = ms_of(options->head_time, 20);
    http->body_ms = ms_of(options->body_time, 30);
    http->idle_ms = ms_of(options->keep_alive_time, 75);
    http->write_ms = ms_of(options->write_time, 60);
    if (!http->options.settings)
        http->options.settings = &nu__http_default_settings;
    return http;
}

/* ---- connections --------------------------------------------------------------------------------
 */

static nu__http_connection *new_connection(nu__http *http)
{
    nu__http_connection *c = http->spare;

    if (c) {
        http->spare = c->next;
        http->n_spare--;
        memset(c, 0, sizeof *c);
    } else if (!(c = calloc(1, sizeof *c))) {
        return NULL;
    }
    c->http = http;
    return c;
}

static void free_http(nu__http *http)
{
    nu__http_connection *c, *next;

    for (c = http->spare; c; c = next) {
        next = c->next;
        free(c);
    }
    free(http->shared);
    free(http);
}

static void maybe_free(nu__http *http)
{
    if (http->stopped && !http->n_connections && !http->listeners && !http->resume.requested)
        free_http(http);
}

void nu__http_release(nu__http_connection *c)
{
    nu__http *http = c->http;

    if (!c->handle_closed || c->fiber || c->resumed)
        return;
    if (http->n_spare < SPARE) {
        c->next = http->spare;
        http->spare = c;
        http->n_spare++;
    } else {
        free(c);
    }
    http->n_connections--;
    maybe_free(http);
}

static void name_peer(nu__http_connection *c, const struct sockaddr *peer, socklen_t len)
{
    if (len && peer->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)peer)->sin_addr,
                  c->remote_addr, sizeof c->remote_addr);
    else if (len && peer->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr,
                  c->remote_addr, sizeof c->remote_addr);
    c->remote_len = (uint8_t)strlen(c->remote_addr);
}

static int open_handle(nu__http_connection *c, int fd)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    uv_loop_t *loop = nu__loop();
    int on = 1;

    if (getsockname(fd, (struct sockaddr *)&address, &len) == 0 && address.ss_family == AF_UNIX) {
        uv_pipe_init(loop, &c->pipe, 0);
        return uv_pipe_open(&c->pipe, fd);
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (address.ss_family == AF_INET)
        c->local_port = ntohs(((struct sockaddr_in *)(void *)&address)->sin_port);
    else if (address.ss_family == AF_INET6)
        c->local_port = ntohs(((struct sockaddr_in6 *)(void *)&address)->sin6_port);
    uv_tcp_init(loop, &c->tcp);
    return uv_tcp_open(&c->tcp, fd);
}

void nu__http_accept(nu__http *http, int fd, const struct sockaddr *peer, socklen_t peer_len)
{
    nu__http_connection *c = http->draining ? NULL : new_connection(http);

    if (!c) {
        close(fd);
        return;
    }
    http->n_connections++;
    c->next = http->connections;
    if (c->next)
        c->next->previous = c;
    http->connections = c;
    name_peer(c, peer, peer_len);
    if (open_handle(c, fd) != 0)
        close(fd);
    c->handle.data = c;
    c->fd = fd;
    nu__http_set_timeout(c, http->head_ms);
    nu__http_read_on(c);
}

/* ---- listeners ----------------------------------------------------------------------------------
 */

static void on_acceptable(uv_poll_t *poll, int status, int events);

static void accept_again(nu__timer *timer)
{
    nu__http_listener *listener =
        (nu__http_listener *)((char *)timer - offsetof(nu__http_listener, pause));

    uv_poll_start(&listener->poll, UV_READABLE, on_acceptable);
}

/* The waiting connections would wake the loop without end. */
static void pause_accepting(nu__http_listener *listener)
{
    uv_poll_stop(&listener->poll);
    nu__timer_start(&listener->pause, PAUSE_MS, accept_again);
}

static void on_acceptable(uv_poll_t *poll, int status, int events)
{
    nu__http_listener *listener = poll->data;

    (void)events;
    for (int i = 0; status == 0 && i < ACCEPTED_AT_ONCE; i++) {
        struct sockaddr_storage peer;
        socklen_t len = sizeof peer;
        int fd =
            accept4(listener->fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                pause_accepting(listener);
            return;
        }
        nu__http_accept(listener->http, fd, (struct sockaddr *)&peer, len);
    }
}

bool nu__http_listen(nu__http *http, int fd)
{
    nu__http_listener *listener = calloc(1, sizeof *listener);
    int error;

    if (!listener)
        return false;
    error = uv_poll_init_socket(nu__loop(), &listener->poll, fd);
    if (error) {
        free(listener);
        errno = -error;
        return false;
    }
    listener->fd = fd;
    listener->http = http;
    listener->poll.data = listener;
    listener->next = http->listeners;
    http->listeners = listener;
    uv_poll_start(&listener->poll, UV_READABLE, on_acceptable);
    return true;
}

static void on_listener_closed(uv_handle_t *handle)
{
    nu__http_listener *listener = handle->data, **at = &listener->http->listeners;

    while (*at != listener)
        at = &(*at)->next;
    *at = listener->next;
    close(listener->fd);
    maybe_free(listener->http);
    free(listener);
}

static void close_listeners(nu__http *http)
{
    for (nu__http_listener *listener = http->listeners; listener; listener = listener->next)
        if (!uv_is_closing((uv_handle_t *)&listener->poll)) {
            nu__timer_stop(&listener->pause);
            uv_close((uv_handle_t *)&listener->poll, on_listener_closed);
        }
}

/* ---- the end -----------------------------------------------------------------------------------
 */

void nu__http_drain(nu__http *http)
{
    nu__http_connection *c, *next;

    http->draining = true;
    close_listeners(http);
    for (c = http->connections; c; c = next) {
        next = c->next;
        if (c->phase == NU__IDLE && !c->in_len && !c->queued_writes)
            nu__http_close(c);
    }
}

void nu__http_stop(nu__http *http)
{
    nu__http_connection *c, *next;

    http->draining = true;
    close_listeners(http);
    for (c = http->connections; c; c = next) {
        next = c->next;
        if (c->fiber)
            nu__fiber_cancel(c->fiber);
        nu__http_close(c);
    }
    http->stopped = true;
    maybe_free(http);
}

size_t nu__http_connections(const nu__http *http)
{
    return http->n_connections;
}

uint64_t nu__http_requests(const nu__http *http)
{
    return http->requests;
}
