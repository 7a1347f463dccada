/**
 * @file
 * What a running fiber carries for core/: its arena, its chain of clean-ups, its catch marks.
 *
 * core/ knows nothing of fibers. Whoever runs code (the fiber switch in loop/, a command before the
 * loop starts, a unit test) points `nu__here` at a context; everything that allocates, raises or
 * defers acts on it. The chain of clean-ups is an array of (function, argument) pairs: nu_defer,
 * scratch scopes and transactions push onto it and pop by slot; a raise runs what lies above the
 * catching mark, last first.
 */
#pragma once
#include <nuages/errors.h>

typedef struct nu__arena nu__arena;

typedef struct nu__cleanup {
    void (*fn)(void *arg);
    void *arg;
} nu__cleanup;

/* One pointer a fiber for each layer that keeps fiber-local state; the layer alone touches its own.
 */
typedef enum nu__local {
    NU__LOCAL_FIBER,    /* loop: the fiber itself */
    NU__LOCAL_REQUEST,  /* http: the nu_request being answered */
    NU__LOCAL_DATABASE, /* db: transaction state by alias */
    NU__LOCAL_TIMEZONE, /* utils: the activated time zone */
    NU__LOCAL_LANGUAGE, /* i18n: the activated language */
    NU__LOCAL_URLCONF,  /* urls: script prefix and urlconf override */
    NU__LOCAL_COUNT
} nu__local;

typedef struct nu__context {
    nu__arena *arena;
    nu_mark *marks;        /* innermost catch */
    nu__cleanup *cleanups; /* malloc'd, grows */
    size_t depth, capacity;
    nu__cleanup *at_end; /* nu_on_fiber_end */
    size_t n_at_end, at_end_capacity;
    struct nu__error_store *errors; /* raised errors and their texts; freed with the context */
    const nu_error *handling; /* the error that a clean-up or a catch is dealing with: `cause` */
    const char *what;         /* names the work in messages: "GET /students/", "migrate" */
    void *locals[NU__LOCAL_COUNT];
} nu__context;

/* NULL where no fiber runs: a raise there aborts with a message. */
extern _Thread_local nu__context *nu__here;

/* A context over a fresh arena. `release` runs the at-end functions, then frees all it owns. */
void nu__context_init(nu__context *context, const char *what);
void nu__context_release(nu__context *context);
/* Give back everything but one arena chunk: the context serves the next fiber. Runs at-end
 * functions. */
void nu__context_reset(nu__context *context);

/* Push a clean-up; the slot is passed to pop, which drops it without running it, and all above it.
   For nu_atomic_scope and the like; other code uses nu_defer. */
size_t nu__cleanup_push(void (*fn)(void *), void *arg);
bool nu__cleanup_pop(size_t slot); /* false: a raise has run it already */

/* Run `fn(arg)` under a mark that catches everything, NU_CANCELLED too; the error or NULL. For the
   tops of fibers and for clean-ups. */
const nu_error *nu__guard(void (*fn)(void *), void *arg);
