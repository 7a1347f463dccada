/* Bytes to the client: gathered over a turn, written with few calls where the kernel takes them. */
#include "core/arena.h"
#include "http/connection_int.h"

#include <errno.h>
#include <string.h>

/* Responses wait for others no longer than that: what follows them may be a slow handler. */
enum { TOGETHER_NS = 200 * 1000 };

/* ---- gathering --------------------------------------------------------------------------------
 */

static size_t growing(const nu__http *http)
{
    return http->output_len - http->output_at;
}

char *nu__http_room(nu__http_connection *c, size_t size)
{
    nu__http *http = c->http;

    if (growing(http) && http->output_of != c)
        nu__http_flush(http->output_of);
    if (http->output_len + size > NU__HTTP_OUTPUT)
        nu__http_depart(http);
    http->output_of = c;
    return size <= NU__HTTP_OUTPUT ? http->output + http->output_len : NULL;
}

static void add_departure(nu__http *http)
{
    nu__http_connection *c = http->output_of;

    http->departures[http->n_departures++] = (nu__departure){ c, http->output_at, growing(http) };
    c->departing = true;
    http->output_at = http->output_len;
}

/* Those of a connection leave one after the other: the kernel may take the second of two and have
   had no room for the first. */
void nu__http_flush(nu__http_connection *c)
{
    nu__http *http = c->http;
    uint64_t now;

    if (!growing(http) || http->output_of != c)
        return;
    if (c->departing) {
        nu__http_depart(http);
        return;
    }
    now = uv_hrtime();
    if (!http->n_departures)
        http->first_departure = now;
    add_departure(http);
    if (http->n_departures == NU__HTTP_TOGETHER || now - http->first_departure > TOGETHER_NS)
        nu__http_depart(http);
    else
        nu__at_turn_end(&http->turn);
}

/* ---- at the end of a turn ----------------------------------------------------------------------
 */

static void departed(nu__http *http, const nu__departure *departure, int32_t result)
{
    nu__http_connection *c = departure->c;
    size_t taken = result > 0 ? (size_t)result : 0;

    if (c->dead)
        return;
    if (result < 0 && result != -EAGAIN && result != -ENOBUFS && result != -EINTR)
        nu__http_broken(c);
    else if (taken < departure->len)
        nu__http_write_later(c, http->output + departure->at + taken, departure->len - taken);
}

/* What cannot be sent at once is settled; the others are put in `calls`. */
static size_t prepare(nu__http *http, nu__departure *departures, nu__socket_call *calls)
{
    size_t n = 0;

    for (size_t i = 0; i < http->n_departures; i++) {
        const nu__departure *each = &http->departures[i];
        char *bytes = http->output + each->at;

        each->c->departing = false;
        if (each->c->dead)
            continue;
        if (each->c->unwritten) {
            nu__http_write_later(each->c, bytes, each->len);
            continue;
        }
        departures[n] = *each;
        calls[n++] = (nu__socket_call){
            .fd = each->c->fd, .sends = true, .bytes = bytes, .len = (uint32_t)each->len
        };
    }
    http->n_departures = 0;
    return n;
}

static void send_departures(nu__http *http)
{
    nu__socket_call calls[NU__HTTP_TOGETHER];
    nu__departure departures[NU__HTTP_TOGETHER];
    size_t n = prepare(http, departures, calls);

    nu__socket_calls(http->ring, calls, n);
    for (size_t i = 0; i < n; i++)
        departed(http, &departures[i], calls[i].result);
}

void nu__http_depart(nu__http *http)
{
    if (growing(http) && !http->output_of->departing)
        add_departure(http);
    send_departures(http);
    if (growing(http)) {
        add_departure(http);
        send_departures(http);
    }
    http->output_at = http->output_len = 0;
}

/* ---- from a fiber -------------------------------------------------------------------------------
 */

enum { MAX_PIECES = 4 };

/* Wait until the kernel has all, or the connection is closed. */
static void wait_sent(nu__http_connection *c)
{
    nu__wait_result result = NU__WAIT_WOKEN;

    c->waits_for_write = true;
    while (!c->write_done && result == NU__WAIT_WOKEN)
        result = nu__fiber_wait(NU__FOREVER);
    c->waits_for_write = false;
    if (!c->write_done)
        nu__http_close(c);
    if (result != NU__WAIT_WOKEN)
        nu_raise(NU_CANCELLED, "the client went away before it had the whole response");
}

/* What the kernel left of the output is copied: the buffer is everybody's. */
static void send_rest(nu__http_connection *c, struct iovec *pieces, unsigned n, bool output_left)
{
    if (output_left)
        pieces->iov_base =
            memcpy(nu__alloc_raw(pieces->iov_len), pieces->iov_base, pieces->iov_len);
    nu__http_write_pieces(c, pieces, n);
    wait_sent(c);
}

/* The growing output first, then the pieces. */
static unsigned gather(nu__http_connection *c, struct iovec *all, const nu_str *pieces, unsigned n)
{
    nu__http *http = c->http;
    unsigned count = 0;

    if (growing(http) && http->output_of == c)
        all[count++] = (struct iovec){ http->output + http->output_at, growing(http) };
    for (unsigned i = 0; i < n && i < MAX_PIECES; i++)
        if (pieces[i].len)
            all[count++] = (struct iovec){ (char *)(uintptr_t)pieces[i].ptr, pieces[i].len };
    return count;
}

bool nu__http_send(nu__http_connection *c, const nu_str *pieces, unsigned n)
{
    struct iovec all[MAX_PIECES + 1], *rest = all;
    nu__http *http = c->http;
    bool has_output;
    unsigned count;
    ssize_t written;

    if (c->departing)
        nu__http_depart(http);
    has_output = growing(http) && http->output_of == c;
    count = gather(c, all, pieces, n);
    if (has_output)
        http->output_len = http->output_at;
    if (c->dead || !count)
        return !c->dead;
    written = c->unwritten ? 0 : nu__http_send_now(c, all, count);
    if (written < 0)
        c->dead = true;
    else
        nu__http_pass(&rest, &count, (size_t)written);
    if (!c->dead && count)
        send_rest(c, rest, count, has_output && rest == all);
    return !c->dead;
}
