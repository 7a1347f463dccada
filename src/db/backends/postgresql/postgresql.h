/**
 * @file
 * What the files of PostgreSQL's driver share.
 *
 *   nu__pg (handle)      a connection: libpq made it, its socket is ours from then on
 *     out, in            bytes to send, flushed once a turn of the loop; bytes that came
 *     requests           what was asked and not yet answered, oldest first
 *     cache              prepared statements by their text
 *
 *   nu__pg_request       one conversation up to its ReadyForQuery
 *     fiber:    builds the messages, waits
 *     callback: reads messages, fills the request's batch or its sink, wakes the fiber
 *
 * Answers come in the order of the questions, so a connection may have many requests of many fibers
 * under way. Each ends with a Sync of its own, so that one that fails takes none with it.
 */
#pragma once
#include "db/backends/base.h"
#include "db/backends/postgresql/client.h"
#include "db/driver.h"
#include "db/statement_cache.h"
#include "loop/fiber.h"
#include "loop/wait.h"

typedef struct nu__pg nu__pg;
typedef struct nu__pg_request nu__pg_request;
typedef uint32_t nu__oid;

/* ---- settings ----------------------------------------------------------------------------- */

enum { NU__PG_PARAMETERS = 32 };

typedef struct nu__pg_config {
    const char *keywords[NU__PG_PARAMETERS + 1], *values[NU__PG_PARAMETERS + 1]; /* libpq's */
    size_t n_parameters;
    char *session; /* the value of `options`; owned */
    char *role;    /* "SET ROLE …"; NULL: the user's own */
    double connect_timeout;
    nu_isolation isolation;
    bool unprepared;     /* behind a pooler that changes servers between transactions */
    uint32_t cache_size; /* prepared statements that a connection keeps */
} nu__pg_config;

static inline nu__pg_config *nu__pg_config_of(const nu__database *database)
{
    return database->config;
}

/* Is the option libpq's, and not ours? Raises ImproperlyConfigured for one that neither has, and
   for a value that libpq would refuse as it connects. */
bool nu__pg_check_option(const nu__database *database, const nu__database_option *option);

/* ---- prepared statements ------------------------------------------------------------------ */

/* How the cells of a type come. */
typedef struct nu__pg_type {
    nu__oid oid;
    uint8_t binary;  /* the format asked for */
    uint8_t kind;    /* how it is read; see cells.h */
    nu__oid element; /* of arrays and ranges */
    const char *name;
} nu__pg_type;

typedef struct nu__pg_statement {
    nu__cached_statement entry;
    char name[16]; /* at the server; "" without one */
    nu__pg *pg;
    nu__wait_queue waiting; /* fibers, until it is described */
    uint16_t n_declared, n_params, n_columns;
    nu__oid *declared;         /* what we said of the parameters, 0: nothing */
    nu__oid *params;           /* what the server made of that */
    const nu__pg_type **types; /* of the columns */
    nu__columns *columns;
    bool described, nested; /* nested: has arrays or ranges */
    uint16_t slow;          /* the next so many runs take a connection of their own */
} nu__pg_statement;

/* Of one statement, in the protocol; more go as text. */
enum { NU__PG_MOST_PARAMETERS = 65535 };

nu__pg_statement *nu__pg_cache_find(nu__pg *pg, nu_str sql, nu_values params);
/* A new one, not yet described, in the cache; the oldest may leave it. NULL: out of memory. */
nu__pg_statement *nu__pg_cache_add(nu__pg *pg, nu_str sql, const nu__oid *declared, size_t n);
void nu__pg_cache_drop(nu__pg *pg, nu__pg_statement *statement);
/* Forget one, or all, without a word to the server. */
void nu__pg_cache_forget(nu__pg *pg, nu__pg_statement *statement);
void nu__pg_cache_clear(nu__pg *pg);
/* A user less. NULL is ignored. */
void nu__pg_statement_leave(nu__pg_statement *statement);

/* ---- types and parameters ----------------------------------------------------------------- */

