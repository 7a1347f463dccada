#include "db/backends/postgresql/postgresql.h"

#include "core/buf.h"
#include "core/fault.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CACHE_SIZE = 256, STUCK_MS = 20, TRUSTED_MS = 100 };

/* ---- settings ----------------------------------------------------------------------------- */

static void add_parameter(nu__pg_config *config, const char *keyword, const char *value)
{
    if (!value)
        return;
    if (config->n_parameters == NU__PG_PARAMETERS)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "a PostgreSQL database has too many options");
    config->keywords[config->n_parameters] = keyword;
    config->values[config->n_parameters++] = value;
}

static void take_options(const nu__database *database, nu__pg_config *config)
{
    for (size_t i = 0; i < database->n_options; i++) {
        const nu__database_option *option = &database->options[i];

        if (nu__pg_check_option(database, option) && strcmp(option->name, "options") != 0)
            add_parameter(config, option->name, option->value);
    }
}

/* psycopg's numbers and the names of SQL. */
static const struct {
    const char *number, *name;
    nu_isolation level;
} levels[] = {
    { "2", "READ COMMITTED", NU_READ_COMMITTED },
    { "1", "READ UNCOMMITTED", NU_READ_COMMITTED },
    { "3", "REPEATABLE READ", NU_REPEATABLE_READ },
    { "4", "SERIALIZABLE", NU_SERIALIZABLE },
};

static nu_isolation isolation_of(const nu__database *database)
{
    const char *given = nu__database_option_of(database, "isolation_level");

    if (!given)
        return NU_ISOLATION_DEFAULT;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strcmp(given, levels[i].number) == 0 || strcasecmp(given, levels[i].name) == 0)
            return levels[i].level;
    nu_raise(NU_IMPROPERLY_CONFIGURED,
             "Invalid transaction isolation level {} specified. Use one of the psycopg."
             "IsolationLevel values.",
             given);
}

static bool flag_of(const nu__database *database, const char *name, bool missing)
{
    const char *given = nu__database_option_of(database, name);

    if (!given)
        return missing;
    if (strcasecmp(given, "true") == 0 || strcmp(given, "1") == 0)
        return true;
    if (strcasecmp(given, "false") == 0 || strcmp(given, "0") == 0)
        return false;
    nu_raise(NU_IMPROPERLY_CONFIGURED, "database '{}': option {} is '{}'; it takes true or false",
             database->alias, name, given);
}

/* "SET ROLE", with the name quoted. */
static char *role_of(const nu__database *database)
{
    const char *role = nu__database_option_of(database, "assume_role");
    nu__buf sql = { 0 };

    if (!role)
        return NULL;
    nu__buf_lit(&sql, "SET ROLE \"");
    for (; *role; role++) {
        if (*role == '"')
            nu__buf_char(&sql, '"');
        nu__buf_char(&sql, *role);
    }
    nu__buf_char(&sql, '"');
    return nu__database_keep(nu__buf_str(&sql));
}

/* A pooler passes no session settings on. */
static char *session_of(const nu__database *database, const nu__pg_config *config)
{
    const char *given = nu__database_option_of(database, "options");

    if (config->unprepared)
        return given ? nu__database_keep(nu_s(given)) : NULL;
    return nu__database_keep(
        nu_fmt("{}{}-c TimeZone=UTC -c DateStyle=ISO", given ? given : "", given ? " " : ""));
}

static void configure(nu__database *database, nu_str rest)
{
    nu__pg_config *config;
    bool pooler;

    (void)rest;
    nu__pg_load();
    config = nu__malloc_zeroed(sizeof *config);
    database->config = config;
    if (!config)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading the database settings");
    pooler = flag_of(database, "pooler", false);
    config->unprepared = !flag_of(database, "prepared_statements", !pooler);
    config->cache_size = CACHE_SIZE;
    config->isolation = isolation_of(database);
    config->role = role_of(database);
    config->connect_timeout = nu__database_number(database, "connect_timeout", 10, 86400);
    if (!database->name && !nu__database_option_of(database, "service"))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "settings.DATABASES is improperly configured. Please supply the NAME or "
                 "OPTIONS['service'] value.");
    add_parameter(config, "host", database->host);
    add_parameter(config, "port", database->port);
    add_parameter(config, "user", database->user);
    add_parameter(config, "password", database->password);
    add_parameter(config, "dbname", database->name);
    take_options(database, config);
    config->session = session_of(database, config);
    add_parameter(config, "options", config->session);
    add_parameter(config, "client_encoding", "UTF8");
    add_parameter(config, "gssencmode", "disable");
}

