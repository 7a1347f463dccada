/* Statements of PostgreSQL's own: time limits, advisory locks, channels. */
#include "db/backends/postgresql/postgresql.h"

static nu_str limit(double seconds)
{
    return nu_fmt("SET statement_timeout = {}", (int64_t)(seconds * 1000));
}

static nu_str listen_to(nu_str channel)
{
    nu__buf sql = { 0 };

    nu__buf_lit(&sql, "LISTEN ");
    nu__postgresql_backend.operations->quote_name(&sql, channel);
    return nu__buf_str(&sql);
}

static void hear(nu__handle *handle, void (*news)(void *arg, nu_str channel, nu_str payload),
                 void *arg)
{
    nu__pg *pg = nu__pg_of(handle);

    pg->notified = news;
    pg->notified_arg = arg;
}

const nu__server_words nu__pg_words = {
    .limit = limit,
    .locks = { { "SELECT pg_advisory_xact_lock($1)", "SELECT pg_advisory_xact_lock_shared($1)" },
               { "SELECT pg_try_advisory_xact_lock($1)",
                 "SELECT pg_try_advisory_xact_lock_shared($1)" } },
    .listen = listen_to,
    .notify = "SELECT pg_notify($1, $2)",
    .hear = hear,
};
