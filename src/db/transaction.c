#include "db/transaction.h"

#include "core/context.h"
#include "core/fault.h"
#include "db/enclosure.h"
#include "db/manual.h"
#include <nuages/logging.h>

#include <string.h>

/* Room for one more of an array that a session keeps. */
static void *grow(void *items, size_t n, size_t *capacity, size_t size)
{
    size_t more = *capacity ? *capacity * 2 : 8, bytes;
    void *grown;

    if (n < *capacity)
        return items;
    grown = __builtin_mul_overflow(more, size, &bytes) ? NULL : nu__realloc(items, bytes);
    if (!grown)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a transaction");
    *capacity = more;
    return grown;
}

/* ---- the statements ----------------------------------------------------------------------- */

static void begin(nu__session *session, nu_isolation isolation)
{
    nu__handle *handle = nu__session_handle(session);

    session->needs_rollback = false;
    session->in_atomic_block = true;
    if (session->enclosed)
        nu__enclosure_begin_block(session);
    else
        nu__session_run(session, handle->database->driver->begin_sql(handle->database, isolation));
    session->needs_rollback = false;
}

static void rollback_statement(void *arg)
{
    nu__session *session = arg;

    if (session->enclosed)
        nu__enclosure_rollback_block(session);
    else
        nu__session_run(session, S("ROLLBACK"));
}

static void finish_live_rows(nu__session *session)
{
    for (nu__open_rows *open = session->rows; open; open = open->next)
        if (open->result.statement && open->own) {
            session->handle->database->driver->finish(session->handle, &open->result);
            open->result.statement = NULL;
            open->own = false;
            session->n_live--;
        }
}

/* A handle that can't be rolled back is closed, which rolls back. A statement that was interrupted
   keeps ROLLBACK from running as long as others are live beside it: then those go too. */
static void rollback_transaction(nu__session *session)
{
    nu__handle *handle = session->handle;

    session->in_atomic_block = true;
    if (handle && handle->database->driver->in_transaction(handle) &&
        nu__guard(rollback_statement, session)) {
        finish_live_rows(session);
        if (handle->database->driver->in_transaction(handle) &&
            nu__guard(rollback_statement, session))
            session->handle_broken = true;
    }
    session->in_atomic_block = false;
    session->needs_rollback = false;
    nu__session_settle(session);
}

void nu__session_abandon_transaction(nu__session *session)
{
    session->n_hooks = 0;
    session->n_blocks = 0;
    if (session->in_atomic_block && !session->manual)
        rollback_transaction(session);
    session->in_atomic_block = false;
    nu__manual_abandon(session);
}

/* ---- the end of a block ------------------------------------------------------------------- */

typedef struct savepoint_end {
    nu__session *session;
    uint32_t savepoint;
} savepoint_end;

static void rollback_savepoint(void *arg)
{
    const savepoint_end *end = arg;

    nu__savepoint_run(end->session, "ROLLBACK TO SAVEPOINT", end->savepoint);
    nu__savepoint_run(end->session, "RELEASE SAVEPOINT", end->savepoint);
}

static void release_savepoint(void *arg)
{
    const savepoint_end *end = arg;

    nu__savepoint_run(end->session, "RELEASE SAVEPOINT", end->savepoint);
}

static void roll_back(nu__session *session, const nu__atomic_block *block)
{
    savepoint_end end = { session, block->savepoint };

    session->n_hooks = block->n_hooks;
    if (block->outermost) {
        rollback_transaction(session);
        return;
    }
    session->needs_rollback = false;
    if (!block->savepoint || nu__guard(rollback_savepoint, &end))
        session->needs_rollback = true;
}

static void commit_statement(void *arg)
{
    nu__session *session = arg;

    if (session->enclosed)
        nu__enclosure_commit_block(session);
    else
        nu__session_run(session, S("COMMIT"));
}

static void call_hook(void *arg)
{
    const nu__commit_hook *hook = arg;

    hook->fn(hook->arg);
}

static void call_robust(nu__commit_hook *hook, const char *when)
{
    const nu_error *error = nu__guard(call_hook, hook);

    if (error && error->klass == NU_CANCELLED)
        nu_reraise(error);
    if (error)
        nu_error_log("Error calling a function in on_commit(){} ({}).", when, error->message);
}

void nu__run_commit_hooks(nu__session *session)
{
    size_t n = session->n_hooks;
    nu__commit_hook *hooks = n ? nu_alloc_array(nu__commit_hook, n) : NULL;

    if (n)
        memcpy(hooks, session->hooks, n * sizeof *hooks);
    session->n_hooks = 0;
    for (size_t i = 0; i < n; i++)
        if (hooks[i].robust)
            call_robust(&hooks[i], " during transaction");
        else
            call_hook(&hooks[i]);
}

static void commit_transaction(nu__session *session)
{
    const nu_error *error = nu__guard(commit_statement, session);

    if (error) {
        session->n_hooks = 0;
        rollback_transaction(session);
        nu_reraise(error);
    }
    session->in_atomic_block = false;
    session->needs_rollback = false;
    nu__session_settle(session);
    nu__run_commit_hooks(session);
}

static void commit(nu__session *session, const nu__atomic_block *block)
{
    savepoint_end end = { session, block->savepoint };
    const nu_error *error;

    if (block->outermost) {
        commit_transaction(session);
        return;
    }
    error = block->savepoint ? nu__guard(release_savepoint, &end) : NULL;
    if (!error)
        return;
    roll_back(session, block);
    nu_reraise(error);
}

