/**
 * @file
 * Many calls on sockets by one entry to the kernel, where it has io_uring.
 *
 * A ring is a way to make calls, not to wait for events: each call is one that never waits (a
 * receive or a send with MSG_DONTWAIT), so it is done when nu__socket_calls() returns. Nothing is
 * under way in between, and a closed descriptor or a buffer that moves needs no second thought.
 *
 *     calls: recv fd 7, recv fd 9, recv fd 12 -> submission queue -> one io_uring_enter()
 *     results in the calls                    <- completion queue <-
 */
#pragma once
#include <nuages/base.h>
#include <sys/types.h>

typedef struct nu__socket_call {
    int fd;
    bool sends; /* else it receives */
    void *bytes;
    uint32_t len;
    int32_t result; /* bytes, or -errno; -EAGAIN: it would have waited */
} nu__socket_call;

typedef struct nu__ring nu__ring;

/* For the calling thread alone. NULL, with errno: the kernel is too old, refuses it (as container
   runtimes have it do), or has no memory for it. */
nu__ring *nu__ring_open(void);
void nu__ring_close(nu__ring *ring); /* NULL is none */

/* Make the calls, in order. ring NULL: one system call each. */
void nu__socket_calls(nu__ring *ring, nu__socket_call *calls, size_t n);