static void release(nu__database *database)
{
    nu__pg_config *config = database->config;

    if (!config)
        return;
    free(config->session);
    free(config->role);
}

/* ---- handles ------------------------------------------------------------------------------ */

static bool usable(nu__handle *handle, double idle_seconds)
{
    nu__pg *pg = nu__pg_of(handle);

    (void)idle_seconds;
    nu__pg_pump(pg, true);
    return !pg->broken && (!handle->database->health_checks || nu__pg_answers(pg));
}

static bool in_transaction(const nu__handle *handle)
{
    const nu__pg *pg = (const nu__pg *)handle;

    return pg->broken || pg->status != 'I';
}

static nu_str begin_sql(const nu__database *database, nu_isolation isolation)
{
    static const char *const begins[] = {
        [NU_ISOLATION_DEFAULT] = "BEGIN",
        [NU_READ_COMMITTED] = "BEGIN ISOLATION LEVEL READ COMMITTED",
        [NU_REPEATABLE_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ",
        [NU_SERIALIZABLE] = "BEGIN ISOLATION LEVEL SERIALIZABLE",
    };

    if (isolation == NU_ISOLATION_DEFAULT)
        isolation = nu__pg_config_of(database)->isolation;
    return nu_s(begins[isolation]);
}

/* How long a statement would wait behind others: those pending, and more where one holds them up.
 */
static uint32_t load(const nu__handle *handle)
{
    const nu__pg *pg = (const nu__pg *)handle;

    if (pg->broken || (handle->shared && pg->dirty))
        return UINT32_MAX;
    if (pg->first && nu__loop_ms() > pg->asked_ms + STUCK_MS)
        return UINT32_MAX / 2 + pg->n_pending;
    return pg->n_pending;
}

static bool shareable(nu__handle *handle, nu_str sql, nu_values params)
{
    nu__pg *pg = nu__pg_of(handle);
    nu__pg_statement *known = nu__pg_cache_find(pg, sql, params);

    if (!pg->n_pending && nu__loop_ms() > pg->asked_ms + TRUSTED_MS)
        nu__pg_pump(pg, true);
    if (pg->broken || pg->dirty)
        return false;
    if (known && known->slow) {
        known->slow--;
        return false;
    }
    return known || nu__pg_class_of(sql) == NU__PG_PLAIN;
}

const nu__driver nu__pg_driver = {
    .vendor = "postgresql",
    .display_name = "PostgreSQL",
    .schemes = { "postgres", "postgresql", "django.db.backends.postgresql",
                 "django.contrib.gis.db.backends.postgis", "psql", "pgsql" },
    .backend = &nu__postgresql_backend,
    .name_quote = '"',
    .max_handles = 10,
    .max_shared = 2,
    .server = true,
    .configure = configure,
    .release = release,
    .open = nu__pg_open,
    .close = nu__pg_close,
    .usable = usable,
    .returned = nu__pg_returned,
    .in_transaction = in_transaction,
    .begin_sql = begin_sql,
    .check_deferred = { "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED" },
    .execute = nu__pg_execute,
    .query = nu__pg_query,
    .fetch = nu__pg_fetch,
    .finish = nu__pg_finish,
    .query_many = nu__pg_query_many,
    .copy = nu__pg_copy,
    .reserve_keys = nu__pg_reserve_keys,
    .words = &nu__pg_words,
    .chunks = true,
    .load = load,
    .shareable = shareable,
};
