/**
 * @file
 * A worker: one process, one thread, one loop.
 *
 *   nu__worker_run
 *     loop
 *       worker_start()
 *       nu__accept_start: from every listener, a few connections a turn -> options->accept()
 *       heartbeat, each quarter of heartbeat_time
 *       SIGTERM: what is queued is accepted, then options->drain(), until no connection is left
 *       worker_stop()
 */
#pragma once
#include "server/listeners.h"
#include "server/scoreboard.h"

#include <sys/types.h>

enum { NU__WORKER_CANNOT_START = 3 }; /* exit status */

typedef struct nu__worker {
    const nu__server_options *options;
    const nu__listeners *listeners;
    const nu__scoreboard *board;
    nu__score *score;
    int number;
    pid_t arbiter;
} nu__worker;

/* In the forked child. The exit status of the process. */
int nu__worker_run(const nu__worker *worker);

/* ---- accept.c -------------------------------------------------------------------------------- */

bool nu__accept_start(const nu__worker *worker); /* false: out of memory */
/* Accept all that is queued, then no more. */
void nu__accept_stop(void);
