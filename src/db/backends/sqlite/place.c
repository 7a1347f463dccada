#include "db/backends/sqlite/job.h"

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
    LATE_RUNS = 32
};
#define INLINE_SECONDS 0.0005

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

static void interrupt(void *arg)
{
    nu__sqlite *sqlite = ((nu__sqlite_job *)arg)->sqlite;

    atomic_store(&sqlite->interrupted, true);
    sqlite3_interrupt(sqlite->db);
}

static bool runs_here(const nu__sqlite_job *job)
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
static bool run_here(nu__sqlite_job *job, void (*work)(void *))
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

void nu__sqlite_run_there(nu__sqlite_job *job, void (*work)(void *))
{
    if (job->statement->slow)
        job->statement->slow--;
    atomic_store(&job->sqlite->interrupted, false);
    nu__thread_run_interruptible(job->sqlite->thread, work, job,
                                 may_interrupt(job->statement) ? interrupt : NULL);
    atomic_store(&job->sqlite->interrupted, false);
}

static void run_once(nu__sqlite_job *job, void (*work)(void *))
{
    memset(&job->error, 0, sizeof job->error);
    job->sqlite->heeds = may_interrupt(job->statement);
    if (nu__fiber_current() && runs_here(job) && run_here(job, work))
        return;
    nu__sqlite_run_there(job, work);
}

/* ---- locks -------------------------------------------------------------------------------- */

static nu__sqlite_config *config_of(const nu__sqlite *sqlite)
{
    return nu__sqlite_config_of(sqlite->handle.database);
}

void nu__sqlite_leave_writer(nu__sqlite *sqlite)
{
    if (sqlite->writes && sqlite3_txn_state(sqlite->db, NULL) != SQLITE_TXN_WRITE) {
        sqlite->writes = false;
        nu__gate_leave(&config_of(sqlite)->writer);
    }
}

double nu__sqlite_deadline(const nu__sqlite *sqlite, double *deadline)
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
    sqlite->writes =
        nu__gate_enter(&config_of(sqlite)->writer, nu__sqlite_deadline(sqlite, deadline));
    return sqlite->writes;
}

/* Who has read in a transaction and then finds another writing can't wait for it: what was read is
   out of date by then. */
static bool worth_waiting(const nu__sqlite_job *job)
{
    if ((job->error.code & 0xff) != SQLITE_BUSY || job->error.code == SQLITE_BUSY_SNAPSHOT)
        return false;
    return job->statement->class != NU__SQLITE_WRITES ||
           sqlite3_txn_state(job->sqlite->db, NULL) == SQLITE_TXN_NONE;
}

double nu__sqlite_pause_before(uint32_t tries)
{
    static const uint8_t ms[] = { 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100 };

    return ms[tries < sizeof ms ? tries : sizeof ms - 1] / 1000.0;
}

void nu__sqlite_run(nu__sqlite_job *job, void (*work)(void *))
{
    nu__sqlite *sqlite = job->sqlite;
    double deadline = 0;

    for (uint32_t tries = 0;; tries++) {
        if (!enter_writer(sqlite, job->statement, &deadline)) {
            nu__sqlite_error_set(&job->error, NULL, SQLITE_BUSY);
            return;
        }
        run_once(job, work);
        nu__sqlite_leave_writer(sqlite);
        if (!job->error.code || !worth_waiting(job) ||
            nu__time() >= nu__sqlite_deadline(sqlite, &deadline))
            return;
        nu_sleep(nu__sqlite_pause_before(tries));
    }
}
