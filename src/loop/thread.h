/**
 * @file
 * Dedicated threads with a queue of jobs: one for each SQLite connection.
 *
 * The same rules for jobs as in pool.h. Jobs of one thread run one after the other in the order
 * they were given. The system's thread starts with the first job that a fiber gives it; where no
 * loop runs jobs are run inline, so that a connection may be opened before the loop starts.
 */
#pragma once
#include "loop/fiber.h"

typedef struct nu__thread nu__thread;

/* `name` (15 bytes are kept) shows in ps and debuggers. malloc'd; NULL when out of memory. */
nu__thread *nu__thread_start(const char *name);
/* End the thread once its queue is empty, and free it. No fiber may have a job out on it. */
void nu__thread_stop(nu__thread *thread);

/* Run `job(arg)` there while the fiber waits. Raises NU_CANCELLED before the job is queued, never
   after. */
void nu__thread_run(nu__thread *thread, void (*job)(void *arg), void *arg);
/* The same; when the fiber is cancelled while the job is out, `interrupt(arg)` is called once, on
   the loop's thread (sqlite3_interrupt). The job returns on its own account all the same. */
void nu__thread_run_interruptible(nu__thread *thread, void (*job)(void *arg), void *arg,
                                  void (*interrupt)(void *arg));
