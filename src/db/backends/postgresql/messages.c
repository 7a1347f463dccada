/* What the server sends, by the type of message. Runs in the loop's callback or inline: nothing is
 * raised, and no arena is touched. */
#include "db/backends/postgresql/postgresql.h"

#include "core/fault.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST_MESSAGE = 0x3fffffff }; /* PostgreSQL's own MaxAllocSize */

/* The bytes of a message that are left. */
typedef struct body {
    const uint8_t *at, *end;
} body;

static bool take16(body *body, uint16_t *out)
{
    if (body->end - body->at < 2)
        return false;
    *out = nu__pg_get16(body->at);
    body->at += 2;
    return true;
}

static bool take32(body *body, uint32_t *out)
{
    if (body->end - body->at < 4)
        return false;
    *out = nu__pg_get32(body->at);
    body->at += 4;
    return true;
}

static bool take_text(body *body, nu_str *out)
{
    const uint8_t *nul = memchr(body->at, 0, (size_t)(body->end - body->at));

    if (!nul)
        return false;
    *out = (nu_str){ (const char *)body->at, (size_t)(nul - body->at) };
    body->at = nul + 1;
    return true;
}

typedef bool handler(nu__pg *pg, nu__pg_request *request, body body);

static bool ignore(nu__pg *pg, nu__pg_request *request, body body)
{
    (void)pg, (void)request, (void)body;
    return true;
}

/* ---- rows --------------------------------------------------------------------------------- */

/* Cells for the sink; the batch's front serves, which is empty as long as the sink takes rows. */
static nu__cell *sink_cells(nu__pg_request *request)
{
    size_t bytes = request->n_columns * sizeof(nu__cell);

    if (request->batch.size < bytes) {
        char *grown = nu__realloc(request->batch.data, bytes);

        if (!grown)
            return NULL;
        request->batch.data = grown;
        request->batch.size = bytes;
    }
    return (nu__cell *)(void *)request->batch.data;
}

/* true: the sink has it. */
static bool pour(nu__pg_request *request, const body *body, bool *sound)
{
    nu__cell *cells;

    if (!request->sink || request->overflow || request->shown || request->statement->nested)
        return false;
    cells = sink_cells(request);
    if (!cells)
        return false;
    *sound = nu__pg_borrow_row(request, cells, body->at, (size_t)(body->end - body->at));
    if (*sound && request->sink->row(request->sink, cells))
        return true;
    request->overflow = true;
    return false;
}

static bool on_row(nu__pg *pg, nu__pg_request *request, body body)
{
    bool sound = true;
    nu__pg_stored stored;

    (void)pg;
    if (request->discarded || request->unread || request->oom || pour(request, &body, &sound))
        return true;
    if (!sound)
        return false;
    stored = nu__pg_store_row(request, body.at, (size_t)(body.end - body.at));
    request->oom = stored == NU__PG_NO_MEMORY;
    return stored != NU__PG_MALFORMED;
}

typedef struct described {
    nu__columns *columns;
    const nu__pg_type **types;
    uint16_t n;
} described;

static bool read_column(body *body, nu_str *name, const nu__pg_type **type)
{
    uint32_t table, oid, modifier;
    uint16_t column, size, format;

    if (!take_text(body, name) || !take32(body, &table) || !take16(body, &column) ||
        !take32(body, &oid) || !take16(body, &size) || !take32(body, &modifier) ||
        !take16(body, &format))
        return false;
    *type = nu__pg_type_of(oid);
    return true;
}

/* RowDescription. NULL columns: out of memory. */
static bool read_description(body body, described *out)
{
    const char **names;
    uint16_t n;

    if (!take16(&body, &n))
        return false;
    out->n = n;
    out->types = nu__malloc((size_t)n * sizeof *out->types + 1);
    names = nu__malloc(2 * (size_t)n * sizeof *names + 1);
    for (uint16_t i = 0; out->types && names && i < n; i++) {
        nu_str name;

        if (!read_column(&body, &name, &out->types[i])) {
            free(names);
            return false;
        }
        names[i] = name.ptr;
        names[n + i] = out->types[i]->name;
    }
    if (out->types && names)
        out->columns = nu__columns_new(n, names, names + n);
    free(names);
    return true;
}

static void describe_statement(nu__pg_statement *statement, described described)
{
    free(statement->types);
    nu__columns_unref(statement->columns);
    statement->types = described.types;
    statement->columns = described.columns;
    statement->n_columns = described.n;
    statement->nested = false;
    for (uint16_t i = 0; i < described.n; i++)
        statement->nested |= described.types[i]->element != 0;
}

