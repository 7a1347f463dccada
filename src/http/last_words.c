/* A response without the loop, where the process ends before its next turn. */
#include "http/connection_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static nu__http_connection *of_this_fiber(const nu__http *http)
{
    const nu__fiber *fiber = nu__fiber_current();
    nu__http_connection *c = http->connections;

    while (c && (c->fiber != fiber || !fiber))
        c = c->next;
    return c;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t written = send(fd, bytes, n, MSG_NOSIGNAL);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        n -= (size_t)written;
    }
    return true;
}

/* The response as one text, by malloc: the arena may be what is broken. */
static char *whole(nu__http *http, const nu_response *response, size_t *len)
{
    nu__h1_answer answer = { .response = response,
                             .date = nu__http_date_line(http),
                             .content_length = (int64_t)response->body.len,
                             .close = true };
    char *text = malloc(nu__h1_head_size(&answer) + response->body.len), *end;

    if (!text)
        return NULL;
    end = nu__h1_write_head(text, &answer);
    memcpy(end, response->body.ptr, response->body.len);
    *len = (size_t)(end - text) + response->body.len;
    return text;
}

bool nu__http_last_words(nu__http *http, const nu_response *response)
{
    nu__http_connection *c = http ? of_this_fiber(http) : NULL;
    size_t len;
    char *text;
    bool written;

    if (!c || c->head_sent || c->dead)
        return false;
    text = whole(http, response, &len);
    if (!text)
        return false;
    nu__http_depart(http);
    fcntl(c->fd, F_SETFL, fcntl(c->fd, F_GETFL) & ~O_NONBLOCK);
    written = write_all(c->fd, text, len);
    shutdown(c->fd, SHUT_WR);
    free(text);
    return written;
}
