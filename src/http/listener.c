/* Sockets that connections are accepted from. */
#include "http/connection_int.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct nu__http_listener {
    uv_poll_t poll;
    nu__timer pause; /* while there is no descriptor left for another connection */
    int fd;
    nu__http *http;
    struct nu__http_listener *next;
} nu__http_listener;

enum { ACCEPTED_AT_ONCE = 64, PAUSE_MS = 100 };

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
    nu__http_maybe_free(listener->http);
    free(listener);
}

void nu__http_close_listeners(nu__http *http)
{
    for (nu__http_listener *listener = http->listeners; listener; listener = listener->next)
        if (!uv_is_closing((uv_handle_t *)&listener->poll)) {
            nu__timer_stop(&listener->pause);
            uv_close((uv_handle_t *)&listener->poll, on_listener_closed);
        }
}
