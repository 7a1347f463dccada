/**
 * @file
 * What the files of the SQLite backend share.
 *
 *   nu__sqlite (handle) -> sqlite3 *db, thread, cache of prepared statements
 *     fiber:  job on its own stack -> run it here, or on the thread and wait -> raise or return
 *     thread: touches the job, the db and the job's batch; no arena, no raise
 *
 * A handle is one fiber's at a time, and its fiber waits while the thread works, so nothing here
 * is locked.
 */
#pragma once
#include "db/backends/base.h"
#include "db/driver.h"
#include "db/statement_cache.h"
#include "loop/loop.h"
#include "loop/thread.h"
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/types.h>

typedef struct nu__sqlite nu__sqlite;
typedef struct nu__sqlite_taking nu__sqlite_taking; /* at_once.c: who takes the rows */

/* ---- settings ----------------------------------------------------------------------------- */

typedef struct nu__sqlite_config {
    bool memory, uri;
    bool wal;             /* switch the file to write-ahead logging */
    const char *begin;    /* "BEGIN", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE" */
    const char *commands; /* run on each new handle, separated by ";"; may be NULL */
    const char *journal_mode;
    nu__gate writer; /* one place: SQLite has one writer */
} nu__sqlite_config;

static inline nu__sqlite_config *nu__sqlite_config_of(const nu__database *database)
{
    return database->config;
}

/* ---- prepared statements ------------------------------------------------------------------ */

/* What running a statement can cost beside CPU, told once when it is prepared. */
typedef enum nu__sqlite_class {
    NU__SQLITE_READS,  /* quick ones run where the fiber is */
    NU__SQLITE_WRITES, /* need the writer's place, and sync the disk: on the thread */
    NU__SQLITE_MARKS,  /* BEGIN, SAVEPOINT, RELEASE: memory only */
    NU__SQLITE_ENDS,   /* COMMIT, ROLLBACK: the disk's, when the handle has written */
    NU__SQLITE_OTHER,  /* PRAGMA and the like: on the thread */
} nu__sqlite_class;

typedef struct nu__sqlite_statement {
    nu__cached_statement entry; /* one that is not cached is finalized when done */
    sqlite3_stmt *stmt;
    sqlite3_stmt *at_once; /* gives its rows to a function; see at_once.c. NULL: not prepared */
    bool by_row;           /* `at_once` steps from row to row; else it makes one step */
    bool many;             /* its last run gave NU__SQLITE_MANY rows or more */
    nu__sqlite_class class;
    nu__columns *columns;
    bool once;      /* not worth a place in the cache */
    uint16_t slow;  /* the next so many runs go to the thread at once */
    uint16_t large; /* gave more rows than may be read at once: the next so many runs step */
    uint8_t late;   /* it took long, once in the last so many runs: another time makes it slow */
    bool pending;   /* the row it stands on is not stored yet */
    bool utf16;     /* the database's texts are */
    bool stepped;   /* can't be read at once: too many columns, sorted, or SQLite refused */
} nu__sqlite_statement;

enum { NU__SQLITE_CACHE = 128 };
/* Fewer rows are stepped through as quickly. */
enum { NU__SQLITE_MANY = 4 };

/* Codes of our own beside SQLite's. */
enum {
    NU__SQLITE_SEVERAL = 0x7001, /* more than one statement in the text */
    NU__SQLITE_EMPTY,            /* none */
    NU__SQLITE_COUNT,            /* parameters given are not as many as placeholders */
    NU__SQLITE_LARGE,            /* more rows than may be read at once */
    NU__SQLITE_SORTED,           /* the function sees the rows in another order */
    NU__SQLITE_UNDECODABLE,      /* the row it stands on has a text that is no UTF-8 */
};

/* The statement of a text, in use: from the cache, or prepared. NULL: *code tells why,
   SQLite's or one of ours. */
nu__sqlite_statement *nu__sqlite_prepare(nu__sqlite *sqlite, nu_str sql, int *code);
/* Read the columns again where SQLite has prepared the statement anew, because a table was altered.
   false: out of memory. */
bool nu__sqlite_statement_refresh(nu__sqlite_statement *statement);
/* Reset it and let others have it. */
void nu__sqlite_statement_done(nu__sqlite_statement *statement);
void nu__sqlite_cache_clear(nu__sqlite *sqlite);

/* ---- parameters --------------------------------------------------------------------------- */

typedef struct nu__sqlite_param {
    nu__cell_kind kind;
    union {
        int64_t i;
        double f;
        nu_str text; /* text and blobs */
    };
} nu__sqlite_param;

/* Values as SQLite takes them, in the arena. Raises ProgrammingError for what it can't take. */
nu__sqlite_param *nu__sqlite_adapt(nu_values values);
/* `kept`: the texts outlive the run of the statement, and need not be copied. SQLite's code. */
int nu__sqlite_bind(sqlite3_stmt *stmt, const nu__sqlite_param *params, size_t n, bool kept);
/* The result of a function, or a cell of a virtual table; its text outlives the statement. */
void nu__sqlite_give(sqlite3_context *context, const nu__sqlite_param *param);

/* ---- many rows for one statement ---------------------------------------------------------- */

/* feed.c: the rows that a running INSERT … SELECT takes, and the keys that they get. */
typedef struct nu__sqlite_feed {
    const nu__sqlite_param *const *rows;
    size_t n_rows, n_columns;
    int64_t *keys;
    bool refused; /* SQLite collects the rows first: none has a key, none was inserted */
} nu__sqlite_feed;

/* The handle's last key while it has none: no key that is counted is so low. */
#define NU__SQLITE_NO_KEY INT64_MIN

