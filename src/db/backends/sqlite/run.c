#include "db/backends/sqlite/sqlite.h"

#include "core/context.h"
#include "db/interrupt.h"
#include "loop/loop.h"
#include <nuages/loop.h>

#include <string.h>

/* Where a statement runs.
 *
 * A hop to the thread and back costs more than a short read does, so a read that was quick before
 * is run where the fiber is, on a budget of VM steps and time; when that is spent SQLite gives up,
 * and the read starts again on the thread, as its next SLOW_RUNS do. Nothing has been handed out
 * by then. Whatever may sync the disk, or is no plain read, always goes to the thread.
 */
enum {
    INLINE_STEPS = 8 * NU__SQLITE_PROGRESS_STEPS,
    INLINE_ROWS = 128,
    SLOW_RUNS = 64,
    LARGE_RUNS = 64,
    LATE_RUNS = 32
};
#define INLINE_SECONDS 0.0005

typedef struct job {
    nu__sqlite *sqlite;
    nu__sqlite_statement *statement;
    const nu__sqlite_param *const *params; /* of each run */
    size_t n_params, n_runs, at;           /* `at`: the next run */
    nu__result *result;
    uint32_t most; /* rows of this batch; 0: what fits */
    bool first;    /* of the batches */
    int64_t changed, last_id;
    int64_t *keys;        /* of each run's row; NULL: not asked for */
    nu__sqlite_feed feed; /* all runs' parameters for one statement */
    nu__sqlite_error error;
} job;

/* ---- on the thread, or wherever the statement runs ---------------------------------------- */

int nu__sqlite_progress(void *arg)
{
    nu__sqlite *sqlite = arg;

    if (atomic_load_explicit(&sqlite->interrupted, memory_order_relaxed) ||
        (sqlite->heeds && nu__db_interrupt_asked()))
        return 1;
    if (!sqlite->budget)
        return 0;
    if (--sqlite->budget && nu__time() - sqlite->began < INLINE_SECONDS)
        return 0;
    sqlite->over_budget = true;
    return 1;
}

static void fail(job *job, int code)
{
    if (code == NU__SQLITE_UNDECODABLE)
        nu__sqlite_error_undecodable(&job->error, job->statement->stmt);
    else
        nu__sqlite_error_set(&job->error, job->sqlite->db, code);
    sqlite3_reset(job->statement->stmt);
    sqlite3_reset(job->statement->at_once);
}

static int step_to_end(sqlite3_stmt *stmt)
{
    int code;

    do
        code = sqlite3_step(stmt);
    while (code == SQLITE_ROW);
    return code;
}

static void work_execute(void *arg)
{
    job *job = arg;
    sqlite3 *db = job->sqlite->db;
    sqlite3_stmt *stmt = job->statement->stmt;

    for (; job->at < job->n_runs; job->at++) {
        int64_t before = sqlite3_total_changes64(db);
        bool stop = atomic_load_explicit(&job->sqlite->interrupted, memory_order_relaxed);
        int code = stop ? SQLITE_INTERRUPT
                        : nu__sqlite_bind(stmt, job->params[job->at], job->n_params, true);

        if (code == SQLITE_OK)
            code = step_to_end(stmt);
        if (code != SQLITE_DONE) {
            fail(job, code);
            return;
        }
        if (sqlite3_total_changes64(db) != before)
            job->changed += sqlite3_changes64(db);
        if (job->keys)
            job->keys[job->at] = sqlite3_last_insert_rowid(db);
        sqlite3_reset(stmt);
    }
    job->last_id = sqlite3_last_insert_rowid(db);
}

