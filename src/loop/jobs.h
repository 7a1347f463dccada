/**
 * @file
 * Jobs on threads: what the pool and the dedicated threads are made of.
 *
 *   fiber: job on its stack -> crew's queue -> thread runs it -> loop->finished -> fiber wakes
 *
 * A crew is a queue and up to `max` threads, started when there is work for them. Threads push what
 * they have finished onto a list of the loop and ring its bell only if it may be asleep, so that a
 * busy loop pays for no wake-up.
 */
#pragma once
#include "loop/fiber_int.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct nu__job {
    void (*run)(void *arg);
    void *arg;
    nu__fiber *fiber;
    nu__loop_state *loop;
    bool done; /* seen and set by the loop's thread only */
    struct nu__job *next;
} nu__job;

typedef struct nu__crew {
    pthread_mutex_t lock;
    pthread_cond_t work;
    nu__job *first, **end;
    uint32_t max, started, idle;
    bool stop;
    char name[16];
    pthread_t threads[4];
} nu__crew;

void nu__crew_init(nu__crew *crew, const char *name, uint32_t max);
/* Wait for the threads to end: the queue must be empty. */
void nu__crew_release(nu__crew *crew);

/* Run a job there while this fiber waits, deaf to cancellation. `interrupt` may be NULL. Where no
   fiber runs, or no thread can be had: inline. */
void nu__crew_run(nu__crew *crew, void (*run)(void *arg), void *arg, void (*interrupt)(void *arg));
/* As on a thread: nothing of a fiber is within the job's reach. */
void nu__run_inline(void (*run)(void *arg), void *arg);
/* Raise NU_CANCELLED when that is due: what has not begun need not begin. */
void nu__cancel_check(void);
