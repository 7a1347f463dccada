/**
 * @file
 * The arbiter's table of worker processes.
 *
 *     STARTING -> SERVING -> RETIRING -> LEAVING -> gone
 *                    |   (replacement is       ^
 *                    |    on its way)          |
 *                    +-------------------------+
 *
 * A worker has a number from 1 to the count of workers; while one retires, its replacement has the
 * same. RETIRING goes on serving until the replacement does. Workers of the binary before a reload
 * have number 0: they retire until all of the new ones serve.
 */
#pragma once
#include "server/listeners.h"
#include "server/scoreboard.h"

#include <sys/types.h>

typedef enum nu__child_state {
    NU__CHILD_STARTING,
    NU__CHILD_SERVING,
    NU__CHILD_RETIRING,
    NU__CHILD_LEAVING
} nu__child_state;

typedef struct nu__child {
    pid_t pid;
    int number;
    nu__child_state state;
    nu__score *score; /* NULL: of the binary before */
    uint32_t beats;   /* as last seen */
    double beat_at;   /* when they last changed */
    double started;
    double kill_at; /* when LEAVING */
    bool aborted;   /* it was stuck, and has been sent SIGABRT */
} nu__child;

/* One of the numbers 1…n: when its worker may be started, after how many failures in a row. */
typedef struct nu__post {
    double start_at;
    uint32_t failures;
} nu__post;

typedef struct nu__arbiter {
    nu__server_options options; /* with the defaults filled in */
    nu__listeners listeners;
    nu__scoreboard board;
    nu__child *children;
    size_t n_children, most_children;
    nu__post *posts;
    bool stopping;
    bool has_served; /* some worker has been ready */
    int status;
    int trial; /* the process that tries the new binary; 0: none */
    double trial_until;
    int argc;
    char **argv; /* as this process was started */
} nu__arbiter;

/* Fork the workers that are missing and due. In the child it does not return. */
void nu__children_start(nu__arbiter *arbiter, double now);
/* Wait for those that have ended, tell how, and set when their posts are filled again. */
void nu__children_reap(nu__arbiter *arbiter, double now);
/* Look at readiness, heartbeats, spent shares and time limits. */
void nu__children_check(nu__arbiter *arbiter, double now);
/* Tell one, or all, to leave. */
void nu__child_leave(nu__arbiter *arbiter, nu__child *child, int signal, double now);
void nu__children_leave(nu__arbiter *arbiter, int signal, double now);
/* Whether something will happen soon, so that the arbiter must look often. */
bool nu__children_busy(const nu__arbiter *arbiter);
/* Take over workers of the binary before; -1 ends the list. */
void nu__children_adopt(nu__arbiter *arbiter, const pid_t *pids, double now);
