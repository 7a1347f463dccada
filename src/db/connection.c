#include "db/connection.h"

#include "core/fault.h"
#include "db/enclosure.h"
#include "db/repeats.h"
#include "db/session.h"
#include "db/transaction_words.h"
#include "loop/loop.h"

#include <nuages/signals.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_SESSIONS 64

static nu__session *free_sessions;
static size_t n_free_sessions;
static nu__query_listener listener;

/* ---- the fiber's connections -------------------------------------------------------------- */

static nu__session *new_session(void)
{
    nu__session *session = free_sessions,
                *fresh = session ? session : nu__malloc_zeroed(sizeof *fresh);

    if (!fresh)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a database connection");
    if (session) {
        free_sessions = session->next;
        n_free_sessions--;
    }
    return fresh;
}

static void free_session(nu__session *session)
{
    nu__atomic_block *blocks = session->blocks;
    nu__commit_hook *hooks = session->hooks;
    size_t block_capacity = session->block_capacity, hook_capacity = session->hook_capacity;

    if (n_free_sessions == KEPT_SESSIONS) {
        free(blocks);
        free(hooks);
        free(session);
        return;
    }
    *session = (nu__session){ .next = free_sessions,
                              .blocks = blocks,
                              .hooks = hooks,
                              .block_capacity = block_capacity,
                              .hook_capacity = hook_capacity };
    free_sessions = session;
    n_free_sessions++;
}

/* A handle never goes back with a transaction or a statement open, whatever ended the fiber. */
static void end_session(nu__session *session)
{
    while (session->rows)
        nu__open_rows_close(session->rows);
    nu__session_abandon_transaction(session);
    session->handle_broken |= session->n_holds > 0;
    session->n_holds = 0;
    nu__session_settle(session);
    nu__database_unref(session->connection.database);
    free_session(session);
}

static void end_sessions(void *arg)
{
    nu__session *session = nu__here->locals[NU__LOCAL_DATABASE];

    (void)arg;
    nu__here->locals[NU__LOCAL_DATABASE] = NULL;
    while (session) {
        nu__session *next = session->next;

        end_session(session);
        session = next;
    }
}

static nu__connection *connect_fiber(const char *alias)
{
    nu__database *database = nu__database_of(alias);
    nu__session *first = nu__here->locals[NU__LOCAL_DATABASE], *session;

    if (!first)
        nu_on_fiber_end(end_sessions, NULL);
    session = new_session();
    nu__database_ref(database);
    session->connection = (nu__connection){ .backend = database->driver->backend,
                                            .database = database,
                                            .alias = database->alias };
    session->next = first;
    nu__here->locals[NU__LOCAL_DATABASE] = session;
    return &session->connection;
}

nu__connection *nu__connection_of(const char *alias)
{
    nu__session *session = nu__here->locals[NU__LOCAL_DATABASE];

    alias = nu__mirror_of(alias ? alias : "default");
    for (; session; session = session->next)
        if (strcmp(session->connection.alias, alias) == 0 && !session->connection.database->retired)
            return &session->connection;
    return connect_fiber(alias);
}

void nu__replica_written(const char *alias)
{
    if (nu__has_replicas(alias))
        nu__session_of(nu__connection_of(alias))->written = true;
}

bool nu__reads_from_primary(const char *alias)
{
    const nu__session *session = nu__session_of(nu__connection_of(alias));

    return session->written || session->in_atomic_block;
}

/* ---- the handle --------------------------------------------------------------------------- */

static void end_announcing(void *arg)
{
    nu__session *session = arg;

    session->n_holds--;
    nu__session_settle(session);
}

/* Receivers may run statements on the new connection: it is held for them. */
static void tell_receivers(nu__session *session)
{
    size_t slot = nu__cleanup_push(end_announcing, session);

    session->n_holds++;
    nu_signal_send(.signal = NU_CONNECTION_CREATED, .using = session->connection.alias);
    nu__cleanup_pop(slot);
    session->n_holds--;
}

/* What receivers set belongs to the connection: from here on a change is the fiber's. */
static void announce(nu__session *session)
{
    if (nu_signal_has_listeners(NU_CONNECTION_CREATED, NULL))
        tell_receivers(session);
    session->handle->announced = true;
}

nu__handle *nu__session_handle(nu__session *session)
{
    if (session->handle)
        return session->handle;
    session->handle = nu__handle_borrow(session->connection.database);
    if (!session->handle->announced)
        announce(session);
    return session->handle;
}

void nu__session_settle(nu__session *session)
{
    nu__handle *handle = session->handle;

    if (!handle)
        return;
    if (session->in_atomic_block) {
        if (!handle->database->driver->in_transaction(handle))
            session->needs_rollback = true;
        return;
    }
    if (session->n_live || session->n_holds)
        return;
    session->handle = NULL;
    nu__handle_return(handle,
                      session->handle_broken || handle->database->driver->in_transaction(handle));
    session->handle_broken = false;
}

void nu__session_check(const nu__session *session)
{
    if (session->needs_rollback && session->in_atomic_block)
        nu_raise(NU_TRANSACTION_MANAGEMENT_ERROR,
                 "An error occurred in the current transaction. You can't execute queries until "
                 "the end of the 'atomic' block.");
}

