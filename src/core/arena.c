#include "core/arena.h"

#include <stdlib.h>

enum { CHUNK_BYTES = 16384, STOCK_MAX = 8 };

typedef struct nu__chunk {
    struct nu__chunk *older;
    size_t unused_;
    char bytes[]; /* 16-byte aligned: malloc's block is, and the head has 16 bytes */
} chunk;

typedef struct nu__large {
    struct nu__large *older, *newer;
    uint64_t number;
    size_t size; /* of the whole block */
    char bytes[];
} large;

_Static_assert(sizeof(chunk) % 16 == 0 && sizeof(large) % 16 == 0, "heads keep the alignment");

enum { CHUNK_ROOM = CHUNK_BYTES - sizeof(chunk) };

static const size_t DEFAULT_CAP = (size_t)256 << 20;

static _Thread_local struct {
    chunk *first;
    int count;
} stock;

static chunk *chunk_take(void)
{
    chunk *taken = stock.first;

    if (!taken)
        return malloc(CHUNK_BYTES);
    stock.first = taken->older;
    stock.count--;
    return taken;
}

static void chunk_give_back(chunk *given)
{
    if (stock.count >= STOCK_MAX) {
        NU__UNPOISON(given->bytes, CHUNK_ROOM);
        free(given);
        return;
    }
    NU__POISON(given->bytes, CHUNK_ROOM);
    given->older = stock.first;
    stock.first = given;
    stock.count++;
}

void nu__arena_stock_free(void)
{
    while (stock.first) {
        chunk *freed = stock.first;

        stock.first = freed->older;
        NU__UNPOISON(freed->bytes, CHUNK_ROOM);
        free(freed);
    }
    stock.count = 0;
}

void nu__arena_init(nu__arena *arena)
{
    *arena = (nu__arena){ .cap = DEFAULT_CAP };
}

nu__arena *nu__arena_new(void)
{
    nu__arena *arena = nu__malloc(sizeof(*arena));

    if (arena)
        nu__arena_init(arena);
    return arena;
}

static void pop_large_above(nu__arena *arena, uint64_t number)
{
    while (arena->large && arena->large->number >= number) {
        large *popped = arena->large;

        arena->large = popped->older;
        if (arena->large)
            arena->large->newer = NULL;
        arena->held -= popped->size;
        free(popped);
    }
}

static void pop_chunks_above(nu__arena *arena, const chunk *kept)
{
    while (arena->newest != kept) {
        chunk *popped = arena->newest;

        arena->newest = popped->older;
        arena->held -= CHUNK_BYTES;
        chunk_give_back(popped);
    }
}

static void rewind_to(nu__arena *arena, char *next)
{
    arena->next = next;
    arena->end = arena->newest ? arena->newest->bytes + CHUNK_ROOM : NULL;
    if (next)
        NU__POISON(next, (size_t)(arena->end - next));
}

void nu__arena_release(nu__arena *arena)
{
    pop_large_above(arena, 0);
    pop_chunks_above(arena, NULL);
    rewind_to(arena, NULL);
}

void nu__arena_free(nu__arena *arena)
{
    if (!arena)
        return;
    nu__arena_release(arena);
    free(arena);
}

void nu__arena_reset(nu__arena *arena)
{
    chunk *first = arena->newest;

    pop_large_above(arena, 0);
    while (first && first->older)
        first = first->older;
    pop_chunks_above(arena, first);
    rewind_to(arena, first ? first->bytes : NULL);
}

void nu__arena_set_cap(nu__arena *arena, size_t bytes)
{
    arena->cap = bytes;
}

size_t nu__arena_used(const nu__arena *arena)
{
    size_t used = arena->held;

    return arena->newest ? used - (size_t)(arena->end - arena->next) : used;
}

nu__arena_mark nu__arena_mark_take(const nu__arena *arena)
{
    return (nu__arena_mark){ arena->newest, arena->next, arena->n_large };
}

