/* The HTTP driver alone, with a handler of a few paths, for test_http.py and bench_http.py.
 *
 *     live-http [time-out] [folder]
 *
 * Prints the port it listens on. All time-outs are `time-out` seconds when it is given. Serves
 * `folder` below /static/. Ends with a drain at SIGTERM.
 */
#include "core/buf.h"
#include "http/connection.h"
#include "http/static_files.h"
#include "loop/loop.h"
#include "loop/process.h"

#include <arpa/inet.h>
#include <nuages/json.h>
#include <nuages/loop.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double timeout;
static const char *folder = ".";

/* ---- pages ------------------------------------------------------------------------------------
 */

static nu_response *plain(nu_str body)
{
    return nu_http_response(.content_type = "text/plain", .body = body);
}

static nu_response *hello(nu_request *req)
{
    (void)req;
    return plain(S("Hello, World!"));
}

static nu_response *json(nu_request *req)
{
    (void)req;
    return nu_json(200, ("message", "Hello, World!"));
}

static nu_response *echo(nu_request *req)
{
    return plain(nu_request_body(req));
}

static nu_response *fixed(nu_request *req)
{
    int64_t n = nu_query_int(req, "n", 1000);
    char *body = nu_alloc_((size_t)n, 1);

    memset(body, 'x', (size_t)n);
    return plain((nu_str){ body, (size_t)n });
}

static void write_lines(nu_request *req, nu_stream *stream)
{
    int64_t n = nu_query_int(req, "n", 3);

    for (int64_t i = 0; i < n; i++) {
        nu_scratch_scope();
        nu_stream_write(stream, nu_fmt("line {}\n", i));
        if (nu_query_param(req, "slow").len)
            nu_sleep(0.05);
    }
    if (nu_query_param(req, "fail").len)
        nu_raise(NU_RUNTIME_ERROR, "the stream fails");
}

static nu_response *stream(nu_request *req)
{
    return nu_stream_response(req, "text/plain", write_lines);
}

static void count_end(void *arg)
{
    (void)arg;
    puts("fiber ended");
    fflush(stdout);
}

/* Says when its fiber ends, so that a test sees a cancellation. */
static nu_response *sleeping(nu_request *req)
{
    nu_on_fiber_end(count_end, NULL);
    nu_sleep((double)nu_query_int(req, "ms", 100) / 1000);
    puts("slept");
    fflush(stdout);
    return plain(nu_query_param(req, "id"));
}

static nu_response *upload(nu_request *req)
{
    nu_file *file = nu_request_file(req, "file");

    if (!file)
        return nu_http_response(.status = 400, .body = S("no file"));
    return nu_json(200, ("name", nu_file_name(file)), ("size", nu_file_size(file)),
                   ("sha256", nu_file_sha256(file)), ("field", nu_post_param(req, "field")));
}

static nu_response *ignore(nu_request *req)
{
    (void)req;
    return plain(S("ignored"));
}

static nu_response *cookie(nu_request *req)
{
    nu_response *response = plain(nu_request_cookie(req, "a"));

    nu_set_cookie(response, "b", "c d", .httponly = true);
    return response;
}

static nu_response *no_content(nu_request *req)
{
    (void)req;
    return nu_http_response(.status = 204);
}

static nu_response *headers(nu_request *req)
{
    nu__buf out = { 0 };

    nu__buf_fmt(&out, "{} {} {}", req->method_name, req->path, req->query_string);
    return plain(nu__buf_str(&out));
}

static nu_response *boom(nu_request *req)
{
    nu_raise(NU_RUNTIME_ERROR, "{} fails", req->path);
}

static const struct page {
    const char *path;
    nu_response *(*view)(nu_request *);
} pages[] = {
    { "/", hello },        { "/json", json },      { "/echo", echo },     { "/fixed", fixed },
    { "/stream", stream }, { "/sleep", sleeping }, { "/upload", upload }, { "/ignore", ignore },
    { "/cookie", cookie }, { "/204", no_content }, { "/boom", boom },
};

static nu_response *serve(nu_request *req)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (nu_eq(req->path, pages[i].path))
            return pages[i].view(req);
    if (nu_starts_with(req->path, S("/static/")))
        return nu__static_serve(req, (nu_str){ req->path.ptr + 8, req->path.len - 8 }, folder);
    return headers(req);
}

/* As the top of a site does: an error becomes its response. */
static nu_response *handler(nu_request *req)
{
    nu_response *response = NULL;
    const nu_error *error = nu_catch(NU_EXCEPTION, response = serve(req));

    if (!error)
        return response;
    return nu_http_response(.status = error->klass == NU_HTTP404                ? 404
                                      : error->klass == NU_REQUEST_DATA_TOO_BIG ? 413
                                      : error->klass == NU_REQUEST_TIMEOUT      ? 408
                                      : nu_error_is_a(error->klass, NU_BAD_REQUEST) ||
                                              nu_error_is_a(error->klass, NU_SUSPICIOUS_OPERATION)
                                          ? 400
                                          : 500,
                            .body = error->message);
}

/* ---- the server ---------------------------------------------------------------------------------
 */

static int open_listener(int *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    const char *wanted = getenv("PORT");

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    address.sin_port = htons((uint16_t)(wanted ? atoi(wanted) : 0));
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 1024) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        return -1;
    *port = ntohs(address.sin_port);
    return fd;
}

static int run(void *arg)
{
    nu__http_settings settings = nu__http_default_settings;
    nu__http_options options = { .handler = handler,
                                 .settings = &settings,
                                 .head_time = timeout,
                                 .body_time = timeout,
                                 .keep_alive_time = timeout,
                                 .write_time = timeout,
                                 .calls_alone =
                                     getenv("IO_URING") && !strcmp(getenv("IO_URING"), "0") };
    nu__http *http;
    int port, fd = open_listener(&port);

    (void)arg;
    settings.max_body = 64 << 20;
    settings.file_upload_max_memory_size = 1 << 20;
    if (fd < 0 || !(http = nu__http_start(&options)) || !nu__http_listen(http, fd))
        return 1;
    nu__signal_catch(SIGTERM);
    printf("%d\n", port);
    fflush(stdout);
    nu__signal_wait(NU__FOREVER);
    nu__http_drain(http);
    while (nu__http_connections(http))
        nu_sleep(0.01);
    nu__http_stop(http);
    printf("drained\n");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        timeout = strtod(argv[1], NULL);
    if (argc > 2)
        folder = argv[2];
    return nu__loop_main(run, NULL);
}
