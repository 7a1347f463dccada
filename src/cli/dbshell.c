/* dbshell: the database's own client. */
#include "cli/commands.h"
#include "db/database.h"
#include "db/driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_WORDS = 64 };

typedef struct words {
    const char *items[MOST_WORDS];
    size_t n;
} words;

static void add(words *w, const char *word)
{
    if (w->n < MOST_WORDS - 1)
        w->items[w->n++] = word;
}

static void add_all(words *w, const nu_list *more)
{
    for (size_t i = 0; i < nu_list_len(more); i++)
        add(w, nu_at(more, i).s.ptr);
}

/* "--host=…" where the database has one. */
static void add_option(words *w, const char *option, const char *value)
{
    if (value && *value)
        add(w, nu_fmt("{}{}", option, value).ptr);
}

/* "-h", "…": as two words. */
static void add_pair(words *w, const char *option, const char *value)
{
    if (!value || !*value)
        return;
    add(w, option);
    add(w, value);
}

static void set_variable(const char *name, const char *value)
{
    if (value && *value)
        setenv(name, value, 1);
}

static void sqlite(words *w, const nu__database *database, const nu_list *more)
{
    add(w, "sqlite3");
    add(w, database->name);
    add_all(w, more);
}

static const struct {
    const char *option, *variable;
} postgresql_variables[] = {
    { "service", "PGSERVICE" }, { "sslmode", "PGSSLMODE" }, { "sslrootcert", "PGSSLROOTCERT" },
    { "sslcert", "PGSSLCERT" }, { "sslkey", "PGSSLKEY" },   { "passfile", "PGPASSFILE" },
};

static void postgresql(words *w, const nu__database *database, const nu_list *more)
{
    const char *name = database->name;

    if ((!name || !*name) && !nu__database_option_of(database, "service"))
        name = "postgres";
    add(w, "psql");
    add_pair(w, "-U", database->user);
    add_pair(w, "-h", database->host);
    add_pair(w, "-p", database->port);
    add_all(w, more);
    if (name && *name)
        add(w, name);
    set_variable("PGPASSWORD", database->password);
    for (size_t i = 0; i < sizeof postgresql_variables / sizeof *postgresql_variables; i++)
        set_variable(postgresql_variables[i].variable,
                     nu__database_option_of(database, postgresql_variables[i].option));
}

static void mysql(words *w, const nu__database *database, const nu_list *more)
{
    bool socket = database->host && strchr(database->host, '/');

    add(w, "mysql");
    add_option(w, "--user=", database->user);
    add_option(w, socket ? "--socket=" : "--host=", database->host);
    add_option(w, "--socket=", nu__database_option_of(database, "unix_socket"));
    add_option(w, "--port=", database->port);
    add_option(w, "--ssl-ca=", nu__database_option_of(database, "ssl_ca"));
    add_option(w, "--ssl-cert=", nu__database_option_of(database, "ssl_cert"));
    add_option(w, "--ssl-key=", nu__database_option_of(database, "ssl_key"));
    add_option(w, "--default-character-set=", nu__database_option_of(database, "charset"));
    if (database->name && *database->name)
        add(w, database->name);
    add_all(w, more);
    set_variable("MYSQL_PWD", database->password);
}

static const struct {
    const char *vendor;
    void (*fill)(words *w, const nu__database *database, const nu_list *more);
} clients[] = { { "sqlite", sqlite }, { "postgresql", postgresql }, { "mysql", mysql } };

static int dbshell(const nu_command_run *run)
{
    const nu__database *database = nu__database_of(nu_command_text(run, "--database").ptr);
    const nu_list *more = nu_command_list(run, "parameters");
    words w = { { NULL }, 0 };

    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
        if (!strcmp(clients[i].vendor, database->driver->vendor))
            clients[i].fill(&w, database, more);
    execvp(w.items[0], (char *const *)w.items);
    nu_raise(NU_COMMAND_ERROR,
             "You appear not to have the '{}' program installed or on your path. ({})", w.items[0],
             (const char *)strerror(errno));
}

const nu_command nu__dbshell_command = {
    .name = "dbshell",
    .help = "Run the command-line client of the database; what follows -- is given to it.",
    .run = dbshell, .no_checks = true, .needs = NU_NEEDS_NO_LOOP,
    .arguments = {
        { "--database", .database = true, .default_ = "default", .help = "the database by its alias" },
        { "parameters", .optional = true, .repeated = true, .help = "for the client, after --" },
    },
};
