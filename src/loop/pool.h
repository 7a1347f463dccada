/**
 * @file
 * The bounded pool of threads for what burns CPU or can't be made non-blocking: password hashing,
 * reading files, name look-ups.
 *
 * A job touches only what it is handed: it has no arena, raises nothing and knows no fiber
 * (nu__here is NULL in it, so that a mistake shows). It lives on the stack of the fiber that waits
 * for it, which is neither resumed nor freed before the job has returned. At most NU__POOL_QUEUE
 * jobs are with the threads; further fibers wait in line and may be cancelled there.
 */
#pragma once
#include "loop/fiber.h"

enum { NU__POOL_THREADS = 4, NU__POOL_QUEUE = 64 };

/* Run `job(arg)` on the pool while the fiber waits; inline where no loop runs. Raises NU_CANCELLED
   before the job has begun, never after: what a job has opened is not lost. */
void nu__pool_run(void (*job)(void *arg), void *arg);
