/**
 * @file
 * SQL of one's own that would end the transaction it runs in.
 *
 * An atomic block, and the shell's piece of code, are written as a whole or not at all: a COMMIT
 * from inside would leave half of it behind. Raw SQL is read no further than its first words, and
 * only where such a transaction is open.
 */
#pragma once
#include "db/session.h"

/* Raises TransactionManagementError where the session is in an atomic block or enclosed, and `sql`
   begins or ends a transaction: BEGIN, COMMIT, ROLLBACK, SET autocommit … Savepoints are the code's
   own affair. Enclosed, also for what makes MariaDB commit: CREATE TABLE, ALTER, TRUNCATE … Blanks,
   comments and MariaDB's executed comments before the words are looked through. Never yields. */
void nu__check_transaction_words(const nu__session *session, nu_str sql);
