/**
 * @file
 * Making SQLite's Nth read, write, allocation… fail, and a request to make it fail in.
 *
 * All files of the process go through a VFS that counts what it is asked for; SQLite's allocations
 * through functions that count too. Off, all pass. Threads of handles count together.
 */
#pragma once
#include "unit/models/school.h"

#include "db/connection.h"
#include "harness.h"
#include <nuages/errors.h>

typedef enum fault_kind {
    FAULT_READ,
    FAULT_WRITE,
    FAULT_FULL, /* a write finds the disk full */
    FAULT_SYNC,
    FAULT_TRUNCATE,
    FAULT_OPEN,
    FAULT_SHARED_MEMORY, /* of the write-ahead log's index */
    FAULT_MEMORY,
    FAULT_STATEMENT, /* one that runs is interrupted */
    FAULT_KINDS,
} fault_kind;

/* Before the first use of SQLite in the process. */
void fault_install(void);
/* From now the nth of the kind fails; `on`: and all after it. */
void fault_arm(fault_kind kind, int64_t n, bool on);
/* Was there an nth? All pass from now on. */
bool fault_disarm(void);

/* An empty school in a file of this name, as "default". */
void fault_school(const char *name, const char *options);
/* Writes a department and two courses in a transaction, with a savepoint that rolls back, reads and
   updates them, and notes its commit. */
void fault_request(void *unused);
extern int fault_commits; /* of the hook that the request registers */
/* In a context of its own; the error that escaped, or NULL. */
const nu_error *fault_run(void (*request)(void *arg), void *arg);
/* Nothing half-written: each department has its two courses, both updated. How many there are. */
int64_t fault_check_whole(void);
