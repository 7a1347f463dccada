#include "db/backends/mysql/mysql.h"

#include "core/fault.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const option_names[] = {
    "timeout",         "max_connections", "connect_timeout", "read_timeout",       "write_timeout",
    "isolation_level", "init_command",    "charset",         "unix_socket",        "ssl_mode",
    "ssl_ca",          "ssl_cert",        "ssl_key",         "shared_connections",
};

/* The library would take what it does not know for REQUIRED. */
static const nu__database_choice ssl_modes = {
    "ssl_mode",
    { "DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY" },
    .any_case = true,
};

static const char *const isolation_levels[] = {
    "READ COMMITTED",
    "READ UNCOMMITTED",
    "REPEATABLE READ",
    "SERIALIZABLE",
};

/* Django's default; "none" keeps the server's. */
static const char *isolation_of(const nu__database *database)
{
    const char *level = nu__database_option_of(database, "isolation_level");

    if (!level)
        return isolation_levels[0];
    if (strcasecmp(level, "none") == 0 || !*level)
        return NULL;
    for (size_t i = 0; i < sizeof isolation_levels / sizeof *isolation_levels; i++)
        if (strcasecmp(level, isolation_levels[i]) == 0)
            return isolation_levels[i];
    nu_raise(NU_IMPROPERLY_CONFIGURED,
             "Invalid transaction isolation level '{}' specified.\nUse one of 'read committed', "
             "'read uncommitted', 'repeatable read', 'serializable', or None.",
             level);
}

/* A character set's name stands in SQL as it is. */
static const char *charset_of(const nu__database *database)
{
    const char *charset = nu__database_option_of(database, "charset");

    if (!charset)
        return "utf8mb4";
    if (strcmp(charset, "utf8mb4") != 0 && strcmp(charset, "utf8mb3") != 0 &&
        strcmp(charset, "utf8") != 0)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "database '{}': charset is '{}'; texts are UTF-8: utf8mb4 (or utf8mb3 for an old "
                 "database)",
                 database->alias, charset);
    return charset;
}

static double seconds_option(const nu__database *database, const char *name, double missing)
{
    const char *text = nu__database_option_of(database, name);
    char *end;
    double seconds = text ? strtod(text, &end) : missing;

    if (text && (*end || !*text || !(seconds > 0) || seconds > 86400))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "database '{}': option {} is '{}'; it takes seconds, above 0 and at most 86400",
                 database->alias, name, text);
    return seconds;
}

/* ---- the server ----------------------------------------------------------------------------- */

/* Where the library speaks TLS, or keeps time for each read, it must read and write itself. */
static bool wants_library(const nu__database *database)
{
    static const char *const names[] = { "read_timeout", "write_timeout", "ssl_ca", "ssl_cert",
                                         "ssl_key" };
    const char *mode = nu__database_option_of(database, "ssl_mode");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nu__database_option_of(database, names[i]))
            return true;
    return mode && strcasecmp(mode, "DISABLED") != 0;
}

static unsigned port_of(const nu__database *database)
{
    char *end;
    long port = database->port ? strtol(database->port, &end, 10) : 0;

    if (database->port && (*end || port < 1 || port > 65535))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "database '{}': '{}' is no port", database->alias,
                 database->port);
    return (unsigned)port;
}

/* A host that begins with a slash is a socket, as in Django; "localhost" is the default socket. */
static void take_place(nu__mysql_config *config, const nu__database *database)
{
    struct in6_addr numbers;
    const char *host = database->host;

    config->port = port_of(database);
    config->socket = nu__database_option_of(database, "unix_socket");
    if (host && *host == '/')
        config->socket = host;
    else if (host && strcmp(host, "localhost") != 0)
        config->host = host;
    config->by_name = config->host && inet_pton(AF_INET, host, &numbers) != 1 &&
                      inet_pton(AF_INET6, host, &numbers) != 1;
}

void nu__mysql_configure(nu__database *database, nu_str rest)
{
    nu__mysql_config *config;

    (void)rest;
    nu__mysql_load();
    config = nu__malloc_zeroed(sizeof *config);
    if (!config)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading the database settings");
    database->config = config;
    if (!database->name)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "database '{}': its URL names no database: mysql://USER:PASSWORD@HOST:PORT/NAME",
                 database->alias);
    nu__database_check_names(database, option_names, sizeof option_names / sizeof *option_names,
                             "MySQL and MariaDB have", "they take");
    nu__database_check_choice(database, &ssl_modes);
    take_place(config, database);
    config->isolation = isolation_of(database);
    config->charset = charset_of(database);
    config->alone = wants_library(database);
    config->connect_timeout = seconds_option(database, "connect_timeout", 10);
    seconds_option(database, "read_timeout", 1);
    seconds_option(database, "write_timeout", 1);
}
