/* What a database's options may be. */
#include "db/backends/postgresql/postgresql.h"

#include <string.h>

/* ---- names -------------------------------------------------------------------------------- */

/* Options that are ours or Django's; all others are libpq's. */
static const char *const own_options[] = {
    "timeout", "max_connections", "min_connections",     "isolation_level",   "assume_role",
    "pooler",  "connect_timeout", "prepared_statements", "shared_connections"
};

/* What libpq has and we need for ourselves: the socket is read by us, in UTF-8. */
static const char *const reserved_options[] = { "client_encoding", "replication", "gssencmode",
                                                "dbname" };

static bool is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool libpq_has(const char *name)
{
    PQconninfoOption *options = PQconndefaults();
    bool found = false;

    for (PQconninfoOption *option = options; option && option->keyword; option++)
        found |= strcmp(option->keyword, name) == 0;
    PQconninfoFree(options);
    return found;
}

static void check_name(const nu__database *database, const char *name)
{
    if (is_among(name, reserved_options, sizeof reserved_options / sizeof *reserved_options))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "database '{}': the option '{}' is not for settings to choose; leave it out",
                 database->alias, name);
    if (!libpq_has(name))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "database '{}': PostgreSQL has no option '{}'; it takes those of libpq (sslmode, "
                 "service, passfile, target_session_attrs, …) and timeout, max_connections, "
                 "min_connections, shared_connections, isolation_level, assume_role, pooler, "
                 "prepared_statements",
                 database->alias, name);
}

/* ---- values ------------------------------------------------------------------------------- */

/* libpq looks at them as it connects, and then only. */
#define TLS_VERSIONS { "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3" }, .any_case = true
static const nu__database_choice choices[] = {
    { "sslmode", { "disable", "allow", "prefer", "require", "verify-ca", "verify-full" } },
    { "target_session_attrs",
      { "any", "read-write", "read-only", "primary", "standby", "prefer-standby" } },
    { "channel_binding", { "disable", "prefer", "require" } },
    { "ssl_min_protocol_version", TLS_VERSIONS },
    { "ssl_max_protocol_version", TLS_VERSIONS },
    { "sslcompression", { "0", "1" } },
    { "sslsni", { "0", "1" } },
    { "keepalives", { "0", "1" } },
    { "sslcertmode", { "disable", "allow", "require" } },
    { "sslnegotiation", { "postgres", "direct" } },
    { "load_balance_hosts", { "disable", "random" } },
    { "gssdelegation", { "0", "1" } },
};

bool nu__pg_check_option(const nu__database *database, const nu__database_option *option)
{
    if (is_among(option->name, own_options, sizeof own_options / sizeof *own_options))
        return false;
    check_name(database, option->name);
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (strcmp(choices[i].option, option->name) == 0)
            nu__database_check_choice(database, &choices[i]);
    return true;
}
