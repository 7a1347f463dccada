/* Statements on a shared connection: prepared once, then executed with others' before and behind.
 */
#include "db/backends/mysql/line.h"

#include "core/context.h"
#include "core/fault.h"
#include "loop/loop.h"
#include "utils/percent.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdlib.h>
#include <string.h>

enum { PREPARE = 0x16, EXECUTE = 0x17, CLOSE = 0x19, ERROR = 0xff, HEADER = 4, ID_AT = 1 };
/* One that held others up so long takes a connection of its own, so many times. */
enum { SLOW_MS = 50, SLOW_RUNS = 64 };

/* ---- packets out ---------------------------------------------------------------------------- */

static uint8_t *put_number(uint8_t *at, uint64_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        *at++ = (uint8_t)(number >> (8 * i));
    return at;
}

static uint8_t *put_bytes(uint8_t *at, const void *bytes, size_t len)
{
    if (len)
        memcpy(at, bytes, len);
    return at + len;
}

/* A packet's beginning. Raises MemoryError, or what a broken connection does. */
static uint8_t *begin(nu__mysql_line *line, uint8_t command, size_t len)
{
    uint8_t *at;

    nu__mysql_check_alive(line->handle);
    at = nu__mysql_line_room(line, HEADER + 1 + len);
    if (!at)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
    at = put_number(at, 1 + len, HEADER);
    return put_number(at, command, 1);
}

static nu__mysql_request *ask(nu__mysql_line *line, size_t len)
{
    nu__mysql_request *request = nu__mysql_line_ask(line, HEADER + 1 + len);

    if (!request)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
    return request;
}

/* ---- shapes --------------------------------------------------------------------------------- */

static nu__mysql_shape *of_entry(nu__cached_statement *entry)
{
    return (nu__mysql_shape *)(void *)entry;
}

nu__mysql_shape *nu__mysql_shape_find(nu__mysql_line *line, nu_str sql)
{
    nu__cached_statement *entry = nu__statement_find(&line->cache, sql);

    if (entry)
        nu__statement_use(&line->cache, entry);
    return of_entry(entry);
}

static void free_shape(nu__mysql_shape *shape)
{
    nu__mysql_layout_unref(shape->layout);
    free(shape);
}

static void leave_shape(void *arg)
{
    nu__mysql_shape *shape = arg;

    if (!--shape->entry.users && !shape->entry.cached)
        free_shape(shape);
}

static void forget(nu__mysql_line *line, nu__mysql_shape *shape)
{
    if (!shape->entry.cached)
        return;
    nu__statement_remove(&line->cache, &shape->entry);
    nu__wait_wake_all(&shape->waiting);
    if (!shape->entry.users)
        free_shape(shape);
}

void nu__mysql_shapes_clear(nu__mysql_line *line)
{
    while (line->cache.newest)
        forget(line, of_entry(line->cache.newest));
}

/* There is no answer to this one. Without memory the server keeps it until the connection ends. */
static void close_at_server(nu__mysql_line *line, uint32_t id)
{
    uint8_t *at = nu__mysql_line_room(line, HEADER + 1 + sizeof id);

    if (!at)
        return;
    at = put_number(at, 1 + sizeof id, HEADER);
    at = put_number(at, CLOSE, 1);
    put_number(at, id, sizeof id);
    line->out_len += HEADER + 1 + sizeof id;
}

static void make_room(nu__mysql_line *line)
{
    nu__mysql_shape *shape;

    if (line->cache.n < NU__MYSQL_CACHE)
        return;
    shape = of_entry(nu__statement_oldest_idle(&line->cache));
    if (!shape)
        return;
    if (shape->prepared)
        close_at_server(line, shape->id);
    forget(line, shape);
}

static nu__mysql_shape *new_shape(nu__mysql_line *line, nu_str sql)
{
    nu__mysql_shape *shape = nu__statement_new(sizeof *shape, sql);

    if (!shape)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
    make_room(line);
    nu__statement_add(&line->cache, &shape->entry);
    return shape;
}

/* ---- errors --------------------------------------------------------------------------------- */

