/**
 * @file
 * What a running fiber carries for core/: its arena, its chain of clean-ups, its catch marks, the
 * errors raised in it.
 *
 * core/ knows nothing of fibers. Whoever runs code (the fiber switch in loop/, a command before the
 * loop starts, a unit test) points `nu__here` at a context; everything that allocates, raises or
 * defers acts on it. The chain of clean-ups is an array of (function, argument) pairs: nu_defer,
 * scratch scopes and transactions push onto it and pop by slot; a raise runs what lies above the
 * catching mark, last first, while the frames that are being left still stand.
 */
#pragma once
#include "core/arena.h"

#include <nuages/errors.h>

typedef struct nu__cleanup {
    void (*fn)(void *arg);
    void *arg;
} nu__cleanup;

typedef struct nu__chain { /* malloc'd, grows */
    nu__cleanup *items;
    size_t len, capacity;
} nu__chain;

/* One pointer a fiber for each layer that keeps fiber-local state; the layer alone touches its own.
 */
typedef enum nu__local {
    NU__LOCAL_FIBER,       /* loop: the fiber itself */
    NU__LOCAL_REQUEST,     /* http: the nu_request being answered */
    NU__LOCAL_DATABASE,    /* db: transaction state by alias */
    NU__LOCAL_TIMEZONE,    /* utils: the activated time zone */
    NU__LOCAL_LANGUAGE,    /* utils: the formats of the activated language */
    NU__LOCAL_TRANSLATION, /* i18n: its catalogues */
    NU__LOCAL_URLCONF,     /* urls: script prefix and urlconf override */
    NU__LOCAL_REPEATS,     /* db: the statements of a request, counted */
    NU__LOCAL_COUNT
} nu__local;

/* An error as the store keeps it, its texts behind it; see error_store.h. */
typedef struct nu__stored_error {
    nu_error error;
    struct nu__context *owner;
    struct nu__stored_error *newer;
    size_t references;
    struct nu__stack_copy *stack; /* where it was raised; see error_store.h */
    bool kept;                    /* the store holds one of them */
    nu__arena detail;             /* what error.detail and `place` point into */
    nu_str place;                 /* in a template; see error.h */
} nu__stored_error;

typedef struct nu__context {
    nu__arena *arena; /* where nu_alloc() allocates: `own`, unless nu__arena_use() says otherwise */
    nu_mark *marks;   /* innermost catch */
    nu__chain cleanups, at_end;
    nu__stored_error *oldest_error, *newest_error;
    size_t n_errors;
    uint32_t shield; /* above 0: clean-ups run; whoever delivers cancellation waits, for a while */
    uint32_t scratches; /* scratch scopes that are open */
    const char *what;   /* names the work in messages: "GET /students/", "migrate"; borrowed */
    const char *file;   /* where the user's code asked the database last; NULL: not known */
    int line;
    void *locals[NU__LOCAL_COUNT];
    nu__arena own;
    nu__stored_error no_memory; /* the MemoryError that needs no memory */
    char no_memory_text[160];
} nu__context;

/* NULL where no fiber runs: a raise there aborts with a message. */
extern _Thread_local nu__context *nu__here NU__FAST_TLS;

/* A context over a fresh arena; takes no memory yet. */
void nu__context_init(nu__context *context, const char *what);
/* Run the at-end functions, then give back everything but one arena chunk and the chains' memory:
   the context serves the next fiber. Keeps `what`; clears the locals. */
void nu__context_reset(nu__context *context);
/* The same, and free all it owns. */
void nu__context_release(nu__context *context);
/* Run the at-end functions alone: for a fiber that must still be running when they do. */
void nu__context_end(nu__context *context);

/* Push a clean-up; the slot is passed to pop, which drops it without running it, and all above it.
   For nu_atomic_scope and the like; other code uses nu_defer. Raises MemoryError. */
size_t nu__cleanup_push(void (*fn)(void *), void *arg);
bool nu__cleanup_pop(size_t slot); /* false: a raise has run it already */

/* Run `fn(arg)` under a mark that catches everything, NU_CANCELLED too; the error or NULL. For the
   tops of fibers and for clean-ups. What `fn` wrote through `arg` before it raised is seen after
   it, locals of the caller too: nu_catch() does not promise that. */
const nu_error *nu__guard(void (*fn)(void *), void *arg);

/* Allocate from another arena from here on; the previous one. A raise goes back to the arena that
   was in use at the catching mark. For what outlives the fiber: compiled templates, settings. */
nu__arena *nu__arena_use(nu__arena *arena);
