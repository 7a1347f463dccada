/**
 * @file
 * What migrate tells while it runs: a line a migration, and more of what takes its time. And how it
 * is interrupted.
 *
 *     Applying shop.0002_size...
 *       1 of 2: Create index on_size on field(s) size of model Thing, after 12 s, building index:
 *       scanning table 40 %...
 *
 * A fiber of its own, the watch, looks at the clock, as the one that migrates waits for a
 * statement. On a terminal it writes the line anew each second, elsewhere a further one every ten;
 * what the database tells of the statement is asked on another connection. It also takes Ctrl-C
 * (SIGINT) and SIGTERM: the first cancels the migration, so that the server ends the statement too
 * and rolls back, which it would not do for a client that has gone while it works; the second ends
 * the process at once.
 */
#pragma once
#include "cli/command.h"
#include "db/migrations/executor.h"
#include "loop/fiber.h"

typedef struct nu__showing {
    const nu_command_run *run;
    nu__connection *connection;
    double began, told;            /* the migration; the last line */
    const nu_operation *operation; /* the one that runs, the `i`th of `n`; NULL: between two */
    size_t i, n;
    int64_t width;                /* of the line that may be written over; 0: there is none */
    nu__fiber *migrating, *watch; /* NULL: there is none */
    bool open;                    /* the line that was written last has no end yet */
    bool ended;                   /* the watch */
    bool taken[2];                /* SIGINT and SIGTERM */
} nu__showing;

/* Start the watch of the running fiber. nu_defer(nu__showing_end, showing) must follow. */
void nu__showing_begin(nu__showing *showing);
/* The functions that the executor calls. */
nu__progress nu__showing_progress(nu__showing *showing);
/* End the line that a failed migration leaves open, and wait for the watch to end. Yields. */
void nu__showing_end(void *showing);
