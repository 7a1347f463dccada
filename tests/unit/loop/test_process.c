#include "harness_loop.h"

#include "loop/process.h"
#include "loop/valgrind.h"

#include <nuages/strings.h>
#include <signal.h>
#include <unistd.h>

#define RUN(...)                                                                                   \
    &(nu__process_options)                                                                         \
    {                                                                                              \
        .argv = (const char *[]){ __VA_ARGS__, NULL }, .in = NU__NULL_DEVICE, .out = NU__INHERIT,  \
        .err = NU__INHERIT                                                                         \
    }

static void the_output_and_the_status_of_a_child_come_back(void)
{
    nu_str output;

    CHECK_INT(nu__process_run(RUN("sh", "-c", "echo hello; exit 3"), 10, 1000, &output), 3);
    CHECK_STR(output, "hello\n");
}

static void others_run_while_a_child_does(void)
{
    nu__process *process = nu__process_start(RUN("sleep", "100"));
    int status = 0;

    CHECK(!nu__process_wait(process, nu__time() + 0.01, &status));
    nu__process_kill(process, SIGTERM);
    CHECK(nu__process_wait(process, nu__time() + 10, &status));
    CHECK_INT(status, 128 + SIGTERM);
}

static void a_child_that_cannot_be_run_says_so(void)
{
    if (RUNNING_ON_VALGRIND)
        return; /* it makes posix_spawn a fork, which can't tell */
    CHECK_RAISES(NU_OS_ERROR, "can't run \"no-such-program\": No such file",
                 nu__process_start(RUN("no-such-program")));
}

static void a_child_that_takes_too_long_is_killed(void)
{
    nu_str output;

    CHECK_RAISES(NU_TIMEOUT, "\"sleep\" has not ended in time",
                 nu__process_run(RUN("sleep", "100"), 0.02, 1000, &output));
}

static void a_child_that_writes_too_much_is_killed(void)
{
    nu_str output;

    CHECK_RAISES(NU_OS_ERROR, "\"yes\" writes more than 1000 bytes",
                 nu__process_run(RUN("yes"), 10, 1000, &output));
}

static int left_pid;

static void start_and_leave(void *arg)
{
    (void)arg;
    left_pid = nu__process_id(nu__process_start(RUN("sleep", "100")));
}

static void a_child_ends_with_its_fiber(void)
{
    nu__fiber_enter("parent", start_and_leave, NULL);
    CHECK(kill(left_pid, 0) != 0);
}

static void a_caught_signal_wakes_who_waits_for_it(void)
{
    nu__signal_catch(SIGUSR1);
    nu__signal_catch(SIGUSR2);
    CHECK_INT(nu__signal_wait(nu__time() + 0.005), 0);
    kill(getpid(), SIGUSR2);
    CHECK_INT(nu__signal_wait(nu__time() + 10), SIGUSR2);
    kill(getpid(), SIGUSR1);
    nu_sleep(0.01);
    CHECK_INT(nu__signal_wait(nu__time() + 10), SIGUSR1);
}

static void one_that_is_let_go_has_its_default_again(void)
{
    struct sigaction action;

    nu__signal_catch(SIGALRM);
    sigaction(SIGALRM, NULL, &action);
    CHECK(action.sa_handler != SIG_DFL);
    kill(getpid(), SIGALRM);
    nu_sleep(0.01);
    nu__signal_let_go(SIGALRM);
    nu__signal_let_go(SIGALRM);
    sigaction(SIGALRM, NULL, &action);
    CHECK(action.sa_handler == SIG_DFL);
    CHECK_INT(nu__signal_wait(nu__time() + 0.005), 0);
}

HARNESS_IN_FIBER(the_output_and_the_status_of_a_child_come_back, others_run_while_a_child_does,
                 a_child_that_cannot_be_run_says_so, a_child_that_takes_too_long_is_killed,
                 a_child_that_writes_too_much_is_killed, a_child_ends_with_its_fiber,
                 a_caught_signal_wakes_who_waits_for_it, one_that_is_let_go_has_its_default_again)