void nu__connection_hold(nu__connection *connection)
{
    nu__session *session = nu__session_of(connection);

    nu__session_handle(session);
    session->n_holds++;
}

void nu__connection_let_go(nu__connection *connection)
{
    nu__session *session = nu__session_of(connection);

    session->n_holds--;
    nu__session_settle(session);
}

/* ---- what was run ------------------------------------------------------------------------- */

nu__query_listener nu__db_listen(nu__query_listener next)
{
    nu__query_listener before = listener;

    listener = next;
    return before;
}

double nu__session_listen_begin(nu__session *session)
{
    session->connection.n_queries++;
    return listener.hook ? nu__time() : 0;
}

void nu__session_listen_end(nu__session *session, nu_str sql, nu_values params, double began)
{
    nu__repeats_note(sql);
    if (listener.hook)
        listener.hook(listener.arg, &session->connection, sql, params,
                      began > 0 ? nu__time() - began : 0);
}

/* ---- statements --------------------------------------------------------------------------- */

static void settle(void *session)
{
    nu__session_settle(session);
}

static int64_t execute(nu__session *session, nu_str sql, const nu_values *params, size_t n,
                       int64_t *last_id, int64_t *keys)
{
    nu__handle *handle = nu__session_handle(session);
    size_t slot = nu__cleanup_push(settle, session), undo = 0;
    bool savepoint = nu__statement_before(session, sql);
    int64_t changed;

    if (savepoint)
        undo = nu__cleanup_push(nu__enclosure_undo, session);
    changed = handle->database->driver->execute(handle, sql, params, n, last_id, keys);
    if (savepoint) {
        nu__enclosure_after(session);
        nu__cleanup_pop(undo);
    }
    nu__cleanup_pop(slot);
    nu__session_settle(session);
    return changed;
}

/* One that commits by itself, among others'. */
static int64_t execute_shared(nu__handle *handle, nu_str sql, nu_values params, int64_t *last_id)
{
    size_t slot = nu__cleanup_push(nu__session_unshare, handle);
    int64_t changed;

    handle->database->metrics.statements_shared++;
    changed = handle->database->driver->execute(handle, sql, &params, 1, last_id, NULL);
    nu__cleanup_pop(slot);
    nu__session_unshare(handle);
    return changed;
}

void nu__session_run(nu__session *session, nu_str sql)
{
    double began = nu__session_listen_begin(session);

    execute(session, sql, &(const nu_values){ 0 }, 1, NULL, NULL);
    nu__session_listen_end(session, sql, (nu_values){ 0 }, began);
}

int64_t nu__db_execute(nu__connection *connection, nu_str sql, nu_values params, int64_t *last_id)
{
    nu__session *session = nu__session_of(connection);
    nu__handle *shared;
    double began;
    int64_t changed;

    nu__session_check(session);
    nu__check_transaction_words(session, sql);
    began = nu__session_listen_begin(session);
    shared = nu__session_share(session, sql, params);
    changed = shared ? execute_shared(shared, sql, params, last_id)
                     : execute(session, sql, &params, 1, last_id, NULL);
    nu__session_listen_end(session, sql, params, began);
    return changed;
}

static int64_t execute_many(nu__session *session, nu_str sql, const nu_values *params, size_t n,
                            int64_t *keys)
{
    double began;
    int64_t changed;

    nu__session_check(session);
    if (!n)
        return 0;
    nu__check_transaction_words(session, sql);
    began = nu__session_listen_begin(session);
    changed = execute(session, sql, params, n, NULL, keys);
    nu__session_listen_end(session, nu_fmt("{} times: {}", (int64_t)n, sql), params[0], began);
    return changed;
}

int64_t nu__db_execute_many(nu__connection *connection, nu_str sql, const nu_values *params,
                            size_t n)
{
    return execute_many(nu__session_of(connection), sql, params, n, NULL);
}

void nu__db_insert_many(nu__connection *connection, nu_str sql, const nu_values *params, size_t n,
                        int64_t *keys)
{
    execute_many(nu__session_of(connection), sql, params, n, keys);
}

void nu__db_copy(nu__connection *connection, const nu__copy *copy)
{
    nu__session *session = nu__session_of(connection);
    nu_str sql = nu_fmt("COPY {} ({}) FROM STDIN", copy->table, copy->columns);
    nu__handle *handle;
    double began;
    size_t slot;

    nu__session_check(session);
    began = nu__session_listen_begin(session);
    handle = nu__session_handle(session);
    slot = nu__cleanup_push(settle, session);
    handle->database->driver->copy(handle, copy);
    nu__cleanup_pop(slot);
    nu__session_settle(session);
    nu__session_listen_end(session, sql, (nu_values){ 0 }, began);
}

bool nu__db_reserve_keys(nu__connection *connection, nu_str table, nu_str column, int64_t *keys,
                         size_t n)
{
    nu__session *session = nu__session_of(connection);
    nu__handle *handle;
    size_t slot;
    bool reserved;

    nu__session_check(session);
    session->connection.n_queries++;
    handle = nu__session_handle(session);
    slot = nu__cleanup_push(settle, session);
    reserved = handle->database->driver->reserve_keys(handle, table, column, keys, n);
    nu__cleanup_pop(slot);
    nu__session_settle(session);
    return reserved;
}
