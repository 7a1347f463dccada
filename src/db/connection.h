/**
 * @file
 * Databases by alias, and the connection that the running fiber has to each.
 *
 *   alias -> nu__database   settings, pool of handles; one a process
 *              nu__connection   logical: one a fiber and alias; transaction state
 *                nu__handle       physical: a backend's own; borrowed for a statement, for the rows
 *                                 of an open query, or for a transaction
 *
 * A fiber sees one connection per alias from its first query to its end. The handle behind it goes
 * back to the pool as soon as nothing holds it, so that a hundred waiting requests share a few.
 * Everything here acts on the running fiber and may yield, unless it says otherwise.
 */
#pragma once
#include "core/buf.h"
#include <nuages/conf.h>
#include <nuages/errors.h>

typedef struct nu__database nu__database;
typedef struct nu__backend nu__backend;
typedef struct nu__columns nu__columns;

typedef struct nu__connection {
    const nu__backend *backend;
    nu__database *database;
    const char *alias;
    uint64_t n_queries; /* statements run by this fiber; BEGIN, SAVEPOINT and the like count too */
} nu__connection;       /* the head of what connection.c keeps */

/* ---- databases ---------------------------------------------------------------------------- */

/**
 * Take the site's databases; once, before workers fork. No database is opened here. "default" is
 * overridden by the setting DATABASE_URL, each by the variable its .url_env names; without these,
 * `name` and `engine` count: "sqlite:///rel/path", "sqlite:////abs/path", "sqlite://:memory:".
 * Options follow as in a URL's query: ?timeout=20&transaction_mode=IMMEDIATE&init_command=…&
 * journal_mode=delete.
 *
 * @raises  ImproperlyConfigured, naming the alias and what is wrong; engines that are not built in
 */
void nu__databases_setup(const nu_database *databases, size_t n);
/* Add or replace one at run time (tests, commands): `url` as above. */
void nu__database_add(const char *alias, nu_str url);
/* Is a database file that does not exist an error that says so, instead of being made? For
   servers, where an empty database would only be misleading. */
void nu__databases_require_files(bool required);
bool nu__databases_may_create(void);
/* The aliases in order of the settings; NULL past the end. */
const char *nu__database_alias(size_t index);
/* Close every pooled handle, before a fork and at exit. None may be in use. */
void nu__databases_close(void);

/* Open the connections that the settings want from the start (min_connections), in fibers of their
   own: what goes wrong is logged. As a worker starts. */
void nu__databases_warm(void);

/**
 * The running fiber's connection. Opens nothing: the first statement does.
 *
 * @param alias  NULL: "default"
 * @raises       ConnectionDoesNotExist for an unknown alias
 * Yields: never.   Django: connections[alias]
 */
nu__connection *nu__connection_of(const char *alias);

/* ---- rows --------------------------------------------------------------------------------- */

/* The first five are all that SQLite has: it stores dates, decimals and UUIDs as texts and numbers.
   Databases with types of their own give the others for the columns that have them; JSON, and all
   that has no kind here (inet, hstore, …), is the database's text. */
typedef enum nu__cell_kind {
    NU__CELL_NULL,
    NU__CELL_INT,
    NU__CELL_FLOAT,
    NU__CELL_TEXT, /* UTF-8 as stored; NUL-terminated */
    NU__CELL_BLOB,
    NU__CELL_BOOL,     /* i: 0 or 1 */
    NU__CELL_DATE,     /* i: the ordinal, as nu_date's */
    NU__CELL_DATETIME, /* i: microseconds of an instant, as nu_datetime's */
    NU__CELL_NAIVE,    /* i: the same of what a clock showed; the zone is the decoder's to know */
    NU__CELL_TIME,     /* i: microseconds since midnight */
    NU__CELL_DURATION, /* i: microseconds */
    NU__CELL_DECIMAL,  /* text: digits, maybe with a point or exponent; "NaN" */
    NU__CELL_UUID,     /* blob: 16 bytes */
    NU__CELL_ARRAY,    /* items: len of them; those of more dimensions are arrays again */
    NU__CELL_RANGE,    /* items: lower and upper, NULL where unbounded; len: nu__range_flags */
    NU__CELL_KINDS
} nu__cell_kind;

