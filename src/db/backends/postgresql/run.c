/* Statements: prepared once, then bound and executed, each up to a Sync of its own.
 *
 * What is no plain statement (SET, DDL, several at once) goes by the simple protocol, whose rows
 * are texts. */
#include "db/backends/postgresql/postgresql.h"

#include "core/context.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_PARAMETERS = 65535, GROUP = 256 };

uint32_t nu__pg_epoch;

static bool is_own(const nu__pg *pg)
{
    return !pg->handle.shared;
}

static void check_alive(const nu__pg *pg)
{
    nu__pg_request lost = { .pg = (nu__pg *)(uintptr_t)pg, .lost = true };

    if (pg->broken)
        nu__pg_raise(&lost, (nu_str){ 0 });
}

/* ---- building requests -------------------------------------------------------------------- */

/* Messages are built whole or not at all: others' must not stand behind half a message. */
static nu__pg_request *queue(nu__pg *pg, size_t mark)
{
    nu__pg_request *request = pg->out_of_memory ? NULL : nu__pg_request_new(pg);

    if (request)
        return request;
    pg->out_len = mark;
    pg->out_of_memory = false;
    nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
}

static void put_parse(nu__pg *pg, const nu__pg_statement *statement, nu_str sql)
{
    size_t at = nu__pg_begin(pg, 'P');

    nu__pg_put_text(pg, nu_s(statement->name));
    nu__pg_put_text(pg, sql);
    nu__pg_put16(pg, statement->n_declared);
    for (uint16_t i = 0; i < statement->n_declared; i++)
        nu__pg_put32(pg, statement->declared[i]);
    nu__pg_end(pg, at);
}

static void put_describe(nu__pg *pg, const nu__pg_statement *statement)
{
    size_t at = nu__pg_begin(pg, 'D');

    nu__pg_put(pg, "S", 1);
    nu__pg_put_text(pg, nu_s(statement->name));
    nu__pg_end(pg, at);
}

static void put_bind(nu__pg *pg, const nu__pg_statement *statement, const nu__pg_param *params,
                     const char *portal)
{
    size_t at = nu__pg_begin(pg, 'B');

    nu__pg_put_text(pg, nu_s(portal));
    nu__pg_put_text(pg, nu_s(statement->name));
    nu__pg_put_params(pg, params, statement->n_params);
    nu__pg_put16(pg, statement->n_columns);
    for (uint16_t i = 0; i < statement->n_columns; i++)
        nu__pg_put16(pg, statement->types[i]->binary);
    nu__pg_end(pg, at);
}

static void put_execute(nu__pg *pg, const char *portal, uint32_t rows)
{
    size_t at = nu__pg_begin(pg, 'E');

    nu__pg_put_text(pg, nu_s(portal));
    nu__pg_put32(pg, rows);
    nu__pg_end(pg, at);
}

/* ---- preparing ---------------------------------------------------------------------------- */

static nu__oid *declared_types(nu_values params, bool texts)
{
    nu__oid *declared = nu_alloc_array(nu__oid, params.len + 1);

    for (size_t i = 0; i < params.len; i++) {
        bool text = params.items[i].kind == NU_KIND_STR || params.items[i].kind == NU_KIND_SAFE;

        declared[i] = texts && text ? 25 : nu__pg_declare(params.items[i]);
    }
    return declared;
}

static bool has_state(const nu__pg_request *request, const char *state)
{
    return request->error &&
           nu_eq(nu__pg_error_field(request->error, request->error_len, 'C'), nu_s(state));
}

static void free_request(void *request)
{
    nu__pg_request_free(request);
}

static void unref_statement(void *statement)
{
    nu__pg_statement_unref(statement);
}

static nu__pg_request *send_prepare(nu__pg *pg, nu__pg_statement *statement, nu_str sql)
{
    size_t mark = pg->out_len;
    nu__pg_request *request;

    put_parse(pg, statement, sql);
    put_describe(pg, statement);
    nu__pg_sync(pg);
    request = queue(pg, mark);
    request->statement = statement;
    statement->references++;
    request->preparing = true;
    return request;
}

static void forget_unsent(void *arg)
{
    nu__pg_statement *statement = arg;

    nu__pg_cache_forget(statement->pg, statement);
}

/* A reference; NULL: the server can't tell what the texts among the parameters are. */
static nu__pg_statement *prepare(nu__pg *pg, nu_str sql, nu_values params, bool texts)
{
    nu__pg_statement *statement =
        nu__pg_cache_add(pg, sql, declared_types(params, texts), params.len);
    nu__pg_request *request;
    size_t slot;

    if (!statement)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
    slot = nu__cleanup_push(forget_unsent, statement);
    request = send_prepare(pg, statement, sql);
    nu__cleanup_pop(slot);
    nu__pg_wait(request, is_own(pg));
    nu_defer(free_request, request);
    if (statement->described) {
        statement->references++;
        return statement;
    }
    if (!texts && has_state(request, "42P18"))
        return NULL;
    nu__pg_raise(request, sql);
}