/* All runs as one statement. */
static void work_feed(void *arg)
{
    job *job = arg;
    nu__sqlite *sqlite = job->sqlite;
    int64_t before = sqlite3_last_insert_rowid(sqlite->db);
    int code;

    sqlite3_set_last_insert_rowid(sqlite->db, NU__SQLITE_NO_KEY);
    sqlite->feed = &job->feed;
    code = step_to_end(job->statement->stmt);
    sqlite->feed = NULL;
    if (code != SQLITE_DONE) {
        sqlite3_set_last_insert_rowid(sqlite->db, before);
        fail(job, code);
        return;
    }
    job->changed = sqlite3_changes64(sqlite->db);
    job->last_id = sqlite3_last_insert_rowid(sqlite->db);
    sqlite3_reset(job->statement->stmt);
}

static int step_rows(const job *job)
{
    nu__result *result = job->result;

    return result->sink ? nu__sqlite_pour(&result->batch, result->sink, job->statement, job->most)
                        : nu__sqlite_fill(&result->batch, job->statement, job->most, job->first);
}

static void fill(job *job)
{
    nu__sqlite_statement *statement = job->statement;
    int code = step_rows(job);

    job->result->last_id = sqlite3_last_insert_rowid(job->sqlite->db);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        fail(job, code);
        return;
    }
    job->result->statement = code == SQLITE_ROW ? statement : NULL;
    if (code == SQLITE_DONE)
        sqlite3_reset(statement->stmt);
}

static void restart(const job *job)
{
    nu__more_rows_free(job->result->more);
    job->result->more = NULL;
    job->result->batch.n_rows = 0;
    if (job->result->sink)
        job->result->sink->restart(job->result->sink);
}

static void work_query(void *arg)
{
    job *job = arg;
    /* A write is done with its parameters before it gives the first row. */
    bool kept = job->statement->class == NU__SQLITE_WRITES;
    int code = nu__sqlite_bind(job->statement->stmt, job->params[0], job->n_params, kept);

    job->statement->pending = false;
    restart(job);
    if (code == SQLITE_OK)
        fill(job);
    else
        fail(job, code);
}

/* The same without looking at each value from outside, unless they turn out too many or sorted. */
static void work_at_once(void *arg)
{
    job *job = arg;
    nu__sqlite_statement *statement = job->statement;
    int code = nu__sqlite_bind(statement->at_once, job->params[0], job->n_params, true);

    restart(job);
    if (code == SQLITE_OK)
        code = nu__sqlite_take_all(job->sqlite, statement, job->result);
    if (code == NU__SQLITE_LARGE || code == NU__SQLITE_SORTED) {
        statement->large = code == NU__SQLITE_LARGE ? LARGE_RUNS : 0;
        statement->stepped = code == NU__SQLITE_SORTED;
        sqlite3_reset(statement->at_once);
        work_query(job);
        return;
    }
    if (code != SQLITE_DONE) {
        fail(job, code);
        return;
    }
    job->result->last_id = sqlite3_last_insert_rowid(job->sqlite->db);
    sqlite3_reset(statement->at_once);
}

static void work_fetch(void *arg)
{
    fill(arg);
}

static void work_reset(void *arg)
{
    job *job = arg;

    sqlite3_reset(job->statement->stmt);
}

/* ---- here or there ------------------------------------------------------------------------ */

static void interrupt(void *arg)
{
    nu__sqlite *sqlite = ((job *)arg)->sqlite;

    atomic_store(&sqlite->interrupted, true);
    sqlite3_interrupt(sqlite->db);
}

static bool runs_here(const job *job)
{
    switch (job->statement->class) {
    case NU__SQLITE_READS:
        return !job->statement->slow;
    case NU__SQLITE_MARKS:
        return true;
    case NU__SQLITE_ENDS:
        return !job->sqlite->writes;
    default:
        return false;
    }
}

/* Many steps are the statement's own. Long without them it may have been because another process
   had the core, not because of the disk: only the second time within LATE_RUNS counts. */
static void note_time(nu__sqlite_statement *statement, bool steps_spent, bool late)
{
    if (steps_spent || (late && statement->late))
        statement->slow = SLOW_RUNS;
    if (late)
        statement->late = LATE_RUNS;
    else if (statement->late)
        statement->late--;
}

