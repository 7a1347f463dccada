/**
 * @file
 * Transactions by hand: with autocommit off, a session's first statement begins one, which lasts to
 * nu_commit(), nu_rollback() or the fiber's end. Atomic blocks inside are savepoints.
 */
#pragma once
#include "db/session.h"

/* A statement is about to run: begin what it belongs to. Nothing with autocommit on. */
void nu__manual_before(nu__session *session);
/* Roll back what is open. */
void nu__manual_undo(nu__session *session);
/* The fiber ends: roll back, autocommit is on again. */
void nu__manual_abandon(nu__session *session);
