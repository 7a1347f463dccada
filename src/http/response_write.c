/* A response onto the connection: text in one write, streams piece by piece. */
#include "core/arena.h"
#include "http/connection_int.h"
#include "http/cookies.h"
#include "http/stream.h"

#include <string.h>
#include <time.h>

const char *nu__http_date_line(nu__http *http)
{
    struct timespec now;

    if (nu__loop_ms() >= http->date_due) {
        clock_gettime(CLOCK_REALTIME, &now);
        nu__h1_write_date(http->date, now.tv_sec);
        http->date_due = nu__loop_ms() + 1000 - (uint64_t)now.tv_nsec / 1000000;
    }
    return http->date;
}

nu_str nu__http_put_head(nu__http_connection *c, const nu__h1_answer *answer)
{
    size_t size = nu__h1_head_size(answer);
    char *out = nu__http_room(c, size), *large = NULL, *end;

    if (!out)
        out = large = nu__alloc_raw(size);
    end = nu__h1_write_head(out, answer);
    c->head_sent = true;
    if (large)
        return (nu_str){ large, (size_t)(end - large) };
    c->http->output_len += (size_t)(end - out);
    return (nu_str){ 0 };
}

void nu__http_send_text(nu__http_connection *c, const nu__h1_answer *answer, nu_str body)
{
    nu_str head = nu__http_put_head(c, answer);

    c->sent = body.len;
    if (body.len <= NU__HTTP_COPIED && !head.len) {
        char *out = nu__http_room(c, body.len);

        if (body.len)
            memcpy(out, body.ptr, body.len);
        c->http->output_len += body.len;
        return;
    }
    nu__http_send(c, (nu_str[]){ head, body }, 2);
}

/* ---- streams --------------------------------------------------------------------------------- */

static void write_piece(nu_stream *stream, nu_str piece)
{
    nu__http_connection *c = stream->self;
    char size[20];
    nu_str line = { size, 0 };
    bool sent;

    if (!piece.len)
        return;
    if (c->http_1_0) {
        sent = nu__http_send(c, &piece, 1);
    } else {
        line.len = (size_t)(nu__h1_write_chunk_size(size, piece.len) - size);
        line = nu_copy(line);
        sent = nu__http_send(c, (nu_str[]){ line, piece, S("\r\n") }, 3);
    }
    if (!sent)
        nu_raise(NU_CANCELLED, "the client went away before the end of the stream");
    c->sent += piece.len;
}

static void send_stream(nu__http_connection *c, const nu__h1_answer *answer, nu_request *req)
{
    nu_stream stream = { .write = write_piece, .self = c };
    nu_str head = nu__http_put_head(c, answer);

    nu__http_send(c, &head, 1);
    answer->response->stream(req, &stream);
    if (!c->http_1_0)
        nu__http_send(c, (nu_str[]){ S("0\r\n\r\n") }, 1);
}

/* ---- which of them ------------------------------------------------------------------------------
 */

/* Whether what is left of the request's body is more than one would read for nothing. */
static bool must_close(const nu__http_connection *c)
{
    if (!nu__http_body_unread(c))
        return false;
    return c->expect_continue || (!c->chunked && c->body_left > NU__HTTP_DISCARD);
}

/* -1: no Content-Length. A 304 says 0, as Django's does. */
static int64_t length_of(const nu_response *response)
{
    if (nu__status_bodyless(response->status))
        return response->status == 304 ? 0 : -1;
    return response->kind == NU__BODY_TEXT ? (int64_t)response->body.len : response->length;
}

void nu__http_respond(nu__http_connection *c, nu_request *req, nu_response *response)
{
    bool bodyless = nu__status_bodyless(response->status);
    bool stream = response->kind == NU__BODY_STREAM && !bodyless;
    nu__h1_answer answer = {
        .response = response,
        .set_cookies = nu__cookies_write(response),
        .date = nu__http_date_line(c->http),
        .content_length = stream ? -1 : length_of(response),
        .chunked = stream && !c->http_1_0,
    };

    c->close |= response->close || c->http->draining || must_close(c) || (stream && c->http_1_0);
    answer.close = c->close;
    answer.keep_alive = c->http_1_0;
    if (c->method == HEAD || bodyless)
        nu__http_send_text(c, &answer, S(""));
    else if (stream)
        send_stream(c, &answer, req);
    else if (response->kind == NU__BODY_FILE)
        nu__http_send_file(c, &answer);
    else
        nu__http_send_text(c, &answer, response->body);
}
