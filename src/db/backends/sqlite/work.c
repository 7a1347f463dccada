/* What SQLite is asked to do for a job: on the thread, or wherever the statement runs. Neither
   raises nor allocates from an arena. */
#include "db/backends/sqlite/job.h"

#include <string.h>

/* Runs that step after one that gave more rows than may be read at once. */
enum { LARGE_RUNS = 64 };

static void fail(nu__sqlite_job *job, int code)
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

void nu__sqlite_work_execute(void *arg)
{
    nu__sqlite_job *job = arg;
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

void nu__sqlite_work_feed(void *arg)
{
    nu__sqlite_job *job = arg;
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

static int step_rows(const nu__sqlite_job *job)
{
    nu__result *result = job->result;

    return result->sink ? nu__sqlite_pour(&result->batch, result->sink, job->statement, job->most)
                        : nu__sqlite_fill(&result->batch, job->statement, job->most, job->first);
}

static void fill(nu__sqlite_job *job)
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

static void restart(const nu__sqlite_job *job)
{
    nu__more_rows_free(job->result->more);
    job->result->more = NULL;
    job->result->batch.n_rows = 0;
    if (job->result->sink)
        job->result->sink->restart(job->result->sink);
}

void nu__sqlite_work_query(void *arg)
{
    nu__sqlite_job *job = arg;
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

void nu__sqlite_work_at_once(void *arg)
{
    nu__sqlite_job *job = arg;
    nu__sqlite_statement *statement = job->statement;
    int code = nu__sqlite_bind(statement->at_once, job->params[0], job->n_params, true);

    restart(job);
    if (code == SQLITE_OK)
        code = nu__sqlite_take_all(job->sqlite, statement, job->result);
    if (code == NU__SQLITE_LARGE || code == NU__SQLITE_SORTED) {
        statement->large = code == NU__SQLITE_LARGE ? LARGE_RUNS : 0;
        statement->stepped = code == NU__SQLITE_SORTED;
        sqlite3_reset(statement->at_once);
        nu__sqlite_work_query(job);
        return;
    }
    if (code != SQLITE_DONE) {
        fail(job, code);
        return;
    }
    job->result->last_id = sqlite3_last_insert_rowid(job->sqlite->db);
    sqlite3_reset(statement->at_once);
}

void nu__sqlite_work_fetch(void *arg)
{
    fill(arg);
}

void nu__sqlite_work_reset(void *arg)
{
    nu__sqlite_job *job = arg;

    sqlite3_reset(job->statement->stmt);
}
