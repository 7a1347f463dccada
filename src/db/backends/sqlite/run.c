/* The driver's functions that run statements. */
#include "db/backends/sqlite/job.h"

#include "core/context.h"
#include "db/interrupt.h"
#include "loop/loop.h"
#include <nuages/loop.h>

static NU_NORETURN void raise_error(const nu__sqlite_job *job)
{
    const nu__fiber *fiber = nu__fiber_current();

    if ((job->error.code & 0xff) == SQLITE_INTERRUPT && fiber && nu__fiber_cancelled(fiber))
        nu_raise(NU_CANCELLED, "{} was cancelled while it queried the database",
                 nu__fiber_name(fiber));
    if ((job->error.code & 0xff) == SQLITE_INTERRUPT)
        nu__db_give_up();
    nu__sqlite_raise(job->sqlite->handle.database, &job->error);
}

static NU_NORETURN void raise_unprepared(const nu__sqlite *sqlite, nu_str sql, int code)
{
    nu__sqlite_error error = { 0 };

    if (code == NU__SQLITE_SEVERAL)
        nu_raise(NU_PROGRAMMING_ERROR, "You can only execute one statement at a time.");
    if (code == NU__SQLITE_EMPTY)
        nu_raise(NU_PROGRAMMING_ERROR, "The SQL text holds no statement: '{}'", sql);
    nu__sqlite_error_set(&error, sqlite->db, code);
    nu__sqlite_raise(sqlite->handle.database, &error);
}

static void check_count(const nu__sqlite_statement *statement, nu_values params)
{
    int wanted = sqlite3_bind_parameter_count(statement->stmt);

    if ((size_t)wanted != params.len)
        nu_raise(NU_PROGRAMMING_ERROR,
                 "Incorrect number of bindings supplied. The current statement uses {}, and there "
                 "are {} supplied.",
                 (int64_t)wanted, (int64_t)params.len);
}

static void drop_statement(void *arg)
{
    nu__sqlite_job *job = arg;

    nu__sqlite_statement_done(job->statement);
    nu__sqlite_leave_writer(job->sqlite);
}

/* Preparing reads the schema, which another process may hold locked for a moment. */
static nu__sqlite_statement *prepare(nu__sqlite *sqlite, nu_str sql)
{
    double deadline = 0;

    for (uint32_t tries = 0;; tries++) {
        int code;
        nu__sqlite_statement *statement = nu__sqlite_prepare(sqlite, sql, &code);

        if (statement)
            return statement;
        if ((code & 0xff) != SQLITE_BUSY || code >= NU__SQLITE_SEVERAL ||
            nu__time() >= nu__sqlite_deadline(sqlite, &deadline))
            raise_unprepared(sqlite, sql, code);
        nu_sleep(nu__sqlite_pause_before(tries));
    }
}

/* Give all rows to one statement, where they fit the compiler's INSERT; false: run it for each. */
static bool insert_fed(nu__sqlite_job *runs, nu_str sql)
{
    nu_str select = nu__sqlite_feed_sql(sql, runs->n_params);
    nu__sqlite_job job = *runs;
    size_t slot;

    if (!select.ptr)
        return false;
    job.feed = (nu__sqlite_feed){ .rows = runs->params,
                                  .n_rows = runs->n_runs,
                                  .n_columns = runs->n_params,
                                  .keys = runs->keys };
    job.statement = prepare(job.sqlite, select);
    slot = nu__cleanup_push(drop_statement, &job);
    nu__sqlite_run(&job, nu__sqlite_work_feed);
    if (job.error.code && !job.feed.refused)
        raise_error(&job);
    nu__cleanup_pop(slot);
    drop_statement(&job);
    runs->changed = job.changed;
    runs->last_id = job.last_id;
    return !job.feed.refused;
}

int64_t nu__sqlite_execute(nu__handle *handle, nu_str sql, const nu_values *params, size_t n,
                           int64_t *last_id, int64_t *keys)
{
    nu__sqlite *sqlite = nu__sqlite_of(handle);
    nu__sqlite_job job = { .sqlite = sqlite, .n_runs = n, .n_params = params[0].len, .keys = keys };
    const nu__sqlite_param **runs = nu_alloc_array(const nu__sqlite_param *, n);
    size_t slot;

    job.statement = prepare(sqlite, sql);
    slot = nu__cleanup_push(drop_statement, &job);
    for (size_t i = 0; i < n; i++) {
        check_count(job.statement, params[i]);
        runs[i] = nu__sqlite_adapt(params[i]);
    }
    job.params = runs;
    if (!keys || !insert_fed(&job, sql))
        nu__sqlite_run(&job, nu__sqlite_work_execute);
    if (job.error.code)
        raise_error(&job);
    nu__cleanup_pop(slot);
    drop_statement(&job);
    if (last_id)
        *last_id = job.last_id;
    return job.changed;
}

/* How the rows are read. */
static void (*reader_of(nu__sqlite_job *job))(void *)
{
    nu__sqlite_statement *statement = job->statement;
    bool listed = job->result->columns_end && statement->many;

    if ((!job->result->plain && !listed) || statement->class != NU__SQLITE_READS)
        return nu__sqlite_work_query;
    if (statement->large) {
        statement->large--;
        return nu__sqlite_work_query;
    }
    return nu__sqlite_prepare_at_once(job->sqlite, statement, job->result) ? nu__sqlite_work_at_once
                                                                           : nu__sqlite_work_query;
}

void nu__sqlite_query(nu__handle *handle, nu__result *result, nu_str sql, nu_values params)
{
    nu__sqlite *sqlite = nu__sqlite_of(handle);
    nu__sqlite_job job = {
        .sqlite = sqlite, .n_runs = 1, .n_params = params.len, .result = result, .first = true
    };
    const nu__sqlite_param *run_params;
    size_t slot;

    job.statement = prepare(sqlite, sql);
    slot = nu__cleanup_push(drop_statement, &job);
    check_count(job.statement, params);
    run_params = nu__sqlite_adapt(params);
    job.params = &run_params;
    nu__sqlite_run(&job, reader_of(&job));
    if (!job.error.code && !nu__sqlite_statement_refresh(job.statement))
        nu__sqlite_error_set(&job.error, NULL, SQLITE_NOMEM);
    if (job.error.code)
        raise_error(&job);
    nu__cleanup_pop(slot);
    if (job.statement->columns)
        result->columns = nu__columns_ref(job.statement->columns);
    if (!result->statement)
        drop_statement(&job);
}

void nu__sqlite_fetch(nu__handle *handle, nu__result *result)
{
    nu__sqlite_job job = { .sqlite = nu__sqlite_of(handle),
                           .statement = result->statement,
                           .result = result };
    size_t slot = nu__cleanup_push(drop_statement, &job);

    nu__sqlite_run_there(&job, nu__sqlite_work_fetch);
    if (job.error.code)
        raise_error(&job);
    nu__cleanup_pop(slot);
    if (!result->statement)
        drop_statement(&job);
}

static void finish_there(void *arg)
{
    nu__sqlite_job *job = arg;

    nu__thread_run(job->sqlite->thread, nu__sqlite_work_reset, job);
}

void nu__sqlite_finish(nu__handle *handle, nu__result *result)
{
    nu__sqlite_job job = { .sqlite = nu__sqlite_of(handle), .statement = result->statement };

    /* Ending a write syncs the disk; ending a read frees a lock. */
    if (job.statement->class != NU__SQLITE_READS) {
        nu__fiber_shield();
        (void)nu__guard(finish_there, &job);
        nu__fiber_unshield();
    }
    drop_statement(&job);
}
