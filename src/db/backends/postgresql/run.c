/* Statements: prepared once, then bound and executed, each up to a Sync of its own.
 *
 * What is no plain statement (SET, DDL, several at once) goes by the simple protocol, whose rows
 * are texts. */
#include "db/backends/postgresql/run.h"
#include "db/backends/postgresql/put.h"

#include "core/context.h"

enum { GROUP = 256 };

/* ---- running ------------------------------------------------------------------------------ */

/* The request gets the result's batch, to fill it. */
void nu__pg_give_batch(nu__pg_request *request, nu__result *result)
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

static nu__pg_request *send_run(nu__pg *pg, nu__pg_statement *statement, const nu__pg_run *run)
{
    nu__pg_param **params = nu_alloc_array(nu__pg_param *, run->n);
    size_t mark;
    nu__pg_request *request;

    for (size_t i = 0; i < run->n; i++)
        params[i] = nu__pg_params(statement, run->params[i]);
    mark = pg->out_len;
    if (!statement->name[0])
        nu__pg_put_parse(pg, statement, run->sql);
    for (size_t i = 0; i < run->n; i++) {
        nu__pg_put_bind(pg, statement, params[i], "");
        nu__pg_put_execute(pg, "", 0);
    }
    nu__pg_sync(pg);
    request = nu__pg_queue(pg, mark);
    request->statement = statement;
    statement->entry.users++;
    request->row_types = statement->types;
    request->n_columns = statement->n_columns;
    nu__pg_give_batch(request, run->result);
    return request;
}

static nu__pg_request *send_command(nu__pg *pg, const nu__pg_run *run, nu__pg_class class)
{
    size_t mark = pg->out_len, at = nu__pg_begin(pg, 'Q');
    nu__pg_request *request;

    nu__pg_put_text(pg, run->sql);
    nu__pg_end(pg, at);
    request = nu__pg_queue(pg, mark);
    request->shown = true;
    nu__pg_give_batch(request, run->result);
    if (class == NU__PG_STATE || class == NU__PG_ANYTHING)
        nu__pg_session_changed(pg);
    if (class == NU__PG_SCHEMA || class == NU__PG_ANYTHING)
        nu__pg_epoch++;
    return request;
}

/* Tables were altered since it was prepared, or the server has forgotten it: DISCARD, a pooler. */
static bool is_stale(const nu__pg_request *request)
{
    return nu__pg_has_state(request, "26000") ||
           (nu__pg_has_state(request, "0A000") &&
            nu_eq(nu__pg_error_field(request->error, request->error_len, 'R'),
                  "RevalidateCachedQuery"));
}

bool nu__pg_failed(const nu__pg_request *request)
{
    return request->error || request->lost || request->oom || request->aborted;
}

/* Once; NULL: the statement was stale, and may be tried anew. */
static nu__pg_request *run_prepared(nu__pg *pg, const nu__pg_run *run, bool again)
{
    nu__pg_statement *statement = nu__pg_described(pg, run->sql, run->params[0]);
    size_t slot = nu__cleanup_push(nu__pg_drop_statement, statement);
    nu__pg_request *request = send_run(pg, statement, run);

    nu__pg_wait(request, nu__pg_is_own(pg));
    nu__cleanup_pop(slot);
    if (request->error && is_stale(request)) {
        nu__pg_cache_drop(pg, statement);
        if (!again && pg->status == 'I') {
            nu__pg_statement_leave(statement);
            nu__pg_request_free(request);
            return NULL;
        }
    }
    nu__pg_statement_leave(statement);
    return request;
}

static bool is_too_long(nu_values params)
{
    return params.len > NU__PG_MOST_PARAMETERS;
}

/* One list of more parameters than a message holds. */
static nu__pg_request *run_with_literals(nu__pg *pg, const nu__pg_run *run)
{
    nu__pg_run text = { .params = run->params, .n = 1, .result = run->result };
    nu__pg_request *request;

    nu__pg_check_count(run->sql, run->params[0]);
    text.sql = nu__pg_with_literals(run->sql, run->params[0]);
    request = send_command(pg, &text, NU__PG_PLAIN);
    nu__pg_wait(request, nu__pg_is_own(pg));
    return request;
}

nu__pg_request *nu__pg_run_statement(nu__pg *pg, const nu__pg_run *run)
{
    bool known = run->params[0].len || nu__pg_cache_find(pg, run->sql, run->params[0]);
    nu__pg_class class = known ? NU__PG_PLAIN : nu__pg_class_of(run->sql);
    nu__pg_request *request;

    nu__pg_check_alive(pg);
    if (is_too_long(run->params[0])) {
        request = run_with_literals(pg, run);
    } else if (class != NU__PG_PLAIN && !(class == NU__PG_STATE && nu__pg_is_query(run->sql))) {
        request = send_command(pg, run, class);
        nu__pg_wait(request, nu__pg_is_own(pg));
    } else {
        request = run_prepared(pg, run, false);
        if (!request)
            request = run_prepared(pg, run, true);
    }
    if (nu__pg_failed(request)) {
        nu_defer(nu__pg_free_request, request);
        nu__pg_raise(request, run->sql);
    }
    return request;
}

