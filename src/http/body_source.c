/* The body of a request under way: read by its fiber when the handler asks for it. */
#include "http/connection_int.h"

#include <string.h>

bool nu__http_body_unread(const nu__http_connection *c)
{
    return c->chunked ? !c->body_ended : c->body_left > 0;
}

/* How long the client may still take: a fixed time, and a second for so many bytes. */
static uint64_t patience(const nu__http_connection *c)
{
    uint64_t allowed = c->http->body_ms + c->body_read * 1000 / NU__HTTP_BODY_RATE;

    return allowed > c->body_waited ? allowed - c->body_waited : 1;
}

static void ask_to_continue(nu__http_connection *c)
{
    static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
    char *out;

    if (!c->expect_continue)
        return;
    c->expect_continue = false;
    out = nu__http_room(c, sizeof line);
    memcpy(out, line, sizeof line - 1);
    c->http->output_len += sizeof line - 1;
}

/* Wait for bytes, in `in` or in `direct`. */
static void wait_for_bytes(nu__http_connection *c)
{
    uint64_t began = nu__loop_ms();
    nu__wait_result result = NU__WAIT_WOKEN;

    ask_to_continue(c);
    nu__http_flush(c);
    nu__http_keep_input(c);
    nu__http_read_on(c);
    nu__http_set_timeout(c, patience(c));
    c->waits_for_body = true;
    while (!c->in_len && !c->direct_got && !c->eof && !c->dead && !c->wait_late &&
           result == NU__WAIT_WOKEN)
        result = nu__fiber_wait(NU__FOREVER);
    c->waits_for_body = false;
    c->direct = NULL;
    c->body_waited += nu__loop_ms() - began;
    if (result != NU__WAIT_WOKEN)
        nu_raise(NU_CANCELLED, "the request was cancelled while its body arrived");
    if (c->wait_late) {
        c->close = true;
        nu_raise(NU_REQUEST_TIMEOUT, "the client sends the body too slowly");
    }
    if (c->dead || (c->eof && !c->in_len && !c->direct_got)) {
        c->close = true;
        nu_raise(NU_UNREADABLE_POST_ERROR, "the client went away before the end of the body");
    }
}

static void count_body(nu__http_connection *c, size_t n)
{
    size_t limit = c->http->options.settings->max_body;

    c->body_read += n;
    if (limit && c->body_read > limit) {
        c->close = true;
        nu_raise(NU_REQUEST_DATA_TOO_BIG, "The request body is larger than {} bytes.",
                 (uint64_t)limit);
    }
}

static size_t smaller(size_t a, uint64_t b)
{
    return a < b ? a : (size_t)b;
}

/* ---- Content-Length ----------------------------------------------------------------------------
 */

static size_t read_sized(nu__http_connection *c, char *into, size_t size)
{
    size_t n = smaller(size, c->body_left);

    if (!n)
        return 0;
    if (!c->in_len) {
        c->direct = into;
        c->direct_size = n;
        c->direct_got = 0;
        wait_for_bytes(c);
    }
    if (c->direct_got) { /* what is in `in` came behind it */
        n = c->direct_got;
    } else {
        n = smaller(n, c->in_len);
        memcpy(into, c->in, n);
        nu__http_consume(c, n);
    }
    c->direct_got = 0;
    c->body_left -= n;
    count_body(c, n);
    return n;
}

/* ---- chunked
 * ------------------------------------------------------------------------------------- */

/* The next piece of the body in `in`, at most `size` bytes of it; 0: the input is used up, or the
   body has ended. */
static size_t next_chunk(nu__http_connection *c, size_t size, const char **data)
{
    size_t used, len = 0;
    nu__chunked_result result =
        nu__chunked_next(&c->decoder, c->in, smaller(size, c->in_len), &used, data, &len);

    nu__http_consume(c, used);
    c->body_ended = result == NU__CHUNKED_END;
    if (result == NU__CHUNKED_BAD) {
        c->close = c->body_ended = true;
        nu_raise(NU_BAD_REQUEST, "The chunked coding of the request body is malformed.");
    }
    return result == NU__CHUNKED_DATA ? len : 0;
}

static size_t read_chunked(nu__http_connection *c, char *into, size_t size)
{
    const char *data = NULL;
    size_t n = 0;

    while (!n && size && !c->body_ended) {
        if (!c->in_len)
            wait_for_bytes(c);
        n = next_chunk(c, size, &data);
    }
    if (n)
        memcpy(into, data, n);
    count_body(c, n);
    return n;
}

static size_t read_body(void *self, char *into, size_t size)
{
    nu__http_connection *c = self;

    return c->chunked ? read_chunked(c, into, size) : read_sized(c, into, size);
}

nu__body_source nu__http_body_source(nu__http_connection *c)
{
    return (nu__body_source){ .read = read_body, .self = c };
}

/* ---- leftovers
 * ----------------------------------------------------------------------------------- */

/* Like next_chunk() where nothing may be raised. */
static bool discard_chunks(nu__http_connection *c)
{
    nu__chunked_result result = NU__CHUNKED_DATA;
    const char *data;
    size_t used, len;

    while (c->in_len && result == NU__CHUNKED_DATA) {
        result = nu__chunked_next(&c->decoder, c->in, c->in_len, &used, &data, &len);
        nu__http_consume(c, used);
        c->discarded += used;
    }
    c->body_ended = result == NU__CHUNKED_END;
    return result != NU__CHUNKED_BAD;
}

bool nu__http_discard(nu__http_connection *c)
{
    size_t n = smaller(c->in_len, c->body_left);
    bool good = true;

    if (c->chunked) {
        good = discard_chunks(c);
    } else {
        nu__http_consume(c, n);
        c->body_left -= n;
        c->discarded += n;
    }
    if (!good || (nu__http_body_unread(c) && (c->eof || c->discarded > NU__HTTP_DISCARD))) {
        nu__http_linger(c);
        return false;
    }
    if (nu__http_body_unread(c)) {
        nu__http_keep_input(c);
        nu__http_read_on(c);
        return false;
    }
    c->phase = NU__IDLE;
    return true;
}
