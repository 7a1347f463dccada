#include "db/enclosure.h"

#include "core/text.h"
#include "db/manual.h"

static void run(nu__session *session, const char *sql)
{
    nu__handle *handle = nu__session_handle(session);

    handle->database->driver->execute(handle, nu_s(sql), &(const nu_values){ 0 }, 1, NULL, NULL);
}

/* Listeners are told what would have run without the enclosure. */
static void run_as(nu__session *session, const char *sql, nu_str told)
{
    double began = nu__session_listen_begin(session);

    run(session, sql);
    nu__session_listen_end(session, told, (nu_values){ 0 }, began);
}

static const nu__driver *driver_of(const nu__session *session)
{
    return session->connection.database->driver;
}

void nu__enclose(nu__connection *connection)
{
    nu__session_of(connection)->enclosed = true;
}

static void begin_enclosure(nu__session *session)
{
    nu__handle *handle = nu__session_handle(session);

    session->n_holds++;
    session->enclosure_begun = true;
    run(session, driver_of(session)->begin_sql(handle->database, NU_ISOLATION_DEFAULT).ptr);
}

static void commit(void *session)
{
    run(session, "COMMIT");
}

static void rollback(void *session)
{
    run(session, "ROLLBACK");
}

void nu__enclosure_end(nu__connection *connection, bool keep)
{
    nu__session *session = nu__session_of(connection);
    const nu_error *error = NULL;

    if (session->manual_open && keep)
        return; /* it waits for nu_commit() or nu_rollback() */
    nu__manual_undo(session);
    session->enclosed = false;
    if (!session->enclosure_begun)
        return;
    session->enclosure_begun = false;
    if (keep)
        error = nu__guard(commit, session);
    if ((!keep || error) && driver_of(session)->in_transaction(session->handle) &&
        nu__guard(rollback, session))
        session->handle_broken = true;
    session->n_holds--;
    nu__session_settle(session);
    if (error)
        nu_reraise(error);
}

/* ---- statements ------------------------------------------------------------------------------ */

static bool writes(nu_str sql)
{
    static const char *const words[] = { "INSERT", "UPDATE", "DELETE", "REPLACE" };
    nu_str text = nu_trim(sql);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nu__eq_ignore_ascii_case(nu__utf8_cut(text, nu_s(words[i]).len), nu_s(words[i])))
            return true;
    return false;
}

bool nu__statement_before(nu__session *session, nu_str sql)
{
    nu__manual_before(session);
    if (!session->enclosed)
        return false;
    if (!session->enclosure_begun)
        begin_enclosure(session);
    if (session->in_atomic_block || session->manual_open || !writes(sql))
        return false;
    run(session, "SAVEPOINT autocommit");
    return true;
}

static void check_deferred(nu__session *session)
{
    if (driver_of(session)->deferred_violations &&
        driver_of(session)->deferred_violations(session->handle))
        nu_raise(NU_INTEGRITY_ERROR, "FOREIGN KEY constraint failed");
    for (size_t i = 0; i < 2 && driver_of(session)->check_deferred[i]; i++)
        run(session, driver_of(session)->check_deferred[i]);
}

void nu__enclosure_after(nu__session *session)
{
    check_deferred(session);
    run(session, "RELEASE SAVEPOINT autocommit");
}

static void rollback_statement(void *session)
{
    run(session, "ROLLBACK TO SAVEPOINT autocommit");
    run(session, "RELEASE SAVEPOINT autocommit");
}

void nu__enclosure_undo(void *arg)
{
    nu__session *session = arg;

    if (session->handle && driver_of(session)->in_transaction(session->handle) &&
        nu__guard(rollback_statement, session))
        session->handle_broken = true;
}

/* ---- outermost blocks ------------------------------------------------------------------------ */

void nu__enclosure_begin_block(nu__session *session)
{
    nu__handle *handle = nu__session_handle(session);

    if (!session->enclosure_begun)
        begin_enclosure(session);
    run_as(session, "SAVEPOINT atomic",
           driver_of(session)->begin_sql(handle->database, NU_ISOLATION_DEFAULT));
}

void nu__enclosure_commit_block(nu__session *session)
{
    check_deferred(session);
    run_as(session, "RELEASE SAVEPOINT atomic", S("COMMIT"));
}

void nu__enclosure_rollback_block(nu__session *session)
{
    run(session, "ROLLBACK TO SAVEPOINT atomic");
    run_as(session, "RELEASE SAVEPOINT atomic", S("ROLLBACK"));
}
