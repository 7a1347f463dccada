/**
 * @file
 * Where raised errors live: one block of malloc's each, with its texts behind it.
 *
 *   context: oldest -> error -> … -> newest       at most 256, each holding a reference
 *                        |cause          |also
 *                        v               v
 *                      error           error      a reference each
 *
 * The oldest goes when the 257th comes. Whoever is raising holds a reference too, so that what is
 * on its way up, and its causes, outlive any number of errors that clean-ups raise and catch. A
 * context's own `no_memory` is never counted.
 */
#pragma once
#include "core/context.h"
#include "core/unwind.h"

enum { NU__STACK_FRAMES = 48 };

/* The stack from a frame pointer on, as it stood where an error was raised. */
typedef struct nu__stack_copy {
    size_t len, n_frames;
    nu__unwound frames[NU__STACK_FRAMES]; /* innermost first: the store's own, the raise, … */
    char *base;                           /* where it stood: the frame pointer of who copied it */
    unsigned char bytes[];
} nu__stack_copy;
/* NULL where there is none: nu__error_traces is off. */
const nu__stack_copy *nu__error_stack(const nu_error *error);

/* A copy of `like` in the running context's store; its no_memory when there is no memory. Texts are
   copied, `cause` is referred to. */
nu_error *nu__error_store(const nu_error *like);
/* The running context's no_memory, filled in. 0 bytes: the amount is not known. */
nu_error *nu__error_no_memory(size_t bytes);
void nu__error_ref(const nu_error *error);
void nu__error_unref(const nu_error *error);
/* Unref what has arrived at its catch; the store takes it back if it had dropped it meanwhile. */
void nu__error_settle(const nu_error *error);
/* Append to the chain of what clean-ups raised on the way of `first`. */
void nu__error_attach(const nu_error *first, const nu_error *also);
/* Itself, or a copy of what another fiber raised. */
const nu_error *nu__error_adopt(const nu_error *error);
/* Drop all of a context's errors. */
void nu__errors_drop(nu__context *context);
