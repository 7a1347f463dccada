#include "conf/settings.h"
#include "core/context.h"
#include "core/fault.h"
#include "db/driver.h"
#include "loop/loop.h"
#include "loop/moderation.h"
#include "utils/url.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In order of the settings; filled before workers fork, each process then has its own pools. */
static nu__database *databases;
static bool files_required;

char *nu__database_keep(nu_str text)
{
    char *copy = nu__malloc(text.len + 1);

    if (!copy)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading the database settings");
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return copy;
}

/* The part of *rest before `mark`, which is taken off; all of it when there is no mark. */
static nu_str take_until(nu_str *rest, char mark)
{
    const char *at = rest->len ? memchr(rest->ptr, mark, rest->len) : NULL;
    size_t len = at ? (size_t)(at - rest->ptr) : rest->len;
    size_t gone = at ? len + 1 : len;
    nu_str head = { rest->ptr, len };

    if (gone)
        *rest = (nu_str){ rest->ptr + gone, rest->len - gone };
    return head;
}

static void add_option(nu__database *database, nu_str pair)
{
    nu_str name = take_until(&pair, '=');

    if (database->n_options == sizeof database->options / sizeof *database->options)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "database '{}': its URL has too many options",
                 database->alias);
    database->options[database->n_options++] =
        (nu__database_option){ .name = nu__database_keep(nu__unquote(name)),
                               .value = nu__database_keep(nu__unquote(pair)) };
}

static void add_options(nu__database *database, nu_str query)
{
    while (query.len) {
        nu_str pair = take_until(&query, '&');

        if (pair.len)
            add_option(database, pair);
    }
}

const char *nu__database_option_of(const nu__database *database, const char *name)
{
    for (size_t i = 0; i < database->n_options; i++)
        if (strcmp(database->options[i].name, name) == 0)
            return database->options[i].value;
    return NULL;
}

double nu__database_number(const nu__database *database, const char *name, double missing,
                           double most)
{
    const char *text = nu__database_option_of(database, name);
    char *end;
    double number = text ? strtod(text, &end) : missing;

    if (text && (*end || !*text || !(number > 0) || number > most))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "database '{}': option {} is '{}'; it takes a number above 0 and at most {}",
                 database->alias, name, text, (int64_t)most);
    return number;
}

static const nu__driver *driver_named(const char *alias, nu_str name)
{
    const nu__driver *driver = nu__driver_find(name);

    if (!driver)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "database '{}': the backend '{}' is not built into this executable; built in: {}",
                 alias, name, nu__driver_names());
    return driver;
}

/* One at least is left to lend. */
static uint32_t shared_of(const nu__database *database, const nu__driver *driver)
{
    uint32_t n = driver->max_shared;

    if (!n)
        return 0;
    if (nu__database_option_of(database, "shared_connections"))
        n = (uint32_t)nu__database_number(database, "shared_connections", n, NU__SHARED_MOST);
    return n < database->max_handles ? n : database->max_handles - 1;
}

static void finish(nu__database *database, const nu__driver *driver, nu_str rest)
{
    database->driver = driver;
    database->timeout = nu__database_number(database, "timeout", 5, 86400);
    database->max_handles =
        (uint32_t)nu__database_number(database, "max_connections", driver->max_handles, 1024);
    driver->configure(database, rest);
    database->max_shared = shared_of(database, driver);
    if (nu__database_option_of(database, "min_connections"))
        database->min_handles = (uint32_t)nu__database_number(
            database, "min_connections", 1, database->max_handles - database->max_shared);
    database->gate.free = database->max_handles - database->max_shared;
    database->opening.free = 1;
}

/* What a URL or the settings say; NULL where they say nothing. */
static char *keep_given(nu_str text)
{
    return text.len ? nu__database_keep(text) : NULL;
}

static char *keep_part(nu_str part)
{
    return keep_given(nu__unquote(part));
}

