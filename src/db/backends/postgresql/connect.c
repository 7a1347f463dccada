/* Opening and closing: libpq finds the host, speaks TLS, authenticates; then its socket is ours.
 *
 * Each step of libpq's may look up a name, read a certificate or hash a password, so it runs on the
 * pool of threads; the waits between are the fiber's. */
#include "db/backends/postgresql/postgresql.h"

#include "core/context.h"
#include "core/fault.h"
#include "loop/io.h"
#include "loop/pool.h"

#include <stdlib.h>
#include <string.h>

typedef struct dial {
    const nu__pg_config *config;
    PGconn *conn;
    PostgresPollingStatusType status;
} dial;

static void begin(void *arg)
{
    dial *dial = arg;

    dial->conn = PQconnectStartParams(dial->config->keywords, dial->config->values, 0);
    dial->status = dial->conn && PQstatus(dial->conn) != CONNECTION_BAD ? PGRES_POLLING_WRITING
                                                                        : PGRES_POLLING_FAILED;
}

static void step(void *arg)
{
    dial *dial = arg;

    dial->status = PQconnectPoll(dial->conn);
}

static void hang_up(void *arg)
{
    PQfinish(((dial *)arg)->conn);
}

static void close_watch(void *watch)
{
    nu__watch_close(watch);
}

/* The socket may be another one after each step. */
static bool wait_for(const dial *dial, double deadline)
{
    nu__watch *watch = nu__watch_open(PQsocket(dial->conn));
    size_t slot;
    bool ready;

    if (!watch)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a database connection");
    slot = nu__cleanup_push(close_watch, watch);
    ready = nu__watch_wait(
        watch, dial->status == PGRES_POLLING_READING ? NU__READABLE : NU__WRITABLE, deadline);
    nu__cleanup_pop(slot);
    nu__watch_close(watch);
    return ready;
}

static void connect_by(dial *dial, const nu__database *database)
{
    double deadline = nu__time() + dial->config->connect_timeout;

    nu__pool_run(begin, dial);
    while (dial->status != PGRES_POLLING_OK) {
        if (dial->status == PGRES_POLLING_FAILED)
            nu__pg_raise_connecting(database,
                                    dial->conn ? PQerrorMessage(dial->conn) : "out of memory");
        if (!wait_for(dial, deadline))
            nu__pg_raise_connecting(database, "connection timeout expired");
        nu__pool_run(step, dial);
    }
}

static void check_version(const PGconn *conn)
{
    int version = PQserverVersion(conn);

    if (version < 140000)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "PostgreSQL 14 or later is required (found {}.{}).",
                 (int64_t)version / 10000, (int64_t)version % 10000);
}

static nu__pg *take_over(nu__database *database, PGconn *conn)
{
    nu__pg *pg = nu__malloc_zeroed(sizeof *pg);

    if (!pg)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a database connection");
    pg->handle.database = database;
    pg->conn = conn;
    pg->fd = PQsocket(conn);
    pg->ssl = PQsslStruct(conn, "OpenSSL");
    pg->last = &pg->first;
    pg->status = 'I';
    return pg;
}

static void close_handle(void *pg)
{
    nu__pg_close(pg);
}

/* What the start of the session could not say: as Django, only where the server has it otherwise.
 */
static void prepare_session(nu__pg *pg)
{
    const nu__pg_config *config = nu__pg_config_of(pg->handle.database);
    const char *zone = PQparameterStatus(pg->conn, "TimeZone");
    nu_values none = { 0 };
    size_t slot = nu__cleanup_push(close_handle, pg);

    if (!zone || strcmp(zone, "UTC") != 0)
        nu__pg_execute(&pg->handle, S("SET TIME ZONE 'UTC'"), &none, 1, NULL, NULL);
    if (config->role)
        nu__pg_execute(&pg->handle, nu_s(config->role), &none, 1, NULL, NULL);
    nu__cleanup_pop(slot);
}

nu__handle *nu__pg_open(nu__database *database)
{
    dial dial = { .config = nu__pg_config_of(database) };
    size_t slot = nu__cleanup_push(hang_up, &dial);
    nu__pg *pg;

    connect_by(&dial, database);
    check_version(dial.conn);
    pg = take_over(database, dial.conn);
    nu__cleanup_pop(slot);
    prepare_session(pg);
    nu__pg_pump(pg, false); /* from now on the loop sees when the server hangs up */
    return &pg->handle;
}

/* ---- closing ------------------------------------------------------------------------------ */

static void free_when_flushed(nu__turn_end *work)
{
    free((char *)work - offsetof(nu__pg, flush));
}

void nu__pg_close(nu__handle *handle)
{
    nu__pg *pg = nu__pg_of(handle);

    nu__pg_poll_close(pg);
    nu__pg_lose(pg);
    nu__pg_cache_clear(pg);
    PQfinish(pg->conn);
    free(pg->in);
    free(pg->out);
    free(pg->farewell);
    /* The end of this turn still has it on its list. */
    if (pg->flush.requested)
        pg->flush.fn = free_when_flushed;
    else
        free(pg);
}

/* ---- cancelling --------------------------------------------------------------------------- */

static void send_cancel(void *arg)
{
    char why[256];

    PQcancel(arg, why, sizeof why);
}

static void free_cancel(void *arg)
{
    PQfreeCancel(arg);
}

void nu__pg_cancel(nu__pg *pg)
{
    PGcancel *cancel = PQgetCancel(pg->conn);
    size_t slot;

    if (!cancel)
        return;
    slot = nu__cleanup_push(free_cancel, cancel);
    nu__pool_run(send_cancel, cancel);
    nu__cleanup_pop(slot);
    PQfreeCancel(cancel);
}
