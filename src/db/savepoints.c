/* Savepoints: their names and statements, and those that are made by hand. */
#include "db/session.h"
#include "db/transaction.h"

#include <pthread.h>

/* Django's names: the thread, and how many savepoints the connection has had. */
static nu_str savepoint_name(uint32_t savepoint)
{
    return nu_fmt("s{}_x{}", (int64_t)(uintptr_t)pthread_self(), (int64_t)savepoint);
}

static void run_named(nu__session *session, const char *verb, nu_str name)
{
    const char quote[] = { session->connection.database->driver->name_quote, '\0' };

    nu__session_run(session, nu_fmt("{} {}{}{}", verb, quote, name, quote));
}

void nu__savepoint_run(nu__session *session, const char *verb, uint32_t savepoint)
{
    run_named(session, verb, savepoint_name(savepoint));
}

/* ---- by hand ------------------------------------------------------------------------------ */

static nu__session *session_of(const char *using)
{
    return nu__session_of(nu__connection_of(using));
}

static bool may_have_savepoint(const nu__session *session)
{
    const nu__driver *driver = session->connection.database->driver;

    return session->in_atomic_block || (session->manual && !driver->saves_in_blocks_alone);
}

nu_str nu_savepoint_(const nu_transaction_options *options)
{
    nu__session *session = session_of(options->using);

    if (!may_have_savepoint(session))
        return (nu_str){ 0 };
    nu__session_check(session);
    nu__savepoint_run(session, "SAVEPOINT", ++session->last_savepoint);
    return savepoint_name(session->last_savepoint);
}

/* Savepoints have no parameters in SQL: only a name that could be ours is run. */
static void check_savepoint(nu_str savepoint)
{
    bool name = savepoint.len > 0 && savepoint.len < 64;

    for (size_t i = 0; name && i < savepoint.len; i++)
        name = (savepoint.ptr[i] >= '0' && savepoint.ptr[i] <= '9') || savepoint.ptr[i] == '_' ||
               savepoint.ptr[i] == 's' || savepoint.ptr[i] == 'x';
    if (!name)
        nu_raise(NU_VALUE_ERROR, "{!r} is no savepoint: give what nu_savepoint() gave", savepoint);
}

static void end_savepoint(const char *verb, nu_str savepoint, const nu_transaction_options *options)
{
    nu__session *session = session_of(options->using);

    if (!may_have_savepoint(session) || !savepoint.ptr)
        return;
    nu__session_check(session);
    check_savepoint(savepoint);
    run_named(session, verb, savepoint);
}

void nu_savepoint_commit_(nu_str savepoint, const nu_transaction_options *options)
{
    end_savepoint("RELEASE SAVEPOINT", savepoint, options);
}

void nu_savepoint_rollback_(nu_str savepoint, const nu_transaction_options *options)
{
    end_savepoint("ROLLBACK TO SAVEPOINT", savepoint, options);
}

void nu_clean_savepoints_(const nu_transaction_options *options)
{
    session_of(options->using)->last_savepoint = 0;
}
