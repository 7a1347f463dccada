/**
 * @file
 * Starting the present binary in place of the running one.
 *
 *   SIGHUP -> trial: fork, exec the binary; it checks itself up to nu__server_run() and exits with
 * 0
 *          -> this process execs it: the same pid, parent and listeners; the workers go on serving
 *          -> the new arbiter starts its workers; when all serve, the old ones drain
 *
 * A binary whose trial fails is not taken, and the log says so: the site stays up.
 */
#pragma once
#include "server/children.h"

/* The arguments that this process was started with. */
void nu__reload_remember(nu__arbiter *arbiter);
/* Whether this process is a trial: nu__server_run returns 0 at once. */
bool nu__reload_is_trial(void);
/* Start a trial, unless one runs. */
void nu__reload_begin(nu__arbiter *arbiter, double now);
/* See what has become of the trial; on success this does not return. */
void nu__reload_check(nu__arbiter *arbiter, double now);
/* Take over the workers of the binary before. */
void nu__reload_adopt(nu__arbiter *arbiter, double now);
