#include "db/backends/base.h"

#include "core/context.h"
#include "core/fault.h"
#include "db/backends/sqlite/sqlite.h"
#include <nuages/logging.h>

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* ---- settings ----------------------------------------------------------------------------- */

static const char *const option_names[] = { "timeout", "max_connections", "transaction_mode",
                                            "init_command", "journal_mode" };
static const char *const journal_modes[] = {
    "WAL", "DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF"
};

static const struct {
    const char *mode, *begin;
} transaction_modes[] = {
    { "DEFERRED", "BEGIN DEFERRED" },
    { "EXCLUSIVE", "BEGIN EXCLUSIVE" },
    { "IMMEDIATE", "BEGIN IMMEDIATE" },
};

static const char *begin_text(const nu__database *database)
{
    const char *mode = nu__database_option_of(database, "transaction_mode");

    if (!mode)
        return "BEGIN";
    for (size_t i = 0; i < sizeof transaction_modes / sizeof *transaction_modes; i++)
        if (strcasecmp(mode, transaction_modes[i].mode) == 0)
            return transaction_modes[i].begin;
    nu_raise(NU_IMPROPERLY_CONFIGURED,
             "settings.DATABASES['{}']['OPTIONS']['transaction_mode'] is improperly configured to "
             "'{}'. Use one of 'DEFERRED', 'EXCLUSIVE', 'IMMEDIATE', or None.",
             database->alias, mode);
}

static const char *journal_mode(const nu__database *database)
{
    const char *mode = nu__database_option_of(database, "journal_mode");

    if (!mode)
        return "WAL";
    for (size_t i = 0; i < sizeof journal_modes / sizeof *journal_modes; i++)
        if (strcasecmp(mode, journal_modes[i]) == 0)
            return journal_modes[i];
    nu_raise(NU_IMPROPERLY_CONFIGURED,
             "database '{}': journal_mode is '{}'; it is one of WAL, DELETE, TRUNCATE, PERSIST, "
             "MEMORY and OFF",
             database->alias, mode);
}

/* "sqlite:///db.sqlite3" leaves "/db.sqlite3": a relative path. "sqlite:////srv/db" leaves
   "//srv/db": an absolute one. */
static nu_str name_of_url(const nu__database *database, nu_str rest)
{
    if (rest.len && rest.ptr[0] == '/')
        rest = (nu_str){ rest.ptr + 1, rest.len - 1 };
    else if (rest.len && rest.ptr[0] != ':')
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "database '{}': an SQLite URL has three slashes before a relative path and four "
                 "before an absolute one: sqlite:///{}",
                 database->alias, rest);
    return rest.len ? rest : S(":memory:");
}

/* Without a lock of its own (NOMUTEX) a connection may be used by any thread, but by one at a time.
   It is: a handle is one fiber's, and the fiber waits while the handle's thread works, its
   cancellation too; what may come from elsewhere meanwhile is sqlite3_interrupt() alone, which may.
   The library itself must have been built for threads. */
static void check_library(void)
{
    if (!sqlite3_threadsafe())
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "the SQLite library of this machine was built without threads "
                 "(SQLITE_THREADSAFE=0): install one that was built with them");
}

static void configure(nu__database *database, nu_str rest)
{
    nu__sqlite_config *config = nu__malloc_zeroed(sizeof *config);

    database->config = config;
    if (rest.ptr && !database->name)
        database->name = nu__database_keep(name_of_url(database, rest));
    if (!config)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading the database settings");
    check_library();
    nu__database_check_names(database, option_names, sizeof option_names / sizeof *option_names,
                             "SQLite has", "it takes");
    config->uri = strncmp(database->name, "file:", 5) == 0;
    config->memory = strcmp(database->name, ":memory:") == 0 ||
                     (config->uri && strstr(database->name, "mode=memory"));
    config->begin = begin_text(database);
    config->journal_mode = journal_mode(database);
    config->commands = nu__database_option_of(database, "init_command");
    config->writer.free = 1;
    /* Each handle of a database in memory would be a database of its own, and end with it. */
    if (config->memory) {
        database->max_handles = 1;
        database->max_age = INFINITY;
    }
}