typedef enum nu__range_flags {
    NU__RANGE_EMPTY = 1,
    NU__RANGE_LOWER_INC = 2,
    NU__RANGE_UPPER_INC = 4,
} nu__range_flags;

/* In `i` of dates, datetimes and naive ones: "infinity" and all past year 9999; before year 1. */
#define NU__CELL_TOO_LARGE INT64_MAX
#define NU__CELL_TOO_SMALL INT64_MIN

typedef struct nu__cell nu__cell;
struct nu__cell {
    uint32_t kind;
    uint32_t len; /* of text, blobs and arrays */
    union {
        int64_t i;
        double f;
        const char *text;
        const uint8_t *blob;
        const nu__cell *items;
    };
};

typedef struct nu__rows {
    const nu__cell *cells; /* the current row; valid until the next call on these rows */
    uint32_t n_columns;
    int64_t last_id; /* of INSERT … RETURNING */
} nu__rows;          /* the head of what connection.c keeps */

/**
 * Run a statement that gives rows. They come in batches, read ahead by the backend; texts and
 * blobs are borrowed until the next nu__rows_next() or nu__rows_close().
 *
 * Close them, or read to the end; whatever is left open when the fiber ends is closed there. Rows
 * that were not read to their end keep the handle, and in SQLite the snapshot: a block that may be
 * left by a raise registers nu__rows_close with nu_defer.
 *
 * @param sql     with the backend's own placeholders ("?" on SQLite); the text is the key of the
 *                prepared statement, so equal queries should have equal text
 * @param params  values of any scalar kind, lists and dicts as JSON; not kept
 * @raises        the classes of django.db.utils; TransactionManagementError in a broken atomic
 * block Yields.   Django: cursor.execute(), fetchmany()
 */
nu__rows *nu__db_query(nu__connection *connection, nu_str sql, nu_values params);
/* The same for large results: `chunk` rows are in memory at a time, where the database is a server
   (a cursor there). Outside of a transaction the rows take a handle of their own. Django:
   QuerySet.iterator() */
nu__rows *nu__db_query_chunked(nu__connection *connection, nu_str sql, nu_values params,
                               uint32_t chunk);

/* The same where the rows come as they are found, neither sorted nor grouped, limited or combined,
   and all of them will be read: they may then be read at once, as long as they are no more than a
   few megabytes. */
nu__rows *nu__db_query_plain(nu__connection *connection, nu_str sql, nu_values params);

/* The same in any order and number, where the text is "SELECT ", values without names of their own,
   which nothing behind them refers to by name or place, and then, from byte `columns_end` on, the
   rest. 0: as nu__db_query(). */
nu__rows *nu__db_query_listed(nu__connection *connection, nu_str sql, nu_values params,
                              uint32_t columns_end);

/* Several statements that do not need each other's answers: they go out together, and are waited
   for once. `rows` gets the rows of each. What one raises is raised; those behind it did not run.
 */
typedef struct nu__statement {
    nu_str sql;
    nu_values params;
} nu__statement;
void nu__db_query_many(nu__connection *connection, const nu__statement *statements, size_t n,
                       nu__rows **rows);
bool nu__rows_next(nu__rows *rows); /* false: no more, and all is released */
void nu__rows_close(void *rows);    /* NULL and closed ones are ignored. Never raises. */

/* Who takes rows where they are read, without a batch in between. `row` runs where the statement
   does, maybe on a thread: it touches only what the sink owns, and raises nothing. */