/* Only what is prepared and commands are described: of other rows the columns are known. */
static bool on_description(nu__pg *pg, nu__pg_request *request, body body)
{
    described described = { 0 };

    (void)pg;
    if ((!request->preparing && !request->shown) || !read_description(body, &described)) {
        free(described.types);
        return false;
    }
    if (!described.columns) {
        free(described.types);
        request->oom = true;
        return true;
    }
    if (request->preparing) {
        describe_statement(request->statement, described);
        return true;
    }
    /* Of a command: its rows come as texts; those of the last that gives rows count. */
    free(request->types);
    nu__columns_unref(request->columns);
    request->columns = described.columns;
    request->types = request->row_types = described.types;
    request->n_columns = described.n;
    request->batch.n_rows = 0;
    request->top = 0;
    return true;
}

static bool on_no_data(nu__pg *pg, nu__pg_request *request, body body)
{
    (void)pg, (void)body;
    if (request->preparing)
        describe_statement(request->statement, (described){ 0 });
    return true;
}

static bool on_parameters(nu__pg *pg, nu__pg_request *request, body body)
{
    uint16_t n;
    nu__oid *params;

    (void)pg;
    if (!request->preparing || !take16(&body, &n))
        return false;
    params = nu__malloc((size_t)n * sizeof *params + 1);
    request->oom |= !params;
    for (uint16_t i = 0; params && i < n; i++)
        if (!take32(&body, &params[i])) {
            free(params);
            return false;
        }
    free(request->statement->params);
    request->statement->params = params;
    request->statement->n_params = params ? n : 0;
    return true;
}

/* ---- the end of a statement --------------------------------------------------------------- */

/* It is answered: out of the line. */
static void pop(nu__pg *pg, nu__pg_request *request)
{
    pg->first = request->next;
    if (!pg->first)
        pg->last = &pg->first;
    pg->n_pending--;
    request->done = true;
    if (request->discarded)
        nu__pg_request_free(request);
    else if (request->fiber)
        nu__fiber_wake(request->fiber);
}

/* "UPDATE 3", "INSERT 0 3": rows that a statement has changed; what has only read counts none. */
static bool on_complete(nu__pg *pg, nu__pg_request *request, body body)
{
    static const char *const verbs[] = { "INSERT ", "UPDATE ", "DELETE ", "MERGE ", "COPY " };
    nu_str tag;
    const char *number;

    (void)pg;
    if (!take_text(&body, &tag))
        return false;
    number = strrchr(tag.ptr, ' ');
    for (size_t i = 0; number && i < sizeof verbs / sizeof *verbs; i++)
        if (strncmp(tag.ptr, verbs[i], strlen(verbs[i])) == 0)
            request->changed += strtoll(number + 1, NULL, 10);
    if (request->joined)
        pop(pg, request);
    return true;
}

static bool on_suspended(nu__pg *pg, nu__pg_request *request, body body)
{
    (void)pg, (void)body;
    request->suspended = true;
    return true;
}

static char *keep(const body *body, size_t *len)
{
    char *copy;

    *len = (size_t)(body->end - body->at);
    copy = nu__malloc(*len + 1);
    if (!copy)
        return NULL;
    if (*len)
        memcpy(copy, body->at, *len);
    copy[*len] = '\0';
    return copy;
}

/* The first error of a request is what went wrong. One that nobody asked for is a farewell. */
static bool on_error(nu__pg *pg, nu__pg_request *request, body body)
{
    nu_str severity = nu__pg_error_field((const char *)body.at, (size_t)(body.end - body.at), 'V');

    if (!request || nu_eq(severity, "FATAL") || nu_eq(severity, "PANIC")) {
        free(pg->farewell);
        pg->farewell = keep(&body, &pg->farewell_len);
        return true;
    }
    if (request->error)
        return true;
    request->error = keep(&body, &request->error_len);
    request->oom |= !request->error;
    return true;
}

static void prepared(nu__pg *pg, nu__pg_request *request)
{
    nu__pg_statement *statement = request->statement;

    statement->described = !request->error && !request->oom;
    if (statement->described)
        nu__wait_wake_all(&statement->waiting);
    else
        nu__pg_cache_forget(pg, statement);
}

/* A statement that held others up runs apart from them the next times. */
enum { SLOW_MS = 50, SLOW_RUNS = 64 };