void nu__arena_mark_release(nu__arena *arena, nu__arena_mark mark)
{
    pop_large_above(arena, mark.n_large);
    pop_chunks_above(arena, mark.chunk);
    rewind_to(arena, mark.next);
}

static bool may_hold(const nu__arena *arena, size_t more)
{
    return more <= arena->cap && arena->held <= arena->cap - more;
}

static void *alloc_large(nu__arena *arena, size_t bytes)
{
    size_t size;
    large *made;

    if (__builtin_add_overflow(bytes, sizeof(large), &size) || !may_hold(arena, size))
        return NULL;
    made = malloc(size);
    if (!made)
        return NULL;
    *made = (large){ .older = arena->large, .number = arena->n_large++, .size = size };
    if (arena->large)
        arena->large->newer = made;
    arena->large = made;
    arena->held += size;
    return made->bytes;
}

static bool add_chunk(nu__arena *arena)
{
    chunk *made = may_hold(arena, CHUNK_BYTES) ? chunk_take() : NULL;

    if (!made)
        return false;
    made->older = arena->newest;
    arena->newest = made;
    arena->held += CHUNK_BYTES;
    rewind_to(arena, made->bytes);
    return true;
}

void *nu__arena_alloc_slow(nu__arena *arena, size_t bytes)
{
    size_t room = nu__arena_room(bytes);
    char *allocation;

    if (bytes > NU__ARENA_LARGE)
        return alloc_large(arena, bytes);
    if (room > (size_t)(arena->end - arena->next) && !add_chunk(arena))
        return NULL;
    allocation = arena->next;
    arena->next = allocation + room;
    NU__UNPOISON(allocation, bytes);
    return allocation;
}

bool nu__arena_extend(nu__arena *arena, void *allocation, size_t old_bytes, size_t new_bytes)
{
    size_t more;

    if (new_bytes > NU__ARENA_LARGE || old_bytes > new_bytes ||
        (uintptr_t)allocation + nu__arena_room(old_bytes) != (uintptr_t)arena->next)
        return false;
    more = nu__arena_room(new_bytes) - nu__arena_room(old_bytes);
    if (more > (size_t)(arena->end - arena->next))
        return false;
    arena->next += more;
    NU__UNPOISON(allocation, new_bytes);
    return true;
}

void nu__arena_shrink(nu__arena *arena, void *allocation, size_t old_bytes, size_t new_bytes)
{
    size_t room = nu__arena_room(new_bytes);

    if (old_bytes > NU__ARENA_LARGE || new_bytes > old_bytes ||
        (uintptr_t)allocation + nu__arena_room(old_bytes) != (uintptr_t)arena->next)
        return;
    arena->next = (char *)allocation + room;
    NU__POISON((char *)allocation + new_bytes,
               (size_t)(arena->end - (char *)allocation) - new_bytes);
}

static void *grow_large(nu__arena *arena, void *allocation, size_t new_bytes)
{
    large *old = (large *)(void *)((char *)allocation - offsetof(large, bytes)), *moved;
    size_t size;

    if (__builtin_add_overflow(new_bytes, sizeof(large), &size) || size < old->size ||
        !may_hold(arena, size - old->size))
        return NULL;
    arena->held += size - old->size;
    moved = nu__realloc(old, size);
    if (!moved) {
        arena->held -= size - old->size;
        return NULL;
    }
    moved->size = size;
    if (moved->older)
        moved->older->newer = moved;
    *(moved->newer ? &moved->newer->older : &arena->large) = moved;
    return moved->bytes;
}

void *nu__arena_try_grow(nu__arena *arena, void *allocation, size_t old_bytes, size_t new_bytes)
{
    void *moved;

    if (new_bytes <= old_bytes || nu__arena_extend(arena, allocation, old_bytes, new_bytes))
        return allocation;
    if (old_bytes > NU__ARENA_LARGE)
        return grow_large(arena, allocation, new_bytes);
    moved = nu__arena_try_alloc_raw(arena, new_bytes);
    return moved && old_bytes ? memcpy(moved, allocation, old_bytes) : moved;
}
