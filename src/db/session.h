/**
 * @file
 * What connection.c, rows.c and transaction.c keep behind a nu__connection.
 *
 *   fiber -> session (alias) -> session (alias)        malloc'd, reused by later fibers
 *              |  blocks[]   atomic blocks that are open, outermost first
 *              |  hooks[]    nu_on_commit, in order
 *              |  rows       result sets that were not closed yet
 *              handle        while a block is open or a result set is live
 */
#pragma once
#include "core/context.h"
#include "db/driver.h"

typedef struct nu__session nu__session;

/* What a nu__rows holds until it is read to its end or closed. The nu__rows itself lies in the
   arena and only loses this, so that closing twice does no harm; who forgets to close leaves this
   to the fiber's end. */
typedef struct nu__open_rows {
    nu__result result;
    uint32_t at;      /* the current row of the batch */
    bool own;         /* its statement is on the session's handle, and keeps it */
    nu__handle *lent; /* a handle for these rows alone; NULL: none */
    nu__session *session;
    struct nu__open_rows *prev, *next; /* of the session's; of the free list */
} nu__open_rows;

/* Never raises. */
void nu__open_rows_close(nu__open_rows *open);

typedef struct nu__atomic_block {
    uint32_t savepoint; /* 0: none was made */
    bool outermost;
    bool by_hand;   /* the outermost inside of a transaction that was begun by hand */
    size_t n_hooks; /* when it began */
    size_t slot;    /* of the clean-up that rolls back */
} nu__atomic_block;

typedef struct nu__commit_hook {
    void (*fn)(void *arg);
    void *arg;
    bool robust;
} nu__commit_hook;

struct nu__session {
    nu__connection connection;
    nu__session *next;
    nu__handle *handle;
    nu__open_rows *rows;
    uint32_t n_live;  /* of them, how many hold a statement */
    uint32_t n_holds; /* nu__connection_hold() */
    bool in_atomic_block;
    bool written; /* this fiber's reads go to the primary from now on */
    bool needs_rollback;
    bool handle_broken;             /* close it instead of giving it back */
    bool enclosed, enclosure_begun; /* see enclosure.h */
    bool manual, manual_open;       /* see manual.h */
    nu__atomic_block *blocks;
    size_t n_blocks, block_capacity;
    nu__commit_hook *hooks;
    size_t n_hooks, hook_capacity;
    uint32_t last_savepoint;
    double statement_limit; /* of nu_statement_timeout_scope(); 0: none */
};

static inline nu__session *nu__session_of(nu__connection *connection)
{
    return (nu__session *)connection;
}

/* A handle for the next statement; Yields, raises OperationalError. */
nu__handle *nu__session_handle(nu__session *session);
/* A handle to share for a statement that commits by itself; NULL where it must have its own. As its
   last user leaves, one that is broken or old is closed. Yields. */
nu__handle *nu__session_share(nu__session *session, nu_str sql, nu_values params);
void nu__session_unshare(void *handle);
/* Give the handle back when nothing holds it; note a transaction that the database has ended by
   itself. After each statement, failed ones too. Never raises. */
void nu__session_settle(nu__session *session);
/* Raises TransactionManagementError when the atomic block is waiting for its end. */
void nu__session_check(const nu__session *session);
/* A statement without parameters that needs no check: BEGIN, SAVEPOINT, … */
void nu__session_run(nu__session *session, nu_str sql);
/* Count a statement; tell the listener, when there is one, that it began then (0: no one listens).
 */
double nu__session_listen_begin(nu__session *session);
void nu__session_listen_end(nu__session *session, nu_str sql, nu_values params, double began);
/* Roll back and drop what a fiber has left open. Never raises. */
void nu__session_abandon_transaction(nu__session *session);
