/* The client: requests through the whole stack, in the test's own fiber and transaction. */
#include "core/context.h"
#include "core/text.h"
#include "csrf/csrf.h"
#include "handlers/handler.h"
#include "http/client_request.h"
#include "http/cookies.h"
#include "http/redirect.h"
#include "http/url_join.h"
#include "template/context.h"
#include "template/node.h"
#include "test/client_body.h"
#include "test/run.h"
#include "utils/url.h"

#include <nuages/json.h>
#include <nuages/signals.h>
#include <string.h>

enum { MOST_REDIRECTS = 20 };

struct nu_client {
    nu_test_run *run;
    nu_client_options options;
    nu_dict *cookies; /* name -> value */
};

nu_client *nu_test_client_(nu_test_run *t, const nu_client_options *options)
{
    nu_client *client = nu_alloc(nu_client);

    *client = (nu_client){ .run = t, .options = *options, .cookies = nu_dict_new() };
    return client;
}

/* ---- cookies --------------------------------------------------------------------------------- */

nu_str nu_client_cookie(const nu_client *client, const char *name)
{
    nu_value value = nu_item(client->cookies, name);

    return value.kind == NU_KIND_STR ? value.s : (nu_str){ 0 };
}

void nu_client_set_cookie(nu_client *client, const char *name, const char *value)
{
    nu_dict_set(client->cookies, name, nu_copy_cstr(value));
}

static nu_str cookie_header(const nu_client *client)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < nu_dict_len(client->cookies); i++) {
        nu__cookie cookie = { .name = nu_dict_key(client->cookies, i),
                              .value = nu_dict_value(client->cookies, i).s };

        if (i)
            nu__buf_lit(&out, "; ");
        nu__cookie_write(&cookie, &out);
    }
    return nu__buf_str(&out);
}

static void take_cookies(nu_client *client, const nu_response *response)
{
    for (uint32_t i = 0; i < response->n_cookies; i++) {
        const nu__cookie *cookie = &response->cookies[i];

        if (cookie->has_max_age && cookie->max_age <= 0)
            nu_dict_remove(client->cookies, cookie->name);
        else
            nu_dict_set_str(client->cookies, cookie->name, V(nu_copy(cookie->value)));
    }
}

/* ---- a request ------------------------------------------------------------------------------- */

static nu__header header_of(const char *text)
{
    const char *colon = strchr(text, ':');

    if (!colon)
        nu_raise(NU_VALUE_ERROR, "the header '{}' lacks its colon: write \"Name: value\"", text);
    return (nu__header){ nu_copy((nu_str){ text, (size_t)(colon - text) }),
                         nu_trim(nu_s(colon + 1)) };
}

static size_t add_headers(nu__header *into, size_t n, const char *const headers[8])
{
    for (size_t i = 0; i < 8 && headers[i]; i++)
        into[n++] = header_of(headers[i]);
    return n;
}

static nu_str target_of(nu_str path, const nu_var *query)
{
    nu__buf out = { 0 };

    if (!query || !query->key)
        return path;
    nu__client_add_pairs(&out, query);
    return nu_fmt("{}{}{}", path, nu__find(path, S("?")) < 0 ? "?" : "&", nu__buf_str(&out));
}

static nu_request *make_request(nu_client *client, nu_method method, nu_str path,
                                const nu_client_send *send)
{
    nu__url_parts parts = nu__url_split(path);
    nu__header headers[20] = { { S("Cookie"), cookie_header(client) } };
    nu__client_options options = { .method = method,
                                   .headers = headers,
                                   .settings = nu__request_settings() };
    nu_request *req;

    options.tls = send->secure || nu_eq(parts.scheme, "https");
    options.n_headers = nu_dict_len(client->cookies) ? 1 : 0;
    if (parts.netloc.len)
        headers[options.n_headers++] = (nu__header){ S("Host"), parts.netloc };
    options.n_headers = add_headers(headers, options.n_headers, client->options.headers);
    options.n_headers = add_headers(headers, options.n_headers, send->headers);
    options.target = target_of(parts.netloc.len ? nu_fmt("{}{}", parts.path, parts.rest)
                                                : nu__sub(path, 0, (size_t)(path.len)),
                               send->query);
    nu__client_set_body(&options, send);
    req = nu__client_request(&options);
    if (!client->options.enforce_csrf_checks)
        nu__csrf_exempt(req);
    return req;
}

/* ---- what a request leaves in its fiber ------------------------------------------------------ */

/* A request begins with its own language, time zone and URLs, and what it registers for its end is
   done at its end, though the fiber goes on. */
typedef struct visit {
    void *locals[NU__LOCAL_COUNT];
    size_t at_end;
} visit;

static const nu__local of_requests[] = { NU__LOCAL_REQUEST,  NU__LOCAL_TIMEZONE,
                                         NU__LOCAL_LANGUAGE, NU__LOCAL_TRANSLATION,
                                         NU__LOCAL_URLCONF,  NU__LOCAL_REPEATS };

