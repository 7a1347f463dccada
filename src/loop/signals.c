#include "loop/fiber_int.h"
#include "loop/process.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* Of one signal; freed with the loop. */
typedef struct nu__caught_signal {
    uv_signal_t handle;
    int number;
    struct nu__caught_signal *next;
} nu__caught_signal;

/* Where no loop runs: blocked, and taken by sigtimedwait. */
static sigset_t blocked;

static void on_signal(uv_signal_t *handle, int number)
{
    nu__loop_state *loop = handle->data;

    loop->pending_signals |= UINT64_C(1) << (number - 1);
    nu__wait_wake_all(&loop->signal_waiters);
}

static void catch_on_loop(nu__loop_state *loop, int number)
{
    nu__caught_signal *caught = loop->signals;

    while (caught && caught->number != number)
        caught = caught->next;
    if (caught)
        return;
    caught = calloc(1, sizeof(*caught));
    if (!caught || uv_signal_init(&loop->uv, &caught->handle) != 0) {
        free(caught);
        nu_raise(NU_OS_ERROR, "can't catch signal {}", number);
    }
    caught->handle.data = loop;
    caught->number = number;
    caught->next = loop->signals;
    loop->signals = caught;
    uv_signal_start(&caught->handle, on_signal, number);
}

static void free_signal(uv_handle_t *handle)
{
    free((nu__caught_signal *)handle);
}

static void let_go_on_loop(nu__loop_state *loop, int number)
{
    nu__caught_signal **at = &loop->signals, *caught;

    while (*at && (*at)->number != number)
        at = &(*at)->next;
    if (!(caught = *at))
        return;
    *at = caught->next;
    loop->pending_signals &= ~(UINT64_C(1) << (number - 1));
    uv_close((uv_handle_t *)&caught->handle, free_signal);
}

void nu__signal_catch(int number)
{
    if (nu__loop_here) {
        catch_on_loop(nu__loop_here, number);
        return;
    }
    sigaddset(&blocked, number);
    pthread_sigmask(SIG_BLOCK, &blocked, NULL);
}

void nu__signal_let_go(int number)
{
    sigset_t one;

    if (nu__loop_here) {
        let_go_on_loop(nu__loop_here, number);
        return;
    }
    sigemptyset(&one);
    sigaddset(&one, number);
    sigdelset(&blocked, number);
    pthread_sigmask(SIG_UNBLOCK, &one, NULL);
}

static int wait_inline(double deadline)
{
    for (;;) {
        double left = deadline - nu__time();
        struct timespec seconds = { .tv_sec = left < 1e6 ? (time_t)left : (time_t)1e6 };
        int number;

        if (left <= 0)
            return 0;
        seconds.tv_nsec = (long)((left < 1e6 ? left - (double)seconds.tv_sec : 0) * 1e9);
        number = sigtimedwait(&blocked, NULL, &seconds);
        if (number > 0)
            return number;
    }
}

int nu__signal_wait(double deadline)
{
    nu__loop_state *loop = nu__loop_here;
    int number;

    if (!loop)
        return wait_inline(deadline);
    while (!loop->pending_signals)
        if (!nu__wait_until(&loop->signal_waiters, deadline))
            return 0;
    number = __builtin_ctzll(loop->pending_signals) + 1;
    loop->pending_signals &= loop->pending_signals - 1;
    return number;
}

void nu__caught_signals_release(nu__loop_state *loop)
{
    for (nu__caught_signal *next; loop->signals; loop->signals = next) {
        next = loop->signals->next;
        uv_close((uv_handle_t *)&loop->signals->handle, free_signal);
    }
}