/* Of its error's packet; 0: there is none. An error without a number is an unknown one. */
static unsigned error_of(const nu__mysql_request *request, const char **message)
{
    nu__mysql_packet packet = nu__mysql_packet_at(request, request->last);
    size_t at = 3;

    if (request->lost || !packet.at || packet.len < at || packet.at[0] != ERROR)
        return 0;
    if (packet.len >= at + 6 && packet.at[at] == '#')
        at += 6;
    if (message)
        *message =
            nu_copy(nu__utf8_replace((nu_str){ (const char *)packet.at + at, packet.len - at }))
                .ptr;
    return packet.at[1] || packet.at[2] ? packet.at[1] | (unsigned)packet.at[2] << 8
                                        : CR_UNKNOWN_ERROR;
}

/* Frees what has failed. */
static void check(nu__mysql_line *line, nu__mysql_request *request)
{
    const char *message = NULL;
    unsigned number = error_of(request, &message);
    bool lost = request->lost, oom = request->oom;

    if (!lost && !oom && !number)
        return;
    nu__mysql_request_free(request);
    if (lost)
        nu__mysql_raise(line->handle, CR_SERVER_LOST, "Lost connection to server during query");
    if (oom)
        nu_raise(NU_MEMORY_ERROR, "out of memory for the rows of a query");
    nu__mysql_raise(line->handle, number, message);
}

/* A server that says what makes no sense is not asked again. */
static NU_NORETURN void raise_not_taken(nu__mysql_line *line, nu__mysql_taken taken)
{
    if (taken == NU__MYSQL_BROKEN)
        nu__mysql_line_lose(line);
    nu__mysql_raise_taken(taken);
}

/* ---- preparing ------------------------------------------------------------------------------ */

typedef struct preparing {
    nu__mysql_line *line;
    nu__mysql_shape *shape;
} preparing;

static void forget_unprepared(void *arg)
{
    const preparing *preparing = arg;

    forget(preparing->line, preparing->shape);
}

static size_t behind(const nu__mysql_request *request, size_t at, uint32_t packets)
{
    for (uint32_t i = 0; i < packets; i++)
        at += sizeof(uint32_t) + nu__mysql_packet_at(request, at).len;
    return at;
}

/* Parameters come before columns. */
static nu__mysql_taken note_prepared(nu__mysql_shape *shape, const nu__mysql_request *request)
{
    nu__mysql_packet packet = nu__mysql_packet_at(request, 0);
    uint32_t columns = packet.at[5] | (uint32_t)packet.at[6] << 8;
    size_t at = behind(request, 0, 1);
    nu__mysql_taken taken = NU__MYSQL_TAKEN;

    for (unsigned i = 0; i < sizeof shape->id; i++)
        shape->id |= (uint32_t)packet.at[ID_AT + i] << (8 * i);
    shape->n_params = (uint16_t)(packet.at[7] | packet.at[8] << 8);
    if (shape->n_params)
        at = behind(request, at, shape->n_params + 1u);
    if (columns)
        shape->layout =
            nu__mysql_layout_read(request, at, behind(request, at, columns), columns, &taken);
    return taken;
}

static void prepare(nu__mysql_line *line, nu__mysql_shape *shape)
{
    preparing preparing = { line, shape };
    nu_str sql = shape->entry.sql;
    size_t slot = nu__cleanup_push(forget_unprepared, &preparing);
    nu__mysql_request *request;
    nu__mysql_taken noted;

    put_bytes(begin(line, PREPARE, sql.len), sql.ptr, sql.len);
    request = ask(line, sql.len);
    request->preparing = true;
    nu__mysql_line_wait(line, request);
    check(line, request);
    noted = note_prepared(shape, request);
    nu__mysql_request_free(request);
    if (noted != NU__MYSQL_TAKEN)
        raise_not_taken(line, noted);
    nu__cleanup_pop(slot);
    shape->prepared = true;
    nu__wait_wake_all(&shape->waiting);
}

/* Ready to be executed, or forgotten meanwhile by who prepared it. */
static void make_ready(nu__mysql_line *line, nu__mysql_shape *shape, bool found)
{
    if (!found)
        prepare(line, shape);
    while (found && shape->entry.cached && !shape->prepared)
        nu__wait(&shape->waiting);
}

