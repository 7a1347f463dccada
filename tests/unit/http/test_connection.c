/* The driver over socket pairs: what a connection holds, in which order it answers. */
#include "core/buf.h"
#include "harness_loop.h"
#include "http/connection_int.h"
#include "loop/socket.h"

#include <errno.h>
#include <nuages/loop.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static nu__http *http;
static nu__http_entry logged;
static int n_logged;
static bool calls_alone;

static nu_response *handler(nu_request *req)
{
    char *bytes;

    if (nu_eq(req->path, "/sleep"))
        nu_sleep((double)nu_query_int(req, "ms", 50) / 1000);
    if (nu_eq(req->path, "/outlive") && nu_catch(NU_CANCELLED, nu_sleep(60)))
        return nu_http_response(.status = 503);
    if (nu_eq(req->path, "/raise"))
        nu_raise(NU_RUNTIME_ERROR, "on purpose");
    if (nu_eq(req->path, "/large")) {
        bytes = nu_alloc_(3000000, 1);
        memset(bytes, 'x', 3000000);
        return nu_http_response(.body = { bytes, 3000000 });
    }
    if (nu_query_param(req, "read").ptr)
        return nu_http_response(.body = nu_fmt("{}", (int64_t)nu_request_body(req).len));
    return nu_http_response(.content_type = "text/plain", .body = nu_fmt("{}", req->path));
}

static void log_entry(const nu__http_entry *entry)
{
    logged = *entry;
    n_logged++;
}

static void stop(void *arg)
{
    nu__http_stop(arg);
}

static void with_ring_again(void *unused)
{
    (void)unused;
    calls_alone = false;
}

static void start(void)
{
    nu_on_fiber_end(with_ring_again, NULL);
    http = nu__http_start(
        &(nu__http_options){ .handler = handler, .log = log_entry, .calls_alone = calls_alone });
    nu_on_fiber_end(stop, http);
}

