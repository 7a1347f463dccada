/**
 * @file
 * One run of a statement, or one for each list of parameters: made by run.c, placed by place.c, and
 * done by work.c, on the fiber or on the handle's thread.
 */
#pragma once
#include "db/backends/sqlite/sqlite.h"

typedef struct nu__sqlite_job {
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
} nu__sqlite_job;

/* work.c: what is done, of a job. Errors are left in it. */
void nu__sqlite_work_execute(void *job);
void nu__sqlite_work_feed(void *job); /* all runs as one statement */
void nu__sqlite_work_query(void *job);
/* The same without looking at each value from outside, unless they turn out too many or sorted. */
void nu__sqlite_work_at_once(void *job);
void nu__sqlite_work_fetch(void *job);
void nu__sqlite_work_reset(void *job);

/* place.c: run it where it belongs, and wait for locks. Yields. */
void nu__sqlite_run(nu__sqlite_job *job, void (*work)(void *));
void nu__sqlite_run_there(nu__sqlite_job *job, void (*work)(void *)); /* on the thread */
/* Another may write, unless a transaction of this one does. */
void nu__sqlite_leave_writer(nu__sqlite *sqlite);
/* When waiting for locks must end; 0 until something is waited for, so that the quick path reads no
   clock. */
double nu__sqlite_deadline(const nu__sqlite *sqlite, double *deadline);
/* Seconds, as SQLite's own busy handler pauses. */
double nu__sqlite_pause_before(uint32_t tries);
