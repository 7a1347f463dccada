#include "db/backends/locks.h"

#include "core/text.h"
#include "db/database.h"
#include "db/session.h"

#include <nuages/loop.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* pg_advisory_lock's number, GET_LOCK's name: the same in each process of each site. */
#define LOCK_NUMBER "8387221301"
#define LOCK_NAME   "nuages_migrate"

enum { POLLS_A_SECOND = 10 };

struct nu__schema_lock {
    nu__connection *connection;
    nu_str path; /* of SQLite's lock file; null: no file */
    int fd;
    bool taken;
};

static int64_t first_number(nu__connection *connection, const char *sql)
{
    nu__rows *rows = nu__db_query(connection, nu_s(sql), (nu_values){ NULL, 0 });
    nu_value value = nu__rows_next(rows) ? nu__cell_value(&rows->cells[0]) : nu_null();

    nu__rows_close(rows);
    if (value.kind == NU_KIND_STR)
        return nu_eq(value.s, "t") || nu_eq(value.s, "1");
    return value.kind == NU_KIND_BOOL ? value.b : value.kind == NU_KIND_INT ? value.i : 0;
}

/* ---- SQLite: a file beside the database ---------------------------------------------------- */

/* Null for a database in memory. */
static nu_str lock_path(nu__connection *connection)
{
    nu__rows *rows = nu__db_query(connection, S("PRAGMA database_list"), (nu_values){ NULL, 0 });
    nu_str file = { NULL, 0 };

    while (nu__rows_next(rows))
        if (rows->cells[1].kind == NU__CELL_TEXT && nu_eq(nu__cell_text(&rows->cells[1]), "main"))
            file = nu_string(nu__cell_value(&rows->cells[2]));
    nu__rows_close(rows);
    return file.len ? nu_fmt("{}-migrate", file) : (nu_str){ NULL, 0 };
}

/* Whoever had the lock has removed the file: the one locked is nobody's any more. */
static bool is_still_there(int fd, nu_str path)
{
    struct stat mine, there;

    return !fstat(fd, &mine) && !stat(path.ptr, &there) && mine.st_ino == there.st_ino &&
           mine.st_dev == there.st_dev;
}

static bool try_file(nu__schema_lock *lock)
{
    int fd = open(lock->path.ptr, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        nu_raise(NU_OPERATIONAL_ERROR,
                 "cannot make the lock file {}: {}. Migrations need to write in the folder of the "
                 "database.",
                 lock->path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) || !is_still_there(fd, lock->path)) {
        close(fd);
        return false;
    }
    lock->fd = fd;
    return true;
}

static bool try_sqlite(nu__schema_lock *lock)
{
    if (nu_is_null(lock->path))
        lock->path = lock_path(lock->connection);
    return nu_is_null(lock->path) || try_file(lock);
}

static void release_sqlite(nu__schema_lock *lock)
{
    if (nu_is_null(lock->path))
        return;
    unlink(lock->path.ptr);
    close(lock->fd);
}

/* ---- advisory locks ------------------------------------------------------------------------ */

static bool try_postgresql(nu__schema_lock *lock)
{
    return first_number(lock->connection, "SELECT pg_try_advisory_lock(" LOCK_NUMBER ")") == 1;
}

static void release_postgresql(nu__schema_lock *lock)
{
    first_number(lock->connection, "SELECT pg_advisory_unlock(" LOCK_NUMBER ")");
}

/* The name is the server's, so it has the database's in it. */
static bool try_mysql(nu__schema_lock *lock)
{
    return first_number(lock->connection,
                        "SELECT GET_LOCK(LEFT(CONCAT('" LOCK_NAME ".', DATABASE()), 64), 0)") == 1;
}

static void release_mysql(nu__schema_lock *lock)
{
    first_number(lock->connection,
                 "SELECT RELEASE_LOCK(LEFT(CONCAT('" LOCK_NAME ".', DATABASE()), 64))");
}

/* The progress of an index, or who is in the way. The number of an advisory lock is in two halves.
 */
static const char doing_postgresql[] =
    "SELECT COALESCE((SELECT p.phase || CASE WHEN p.tuples_total > 0 THEN ' ' || 100 * "
    "p.tuples_done / p.tuples_total || ' %' WHEN p.blocks_total > 0 THEN ' ' || 100 * "
    "p.blocks_done / p.blocks_total || ' %' ELSE '' END FROM pg_stat_progress_create_index p "
    "WHERE p.pid = a.pid), CASE WHEN a.wait_event_type = 'Lock' THEN 'waiting for a lock of "
    "process ' || array_to_string(pg_blocking_pids(a.pid), ', ') END) FROM pg_stat_activity a "
    "JOIN pg_locks l ON l.pid = a.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = "
    "1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND "
    "((l.classid::bigint << 32) | l.objid::bigint) = " LOCK_NUMBER;
static const char doing_mysql[] =
    "SELECT CONCAT(state, CASE WHEN max_stage > 0 AND progress > 0 THEN CONCAT(', stage ', stage, "
    "' of ', max_stage, ', ', ROUND(progress), ' %') ELSE '' END) FROM "
    "information_schema.processlist WHERE id = "
    "IS_USED_LOCK(LEFT(CONCAT('" LOCK_NAME ".', DATABASE()), 64))";

