/* Packets out, bytes in, and waiting: a shared connection as a stream. */
#include "db/backends/mysql/line.h"

#include "core/context.h"
#include "core/fault.h"
#include "loop/moderation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { FIRST_OUT = 4096, KEPT_OUT = 1 << 20, READ_SIZE = 64 * 1024, KEPT_IN = 1 << 20 };
enum { KEPT_REQUESTS = 64, KEPT_ANSWER = 64 * 1024 };
/* At most so many reads at a time, so that a large result leaves room for others on the loop. */
enum { READS = 16 };

static nu__mysql_request *free_requests;
static size_t n_free_requests;

/* ---- requests ------------------------------------------------------------------------------- */

static nu__mysql_request *new_request(void)
{
    nu__mysql_request *request = free_requests;

    if (!request)
        return nu__malloc_zeroed(sizeof *request);
    free_requests = request->next;
    n_free_requests--;
    *request = (nu__mysql_request){ .bytes = request->bytes, .size = request->size };
    return request;
}

void nu__mysql_request_free(nu__mysql_request *request)
{
    nu__mysql_layout_unref(request->layout);
    if (request->size > KEPT_ANSWER || n_free_requests == KEPT_REQUESTS) {
        free(request->bytes);
        free(request);
        return;
    }
    request->next = free_requests;
    free_requests = request;
    n_free_requests++;
}

/* ---- out ------------------------------------------------------------------------------------ */

uint8_t *nu__mysql_line_room(nu__mysql_line *line, size_t len)
{
    size_t need, size = line->out_size ? line->out_size : FIRST_OUT;
    uint8_t *grown;

    if (__builtin_add_overflow(line->out_len, len, &need))
        return NULL;
    while (size < need)
        size *= 2;
    if (size > line->out_size) {
        grown = nu__realloc(line->out, size);
        if (!grown)
            return NULL;
        line->out = grown;
        line->out_size = size;
    }
    return line->out + line->out_len;
}

static void flush_at_end(nu__turn_end *work)
{
    nu__mysql_line *line =
        (nu__mysql_line *)(void *)((char *)work - offsetof(nu__mysql_line, flush));

    nu__mysql_line_pump(line, false);
}

nu__mysql_request *nu__mysql_line_ask(nu__mysql_line *line, size_t len)
{
    nu__mysql_request *request = new_request();

    if (!request)
        return NULL;
    if (!line->first)
        line->asked_ms = nu__loop_ms();
    line->out_len += len;
    *line->last = request;
    line->last = &request->next;
    line->n_pending++;
    line->flush.fn = flush_at_end;
    nu__at_turn_end(&line->flush);
    return request;
}

/* What the server said before it went is still to be read. */
static void send_out(nu__mysql_line *line)
{
    int fd = mysql_get_socket(line->handle->mysql);

    line->wants_write = false;
    while (line->out_at < line->out_len) {
        ssize_t n = send(fd, line->out + line->out_at, line->out_len - line->out_at,
                         MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN) {
            line->wants_write = true;
            return;
        }
        if (n < 0)
            break;
        line->out_at += (size_t)n;
    }
    line->out_at = line->out_len = 0;
    if (line->out_size > KEPT_OUT) {
        free(line->out);
        line->out = NULL;
        line->out_size = 0;
    }
}

/* ---- in ------------------------------------------------------------------------------------- */

