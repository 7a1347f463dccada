/**
 * @file
 * What the files of the MySQL and MariaDB backend share.
 *
 *   nu__mysql (handle) -> MYSQL *, a watch on its socket, cache of prepared statements
 *     nu__mysql_real_query_start … suspended: the library waits on a stack of its own
 *       nu__mysql_wait                             the fiber waits for what it asks
 *     nu__mysql_real_query_cont
 *
 * A handle is one fiber's at a time. When its fiber is cancelled in the middle of a call the
 * library stays suspended for ever: such a handle is lost, and only closed.
 */
#pragma once
#include "db/backends/base.h"
#include "db/backends/mysql/client.h"
#include "db/driver.h"
#include "db/statement_cache.h"
#include "loop/io.h"

#include <ma_pvio.h> /* after mysql.h, whose types it names */

/* ---- settings ----------------------------------------------------------------------------- */

typedef struct nu__mysql_config {
    const char *host;      /* NULL: by the socket */
    const char *socket;    /* NULL: the library's own */
    unsigned port;         /* 0: the library's own */
    bool by_name;          /* the host is a name that must be looked up */
    const char *isolation; /* "READ COMMITTED"; NULL: the server's */
    const char *charset;
    double connect_timeout;
    bool alone; /* no fiber shares a connection with others: see sharing.c */
} nu__mysql_config;

static inline nu__mysql_config *nu__mysql_config_of(const nu__database *database)
{
    return database->config;
}

/* Read the settings and options. Raises ImproperlyConfigured. */
void nu__mysql_configure(nu__database *database, nu_str rest);

/* ---- tables ------------------------------------------------------------------------------- */

typedef struct nu__editor nu__editor;
typedef struct nu__kept_parts nu__kept_parts;

/* A cell of the server's own tables, whose texts may come as bytes; null, or 0, where it is null.
 */
nu_str nu__mysql_text_cell(const nu__rows *rows, uint32_t column);
int64_t nu__mysql_int_cell(const nu__rows *rows, uint32_t column);
/* What nu__introspection asks under these names (dependents.c). Yield. */
nu_str nu__mysql_dependents(nu__connection *connection, nu_str table, nu_str column);
nu_str nu__mysql_referring(nu__connection *connection, nu_str table, nu_str column);
/* What nu__schema_ops asks under this name (schema_kept.c). Yields. */
nu__kept_parts nu__mysql_kept_parts(const nu__editor *editor, nu_str table, const nu__field *old,
                                    const nu__field *field);

/* ---- prepared statements ------------------------------------------------------------------ */

typedef struct nu__mysql_statement {
    nu__cached_statement entry; /* one that is not cached is closed when done */
    MYSQL_STMT *stmt;
    nu__columns *columns; /* of its last run; NULL: it gives no rows */
    nu__cell *cells;      /* room for a row; behind it, digits */
    char (*digits)[24];   /* of each column, where 64 bits are too few */
    bool changes_session; /* takes a lock of the session's, sets a variable */
} nu__mysql_statement;

enum { NU__MYSQL_CACHE = 128 };
/* Past these a text is not worth a place: it is prepared for one use. */
enum { NU__MYSQL_CACHED_TEXT = 16384, NU__MYSQL_CACHED_PARAMS = 512 };
/* The protocol counts parameters in 16 bits. */
enum { NU__MYSQL_MAX_PARAMS = 65535 };

/* ---- handles ------------------------------------------------------------------------------ */

/* The connection's stream: the library's methods with two of ours among them. */
typedef struct nu__mysql_stream {
    PVIO_METHODS methods, *library;
    bool asked; /* written to since the last read */
} nu__mysql_stream;

typedef struct nu__mysql_line nu__mysql_line;

typedef struct nu__mysql {
    nu__handle handle;
    MYSQL *mysql;
    nu__watch *watch;
    nu__statement_cache cache;
    nu__mysql_stream stream;
    nu__mysql_line *line; /* many fibers use it; NULL: one at a time, by the library */
    bool in_transaction;
    bool ready;     /* connected, and its session set */
    bool lost;      /* nothing can be asked of it any more */
    bool suspended; /* the fiber went away in the middle of a call */
    bool changed;   /* a statement has set what stays with the session: not for the next fiber */
    bool limited;   /* statements have a time limit: not for the next fiber either */
} nu__mysql;

static inline nu__mysql *nu__mysql_of(nu__handle *handle)
{
    return (nu__mysql *)handle;
}

/* connect.c */
nu__handle *nu__mysql_open(nu__database *database);
/* A statement that its fiber has left is ended at the server too, by a connection of its own. Never
   raises; may yield. */
void nu__mysql_close(nu__handle *handle);
/* Let the server give up what the connection runs, and the connection. Never raises; may yield. */
void nu__mysql_end_at_server(nu__mysql *victim);
/* Wait for what a call of the library waits for (MYSQL_WAIT_*); what has come. Raises NU_CANCELLED;
   a raise leaves the handle lost. */
int nu__mysql_wait(nu__mysql *handle, int wanted);

/* reading.c: from now on the connection does not read behind a question before its answer can be
   there. */
void nu__mysql_watch_stream(nu__mysql *handle);

/* Call a function of the library by its _start and _cont: its result goes to `result`. */
#define NU__MYSQL_CALL(handle, name, result, object, ...)                                          \
    do {                                                                                           \
        int wait__ = name##_start(&(result), (object)__VA_OPT__(, ) __VA_ARGS__);                  \
        while (wait__)                                                                             \
            wait__ = name##_cont(&(result), (object), nu__mysql_wait((handle), wait__));           \
    } while (0)

