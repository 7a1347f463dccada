/* The driver's beginning and end: start, accept, drain, stop. */
#include "http/connection_int.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SPARE = 256 };

static uint64_t ms_of(double seconds, double fallback)
{
    return (uint64_t)((seconds > 0 ? seconds : fallback) * 1000);
}

/* Connections whose request waited and left input behind go on with it. */
static void resume_all(nu__http *http)
{
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

static void free_http(nu__http *http)
{
    nu__http_connection *c, *next;

    for (c = http->spare; c; c = next) {
        next = c->next;
        free(c);
    }
    nu__ring_close(http->ring);
    free(http->shared);
    free(http);
}

void nu__http_maybe_free(nu__http *http)
{
    if (http->stopped && http->poll_closed && !http->n_connections && !http->listeners &&
        !http->turn.requested)
        free_http(http);
}

void nu__http_let_go(nu__http_connection *c)
{
    if (c->awaits_end)
        return;
    c->awaits_end = true;
    c->let_go = false;
    c->next_closed = c->http->closed;
    c->http->closed = c;
    nu__at_turn_end(&c->http->turn);
}

/* What the turn had in hand of connections that were closed in it is done with. */
static void let_go_all(nu__http *http)
{
    nu__http_connection *c = http->closed, *next;

    http->closed = NULL;
    for (; c; c = next) {
        next = c->next_closed;
        c->awaits_end = false;
        c->let_go = true;
        nu__http_release(c);
    }
}

static void end_turn(nu__turn_end *work)
{
    nu__http *http = (nu__http *)((char *)work - offsetof(nu__http, turn));

    resume_all(http);
    nu__wire_read_all(http);
    nu__http_depart(http);
    let_go_all(http);
    nu__http_maybe_free(http);
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
    http->turn.fn = end_turn;
    http->head_ms = ms_of(options->head_time, 20);
    http->body_ms = ms_of(options->body_time, 30);
    http->idle_ms = ms_of(options->keep_alive_time, 75);
    http->write_ms = ms_of(options->write_time, 60);
    if (!http->options.settings)
        http->options.settings = &nu__http_default_settings;
    if (nu__wire_start(http))
        return http;
    free(http->shared);
    free(http);
    return NULL;
}

/* ---- connections --------------------------------------------------------------------------------
 */

static void give_back(nu__http *http, nu__http_connection *c)
{
    if (http->n_spare < SPARE) {
        c->next = http->spare;
        http->spare = c;
        http->n_spare++;
    } else {
        free(c);
    }
}

/* NULL: out of memory, or the kernel is. */
static nu__http_connection *new_connection(nu__http *http, int fd)
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
    c->fd = fd;
    if (nu__wire_open(c))
        return c;
    give_back(http, c);
    return NULL;
}

void nu__http_release(nu__http_connection *c)
{
    nu__http *http = c->http;

    if (!c->let_go || c->fiber || c->resumed || c->to_read)
        return;
    give_back(http, c);
    http->n_connections--;
    if (!http->turn.requested)
        nu__at_turn_end(&http->turn);
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

static void name_server(nu__http_connection *c)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    int on = 1;

    if (getsockname(c->fd, (struct sockaddr *)&address, &len) != 0 || address.ss_family == AF_UNIX)
        return;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (address.ss_family == AF_INET)
        c->local_port = ntohs(((struct sockaddr_in *)(void *)&address)->sin_port);
    else if (address.ss_family == AF_INET6)
        c->local_port = ntohs(((struct sockaddr_in6 *)(void *)&address)->sin6_port);
}

void nu__http_accept(nu__http *http, int fd, const struct sockaddr *peer, socklen_t peer_len)
{
    nu__http_connection *c = http->draining ? NULL : new_connection(http, fd);

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
    name_server(c);
    nu__http_set_timeout(c, http->head_ms);
    nu__http_read_on(c);
}

/* ---- the end -----------------------------------------------------------------------------------
 */

void nu__http_drain(nu__http *http)
{
    nu__http_connection *c, *next;

    http->draining = true;
    nu__http_close_listeners(http);
    for (c = http->connections; c; c = next) {
        next = c->next;
        if (c->phase == NU__IDLE && !c->in_len && !c->queued_writes)
            nu__http_close(c);
    }
}

static void on_poll_closed(uv_handle_t *handle)
{
    nu__http *http = handle->data;

    close(http->epoll);
    http->poll_closed = true;
    nu__http_maybe_free(http);
}

void nu__http_stop(nu__http *http)
{
    nu__http_connection *c, *next;

    http->draining = true;
    nu__http_close_listeners(http);
    for (c = http->connections; c; c = next) {
        next = c->next;
        if (c->fiber)
            nu__fiber_cancel(c->fiber);
        nu__http_close(c);
    }
    http->stopped = true;
    uv_close((uv_handle_t *)&http->poll, on_poll_closed);
}

size_t nu__http_connections(const nu__http *http)
{
    return http->n_connections;
}

uint64_t nu__http_requests(const nu__http *http)
{
    return http->requests;
}