/* The statement of a text, prepared, and one user more of it. */
static nu__mysql_shape *prepared(nu__mysql_line *line, nu_str sql)
{
    for (;;) {
        nu__mysql_shape *shape = nu__mysql_shape_find(line, sql);
        bool found = shape != NULL;
        size_t slot;

        nu__mysql_check_alive(line->handle);
        if (!found)
            shape = new_shape(line, sql);
        shape->entry.users++;
        slot = nu__cleanup_push(leave_shape, shape);
        make_ready(line, shape, found);
        nu__cleanup_pop(slot);
        if (shape->prepared)
            return shape;
        leave_shape(shape);
    }
}

/* ---- executing ------------------------------------------------------------------------------ */

static bool is_fixed(const MYSQL_BIND *bind)
{
    return bind->buffer_type == MYSQL_TYPE_LONGLONG || bind->buffer_type == MYSQL_TYPE_DOUBLE;
}

/* More than it takes. */
static size_t size_of(const MYSQL_BIND *binds, size_t n)
{
    size_t size = 4 + 1 + 4 + (n + 7) / 8 + 1 + 2 * n;

    for (size_t i = 0; i < n; i++)
        size += is_fixed(&binds[i]) ? 8 : 9 + binds[i].buffer_length;
    return size;
}

static uint8_t *put_value(uint8_t *at, const MYSQL_BIND *bind)
{
    size_t len = bind->buffer_length;

    if (bind->buffer_type == MYSQL_TYPE_NULL)
        return at;
    if (is_fixed(bind))
        return put_bytes(at, bind->buffer, 8);
    if (len < 251)
        return put_bytes(put_number(at, len, 1), bind->buffer, len);
    at = put_number(at, len <= UINT16_MAX ? 252 : 253, 1);
    return put_bytes(put_number(at, len, len <= UINT16_MAX ? 2 : 3), bind->buffer, len);
}

/* Their types are told each time: a statement may get a number once, and a text then. */
static uint8_t *put_values(uint8_t *at, const MYSQL_BIND *binds, size_t n)
{
    uint8_t *nulls = at;

    if (!n)
        return at;
    memset(nulls, 0, (n + 7) / 8);
    at = put_number(at + (n + 7) / 8, 1, 1);
    for (size_t i = 0; i < n; i++) {
        bool null = binds[i].buffer_type == MYSQL_TYPE_NULL;

        nulls[i / 8] |= (uint8_t)(null << i % 8);
        at = put_number(at, binds[i].buffer_type | (binds[i].is_unsigned ? 0x8000u : 0), 2);
    }
    for (size_t i = 0; i < n; i++)
        at = put_value(at, &binds[i]);
    return at;
}

static void check_count(const nu__mysql_shape *shape, nu_values params)
{
    if (shape->n_params > params.len)
        nu_raise(NU_PROGRAMMING_ERROR, "not enough arguments for format string");
    if (shape->n_params < params.len)
        nu_raise(NU_PROGRAMMING_ERROR, "not all arguments converted during bytes formatting");
}

static nu__mysql_request *execute(nu__mysql_line *line, nu__mysql_shape *shape, nu_values params)
{
    const MYSQL_BIND *binds;
    uint8_t *start, *at;
    nu__mysql_request *request;
    size_t len;

    check_count(shape, params);
    binds = nu__mysql_bind(params);
    start = begin(line, EXECUTE, size_of(binds, params.len));
    at = put_number(start, shape->id, 4);
    at = put_number(at, 0, 1); /* no cursor */
    at = put_number(at, 1, 4);
    at = put_values(at, binds, params.len);
    len = (size_t)(at - start);
    put_number(start - 1 - HEADER, 1 + len, HEADER - 1);
    request = ask(line, len);
    nu__mysql_line_wait(line, request);
    return request;
}

/* Did the server forget it, or change so much that it wants it anew? */
static bool is_stale(const nu__mysql_request *request)
{
    unsigned number = error_of(request, NULL);

    return number == ER_NEED_REPREPARE || number == ER_UNKNOWN_STMT_HANDLER;
}

/* ---- taking the answer ---------------------------------------------------------------------- */

