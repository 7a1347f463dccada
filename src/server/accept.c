#include "server/worker.h"

#include "loop/timer.h"

#include <errno.h>
#include <nuages/logging.h>
#include <stdlib.h>
#include <string.h>

/* Every idle worker is woken by a connection; whoever comes first takes it. To spread connections
   that last, each takes few a turn, and one that has clearly more than the others stands back for a
   moment; then it takes what is still there, since the others may be busy. */
enum { PER_TURN = 4, PER_TURN_ALONE = 64, QUEUED_AT_END = 4096, STAND_BACK_MS = 5, PAUSE_MS = 100 };

typedef struct source {
    uv_poll_t poll;
    const nu__listener *listener;
    struct source *next;
} source;

static struct {
    const nu__worker *worker;
    source *sources;
    nu__timer resume;
    bool stood_back;
} accepting;

static void on_connection(uv_poll_t *poll, int status, int events);

static void poll_all(bool on)
{
    for (source *s = accepting.sources; s; s = s->next)
        if (on)
            uv_poll_start(&s->poll, UV_READABLE, on_connection);
        else
            uv_poll_stop(&s->poll);
}

static void resume(nu__timer *timer)
{
    (void)timer;
    poll_all(true);
}

static void pause_for(uint64_t ms)
{
    poll_all(false);
    nu__timer_start(&accepting.resume, ms, resume);
}

/* Whether the others have clearly fewer connections. */
static bool has_enough(void)
{
    const nu__worker *worker = accepting.worker;
    uint32_t own = (uint32_t)worker->options->connections(), average;

    worker->score->connections = own;
    average = nu__scoreboard_average(worker->board);
    return own > average + 2 + average / 8;
}

/* false: none is queued, or none can be had now. */
static bool accept_one(const nu__listener *listener)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);
    int fd = accept4(listener->fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd >= 0) {
        accepting.worker->options->accept(fd, (struct sockaddr *)&peer, len, listener);
        return true;
    }
    if (errno == ECONNABORTED || errno == EINTR)
        return true;
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
        nu_error_log("can't accept connections for {} ms: {}", PAUSE_MS, strerror(errno));
        pause_for(PAUSE_MS);
    }
    return false;
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    const source *from = poll->data;
    bool alone = accepting.worker->options->workers == 1;
    int most = alone ? PER_TURN_ALONE : PER_TURN;

    (void)events;
    if (status != 0)
        return;
    if (!alone && !accepting.stood_back && has_enough()) {
        accepting.stood_back = true;
        pause_for(STAND_BACK_MS);
        return;
    }
    accepting.stood_back = false;
    for (int i = 0; i < most && accept_one(from->listener); i++)
        continue;
    accepting.worker->score->connections = (uint32_t)accepting.worker->options->connections();
}

bool nu__accept_start(const nu__worker *worker)
{
    accepting.worker = worker;
    for (size_t i = 0; i < worker->listeners->len; i++) {
        source *s = calloc(1, sizeof(*s));

        if (!s || uv_poll_init(nu__loop(), &s->poll, worker->listeners->items[i].fd) != 0) {
            free(s);
            return false;
        }
        s->listener = &worker->listeners->items[i];
        s->poll.data = s;
        s->next = accepting.sources;
        accepting.sources = s;
    }
    poll_all(true);
    return true;
}

static void free_source(uv_handle_t *handle)
{
    free(handle->data);
}

void nu__accept_stop(void)
{
    nu__timer_stop(&accepting.resume);
    for (source *next; accepting.sources; accepting.sources = next) {
        next = accepting.sources->next;
        for (int i = 0; i < QUEUED_AT_END && accept_one(accepting.sources->listener); i++)
            continue;
        nu__timer_stop(&accepting.resume);
        uv_close((uv_handle_t *)&accepting.sources->poll, free_source);
    }
}
