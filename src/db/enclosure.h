/**
 * @file
 * A transaction around all that a fiber does on a database, which the code inside does not see.
 *
 *   BEGIN                           with the fiber's first statement
 *     SAVEPOINT … RELEASE           a statement that writes, outside of any atomic block
 *     SAVEPOINT … RELEASE           an outermost atomic block: told as BEGIN and COMMIT
 *   COMMIT or ROLLBACK              nu__enclosure_end()
 *
 * Atomic blocks, their hooks and errors behave as without it: an outermost block may be durable,
 * constraints that are checked at COMMIT are checked where it would stand. For the shell, whose
 * work is written as a whole or not at all.
 */
#pragma once
#include "db/session.h"

/* From the fiber's next statement on the connection. */
void nu__enclose(nu__connection *connection);
/* Commit, or roll back. What COMMIT raises; all is rolled back then. Afterwards the fiber is
   outside. Nothing happens when no statement ran, nor is anything committed as long as a
   transaction that the code began by hand is open. */
void nu__enclosure_end(nu__connection *connection, bool commit);

/* For connection.c, rows.c and transaction.c; nothing but a test of a flag where there is no
   enclosure. A statement begins: true when it got a savepoint, which after() must end. */
bool nu__statement_before(nu__session *session, nu_str sql);
/* Raises IntegrityError where a constraint is broken that COMMIT would have checked. */
void nu__enclosure_after(nu__session *session);
void nu__enclosure_undo(void *session); /* the statement failed */
/* The outermost atomic block. */
void nu__enclosure_begin_block(nu__session *session);
void nu__enclosure_commit_block(nu__session *session);
void nu__enclosure_rollback_block(nu__session *session);
