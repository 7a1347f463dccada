/* serve and runserver: the arbiter, its workers, and HTTP in each of them. */
#include "cli/autoreload.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/development_log.h"
#include "cli/system_checks.h"
#include "conf/settings.h"
#include "db/connection.h"
#include "handlers/handler.h"
#include "http/connection.h"
#include "loop/moderation.h"
#include "server/access_log.h"
#include "server/server.h"
#include "server/worker.h"
#include "staticfiles/staticfiles.h"
#include "views/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a worker -------------------------------------------------------------------------------- */

static nu__http *http; /* one a worker process */

static void log_access(const nu__http_entry *entry)
{
    const nu_request *req = entry->req;
    nu_str target = { NULL, 0 };

    if (req)
        target = req->query_string.len ? nu_fmt("{}?{}", req->raw_path, req->query_string)
                                       : req->raw_path;
    nu__access_log(&(const nu__access_entry){
        .remote_addr = entry->remote_addr,
        .method = req ? req->method_name : (nu_str){ NULL, 0 },
        .target = target,
        .protocol = req ? (req->http_1_0 ? S("HTTP/1.0") : S("HTTP/1.1")) : (nu_str){ NULL, 0 },
        .referer = req ? nu__headers_get(&req->headers, S("Referer")) : (nu_str){ NULL, 0 },
        .user_agent = req ? nu__headers_get(&req->headers, S("User-Agent")) : (nu_str){ NULL, 0 },
        .status = entry->status,
        .bytes = entry->bytes,
        .seconds = entry->seconds });
}

static bool development; /* runserver: its own log */

static bool answer_last(const nu_response *page)
{
    return nu__http_last_words(http, page);
}

/* After what it answers now, another takes its place: whoever has seen that answer and asks again
   does not meet it. */
static void end_worker(void)
{
    nu__accept_stop();
    raise(SIGTERM);
}

static void worker_start(void)
{
    http = nu__http_start(&(const nu__http_options){
        .handler = nu__handle,
        .settings = nu__request_settings(),
        .log = development                ? nu__log_development
               : nu__access_log_enabled() ? log_access
                                          : NULL,
        .head_time = (double)nu__settings.request_head_timeout,
        .body_time = (double)nu__settings.request_body_timeout,
        .keep_alive_time = (double)nu__settings.keep_alive_timeout,
        .write_time = (double)nu__settings.response_write_timeout,
        .calls_alone = !nu__settings.io_uring,
    });
    if (!http)
        nu_raise(NU_OS_ERROR, "the HTTP driver can't start: {}", strerror(errno));
    nu__databases_warm();
    if (development)
        nu__memory_watch_start(&(const nu__memory_watch){ answer_last, end_worker });
}

static void worker_stop(void)
{
    nu__http_stop(http);
    nu__databases_close();
}

static void take_connection(int fd, const struct sockaddr *peer, socklen_t len,
                            const nu__listener *listener)
{
    (void)listener;
    nu__http_accept(http, fd, peer, len);
}

static void drain(void)
{
    nu__http_drain(http);
}

static size_t connections(void)
{
    return nu__http_connections(http);
}

static uint64_t requests(void)
{
    return nu__http_requests(http);
}

/* ---- the commands ---------------------------------------------------------------------------- */

/* "8000" is a port of this machine, "0.0.0.0" an address, "unix:…" a socket, as runserver takes it.
 */
static nu_str listen_address(nu_str given, bool ipv6)
{
    const char *own = ipv6 ? "[::1]" : "127.0.0.1";
    bool digits = given.len > 0;

    for (size_t i = 0; i < given.len; i++)
        digits &= given.ptr[i] >= '0' && given.ptr[i] <= '9';
    if (!given.len)
        return nu_fmt("{}:8000", own);
    if (digits)
        return nu_fmt("{}:{}", own, given);
    if (ipv6 && given.ptr[0] != '[')
        nu_raise(NU_COMMAND_ERROR, "\"{}\" is not a valid IPv6 address: write [ADDRESS]:PORT.",
                 given);
    if (nu_starts_with(given, S("unix:")) || memchr(given.ptr, ':', given.len))
        return given;
    return nu_fmt("{}:8000", given);
}

