/**
 * @file
 * Transactions, named as django.db.transaction.
 *
 * Outside of these each statement commits by itself. A block inside another is a savepoint. What
 * belongs to a transaction is the fiber: other requests do not see it, and it ends with the fiber
 * at the latest, rolled back.
 */
#pragma once
#include <nuages/models.h>

typedef enum {
    NU_ISOLATION_DEFAULT,
    NU_READ_COMMITTED,
    NU_REPEATABLE_READ,
    NU_SERIALIZABLE
} nu_isolation;

/* using: the database's alias, by default "default". durable: must be the outermost block.
   no_savepoint: inside another block, mark it for rollback instead of having a savepoint.
   isolation: of the outermost block; a database that only has a stronger one gives that. */
typedef struct {
    NU_NAMED_ONLY;
    const char *using;
    bool durable, no_savepoint;
    nu_isolation isolation;
    int retries; /* of nu_run_atomic */
} nu_atomic_options;

typedef struct nu_transaction {
    void *session;
    size_t depth;
    int once;
} nu_transaction;
nu_transaction nu__atomic_begin(const nu_atomic_options *options);
void nu__atomic_end(nu_transaction *transaction);
bool nu__atomic_left(nu_transaction *transaction);

/**
 * A transaction from here to the end of the enclosing block. It commits when the block is left by
 * its end, return, break, continue or goto; a raise rolls back.
 *
 * @raises   RuntimeError where a durable block is nested; ProgrammingError for an isolation inside
 *           another block; at the end what COMMIT raises, having rolled back
 * Yields.   Django: with transaction.atomic():
 */
#define nu_atomic_scope(...)                                                                       \
    NU_UNUSED NU_CLEANUP(nu__atomic_end)                                                           \
    nu_transaction NU_CAT(nu__txn_, __COUNTER__) =                                                 \
        nu__atomic_begin(&(const nu_atomic_options){ __VA_ARGS__ })

/**
 * The block form, for statements with no break, continue or result: `nu_atomic { … }`,
 * `nu_atomic_with(.using = "ledger") { … }`. A break would leave the block, not the loop around it:
 * it raises ProgrammingError and rolls back; `continue` ends the block and commits.
 */
#define nu_atomic_with(...)                                                                        \
    for (nu_transaction NU_CLEANUP(nu__atomic_end)                                                 \
             nu__txn = nu__atomic_begin(&(const nu_atomic_options){ __VA_ARGS__ });                \
         nu__txn.once < 2; nu__atomic_left(&nu__txn))                                              \
        for (nu__txn.once = 1; nu__txn.once == 1; nu__txn.once = 2)
#define nu_atomic nu_atomic_with ()

/**
 * nu_catch() with a savepoint around the expression: the transaction outside stays usable.
 * Yields.
 */
#define nu_catch_atomic(k, ...)                                                                    \
    nu_catch((k), ({                                                                               \
                 nu_atomic_scope();                                                                \
                 (void)(__VA_ARGS__);                                                              \
             }))

/**
 * Run `fn(arg)` in a transaction, and again from its start, up to `.retries` times with a growing
 * pause, when the database could not serialize it with others (SerializationFailure,
 * DeadlockDetected, SQLite's "database is locked"). Inside another block it runs once: only the
 * outermost can begin anew.
 *
 * @return   what `fn` returned
 * @raises   what `fn` and COMMIT raise
 * Yields.   Django: transaction.atomic(), with the loop that everyone writes around it
 */
#define nu_run_atomic(fn, arg, ...)                                                                \
    nu_run_atomic_((fn), (arg), &(const nu_atomic_options){ __VA_ARGS__ })
void *nu_run_atomic_(void *(*fn)(void *), void *arg, const nu_atomic_options *options);

typedef struct nu_on_commit_options {
    NU_NAMED_ONLY;
    const char *using;
    bool robust;
} nu_on_commit_options;

/**
 * Call `fn(arg)` once the outermost transaction has committed; at once outside of one. Forgotten
 * when the block it was registered in, or one around it, rolls back. They run in order; an error of
 * one keeps the later ones from running, unless it is `.robust`: then it is logged. `arg` must live
 * until then.
 *
 * @raises   TransactionManagementError in a block that waits for its rollback
 * Yields outside of a transaction.   Django: transaction.on_commit()
 */
