/**
 * @file
 * The server's processes: an arbiter that owns the listeners, and the workers that answer.
 *
 *   arbiter (no thread, no loop, no TLS, no database)
 *     opens the listeners: TCP, Unix, those that systemd or the binary before a reload passed on
 *     forks workers, restarts the dead with backoff, kills the stuck, recycles
 *     worker (one thread, one loop)
 *       worker_start(), then accepts from all listeners -> accept() callback
 *       heartbeat into shared memory; SIGTERM: drain
 *
 * Signals to the arbiter: SIGTERM and SIGINT drain and end; SIGQUIT ends at once; SIGHUP starts the
 * present binary on the same listeners, in this very process, and drains the old workers.
 */
#pragma once
#include <nuages/base.h>
#include <sys/socket.h>

typedef struct nu__listener nu__listener;

/* "127.0.0.1:8000", "[::1]:8000", ":8000" (all addresses), "localhost:0" (a free port),
   "unix:/run/site.sock". */
const char *nu__listener_address(const nu__listener *listener); /* with the port that was given */
bool nu__listener_is_unix(const nu__listener *listener);

typedef struct nu__server_options {
    const char *const *listen; /* ends with NULL; not needed where systemd passes sockets */
    int workers;               /* 0: one for each core that this process may use */
    int backlog;               /* 0: 1024 */

    double drain_time;     /* seconds for open requests at the end; 0: 30 */
    double heartbeat_time; /* seconds without a sign of life before a worker is killed; 0: 30 */
    uint64_t max_requests; /* recycle a worker after about so many; 0: never */
    double restart_delay;  /* seconds before a worker that died is restarted; 0: by backoff */
    size_t max_memory;     /* recycle a worker whose resident memory passes this; bytes; 0: never */

    /* In the arbiter, for each listener once it is open; NULL: a line of the log says so. */
    void (*listening)(const nu__listener *listener);

    /* All in the worker; the first two may be NULL. */
    void (*worker_start)(void); /* in a fiber: open databases, warm up. An error ends the worker */
    void (*worker_stop)(void);  /* in a fiber, after the drain */
    /* A new connection: take the descriptor (non-blocking, close-on-exec). In a callback of the
       loop. */
    void (*accept)(int fd, const struct sockaddr *peer, socklen_t peer_len,
                   const nu__listener *listener);
    void (*drain)(void); /* close idle connections; answer the others with Connection: close */
    /* Both are asked between worker_start and worker_stop alone. */
    size_t (*connections)(void); /* open ones; the drain ends at 0 */
    uint64_t (*requests)(void);  /* answered since the start */
} nu__server_options;

/* Serve until told to stop. To be called where no loop runs, no thread was started and no database
   is open: workers are forks of this process. The exit status: 0 after a drain; 1 when a listener
   can't be opened or the workers can't start, with a message that says why and what to do. */
int nu__server_run(const nu__server_options *options);

/* In a worker: its number from 1, stable over restarts; 0 elsewhere. */
int nu__worker_number(void);