/* "-" is standard output, "0" nowhere, else a file that is appended to. */
static void open_access_log(nu_str where)
{
    int fd;

    if (nu_eq(where, "0") || nu_eq(where, ""))
        return;
    fd = nu_eq(where, "-") ? STDOUT_FILENO
                           : open(where.ptr, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        nu_raise(NU_COMMAND_ERROR,
                 "the access log {} could not be opened: {}. Give --access-log another file, "
                 "- for standard output, or 0.",
                 where, strerror(errno));
    nu__access_log_open(fd);
}

static nu_str address_at(const nu_command_run *run, size_t i)
{
    nu_list *given = nu_command_list(run, "addrport");

    return listen_address(i < nu_list_len(given) ? nu_at(given, i).s : (nu_str){ NULL, 0 },
                          nu_command_flag(run, "--ipv6"));
}

static int run_server(const nu_command_run *run, uint32_t workers)
{
    nu_list *given = nu_command_list(run, "addrport");
    size_t n = nu_list_len(given) ? nu_list_len(given) : 1;
    const char **listen = nu_alloc_array(const char *, n + 1);

    for (size_t i = 0; i < n; i++)
        listen[i] = nu_copy(address_at(run, i)).ptr;
    nu__moderation_limit(NU__REQUESTS, "REQUEST_DELAY", nu__settings.request_delay);
    return nu__server_run(&(const nu__server_options){
        .listen = listen,
        .workers = workers,
        .worker_start = worker_start,
        .worker_stop = worker_stop,
        .accept = take_connection,
        .drain = drain,
        .connections = connections,
        .requests = requests,
        .max_requests = (uint64_t)nu_command_int(run, "--max-requests", 0),
        .restart_delay = development ? 0.01 : 0,
        .drain_time = (double)nu_command_int(run, "--drain-time", 30) });
}

static int64_t at_least(const nu_command_run *run, const char *name, int64_t least)
{
    int64_t number = nu_command_int(run, name, least);

    if (number < least || number > 1024)
        nu_raise(NU_COMMAND_ERROR, "argument {}: {} is not between {} and 1024", name, number,
                 least);
    return number;
}

static int serve(const nu_command_run *run)
{
    const char *from_environment = getenv("ACCESS_LOG");
    nu_str log = nu_command_text(run, "--access-log");

    if (!log.ptr)
        log = from_environment ? nu_s(from_environment) : S("-");
    open_access_log(log);
    return run_server(run, (uint32_t)at_least(run, "--workers", 0));
}

/* ---- runserver ------------------------------------------------------------------------------- */

static void serve_static(const nu_command_run *run)
{
    bool never = nu_command_flag(run, "--nostatic"), always = nu_command_flag(run, "--insecure");

    nu__static_serving_set(never    ? NU__STATIC_NEVER
                           : always ? NU__STATIC_ALWAYS
                                    : NU__STATIC_UNDER_DEBUG);
}

static int runserver(const nu_command_run *run)
{
    nu_str address = address_at(run, 0);

    if (!nu_command_flag(run, "--noreload") && nu__autoreload_possible())
        return nu__autoreload(run);
    nu__setup(run->settings);
    if (!nu__settings.debug && !nu__settings.allowed_hosts.len)
        nu_raise(NU_COMMAND_ERROR, "You must set settings.ALLOWED_HOSTS if DEBUG is False.");
    serve_static(run);
    development = true;
    if (getenv("NUAGES_TRIAL")) /* a new binary is only being tried: it will say all this itself */
        return run_server(run, 1);
    if (!run->skip_checks)
        nu_command_print(run, "Performing system checks...\n\n");
    if (!nu__checks_pass_apart(run, true))
        return 1;
    nu_command_print(
        run,
        "Nuages, using settings with DEBUG = {}\nStarting development server at http://{}/\n"
        "Quit the server with CONTROL-C.\n",
        nu__settings.debug ? "True" : "False", address);
    return run_server(run, 1);
}

#define SERVER_ARGUMENTS                                                                           \
    { "addrport", .optional = true, .repeated = true, .metavar = "[ADDRESS:]PORT",                 \
      .help =                                                                                      \
          "where to listen: 8000, 0.0.0.0:80, [::1]:8000, unix:/run/site.sock (127.0.0.1:8000)" }, \
        { "--ipv6", .short_name = "-6", .flag = true,                                              \
          .help = "listen at [::1] where only a port, or nothing, is given" },                     \
        { "--max-requests", .metavar = "N",                                                        \
          .help = "start a worker anew after about so many requests" },                            \
    {                                                                                              \
        "--drain-time", .metavar = "SECONDS", .default_ = "30",                                    \
                        .help = "how long open requests may take at the end"                       \
    }

const nu_command nu__serve_command = {
    .name = "serve", .help = "Serve the site: an arbiter and its workers, for production.",
    .run = serve, .needs = NU_NEEDS_NO_LOOP,
    .arguments = {
        SERVER_ARGUMENTS,
        { "--workers", .short_name = "-w", .metavar = "N", .help = "processes (one for each core)" },
        { "--access-log", .metavar = "FILE", .help = "- for standard output, 0 for none (ACCESS_LOG, else -)" },
    },
};

const nu_command nu__runserver_command = {
    .name = "runserver",
    .help = "Serve the site on this machine, for development.",
    .run = runserver,
    .needs = NU_NEEDS_ITSELF,
    .arguments = {
        SERVER_ARGUMENTS,
        { "--nostatic", .flag = true, .help = "do not serve static files at STATIC_URL" },
        { "--insecure", .flag = true, .help = "serve static files also without DEBUG" },
        { "--noreload", .flag = true, .help = "do not watch the sources, nor build" },
    },
};
