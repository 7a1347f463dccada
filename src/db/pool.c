#include "core/context.h"
#include "db/driver.h"

#include "loop/loop.h"

/* Idle handles are trusted for this long without a look. */
#define TRUSTED_SECONDS 1.0

static void forget(nu__handle *handle)
{
    nu__database *database = handle->database;

    database->n_handles--;
    database->metrics.closed++;
    database->driver->close(handle);
}

static bool too_old(const nu__handle *handle)
{
    return nu__time() - handle->opened_at >= handle->database->max_age;
}

typedef struct look {
    nu__handle *handle;
    double idle;
    bool usable;
} look;

static void look_at(void *arg)
{
    look *look = arg;

    look->usable = look->handle->database->driver->usable(look->handle, look->idle);
}

/* A cancelled fiber's look closes the handle: nobody knows what state it is in. */
static bool still_usable(nu__handle *handle, double idle)
{
    look look = { .handle = handle, .idle = idle };
    const nu_error *error = nu__guard(look_at, &look);

    if (error && error->klass == NU_CANCELLED) {
        forget(handle);
        nu_reraise(error);
    }
    return look.usable;
}

static nu__handle *take_idle(nu__database *database)
{
    while (database->idle) {
        nu__handle *handle = database->idle;
        double idle = nu__time() - handle->used_at;
        bool look = database->health_checks || idle >= TRUSTED_SECONDS ||
                    (database->driver->load && database->driver->load(handle) == UINT32_MAX);

        database->idle = handle->next;
        if (!too_old(handle) && (!look || still_usable(handle, idle)))
            return handle;
        database->metrics.unusable++;
        forget(handle);
    }
    return NULL;
}

/* A place, in order of arrival. */
static bool enter(nu__database *database)
{
    double began = nu__time();
    bool entered;

    if (database->gate.free)
        return nu__gate_enter(&database->gate, began);
    database->metrics.waits++;
    entered = nu__gate_enter(&database->gate, began + database->timeout);
    database->metrics.wait_seconds += nu__time() - began;
    database->metrics.timeouts += !entered;
    return entered;
}

static void leave(void *database)
{
    nu__gate_leave(&((nu__database *)database)->gate);
}

nu__handle *nu__handle_borrow(nu__database *database)
{
    nu__handle *handle;
    size_t slot;

    if (!enter(database))
        nu_raise(NU_OPERATIONAL_ERROR,
                 "database '{}': none of its {} connections became free within {} seconds; they "
                 "are held by transactions and open queries (option max_connections)",
                 database->alias, (int64_t)database->max_handles, database->timeout);
    database->metrics.lent++;
    slot = nu__cleanup_push(leave, database);
    handle = take_idle(database);
    if (handle) {
        nu__cleanup_pop(slot);
        return handle;
    }
    handle = database->driver->open(database);
    nu__cleanup_pop(slot);
    handle->database = database;
    handle->opened_at = nu__time();
    database->n_handles++;
    database->metrics.opened++;
    return handle;
}

void nu__handle_return(nu__handle *handle, bool broken)
{
    nu__database *database = handle->database;

    if (broken || too_old(handle)) {
        forget(handle);
    } else {
        if (database->driver->returned)
            database->driver->returned(handle);
        handle->used_at = nu__time();
        handle->next = database->idle;
        database->idle = handle;
    }
    nu__gate_leave(&database->gate);
}
