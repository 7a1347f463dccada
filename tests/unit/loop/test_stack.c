#include "harness.h"

#include "loop/crash.h"
#include "loop/fiber_int.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a child process that dies --------------------------------------------------------------- */

typedef struct death {
    int status;
    char said[4096];
} death;

static void read_all(int fd, char *into, size_t size)
{
    size_t len = 0;
    ssize_t n;

    while (len < size - 1 && (n = read(fd, into + len, size - 1 - len)) > 0)
        len += (size_t)n;
    into[len] = 0;
}

/* What a child that runs `fn` in a loop says on its standard error, and how it ends. */
static death run_in_child(int (*fn)(void *), void *arg)
{
    death result = { 0 };
    int fds[2];
    pid_t pid;

    fflush(stdout);
    if (pipe(fds) != 0)
        return result;
    pid = fork();
    if (!pid) {
        struct rlimit none = { 0, 0 };

        setrlimit(RLIMIT_CORE, &none);
        dup2(fds[1], STDERR_FILENO);
        _exit(nu__loop_main(fn, arg));
    }
    close(fds[1]);
    read_all(fds[0], result.said, sizeof(result.said));
    close(fds[0]);
    waitpid(pid, &result.status, 0);
    return result;
}

/* ---- overflow -------------------------------------------------------------------------------- */

static volatile int sink;

__attribute__((noinline)) static int recurse(int depth)
{
    volatile char frame[512];

    frame[0] = (char)depth;
    sink += frame[0];
    return depth < 0 ? 0 : recurse(depth + 1) + frame[0];
}

static void overflow(void *arg)
{
    (void)arg;
    sink = recurse(0);
}

static int overflow_in_a_request(void *arg)
{
    nu__fiber_enter(arg, overflow, NULL);
    return 0;
}

static void an_overflow_names_the_request_and_dies_by_the_signal(void)
{
    death end = run_in_child(overflow_in_a_request, "GET /deep/");

    CHECK(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGSEGV);
    CHECK(strstr(end.said, "fiber \"GET /deep/\" overflowed its stack of "));
    CHECK(strstr(end.said, " KiB\n"));
    CHECK(strstr(end.said, "unit-loop-stack"));
}

static void an_overflow_hits_a_guard_page_where_the_kernel_has_no_better(void)
{
    death end;

    nu__fiber_configure(&(nu__fiber_options){ .guard = NU__GUARD_PAGES });
    end = run_in_child(overflow_in_a_request, "GET /deep/");
    CHECK(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGSEGV);
    CHECK(strstr(end.said, "fiber \"GET /deep/\" overflowed its stack of "));
    nu__fiber_configure(&(nu__fiber_options){ 0 });
}

/* What a frame of a library without stack probes does that is larger than the guard. */
static void scribble(void *arg)
{
    (void)arg;
    memset(nu__fiber_current()->stack.low, 0, 16);
    nu_sleep(0);
}

static int scribble_in_a_request(void *arg)
{
    nu__fiber_enter(arg, scribble, NULL);
    return 0;
}

static void a_canary_tells_an_overflow_when_the_fiber_waits(void)
{
    death end;

    nu__fiber_configure(&(nu__fiber_options){ .guard = NU__GUARD_CANARY });
    end = run_in_child(scribble_in_a_request, "GET /deep/");
    CHECK(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGABRT);
    CHECK(strstr(end.said, "fiber \"GET /deep/\" overflowed its stack of "));
    CHECK(strstr(end.said, "canaries only"));
    nu__fiber_configure(&(nu__fiber_options){ 0 });
}

static void crash(void *arg)
{
    static volatile uintptr_t nowhere = 16;

    (void)arg;
    *(volatile int *)nowhere = 1;
}

static int crash_in_a_request(void *arg)
{
    nu__fiber_enter(arg, crash, NULL);
    return 0;
}

static void a_crash_names_the_request(void)
{
    death end = run_in_child(crash_in_a_request, "GET /crash/");

    CHECK(strstr(end.said, "SIGSEGV at address 0x10 in fiber \"GET /crash/\""));
    CHECK(end.status != 0);
}

static void say_lines(void *const *addresses, size_t n)
{
    (void)!write(STDERR_FILENO, "lines\n", addresses && n ? 6 : 0);
}

static int crash_with_lines(void *arg)
{
    nu__crash_lines = say_lines;
    return crash_in_a_request(arg);
}

static void *crash_in_thread(void *arg)
{
    crash(arg);
    return NULL;
}

static int crash_in_a_thread(void *arg)
{
    pthread_t thread;

    nu__crash_lines = say_lines;
    return pthread_create(&thread, NULL, crash_in_thread, arg) || pthread_join(thread, NULL);
}

/* What tells lines keeps its texts in the arena of whoever crashed. */
static void lines_of_a_crash_are_told_where_there_is_an_arena(void)
{
    death end = run_in_child(crash_with_lines, "GET /crash/");

    CHECK(strstr(end.said, "\nlines\n") && end.status != 0);
    end = run_in_child(crash_in_a_thread, NULL);
    CHECK(strstr(end.said, "SIGSEGV at address 0x10 in a thread without a loop"));
    CHECK(!strstr(end.said, "\nlines\n") && end.status != 0);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void park(void *arg)
{
    (void)arg;
    nu__fiber_park();
}

static int start_too_many(void *arg)
{
    int *started = arg;

    while (*started < 1000 && nu__fiber_spawn("child", park, NULL))
        ++*started;
    nu_sleep(0);
    return 0;
}

static void past_the_limit_no_fiber_is_made(void)
{
    int started = 0;

    nu__fiber_configure(&(nu__fiber_options){ .max_fibers = 100 });
    nu__loop_main(start_too_many, &started);
    CHECK_INT(started, 99); /* and the main fiber */
    nu__fiber_configure(&(nu__fiber_options){ 0 });
}

HARNESS(an_overflow_names_the_request_and_dies_by_the_signal,
        an_overflow_hits_a_guard_page_where_the_kernel_has_no_better,
        a_canary_tells_an_overflow_when_the_fiber_waits, a_crash_names_the_request,
        lines_of_a_crash_are_told_where_there_is_an_arena, past_the_limit_no_fiber_is_made)
