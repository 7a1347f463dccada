/* What a URL or the settings say of a database. */
#include "core/fault.h"
#include "core/suggest.h"
#include "db/driver.h"
#include "utils/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* "disable, prefer or require", with " or " as `last` */
static nu_str words_of(const char *const *names, size_t n, const char *last)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < n; i++)
        nu__buf_fmt(&out, "{}{}", !i ? "" : i + 1 == n ? last : ", ", names[i]);
    return nu__buf_str(&out);
}

static bool is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

void nu__database_check_names(const nu__database *database, const char *const *names, size_t n,
                              const char *has, const char *takes)
{
    for (size_t i = 0; i < database->n_options; i++)
        if (!is_among(database->options[i].name, names, n))
            nu_raise(NU_IMPROPERLY_CONFIGURED, "database '{}': {} no option '{}'; {} {}",
                     database->alias, has, database->options[i].name, takes,
                     words_of(names, n, " and "));
}

void nu__database_check_choice(const nu__database *database, const nu__database_choice *choice)
{
    const char *given = nu__database_option_of(database, choice->option);
    size_t n = 0;

    if (!given || !*given)
        return;
    for (; n < sizeof choice->names / sizeof *choice->names && choice->names[n]; n++)
        if (!(choice->any_case ? strcasecmp : strcmp)(given, choice->names[n]))
            return;
    nu_raise(NU_IMPROPERLY_CONFIGURED, "database '{}': option {} is '{}'; it takes {}.{}",
             database->alias, choice->option, given, words_of(choice->names, n, " or "),
             nu__suggestion(nu_s(given), choice->names, n));
}

static const nu__driver *driver_named(const char *alias, nu_str name)
{
    const nu__driver *driver = nu__driver_find(name);

    if (!driver)
        nu_raise(
            NU_IMPROPERLY_CONFIGURED,
            "database '{}': the backend '{}' is not built into this executable; built in: {}.{}",
            alias, name, nu__driver_names(), nu__driver_suggestion(name));
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

static bool is_port(nu_str text)
{
    int64_t port = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || port > 65535)
            return false;
        port = port * 10 + text.ptr[i] - '0';
    }
    return !text.len || (port >= 1 && port <= 65535);
}

/* What stands there is not shown: where the @ is missing it is the password. */
static void check_ports(const nu__database *database)
{
    nu_str ports = nu_s(database->port ? database->port : "");

    while (ports.len)
        if (!is_port(take_until(&ports, ',')))
            nu_raise(NU_IMPROPERLY_CONFIGURED,
                     "database '{}': its port is no whole number from 1 to 65535. A URL is "
                     "engine://user:password@host:port/name, with @, : and / of a password as "
                     "%40, %3A and %2F",
                     database->alias);
}

static void finish(nu__database *database, const nu__driver *driver, nu_str rest)
{
    if (driver->server)
        check_ports(database);
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

/* A text that was meant as a URL, without the account before its host. */
static nu_str without_account(nu_str url)
{
    const char *at = url.len ? memrchr(url.ptr, '@', url.len) : NULL;

    return at ? nu_fmt("…{}", ((nu_str){ at, url.len - (size_t)(at - url.ptr) })) : url;
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
                 database->alias, without_account(url));
    add_options(database, query);
    driver = driver_named(database->alias, scheme);
    if (driver->server)
        read_server(database, rest);
    finish(database, driver, driver->server ? (nu_str){ 0 } : nu__unquote(rest));
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

void nu__database_fill_url(nu__database *database, const void *arg)
{
    const nu__given_url *from = arg;

    if (from->given)
        take_lifetime(database, from->given);
    read_url(database, from->url);
}

void nu__database_fill_settings(nu__database *database, const void *settings)
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