/* "a:5432,[::1]:5433,c" as hosts "a,::1,c" and ports "5432,5433,". */
static void read_hosts(nu__database *database, nu_str places)
{
    nu__buf hosts = { 0 }, ports = { 0 };
    bool any_port = false;

    while (places.len) {
        nu_str place = take_until(&places, ','), host;

        if (place.len && place.ptr[0] == '[') {
            place = (nu_str){ place.ptr + 1, place.len - 1 };
            host = take_until(&place, ']');
            take_until(&place, ':');
        } else {
            host = take_until(&place, ':');
        }
        any_port |= place.len > 0;
        nu__buf_str_add(&hosts, host);
        nu__buf_str_add(&ports, place);
        if (places.len) {
            nu__buf_char(&hosts, ',');
            nu__buf_char(&ports, ',');
        }
    }
    database->host = keep_part(nu__buf_str(&hosts));
    if (any_port)
        database->port = keep_part(nu__buf_str(&ports));
}

/* "user:password@host:port/name"; the host may be a socket's folder, percent-encoded. */
static void read_server(nu__database *database, nu_str rest)
{
    const char *at = rest.len ? memrchr(rest.ptr, '@', rest.len) : NULL;
    nu_str user, places;

    if (at) {
        nu_str account = { rest.ptr, (size_t)(at - rest.ptr) };

        rest = (nu_str){ at + 1, rest.len - account.len - 1 };
        user = take_until(&account, ':');
        database->user = keep_part(user);
        database->password = keep_part(account);
    }
    places = take_until(&rest, '/');
    read_hosts(database, places);
    database->name = keep_part(rest);
}

static void read_url(nu__database *database, nu_str url)
{
    const char *colon = memmem(url.ptr, url.len, "://", 3);
    nu_str query =
        colon ? (nu_str){ colon + 3, url.len - (size_t)(colon + 3 - url.ptr) } : (nu_str){ 0 };
    nu_str rest = take_until(&query, '?');
    nu_str scheme = { url.ptr, colon ? (size_t)(colon - url.ptr) : 0 };
    const nu__driver *driver;

    if (!colon)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "database '{}': '{}' is no database URL; write, say, sqlite:///db.sqlite3",
                 database->alias, url);
    add_options(database, query);
    driver = driver_named(database->alias, scheme);
    if (driver->server)
        read_server(database, rest);
    finish(database, driver, driver->server ? (nu_str){ 0 } : nu__unquote(rest));
}

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

static void take_lifetime(nu__database *database, const nu_database *given)
{
    if (given->conn_max_age < 0)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "database '{}': conn_max_age is {}; it takes a number of seconds, and no number "
                 "for connections that stay",
                 database->alias, (int64_t)given->conn_max_age);
    if (given->conn_max_age)
        database->max_age = given->conn_max_age;
    database->health_checks = given->conn_health_checks;
    database->replica_of = keep_given(nu_s(given->replica_of));
    database->mirror = keep_given(nu_s(given->mirror));
}

typedef struct given_url {
    nu_str url;
    const nu_database *given; /* NULL: none beside the URL */
} given_url;

static void fill_from_url(nu__database *database, const void *arg)
{
    const given_url *from = arg;

    if (from->given)
        take_lifetime(database, from->given);
    read_url(database, from->url);
}

static void fill_from_settings(nu__database *database, const void *settings)
{
    const nu_database *given = settings;

    if (!given->name || !*given->name)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "settings.DATABASES is improperly configured. Please supply the NAME value. "
                 "(database '{}')",
                 database->alias);
    database->name = nu__database_keep(nu_s(given->name));
    database->host = keep_given(nu_s(given->host));
    database->port = keep_given(nu_s(given->port));
    database->user = keep_given(nu_s(given->user));
    database->password = keep_given(nu_s(given->password));
    add_options(database, nu_s(given->options));
    take_lifetime(database, given);
    finish(database, driver_named(database->alias, nu_s(given->engine ? given->engine : "sqlite")),
           (nu_str){ 0 });
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
    add(alias, fill_from_url, &(given_url){ url, NULL });
}

void nu__databases_setup(const nu_database *given, size_t n)
{
    nu__moderation_limit(NU__ANSWERS, "DATABASE_ANSWER_DELAY", nu__settings.database_answer_delay);
    for (size_t i = 0; i < n; i++) {
        const char *alias = given[i].alias ? given[i].alias : "default";
        nu_str url = url_of(&given[i], alias);

        if (url.len)
            add(alias, fill_from_url, &(given_url){ url, &given[i] });
        else
            add(alias, fill_from_settings, &given[i]);
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
