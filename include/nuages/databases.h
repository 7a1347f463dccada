/**
 * @file
 * What is beyond queries: the pools of connections, and what servers have that Django's ORM has
 * no word for. All that takes `.using` means "default" without it; where a database has no such
 * thing, NotSupportedError says so.
 */
#pragma once
#include <nuages/transaction.h>

/* ---- pools -------------------------------------------------------------------------------- */

/* What the pool of a database does and has done, in this process. */
typedef struct nu_pool {
    uint32_t max;     /* connections at most */
    uint32_t open;    /* now; of them: */
    uint32_t shared;  /* by all fibers, for statements that commit by themselves */
    uint32_t idle;    /* waiting to be lent */
    uint32_t lent;    /* to transactions, cursors, listeners */
    uint32_t waiting; /* fibers in the line for one */
    uint64_t opened, closed;
    uint64_t loans;             /* times that one was lent */
    uint64_t shared_statements; /* that ran on shared ones */
    uint64_t waits, timeouts;   /* times that all were lent; that none came free in time */
    uint64_t unusable;          /* idle ones that were found broken, or too old */
    double wait_seconds;
} nu_pool;

/**
 * @param alias  NULL: "default"
 * @raises       ConnectionDoesNotExist
 * Yields: never.
 */
nu_pool nu_pool_of(const char *alias);

/* ---- time limits -------------------------------------------------------------------------- */

typedef struct nu_statement_limit {
    struct nu__statement_scope *scope;
    size_t slot;
} nu_statement_limit;
nu_statement_limit nu__statement_limit_begin(double seconds, const nu_transaction_options *options);
void nu__statement_limit_end(nu_statement_limit *limit);

/**
 * From here to the end of the block, the server gives up each statement of this fiber that takes
 * longer: OperationalError "canceling statement due to statement timeout". The fiber has a
 * connection of its own meanwhile. A block inside has the limit that it sets, until its end. Takes
 * `.using`.
 *
 * @raises  ValueError for what is no positive time; NotSupportedError (SQLite)
 * Yields.  PostgreSQL: statement_timeout. MariaDB: max_statement_time
 */
#define nu_statement_timeout_scope(seconds, ...)                                                   \
    NU_UNUSED NU_CLEANUP(nu__statement_limit_end)                                                  \
    nu_statement_limit NU_CAT(nu__limit_, __COUNTER__) =                                           \
        nu__statement_limit_begin((seconds), NU__TRANSACTION(__VA_ARGS__))

/* ---- advisory locks ----------------------------------------------------------------------- */

/* nowait: do not wait for it. shared: beside others who take it so. */
typedef struct nu_advisory {
    NU_NAMED_ONLY;
    const char *using;
    bool nowait, shared;
} nu_advisory;

/**
 * Take the lock of a number, which is nobody's but the site's to give a meaning, until the end of
 * the transaction.
 *
 * @return  false when it is another's and `.nowait` was given
 * @raises  TransactionManagementError outside of an atomic block; NotSupportedError
 * Yields.  PostgreSQL: pg_advisory_xact_lock()
 */
#define nu_advisory_lock(key, ...) nu_advisory_lock_((key), &(const nu_advisory){ __VA_ARGS__ })
bool nu_advisory_lock_(int64_t key, const nu_advisory *options);

/* ---- channels ----------------------------------------------------------------------------- */

typedef struct nu_listener nu_listener;

/* What came: texts in the arena. */
typedef struct nu_notification {
    nu_str channel, payload;
} nu_notification;

/**
 * Hear what is told on a channel of the database, by whichever process. Takes a connection of its
 * own until it is closed, or the fiber ends.
 *
 *     nu_listener *orders = nu_listen("orders");
 *     nu_notification news;
 *
 *     while (nu_listener_next(orders, 30, &news))
 *         …
 *
 * @raises  OperationalError; NotSupportedError; RuntimeError where no loop runs
 * Yields.  PostgreSQL: LISTEN
 */
#define nu_listen(channel, ...) nu_listen_((channel), NU__TRANSACTION(__VA_ARGS__))
nu_listener *nu_listen_(const char *channel, const nu_transaction_options *options);
/** The next one; false: nothing within so many seconds. Raises OperationalError when the connection
 * broke, or when so many have piled up that some were lost. Yields. */
bool nu_listener_next(nu_listener *listener, double timeout, nu_notification *out);
/** NULL and closed ones are ignored. */
void nu_listener_close(void *listener);

/**
 * Tell a channel; in a transaction, when it commits.
 *
 * @raises  NotSupportedError; what the database raises
 * Yields.  PostgreSQL: NOTIFY
 */
#define nu_notify(channel, payload, ...)                                                           \
    nu_notify_((channel), (payload), NU__TRANSACTION(__VA_ARGS__))
void nu_notify_(const char *channel, nu_str payload, const nu_transaction_options *options);