#define nu_on_commit(fn, arg, ...)                                                                 \
    nu_on_commit_((fn), (arg), &(const nu_on_commit_options){ __VA_ARGS__ })
void nu_on_commit_(void (*fn)(void *), void *arg, const nu_on_commit_options *options);

/* Of which database; missing: "default". */
typedef struct nu_transaction_options {
    NU_NAMED_ONLY;
    const char *using;
} nu_transaction_options;
#define NU__TRANSACTION(...)                                                                       \
    &(const nu_transaction_options)                                                                \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

/**
 * Roll back when the innermost block ends, though nothing was raised; false takes that back, for an
 * error that was dealt with by hand. Both take `.using`.
 *
 * @raises   TransactionManagementError outside of a block
 * Yields: never.   Django: transaction.set_rollback(), get_rollback()
 */
#define nu_set_rollback(rollback, ...) nu_set_rollback_((rollback), NU__TRANSACTION(__VA_ARGS__))
#define nu_get_rollback(...)           nu_get_rollback_(NU__TRANSACTION(__VA_ARGS__))
void nu_set_rollback_(bool rollback, const nu_transaction_options *options);
bool nu_get_rollback_(const nu_transaction_options *options);
/** Is a transaction open? Takes `.using`. Django: connection.in_atomic_block */
#define nu_in_atomic(...) nu_in_atomic_(NU__TRANSACTION(__VA_ARGS__))
bool nu_in_atomic_(const nu_transaction_options *options);

/**
 * Transactions by hand. With autocommit off the next statement begins one, which lasts until
 * nu_commit(), nu_rollback() or the fiber's end, which rolls back; blocks inside are savepoints.
 * Turning it on again commits. With autocommit on nu_commit() and nu_rollback() do nothing. All
 * take `.using`.
 *
 * @raises   TransactionManagementError inside of a block; what COMMIT raises
 * Yield.    Django: transaction.set_autocommit(), get_autocommit(), commit(), rollback()
 */
#define nu_set_autocommit(autocommit, ...)                                                         \
    nu_set_autocommit_((autocommit), NU__TRANSACTION(__VA_ARGS__))
#define nu_get_autocommit(...) nu_get_autocommit_(NU__TRANSACTION(__VA_ARGS__))
#define nu_commit(...)         nu_commit_(NU__TRANSACTION(__VA_ARGS__))
#define nu_rollback(...)       nu_rollback_(NU__TRANSACTION(__VA_ARGS__))
void nu_set_autocommit_(bool autocommit, const nu_transaction_options *options);
bool nu_get_autocommit_(const nu_transaction_options *options);
void nu_commit_(const nu_transaction_options *options);
void nu_rollback_(const nu_transaction_options *options);

/**
 * Savepoints by hand, where a block does not fit; all take `.using`. Outside of a transaction, and
 * on SQLite in one by hand, there is none: nu_savepoint() gives null, and ending null does nothing.
 * Functions registered by nu_on_commit() since then stay registered. nu_clean_savepoints() starts
 * the names anew.
 *
 * @return   the savepoint's name, in the arena
 * @raises   TransactionManagementError in a block that waits for its rollback: call
 *           nu_set_rollback(false) before nu_savepoint_rollback(); ValueError for a name of others'
 * Yield.    Django: transaction.savepoint(), savepoint_commit(), savepoint_rollback(),
 *           clean_savepoints()
 */
#define nu_savepoint(...)               nu_savepoint_(NU__TRANSACTION(__VA_ARGS__))
#define nu_savepoint_commit(sid, ...)   nu_savepoint_commit_((sid), NU__TRANSACTION(__VA_ARGS__))
#define nu_savepoint_rollback(sid, ...) nu_savepoint_rollback_((sid), NU__TRANSACTION(__VA_ARGS__))
#define nu_clean_savepoints(...)        nu_clean_savepoints_(NU__TRANSACTION(__VA_ARGS__))
nu_str nu_savepoint_(const nu_transaction_options *options);
void nu_savepoint_commit_(nu_str savepoint, const nu_transaction_options *options);
void nu_savepoint_rollback_(nu_str savepoint, const nu_transaction_options *options);
void nu_clean_savepoints_(const nu_transaction_options *options);
