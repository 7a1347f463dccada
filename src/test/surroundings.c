/* What a test may change around it: settings, the clock, a live server. */
#include "conf/settings.h"
#include "core/time.h"
#include "db/transaction.h"
#include "handlers/handler.h"
#include "http/connection.h"
#include "loop/process.h"
#include "mail/mail.h"
#include "test/run.h"
#include "test/trace.h"

#include <errno.h>
#include <netinet/in.h>
#include <nuages/timezone.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- settings and the clock ------------------------------------------------------------------ */

static void set_up_again(void)
{
    nu__setup_again();
    nu__mail_use_locmem();
    nu__test_traces_on();
}

void nu_override_setting(const char *name, const char *value)
{
    nu__test_running->settings_changed = true;
    nu__conf_override(nu_s(name), nu_s(value));
    set_up_again();
}

void nu_travel_to(nu_datetime instant)
{
    nu__clock_stop_at(instant);
}

void nu_travel(double seconds)
{
    nu__clock_stop_at(nu_datetime_add(nu_now(), nu_seconds(seconds)));
}

static void settings_back(void *unused)
{
    (void)unused;
    nu__conf_override_end();
    set_up_again();
}

void nu__surroundings_restore(nu_test_run *run)
{
    const nu_error *error = NULL;

    nu__clock_stop_at((nu_datetime){ 0 });
    nu__mail_outbox_clear();
    if (run->settings_changed)
        error = nu__guard(settings_back, NULL);
    if (error && run->outcome == NU__TEST_PASSED) {
        run->outcome = NU__TEST_ERROR;
        nu__buf_fmt(&run->report, "the settings could not be set back: {}\n", error->message);
    }
}

/* ---- mail ------------------------------------------------------------------------------------ */

const nu_email *nu_outbox(size_t i)
{
    return nu__mail_outbox_at(i);
}

size_t nu_outbox_len(void)
{
    return nu__mail_outbox_len();
}

void nu_outbox_clear(void)
{
    nu__mail_outbox_clear();
}

/* ---- the live server ------------------------------------------------------------------------- */

typedef struct live {
    nu__http *http;
    nu_str url;
} live;

/* A listening socket on a free port of this machine. */
static int listen_somewhere(uint16_t *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 64) ||
        getsockname(fd, (struct sockaddr *)&address, &len)) {
        if (fd >= 0)
            close(fd);
        nu_raise(NU_OS_ERROR, "the live server can't listen on a port of this machine: {}",
                 (const char *)strerror(errno));
    }
    *port = ntohs(address.sin_port);
    return fd;
}

nu_str nu_live_server(nu_test_run *t)
{
    live *server = t->live;
    uint16_t port;
    int fd;

    if (server)
        return server->url;
    if (!t->def->transactions)
        nu_raise(NU_RUNTIME_ERROR,
                 "a live server sees no row of a test with a transaction around "
                 "it: write nu_test({}, .transactions = true)",
                 t->def->name);
    fd = listen_somewhere(&port);
    server = t->live = nu_alloc(live);
    server->url = nu_fmt("http://127.0.0.1:{}", (int64_t)port);
    server->http = nu__http_start(
        &(const nu__http_options){ .handler = nu__handle, .settings = nu__request_settings() });
    if (!server->http || !nu__http_listen(server->http, fd)) {
        close(fd);
        nu_raise(NU_OS_ERROR, "the live server can't listen on {}", server->url);
    }
    return server->url;
}

void nu__live_stop(nu_test_run *run)
{
    live *server = run->live;

    run->live = NULL;
    if (!server || !server->http)
        return;
    nu__http_drain(server->http);
    nu__http_stop(server->http);
}

int nu_live_run_(nu_test_run *t, nu_str *output, const char *const *argv)
{
    nu_str told = { 0 };
    int status;

    setenv("LIVE_SERVER_URL", nu_live_server(t).ptr, 1);
    status = nu__process_run(
        &(const nu__process_options){
            .argv = argv, .in = NU__NULL_DEVICE, .out = NU__INHERIT, .err = NU__INHERIT },
        120, 16 << 20, &told);
    unsetenv("LIVE_SERVER_URL");
    if (output)
        *output = told;
    return status;
}