/* Another fiber has it prepared on this connection. */
static void wait_for(nu__pg_statement *statement)
{
    size_t slot;

    statement->references++;
    slot = nu__cleanup_push(unref_statement, statement);
    while (statement->cached && !statement->described)
        nu__wait(&statement->waiting);
    nu__cleanup_pop(slot);
    nu__pg_statement_unref(statement);
}

/* Tables were altered through this process: what was prepared before may fail, in a transaction
   for good. */
static void follow_schema(nu__pg *pg)
{
    if (pg->epoch == nu__pg_epoch)
        return;
    pg->epoch = nu__pg_epoch;
    for (nu__pg_statement *next, *statement = pg->cache.newest; statement; statement = next) {
        next = statement->older;
        if (statement->described)
            nu__pg_cache_drop(pg, statement);
    }
}

/* A reference to the statement, described. */
static nu__pg_statement *described(nu__pg *pg, nu_str sql, nu_values params)
{
    nu__pg_statement *statement;

    if (params.len > MOST_PARAMETERS)
        nu_raise(NU_OPERATIONAL_ERROR, "number of parameters must be between 0 and 65535");
    for (;;) {
        check_alive(pg);
        follow_schema(pg);
        statement = nu__pg_cache_find(pg, sql, params);
        if (!statement)
            break;
        if (statement->described) {
            statement->references++;
            return statement;
        }
        wait_for(statement);
    }
    statement = prepare(pg, sql, params, false);
    if (!statement) {
        check_alive(pg);
        statement = prepare(pg, sql, params, true);
    }
    return statement;
}

/* ---- running ------------------------------------------------------------------------------ */

typedef struct run {
    nu_str sql;
    const nu_values *params; /* of each of n runs */
    size_t n;
    nu__result *result; /* NULL: rows are not wanted */
} run;

/* The request gets the result's batch, to fill it. */
static void give_batch(nu__pg_request *request, nu__result *result)
{
    request->unread = !result;
    if (!result)
        return;
    request->batch.data = result->batch.data;
    request->batch.size = result->batch.size;
    result->batch = (nu__batch){ 0 };
    request->sink = result->sink;
    if (request->sink)
        request->sink->restart(request->sink);
}

static nu__pg_request *send_run(nu__pg *pg, nu__pg_statement *statement, const run *run)
{
    nu__pg_param **params = nu_alloc_array(nu__pg_param *, run->n);
    size_t mark;
    nu__pg_request *request;

    for (size_t i = 0; i < run->n; i++)
        params[i] = nu__pg_params(statement->params, run->params[i]);
    mark = pg->out_len;
    if (!statement->name[0])
        put_parse(pg, statement, run->sql);
    for (size_t i = 0; i < run->n; i++) {
        put_bind(pg, statement, params[i], "");
        put_execute(pg, "", 0);
    }
    nu__pg_sync(pg);
    request = queue(pg, mark);
    request->statement = statement;
    statement->references++;
    request->row_types = statement->types;
    request->n_columns = statement->n_columns;
    give_batch(request, run->result);
    return request;
}

static nu__pg_request *send_command(nu__pg *pg, const run *run, nu__pg_class class)
{
    size_t mark = pg->out_len, at = nu__pg_begin(pg, 'Q');
    nu__pg_request *request;

    nu__pg_put_text(pg, run->sql);
    nu__pg_end(pg, at);
    request = queue(pg, mark);
    request->shown = true;
    give_batch(request, run->result);
    pg->dirty |= class == NU__PG_STATE;
    if (class == NU__PG_SCHEMA)
        nu__pg_epoch++;
    return request;
}

/* Tables were altered since it was prepared, or the server has forgotten it: DISCARD, a pooler. */
static bool is_stale(const nu__pg_request *request)
{
    return has_state(request, "26000") ||
           (has_state(request, "0A000") &&
            nu_eq(nu__pg_error_field(request->error, request->error_len, 'R'),
                  "RevalidateCachedQuery"));
}

static bool failed(const nu__pg_request *request)
{
    return request->error || request->lost || request->oom;
}

/* Once; NULL: the statement was stale, and may be tried anew. */
static nu__pg_request *run_prepared(nu__pg *pg, const run *run, bool again)
{
    nu__pg_statement *statement = described(pg, run->sql, run->params[0]);
    size_t slot = nu__cleanup_push(unref_statement, statement);
    nu__pg_request *request = send_run(pg, statement, run);

    nu__pg_wait(request, is_own(pg));
    nu__cleanup_pop(slot);
    if (request->error && is_stale(request)) {
        nu__pg_cache_drop(pg, statement);
        if (!again && pg->status == 'I') {
            nu__pg_statement_unref(statement);
            nu__pg_request_free(request);
            return NULL;
        }
    }
    nu__pg_statement_unref(statement);
    return request;
}

