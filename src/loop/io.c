#include "loop/io.h"

#include "loop/fiber_int.h"
#include "loop/moderation.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>

struct nu__watch {
    uv_poll_t poll;
    nu__fiber *fiber; /* that waits */
    int fd;
    int armed; /* events the kernel is asked for */
    int got;   /* events since the wait began; negative: an error */
    bool on_loop, answers;
    bool always; /* a file or device that the kernel does not poll: always ready */
    void (*told)(void *arg, int events); /* who listens; NULL: fibers wait */
    void *arg;
};

/* An event that nobody waits for would come again and again: so stop asking for it. With an error
   libuv has stopped by itself, and the bytes that came before the error are still to be read. */
static void on_event(uv_poll_t *poll, int status, int events)
{
    nu__watch *watch = poll->data;

    if (watch->told) {
        if (status)
            watch->armed = 0;
        watch->told(watch->arg, status ? NU__READABLE | NU__WRITABLE : events);
        return;
    }
    if (watch->fiber) {
        watch->got = status ? -1 : events;
        nu__fiber_wake(watch->fiber);
    }
    if (watch->fiber && !status)
        return;
    uv_poll_stop(poll);
    watch->armed = 0;
}

nu__watch *nu__watch_open(int fd)
{
    nu__watch *watch = calloc(1, sizeof(*watch));

    if (watch)
        watch->fd = fd;
    return watch;
}

void nu__watch_answers(nu__watch *watch)
{
    watch->answers = true;
}

/* Whether the handle is one of a loop that still runs: a loop that has ended has closed it. */
static bool stands_on_loop(const nu__watch *watch)
{
    return watch->on_loop && !uv_is_closing((const uv_handle_t *)&watch->poll);
}

static void free_watch(uv_handle_t *handle)
{
    free(handle->data);
}

void nu__watch_close(nu__watch *watch)
{
    if (!watch)
        return;
    if (stands_on_loop(watch))
        uv_close((uv_handle_t *)&watch->poll, free_watch);
    else
        free(watch);
}

static void join_loop(nu__watch *watch)
{
    watch->armed = 0;
    watch->always = uv_poll_init(nu__loop(), &watch->poll, watch->fd) != 0;
    watch->on_loop = !watch->always;
    watch->poll.data = watch;
}

static void arm(nu__watch *watch, int events)
{
    if (!watch->always && !stands_on_loop(watch)) {
        if (!events)
            return; /* nothing asks */
        join_loop(watch);
    }
    if (watch->always || watch->armed == events)
        return;
    if (uv_poll_start(&watch->poll, events, on_event) == 0)
        watch->armed = events;
    else
        watch->got = -1;
}

bool nu__watch_listen(nu__watch *watch, int events, void (*told)(void *arg, int events), void *arg)
{
    watch->got = 0;
    watch->told = told;
    watch->arg = arg;
    arm(watch, events);
    return !watch->always && !watch->got;
}

static bool wait_inline(nu__watch *watch, int events, double deadline)
{
    struct pollfd item = { .fd = watch->fd,
                           .events = (short)((events & NU__READABLE ? POLLIN : 0) |
                                             (events & NU__WRITABLE ? POLLOUT : 0)) };

    for (;;) {
        double ms = ceil((deadline - nu__time()) * 1000);
        int n = poll(&item, 1, !(ms < 1e9) ? -1 : ms < 0 ? 0 : (int)ms);

        if (n != 0 && !(n < 0 && errno == EINTR))
            return true;
        if (n == 0 && deadline <= nu__time())
            return false;
    }
}

static nu__wait_result wait_event(nu__watch *watch, double deadline)
{
    nu__wait_result result = NU__WAIT_WOKEN;

    watch->fiber = nu__fiber_current();
    if (watch->answers)
        nu__answer_awaited();
    while (!watch->got && result == NU__WAIT_WOKEN)
        result = nu__fiber_wait(deadline);
    if (watch->answers)
        nu__answer_came();
    watch->fiber = NULL;
    return result;
}

bool nu__watch_wait(nu__watch *watch, int events, double deadline)
{
    nu__wait_result result;

    if (!nu__loop())
        return wait_inline(watch, events, deadline);
    watch->got = 0;
    arm(watch, events);
    if (watch->always) {
        nu__fiber_yield();
        return true;
    }
    result = wait_event(watch, deadline);
    return watch->got ? true : nu__wait_settle(result, deadline);
}

bool nu__watch_is_quiet(const nu__watch *watch)
{
    return watch && watch->on_loop && watch->armed & NU__READABLE;
}