const nu__pg_type *nu__pg_type_of(nu__oid oid);
/* The type that a value has by itself; 0: the server is to find it. */
nu__oid nu__pg_declare(nu_value value);
/* Would a statement that declared `declared`, which became `inferred`, take the value? */
bool nu__pg_accepts(nu__oid declared, nu__oid inferred, nu_value value);
/* A value as it is sent: fixed bits, bytes of its own, or a text. */
typedef struct nu__pg_param {
    bool null, raw;
    uint8_t fixed;
    uint64_t bits;
    nu_str bytes; /* the value's, or in the arena */
} nu__pg_param;
/* Values for the types that the server inferred. Raises for what can't be a parameter, and for more
   or fewer than there are placeholders. */
nu__pg_param *nu__pg_params(const nu__pg_statement *statement, nu_values values);
/* Their part of a Bind message. */
void nu__pg_put_params(nu__pg *pg, const nu__pg_param *params, size_t n);
/* A value as PostgreSQL writes it as text. */
nu_str nu__pg_text(nu_value value, nu__oid type);

/* Store a row of DataRow's bytes in the batch. */
typedef enum nu__pg_stored { NU__PG_STORED, NU__PG_NO_MEMORY, NU__PG_MALFORMED } nu__pg_stored;
nu__pg_stored nu__pg_store_row(nu__pg_request *request, const uint8_t *data, size_t len);
/* Cells that borrow from the message. false: a malformed row. */
bool nu__pg_borrow_row(nu__pg_request *request, nu__cell *cells, const uint8_t *data, size_t len);

/* ---- requests ----------------------------------------------------------------------------- */

struct nu__pg_request {
    nu__pg_request *next;
    nu__pg *pg;       /* NULL: the connection is gone */
    nu__fiber *fiber; /* that waits for it; NULL: none, or where no loop runs */
    nu__pg_statement *statement;
    nu__columns *columns;          /* of a simple query's rows; a reference */
    const nu__pg_type **types;     /* of the same */
    const nu__pg_type **row_types; /* those, or the statement's */
    uint16_t n_columns;
    bool shown; /* rows come as texts, of the simple protocol */
    nu__batch batch;
    size_t top;  /* texts begin here in the batch */
    uint32_t at; /* rows of the batch that the sink has taken */
    nu__sink *sink;
    int64_t changed;
    char *error; /* ErrorResponse's fields, malloc'd */
    size_t error_len;
    bool done;
    bool discarded; /* nobody wants the answer */
    bool restoring; /* it undoes what a fiber has set */
    bool lost;      /* the connection broke */
    bool overflow;  /* the sink is full: rows go to the batch */
    bool suspended; /* a portal has more rows */
    bool oom;
    bool joined;  /* the next request's Sync is its too: it ends with its statement */
    bool aborted; /* one before it on the same Sync failed */
    bool preparing;
    bool unread;  /* rows are not wanted */
    bool copying; /* CopyInResponse came */
};

/* A request at the end of the line; messages that follow are its own. NULL: out of memory. */
nu__pg_request *nu__pg_request_new(nu__pg *pg);
void nu__pg_request_free(nu__pg_request *request);

/* ---- connections -------------------------------------------------------------------------- */

typedef struct nu__pg_poll nu__pg_poll;

struct nu__pg {
    nu__handle handle;
    PGconn *conn;
    void *ssl; /* SSL *; NULL: in the clear */
    int fd;
    char *out, *in;
    size_t out_at, out_len, out_size, in_at, in_len, in_size;
    nu__pg_request *first, **last;
    uint32_t n_pending;
    nu__statement_cache cache;
    uint32_t n_named;
    uint32_t epoch; /* of the schema, when the cache was filled */
    char status;    /* of the last ReadyForQuery: I, T or E */
    bool broken;
    bool starved;       /* so, as there was no memory for what the server said */
    bool dirty;         /* session state was changed */
    bool out_of_memory; /* while a message was built */
    bool wants_write;
    char *farewell; /* what the server said last, when nobody had asked */
    size_t farewell_len;
    nu__pg_poll *poll;
    nu__turn_end flush;
    uint64_t asked_ms; /* when the first of the pending was asked, in the loop's ms */
    void (*notified)(void *arg, nu_str channel, nu_str payload); /* NULL: nobody listens */
    void *notified_arg;
};

static inline nu__pg *nu__pg_of(nu__handle *handle)
{
    return (nu__pg *)handle;
}