static bool knows(const nu__mysql_layout *layout, const nu__mysql_request *answer, size_t at,
                  size_t end)
{
    return layout && layout->told_len == end - at &&
           memcmp(layout->told, answer->bytes + at, end - at) == 0;
}

/* The answer gets its columns, and stands before its first row. Broken too where no columns were
   told that we do not know. */
static nu__mysql_taken take_columns(nu__mysql_shape *shape, nu__mysql_request *answer)
{
    nu__mysql_packet first = nu__mysql_packet_at(answer, 0);
    nu__mysql_layout *layout;
    nu__mysql_taken taken;
    uint64_t n = 0;
    size_t at = 0, end;

    if (!nu__mysql_take_number(first, &at, &n))
        return NU__MYSQL_BROKEN;
    end = answer->at = behind(answer, 0, 1);
    if (at == first.len || first.at[at])
        end = behind(answer, end, (uint32_t)n);
    if (end > answer->at && !knows(shape->layout, answer, answer->at, end)) {
        layout = nu__mysql_layout_read(answer, answer->at, end, (uint32_t)n, &taken);
        if (!layout)
            return taken;
        nu__mysql_layout_unref(shape->layout);
        shape->layout = layout;
    }
    if (!shape->layout || shape->layout->n != n)
        return NU__MYSQL_BROKEN;
    answer->layout = nu__mysql_layout_ref(shape->layout);
    answer->at = behind(answer, end, 1);
    return NU__MYSQL_TAKEN;
}

static void note_pace(nu__mysql_shape *shape, uint64_t asked)
{
    if (nu__loop_ms() - asked >= SLOW_MS)
        shape->slow = SLOW_RUNS;
}

/* Once; NULL: it was stale, and may be tried anew. */
static nu__mysql_request *run(nu__mysql_line *line, nu_str sql, nu_values params, bool again)
{
    nu__mysql_shape *shape = prepared(line, sql);
    size_t slot = nu__cleanup_push(leave_shape, shape);
    bool alone = !line->n_pending;
    uint64_t asked = nu__loop_ms();
    nu__mysql_request *answer = execute(line, shape, params);
    bool stale = is_stale(answer) && !again;
    nu__mysql_taken taken = NU__MYSQL_TAKEN;

    if (stale) {
        forget(line, shape);
        nu__mysql_request_free(answer);
    } else {
        check(line, answer);
        if (alone)
            note_pace(shape, asked);
        if (nu__mysql_packet_at(answer, 0).at[0])
            taken = take_columns(shape, answer);
        if (taken != NU__MYSQL_TAKEN) {
            nu__mysql_request_free(answer);
            raise_not_taken(line, taken);
        }
    }
    nu__cleanup_pop(slot);
    leave_shape(shape);
    return stale ? NULL : answer;
}

static nu__mysql_taken take_rows(nu__result *result)
{
    nu__mysql_request *answer = result->statement;
    nu__mysql_layout *layout = answer->layout;
    nu__mysql_rows rows = { .answer = answer };
    nu__mysql_taken taken = NU__MYSQL_TAKEN;

    if (layout) {
        rows = (nu__mysql_rows){ layout->fields, layout->n, layout->cells,
                                 layout->digits, NULL,      answer };
        taken = nu__mysql_take(result, &rows);
    }
    if (taken != NU__MYSQL_TAKEN || answer->at >= answer->last || !layout) {
        result->statement = NULL;
        nu__mysql_request_free(answer);
    }
    return taken;
}

void nu__mysql_ask(nu__mysql *handle, nu__result *result, nu_str sql, nu_values params)
{
    nu__mysql_request *answer = run(handle->line, sql, params, false);

    if (!answer)
        answer = run(handle->line, sql, params, true);
    if (answer->layout)
        result->columns = nu__columns_ref(answer->layout->columns);
    result->statement = answer;
    result->detached = true;
    if (result->sink)
        result->sink->restart(result->sink);
    nu__mysql_ask_more(result);
}

void nu__mysql_ask_more(nu__result *result)
{
    nu__mysql_taken taken = take_rows(result);

    if (taken != NU__MYSQL_TAKEN)
        nu__mysql_raise_taken(taken);
}
