/**
 * @file
 * The bump allocator behind every fiber.
 *
 *   arena -> newest chunk -> chunk -> … -> first chunk        16 KiB each
 *              [used....|next....end]
 *         -> large -> large -> …           one allocation each, of more than 4 KiB
 *
 * Memory is handed out 16-byte aligned from the newest chunk; nothing is freed singly: a mark is
 * taken and released, or the arena is reset. A large allocation is a block of malloc's, so that a
 * buffer that grows to megabytes is moved by realloc and leaves nothing behind. Chunks given back
 * go to a small stock of the thread, so that a request costs no malloc.
 *
 * Invariants: an allocation is large when, and only when, it has more than NU__ARENA_LARGE bytes;
 * `next` and `end` are multiples of 16; chunks and large blocks hang newest first, and a large
 * block keeps its number when it moves, so that a mark separates the older from the younger.
 *
 * Under the address sanitizer what is not handed out is poisoned, and 16 poisoned bytes stand
 * between any two allocations. An arena has a cap (256 MiB unless set) on the bytes that it holds:
 * past it the try functions return NULL and nu_alloc_ raises MemoryError.
 */
#pragma once
#include "core/fault.h"

#include <nuages/strings.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define NU__ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NU__ASAN 1
#endif
#endif

#ifdef NU__ASAN
#include <sanitizer/asan_interface.h>
#define NU__POISON(p, n)   __asan_poison_memory_region((p), (n))
#define NU__UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#define NU__ARENA_GAP      16
#else
#define NU__POISON(p, n)   ((void)(p), (void)(n))
#define NU__UNPOISON(p, n) ((void)(p), (void)(n))
#define NU__ARENA_GAP      0
#endif

enum { NU__ARENA_LARGE = 4096 };

typedef struct nu__arena {
    char *next, *end; /* the free part of the newest chunk */
    struct nu__chunk *newest;
    struct nu__large *large;
    size_t held, cap; /* bytes in chunks and large blocks, and how many there may be */
    uint64_t n_large; /* large blocks made so far: the number of the next one */
} nu__arena;

typedef struct nu__arena_mark {
    void *chunk;
    char *next;
    uint64_t n_large;
} nu__arena_mark;

nu__arena *nu__arena_new(void); /* NULL when out of memory */
void nu__arena_free(nu__arena *arena);
/* The same for an arena inside another struct; takes no memory before the first allocation. */
void nu__arena_init(nu__arena *arena);
void nu__arena_release(nu__arena *arena);
void nu__arena_reset(nu__arena *arena); /* keeps one chunk */
void nu__arena_set_cap(nu__arena *arena, size_t bytes);
size_t nu__arena_used(const nu__arena *arena); /* bytes handed out, rounding included */

nu__arena_mark nu__arena_mark_take(const nu__arena *arena);
void nu__arena_mark_release(nu__arena *arena, nu__arena_mark mark);

/* Grow the newest allocation in place; the new bytes are not zeroed. false when it is not the
   newest, its chunk is full, or it would become large. */
bool nu__arena_extend(nu__arena *arena, void *allocation, size_t old_bytes, size_t new_bytes);
/* Give back the end of the newest allocation; of another nothing happens. */
void nu__arena_shrink(nu__arena *arena, void *allocation, size_t old_bytes, size_t new_bytes);
/* Grow an allocation, in place or by moving it; the new bytes are not zeroed. `old_bytes` is what
   was last asked for. NULL, and the old one stays, when out of memory. */
void *nu__arena_try_grow(nu__arena *arena, void *allocation, size_t old_bytes, size_t new_bytes);

/* Give the thread's stock of chunks back to malloc: at the end of a thread that had arenas. */
void nu__arena_stock_free(void);

void *nu__arena_alloc_slow(nu__arena *arena, size_t bytes);

/* What a small allocation takes of its chunk. */
static inline size_t nu__arena_room(size_t bytes)
{
    return ((bytes + !bytes + 15) & ~(size_t)15) + NU__ARENA_GAP;
}

/* Bytes that are not zeroed; NULL when out of memory or past the cap. */
static inline void *nu__arena_try_alloc_raw(nu__arena *arena, size_t bytes)
{
    size_t room = nu__arena_room(bytes);
    char *allocation = arena->next;

    if (nu__fault_now())
        return NULL;
    if (bytes > NU__ARENA_LARGE || room > (size_t)(arena->end - allocation))
        return nu__arena_alloc_slow(arena, bytes);
    arena->next = allocation + room;
    NU__UNPOISON(allocation, bytes);
    return allocation;
}

/* As many zeros at each end of an allocation, which may overlap. */
#define NU__ZERO_ENDS(allocation, room, bytes)                                                     \
    do {                                                                                           \
        memset((allocation), 0, (bytes));                                                          \
        memset((allocation) + (room) - (bytes), 0, (bytes));                                       \
    } while (0)

/* Zero an allocation, a small one without a call: it is whole blocks of sixteen bytes. */
static inline void *nu__arena_zero(char *allocation, size_t bytes)
{
    size_t room = nu__arena_room(bytes);

    if (NU__ARENA_GAP || room > 128)
        return memset(allocation, 0, bytes);
    if (room > 64)
        NU__ZERO_ENDS(allocation, room, 64);
    else if (room > 32)
        NU__ZERO_ENDS(allocation, room, 32);
    else
        NU__ZERO_ENDS(allocation, room, 16);
    return allocation;
}

/* n * size bytes, zeroed; NULL when the product overflows, when out of memory or past the cap. */
static inline void *nu__arena_try_alloc(nu__arena *arena, size_t n, size_t size)
{
    size_t bytes;
    void *allocation;

    if (__builtin_mul_overflow(n, size, &bytes))
        return NULL;
    allocation = nu__arena_try_alloc_raw(arena, bytes);
    return allocation ? nu__arena_zero(allocation, bytes) : NULL;
}

/* On the running fiber's arena. */
void *nu_try_alloc(size_t n, size_t size); /* for leaf code: NULL instead of a raise */
void *nu__alloc_raw(size_t bytes);         /* not zeroed; raises MemoryError */
/* Not zeroed, moved where it must; raises MemoryError. */
void *nu__grow(void *allocation, size_t old_bytes, size_t new_bytes);
