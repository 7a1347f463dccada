#include "loop/stack.h"

#include <errno.h>
#include <nuages/logging.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

enum { DEFAULT_MAX = 131072, SPARE_MAPPINGS = 8192 };

#ifdef NU__ASAN
enum { DEFAULT_SIZE = 1 << 20 };
#else
enum { DEFAULT_SIZE = 256 << 10 };
#endif

static size_t round_up(size_t n, size_t unit)
{
    return (n + unit - 1) / unit * unit;
}

/* A page guard splits its mapping, which makes two more of them. */
static uint32_t page_guard_budget(void)
{
    FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
    long most = 65530;

    if (file) {
        if (fscanf(file, "%ld", &most) != 1 || most > INT32_MAX)
            most = 65530;
        fclose(file);
    }
    return most > SPARE_MAPPINGS ? (uint32_t)(most - SPARE_MAPPINGS) / 2 : 0;
}

void nu__stacks_init(nu__stacks *stacks, const nu__fiber_options *options)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    *stacks = (nu__stacks){
        .max = options->max_fibers ? options->max_fibers : DEFAULT_MAX,
        .size = round_up(options->stack_size ? options->stack_size : DEFAULT_SIZE, page),
        .guard = round_up(16 << 10, page),
        .kind = (nu__guard_kind)options->guard,
        .page_guards = page_guard_budget(),
    };
    stacks->stride = stacks->size + stacks->guard;
}

void nu__stacks_release(nu__stacks *stacks)
{
    for (uint32_t i = 0; i < stacks->n_slabs; i++)
        munmap(stacks->slabs[i].base, stacks->slabs[i].count * stacks->stride);
    free(stacks->cold);
    *stacks = (nu__stacks){ 0 };
}

/* As many stacks as there are already, within `max`. */
static bool add_slab(nu__stacks *stacks)
{
    uint32_t count = stacks->made ? stacks->made : NU__FIRST_SLAB,
             left = stacks->max - stacks->made;
    size_t bytes;
    void *base;

    if (count > left)
        count = left;
    if (!count || stacks->n_slabs == NU__SLABS ||
        __builtin_mul_overflow(stacks->stride, count, &bytes))
        return false;
    base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (base == MAP_FAILED)
        return false;
    madvise(base, bytes, MADV_NOHUGEPAGE);
    stacks->slabs[stacks->n_slabs].base = base;
    stacks->slabs[stacks->n_slabs].first = stacks->made;
    stacks->slabs[stacks->n_slabs].count = count;
    stacks->n_slabs++;
    return true;
}

static char *address_of(const nu__stacks *stacks, uint32_t number)
{
    uint32_t i = stacks->n_slabs;

    while (i && stacks->slabs[i - 1].first > number)
        i--;
    return i ? stacks->slabs[i - 1].base + (number - stacks->slabs[i - 1].first) * stacks->stride
             : NULL;
}

/* ---- guards --------------------------------------------------------------------------------- */

static void tell_kind(nu__guard_kind kind, uint32_t made)
{
    static _Atomic int told = -1;

    if (told >= (int)kind)
        return;
    told = (int)kind;
    if (kind == NU__GUARDED_BY_RANGE)
        nu_debug("fiber stacks are guarded by ranges without pages");
    else if (kind == NU__GUARDED_BY_PAGE)
        nu_info("fiber stacks are guarded by pages without access: "
                "this kernel has no MADV_GUARD_INSTALL");
    else
        nu_warning("fiber stacks from number {} on have canaries only: the pages that "
                   "vm.max_map_count allows are used up; an overflow may be seen late",
                   (int64_t)made);
}

static bool guard_as(nu__stacks *stacks, char *guard, nu__guard_kind kind)
{
    if (kind == NU__GUARDED_BY_RANGE)
        return madvise(guard, stacks->guard, MADV_GUARD_INSTALL) == 0;
    if (kind == NU__GUARDED_BY_CANARY)
        return true;
    if (!stacks->page_guards || mprotect(guard, stacks->guard, PROT_NONE) != 0)
        return false;
    stacks->page_guards--;
    return true;
}

/* The best kind that works here; what failed once is not tried again. */
static nu__guard_kind install_guard(nu__stacks *stacks, char *guard)
{
    while (!guard_as(stacks, guard, stacks->kind))
        stacks->kind++;
    tell_kind(stacks->kind, stacks->made);
    return stacks->kind;
}

bool nu__stack_guards(const nu__stacks *stacks, uint32_t number, const void *address)
{
    const char *guard = address_of(stacks, number);

    return (const char *)address >= guard && (const char *)address < guard + stacks->guard;
}

/* ---- taking and giving ---------------------------------------------------------------------- */

static bool make_stack(nu__stacks *stacks, nu__stack *out)
{
    uint32_t slab_end = stacks->n_slabs ? stacks->slabs[stacks->n_slabs - 1].first +
                                              stacks->slabs[stacks->n_slabs - 1].count
                                        : 0;
    char *guard;

    if (stacks->made == stacks->max || (stacks->made == slab_end && !add_slab(stacks)))
        return false;
    guard = address_of(stacks, stacks->made);
    *out = (nu__stack){ guard + stacks->guard, stacks->size, stacks->made,
                        install_guard(stacks, guard) };
    stacks->made++;
    return true;
}

bool nu__stack_take(nu__stacks *stacks, nu__stack *out)
{
    if (!stacks->n_cold)
        return make_stack(stacks, out);
    *out = stacks->cold[--stacks->n_cold];
    return true;
}

void nu__stack_give(nu__stacks *stacks, const nu__stack *stack)
{
    nu__stack kept = *stack; /* it may lie in the pages that go */

    if (stacks->n_cold == stacks->cold_capacity) {
        uint32_t capacity = stacks->cold_capacity ? stacks->cold_capacity * 2 : 256;
        nu__stack *cold = realloc(stacks->cold, capacity * sizeof(*cold));

        if (!cold)
            return; /* its address space is lost until the loop ends */
        stacks->cold = cold;
        stacks->cold_capacity = capacity;
    }
    madvise(kept.low, kept.size, MADV_DONTNEED);
    stacks->cold[stacks->n_cold++] = kept;
}