static const struct {
    bool (*try)(nu__schema_lock *lock);
    void (*release)(nu__schema_lock *lock);
    /* How long statements wait, in a unit of so many milliseconds; at least 1. */
    struct {
        const char *sql;
        int64_t unit;
    } limits[2];
    const char *statement_limit; /* of so many milliseconds; NULL: there is none */
    const char *doing;           /* one text: what the holder's statement is at; NULL: unknown */
} kinds[NU__DIALECT_COUNT] = {
    [NU__SQLITE] = { try_sqlite, release_sqlite, { { "PRAGMA busy_timeout = {}", 1 } } },
    [NU__POSTGRESQL] = { try_postgresql,
                         release_postgresql,
                         { { "SET lock_timeout = {}", 1 } },
                         "SET statement_timeout = {}",
                         doing_postgresql },
    [NU__MYSQL] = { try_mysql,
                    release_mysql,
                    { { "SET SESSION lock_wait_timeout = {}", 1000 },
                      { "SET SESSION innodb_lock_wait_timeout = {}", 1000 } },
                    "SET SESSION max_statement_time = {} / 1000",
                    doing_mysql },
};

static NU_NORETURN void still_taken(const nu__schema_lock *lock, double seconds)
{
    nu_raise(NU_OPERATIONAL_ERROR,
             "another process migrates the database '{}'; it was not done after {} seconds. Wait "
             "for it, or look for one that hangs{}{}; --wait SECONDS waits longer.",
             lock->connection->alias, seconds, lock->path.len ? ": it holds " : "",
             lock->path.len ? lock->path : S(""));
}

nu__schema_lock *nu__schema_lock_take(nu__connection *connection, double seconds,
                                      nu__lock_waiting *waiting, void *self)
{
    nu__schema_lock *lock = nu_alloc(nu__schema_lock);
    nu__dialect dialect = connection->backend->dialect;
    int64_t polls = (int64_t)(seconds * POLLS_A_SECOND);

    *lock = (nu__schema_lock){ .connection = connection, .fd = -1 };
    nu__connection_hold(connection);
    for (int64_t i = 0; !kinds[dialect].try(lock); i++) {
        if (i >= polls) {
            nu__connection_let_go(connection);
            still_taken(lock, seconds);
        }
        if (!i && waiting)
            waiting(self);
        nu_sleep(1.0 / POLLS_A_SECOND);
    }
    lock->taken = true;
    return lock;
}

void nu__schema_unlock(void *arg)
{
    nu__schema_lock *lock = arg;
    const nu_error *error;

    if (!lock->taken)
        return;
    lock->taken = false;
    error = nu_catch(NU_EXCEPTION, kinds[lock->connection->backend->dialect].release(lock));
    (void)error; /* what cannot be released goes with the session */
    nu__connection_let_go(lock->connection);
}

nu_str nu__schema_lock_doing(nu__connection *connection)
{
    const char *sql = kinds[connection->backend->dialect].doing;
    nu_str doing = { NULL, 0 };
    nu__rows *rows;

    if (!sql || connection->database->max_handles < 2)
        return doing;
    rows = nu__db_query(nu__connection_of(connection->alias), nu_s(sql), (nu_values){ NULL, 0 });
    nu_defer(nu__rows_close, rows);
    if (nu__rows_next(rows) && rows->cells[0].kind == NU__CELL_TEXT)
        doing = nu_copy(nu__cell_text(&rows->cells[0]));
    return doing;
}

void nu__limit_lock_waits(nu__connection *connection, int64_t milliseconds)
{
    nu__dialect dialect = connection->backend->dialect;

    for (size_t i = 0; i < 2 && kinds[dialect].limits[i].sql; i++) {
        int64_t most = milliseconds / kinds[dialect].limits[i].unit;

        nu__db_execute(connection,
                       nu_fmt_(kinds[dialect].limits[i].sql, NU_ARGS(most > 0 ? most : 1)),
                       (nu_values){ NULL, 0 }, NULL);
    }
}

void nu__limit_statements(nu__connection *connection, int64_t milliseconds)
{
    const char *sql = kinds[connection->backend->dialect].statement_limit;

    if (!sql)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "{} has no limit for a statement's time.",
                 connection->database->driver->display_name);
    nu__db_execute(connection, nu_fmt_(sql, NU_ARGS(milliseconds)), (nu_values){ NULL, 0 }, NULL);
}

/* ---- what errors mean ---------------------------------------------------------------------- */

static bool says(const nu_error *error, const char *const *words)
{
    nu_str message = nu_lower(error->message);

    for (; *words; words++)
        if (strstr(message.ptr, *words))
            return true;
    return false;
}

/* Drivers give the server's words; there is no number that all of them share. */
bool nu__is_lock_error(const nu_error *error)
{
    static const char *const words[] = { "database is locked",
                                         "database table is locked",
                                         "lock timeout",
                                         "lock wait timeout",
                                         "deadlock",
                                         "lock not available",
                                         "could not obtain lock",
                                         "statement timeout",
                                         "max_statement_time",
                                         NULL };

    return says(error, words);
}

/* A foreign key's name that is taken is told by MariaDB with InnoDB's number 121 alone. */
bool nu__is_done_already(const nu_error *error)
{
    static const char *const words[] = {
        "already exists",  "duplicate column",     "duplicate key name", "duplicate foreign key",
        "duplicate check", "duplicate constraint", "doesn't exist",      "does not exist",
        "no such table",   "no such column",       "no such index",      "unknown table",
        "unknown column",  "check that",           "errno: 121",         NULL
    };

    return says(error, words);
}
