/**
 * @file
 * Who may change the schema, and how long it waits for others.
 *
 * One process at a time migrates a database: PostgreSQL's and MariaDB's advisory locks, for SQLite
 * a locked file beside the database. All of them go when the process does, however it ends.
 */
#pragma once
#include "db/backends/base.h"

/* What the user is told while the lock is somebody else's; called once. */
typedef void nu__lock_waiting(void *self);

/**
 * Take the lock of the connection's database; the handle is held with it.
 * nu_defer(nu__schema_unlock, lock) must follow.
 *
 * @param seconds  how long to wait; 0: not at all
 * @return         in the fiber's arena
 * @raises         OperationalError when it is still taken then; it says by whom where the database
 *                 tells, and what to do
 * Yields.
 */
typedef struct nu__schema_lock nu__schema_lock;
nu__schema_lock *nu__schema_lock_take(nu__connection *connection, double seconds,
                                      nu__lock_waiting *waiting, void *self);
void nu__schema_unlock(void *lock);

/* What the statement of whoever has the lock is at, in the database's words: "building index:
   scanning table 40 %", "waiting for a lock of process 77". Asked on another connection; null where
   the database does not tell (SQLite), or no other connection may be had. Yields. */
nu_str nu__schema_lock_doing(nu__connection *connection);

/* How long a statement waits for rows and tables that others use; of the held handle, until it is
   let go. Yields. */
void nu__limit_lock_waits(nu__connection *connection, int64_t milliseconds);
/* How long a statement may take, waiting included; likewise of the held handle. Raises
   NotSupportedError where the database has no such limit (SQLite). Yields. */
void nu__limit_statements(nu__connection *connection, int64_t milliseconds);
/* Did a statement give up waiting, run out of its time, or meet a deadlock: may it be tried again?
 */
bool nu__is_lock_error(const nu_error *error);
/* Does a statement that changes the schema say that its work has been done? */
bool nu__is_done_already(const nu_error *error);
