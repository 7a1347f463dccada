/* One request and its response, in a fiber of its own. */
#include "core/arena.h"
#include "core/context.h"
#include "core/error.h"
#include "http/connection_int.h"

#include <nuages/logging.h>
#include <string.h>

typedef struct exchange {
    nu__http_connection *c;
    const nu__h1_head *head; /* until the fiber first waits */
    nu_request *req;
} exchange;

/* ---- refused before a handler
 * --------------------------------------------------------------------- */

static void log_entry(nu__http_connection *c, const nu_request *req, int status)
{
    nu__http_entry entry = {
        .req = req,
        .remote_addr = { c->remote_addr, c->remote_len },
        .status = status,
        .bytes = c->sent,
        .seconds = c->started ? (double)(uv_hrtime() - c->started) / 1e9 : 0,
    };

    if (c->http->options.log)
        c->http->options.log(&entry);
}

static void write_refusal(nu__http_connection *c, int status)
{
    nu_str reason = nu__status_reason(status);
    nu__header type = { S("Content-Type"), S("text/plain; charset=utf-8") };
    nu_response response = { .status = status, .headers = { .items = &type, .len = 1 } };
    nu__h1_answer answer = {
        .response = &response,
        .date = nu__http_date_line(c->http),
        .content_length = (int64_t)reason.len + 1,
        .close = true,
    };
    char *out = nu__http_room(c, nu__h1_head_size(&answer) + reason.len + 1), *end;

    end = nu__h1_write_head(out, &answer);
    memcpy(end, reason.ptr, reason.len);
    end[reason.len] = '\n';
    c->http->output_len += (size_t)(end - out) + reason.len + 1;
    c->sent = reason.len + 1;
}

void nu__http_refuse(nu__http_connection *c, int status)
{
    write_refusal(c, status);
    log_entry(c, NULL, status);
    nu__http_linger(c);
}

/* ---- the request --------------------------------------------------------------------------------
 */

static nu_str slice(const char *text, uint32_t at, uint32_t len)
{
    return (nu_str){ text + at, len };
}

static void copy_fields(nu_request *req, const nu__h1_head *head, const char *text)
{
    nu__header *items = nu__alloc_raw(head->n_fields * sizeof *items + 1);

    for (int i = 0; i < head->n_fields; i++) {
        const nu__h1_field *field = &head->fields[i];

        items[i].name = slice(text, field->name, field->name_len);
        items[i].value = slice(text, field->value, field->value_len);
    }
    req->headers = (nu__headers){ .items = items, .len = head->n_fields };
}

/* The head is copied once; all texts of the request are slices of the copy, whose request line is
   cut after the target: "GET /students/" names the fiber in messages. */
static nu_request *new_request(nu__http_connection *c, const nu__h1_head *head)
{
    nu_request *req = nu__request_new(c->http->options.settings);
    char *text = nu__alloc_raw(head->len);

    memcpy(text, c->in, head->len);
    nu__http_consume(c, head->len);
    text[head->target + head->target_len] = '\0';
    nu__here->what = text + head->start;
    req->method = head->method;
    req->method_name = slice(text, head->start, head->method_len);
    req->http_1_0 = head->http_1_0;
    req->content_length = head->chunked ? -1 : head->content_length > 0 ? head->content_length : 0;
    req->remote_addr = (nu_str){ c->remote_addr, c->remote_len };
    req->server_port = c->local_port;
    req->server_name = nu_s(c->http->options.server_name);
    if (req->content_length)
        req->source = nu__http_body_source(c);
    copy_fields(req, head, text);
    nu__request_set_target(req, slice(text, head->target, head->target_len));
    return req;
}

static void begin(nu__http_connection *c, const nu__h1_head *head)
{
    nu__request_came(&c->asked);
    c->phase = NU__ANSWERING;
    c->method = head->method;
    c->http_1_0 = head->http_1_0;
    c->close = !head->keep_alive;
    c->chunked = head->chunked;
    c->expect_continue = head->expect_continue && (head->chunked || head->content_length > 0);
    c->body_left = head->content_length > 0 ? (uint64_t)head->content_length : 0;
    c->body_read = c->body_waited = c->discarded = c->sent = 0;
    c->body_ended = c->head_sent = c->wait_late = false;
    c->decoder = (nu__chunked){ 0 };
    c->started = c->http->options.log ? uv_hrtime() : 0;
    nu__http_await_half_closed(c);
}

/* ---- the fiber
 * ------------------------------------------------------------------------------------ */

static void answer(void *arg)
{
    exchange *ex = arg;
    nu__http_connection *c = ex->c;
    nu_response *response;

    ex->req = nu__here->locals[NU__LOCAL_REQUEST] = new_request(c, ex->head);
    response = c->http->options.handler(ex->req);
    if (!response)
        nu_raise(NU_RUNTIME_ERROR, "the handler of {} returned no response", ex->req->path);
    nu__http_respond(c, ex->req, response);
    log_entry(c, ex->req, response->status);
}

/* The handler turns errors into responses; what comes here is an error of the driver's own work:
   a stream that failed, memory, a client that is gone. */
static void fail(exchange *ex, const nu_error *error)
{
    nu__http_connection *c = ex->c;
    bool quiet = error->klass == NU_CANCELLED || c->dead || c->eof;
    nu__buf text = { 0 };

    if (!quiet) {
        nu__error_describe(error, &text);
        nu_error_log("{}", nu__buf_str(&text));
    }
    if (c->phase == NU__CLOSED)
        return;
    if (quiet || c->head_sent)
        nu__http_close(c);
    else
        nu__http_refuse(c, c->wait_late ? 408 : 500);
}

/* Ready for the next request, or on the way to the end. */
static void finish(nu__http_connection *c)
{
    c->fiber = NULL;
    c->http->requests++;
    if (c->phase == NU__CLOSED) {
        nu__http_let_go(c);
        return;
    }
    if (c->phase == NU__LINGERING)
        return;
    c->phase = NU__IDLE;
    if (c->dead) {
        nu__http_close(c);
    } else if (c->close) {
        nu__http_linger(c);
    } else if (nu__http_body_unread(c)) {
        c->phase = NU__DISCARDING;
        nu__http_flush(c);
        nu__http_set_timeout(c, c->http->body_ms);
        if (nu__http_discard(c) && !c->in_callback)
            nu__http_next(c);
    } else if (!c->in_callback) {
        nu__http_flush(c);
        nu__http_next(c);
    }
}

static void run(void *arg)
{
    exchange ex = *(exchange *)arg;
    nu__http_connection *c = ex.c;
    const nu_error *error;

    c->fiber = nu__fiber_current();
    error = nu__guard(answer, &ex);
    if (error)
        fail(&ex, error);
    finish(c);
}

void nu__http_exchange(nu__http_connection *c, const nu__h1_head *head)
{
    exchange ex = { .c = c, .head = head };
    size_t limit = c->http->options.settings->max_body;

    begin(c, head);
    if (limit && c->body_left > limit)
        nu__http_refuse(c, 413);
    else if (!nu__fiber_enter("an HTTP request", run, &ex))
        nu__http_refuse(c, 503);
}
