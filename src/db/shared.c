/* Handles that many fibers use at once, each for statements that commit by themselves: a driver
 * that sends one after the other, without waiting for answers, needs few of them. They are not of
 * the pool: no fiber ever has one for itself, so none waits for another's to come free. */
#include "db/session.h"

#include "loop/loop.h"
#include <nuages/signals.h>

/* So many statements before one on the best handle are a reason to open another. */
enum { CROWD = 48 };

static void close_shared(nu__database *database, nu__handle *handle)
{
    database->n_handles--;
    database->metrics.closed++;
    database->driver->close(handle);
}

static void take_out(nu__database *database, uint32_t i)
{
    nu__handle *handle = database->shared[i];

    for (database->n_shared--; i < database->n_shared; i++)
        database->shared[i] = database->shared[i + 1];
    handle->shared_out = true;
    if (!handle->users)
        close_shared(database, handle);
}

/* The one with the least to do; NULL when none is open. Broken and old ones go. */
static nu__handle *least_loaded(nu__database *database, uint32_t *least)
{
    nu__handle *best = NULL;
    double now = nu__time();

    *least = UINT32_MAX;
    for (uint32_t i = database->n_shared; i--;) {
        nu__handle *handle = database->shared[i];
        uint32_t load = database->driver->load(handle);

        if (load == UINT32_MAX || now - handle->opened_at >= database->max_age)
            take_out(database, i);
        else if (load <= *least) {
            best = handle;
            *least = load;
        }
    }
    return best;
}

typedef struct announcing {
    nu__session *session;
    nu__handle *handle, *before;
} announcing;

static void end_announcing(void *arg)
{
    announcing *announcing = arg;

    announcing->session->handle = announcing->before;
    announcing->session->n_holds--;
}

static void close_unannounced(void *arg)
{
    nu__handle *handle = arg;

    close_shared(handle->database, handle);
}

/* Receivers may run statements on it: as long as it is this fiber's alone. */
static void announce(nu__session *session, nu__handle *handle)
{
    announcing announcing = { session, handle, session->handle };
    size_t slot, undo;

    if (!nu_signal_has_listeners(NU_CONNECTION_CREATED, NULL)) {
        handle->announced = true;
        return;
    }
    slot = nu__cleanup_push(close_unannounced, handle);
    undo = nu__cleanup_push(end_announcing, &announcing);
    session->handle = handle;
    session->n_holds++;
    nu_signal_send(.signal = NU_CONNECTION_CREATED, .using = session->connection.alias);
    nu__cleanup_pop(undo);
    end_announcing(&announcing);
    nu__cleanup_pop(slot);
    handle->announced = true;
}

static nu__handle *open_another(nu__session *session)
{
    nu__database *database = session->connection.database;
    nu__handle *handle = nu__handle_open(database);

    announce(session, handle);
    handle->shared = true;
    database->shared[database->n_shared++] = handle;
    return handle;
}

static void leave(void *gate)
{
    nu__gate_leave(gate);
}

/* Another fiber may have opened one while this one waited. */
static nu__handle *open_in_turn(nu__session *session)
{
    nu__database *database = session->connection.database;
    nu__handle *handle;
    uint32_t load;
    size_t slot;

    if (!nu__gate_enter(&database->opening, nu__time() + database->timeout))
        nu_raise(NU_OPERATIONAL_ERROR, "database '{}': no connection within {} seconds",
                 database->alias, database->timeout);
    slot = nu__cleanup_push(leave, &database->opening);
    handle = least_loaded(database, &load);
    if (!handle || (load >= CROWD && database->n_shared < database->max_shared))
        handle = open_another(session);
    nu__cleanup_pop(slot);
    nu__gate_leave(&database->opening);
    return handle;
}

static nu__handle *choose(nu__session *session)
{
    nu__database *database = session->connection.database;
    uint32_t load;
    nu__handle *handle = least_loaded(database, &load);

    if (handle &&
        (load < CROWD || database->n_shared == database->max_shared || !database->opening.free))
        return handle;
    return open_in_turn(session);
}

nu__handle *nu__session_share(nu__session *session, nu_str sql, nu_values params)
{
    nu__database *database = session->connection.database;
    nu__handle *handle;

    if (!database->max_shared || session->in_atomic_block || session->n_holds ||
        session->enclosed || !nu__loop())
        return NULL;
    if (!database->n_shared && database->driver->shares && !database->driver->shares(database, sql))
        return NULL;
    handle = choose(session);
    if (!database->driver->shareable(handle, sql, params))
        return NULL;
    handle->users++;
    return handle;
}

void nu__session_unshare(void *arg)
{
    nu__handle *handle = arg;

    if (--handle->users == 0 && handle->shared_out)
        close_shared(handle->database, handle);
}

void nu__shared_drop_broken(nu__database *database)
{
    uint32_t load;

    least_loaded(database, &load);
}

void nu__shared_close(nu__database *database)
{
    while (database->n_shared)
        take_out(database, database->n_shared - 1);
}