/* Give the handle the table that a feed's rows are read from. SQLite's code. */
int nu__sqlite_feed_table(nu__sqlite *sqlite);
/* The statement that takes a feed, of the compiler's INSERT of one row: in the arena; null when it
   is another, or has too many columns. */
nu_str nu__sqlite_feed_sql(nu_str sql, size_t n_columns);

/* ---- one lock for a turn ------------------------------------------------------------------ */

/* Holds a reader's place of a file with a write-ahead log to the end of a turn of the loop, so that
   the short reads of that turn take and give back theirs without the kernel. It says nothing of
   what they read: each looks at the log for itself. */
typedef struct nu__sqlite_keeper nu__sqlite_keeper;

/* Where the file of `beside` has a write-ahead log; NULL: it has none, or no second connection can
   be had. On any thread. */
nu__sqlite_keeper *nu__sqlite_keeper_open(sqlite3 *beside, const char *path);
/* On the loop's thread; NULL is ignored in all three. */
void nu__sqlite_keeper_read(nu__sqlite_keeper *keeper); /* a short read is about to run */
void nu__sqlite_keeper_let_go(nu__sqlite_keeper *keeper);
void nu__sqlite_keeper_free(nu__sqlite_keeper *keeper);

/* ---- handles ------------------------------------------------------------------------------ */

struct nu__sqlite {
    nu__handle handle;
    sqlite3 *db;
    nu__thread *thread;
    nu__statement_cache cache;
    nu__sqlite_keeper *keeper;
    nu__sqlite_feed *feed;     /* while its statement runs */
    nu__sqlite_taking *taking; /* the same */
    bool writes;               /* holds the writer's place */
    bool utf16;                /* made with PRAGMA encoding = 'UTF-16': texts are converted */
    dev_t device;              /* of the file as opened */
    ino_t inode;
    /* while a statement runs where the fiber is */
    uint32_t budget; /* calls of the progress handler that are left; 0: no limit */
    bool over_budget;
    double began;
    /* Its fiber was cancelled: sqlite3_interrupt() alone is lost on a statement that is about to
       start, so the progress handler looks here too. */
    atomic_bool interrupted;
    bool heeds; /* Ctrl-C ends the running statement */
};

static inline nu__sqlite *nu__sqlite_of(nu__handle *handle)
{
    return (nu__sqlite *)handle;
}

/* run.c: the statement functions of the driver; place.c and work.c: how they run. */
int64_t nu__sqlite_execute(nu__handle *handle, nu_str sql, const nu_values *params, size_t n,
                           int64_t *last_id, int64_t *keys);
void nu__sqlite_query(nu__handle *handle, nu__result *result, nu_str sql, nu_values params);
void nu__sqlite_fetch(nu__handle *handle, nu__result *result);
void nu__sqlite_finish(nu__handle *handle, nu__result *result);
int nu__sqlite_progress(void *sqlite); /* sqlite3_progress_handler's */
enum { NU__SQLITE_PROGRESS_STEPS = 1000 };

/* batch.c: step a statement and store its rows until the batch is full, `most` rows are there
   (0: no limit) or there are no more; `first`: of the query's batches. SQLITE_ROW: there may be
   more; SQLITE_DONE; an error. */
int nu__sqlite_fill(nu__batch *batch, nu__sqlite_statement *statement, uint32_t most, bool first);

/* The same into a sink: until it takes no row, or `most` were taken. */
int nu__sqlite_pour(nu__batch *batch, nu__sink *sink, nu__sqlite_statement *statement,
                    uint32_t most);

enum { NU__SQLITE_FIRST_BATCH = 32 * 1024, NU__SQLITE_NEXT_BATCH = 256 * 1024 };

/* ---- all rows in one step ------------------------------------------------------------------- */

/* at_once.c: the function that rows are given to. SQLite's code. */
int nu__sqlite_taking_function(nu__sqlite *sqlite);
/* Prepare statement->at_once for such a result; false: its rows are stepped through. */
bool nu__sqlite_prepare_at_once(nu__sqlite *sqlite, nu__sqlite_statement *statement,
                                const nu__result *result);
/* Run it, bound as it is, and take all rows into the sink or the batches. SQLITE_DONE, also where
   the sink refused a row; NU__SQLITE_LARGE or _SORTED: nothing that was taken counts, they are to
   be stepped through; an error. */
int nu__sqlite_take_all(nu__sqlite *sqlite, nu__sqlite_statement *statement, nu__result *result);

/* functions.c: register Django's SQL functions. SQLite's code. */
int nu__sqlite_functions(sqlite3 *db);
int nu__sqlite_date_functions(sqlite3 *db);
int nu__sqlite_duration_functions(sqlite3 *db);
int nu__sqlite_own_functions(sqlite3 *db);
int nu__sqlite_aggregates(sqlite3 *db);

/* ---- errors ------------------------------------------------------------------------------- */

/* What went wrong in a job, on whatever thread: no raise there. All zero: nothing. */
typedef struct nu__sqlite_error {
    int code;          /* extended */
    int system;        /* errno, where the file was the trouble */
    char message[512]; /* SQLite's, cut */
} nu__sqlite_error;

void nu__sqlite_error_set(nu__sqlite_error *error, sqlite3 *db, int code);
/* The same for NU__SQLITE_UNDECODABLE: which column of the row, and what it holds. */
void nu__sqlite_error_undecodable(nu__sqlite_error *error, sqlite3_stmt *stmt);
NU_NORETURN void nu__sqlite_raise(const nu__database *database, const nu__sqlite_error *error);

extern const nu__features nu__sqlite_features;
extern const nu__operations nu__sqlite_operations;
extern const nu__introspection nu__sqlite_introspection;
extern const nu__schema_ops nu__sqlite_schema;