/* Room for READ_SIZE more, or for the rest of the packet that has begun. */
static bool make_room(nu__mysql_line *line)
{
    size_t left = line->in_len - line->in_at, need = left + READ_SIZE;
    uint8_t *grown;

    if (left >= 4) {
        const uint8_t *at = line->in + line->in_at;
        size_t packet = 4 + ((size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16);

        need = packet > need ? packet : need;
    }
    if (line->in_at)
        memmove(line->in, line->in + line->in_at, left);
    line->in_at = 0;
    line->in_len = left;
    if (need <= line->in_size && (line->in_size <= KEPT_IN || need > KEPT_IN))
        return true;
    grown = nu__realloc(line->in, need);
    if (!grown)
        return false;
    line->in = grown;
    line->in_size = need;
    return true;
}

static void read_all(nu__mysql_line *line)
{
    int fd = mysql_get_socket(line->handle->mysql);

    for (int i = 0; i < READS && !line->handle->lost; i++) {
        size_t room;
        ssize_t n;

        if (line->in_len == line->in_at)
            line->in_at = line->in_len = 0;
        if (line->in_size - line->in_len < READ_SIZE / 4 && !make_room(line)) {
            nu__mysql_line_lose(line);
            return;
        }
        room = line->in_size - line->in_len;
        n = recv(fd, line->in + line->in_len, room, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n > 0)
            line->in_len += (size_t)n;
        if (n <= 0 || !nu__mysql_answers(line)) {
            nu__mysql_line_lose(line);
            return;
        }
        if ((size_t)n < room)
            return;
    }
}

static void on_event(void *arg, int events)
{
    nu__mysql_line_pump(arg, events & NU__READABLE);
}

/* Readable is always asked for: a server that hangs up is seen before the next statement. */
static bool listen_on(nu__mysql_line *line)
{
    int events = NU__READABLE | (line->wants_write ? NU__WRITABLE : 0);

    return nu__watch_listen(line->handle->watch, events, on_event, line);
}

void nu__mysql_line_lose(nu__mysql_line *line)
{
    line->handle->lost = true;
    nu__watch_listen(line->handle->watch, 0, NULL, NULL);
    while (line->first) {
        nu__mysql_request *request = line->first;

        line->first = request->next;
        line->n_pending--;
        request->lost = request->done = true;
        if (request->discarded)
            nu__mysql_request_free(request);
        else if (request->fiber)
            nu__fiber_wake(request->fiber);
    }
    line->last = &line->first;
    line->out_at = line->out_len = 0;
}

void nu__mysql_line_pump(nu__mysql_line *line, bool readable)
{
    if (line->handle->lost)
        return;
    send_out(line);
    if (readable)
        read_all(line);
    if (!line->handle->lost && !listen_on(line))
        nu__mysql_line_lose(line);
}

/* ---- its life ------------------------------------------------------------------------------- */

bool nu__mysql_line_begin(nu__mysql *handle)
{
    nu__mysql_line *line = nu__malloc_zeroed(sizeof *line);

    if (!handle->watch)
        handle->watch = nu__watch_open(mysql_get_socket(handle->mysql));
    if (!line || !handle->watch) {
        free(line);
        return false;
    }
    line->handle = handle;
    line->last = &line->first;
    handle->line = line;
    if (listen_on(line))
        return true;
    nu__mysql_line_lose(line);
    return false;
}

static void free_when_flushed(nu__turn_end *work)
{
    free((char *)work - offsetof(nu__mysql_line, flush));
}

void nu__mysql_line_end(nu__mysql *handle)
{
    nu__mysql_line *line = handle->line;

    if (!line)
        return;
    nu__watch_listen(handle->watch, 0, NULL, NULL);
    if (line->first)
        nu__mysql_line_lose(line);
    nu__mysql_shapes_clear(line);
    free(line->out);
    free(line->in);
    handle->line = NULL;
    /* The end of this turn still has it on its list. */
    if (line->flush.requested)
        line->flush.fn = free_when_flushed;
    else
        free(line);
}

/* ---- waiting -------------------------------------------------------------------------------- */

typedef struct waiter {
    nu__mysql_line *line;
    nu__mysql_request *request;
} waiter;

static void abandon(void *arg)
{
    const waiter *waiter = arg;
    nu__mysql_line *line = waiter->line;

    nu__answer_came();
    waiter->request->fiber = NULL;
    if (waiter->request->done) {
        nu__mysql_request_free(waiter->request);
        return;
    }
    waiter->request->discarded = true;
    if (line->n_pending > 1)
        return;
    nu__mysql_line_lose(line);
    nu__mysql_end_at_server(line->handle);
}

void nu__mysql_line_wait(nu__mysql_line *line, nu__mysql_request *request)
{
    waiter waiter = { line, request };
    size_t slot;

    request->fiber = nu__fiber_current();
    slot = nu__cleanup_push(abandon, &waiter);
    nu__answer_awaited();
    while (!request->done)
        nu__fiber_park();
    nu__answer_came();
    nu__cleanup_pop(slot);
    request->fiber = NULL;
}
