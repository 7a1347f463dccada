#include "core/context.h"
#include "db/driver.h"

#include "loop/loop.h"

/* Idle handles are trusted for this long without a look. */
#define TRUSTED_SECONDS 1.0

static void forget(nu__handle *handle)
{
    nu__database *database = handle->database;

    database->n_handles--;
    database->driver->close(handle);
}

static bool too_old(const nu__handle *handle)
{
    return nu__time() - handle->opened_at >= handle->database->max_age;
}

static nu__handle *take_idle(nu__database *database)
{
    while (database->idle) {
        nu__handle *handle = database->idle;
        double idle = nu__time() - handle->used_at;
        bool look = database->health_checks || idle >= TRUSTED_SECONDS;

        database->idle = handle->next;
        if (!too_old(handle) && (!look || database->driver->usable(handle, idle)))
            return handle;
        forget(handle);
    }
    return NULL;
}

static void leave(void *database)
{
    nu__gate_leave(&((nu__database *)database)->gate);
}

nu__handle *nu__handle_borrow(nu__database *database)
{
    nu__handle *handle;
    size_t slot;

    if (!nu__gate_enter(&database->gate, nu__time() + database->timeout))
        nu_raise(NU_OPERATIONAL_ERROR,
                 "database '{}': none of its {} connections became free within {} seconds; they "
                 "are held by transactions and open queries (option max_connections)",
                 database->alias, (int64_t)database->max_handles, database->timeout);
    handle = take_idle(database);
    if (handle)
        return handle;
    slot = nu__cleanup_push(leave, database);
    handle = database->driver->open(database);
    nu__cleanup_pop(slot);
    handle->database = database;
    handle->opened_at = nu__time();
    database->n_handles++;
    return handle;
}

void nu__handle_return(nu__handle *handle, bool broken)
{
    nu__database *database = handle->database;

    if (broken || too_old(handle)) {
        forget(handle);
    } else {
        handle->used_at = nu__time();
        handle->next = database->idle;
        database->idle = handle;
    }
    nu__gate_leave(&database->gate);
}
