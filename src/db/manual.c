#include "db/manual.h"

#include "db/driver.h"
#include "db/enclosure.h"
#include "db/transaction.h"

static void begin(nu__session *session)
{
    nu__handle *handle = nu__session_handle(session);

    if (session->enclosed)
        nu__enclosure_begin_block(session);
    else
        nu__session_run(
            session, handle->database->driver->begin_sql(handle->database, NU_ISOLATION_DEFAULT));
}

static void begin_failed(void *session)
{
    ((nu__session *)session)->manual_open = false;
}

void nu__manual_before(nu__session *session)
{
    size_t slot;

    if (!session->manual || session->manual_open)
        return;
    session->manual_open = true; /* BEGIN is a statement too */
    slot = nu__cleanup_push(begin_failed, session);
    begin(session);
    nu__cleanup_pop(slot);
}

static void commit(void *arg)
{
    nu__session *session = arg;

    if (session->enclosed)
        nu__enclosure_commit_block(session);
    else
        nu__session_run(session, S("COMMIT"));
}

static void roll_back(void *arg)
{
    nu__session *session = arg;

    if (session->enclosed)
        nu__enclosure_rollback_block(session);
    else
        nu__session_run(session, S("ROLLBACK"));
}

/* A handle that can't be rolled back is closed, which rolls back. */
void nu__manual_undo(nu__session *session)
{
    if (!session->manual_open)
        return;
    if (session->handle->database->driver->in_transaction(session->handle) &&
        nu__guard(roll_back, session))
        session->handle_broken = true;
    session->manual_open = false;
}

static void commit_open(nu__session *session)
{
    const nu_error *error = session->manual_open ? nu__guard(commit, session) : NULL;

    if (error) {
        nu__manual_undo(session);
        nu_reraise(error);
    }
    session->manual_open = false;
}

void nu__manual_abandon(nu__session *session)
{
    if (!session->manual)
        return;
    nu__manual_undo(session);
    session->manual = false;
    session->n_holds--;
}

/* ---- the interface ------------------------------------------------------------------------- */

static nu__session *session_outside(const nu_transaction_options *options)
{
    nu__session *session = nu__session_of(nu__connection_of(options->using));

    if (session->in_atomic_block)
        nu_raise(NU_TRANSACTION_MANAGEMENT_ERROR,
                 "This is forbidden when an 'atomic' block is active.");
    return session;
}

bool nu_get_autocommit_(const nu_transaction_options *options)
{
    const nu__session *session = nu__session_of(nu__connection_of(options->using));

    return !session->in_atomic_block && !session->manual;
}

/* The handle stays with the session as long as autocommit is off. */
void nu_set_autocommit_(bool autocommit, const nu_transaction_options *options)
{
    nu__session *session = session_outside(options);

    if (autocommit != session->manual)
        return;
    if (!autocommit) {
        session->n_holds++;
        session->manual = true;
        return;
    }
    commit_open(session);
    session->manual = false;
    session->n_holds--;
    nu__session_settle(session);
    nu__run_commit_hooks(session);
}

void nu_commit_(const nu_transaction_options *options)
{
    commit_open(session_outside(options));
}

void nu_rollback_(const nu_transaction_options *options)
{
    nu__session *session = session_outside(options);

    session->n_hooks = 0;
    nu__manual_undo(session);
}