typedef struct nu__sink nu__sink;
struct nu__sink {
    /* Take a row; its texts and blobs are borrowed for the call and end without a NUL. false: the
       row was not taken; it comes again after more(). */
    bool (*row)(nu__sink *sink, const nu__cell *cells);
    /* The rows so far do not count: the statement starts again. Runs where row() does. */
    void (*restart)(nu__sink *sink);
    /* On the fiber: make room. false: no more rows are wanted. May raise. */
    bool (*more)(nu__sink *sink);
    bool plain;           /* the statement's rows are those of nu__db_query_plain() */
    uint32_t columns_end; /* the statement is one for nu__db_query_listed(). With either, a row that
                             is not taken ends it: it need not come again */
};
/* Run a statement that gives rows, into the sink. Raises, Yields as nu__db_query(). */
void nu__db_query_into(nu__connection *connection, nu_str sql, nu_values params, nu__sink *sink);

/* A column's name, and the type it was declared with ("varchar(20)", null for expressions). */
nu_str nu__rows_name(const nu__rows *rows, uint32_t column);
nu_str nu__rows_type(const nu__rows *rows, uint32_t column);

/* The cell as a value, texts and blobs copied into the arena: arrays as lists, ranges as dicts of
   lower, upper, bounds ("[)") and empty. Raises DataError for dates that no nu_date can be. */
nu_value nu__cell_value(const nu__cell *cell);
/* Raises DataError when a date or datetime is beyond the years 1 to 9999. */
void nu__cell_check_years(const nu__cell *cell);
static inline nu_str nu__cell_text(const nu__cell *cell) /* of a TEXT cell; borrowed */
{
    return (nu_str){ cell->text, cell->len };
}

/**
 * Run a statement that gives no rows (those of a SELECT are discarded).
 *
 * @param last_id  out: the key of the last inserted row; may be NULL
 * @return         rows changed by INSERT, UPDATE or DELETE; 0 for others
 * @raises, Yields as nu__db_query().
 */
int64_t nu__db_execute(nu__connection *connection, nu_str sql, nu_values params, int64_t *last_id);

/* The same statement for many lists of parameters, prepared once; the log has it as one. The sum of
   the changed rows. Not atomic by itself. Django: cursor.executemany() */
int64_t nu__db_execute_many(nu__connection *connection, nu_str sql, const nu_values *params,
                            size_t n);
/* The same for an INSERT of one row, with the key of each in `keys`; where the driver has
   insert_by_row. */
void nu__db_insert_many(nu__connection *connection, nu_str sql, const nu_values *params, size_t n,
                        int64_t *keys);

/* Rows for a table as one stream, where the driver has copy. Names are quoted. */
typedef struct nu__copy {
    nu_str table, columns;  /* "a", "b"; the key first when there are `keys` */
    const nu_value *values; /* of the other columns, row after row */
    size_t n_rows;
    const int64_t *keys; /* one a row; NULL: none apart */
} nu__copy;
/* Raises as INSERT does. Yields. */
void nu__db_copy(nu__connection *connection, const nu__copy *copy);
/* Keys of a table's counter for rows to come; false: there is no counter. Yields. */
bool nu__db_reserve_keys(nu__connection *connection, nu_str table, nu_str column, int64_t *keys,
                         size_t n);

/* Keep the handle until it is let go, so that what is set on it (a PRAGMA) holds for the statements
   in between; nests. A fiber that ends meanwhile closes the handle. */
void nu__connection_hold(nu__connection *connection);
void nu__connection_let_go(nu__connection *connection);

/* ---- what was run ------------------------------------------------------------------------- */

/* Called after each statement of the process, by the fiber that ran it; NULL: no one. Returns the
   hook before. For DEBUG's log, assertNumQueries, test traces. It must not query. */
typedef void nu__query_hook(void *arg, const nu__connection *connection, nu_str sql,
                            nu_values params, double seconds);
typedef struct nu__query_listener {
    nu__query_hook *hook;
    void *arg;
} nu__query_listener;
nu__query_listener nu__db_listen(nu__query_listener listener);