/* ---- opening ------------------------------------------------------------------------------ */

typedef struct opening {
    nu__sqlite *sqlite;
    const char *path;
    const nu__sqlite_config *config;
    bool create;
    nu__sqlite_error error;
} opening;

static bool failed(opening *opening, int code)
{
    if (code != SQLITE_OK)
        nu__sqlite_error_set(&opening->error, opening->sqlite->db, code);
    return code != SQLITE_OK;
}

static int run_command(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* A database that others hold locked, or that may only be read, keeps the mode it has. */
static void set_journal_mode(const opening *opening)
{
    char *sql = sqlite3_mprintf("PRAGMA journal_mode = %s", opening->config->journal_mode);

    if (sql && !opening->config->memory)
        run_command(opening->sqlite->db, sql);
    sqlite3_free(sql);
}

static void note_file(nu__sqlite *sqlite, const char *path)
{
    struct stat status;

    if (stat(path, &status) == 0) {
        sqlite->device = status.st_dev;
        sqlite->inode = status.st_ino;
    }
}

static int note_encoding(void *sqlite, int n, char **values, char **names)
{
    (void)n, (void)names;
    ((nu__sqlite *)sqlite)->utf16 = values[0] && strcmp(values[0], "UTF-8") != 0;
    return 0;
}

/* Read the schema, so that statements are prepared without reading; and learn here, not later, that
   the file is no database. */
static bool read_schema(opening *opening)
{
    nu__sqlite *sqlite = opening->sqlite;
    int code = run_command(sqlite->db, "SELECT 1 FROM sqlite_master LIMIT 0");

    if (code == SQLITE_OK)
        code = sqlite3_exec(sqlite->db, "PRAGMA encoding", note_encoding, sqlite, NULL);
    return (code & 0xff) == SQLITE_BUSY || !failed(opening, code);
}

/* Without statistics of its memory SQLite takes no lock at each allocation. What undoes one
   statement of thousands of rows stays in memory to some megabytes, where SQLite would begin a file
   at 64 KiB. A cache takes pages as it reads them, not twenty at first: most handles of a small
   site, and those that hold a place for readers, never need so many. Only before its first use;
   later it says no, and nothing is lost. */
static void configure_library(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 4 * 1024 * 1024);
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
}

static void work_open(void *arg)
{
    opening *opening = arg;
    nu__sqlite *sqlite = opening->sqlite;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI |
                (opening->create ? SQLITE_OPEN_CREATE : 0);

    pthread_once(&once, configure_library);
    errno = 0;
    if (failed(opening, sqlite3_open_v2(opening->path, &sqlite->db, flags, NULL)))
        return;
    sqlite3_extended_result_codes(sqlite->db, 1);
    sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, NULL);
    sqlite3_progress_handler(sqlite->db, NU__SQLITE_PROGRESS_STEPS, nu__sqlite_progress, sqlite);
    if (failed(opening, nu__sqlite_functions(sqlite->db)) ||
        failed(opening, nu__sqlite_feed_table(sqlite)) ||
        failed(opening, nu__sqlite_taking_function(sqlite)))
        return;
    set_journal_mode(opening);
    if (opening->config->commands &&
        failed(opening, run_command(sqlite->db, opening->config->commands)))
        return;
    if (!read_schema(opening))
        return;
    note_file(sqlite, opening->path);
    if (!opening->config->memory && !opening->config->uri && !opening->config->commands)
        sqlite->keeper = nu__sqlite_keeper_open(sqlite->db, opening->path);
}

static void work_close(void *arg)
{
    nu__sqlite *sqlite = arg;

    nu__sqlite_cache_clear(sqlite);
    sqlite3_close_v2(sqlite->db);
    sqlite->db = NULL;
}

