/**
 * @file
 * Wait queues: fibers that wait for the same thing, first come, first served.
 *
 *     while (!pool->free)
 *         nu__wait(&pool->waiters);
 *     …
 *     nu__wait_wake_one(&pool->waiters);
 *
 * All zero is an empty queue. The queue must outlive those who wait in it. A wake-up is never lost
 * to a fiber that is cancelled at the same moment.
 */
#pragma once
#include "loop/fiber.h"

typedef struct nu__wait_queue {
    struct nu__waiter *first, *last;
} nu__wait_queue;

/* Raises NU_CANCELLED. */
void nu__wait(nu__wait_queue *queue);
bool nu__wait_until(nu__wait_queue *queue, double deadline); /* false: the deadline has come */
bool nu__wait_wake_one(nu__wait_queue *queue);               /* false: nobody waits */
size_t nu__wait_wake_all(nu__wait_queue *queue);             /* how many waited */
