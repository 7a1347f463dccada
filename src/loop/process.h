/**
 * @file
 * Child processes and signals, for fibers. Where no loop runs the calls block.
 */
#pragma once
#include "loop/fiber.h"

typedef struct nu__process nu__process;

enum { NU__INHERIT = -1, NU__NULL_DEVICE = -2 };

typedef struct nu__process_options {
    const char *const *argv; /* ends with NULL; argv[0] is looked up in PATH */
    const char *const *env;  /* NULL: as here */
    const char *cwd;         /* NULL: as here */
    int in, out, err;        /* descriptors, borrowed; NU__INHERIT or NU__NULL_DEVICE */
} nu__process_options;

/* Start a child, with default signals. It belongs to the fiber: unless it was waited for, it is
   killed and reaped when the fiber ends. Raises OSError. */
nu__process *nu__process_start(const nu__process_options *options);
/* Wait for its end. false: the deadline has come. *status: the exit status, or 128 + the number of
   the signal that ended it. Raises NU_CANCELLED. Yields. */
bool nu__process_wait(nu__process *process, double deadline, int *status);
void nu__process_kill(nu__process *process, int signal);
int nu__process_id(const nu__process *process);

/* Run to the end and collect what it writes to its standard output, `limit` bytes at most: past it
   the child is killed and an error raised. The exit status. Raises OSError, TimeoutError,
   NU_CANCELLED. */
int nu__process_run(const nu__process_options *options, double timeout, size_t limit,
                    nu_str *output);

/* Deliver a signal to nu__signal_wait from now to the end of the loop, instead of its default. */
void nu__signal_catch(int signal);
/* From now on its default again, which it must have been before. */
void nu__signal_let_go(int signal);
/* Wait for the next caught signal; its number, or 0 at the deadline. Raises NU_CANCELLED. */
int nu__signal_wait(double deadline);
