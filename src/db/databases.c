#include "conf/settings.h"
#include "core/context.h"
#include "core/fault.h"
#include "db/driver.h"
#include "loop/loop.h"
#include "loop/moderation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In order of the settings; filled before workers fork, each process then has its own pools. */
static nu__database *databases;
static bool files_required;

static void free_database(nu__database *database)
{
    for (size_t i = 0; i < database->n_options; i++) {
        free(database->options[i].name);
        free(database->options[i].value);
    }
    if (database->driver && database->driver->release)
        database->driver->release(database);
    free(database->config);
    free(database->name);
    free(database->host);
    free(database->port);
    free(database->user);
    free(database->password);
    free(database->replica_of);
    free(database->mirror);
    free(database->alias);
    free(database);
}

static void free_unless_kept(void *arg)
{
    nu__database **database = arg;

    if (*database)
        free_database(*database);
}

static nu__database **place_of(const char *alias)
{
    nu__database **place = &databases;

    while (*place && strcmp((*place)->alias, alias) != 0)
        place = &(*place)->next;
    return place;
}

static void close_idle(nu__database *database)
{
    while (database->idle) {
        nu__handle *handle = database->idle;

        database->idle = handle->next;
        database->n_handles--;
        database->driver->close(handle);
    }
    nu__shared_close(database);
}

static void retire(nu__database *database)
{
    close_idle(database);
    database->retired = true;
    if (!database->n_sessions)
        free_database(database);
}

void nu__database_ref(nu__database *database)
{
    database->n_sessions++;
}

void nu__database_unref(nu__database *database)
{
    if (--database->n_sessions == 0 && database->retired)
        retire(database);
}

/* In the place of an older one of the alias, or at the end. */
static void add(const char *alias, void (*fill)(nu__database *, const void *), const void *arg)
{
    nu__database *database = nu__malloc_zeroed(sizeof *database), **place = place_of(alias),
                 *old = *place;

    if (!database)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading the database settings");
    nu_defer(free_unless_kept, &database);
    database->alias = nu__database_keep(nu_s(alias));
    database->max_age = INFINITY;
    fill(database, arg);
    database->next = old ? old->next : NULL;
    *place = database;
    database = NULL;
    if (old)
        retire(old);
}

/* The environment's word on a database; null: the settings' stands. */
static nu_str url_of(const nu_database *given, const char *alias)
{
    const char *url = given->url_env ? getenv(given->url_env) : NULL;

    if (url && *url)
        return nu_s(url);
    return strcmp(alias, "default") == 0 ? nu__settings.database_url : (nu_str){ 0 };
}

void nu__database_add(const char *alias, nu_str url)
{
    add(alias, nu__database_fill_url, &(nu__given_url){ url, NULL });
}

void nu__databases_setup(const nu_database *given, size_t n)
{
    nu__moderation_limit(NU__ANSWERS, "DATABASE_ANSWER_DELAY", nu__settings.database_answer_delay);
    for (size_t i = 0; i < n; i++) {
        const char *alias = given[i].alias ? given[i].alias : "default";
        nu_str url = url_of(&given[i], alias);

        if (url.len)
            add(alias, nu__database_fill_url, &(nu__given_url){ url, &given[i] });
        else
            add(alias, nu__database_fill_settings, &given[i]);
    }
    if (!*place_of("default") && nu__settings.database_url.len)
        nu__database_add("default", nu__settings.database_url);
}

/* ---- replicas and mirrors ----------------------------------------------------------------- */

static bool mirroring;

void nu__databases_mirror(bool on)
{
    mirroring = on;
}

const char *nu__mirror_of(const char *alias)
{
    const nu__database *database = mirroring ? *place_of(alias) : NULL;

    return database && database->mirror ? database->mirror : alias;
}

bool nu__has_replicas(const char *alias)
{
    for (const nu__database *database = databases; database; database = database->next)
        if (database->replica_of && strcmp(database->replica_of, alias) == 0)
            return true;
    return false;
}

static void open_one(void *arg)
{
    nu__handle_return(nu__handle_borrow(arg), false);
}

/* One that has no connection is tried first, so that the statement itself need not fail. */
static bool reachable(nu__database *database)
{
    const nu_error *error;

    if (nu__time() < database->down_until)
        return false;
    nu__handles_drop_broken(database);
    if (database->n_handles)
        return true;
    error = nu__guard(open_one, database);
    if (error && error->klass == NU_CANCELLED)
        nu_reraise(error);
    return !error;
}

const char *nu__primary_of(const char *alias)
{
    const nu__database *database = *place_of(alias);

    return database && database->replica_of ? database->replica_of : alias;
}

const char *nu__replica_for_read(const char *alias)
{
    static uint32_t turn;
    nu__database *replicas[8];
    uint32_t n = 0;

    for (nu__database *database = databases; database && n < 8; database = database->next)
        if (database->replica_of && strcmp(database->replica_of, alias) == 0)
            replicas[n++] = database;
    if (!n || nu__reads_from_primary(alias))
        return alias;
    turn++;
    for (uint32_t i = 0; i < n; i++)
        if (reachable(replicas[(turn + i) % n]))
            return replicas[(turn + i) % n]->alias;
    return alias;
}

nu__database *nu__database_of(const char *alias)
{
    nu__database *database = *place_of(alias);

    if (!database)
        nu_raise(NU_CONNECTION_DOES_NOT_EXIST, "The connection '{}' doesn't exist.", alias);
    return database;
}

const char *nu__database_alias(size_t index)
{
    nu__database *database = databases;

    while (database && index--)
        database = database->next;
    return database ? database->alias : NULL;
}

void nu__databases_close(void)
{
    for (nu__database *database = databases; database; database = database->next)
        close_idle(database);
}

void nu__databases_require_files(bool required)
{
    files_required = required;
}

bool nu__databases_may_create(void)
{
    return !files_required;
}