/* connect.c. Raises OperationalError. Yields. */
nu__handle *nu__pg_open(nu__database *database);
void nu__pg_close(nu__handle *handle);
/* Ask the server, on a connection of its own, to give up what this one runs. Yields. */
void nu__pg_cancel(nu__pg *pg);

/* wire.c: messages out. Nothing is sent before the end of the turn, or nu__pg_wait(). */
size_t nu__pg_begin(nu__pg *pg, char type);
void nu__pg_end(nu__pg *pg, size_t at);
void nu__pg_put_grown(nu__pg *pg, const void *bytes, size_t len); /* see put.h */
void nu__pg_sync(nu__pg *pg);
/* Sent at the end of this turn. */
void nu__pg_flush_later(nu__pg *pg);
/* Send what goes, read what is there. Callbacks' part. */
void nu__pg_pump(nu__pg *pg, bool readable);
/* Break the connection: all that is pending is lost. */
void nu__pg_lose(nu__pg *pg);
/* Wait until the request is done. `own`: the connection is this fiber's alone, and the statement is
   cancelled at the server when the fiber is. Raises NU_CANCELLED. */
void nu__pg_wait(nu__pg_request *request, bool own);
void nu__pg_poll_close(nu__pg *pg);
/* Where no loop runs: until something is there to read, or may be written. */
void nu__pg_wait_ready(const nu__pg *pg);

/* messages.c: what came. false: it is no message of PostgreSQL's. */
bool nu__pg_messages(nu__pg *pg);

static inline uint16_t nu__pg_get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}
static inline uint32_t nu__pg_get32(const uint8_t *at)
{
    uint32_t number;

    __builtin_memcpy(&number, at, sizeof number);
    return __builtin_bswap32(number);
}
static inline uint64_t nu__pg_get64(const uint8_t *at)
{
    uint64_t number;

    __builtin_memcpy(&number, at, sizeof number);
    return __builtin_bswap64(number);
}

/* run.c: the statement functions of the driver. */
int64_t nu__pg_execute(nu__handle *handle, nu_str sql, const nu_values *params, size_t n,
                       int64_t *last_id, int64_t *keys);
void nu__pg_query(nu__handle *handle, nu__result *result, nu_str sql, nu_values params);
void nu__pg_fetch(nu__handle *handle, nu__result *result);
void nu__pg_query_many(nu__handle *handle, const nu__question *questions, size_t n);
void nu__pg_finish(nu__handle *handle, nu__result *result);

/* The session is not any more what the settings and NU_CONNECTION_CREATED have made of it. */
static inline void nu__pg_session_changed(nu__pg *pg)
{
    pg->dirty |= pg->handle.announced;
}
/* Does the server answer? Yields. */
bool nu__pg_answers(nu__pg *pg);
/* It goes back to the pool: undo what was set on it, without waiting. */
void nu__pg_returned(nu__handle *handle);

/* classes.c: what a text is, by its first words. */
typedef enum nu__pg_class {
    NU__PG_PLAIN,    /* reads and writes rows: any connection does */
    NU__PG_COMMAND,  /* by the simple protocol, on a connection of its own */
    NU__PG_STATE,    /* the same, and the session is another one afterwards */
    NU__PG_SCHEMA,   /* the same, and statements prepared before may fail */
    NU__PG_ANYTHING, /* the same: blocks, procedures, several statements may do both */
} nu__pg_class;
nu__pg_class nu__pg_class_of(nu_str sql);
/* Does it give rows by the extended protocol, whatever its class? */
bool nu__pg_is_query(nu_str sql);

/* Counts what has changed tables through this process. */
extern uint32_t nu__pg_epoch;

extern const nu__server_words nu__pg_words;

/* copy.c */
void nu__pg_copy(nu__handle *handle, const nu__copy *copy);
bool nu__pg_reserve_keys(nu__handle *handle, nu_str table, nu_str column, int64_t *keys, size_t n);

/* ---- errors ------------------------------------------------------------------------------- */

/* A field of an ErrorResponse: 'C' SQLSTATE, 'M' message, …; null. Borrowed. */
nu_str nu__pg_error_field(const char *error, size_t len, char field);
NU_NORETURN void nu__pg_raise(const nu__pg_request *request, nu_str sql);
NU_NORETURN void nu__pg_raise_connecting(const nu__database *database, const char *message);

extern const nu__driver nu__pg_driver;
