#include "core/context.h"
#include "db/driver.h"
#include "loop/fiber.h"
#include <nuages/databases.h>

#include "loop/loop.h"

/* Idle handles are trusted for this long without a look. */
#define TRUSTED_SECONDS 1.0
/* A database that could not be reached is not asked again for this long, where another will do. */
#define DOWN_SECONDS 5.0

static void forget(nu__handle *handle)
{
    nu__database *database = handle->database;

    database->n_handles--;
    database->metrics.closed++;
    database->driver->close(handle);
}

static bool too_old(const nu__handle *handle)
{
    return nu__loop_seconds() - handle->opened_at >= handle->database->max_age;
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

/* No statement would be sent on it. */
static bool known_broken(const nu__handle *handle)
{
    const nu__driver *driver = handle->database->driver;

    return driver->load && driver->load(handle) == UINT32_MAX;
}

static nu__handle *take_idle(nu__database *database)
{
    while (database->idle) {
        nu__handle *handle = database->idle;
        double idle = nu__loop_seconds() - handle->used_at;
        bool look = database->health_checks || idle >= TRUSTED_SECONDS || known_broken(handle);

        database->idle = handle->next;
        if (!too_old(handle) && (!look || still_usable(handle, idle)))
            return handle;
        database->metrics.unusable++;
        forget(handle);
    }
    return NULL;
}

void nu__handles_drop_broken(nu__database *database)
{
    nu__handle **at = &database->idle;

    while (*at) {
        nu__handle *handle = *at;

        if (known_broken(handle)) {
            *at = handle->next;
            database->metrics.unusable++;
            forget(handle);
        } else {
            at = &handle->next;
        }
    }
    nu__shared_drop_broken(database);
}

/* A place, in order of arrival. */
static bool enter(nu__database *database)
{
    double began;
    bool entered;

    if (database->gate.free)
        return nu__gate_enter(&database->gate, 0);
    began = nu__time();
    database->metrics.waits++;
    entered = nu__gate_enter(&database->gate, began + database->timeout);
    database->metrics.wait_seconds += nu__time() - began;
    database->metrics.timeouts += !entered;
    return entered;
}

static void note_down(void *arg)
{
    ((nu__database *)arg)->down_until = nu__time() + DOWN_SECONDS;
}

nu__handle *nu__handle_open(nu__database *database)
{
    size_t slot = nu__cleanup_push(note_down, database);
    nu__handle *handle = database->driver->open(database);

    nu__cleanup_pop(slot);
    database->down_until = 0;
    handle->database = database;
    handle->opened_at = nu__loop_seconds();
    database->n_handles++;
    database->metrics.opened++;
    return handle;
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
    handle = nu__handle_open(database);
    nu__cleanup_pop(slot);
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
        handle->used_at = nu__loop_seconds();
        handle->next = database->idle;
        database->idle = handle;
    }
    nu__gate_leave(&database->gate);
}

/* ---- warm from the start ------------------------------------------------------------------ */

static void return_all(void *arg)
{
    nu__handle **handles = arg;

    for (size_t i = 0; handles[i]; i++)
        nu__handle_return(handles[i], false);
}

static void warm(void *arg)
{
    nu__database *database = arg;
    nu__handle **handles = nu_alloc_array(nu__handle *, database->min_handles + 1);

    nu_defer(return_all, handles);
    for (uint32_t i = 0; i < database->min_handles; i++)
        handles[i] = nu__handle_borrow(database);
}

void nu__databases_warm(void)
{
    const char *alias;

    for (size_t i = 0; (alias = nu__database_alias(i)); i++) {
        nu__database *database = nu__database_of(alias);

        if (database->min_handles)
            nu__fiber_spawn("opening database connections", warm, database);
    }
}

/* ---- what it does ------------------------------------------------------------------------- */

nu_pool nu_pool_of(const char *alias)
{
    const nu__database *database = nu__database_of(alias ? alias : "default");
    const nu__pool_metrics *metrics = &database->metrics;
    nu_pool pool = { .max = database->max_handles,
                     .open = database->n_handles,
                     .shared = database->n_shared,
                     .lent = database->max_handles - database->max_shared - database->gate.free,
                     .waiting = nu__gate_waiting(&database->gate),
                     .opened = metrics->opened,
                     .closed = metrics->closed,
                     .loans = metrics->lent,
                     .shared_statements = metrics->statements_shared,
                     .waits = metrics->waits,
                     .timeouts = metrics->timeouts,
                     .unusable = metrics->unusable,
                     .wait_seconds = metrics->wait_seconds };

    for (const nu__handle *handle = database->idle; handle; handle = handle->next)
        pool.idle++;
    return pool;
}