/* ---- the driver's functions --------------------------------------------------------------- */

/* Functions with parameters may change the session too. */
void nu__pg_note_state(nu__pg *pg, nu_str sql)
{
    if (nu__pg_is_own(pg) && !pg->dirty && nu__pg_class_of(sql) == NU__PG_STATE)
        nu__pg_session_changed(pg);
}

static int64_t execute_group(nu__pg *pg, nu_str sql, const nu_values *params, size_t n)
{
    nu__pg_run run = { sql, params, n, NULL };
    nu__pg_request *request = nu__pg_run_statement(pg, &run);
    int64_t changed = request->changed;

    nu__pg_request_free(request);
    return changed;
}

int64_t nu__pg_execute(nu__handle *handle, nu_str sql, const nu_values *params, size_t n,
                       int64_t *last_id, int64_t *keys)
{
    nu__pg *pg = nu__pg_of(handle);
    size_t group = n && is_too_long(params[0]) ? 1 : GROUP;
    int64_t changed = 0;

    (void)keys;
    nu__pg_note_state(pg, sql);
    for (size_t i = 0; i < n; i += group)
        changed += execute_group(pg, sql, params + i, n - i < group ? n - i : group);
    if (last_id)
        *last_id = 0;
    return changed;
}

/* Rows that the sink had no room for wait in the request. */
void nu__pg_deliver(nu__result *result, nu__pg_request *request)
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
    nu__pg_run run = { sql, &params, 1, result };

    if (result->chunk && nu__pg_is_own(pg) && !is_too_long(params) &&
        nu__pg_class_of(sql) == NU__PG_PLAIN) {
        nu__pg_open_portal(pg, result, sql, params);
        return;
    }
    nu__pg_note_state(pg, sql);
    nu__pg_deliver(result, nu__pg_run_statement(pg, &run));
}

static void pour_rest(nu__result *result)
{
    nu__pg_request *request = result->statement;
    const nu__cell *cells = (const nu__cell *)(const void *)request->batch.data;

    while (request->at < request->batch.n_rows &&
           request->sink->row(request->sink, cells + (size_t)request->at * request->n_columns))
        request->at++;
    if (request->at < request->batch.n_rows)
        return;
    result->statement = NULL;
    nu__pg_request_free(request);
}

void nu__pg_fetch(nu__handle *handle, nu__result *result)
{
    if (result->detached)
        pour_rest(result);
    else
        nu__pg_read_chunk(nu__pg_of(handle), result->statement, NULL, result, (nu_str){ 0 });
}

typedef struct ending {
    nu__pg *pg;
    nu__pg_portal *portal;
} ending;

static void end_portal(void *arg)
{
    const ending *ending = arg;

    nu__pg_close_portal(ending->pg, ending->portal);
}

void nu__pg_finish(nu__handle *handle, nu__result *result)
{
    ending ending = { result->detached ? NULL : nu__pg_of(handle), result->statement };

    if (result->detached) {
        nu__pg_request_free(result->statement);
        return;
    }
    if (!ending.pg->broken && nu__guard(end_portal, &ending))
        nu__pg_lose(ending.pg);
    nu__pg_free_portal(ending.portal);
}

/* ---- between two fibers ------------------------------------------------------------------- */

bool nu__pg_answers(nu__pg *pg)
{
    size_t mark = pg->out_len, at = nu__pg_begin(pg, 'Q');
    nu__pg_request *request;
    bool answered;

    nu__pg_put_text(pg, S(""));
    nu__pg_end(pg, at);
    request = nu__pg_queue(pg, mark);
    nu__pg_wait(request, true);
    answered = !nu__pg_failed(request);
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
        request->discarded = request->restoring = true;
    return request;
}

/* Settings, temporary tables, locks, LISTEN: all that a fiber leaves behind. */
void nu__pg_returned(nu__handle *handle)
{
    nu__pg *pg = nu__pg_of(handle);
    const nu__pg_config *config = nu__pg_config_of(handle->database);

    if (!pg->dirty || pg->broken)
        return;
    pg->dirty = handle->announced = false;
    nu__pg_cache_clear(pg);
    if (!send_unawaited(pg, S("DISCARD ALL")) ||
        (config->role && !send_unawaited(pg, nu_s(config->role)))) {
        nu__pg_lose(pg);
        return;
    }
    nu__pg_flush_later(pg);
}
