/* A server for test_server_processes.py: a fiber for each connection, and paths that misbehave.

     server_processes [--workers N] [--drain S] [--heartbeat S] [--max-requests N] ADDRESS…

     /pid  /worker  /sleep/S  /spin  /crash  /overflow
   NUAGES_TEST_FAIL=start fails in worker_start, =early ends before the server runs;
   with NUAGES_TEST_SLOW worker_start and worker_stop take 0.2 s. */
#include "core/context.h"
#include "loop/socket.h"
#include "server/access_log.h"
#include "server/server.h"

#include <nuages/logging.h>
#include <nuages/loop.h>
#include <nuages/strings.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- connections ----------------------------------------------------------------------------- */

typedef struct connection {
    int fd;
    bool idle;
    nu__fiber *fiber;
    struct connection *next, **link;
} connection;

static connection *connections;
static size_t n_connections;
static uint64_t n_requests;
static bool draining;

static volatile int sink;

__attribute__((noinline)) static int recurse(int depth)
{
    volatile char frame[4096];

    frame[0] = (char)depth;
    sink += frame[0];
    return depth < 0 ? 0 : recurse(depth + 1) + frame[0];
}

static void misbehave(const char *path)
{
    static volatile uintptr_t nowhere = 16;

    nu__here->what = nu_fmt("GET {}", path).ptr; /* until answer() ends */
    while (strcmp(path, "/spin") == 0)
        sink++;
    if (strcmp(path, "/crash") == 0)
        *(volatile int *)nowhere = 1;
    if (strcmp(path, "/overflow") == 0)
        sink = recurse(0);
    if (strncmp(path, "/sleep/", 7) == 0) {
        nu_info("sleeping");
        nu_sleep(strtod(path + 7, NULL));
    }
}

static void answer(nu__socket *socket, const char *path)
{
    nu_str body, text;

    misbehave(path);
    body =
        strcmp(path, "/worker") == 0 ? nu_fmt("{}", nu__worker_number()) : nu_fmt("{}", getpid());
    text = nu_fmt("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: {}\r\n\r\n{}", body.len,
                  draining ? "close" : "keep-alive", body);
    nu__socket_write(socket, text.ptr, text.len);
    n_requests++;
    nu__access_log(&(nu__access_entry){ .remote_addr = S("127.0.0.1"),
                                        .method = S("GET"),
                                        .target = nu_s(path),
                                        .protocol = S("HTTP/1.1"),
                                        .status = 200,
                                        .bytes = body.len });
    nu__here->what = "connection";
}

/* The path of the next request; NULL at the end. */
static char *read_request(nu__socket *socket, char *head, size_t size)
{
    size_t len = 0, n;

    while (!memmem(head, len, "\r\n\r\n", 4)) {
        n = nu__socket_read(socket, head + len, size - len - 1);
        if (!n)
            return NULL;
        len += n;
    }
    head[len] = 0;
    head = strchr(head, ' ') + 1;
    *strchr(head, ' ') = 0;
    return head;
}

static void leave(void *arg)
{
    connection *c = arg;

    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    n_connections--;
    free(c);
}

static void serve(void *arg)
{
    connection *c = arg;
    nu__socket *socket;
    char head[4096], *path;

    nu_on_fiber_end(leave, c);
    socket = nu__socket_open(c->fd);
    c->fiber = nu__fiber_current();
    do {
        nu_scratch_scope();
        c->idle = true;
        path = read_request(socket, head, sizeof(head));
        c->idle = false;
        if (path)
            answer(socket, path);
    } while (path && !draining);
}

static void accept_connection(int fd, const struct sockaddr *peer, socklen_t len,
                              const nu__listener *listener)
{
    connection *c = calloc(1, sizeof(*c));

    (void)peer, (void)len, (void)listener;
    *c = (connection){ .fd = fd, .next = connections, .link = &connections };
    if (c->next)
        c->next->link = &c->next;
    connections = c;
    n_connections++;
    nu__fiber_enter("connection", serve, c);
}

static void drain(void)
{
    draining = true;
    for (connection *c = connections; c; c = c->next)
        if (c->idle)
            nu__fiber_cancel(c->fiber);
}

static enum { STARTING, SERVING, STOPPING } phase;

static size_t count_connections(void)
{
    if (phase != SERVING)
        nu_error_log("connections are asked for while there are none to count");
    return n_connections;
}

static uint64_t count_requests(void)
{
    return n_requests;
}

/* ---- the server ------------------------------------------------------------------------------ */

static void start_worker(void)
{
    const char *fail = getenv("NUAGES_TEST_FAIL");

    if (fail && strcmp(fail, "start") == 0)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "worker_start fails as told");
    if (getenv("NUAGES_TEST_SLOW"))
        nu_sleep(0.2);
    phase = SERVING;
}

static void stop_worker(void)
{
    phase = STOPPING;
    if (getenv("NUAGES_TEST_SLOW"))
        nu_sleep(0.2);
    nu_info("a worker has stopped");
}

static void read_option(nu__server_options *options, const char *name, const char *value)
{
    if (strcmp(name, "--workers") == 0)
        options->workers = atoi(value);
    else if (strcmp(name, "--drain") == 0)
        options->drain_time = strtod(value, NULL);
    else if (strcmp(name, "--heartbeat") == 0)
        options->heartbeat_time = strtod(value, NULL);
    else if (strcmp(name, "--max-requests") == 0)
        options->max_requests = strtoull(value, NULL, 10);
    else if (strcmp(name, "--access-log") == 0)
        nu__access_log_open(atoi(value));
}

int main(int argc, char **argv)
{
    nu__server_options options = { .worker_start = start_worker,
                                   .worker_stop = stop_worker,
                                   .accept = accept_connection,
                                   .drain = drain,
                                   .connections = count_connections,
                                   .requests = count_requests };
    const char *fail = getenv("NUAGES_TEST_FAIL");

    if (fail && strcmp(fail, "early") == 0)
        return 9;
    for (argv++; argc > 2 && strncmp(*argv, "--", 2) == 0; argc -= 2, argv += 2)
        read_option(&options, argv[0], argv[1]);
    options.listen = (const char *const *)argv;
    return nu__server_run(&options);
}