static void close_on_thread(void *arg)
{
    nu__sqlite *sqlite = arg;

    nu__thread_run(sqlite->thread, work_close, sqlite);
}

/* The last handle of a file to close writes the log back into it: the thread's work too. */
static void close_handle(nu__handle *handle)
{
    nu__sqlite *sqlite = nu__sqlite_of(handle);

    nu__sqlite_keeper_free(sqlite->keeper);
    nu__fiber_shield();
    if (sqlite->thread && nu__guard(close_on_thread, sqlite) && sqlite->db)
        work_close(sqlite);
    nu__fiber_unshield();
    if (sqlite->thread)
        nu__thread_stop(sqlite->thread);
    if (sqlite->writes)
        nu__gate_leave(&nu__sqlite_config_of(handle->database)->writer);
    free(sqlite);
}

static void close_unfinished(void *sqlite)
{
    close_handle(sqlite);
}

static nu__handle *open_handle(nu__database *database)
{
    nu__sqlite *sqlite = nu__malloc_zeroed(sizeof *sqlite);
    opening opening = { .sqlite = sqlite,
                        .path = database->name,
                        .config = nu__sqlite_config_of(database),
                        .create = nu__databases_may_create() };
    size_t slot;

    if (!sqlite)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a database connection");
    sqlite->handle.database = database;
    slot = nu__cleanup_push(close_unfinished, sqlite);
    sqlite->thread = nu__thread_start("sqlite");
    if (!sqlite->thread)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a database connection");
    nu__thread_run(sqlite->thread, work_open, &opening);
    if (opening.error.code)
        nu__sqlite_raise(database, &opening.error);
    nu__cleanup_pop(slot);
    return &sqlite->handle;
}

/* A file that was put in the place of ours, or taken away, is noticed within a second. */
static bool usable(nu__handle *handle, double idle_seconds)
{
    const nu__sqlite *sqlite = nu__sqlite_of(handle);
    const nu__sqlite_config *config = nu__sqlite_config_of(handle->database);
    struct stat status;

    (void)idle_seconds;
    if (config->memory || config->uri)
        return true;
    return stat(handle->database->name, &status) == 0 && status.st_dev == sqlite->device &&
           status.st_ino == sqlite->inode;
}

static bool in_transaction(const nu__handle *handle)
{
    return !sqlite3_get_autocommit(((const nu__sqlite *)handle)->db);
}

static bool deferred_violations(const nu__handle *handle)
{
    int unresolved = 0, highest = 0;

    sqlite3_db_status(((const nu__sqlite *)handle)->db, SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved,
                      &highest, 0);
    return unresolved != 0;
}

/* SQLite is always serializable, which is what each of the levels asks for and more. */
static nu_str begin_sql(const nu__database *database, nu_isolation isolation)
{
    (void)isolation;
    return nu_s(nu__sqlite_config_of(database)->begin);
}

static const nu__driver sqlite_driver = {
    .vendor = "sqlite",
    .display_name = "SQLite",
    .schemes = { "sqlite", "sqlite3", "django.db.backends.sqlite3" },
    .backend = &nu__sqlite_backend,
    .max_handles = 4,
    .name_quote = '"',
    .configure = configure,
    .open = open_handle,
    .close = close_handle,
    .usable = usable,
    .in_transaction = in_transaction,
    .deferred_violations = deferred_violations,
    .begin_sql = begin_sql,
    .execute = nu__sqlite_execute,
    .insert_by_row = true,
    .saves_in_blocks_alone = true,
    .query = nu__sqlite_query,
    .fetch = nu__sqlite_fetch,
    .finish = nu__sqlite_finish,
};

const nu__backend nu__sqlite_backend = {
    .vendor = "sqlite",
    .display_name = "SQLite",
    .dialect = NU__SQLITE,
    .driver = &sqlite_driver,
    .features = &nu__sqlite_features,
    .operations = &nu__sqlite_operations,
    .schema = &nu__sqlite_schema,
    .introspection = &nu__sqlite_introspection,
};