static nu__socket *connect_client(void)
{
    int ends[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    nu__http_accept(http, ends[0], NULL, 0);
    return nu__socket_open(ends[1]);
}

static void send_text(nu__socket *client, const char *text)
{
    nu__socket_write(client, text, strlen(text));
}

static nu_str get(const char *target)
{
    return nu_fmt("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", target);
}

/* What one read gives. */
static nu_str read_once(nu__socket *client)
{
    char *bytes = nu_alloc_(65536, 1);

    return (nu_str){ bytes, nu__socket_read(client, bytes, 65536) };
}

static bool holds(nu_str text, const char *needle)
{
    return memmem(text.ptr, text.len, needle, strlen(needle)) != NULL;
}

/* Read until the text comes, or the end. */
static nu_str read_to(nu__socket *client, const char *needle)
{
    nu__buf out = { 0 };
    nu_str piece;

    do {
        piece = read_once(client);
        nu__buf_str_add(&out, piece);
    } while (piece.len && !holds(nu__buf_str(&out), needle));
    return nu__buf_str(&out);
}

static void an_idle_connection_owns_no_fiber_and_no_buffer(void)
{
    nu__socket *client;
    size_t fibers;

    start();
    client = connect_client();
    fibers = nu__fiber_count();
    send_text(client, get("/a").ptr);
    CHECK(holds(read_once(client), "\r\n\r\n/a"));
    CHECK_INT(nu__fiber_count(), fibers);
    CHECK(http->connections->own == NULL && http->connections->in_len == 0);
    send_text(client, "GET /b HT");
    nu_sleep(0.01);
    CHECK(http->connections->own != NULL);
    send_text(client, "TP/1.1\r\nHost: a\r\n\r\n");
    CHECK(holds(read_once(client), "\r\n\r\n/b"));
    CHECK(http->connections->own == NULL);
}

static void pipelined_answers_leave_together(void)
{
    nu__socket *client;
    nu__buf requests = { 0 };
    nu_str answers;
    int n = 0;

    start();
    client = connect_client();
    for (int i = 0; i < 20; i++)
        nu__buf_str_add(&requests, get(nu_fmt("/{}", i).ptr));
    nu__socket_write(client, requests.data, requests.len);
    answers = read_once(client);
    for (const char *at = answers.ptr; (at = strstr(at, "HTTP/1.1 200")); at++)
        n++;
    CHECK_INT(n, 20);
    CHECK(nu_ends_with(answers, S("\r\n\r\n/19")));
    CHECK_INT(nu__http_requests(http), 20);
}

static void a_request_that_waits_holds_up_no_other_connection(void)
{
    nu__socket *slow, *quick;

    start();
    slow = connect_client();
    quick = connect_client();
    send_text(slow, nu_fmt("{}{}", get("/sleep"), get("/behind")).ptr);
    nu_sleep(0.005);
    send_text(quick, get("/quick").ptr);
    CHECK(holds(read_once(quick), "/quick"));
    CHECK_INT(nu__http_requests(http), 1);
    CHECK(holds(read_to(slow, "/behind"), "\r\n\r\n/sleepHTTP/1.1 200 OK"));
}

static void a_body_waits_in_the_socket_until_it_is_read(void)
{
    nu__socket *client;
    char *body = nu_alloc_(500000, 1);

    start();
    client = connect_client();
    send_text(client, "POST /sleep?read=1&ms=60 HTTP/1.1\r\nHost: a\r\nContent-Length: "
                      "500000\r\n\r\n");
    nu__fiber_yield();
    nu__socket_write(client, body, 500000);
    CHECK(holds(read_to(client, "\r\n\r\n"), "\r\n\r\n500000"));
}

static void an_unread_body_is_passed_over(void)
{
    nu__socket *client;
    char *body = nu_alloc_(200000, 1);

    start();
    client = connect_client();
    send_text(client, "POST /sleep?ms=60 HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
    nu__socket_write(client, body, 200000);
    send_text(client, get("/next").ptr);
    CHECK(holds(read_to(client, "/next"), "/sleepHTTP/1.1 200 OK"));
}

static void a_large_response_arrives_while_its_fiber_waits(void)
{
    nu__socket *client;
    size_t got = 0, fibers = nu__fiber_count();
    nu_str piece = { 0 };

    start();
    client = connect_client();
    send_text(client, nu_fmt("{}{}", get("/large"), get("/next")).ptr);
    nu_sleep(0.01);
    CHECK_INT(nu__fiber_count(), fibers + 1);
    while (got < 3000000) {
        piece = read_once(client);
        got += piece.len;
    }
    CHECK(holds(piece, "/next") || holds(read_once(client), "/next"));
    CHECK_INT(nu__fiber_count(), fibers);
}

static void a_client_that_leaves_in_the_middle_frees_all(void)
{
    nu__socket *client;
    size_t fibers = nu__fiber_count();

    start();
    client = connect_client();
    send_text(client, get("/large").ptr);
    nu_sleep(0.01);
    nu__socket_close(client);
    client = connect_client();
    send_text(client, get("/sleep?ms=10000").ptr);
    nu_sleep(0.01);
    nu__socket_close(client);
    for (int i = 0; i < 200 && nu__http_connections(http); i++)
        nu_sleep(0.005);
    CHECK_INT(nu__http_connections(http), 0);
    CHECK_INT(nu__fiber_count(), fibers);
}

enum { MORE_THAN_ARE_KEPT = 270 };

/* When it ends, its connection is freed rather than kept; what it wrote is not looked at then. */
static void an_answer_after_the_stop_goes_nowhere(void)
{
    nu__socket *client, *others[MORE_THAN_ARE_KEPT];

    start();
    client = connect_client();
    send_text(client, get("/outlive").ptr);
    for (int i = 0; i < MORE_THAN_ARE_KEPT; i++)
        others[i] = connect_client();
    nu_sleep(0.01);
    for (int i = 0; i < MORE_THAN_ARE_KEPT; i++)
        nu__socket_close(others[i]);
    for (int i = 0; i < 200 && nu__http_connections(http) > 1; i++)
        nu_sleep(0.005);
    CHECK_INT(nu__http_connections(http), 1);
}

static void an_error_of_the_handler_closes_with_500(void)
{
    nu__socket *client;

    start();
    client = connect_client();
    send_text(client, get("/raise").ptr);
    CHECK(holds(read_to(client, "\r\n\r\n"), "HTTP/1.1 500 Internal Server Error\r\n"));
}

static void a_drain_closes_the_idle_and_lets_the_others_finish(void)
{
    nu__socket *idle, *busy;
    nu_str answer;

    start();
    idle = connect_client();
    busy = connect_client();
    send_text(busy, get("/sleep").ptr);
    nu_sleep(0.005);
    nu__http_drain(http);
    CHECK_INT(read_once(idle).len, 0);
    answer = read_to(busy, "/sleep");
    CHECK(holds(answer, "\r\nConnection: close\r\n"));
    CHECK_INT(read_once(busy).len, 0);
    nu__socket_close(busy);
    for (int i = 0; i < 200 && nu__http_connections(http); i++)
        nu_sleep(0.005);
    CHECK_INT(nu__http_connections(http), 0);
}

static void each_answer_is_logged(void)
{
    nu__socket *client;

    start();
    n_logged = 0;
    client = connect_client();
    send_text(client, get("/abc").ptr);
    read_once(client);
    CHECK_INT(n_logged, 1);
    CHECK_INT(logged.status, 200);
    CHECK_INT(logged.bytes, 4);
    send_text(client, "nonsense\r\n\r\n");
    CHECK(holds(read_to(client, "\r\n\r\n"), "400 Bad Request"));
    CHECK_INT(n_logged, 2);
    CHECK_INT(logged.status, 400);
    CHECK(logged.req == NULL);
}

/* ---- many at once ---------------------------------------------------------------------------- */

enum { MANY = 150 };

static void connect_many(nu__socket **clients)
{
    for (int i = 0; i < MANY; i++)
        clients[i] = connect_client();
    nu_sleep(0.005);
}

static void each_of_many_gets_its_own_answer(void)
{
    nu__socket *clients[MANY];

    start();
    connect_many(clients);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < MANY; i++)
            send_text(clients[i], get(nu_fmt("/{}-{}", i, round).ptr).ptr);
        for (int i = 0; i < MANY; i++)
            CHECK(nu_ends_with(read_once(clients[i]), nu_fmt("\r\n\r\n/{}-{}", i, round)));
    }
    CHECK_INT(nu__http_requests(http), 3 * MANY);
}