static void arrive(visit *v)
{
    memcpy(v->locals, nu__here->locals, sizeof v->locals);
    v->at_end = nu__here->at_end.len;
    for (size_t i = 0; i < sizeof of_requests / sizeof *of_requests; i++)
        nu__here->locals[of_requests[i]] = NULL;
}

static void leave(void *self)
{
    visit *v = self;

    while (nu__here->at_end.len > v->at_end) {
        nu__cleanup last = nu__here->at_end.items[--nu__here->at_end.len];

        last.fn(last.arg);
    }
    for (size_t i = 0; i < sizeof of_requests / sizeof *of_requests; i++)
        nu__here->locals[of_requests[i]] = v->locals[of_requests[i]];
}

static const nu_error *view_error;

static void note_error(const nu_signal_event *event)
{
    view_error = event->error;
}

static void forget_receiver(void *unused)
{
    (void)unused;
    nu_signal_disconnect(&(const nu_receiver)receiver_any(NU_GOT_REQUEST_EXCEPTION, note_error));
}

static void note_rendering(const nu__template *tpl, const nu_template_context *context)
{
    nu_test_run *run = nu__test_running;
    nu__rendering *made;

    if (!run || !run->rendering)
        return;
    made = nu_alloc(nu__rendering);
    *made = (nu__rendering){ nu__template_name(tpl), context->dict, context->processed, NULL };
    *run->rendering = made;
    run->rendering = &made->next;
}

static void forget_rendering(void *unused)
{
    (void)unused;
    nu__template_rendered = NULL;
    if (nu__test_running)
        nu__test_running->rendering = NULL;
}

static nu_response *answer(nu_client *client, nu_request *req, nu__exchange *exchange)
{
    nu_response *response;
    visit v;

    view_error = NULL;
    arrive(&v);
    nu_defer(leave, &v);
    nu_signal_connect(&(const nu_receiver)receiver_any(NU_GOT_REQUEST_EXCEPTION, note_error));
    nu_defer(forget_receiver, NULL);
    client->run->rendering = &exchange->renderings;
    nu__template_rendered = note_rendering;
    nu_defer(forget_rendering, NULL);
    response = nu__client_run(nu__handle, req);
    if (view_error && !client->options.no_raise_request_exception)
        nu_reraise(view_error);
    return response;
}

static nu_response *exchange_with(nu_client *client, nu_method method, nu_str path,
                                  const nu_client_send *send, int first_redirect)
{
    nu_request *req = make_request(client, method, path, send);
    nu__exchange *exchange = nu_alloc(nu__exchange);

    *exchange = (nu__exchange){ .client = client,
                                .first_redirect = first_redirect,
                                .secure = req->tls,
                                .next = client->run->exchanges };
    exchange->url =
        req->query_string.len ? nu_fmt("{}?{}", req->path, req->query_string) : req->path;
    exchange->response = answer(client, req, exchange);
    client->run->exchanges = exchange;
    take_cookies(client, exchange->response);
    return (nu_response *)exchange->response;
}

nu__exchange *nu__exchange_of(const nu_response *response)
{
    nu__exchange *at = nu__test_running ? nu__test_running->exchanges : NULL;

    while (at && at->response != response)
        at = at->next;
    if (!at)
        nu_raise(NU_VALUE_ERROR, "the response is of no request of this test's client");
    return at;
}

/* ---- following redirects --------------------------------------------------------------------- */

static bool is_redirect(const nu_response *response)
{
    int status = nu_status(response);

    return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
           nu_response_header(response, "Location").ptr;
}

/* 307 and 308 keep method and body; the others go on with GET. */
static nu_response *next_hop(nu_client *client, const nu_response *response, nu_method method,
                             const nu_client_send *send, int first)
{
    bool keeps = nu_status(response) == 307 || nu_status(response) == 308;
    nu_client_send plain = { .secure = send->secure };
    const nu__exchange *from = nu__exchange_of(response);
    nu_str to = nu_response_header(response, "Location");

    memcpy(plain.headers, send->headers, sizeof plain.headers);
    if (!nu_starts_with(to, S("/")))
        to = nu__url_join(from->secure ? S("https://testserver") : S("http://testserver"),
                          from->url, to);
    if (keeps)
        return exchange_with(client, method, to, send, first);
    return exchange_with(client, method == HEAD ? HEAD : GET, to, &plain, first);
}

nu_response *nu_client_request_(nu_client *client, nu_method method, nu_str path,
                                const nu_client_send *send)
{
    nu_response *response = exchange_with(client, method, path, send, 0);
    int first = 0;

    for (int n = 0; send->follow && is_redirect(response); n++) {
        if (n == MOST_REDIRECTS)
            nu_raise(NU_RUNTIME_ERROR, "Too many redirects.");
        first = first ? first : nu_status(response);
        response = next_hop(client, response, method, send, first);
    }
    return response;
}
