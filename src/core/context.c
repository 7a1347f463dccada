#include "core/context.h"

#include "core/error.h"
#include "core/error_store.h"

#include <nuages/logging.h>
#include <stdlib.h>

_Thread_local nu__context *nu__here;

enum { CHAIN_FIRST = 16 };

void nu__context_init(nu__context *context, const char *what)
{
    *context = (nu__context){ .what = what };
    nu__arena_init(&context->own);
    context->arena = &context->own;
}

void nu__context_end(nu__context *context)
{
    nu__context *outer = nu__here;

    nu__here = context;
    while (context->at_end.len) {
        nu__cleanup last = context->at_end.items[--context->at_end.len];
        const nu_error *error = nu__guard(last.fn, last.arg);

        if (error)
            nu_error_log("{} at the end of {}: {}", nu_error_class_name(error->klass),
                         context->what, error->message);
    }
    nu__here = outer;
}

void nu__context_reset(nu__context *context)
{
    nu__context_end(context);
    nu__errors_drop(context);
    context->cleanups.len = 0;
    context->marks = NULL;
    context->shield = 0;
    context->arena = &context->own;
    memset(context->locals, 0, sizeof(context->locals));
    nu__arena_reset(&context->own);
}

void nu__context_release(nu__context *context)
{
    nu__context_reset(context);
    nu__arena_release(&context->own);
    free(context->cleanups.items);
    free(context->at_end.items);
    context->cleanups = context->at_end = (nu__chain){ 0 };
}

nu__arena *nu__arena_use(nu__arena *arena)
{
    nu__arena *previous = nu__here->arena;

    nu__here->arena = arena;
    return previous;
}

/* ---- memory ------------------------------------------------------------------------------- */

void *nu_try_alloc(size_t n, size_t size)
{
    return nu__arena_try_alloc(nu__here->arena, n, size);
}

__attribute__((noinline)) static void *alloc_or_raise(size_t n, size_t size)
{
    void *allocation = nu__arena_try_alloc(nu__here->arena, n, size);
    size_t bytes;

    if (!allocation)
        nu__raise_no_memory(__builtin_mul_overflow(n, size, &bytes) ? SIZE_MAX : bytes);
    return allocation;
}

/* What is rare is a call, so that nothing is saved for it. */
void *nu_alloc_(size_t n, size_t size)
{
    nu__arena *arena = nu__here->arena;
    char *allocation = arena->next;
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes) || bytes > NU__ARENA_LARGE ||
        nu__arena_room(bytes) > (size_t)(arena->end - allocation) || nu__fault_countdown)
        return alloc_or_raise(n, size);
    arena->next = allocation + nu__arena_room(bytes);
    NU__UNPOISON(allocation, bytes);
    return nu__arena_zero(allocation, bytes);
}

void *nu__alloc_raw(size_t bytes)
{
    void *allocation = nu__arena_try_alloc_raw(nu__here->arena, bytes);

    if (!allocation)
        nu__raise_no_memory(bytes);
    return allocation;
}

void *nu__grow(void *allocation, size_t old_bytes, size_t new_bytes)
{
    void *grown = nu__arena_try_grow(nu__here->arena, allocation, old_bytes, new_bytes);

    if (!grown)
        nu__raise_no_memory(new_bytes);
    return grown;
}

/* ---- clean-ups ---------------------------------------------------------------------------- */

static bool chain_push(nu__chain *chain, void (*fn)(void *), void *arg)
{
    if (chain->len == chain->capacity) {
        size_t capacity = chain->capacity ? chain->capacity * 2 : CHAIN_FIRST;
        nu__cleanup *items = nu__realloc(chain->items, capacity * sizeof(*items));

        if (!items)
            return false;
        chain->items = items;
        chain->capacity = capacity;
    }
    chain->items[chain->len++] = (nu__cleanup){ fn, arg };
    return true;
}

size_t nu__cleanup_push(void (*fn)(void *), void *arg)
{
    if (!chain_push(&nu__here->cleanups, fn, arg))
        nu__raise_no_memory(0);
    return nu__here->cleanups.len - 1;
}

bool nu__cleanup_pop(size_t slot)
{
    if (nu__here->cleanups.len <= slot)
        return false;
    nu__here->cleanups.len = slot;
    return true;
}

nu_deferred nu__defer(void (*fn)(void *), void *arg)
{
    if (!chain_push(&nu__here->cleanups, fn, arg)) {
        fn(arg);
        nu__raise_no_memory(0);
    }
    return (nu_deferred){ fn, arg, nu__here->cleanups.len - 1 };
}

void nu__deferred_run(nu_deferred *deferred)
{
    if (!nu__cleanup_pop(deferred->slot))
        return;
    nu__here->shield++;
    deferred->fn(deferred->arg);
    nu__here->shield--;
}

void nu_on_fiber_end(void (*fn)(void *), void *arg)
{
    if (chain_push(&nu__here->at_end, fn, arg))
        return;
    fn(arg);
    nu__raise_no_memory(0);
}

/* ---- scratch ------------------------------------------------------------------------------ */

typedef struct scratch_state {
    nu__arena *arena;
    nu__arena_mark mark;
} scratch_state;

static void scratch_release(void *state)
{
    scratch_state copy = *(scratch_state *)state; /* it lies in what is given back */

    nu__here->scratches--;
    nu__arena_mark_release(copy.arena, copy.mark);
}

nu_scratch nu__scratch(void)
{
    nu__arena_mark mark = nu__arena_mark_take(nu__here->arena);
    scratch_state *state = nu_alloc(scratch_state);
    nu_scratch scratch = { state, 0 };

    *state = (scratch_state){ nu__here->arena, mark };
    scratch.slot = nu__cleanup_push(scratch_release, state);
    nu__here->scratches++;
    return scratch;
}

void nu__scratch_end(nu_scratch *scratch)
{
    if (nu__cleanup_pop(scratch->slot))
        scratch_release(scratch->mark);
}

void nu__called_from(const char *file, int line)
{
    if (!nu__here)
        return;
    nu__here->file = file;
    nu__here->line = line;
}
