#include "harness_loop.h"

#include "loop/io.h"
#include "loop/socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <nuages/strings.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- a server of one connection at a time ---------------------------------------------------- */

/* A listening socket on a free port of the loopback; *address is what to connect to. */
static int listen_tcp(nu_str *address)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(in);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    CHECK(bind(fd, (struct sockaddr *)&in, sizeof(in)) == 0 && listen(fd, 10) == 0);
    getsockname(fd, (struct sockaddr *)&in, &len);
    *address = nu_fmt("127.0.0.1:{}", ntohs(in.sin_port));
    return fd;
}

static nu__socket *accept_one(int listener)
{
    nu__watch *watch = nu__watch_open(listener);
    int fd;

    while ((fd = accept(listener, NULL, NULL)) < 0)
        nu__watch_wait(watch, NU__READABLE, NU__FOREVER);
    nu__watch_close(watch);
    return nu__socket_open(fd);
}

/* Sends back what it reads, until the end. */
static void echo(void *arg)
{
    int listener = *(int *)arg;
    nu__socket *socket = accept_one(listener);
    char bytes[4096];
    size_t n;

    while ((n = nu__socket_read(socket, bytes, sizeof(bytes))) > 0)
        nu__socket_write(socket, bytes, n);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void what_is_written_comes_back(void)
{
    nu_str address;
    int listener = listen_tcp(&address);
    nu__socket *socket;
    char reply[16] = { 0 };

    nu__fiber_enter("echo", echo, &listener);
    socket = nu__socket_connect(address, 5);
    for (int i = 0; i < 100; i++) {
        nu__socket_write(socket, "hello", 5);
        CHECK_INT(nu__socket_read(socket, reply, sizeof(reply)), 5);
        CHECK_STR(reply, "hello");
    }
    nu__socket_shutdown(socket);
    CHECK_INT(nu__socket_read(socket, reply, sizeof(reply)), 0);
    close(listener);
}

enum { MEGABYTES = 4 << 20 };

static void write_much(void *socket)
{
    char *bytes = nu_alloc_array(char, MEGABYTES);

    memset(bytes, 'x', MEGABYTES);
    nu__socket_write(socket, bytes, MEGABYTES);
    nu__socket_shutdown(socket);
}

static void more_than_the_kernel_buffers_gets_through(void)
{
    nu_str address;
    int listener = listen_tcp(&address);
    nu__socket *socket;
    char bytes[8192];
    size_t n, total = 0;

    nu__fiber_enter("echo", echo, &listener);
    socket = nu__socket_connect(address, 5);
    nu__fiber_enter("writer", write_much, nu__socket_open(dup(nu__socket_fd(socket))));
    while ((n = nu__socket_read(socket, bytes, sizeof(bytes))) > 0)
        total += n;
    CHECK_INT(total, MEGABYTES);
    close(listener);
}

static void a_peer_that_says_nothing_times_out(void)
{
    nu_str address;
    int listener = listen_tcp(&address);
    nu__socket *socket = nu__socket_connect(address, 0.02);
    char byte;

    CHECK_RAISES(NU_TIMEOUT, "reading from 127.0.0.1:", nu__socket_read(socket, &byte, 1));
    close(listener);
}

static void a_refused_connection_says_so(void)
{
    nu_str address;

    close(listen_tcp(&address));
    CHECK_RAISES(NU_CONNECTION_ERROR, "Connection refused", nu__socket_connect(address, 5));
    CHECK_RAISES(NU_CONNECTION_ERROR, "no connection to unix:/nowhere/socket",
                 nu__socket_connect(S("unix:/nowhere/socket"), 5));
    CHECK_RAISES(NU_VALUE_ERROR, "a port from 0 to 65535 is missing",
                 nu__socket_connect(S("localhost"), 5));
}

static void a_host_is_looked_up_by_name(void)
{
    nu_str address;
    int listener = listen_tcp(&address);
    nu__socket *socket;

    nu__fiber_enter("echo", echo, &listener);
    address.ptr += strlen("127.0.0.1:");
    address.len -= strlen("127.0.0.1:");
    address = nu_fmt("localhost:{}", address);
    socket = nu__socket_connect(address, 5);
    nu__socket_write(socket, "x", 1);
    CHECK_INT(nu__socket_read(socket, &(char){ 0 }, 1), 1);
    nu__socket_close(socket);
    close(listener);
}

static void unix_sockets_work_alike(void)
{
    char folder[] = "/tmp/nuages-test-XXXXXX";
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    char reply[4] = { 0 };
    nu__socket *socket;

    CHECK(mkdtemp(folder) != NULL);
    snprintf(un.sun_path, sizeof(un.sun_path), "%s/s", folder);
    CHECK(bind(listener, (struct sockaddr *)&un, sizeof(un)) == 0 && listen(listener, 10) == 0);
    nu__fiber_enter("echo", echo, &listener);
    socket = nu__socket_connect(nu_fmt("unix:{}", (const char *)un.sun_path), 5);
    nu__socket_write(socket, "abc", 3);
    CHECK_INT(nu__socket_read(socket, reply, 3), 3);
    CHECK_STR(reply, "abc");
    close(listener);
    unlink(un.sun_path);
    rmdir(folder);
}

static void read_for_ever(void *arg)
{
    nu__socket *socket = nu__socket_connect(*(nu_str *)arg, 0);

    nu__socket_read(socket, &(char){ 0 }, 1);
}

static void a_waiting_reader_can_be_cancelled(void)
{
    nu_str address;
    int listener = listen_tcp(&address);
    nu__fiber *fiber = nu__fiber_spawn("reader", read_for_ever, &address);

    nu_sleep(0.01);
    nu__fiber_cancel(fiber);
    nu_sleep(0);
    CHECK_INT(nu__fiber_count(), 1);
    close(listener);
}

/* A connection of which the peer went with bytes unread, after it had sent one: the byte has come,
   and the reset behind it. */
static int connect_to_who_resets(void)
{
    nu_str address;
    struct sockaddr_in in;
    socklen_t len = sizeof(in);
    int listener = listen_tcp(&address), ours = socket(AF_INET, SOCK_STREAM, 0), theirs;

    getsockname(listener, (struct sockaddr *)&in, &len);
    CHECK(connect(ours, (struct sockaddr *)&in, sizeof(in)) == 0);
    while ((theirs = accept(listener, NULL, NULL)) < 0)
        nu_sleep(0.001);
    CHECK(send(ours, "unread", 6, 0) == 6);
    CHECK(send(theirs, "x", 1, 0) == 1);
    close(theirs);
    close(listener);
    return ours;
}

static void a_reset_is_told_after_the_bytes_before_it(void)
{
    int fd = connect_to_who_resets();
    nu__watch *watch = nu__watch_open(fd);
    char byte = 0;

    CHECK(nu__watch_wait(watch, NU__READABLE, nu__time() + 20));
    CHECK_INT(recv(fd, &byte, 1, MSG_DONTWAIT), 1);
    CHECK_INT(byte, 'x');
    CHECK(nu__watch_wait(watch, NU__READABLE, nu__time() + 20));
    CHECK_INT(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
    CHECK_INT(errno, ECONNRESET);
    nu__watch_close(watch);
    close(fd);
}

static void what_cannot_be_polled_is_always_ready(void)
{
    int fd = fileno(tmpfile());
    nu__watch *watch = nu__watch_open(fd);

    CHECK(nu__watch_wait(watch, NU__READABLE, nu__time() + 5));
    nu__watch_close(watch);
}

HARNESS_IN_FIBER(what_is_written_comes_back, more_than_the_kernel_buffers_gets_through,
                 a_peer_that_says_nothing_times_out, a_refused_connection_says_so,
                 a_host_is_looked_up_by_name, unix_sockets_work_alike,
                 a_waiting_reader_can_be_cancelled, a_reset_is_told_after_the_bytes_before_it,
                 what_cannot_be_polled_is_always_ready)