/* ---- blocks ------------------------------------------------------------------------------- */

static nu__atomic_block pop_block(nu__session *session)
{
    return session->blocks[--session->n_blocks];
}

/* Inside of a transaction by hand an outermost block is a savepoint, and no block is open after it.
 */
static void end_by_hand(nu__session *session, const nu__atomic_block *block)
{
    if (!block->by_hand)
        return;
    session->in_atomic_block = false;
    session->needs_rollback = false;
}

static void block_raised(void *arg)
{
    nu__session *session = arg;
    nu__atomic_block block = pop_block(session);

    roll_back(session, &block);
    end_by_hand(session, &block);
}

static void check_block(const nu__session *session, const nu_atomic_options *options)
{
    if (options->durable && session->in_atomic_block)
        nu_raise(NU_RUNTIME_ERROR,
                 "A durable atomic block cannot be nested within another atomic block.");
    if (options->isolation != NU_ISOLATION_DEFAULT && session->in_atomic_block)
        nu_raise(NU_PROGRAMMING_ERROR, "The isolation level of a transaction is set by its "
                                       "outermost atomic block, not inside it.");
}

/* The block stands before its statement runs: if that raises, block_raised() has it to undo. */
static nu__atomic_block *push_block(nu__session *session)
{
    nu__atomic_block *block;
    size_t slot;

    session->blocks =
        grow(session->blocks, session->n_blocks, &session->block_capacity, sizeof *session->blocks);
    slot = nu__cleanup_push(block_raised, session);
    block = &session->blocks[session->n_blocks++];
    *block = (nu__atomic_block){ .outermost = !session->in_atomic_block && !session->manual,
                                 .by_hand = !session->in_atomic_block && session->manual,
                                 .n_hooks = session->n_hooks,
                                 .slot = slot };
    return block;
}

nu_transaction nu__atomic_begin(const nu_atomic_options *options)
{
    nu__session *session = nu__session_of(nu__connection_of(options->using));
    nu__atomic_block *block;

    check_block(session, options);
    block = push_block(session);
    session->in_atomic_block |= block->by_hand;
    if (block->outermost) {
        begin(session, options->isolation);
    } else if (!options->no_savepoint && !session->needs_rollback) {
        uint32_t savepoint = ++session->last_savepoint;

        nu__savepoint_run(session, "SAVEPOINT", savepoint);
        session->blocks[session->n_blocks - 1].savepoint = savepoint;
    }
    return (nu_transaction){ .session = session, .depth = session->n_blocks };
}

void nu__atomic_end(nu_transaction *transaction)
{
    nu__session *session = transaction->session;
    nu__atomic_block block;

    if (!session || session->n_blocks != transaction->depth ||
        !nu__cleanup_pop(session->blocks[transaction->depth - 1].slot))
        return;
    block = pop_block(session);
    if (session->needs_rollback)
        roll_back(session, &block);
    else
        commit(session, &block);
    end_by_hand(session, &block);
}

bool nu__atomic_left(nu_transaction *transaction)
{
    if (transaction->once != 2)
        nu_raise(NU_PROGRAMMING_ERROR,
                 "break inside nu_atomic {{ }} would leave the block, not the loop around it; use "
                 "nu_atomic_scope() there");
    return true;
}

/* ---- the rest of the interface ------------------------------------------------------------ */

static nu__session *default_session(const char *using)
{
    return nu__session_of(nu__connection_of(using));
}

void nu_on_commit_(void (*fn)(void *), void *arg, const nu_on_commit_options *options)
{
    nu__session *session = default_session(options->using);
    nu__commit_hook hook = { fn, arg, options->robust };

    if (!fn)
        nu_raise(NU_TYPE_ERROR, "on_commit()'s callback must be a callable.");
    if (!session->in_atomic_block && session->manual)
        nu_raise(NU_TRANSACTION_MANAGEMENT_ERROR,
                 "on_commit() cannot be used in manual transaction management");
    if (!session->in_atomic_block) {
        if (hook.robust)
            call_robust(&hook, "");
        else
            fn(arg);
        return;
    }
    nu__session_check(session);
    session->hooks = grow(session->hooks, session->n_hooks, &session->hook_capacity, sizeof hook);
    session->hooks[session->n_hooks++] = hook;
}

static nu__session *session_in_block(const nu_transaction_options *options)
{
    nu__session *session = default_session(options->using);

    if (!session->in_atomic_block)
        nu_raise(NU_TRANSACTION_MANAGEMENT_ERROR,
                 "The rollback flag doesn't work outside of an 'atomic' block.");
    return session;
}

void nu_set_rollback_(bool rollback, const nu_transaction_options *options)
{
    session_in_block(options)->needs_rollback = rollback;
}

bool nu_get_rollback_(const nu_transaction_options *options)
{
    return session_in_block(options)->needs_rollback;
}

bool nu_in_atomic_(const nu_transaction_options *options)
{
    return default_session(options->using)->in_atomic_block;
}

bool nu__in_atomic_block(const nu__connection *connection)
{
    return ((const nu__session *)connection)->in_atomic_block;
}

static void mark_for_rollback(void *arg)
{
    nu__session *session = arg;

    if (session->in_atomic_block)
        session->needs_rollback = true;
}

nu__rollback_mark nu__rollback_mark_begin(nu__connection *connection)
{
    return (nu__rollback_mark){ nu__cleanup_push(mark_for_rollback, connection) };
}

void nu__rollback_mark_end(nu__rollback_mark *mark)
{
    nu__cleanup_pop(mark->slot);
}
