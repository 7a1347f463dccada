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

/* "--host=…" where the database has one. */
static void add_option(words *w, const char *option, const char *value)
{
    if (value && *value)
        add(w, nu_fmt("{}{}", option, value).ptr);
}

static void sqlite(words *w, const nu__database *database)
{
    add(w, "sqlite3");
    add(w, database->name);
}

static void postgresql(words *w, const nu__database *database)
{
    add(w, "psql");
    add_option(w, "--username=", database->user);
    add_option(w, "--host=", database->host);
    add_option(w, "--port=", database->port);
    add_option(w, "--dbname=", database->name);
    if (database->password)
        setenv("PGPASSWORD", database->password, 1);
}

static void mysql(words *w, const nu__database *database)
{
    bool socket = database->host && database->host[0] == '/';

    add(w, "mysql");
    add_option(w, "--user=", database->user);
    add_option(w, socket ? "--socket=" : "--host=", database->host);
    add_option(w, "--socket=", nu__database_option_of(database, "unix_socket"));
    add_option(w, "--port=", database->port);
    add(w, database->name);
    if (database->password)
        setenv("MYSQL_PWD", database->password, 1);
}

static const struct {
    const char *vendor;
    void (*fill)(words *w, const nu__database *database);
} clients[] = { { "sqlite", sqlite }, { "postgresql", postgresql }, { "mysql", mysql } };

static int dbshell(const nu_command_run *run)
{
    const nu__database *database = nu__database_of(nu_command_text(run, "--database").ptr);
    const nu_list *more = nu_command_list(run, "parameters");
    words w = { { NULL }, 0 };

    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
        if (!strcmp(clients[i].vendor, database->driver->vendor))
            clients[i].fill(&w, database);
    for (size_t i = 0; i < nu_list_len(more); i++)
        add(&w, nu_at(more, i).s.ptr);
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