/* A third sends a head in two parts, a third leaves, a third asks for what takes time. */
static void many_that_differ_do_not_hinder_each_other(void)
{
    nu__socket *clients[MANY];

    start();
    connect_many(clients);
    for (int i = 0; i < MANY; i++)
        send_text(clients[i], i % 3 == 0   ? "GET /halves HT"
                              : i % 3 == 1 ? get("/leaves").ptr
                                           : get("/sleep?ms=5").ptr);
    for (int i = 1; i < MANY; i += 3)
        nu__socket_close(clients[i]);
    nu_sleep(0.002);
    for (int i = 0; i < MANY; i += 3)
        send_text(clients[i], "TP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < MANY; i++)
        if (i % 3 != 1)
            CHECK(nu_ends_with(read_once(clients[i]), i % 3 ? S("/sleep") : S("/halves")));
    CHECK_INT(nu__http_connections(http), MANY - MANY / 3);
}

static void heads_longer_than_what_is_read_of_each_are_read_whole(void)
{
    nu__socket *clients[MANY];
    char *padding = nu_alloc_(20001, 1);

    start();
    connect_many(clients);
    memset(padding, 'x', 7000);
    for (int i = 0; i < MANY; i++)
        send_text(clients[i], nu_fmt("GET /{} HTTP/1.1\r\nHost: a\r\nA: {}\r\nB: {}\r\n\r\n", i,
                                     nu_s(padding), nu_s(padding))
                                  .ptr);
    for (int i = 0; i < MANY; i++)
        CHECK(nu_ends_with(read_once(clients[i]), nu_fmt("\r\n\r\n/{}", i)));
}

static void pipelined_answers_of_many_keep_their_order(void)
{
    nu__socket *clients[MANY];
    nu_str three = nu_fmt("{}{}{}", get("/a"), get("/sleep?ms=1"), get("/b"));

    start();
    connect_many(clients);
    for (int i = 0; i < MANY; i++)
        send_text(clients[i], three.ptr);
    for (int i = 0; i < MANY; i++)
        CHECK(holds(read_to(clients[i], "\r\n\r\n/b"), "\r\n\r\n/sleepHTTP/1.1 200 OK"));
}

static void without_descriptors_nothing_is_started(void)
{
    struct rlimit before, none;

    CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
    none = (struct rlimit){ 3, before.rlim_max };
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    http = nu__http_start(&(nu__http_options){ .handler = handler });
    CHECK_INT(errno, EMFILE);
    CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(http == NULL);
}

/* It has sent all it wants to, and still takes what it asked for. */
static void a_client_that_only_listens_gets_its_answers(void)
{
    nu__socket *client;
    int ends[2];

    start();
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    nu__http_accept(http, ends[0], NULL, 0);
    client = nu__socket_open(ends[1]);
    send_text(client, nu_fmt("{}{}", get("/a"), get("/b")).ptr);
    shutdown(ends[1], SHUT_WR);
    CHECK(holds(read_to(client, "\r\n\r\n/b"), "\r\n\r\n/aHTTP/1.1 200 OK"));
    CHECK_INT(read_once(client).len, 0);
}

/* Answers that wait, and more requests than are read at once: all that came is answered. */
static void a_client_that_only_listens_gets_all_that_it_asked_for(void)
{
    enum { REQUESTS = 300 };
    nu__socket *client;
    nu__buf all = { 0 };
    nu_str got;
    int ends[2], answered = 0;

    start();
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    nu__http_accept(http, ends[0], NULL, 0);
    client = nu__socket_open(ends[1]);
    for (int i = 0; i < REQUESTS; i++)
        nu__buf_str_add(&all, get(i % 100 ? "/a" : "/sleep"));
    send_text(client, nu__buf_str(&all).ptr);
    shutdown(ends[1], SHUT_WR);
    got = read_to(client, "nothing of it");
    for (const char *at = got.ptr; (at = strstr(at, "HTTP/1.1 200 OK")); at++)
        answered++;
    CHECK_INT(answered, REQUESTS);
}

/* ---- both ways to the kernel ----------------------------------------------------------------- */

#define ALONE(test)                                                                                \
    static void test##_with_calls_alone(void)                                                      \
    {                                                                                              \
        calls_alone = true;                                                                        \
        test();                                                                                    \
    }
ALONE(pipelined_answers_leave_together)
ALONE(a_request_that_waits_holds_up_no_other_connection)
ALONE(a_body_waits_in_the_socket_until_it_is_read)
ALONE(a_large_response_arrives_while_its_fiber_waits)
ALONE(a_client_that_leaves_in_the_middle_frees_all)
ALONE(a_drain_closes_the_idle_and_lets_the_others_finish)
ALONE(each_of_many_gets_its_own_answer)
ALONE(many_that_differ_do_not_hinder_each_other)
ALONE(heads_longer_than_what_is_read_of_each_are_read_whole)
ALONE(pipelined_answers_of_many_keep_their_order)

HARNESS_IN_FIBER(an_idle_connection_owns_no_fiber_and_no_buffer, pipelined_answers_leave_together,
                 a_request_that_waits_holds_up_no_other_connection,
                 a_body_waits_in_the_socket_until_it_is_read, an_unread_body_is_passed_over,
                 a_large_response_arrives_while_its_fiber_waits,
                 a_client_that_leaves_in_the_middle_frees_all,
                 an_answer_after_the_stop_goes_nowhere, an_error_of_the_handler_closes_with_500,
                 a_drain_closes_the_idle_and_lets_the_others_finish, each_answer_is_logged,
                 each_of_many_gets_its_own_answer, many_that_differ_do_not_hinder_each_other,
                 heads_longer_than_what_is_read_of_each_are_read_whole,
                 pipelined_answers_of_many_keep_their_order, without_descriptors_nothing_is_started,
                 a_client_that_only_listens_gets_its_answers,
                 a_client_that_only_listens_gets_all_that_it_asked_for,
                 pipelined_answers_leave_together_with_calls_alone,
                 a_request_that_waits_holds_up_no_other_connection_with_calls_alone,
                 a_body_waits_in_the_socket_until_it_is_read_with_calls_alone,
                 a_large_response_arrives_while_its_fiber_waits_with_calls_alone,
                 a_client_that_leaves_in_the_middle_frees_all_with_calls_alone,
                 a_drain_closes_the_idle_and_lets_the_others_finish_with_calls_alone,
                 each_of_many_gets_its_own_answer_with_calls_alone,
                 many_that_differ_do_not_hinder_each_other_with_calls_alone,
                 heads_longer_than_what_is_read_of_each_are_read_whole_with_calls_alone,
                 pipelined_answers_of_many_keep_their_order_with_calls_alone)