/* false: the budget was spent, and nothing of it counts. */
static bool run_here(job *job, void (*work)(void *))
{
    nu__sqlite *sqlite = job->sqlite;
    bool steps_spent;

    sqlite->over_budget = false;
    if (job->statement->class == NU__SQLITE_READS) {
        sqlite->budget = INLINE_STEPS / NU__SQLITE_PROGRESS_STEPS;
        if (sqlite3_get_autocommit(sqlite->db))
            nu__sqlite_keeper_read(sqlite->keeper);
    }
    sqlite->began = nu__time();
    job->most = INLINE_ROWS;
    work(job);
    steps_spent = sqlite->over_budget && !sqlite->budget;
    sqlite->budget = 0;
    job->most = 0;
    note_time(job->statement, steps_spent, nu__time() - sqlite->began > INLINE_SECONDS);
    if (!sqlite->over_budget)
        return true;
    memset(&job->error, 0, sizeof job->error);
    return false;
}

/* What ends a transaction or savepoint is not interrupted: half of it would leave the block broken,
   and hide that the fiber was cancelled. */
static bool may_interrupt(const nu__sqlite_statement *statement)
{
    return statement->class != NU__SQLITE_MARKS && statement->class != NU__SQLITE_ENDS;
}

static void run_there(job *job, void (*work)(void *))
{
    if (job->statement->slow)
        job->statement->slow--;
    atomic_store(&job->sqlite->interrupted, false);
    nu__thread_run_interruptible(job->sqlite->thread, work, job,
                                 may_interrupt(job->statement) ? interrupt : NULL);
    atomic_store(&job->sqlite->interrupted, false);
}

static void run_once(job *job, void (*work)(void *))
{
    memset(&job->error, 0, sizeof job->error);
    job->sqlite->heeds = may_interrupt(job->statement);
    if (nu__fiber_current() && runs_here(job) && run_here(job, work))
        return;
    run_there(job, work);
}

/* ---- locks -------------------------------------------------------------------------------- */

static nu__sqlite_config *config_of(const nu__sqlite *sqlite)
{
    return nu__sqlite_config_of(sqlite->handle.database);
}

static void leave_writer(nu__sqlite *sqlite)
{
    if (sqlite->writes && sqlite3_txn_state(sqlite->db, NULL) != SQLITE_TXN_WRITE) {
        sqlite->writes = false;
        nu__gate_leave(&config_of(sqlite)->writer);
    }
}

/* When waiting for locks must end; 0 until something is waited for, so that the quick path reads no
   clock. */
static double deadline_of(const nu__sqlite *sqlite, double *deadline)
{
    if (*deadline == 0)
        *deadline = nu__time() + sqlite->handle.database->timeout;
    return *deadline;
}

/* false: the deadline passed. */
static bool enter_writer(nu__sqlite *sqlite, const nu__sqlite_statement *statement,
                         double *deadline)
{
    if (sqlite->writes || statement->class != NU__SQLITE_WRITES)
        return true;
    sqlite->writes = nu__gate_enter(&config_of(sqlite)->writer, deadline_of(sqlite, deadline));
    return sqlite->writes;
}

/* Who has read in a transaction and then finds another writing can't wait for it: what was read is
   out of date by then. */
static bool worth_waiting(const job *job)
{
    if ((job->error.code & 0xff) != SQLITE_BUSY || job->error.code == SQLITE_BUSY_SNAPSHOT)
        return false;
    return job->statement->class != NU__SQLITE_WRITES ||
           sqlite3_txn_state(job->sqlite->db, NULL) == SQLITE_TXN_NONE;
}

/* The pauses of SQLite's own busy handler. */
static double pause_before(uint32_t tries)
{
    static const uint8_t ms[] = { 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100 };

    return ms[tries < sizeof ms ? tries : sizeof ms - 1] / 1000.0;
}

