/* Calls on sockets together give what each would alone, whatever the kernel says to the ring. */
#include "harness.h"

#include "loop/ring.h"
#include "loop/valgrind.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAIRS = 150 };

static int ends[PAIRS][2];

static void open_pairs(void)
{
    for (int i = 0; i < PAIRS; i++)
        CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends[i]) == 0);
}

static void close_pairs(void)
{
    for (int i = 0; i < PAIRS; i++) {
        close(ends[i][0]);
        close(ends[i][1]);
    }
}

/* Each sends its number, then all are asked for it. */
static bool numbers_arrive(nu__ring *ring)
{
    nu__socket_call calls[PAIRS] = { 0 };
    int numbers[PAIRS], got[PAIRS];
    bool good = true;

    for (int i = 0; i < PAIRS; i++) {
        numbers[i] = i;
        calls[i] = (nu__socket_call){ ends[i][0], true, &numbers[i], sizeof numbers[i], 0 };
    }
    nu__socket_calls(ring, calls, PAIRS);
    for (int i = 0; i < PAIRS; i++) {
        good = good && calls[i].result == sizeof numbers[i];
        calls[i] = (nu__socket_call){ ends[i][1], false, &got[i], sizeof got[i], 0 };
    }
    nu__socket_calls(ring, calls, PAIRS);
    for (int i = 0; i < PAIRS; i++)
        good = good && calls[i].result == sizeof got[i] && got[i] == i;
    return good;
}

static void bytes_arrive_where_they_belong(void)
{
    nu__ring *ring = nu__ring_open();

    open_pairs();
    for (int round = 0; round < 10; round++)
        CHECK(numbers_arrive(ring));
    CHECK(numbers_arrive(NULL));
    close_pairs();
    nu__ring_close(ring);
}

/* One socket has bytes, one none, one an end that is closed, one is no socket. */
static void check_results(nu__ring *ring)
{
    char bytes[4][8];
    nu__socket_call calls[5];

    open_pairs();
    CHECK(write(ends[0][1], "abc", 3) == 3);
    close(ends[2][1]);
    for (int i = 0; i < 4; i++)
        calls[i] = (nu__socket_call){ i < 3 ? ends[i][0] : -1, false, bytes[i], 8, 0 };
    calls[4] = (nu__socket_call){ ends[2][0], true, bytes[0], 3, 0 };
    nu__socket_calls(ring, calls, 5);
    CHECK_INT(calls[0].result, 3);
    CHECK(memcmp(bytes[0], "abc", 3) == 0);
    CHECK_INT(calls[1].result, -EAGAIN);
    CHECK_INT(calls[2].result, 0);
    CHECK_INT(calls[3].result, -EBADF);
    CHECK_INT(calls[4].result, -EPIPE);
    ends[2][1] = -1;
    close_pairs();
}

static void each_call_has_its_own_result(void)
{
    nu__ring *ring = nu__ring_open();

    check_results(ring);
    check_results(NULL);
    nu__ring_close(ring);
}

/* What does not fit is neither lost nor waited for, and the order of a socket's calls is kept. */
static void a_full_socket_takes_a_part(void)
{
    static char many[1 << 20];
    nu__ring *ring = nu__ring_open();
    nu__socket_call calls[2];

    open_pairs();
    for (int i = 0; i < 2; i++)
        calls[i] = (nu__socket_call){ ends[0][0], true, many, sizeof many, 0 };
    nu__socket_calls(ring, calls, 2);
    CHECK(calls[0].result > 0 && calls[0].result < (int)sizeof many);
    CHECK_INT(calls[1].result, -EAGAIN);
    close_pairs();
    nu__ring_close(ring);
}

/* ---- kernels that refuse --------------------------------------------------------------------- */

static bool refuse(long number)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { .len = sizeof rules / sizeof *rules, .filter = rules };

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* In a child, since a filter stays. */
static bool holds_in_child(bool (*claim)(void))
{
    int status = 1;
    pid_t child = fork();

    if (child == 0)
        _exit(claim() ? 0 : 1);
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool refused_at_opening(void)
{
    return refuse(SYS_io_uring_setup) && !nu__ring_open() &&
           errno ==
               (RUNNING_ON_VALGRIND ? ENOSYS : EPERM); /* under valgrind the kernel isn't asked */
}

static bool refused_later(void)
{
    nu__ring *ring = nu__ring_open();

    return refuse(SYS_io_uring_enter) && numbers_arrive(ring) && numbers_arrive(ring);
}

static void a_kernel_that_refuses_is_told_by_the_opening(void)
{
    CHECK(holds_in_child(refused_at_opening));
}

static void calls_that_a_ring_is_refused_are_made_alone(void)
{
    open_pairs();
    CHECK(holds_in_child(refused_later));
    close_pairs();
}

HARNESS(bytes_arrive_where_they_belong, each_call_has_its_own_result, a_full_socket_takes_a_part,
        a_kernel_that_refuses_is_told_by_the_opening, calls_that_a_ring_is_refused_are_made_alone)
