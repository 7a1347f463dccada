/**
 * @file
 * The bump allocator behind every fiber.
 *
 *   arena -> chunk (newest) -> chunk -> chunk (first, kept on reset)
 *              [used......|free....]
 *
 * Memory is handed out zeroed, 16-byte aligned, from the newest chunk; a request larger than a
 * chunk gets one of its own. Nothing is freed singly: a mark is taken and released, or the arena is
 * reset. Under the address sanitizer what is not handed out is poisoned. An arena has a cap
 * (default 256 MiB); past it nu_alloc_ raises MemoryError and the try variants return NULL.
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu__arena nu__arena;
typedef struct nu__arena_mark {
    void *chunk;
    size_t used;
} nu__arena_mark;

nu__arena *nu__arena_new(void); /* NULL when out of memory */
void nu__arena_free(nu__arena *arena);
void nu__arena_reset(nu__arena *arena); /* keeps one standard chunk */
void nu__arena_set_cap(nu__arena *arena, size_t bytes);
void *nu__arena_try_alloc(nu__arena *arena, size_t n, size_t size);
void *nu__arena_try_alloc_raw(nu__arena *arena, size_t bytes); /* not zeroed */
nu__arena_mark nu__arena_mark_take(const nu__arena *arena);
void nu__arena_mark_release(nu__arena *arena, nu__arena_mark mark);
size_t nu__arena_used(const nu__arena *arena);
/* Grow the newest allocation in place; false when it is not the newest or its chunk is full. */
bool nu__arena_extend(nu__arena *arena, void *allocation, size_t old_bytes, size_t new_bytes);

/* For leaf code: NULL instead of a raise. On the running fiber's arena. */
void *nu_try_alloc(size_t n, size_t size);
/* Bytes that are not zeroed, on the running fiber's arena. Raises MemoryError. */
void *nu__alloc_raw(size_t bytes);