static void run(job *job, void (*work)(void *))
{
    nu__sqlite *sqlite = job->sqlite;
    double deadline = 0;

    for (uint32_t tries = 0;; tries++) {
        if (!enter_writer(sqlite, job->statement, &deadline)) {
            nu__sqlite_error_set(&job->error, NULL, SQLITE_BUSY);
            return;
        }
        run_once(job, work);
        leave_writer(sqlite);
        if (!job->error.code || !worth_waiting(job) || nu__time() >= deadline_of(sqlite, &deadline))
            return;
        nu_sleep(pause_before(tries));
    }
}

/* ---- the driver's functions --------------------------------------------------------------- */

static NU_NORETURN void raise_error(const job *job)
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
    job *job = arg;

    nu__sqlite_statement_done(job->statement);
    leave_writer(job->sqlite);
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
            nu__time() >= deadline_of(sqlite, &deadline))
            raise_unprepared(sqlite, sql, code);
        nu_sleep(pause_before(tries));
    }
}

/* Give all rows to one statement, where they fit the compiler's INSERT; false: run it for each. */
static bool insert_fed(job *runs, nu_str sql)
{
    nu_str select = nu__sqlite_feed_sql(sql, runs->n_params);
    job job = *runs;
    size_t slot;

    if (!select.ptr)
        return false;
    job.feed = (nu__sqlite_feed){ .rows = runs->params,
                                  .n_rows = runs->n_runs,
                                  .n_columns = runs->n_params,
                                  .keys = runs->keys };
    job.statement = prepare(job.sqlite, select);
    slot = nu__cleanup_push(drop_statement, &job);
    run(&job, work_feed);
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
    job job = { .sqlite = sqlite, .n_runs = n, .n_params = params[0].len, .keys = keys };
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
        run(&job, work_execute);
    if (job.error.code)
        raise_error(&job);
    nu__cleanup_pop(slot);
    drop_statement(&job);
    if (last_id)
        *last_id = job.last_id;
    return job.changed;
}

/* How the rows are read. */
static void (*reader_of(job *job))(void *)
{
    nu__sqlite_statement *statement = job->statement;
    bool listed = job->result->columns_end && statement->many;

    if ((!job->result->plain && !listed) || statement->class != NU__SQLITE_READS)
        return work_query;
    if (statement->large) {
        statement->large--;
        return work_query;
    }
    return nu__sqlite_prepare_at_once(job->sqlite, statement, job->result) ? work_at_once
                                                                           : work_query;
}

void nu__sqlite_query(nu__handle *handle, nu__result *result, nu_str sql, nu_values params)
{
    nu__sqlite *sqlite = nu__sqlite_of(handle);
    job job = {
        .sqlite = sqlite, .n_runs = 1, .n_params = params.len, .result = result, .first = true
    };
    const nu__sqlite_param *run_params;
    size_t slot;

    job.statement = prepare(sqlite, sql);
    slot = nu__cleanup_push(drop_statement, &job);
    check_count(job.statement, params);
    run_params = nu__sqlite_adapt(params);
    job.params = &run_params;
    run(&job, reader_of(&job));
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
    job job = { .sqlite = nu__sqlite_of(handle), .statement = result->statement, .result = result };
    size_t slot = nu__cleanup_push(drop_statement, &job);

    run_there(&job, work_fetch);
    if (job.error.code)
        raise_error(&job);
    nu__cleanup_pop(slot);
    if (!result->statement)
        drop_statement(&job);
}

static void finish_there(void *arg)
{
    job *job = arg;

    nu__thread_run(job->sqlite->thread, work_reset, job);
}

void nu__sqlite_finish(nu__handle *handle, nu__result *result)
{
    job job = { .sqlite = nu__sqlite_of(handle), .statement = result->statement };

    /* Ending a write syncs the disk; ending a read frees a lock. */
    if (job.statement->class != NU__SQLITE_READS) {
        nu__fiber_shield();
        (void)nu__guard(finish_there, &job);
        nu__fiber_unshield();
    }
    drop_statement(&job);
}
