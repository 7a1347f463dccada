#include "loop/ring.h"

#include "core/fault.h"
#include "loop/valgrind.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ENTRIES = 64 };

/* What is mapped of the kernel's memory; `sq` holds the completion queue too. */
struct nu__ring {
    int fd;
    char *sq;
    size_t sq_size;
    struct io_uring_sqe *entries;
    size_t entries_size;
    _Atomic uint32_t *sq_head, *sq_tail, *cq_head, *cq_tail;
    uint32_t sq_mask, cq_mask;
    struct io_uring_cqe *completions;
};

/* ---- one call each --------------------------------------------------------------------------- */

static int32_t call_alone(const nu__socket_call *call)
{
    ssize_t n;

    do
        n = call->sends ? send(call->fd, call->bytes, call->len, MSG_DONTWAIT | MSG_NOSIGNAL)
                        : recv(call->fd, call->bytes, call->len, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : (int32_t)n;
}

static void call_each(nu__socket_call *calls, size_t n)
{
    for (size_t i = 0; i < n; i++)
        calls[i].result = call_alone(&calls[i]);
}

/* ---- together -------------------------------------------------------------------------------- */

static int enter(const nu__ring *ring, uint32_t submit, uint32_t wait)
{
    return (int)syscall(SYS_io_uring_enter, ring->fd, submit, wait,
                        wait ? IORING_ENTER_GETEVENTS : 0, NULL, 0);
}

static void put(nu__ring *ring, uint32_t at, const nu__socket_call *call, size_t index)
{
    struct io_uring_sqe *entry = &ring->entries[at & ring->sq_mask];

    *entry = (struct io_uring_sqe){
        .opcode = call->sends ? IORING_OP_SEND : IORING_OP_RECV,
        .fd = call->fd,
        .addr = (uintptr_t)call->bytes,
        .len = call->len,
        .msg_flags = call->sends ? MSG_DONTWAIT | MSG_NOSIGNAL : MSG_DONTWAIT,
        .user_data = index,
    };
}

/* How many the kernel took; the others are taken back from the queue. */
static uint32_t submit(nu__ring *ring, const nu__socket_call *calls, uint32_t n)
{
    uint32_t tail = atomic_load_explicit(ring->sq_tail, memory_order_relaxed), taken;

    for (uint32_t i = 0; i < n; i++)
        put(ring, tail + i, &calls[i], i);
    atomic_store_explicit(ring->sq_tail, tail + n, memory_order_release);
    while (enter(ring, n, 0) < 0 && errno == EINTR)
        continue;
    taken = atomic_load_explicit(ring->sq_head, memory_order_acquire) - tail;
    atomic_store_explicit(ring->sq_tail, tail + taken, memory_order_release);
    return taken;
}

static uint32_t collect(nu__ring *ring, nu__socket_call *calls)
{
    uint32_t head = atomic_load_explicit(ring->cq_head, memory_order_relaxed), n = 0;
    uint32_t tail = atomic_load_explicit(ring->cq_tail, memory_order_acquire);

    for (; head != tail; head++, n++) {
        const struct io_uring_cqe *completion = &ring->completions[head & ring->cq_mask];

        calls[completion->user_data].result = completion->res;
    }
    atomic_store_explicit(ring->cq_head, head, memory_order_release);
    return n;
}

static void call_together(nu__ring *ring, nu__socket_call *calls, uint32_t n)
{
    uint32_t taken = submit(ring, calls, n), done = collect(ring, calls);

    for (; done < taken; done += collect(ring, calls))
        enter(ring, 0, taken - done);
    call_each(calls + taken, n - taken);
}

void nu__socket_calls(nu__ring *ring, nu__socket_call *calls, size_t n)
{
    if (!ring || n < 2) {
        call_each(calls, n);
        return;
    }
    for (size_t batch; n; calls += batch, n -= batch) {
        batch = n < ENTRIES ? n : ENTRIES;
        call_together(ring, calls, (uint32_t)batch);
    }
}

/* ---- opening --------------------------------------------------------------------------------- */

static void *map(const nu__ring *ring, size_t size, uint64_t which)
{
    void *at =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd, (off_t)which);

    return at == MAP_FAILED ? NULL : at;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* The queue of submissions is used in order: its index array says so once. */
static void find_queues(nu__ring *ring, const struct io_uring_params *p)
{
    uint32_t *index = (uint32_t *)(void *)(ring->sq + p->sq_off.array);

    for (uint32_t i = 0; i < p->sq_entries; i++)
        index[i] = i;
    ring->sq_head = (void *)(ring->sq + p->sq_off.head);
    ring->sq_tail = (void *)(ring->sq + p->sq_off.tail);
    ring->sq_mask = p->sq_entries - 1;
    ring->cq_head = (void *)(ring->sq + p->cq_off.head);
    ring->cq_tail = (void *)(ring->sq + p->cq_off.tail);
    ring->cq_mask = p->cq_entries - 1;
    ring->completions = (void *)(ring->sq + p->cq_off.cqes);
}

static bool set_up(nu__ring *ring)
{
    struct io_uring_params p = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL,
    };

    ring->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &p);
    if (ring->fd < 0)
        return false;
    ring->sq_size = larger(p.sq_off.array + p.sq_entries * (uint32_t)sizeof(uint32_t),
                           p.cq_off.cqes + p.cq_entries * (uint32_t)sizeof(struct io_uring_cqe));
    ring->entries_size = p.sq_entries * sizeof(struct io_uring_sqe);
    ring->sq = map(ring, ring->sq_size, IORING_OFF_SQ_RING);
    ring->entries = map(ring, ring->entries_size, IORING_OFF_SQES);
    if (!ring->sq || !ring->entries)
        return false;
    find_queues(ring, &p);
    return true;
}

nu__ring *nu__ring_open(void)
{
    nu__ring *ring;
    int error;

    if (RUNNING_ON_VALGRIND) { /* it does not see what the kernel writes through a ring */
        errno = ENOSYS;
        return NULL;
    }
    ring = nu__malloc_zeroed(sizeof *ring);
    if (!ring || set_up(ring))
        return ring;
    error = errno;
    nu__ring_close(ring);
    errno = error;
    return NULL;
}

void nu__ring_close(nu__ring *ring)
{
    if (!ring)
        return;
    if (ring->sq)
        munmap(ring->sq, ring->sq_size);
    if (ring->entries)
        munmap(ring->entries, ring->entries_size);
    if (ring->fd >= 0)
        close(ring->fd);
    free(ring);
}