static bool on_ready(nu__pg *pg, nu__pg_request *request, body body)
{
    uint64_t now = nu__loop() ? nu__loop_ms() : 0;

    if (body.end - body.at != 1)
        return false;
    pg->status = (char)*body.at;
    /* The server skips what stands between an error and the Sync. */
    while (request->joined) {
        request->aborted = !request->error;
        pop(pg, request);
        request = pg->first;
        request->aborted = true;
    }
    if (request->preparing)
        prepared(pg, request);
    else if (request->statement && now > pg->asked_ms + SLOW_MS)
        request->statement->slow = SLOW_RUNS;
    pg->asked_ms = now;
    pop(pg, request);
    return true;
}

/* ---- without being asked ------------------------------------------------------------------ */

static bool on_notification(nu__pg *pg, nu__pg_request *request, body body)
{
    uint32_t pid;
    nu_str channel, payload;

    (void)request;
    if (!take32(&body, &pid) || !take_text(&body, &channel) || !take_text(&body, &payload))
        return false;
    if (pg->notified)
        pg->notified(pg->notified_arg, channel, payload);
    return true;
}

/* A setting has changed that the server tells of, by whatever: a function may have done it. */
static bool on_parameter_status(nu__pg *pg, nu__pg_request *request, body body)
{
    (void)body;
    if (!request || !request->restoring)
        nu__pg_session_changed(pg);
    return true;
}

static bool on_copy_in(nu__pg *pg, nu__pg_request *request, body body)
{
    (void)pg, (void)body;
    request->copying = true;
    if (request->fiber)
        nu__fiber_wake(request->fiber);
    return true;
}

/* `any`: also when nothing was asked. */
static const struct {
    handler *handle;
    bool any;
} handlers[128] = {
    ['1'] = { ignore },       /* ParseComplete */
    ['2'] = { ignore },       /* BindComplete */
    ['3'] = { ignore, true }, /* CloseComplete */
    ['A'] = { on_notification, true },
    ['C'] = { on_complete },
    ['D'] = { on_row },
    ['E'] = { on_error, true },
    ['G'] = { on_copy_in },
    ['H'] = { ignore },       /* COPY … TO STDOUT: its data is dropped */
    ['I'] = { ignore },       /* EmptyQueryResponse */
    ['N'] = { ignore, true }, /* NoticeResponse */
    ['S'] = { on_parameter_status, true },
    ['T'] = { on_description },
    ['Z'] = { on_ready },
    ['c'] = { ignore },
    ['d'] = { ignore },
    ['n'] = { on_no_data },
    ['s'] = { on_suspended },
    ['t'] = { on_parameters },
};

static bool dispatch(nu__pg *pg, uint8_t type, body body)
{
    handler *handle = type < 128 ? handlers[type].handle : NULL;

    if (!handle || (!pg->first && !handlers[type].any))
        return false;
    return handle(pg, pg->first, body);
}

bool nu__pg_messages(nu__pg *pg)
{
    while (pg->in_len - pg->in_at >= 5) {
        const uint8_t *at = (const uint8_t *)pg->in + pg->in_at;
        uint32_t len = nu__pg_get32(at + 1);

        if (len < 4 || len > LARGEST_MESSAGE)
            return false;
        if (pg->in_len - pg->in_at < (size_t)len + 1)
            return true;
        if (!dispatch(pg, at[0], (body){ at + 5, at + 1 + len }))
            return false;
        pg->in_at += (size_t)len + 1;
    }
    return true;
}

/* ---- requests ----------------------------------------------------------------------------- */

enum { KEPT_REQUESTS = 64 };
static _Thread_local nu__pg_request *free_requests;
static _Thread_local unsigned n_free_requests;

nu__pg_request *nu__pg_request_new(nu__pg *pg)
{
    nu__pg_request *request = free_requests;

    if (request) {
        free_requests = request->next;
        n_free_requests--;
    } else {
        request = nu__malloc(sizeof *request);
        if (!request)
            return NULL;
    }
    *request = (nu__pg_request){ .pg = pg };
    if (!pg->first)
        pg->asked_ms = nu__loop() ? nu__loop_ms() : 0;
    *pg->last = request;
    pg->last = &request->next;
    pg->n_pending++;
    return request;
}

void nu__pg_request_free(nu__pg_request *request)
{
    free(request->batch.data);
    free(request->error);
    free(request->types);
    nu__columns_unref(request->columns);
    nu__pg_statement_leave(request->statement);
    if (n_free_requests == KEPT_REQUESTS) {
        free(request);
        return;
    }
    request->next = free_requests;
    free_requests = request;
    n_free_requests++;
}