/* statements.c: the statement of a text, in use: from the cache, or prepared; NULL where the
   server runs this one as text only. Raises. */
nu__mysql_statement *nu__mysql_prepare(nu__mysql *handle, nu_str sql);
/* Read the columns again where the server has told others. Raises MemoryError. */
void nu__mysql_statement_refresh(nu__mysql_statement *statement);
/* Drop its rows and let others have it. Never raises; Yields where it is closed. */
void nu__mysql_statement_done(nu__mysql *handle, nu__mysql_statement *statement);
/* Does the statement leave something behind in its session? */
bool nu__mysql_changes_session(nu_str sql);
/* It is prepared anew the next time. */
void nu__mysql_forget(nu__mysql *handle, nu__mysql_statement *statement);
/* After the connection was closed: nothing is sent. */
void nu__mysql_cache_clear(nu__mysql *handle);

/* parameters.c: values as the statement's parameters, in the arena. Raises ProgrammingError. */
MYSQL_BIND *nu__mysql_bind(nu_values values);
/* Each "?" outside of quotes as a literal. */
nu_str nu__mysql_literals(nu_str sql, nu_values values);
/* A value's text as it is sent: of decimals, dates, times, UUIDs, lists and dicts. */
nu_str nu__mysql_text(nu_value value);

/* Rows that have come: a statement's that the library has stored, or a shared connection's. */
typedef struct nu__mysql_rows {
    const MYSQL_FIELD *fields;
    uint32_t n;
    nu__cell *cells;    /* room for a row */
    char (*digits)[24]; /* of each column, where 64 bits are too few */
    MYSQL_STMT *stmt;   /* NULL: the answer's */
    struct nu__mysql_request *answer;
} nu__mysql_rows;

/* cells.c: a row's cells, of its packet, in which their texts lie. false: the packet is broken. */
bool nu__mysql_read_row(const nu__mysql_rows *rows, const uint8_t *packet, size_t len);
/* A value in text, which is borrowed. */
void nu__mysql_read_text(nu__cell *cell, const MYSQL_FIELD *field, const char *text, size_t len);

typedef enum nu__mysql_taken {
    NU__MYSQL_TAKEN,
    NU__MYSQL_NO_MEMORY,
    NU__MYSQL_BROKEN, /* a row is no row */
} nu__mysql_taken;

/* batch.c: move what fits of the rows to the batch, or all to the sink. */
nu__mysql_taken nu__mysql_take(nu__result *result, const nu__mysql_rows *rows);
/* The same of a stored result; `result->statement` is NULL after the last row. */
nu__mysql_taken nu__mysql_take_stored(nu__result *result, nu__mysql_statement *statement);
/* The same of rows in text. */
bool nu__mysql_fill_text(nu__result *result, MYSQL_RES *rows);

/* MemoryError, or what a broken packet is. */
NU_NORETURN void nu__mysql_raise_taken(nu__mysql_taken taken);

/* run.c: the statement functions of the driver. */
int64_t nu__mysql_execute(nu__handle *handle, nu_str sql, const nu_values *params, size_t n,
                          int64_t *last_id, int64_t *keys);
void nu__mysql_query(nu__handle *handle, nu__result *result, nu_str sql, nu_values params);
void nu__mysql_fetch(nu__handle *handle, nu__result *result);
void nu__mysql_finish(nu__handle *handle, nu__result *result);

/* A statement's time limit is set by the one, and taken away by the other, which leaves nothing. */
#define NU__MYSQL_LIMIT    "SET SESSION max_statement_time = "
#define NU__MYSQL_NO_LIMIT NU__MYSQL_LIMIT "DEFAULT"

/* text.c: raise when the connection is lost; note what a statement has done to the transaction. */
void nu__mysql_check_alive(nu__mysql *handle);
void nu__mysql_note_status(nu__mysql *handle);
/* The same of a statement that is no prepared one, to the session. */
void nu__mysql_note_session(nu__mysql *handle, nu_str sql);
/* A statement as text, its rows thrown away; the rows that changed. Raises. */
int64_t nu__mysql_run_text(nu__mysql *handle, nu_str sql);
/* The same of a site's or ours: what ends a transaction is not cancelled. */
int64_t nu__mysql_run_plain(nu__mysql *handle, nu_str sql);
/* Its rows become one batch, or go into the sink. Raises. */
void nu__mysql_query_text(nu__mysql *handle, nu__result *result, nu_str sql);

/* ---- errors ------------------------------------------------------------------------------- */

/* Notes what the error has done to the transaction and the connection. */
NU_NORETURN void nu__mysql_raise(nu__mysql *handle, unsigned number, const char *message);
/* The error of the connection; of a statement. */
NU_NORETURN void nu__mysql_raise_last(nu__mysql *handle);
NU_NORETURN void nu__mysql_raise_statement(nu__mysql *handle, const MYSQL_STMT *stmt);
/* Why no connection came about. */
NU_NORETURN void nu__mysql_raise_connect(const nu__database *database, unsigned number,
                                         const char *message);

extern const nu__features nu__mysql_features;
extern const nu__operations nu__mysql_operations;
extern const nu__introspection nu__mysql_introspection;
extern const nu__schema_ops nu__mysql_schema;
