/* What the server sends on a shared connection, cut into packets and those into answers. Runs in
 * the loop's callback: nothing is raised, and no arena is touched.
 *
 *     prepared:  0 id columns parameters … | definitions … | EOF | definitions … | EOF
 *     executed:  columns | definitions … | EOF | rows … | EOF
 *     each:      error, in the place of any first packet or row
 *
 * A packet of 16 MB - 1 goes on in the next one. An answer's packets are numbered from 1. */
#include "db/backends/mysql/line.h"

#include "core/fault.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST = 0xffffff, ERROR = 0xff, END = 0xfe, FILE_WANTED = 0xfb, END_SIZE = 9 };
enum { ERROR_SIZE = 3, PREPARED_SIZE = 12 }; /* at least */

/* ---- keeping them --------------------------------------------------------------------------- */

static bool reserve(nu__mysql_request *request, size_t more)
{
    size_t need = request->len + more, size = request->size ? request->size : 512;
    uint8_t *grown;

    if (need <= request->size)
        return true;
    while (size < need)
        size *= 2;
    grown = nu__realloc(request->bytes, size);
    if (!grown)
        return false;
    request->bytes = grown;
    request->size = size;
    return true;
}

/* Where there is no memory the answer is read on, to be thrown away. */
static void keep(nu__mysql_request *request, const uint8_t *bytes, uint32_t len)
{
    uint32_t whole = len, before;

    if (request->discarded || request->oom)
        return;
    if (!reserve(request, len + sizeof whole)) {
        request->oom = true;
        return;
    }
    if (request->continued) {
        memcpy(&before, request->bytes + request->last, sizeof before);
        if (__builtin_add_overflow(before, len, &whole)) {
            request->oom = true;
            return;
        }
    } else {
        request->last = request->len;
        request->len += sizeof whole;
    }
    memcpy(request->bytes + request->last, &whole, sizeof whole);
    memcpy(request->bytes + request->len, bytes, len);
    request->len += len;
}

nu__mysql_packet nu__mysql_packet_at(const nu__mysql_request *request, size_t at)
{
    nu__mysql_packet packet = { NULL, 0 };

    if (at > request->len || request->len - at < sizeof packet.len)
        return packet;
    memcpy(&packet.len, request->bytes + at, sizeof packet.len);
    packet.at = request->bytes + at + sizeof packet.len;
    return packet;
}

bool nu__mysql_take_number(nu__mysql_packet packet, size_t *at, uint64_t *number)
{
    static const uint8_t sizes[] = { [252 - 252] = 2, [253 - 252] = 3, [254 - 252] = 8 };
    uint8_t first, size;

    if (*at >= packet.len || packet.at[*at] == FILE_WANTED || packet.at[*at] == ERROR)
        return false;
    first = packet.at[(*at)++];
    size = first < 252 ? 0 : sizes[first - 252];
    if (size > packet.len - *at)
        return false;
    *number = size ? 0 : first;
    for (uint8_t i = 0; i < size; i++)
        *number |= (uint64_t)packet.at[*at + i] << (8 * i);
    *at += size;
    return true;
}

/* ---- where an answer ends ------------------------------------------------------------------- */

static bool is_end(nu__mysql_packet packet)
{
    return packet.at[0] == END && packet.len < END_SIZE;
}

/* Of each kind of definition there are those, and an EOF; or none. */
static bool begin_prepared(nu__mysql_request *request, nu__mysql_packet packet)
{
    uint32_t columns, parameters;

    if (packet.len < PREPARED_SIZE)
        return false;
    columns = packet.at[5] | (uint32_t)packet.at[6] << 8;
    parameters = packet.at[7] | (uint32_t)packet.at[8] << 8;
    request->left = (columns ? columns + 1 : 0) + (parameters ? parameters + 1 : 0);
    request->part = NU__MYSQL_DEFINITIONS;
    request->done = !request->left;
    return true;
}

/* A server that knows that we know the columns does not tell them: a byte behind their number says
   so. */
static bool begin_executed(nu__mysql_request *request, nu__mysql_packet packet)
{
    size_t at = 0;
    uint64_t columns;

    if (!nu__mysql_take_number(packet, &at, &columns) || !columns || columns > UINT16_MAX)
        return false;
    request->left = at < packet.len && !packet.at[at] ? 1 : (uint32_t)columns + 1;
    request->part = NU__MYSQL_DEFINITIONS;
    return true;
}

static bool begin(nu__mysql_request *request, nu__mysql_packet packet)
{
    if (packet.at[0] == ERROR || (!packet.at[0] && !request->preparing)) {
        request->done = true;
        return true;
    }
    return request->preparing ? !packet.at[0] && begin_prepared(request, packet)
                              : begin_executed(request, packet);
}

static void go_on(nu__mysql_request *request)
{
    if (--request->left)
        return;
    request->part = NU__MYSQL_ROWS;
    request->done = request->preparing;
}

/* A row begins with a byte 0. */
static bool take(nu__mysql_request *request, nu__mysql_packet packet)
{
    if (!packet.len || (packet.at[0] == ERROR && packet.len < ERROR_SIZE))
        return false;
    switch (request->part) {
    case NU__MYSQL_FIRST:
        return begin(request, packet);
    case NU__MYSQL_DEFINITIONS:
        go_on(request);
        return true;
    default:
        request->done = is_end(packet) || packet.at[0] == ERROR;
        return request->done || !packet.at[0];
    }
}

/* ---- who gets them -------------------------------------------------------------------------- */

static void finish(nu__mysql_line *line, nu__mysql_request *request)
{
    line->first = request->next;
    if (!line->first)
        line->last = &line->first;
    line->n_pending--;
    line->asked_ms = nu__loop_ms();
    if (request->discarded)
        nu__mysql_request_free(request);
    else
        nu__fiber_wake(request->fiber);
}

/* What comes unasked is a good-bye. */
static bool take_packet(nu__mysql_line *line, uint8_t number, const uint8_t *bytes, uint32_t len)
{
    nu__mysql_request *request = line->first;
    bool goes_on;

    if (!request || number != ++request->n_packets)
        return false;
    goes_on = request->continued;
    keep(request, bytes, len);
    request->continued = len == LARGEST;
    if (!goes_on && !take(request, (nu__mysql_packet){ bytes, len }))
        return false;
    if (request->done && !request->continued)
        finish(line, request);
    return true;
}

bool nu__mysql_answers(nu__mysql_line *line)
{
    while (line->in_len - line->in_at >= 4) {
        const uint8_t *at = line->in + line->in_at;
        uint32_t len = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;

        if (line->in_len - line->in_at - 4 < len)
            return true;
        line->in_at += 4 + (size_t)len;
        if (!take_packet(line, at[3], at + 4, len))
            return false;
    }
    return true;
}
