/* A descriptor outlives the loop that it was watched in: connections that are kept do. */
#include "harness.h"

#include "loop/io.h"
#include "loop/loop.h"

#include <unistd.h>

static int ends[2];
static nu__watch *watch;

static void on_byte(void *arg, int events)
{
    *(int *)arg = events;
}

static int listen_for_a_byte(void *arg)
{
    CHECK(nu__watch_listen(watch, NU__READABLE, on_byte, arg));
    return 0;
}

static int stop_listening(void *arg)
{
    nu__watch_listen(watch, 0, NULL, NULL);
    return *(int *)arg;
}

static int wait_for_a_byte(void *arg)
{
    char byte = 0;

    CHECK(write(ends[1], "x", 1) == 1);
    CHECK(nu__watch_wait(watch, NU__READABLE, nu__time() + 20));
    CHECK(read(ends[0], &byte, 1) == 1 && byte == 'x');
    return *(int *)arg;
}

static void a_watch_goes_on_in_the_next_loop(void)
{
    int told = 0;

    CHECK(pipe(ends) == 0);
    watch = nu__watch_open(ends[0]);
    CHECK_INT(nu__loop_main(listen_for_a_byte, &told), 0);
    CHECK_INT(nu__loop_main(stop_listening, &told), 0);
    CHECK_INT(nu__loop_main(wait_for_a_byte, &told), 0);
    CHECK_INT(stop_listening(&told), 0);
    nu__watch_close(watch);
    close(ends[0]);
    close(ends[1]);
}

HARNESS(a_watch_goes_on_in_the_next_loop)
