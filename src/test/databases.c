/* The databases of the tests: made, migrated, dropped. */
#include "core/buf.h"
#include "core/text.h"
#include "db/backends/base.h"
#include "db/connection.h"
#include "db/driver.h"
#include "test/runner.h"
#include "utils/url.h"

#include <nuages/timezone.h>

#include <string.h>
#include <unistd.h>

#define MAINTENANCE "_nuages_tests" /* the alias by which databases are made */

enum { MOST_ALIASES = 8 };

/* What this process has made on servers, to be dropped. */
static struct {
    nu_str alias, name, server; /* `server`: the URL of its maintenance database */
} made[MOST_ALIASES];
static size_t n_made;

/* ---- files ----------------------------------------------------------------------------------- */

static nu_str numbered(nu_str name, int number)
{
    return number ? nu_fmt("test_{}_{}", name, (int64_t)number) : nu_fmt("test_{}", name);
}

/* "/data/db.sqlite3" is "/data/test_db.sqlite3"; of the second process "/data/test_db_2.sqlite3".
 */
static nu_str test_file(nu_str file, int number)
{
    const char *slash = memrchr(file.ptr, '/', file.len);
    size_t cut = slash ? (size_t)(slash + 1 - file.ptr) : 0;
    const char *dot = memchr(file.ptr + cut, '.', file.len - cut);
    size_t end = dot ? (size_t)(dot - file.ptr) : file.len;

    return nu_fmt("{}{}{}", nu__sub(file, 0, cut), numbered(nu__sub(file, cut, end), number),
                  nu__sub(file, end, file.len));
}

static void use_sqlite(nu_str alias, const nu__test_options *options, int number)
{
    nu_str name = nu_copy_cstr(nu__database_of(alias.ptr)->name);
    bool in_memory = !options->keepdb || nu__find(name, S(":memory:")) >= 0;

    nu__database_add(alias.ptr, in_memory ? S("sqlite://:memory:")
                                          : nu_fmt("sqlite:///{}", test_file(name, number)));
}

/* ---- servers --------------------------------------------------------------------------------- */

static void add_quoted(nu__buf *out, const char *before, const char *text)
{
    if (!text || !*text)
        return;
    nu__buf_str_add(out, nu_s(before));
    nu__urlquote_to(out, nu_s(text), "");
}

/* The URL of another database of the same server, with the same options. */
static nu_str url_of(const nu__database *database, const char *name)
{
    bool by_socket = database->host && database->host[0] == '/';
    nu__buf out = { 0 };

    nu__buf_fmt(&out, "{}://", database->driver->schemes[0]);
    add_quoted(&out, "", database->user);
    add_quoted(&out, ":", database->password);
    if (database->user && *database->user)
        nu__buf_char(&out, '@');
    add_quoted(&out, "", database->host);
    if (!by_socket)
        add_quoted(&out, ":", database->port);
    nu__buf_char(&out, '/');
    add_quoted(&out, "", name);
    for (size_t i = 0; i < database->n_options; i++) {
        nu__buf_char(&out, i ? '&' : '?');
        add_quoted(&out, "", database->options[i].name);
        nu__buf_char(&out, '=');
        add_quoted(&out, "", database->options[i].value);
    }
    return nu__buf_str(&out);
}

static void run(nu__connection *connection, const char *verb, nu_str name)
{
    nu__buf sql = { 0 };

    nu__buf_fmt(&sql, "{} ", verb);
    connection->backend->operations->quote_name(&sql, name);
    nu__db_execute(connection, nu__buf_str(&sql), (nu_values){ 0 }, NULL);
}

static void use_server(nu_str alias, const nu__test_options *options, int number)
{
    const nu__database *database = nu__database_of(alias.ptr);
    bool mysql = !strcmp(database->driver->vendor, "mysql");
    nu_str name = numbered(nu_copy_cstr(database->name), number),
           server = url_of(database, mysql ? "information_schema" : "postgres"),
           url = url_of(database, name.ptr);
    nu__connection *connection;

    nu__database_add(MAINTENANCE, server);
    connection = nu__connection_of(MAINTENANCE);
    if (!options->keepdb)
        run(connection, "DROP DATABASE IF EXISTS", name);
    if (nu_catch(NU_DATABASE_ERROR, run(connection, "CREATE DATABASE", name)) && !options->keepdb)
        nu_raise(NU_COMMAND_ERROR, "the test database {} could not be made", name);
    nu__database_add(alias.ptr, url);
    if (!options->keepdb && n_made < MOST_ALIASES) {
        made[n_made].alias = alias;
        made[n_made].server = server;
        made[n_made++].name = name;
    }
}

/* ---- all of them ----------------------------------------------------------------------------- */

void nu__test_databases_make(const nu__test_options *options, int number)
{
    nu_str aliases[MOST_ALIASES];
    const char *alias;
    size_t n = 0;

    for (; n < MOST_ALIASES && (alias = nu__database_alias(n)); n++)
        aliases[n] = nu_copy_cstr(alias); /* the database that goes takes its own with it */
    n_made = 0;
    for (size_t i = 0; i < n; i++) {
        double began = nu_monotonic();

        if (!strcmp(nu__database_of(aliases[i].ptr)->driver->vendor, "sqlite"))
            use_sqlite(aliases[i], options, number);
        else
            use_server(aliases[i], options, number);
        options->migrate(aliases[i].ptr);
        nu__timing_made(aliases[i], nu_monotonic() - began);
    }
}

void nu__test_databases_drop(const nu__test_options *options)
{
    double began = nu_monotonic();

    (void)options;
    nu__databases_close(); /* a database that is in use can't be dropped */
    for (size_t i = 0; i < n_made; i++) {
        nu__database_add(MAINTENANCE, made[i].server);
        run(nu__connection_of(MAINTENANCE), "DROP DATABASE IF EXISTS", made[i].name);
    }
    nu__timing_dropped(nu_monotonic() - began);
}
