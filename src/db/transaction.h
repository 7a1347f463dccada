/**
 * @file
 * Transactions for the library's own parts; the rest is in <nuages/transaction.h>.
 */
#pragma once
#include "db/connection.h"
#include <nuages/transaction.h>

/* Is an atomic block open on the connection? */
bool nu__in_atomic_block(const nu__connection *connection);

typedef struct nu__session nu__session;
/* SAVEPOINT, RELEASE SAVEPOINT or ROLLBACK TO SAVEPOINT, by the savepoint's number. Yields. */
void nu__savepoint_run(nu__session *session, const char *verb, uint32_t savepoint);
/* Call what on_commit() registered, in its order. */
void nu__run_commit_hooks(nu__session *session);

typedef struct nu__rollback_mark {
    size_t slot;
} nu__rollback_mark;
nu__rollback_mark nu__rollback_mark_begin(nu__connection *connection);
void nu__rollback_mark_end(nu__rollback_mark *mark);
/* From here to the end of the block: a raise marks the atomic block around it, if there is one, for
   rollback. For what writes in several statements without a savepoint of its own.
   Django: transaction.mark_for_rollback_on_error() */
#define nu__mark_for_rollback_on_error(connection)                                                 \
    NU_UNUSED NU_CLEANUP(nu__rollback_mark_end)                                                    \
    nu__rollback_mark NU_CAT(nu__mark_, __COUNTER__) = nu__rollback_mark_begin(connection)
