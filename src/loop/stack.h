/**
 * @file
 * The stacks of a loop's fibers.
 *
 *   slab:  [guard|stack 0 …… top][guard|stack 1 …… top] …
 *
 * Slabs are mapped as the number of fibers grows, each as large as all before it, and only the
 * pages that a fiber has touched take memory. A stack that was given back keeps its guard. Stacks
 * have numbers, since one that is cold has no memory to hold a link.
 *
 * The guard is, in this order of preference: a range without pages (MADV_GUARD_INSTALL,
 * Linux 6.13), which costs no mapping; a page without access, which costs two, up to a budget of
 * what vm.max_map_count allows; a canary, looked at whenever the fiber gives way.
 */
#pragma once
#include "loop/fiber.h"

enum { NU__SLABS = 24, NU__FIRST_SLAB = 64, NU__CANARY_BYTES = 64 };

typedef enum nu__guard_kind {
    NU__GUARDED_BY_RANGE,
    NU__GUARDED_BY_PAGE,
    NU__GUARDED_BY_CANARY
} nu__guard_kind;

typedef struct nu__stack {
    char *low; /* the lowest byte that may be used */
    size_t size;
    uint32_t number;
    nu__guard_kind guard;
} nu__stack;

typedef struct nu__stacks {
    struct {
        char *base;
        uint32_t first, count;
    } slabs[NU__SLABS];
    uint32_t n_slabs, made, max;
    size_t size, guard, stride;
    nu__guard_kind kind;  /* of stacks made from here on */
    uint32_t page_guards; /* how many more the budget allows */
    nu__stack *cold;
    uint32_t n_cold, cold_capacity;
} nu__stacks;

void nu__stacks_init(nu__stacks *stacks, const nu__fiber_options *options);
void nu__stacks_release(nu__stacks *stacks);
/* false: out of memory, or `max` are in use. */
bool nu__stack_take(nu__stacks *stacks, nu__stack *out);
/* Its pages go back to the system; the guard stays. */
void nu__stack_give(nu__stacks *stacks, const nu__stack *stack);
/* Whether an address lies in the guard below stack `number`. Safe in a signal handler. */
bool nu__stack_guards(const nu__stacks *stacks, uint32_t number, const void *address);
