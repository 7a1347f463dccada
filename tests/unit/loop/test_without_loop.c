#include "harness.h"

#include "loop/pool.h"
#include "loop/process.h"
#include "loop/socket.h"
#include "loop/thread.h"

#include <netinet/in.h>
#include <nuages/strings.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static void sleeping_blocks_the_thread(void)
{
    double before = nu__time();

    nu_sleep(0.01);
    CHECK(nu__time() >= before + 0.01);
    CHECK(!nu__fiber_park_until(nu__time() + 0.01));
    CHECK(nu__loop() == NULL && nu__fiber_current() == NULL);
}

static void note_place(void *arg)
{
    *(bool *)arg = nu__here == NULL;
}

static void jobs_run_inline_without_a_context(void)
{
    nu__thread *thread = nu__thread_start("test");
    bool bare[2] = { 0 };

    nu__pool_run(note_place, &bare[0]);
    nu__thread_run(thread, note_place, &bare[1]);
    CHECK(bare[0] && bare[1]);
    CHECK(nu__here != NULL);
    nu__thread_stop(thread);
}

static void raise_inside(void *ran)
{
    *(bool *)ran = true;
    nu_raise(NU_VALUE_ERROR, "in a fiber that runs inline");
}

static void a_fiber_runs_inline_with_a_context_of_its_own(void)
{
    nu__context *outer = nu__here;
    bool ran = false;

    CHECK(nu__fiber_spawn("child", raise_inside, &ran) == NULL);
    CHECK(ran);
    CHECK(nu__here == outer);
}

static void children_and_signals_work(void)
{
    const char *argv[] = { "sh", "-c", "echo sh", NULL };
    nu_str output;

    CHECK_INT(nu__process_run(&(nu__process_options){ .argv = argv, .err = NU__INHERIT }, 10, 100,
                              &output),
              0);
    CHECK_STR(output, "sh\n");
    nu__signal_catch(SIGUSR1);
    CHECK_INT(nu__signal_wait(nu__time() + 0.005), 0);
    kill(getpid(), SIGUSR1);
    CHECK_INT(nu__signal_wait(nu__time() + 10), SIGUSR1);
    nu__signal_let_go(SIGUSR1);
    CHECK_INT(nu__signal_wait(nu__time() + 0.005), 0);
}

static void *answer(void *arg)
{
    int fd = accept(*(int *)arg, NULL, NULL);

    if (write(fd, "hello", 5) != 5)
        return arg;
    close(fd);
    return NULL;
}

static void sockets_block(void)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(in);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char reply[16];
    pthread_t thread;
    nu__socket *socket;

    CHECK(bind(fd, (struct sockaddr *)&in, sizeof(in)) == 0 && listen(fd, 10) == 0);
    getsockname(fd, (struct sockaddr *)&in, &len);
    socket = nu__socket_connect(nu_fmt("127.0.0.1:{}", ntohs(in.sin_port)), 5);
    nu__socket_set_timeout(socket, 0.01);
    CHECK_RAISES(NU_TIMEOUT, "reading from 127.0.0.1", nu__socket_read(socket, reply, 1));
    nu__socket_set_timeout(socket, 5);
    pthread_create(&thread, NULL, answer, &fd);
    CHECK_INT(nu__socket_read(socket, reply, sizeof(reply)), 5);
    CHECK_INT(nu__socket_read(socket, reply, sizeof(reply)), 0);
    pthread_join(thread, NULL);
    close(fd);
}

static int nested(void *arg)
{
    return *(int *)arg;
}

static int outer(void *arg)
{
    return nu__loop_main(nested, arg) + 1;
}

static void a_loop_within_a_loop_is_a_call(void)
{
    int n = 41;

    CHECK_INT(nu__loop_main(outer, &n), 42);
}

HARNESS(sleeping_blocks_the_thread, jobs_run_inline_without_a_context,
        a_fiber_runs_inline_with_a_context_of_its_own, children_and_signals_work, sockets_block,
        a_loop_within_a_loop_is_a_call)