static nu__pg_request *run_statement(nu__pg *pg, const run *run)
{
    bool known = run->params[0].len || nu__pg_cache_find(pg, run->sql, run->params[0]);
    nu__pg_class class = known ? NU__PG_PLAIN : nu__pg_class_of(run->sql);
    nu__pg_request *request;

    check_alive(pg);
    if (class != NU__PG_PLAIN && !(class == NU__PG_STATE && nu__pg_is_query(run->sql))) {
        request = send_command(pg, run, class);
        nu__pg_wait(request, is_own(pg));
    } else {
        request = run_prepared(pg, run, false);
        if (!request)
            request = run_prepared(pg, run, true);
    }
    if (failed(request)) {
        nu_defer(free_request, request);
        nu__pg_raise(request, run->sql);
    }
    return request;
}

/* ---- the driver's functions --------------------------------------------------------------- */

/* Functions with parameters may change the session too. */
static void note_state(nu__pg *pg, nu_str sql)
{
    if (is_own(pg) && !pg->dirty && nu__pg_class_of(sql) == NU__PG_STATE)
        pg->dirty = true;
}

static int64_t execute_group(nu__pg *pg, nu_str sql, const nu_values *params, size_t n)
{
    run run = { sql, params, n, NULL };
    nu__pg_request *request = run_statement(pg, &run);
    int64_t changed = request->changed;

    nu__pg_request_free(request);
    return changed;
}

int64_t nu__pg_execute(nu__handle *handle, nu_str sql, const nu_values *params, size_t n,
                       int64_t *last_id, int64_t *keys)
{
    nu__pg *pg = nu__pg_of(handle);
    int64_t changed = 0;

    (void)keys;
    note_state(pg, sql);
    for (size_t i = 0; i < n; i += GROUP)
        changed += execute_group(pg, sql, params + i, n - i < GROUP ? n - i : GROUP);
    if (last_id)
        *last_id = 0;
    return changed;
}

/* Rows that the sink had no room for wait in the request. */
static void deliver(nu__result *result, nu__pg_request *request)
{
    const nu__columns *columns =
        request->statement ? request->statement->columns : request->columns;

    result->columns = columns ? nu__columns_ref((nu__columns *)(uintptr_t)columns) : NULL;
    if (request->sink && request->batch.n_rows) {
        result->statement = request;
        result->detached = true;
        return;
    }
    if (!request->sink)
        result->batch = request->batch;
    result->batch.n_columns = request->n_columns;
    if (!request->sink)
        request->batch = (nu__batch){ 0 };
    nu__pg_request_free(request);
}

void nu__pg_query(nu__handle *handle, nu__result *result, nu_str sql, nu_values params)
{
    nu__pg *pg = nu__pg_of(handle);
    run run = { sql, &params, 1, result };

    note_state(pg, sql);
    deliver(result, run_statement(pg, &run));
}

void nu__pg_fetch(nu__handle *handle, nu__result *result)
{
    nu__pg_request *request = result->statement;
    const nu__cell *cells = (const nu__cell *)(const void *)request->batch.data;

    (void)handle;
    while (request->at < request->batch.n_rows &&
           request->sink->row(request->sink, cells + (size_t)request->at * request->n_columns))
        request->at++;
    if (request->at < request->batch.n_rows)
        return;
    result->statement = NULL;
    nu__pg_request_free(request);
}

void nu__pg_finish(nu__handle *handle, nu__result *result)
{
    (void)handle;
    nu__pg_request_free(result->statement);
}

/* ---- between two fibers ------------------------------------------------------------------- */

bool nu__pg_answers(nu__pg *pg)
{
    size_t mark = pg->out_len, at = nu__pg_begin(pg, 'Q');
    nu__pg_request *request;
    bool answered;

    nu__pg_put_text(pg, S(""));
    nu__pg_end(pg, at);
    request = queue(pg, mark);
    nu__pg_wait(request, true);
    answered = !failed(request);
    nu__pg_request_free(request);
    return answered;
}

static bool send_unawaited(nu__pg *pg, nu_str sql)
{
    size_t at = nu__pg_begin(pg, 'Q');
    nu__pg_request *request;

    nu__pg_put_text(pg, sql);
    nu__pg_end(pg, at);
    request = pg->out_of_memory ? NULL : nu__pg_request_new(pg);
    if (request)
        request->discarded = true;
    return request;
}

/* Settings, temporary tables, locks, LISTEN: all that a fiber leaves behind. */
void nu__pg_returned(nu__handle *handle)
{
    nu__pg *pg = nu__pg_of(handle);
    const nu__pg_config *config = nu__pg_config_of(handle->database);

    if (!pg->dirty || pg->broken)
        return;
    pg->dirty = false;
    nu__pg_cache_clear(pg);
    if (!send_unawaited(pg, S("DISCARD ALL")) ||
        (config->role && !send_unawaited(pg, nu_s(config->role)))) {
        nu__pg_lose(pg);
        return;
    }
    nu__pg_flush_later(pg);
}
