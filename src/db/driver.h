/**
 * @file
 * What connection.c asks of a backend: handles (physical connections) and statements on them.
 *
 * One table of functions a vendor, found by URL scheme or by Django's engine name. All may yield
 * and raise Django's database errors, unless said.
 */
#pragma once
#include "db/connection.h"
#include "db/database.h"
#include <nuages/transaction.h>

/* The names of a statement's columns: shared by the prepared statement and the rows it gives. */
struct nu__columns {
    uint32_t references, n;
    nu_str *names, *types;
};

/* Where a backend puts rows: cells from the front, their texts and blobs from the back. malloc'd,
   so that a thread may fill and grow it; kept from query to query. */
typedef struct nu__batch {
    char *data;
    size_t size;
    uint32_t n_rows, n_columns;
} nu__batch;
/* Room for so many bytes, what was there being lost; false: no memory. Any thread may call it. */
bool nu__batch_reserve(nu__batch *batch, size_t bytes);

/* A batch behind the one that is read. malloc'd, as its data is. */
typedef struct nu__more_rows {
    struct nu__more_rows *next;
    nu__batch batch;
} nu__more_rows;

/* What a query has given so far. */
typedef struct nu__result {
    nu__batch batch;
    nu__more_rows *more;  /* read already: they come after `batch`, before what fetch() gives */
    nu__columns *columns; /* a reference */
    void *statement;      /* the driver's, while there may be more; NULL: that was all */
    nu__sink *sink;       /* takes the rows instead of the batch; NULL: the batch does */
    bool detached; /* what is left in `statement` needs no handle: fetch and finish get NULL */
    int64_t last_id;
    uint32_t chunk; /* asked for: so many rows at a time, the others wait at the server; 0: all */
    bool plain;     /* the rows come as they are found, and all are wanted */
    uint32_t columns_end; /* see nu__db_query_listed() */
} nu__result;

/* One of several statements that go out together. */
typedef struct nu__question {
    nu_str sql;
    nu_values params;
    nu__result *result;
} nu__question;

/* What a server has beside its tables; NULL: it has no such thing. */
typedef struct nu__server_words {
    nu_str (*limit)(double seconds); /* sets the limit of a statement's time; 0: none */
    const char *locks[2][2];         /* takes an advisory lock: [nowait][shared] */
    nu_str (*listen)(nu_str channel);
    const char *notify;
    /* Who is told what the handle hears, in the loop's callback; a null channel: the connection is
       gone. NULL: no one. */
    void (*hear)(nu__handle *handle, void (*news)(void *arg, nu_str channel, nu_str payload),
                 void *arg);
} nu__server_words;

struct nu__driver {
    const char *vendor, *display_name;
    const char *schemes[6]; /* of DATABASE_URL, and Django's engines */
    const nu__backend *backend;
    uint32_t max_handles; /* by default */
    char name_quote;      /* around the names of savepoints */
    uint32_t max_shared;  /* of them, how many fibers may share; 0: none. See nu__session_share() */
    bool server;          /* URLs have //user:password@host:port/name; else a file's path */
    /* Check the settings and fill database->config. `rest` is what a URL has between "scheme://"
       and "?", percent-decoded; null: the settings gave engine and name, or it was a server's and
       is in database->host, port, user, password and name. Does not yield. */
    void (*configure)(nu__database *database, nu_str rest);
    void (*release)(nu__database *database); /* what config points to; NULL: nothing */
    nu__handle *(*open)(nu__database *database);
    void (*close)(nu__handle *handle); /* never raises */
    bool (*usable)(nu__handle *handle, double idle_seconds);
    /* It goes back to the pool: undo what its fiber has set. Never raises or yields. NULL: nothing
     */
    void (*returned)(nu__handle *handle);
    bool (*in_transaction)(const nu__handle *handle); /* as the database sees it. Never yields. */
    /* Is a constraint broken that only COMMIT would check? NULL: the database has none such. */
    bool (*deferred_violations)(const nu__handle *handle);
    /* Where that can only be asked: statements that check them now, raising what COMMIT would, and
       let them wait again; NULL: none. */
    const char *check_deferred[2];
    /* "BEGIN", at an isolation level. */
    nu_str (*begin_sql)(const nu__database *database, nu_isolation isolation);
    /* The statement for each of `n` lists of parameters. `keys` has room for the key of the row
       that each one inserts, or is NULL; see insert_by_row. */
    int64_t (*execute)(nu__handle *handle, nu_str sql, const nu_values *params, size_t n,
                       int64_t *last_id, int64_t *keys);
    /* Many rows go in faster by the text of an INSERT of one row and all parameters at once, than
       by texts of as many rows as a statement's parameters allow. */
    bool insert_by_row;
    /* By hand there are savepoints in atomic blocks only, as in Django on that database. */
    bool saves_in_blocks_alone;
    /* Run, and fill the first batch. */
    void (*query)(nu__handle *handle, nu__result *result, nu_str sql, nu_values params);
    void (*fetch)(nu__handle *handle, nu__result *result);  /* the next batch; may be empty */
    void (*finish)(nu__handle *handle, nu__result *result); /* drop what is left. Never raises. */
    /* Several at once, with one wait for all; the first that fails is raised, those behind it did
       not run. NULL: they run one by one. */
    void (*query_many)(nu__handle *handle, const nu__question *questions, size_t n);
    /* Many rows into a table as one stream; NULL: there is no such. */
    void (*copy)(nu__handle *handle, const nu__copy *copy);
    /* Keys that the table's counter will not give again; false: it has none. */
    bool (*reserve_keys)(nu__handle *handle, nu_str table, nu_str column, int64_t *keys, size_t n);
    const nu__server_words *words; /* NULL: there is no such */
    bool chunks; /* heeds result->chunk, keeping the handle's transaction open meanwhile */
    /* Of shared handles: statements that wait for their answer; UINT32_MAX: it is broken. */
    uint32_t (*load)(const nu__handle *handle);
    /* Is it worth opening a shared handle for the statement? NULL: for all. */
    bool (*shares)(const nu__database *database, nu_str sql);
    /* May the statement run on a handle that other fibers use too? `handle` is a shared one. */
    bool (*shareable)(nu__handle *handle, nu_str sql, nu_values params);
};

/* By URL scheme ("sqlite") or by Django's ENGINE; NULL when it is not built in. */
const nu__driver *nu__driver_find(nu_str name);
/* "sqlite": what is built in, for messages. */
nu_str nu__driver_names(void);
/* " Did you mean 'postgres'?" of a name that nu__driver_find() does not know, or the empty text. */
nu_str nu__driver_suggestion(nu_str name);

void nu__more_rows_free(nu__more_rows *more); /* and all behind it. On any thread. */

/* NULL when out of memory; for the threads of backends: no arena is touched. */
nu__columns *nu__columns_new(uint32_t n, const char *const *names, const char *const *types);
nu__columns *nu__columns_ref(nu__columns *columns);
void nu__columns_unref(nu__columns *columns); /* NULL is ignored */
