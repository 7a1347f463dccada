/**
 * @file
 * A database of the process: its settings, and the pool of handles that its fibers share.
 *
 *     idle -> handle -> handle     last used first, so that few are ever warm
 *     gate                         at most max_handles are out; who comes later waits in line
 */
#pragma once
#include "db/gate.h"
#include <nuages/conf.h>
#include <nuages/strings.h>

typedef struct nu__driver nu__driver;
typedef struct nu__database nu__database;

/* A physical connection: the head of a backend's own. */
typedef struct nu__handle {
    struct nu__handle *next; /* in the pool */
    nu__database *database;
    double opened_at, used_at; /* nu__loop_seconds() then, and at its return to the pool */
    bool announced;            /* those who wait for NU_CONNECTION_CREATED have set it up */
    bool shared;               /* of nu__session_share(), not of the pool */
    bool shared_out;           /* taken out of the shared ones; closed with its last user */
    uint32_t users;            /* fibers that run a statement on a shared one */
} nu__handle;

typedef struct nu__database_option {
    char *name, *value;
} nu__database_option;

enum { NU__SHARED_MOST = 8 };

/* What a pool has done since the start of the process. */
typedef struct nu__pool_metrics {
    uint64_t opened, closed;    /* connections */
    uint64_t lent;              /* times that one was lent to a fiber */
    uint64_t statements_shared; /* statements that ran on shared ones */
    uint64_t waits, timeouts;   /* times that a fiber found all lent; waited in vain */
    double wait_seconds;
    uint64_t unusable; /* idle ones that turned out broken, or too old */
    uint32_t waiting;  /* fibers in the line now */
} nu__pool_metrics;

struct nu__database {
    nu__database *next; /* in order of the settings */
    char *alias;
    char *name;                          /* of the file or database */
    char *host, *port, *user, *password; /* of a server; NULL: the driver's own default */
    const nu__driver *driver;
    void *config; /* the driver's own */
    nu__database_option options[24];
    size_t n_options;
    double timeout; /* seconds to wait for locks and for a free handle */
    double max_age; /* seconds that a handle may live */
    bool health_checks;
    nu__handle *idle;
    uint32_t max_handles, n_handles;
    uint32_t min_handles;      /* opened as a worker starts */
    double down_until;         /* a replica that could not be reached is left alone so long */
    char *replica_of, *mirror; /* aliases; NULL: none */
    nu__handle *shared[NU__SHARED_MOST]; /* from the front, in order of their making */
    uint32_t max_shared, n_shared;
    nu__gate opening; /* one fiber opens a shared handle at a time */
    nu__pool_metrics metrics;
    nu__gate gate;
    uint32_t n_sessions; /* of fibers that use it */
    bool retired;        /* another has its alias now; goes with its last session */
};

/* The database of an alias; raises ImproperlyConfigured. */
nu__database *nu__database_of(const char *alias);
/* An option of the URL or the settings; NULL when it was not given. */
const char *nu__database_option_of(const nu__database *database, const char *name);
/* The same of a number, in (0, most]; `missing` where it was not given. Raises
   ImproperlyConfigured. */
double nu__database_number(const nu__database *database, const char *name, double missing,
                           double most);

/* An option that takes one of a few words. */
typedef struct nu__database_choice {
    const char *option, *names[8];
    bool any_case; /* in capitals or not */
} nu__database_choice;
/* Raises ImproperlyConfigured, with the words, for another; an empty one counts as not given. */
/* ImproperlyConfigured for an option that is none of the backend's. `has`: "SQLite has"; `takes`:
   "it takes". */
void nu__database_check_names(const nu__database *database, const char *const *names, size_t n,
                              const char *has, const char *takes);
void nu__database_check_choice(const nu__database *database, const nu__database_choice *choice);

/* A malloc'd copy of a setting's text. Raises MemoryError. */
char *nu__database_keep(nu_str text);

/* Fill in a database that has its alias by then. Raise ImproperlyConfigured, naming it. */
typedef struct nu__given_url {
    nu_str url;
    const nu_database *given; /* NULL: none beside the URL */
} nu__given_url;
void nu__database_fill_url(nu__database *database, const void *given_url);
void nu__database_fill_settings(nu__database *database, const void *given /* nu_database */);

/* Count a session in and out. */
void nu__database_ref(nu__database *database);
void nu__database_unref(nu__database *database);

/* The database to read from in the place of `alias`: one of its replicas in turn, as long as the
   fiber has not written there and is in no transaction of it; a replica that can't be reached is
   passed over for a while. Yields. */
const char *nu__replica_for_read(const char *alias);
/* Where rows of `alias` are written: of a replica, its primary. */
const char *nu__primary_of(const char *alias);
bool nu__has_replicas(const char *alias);
/* The fiber writes: from now on it reads what it wrote. */
void nu__replica_written(const char *alias);
/* Has the fiber written there, or is it in a transaction? */
bool nu__reads_from_primary(const char *alias);
/* In tests a replica's alias stands for its primary (Database(…, .mirror = "default")). */
void nu__databases_mirror(bool on);
const char *nu__mirror_of(const char *alias);

/* A new one, of no pool yet. Raises what the driver does. Yields. */
nu__handle *nu__handle_open(nu__database *database);
/* Borrow a handle, opening one when none is idle. Raises OperationalError when none gets free in
   time. Yields. */
nu__handle *nu__handle_borrow(nu__database *database);
/* Close those that nobody uses and that are known to be broken. */
void nu__handles_drop_broken(nu__database *database);
/* The same of those that are shared. */
void nu__shared_drop_broken(nu__database *database);
/* Close those that are shared; those in use, when their last user leaves. */
void nu__shared_close(nu__database *database);
/* Give it back; `broken` ones are closed. Never raises. */
void nu__handle_return(nu__handle *handle, bool broken);
