#include "db/repeats.h"

#include "core/context.h"
#include "core/fault.h"
#include "core/list.h"

#include <nuages/logging.h>
#include <stdlib.h>
#include <string.h>

#define MOST 256 /* different statements that are told apart */

typedef struct repeat {
    char *sql;
    uint64_t hash;
    uint32_t n;
    const char *file; /* of the second time: what the first one did is not at fault */
    int line;
} repeat;

typedef struct repeats {
    repeat items[MOST];
    size_t n;
} repeats;

static void release(repeats *all)
{
    for (size_t i = 0; i < all->n; i++)
        free(all->items[i].sql);
    free(all);
}

/* The fiber ends without nu__repeats_end(): what ended it says enough. */
static void drop(void *unused)
{
    repeats *all = nu__here->locals[NU__LOCAL_REPEATS];

    (void)unused;
    nu__here->locals[NU__LOCAL_REPEATS] = NULL;
    if (all)
        release(all);
}

void nu__repeats_begin(void)
{
    if (nu__here->locals[NU__LOCAL_REPEATS])
        return;
    nu_on_fiber_end(drop, NULL);
    nu__here->locals[NU__LOCAL_REPEATS] = nu__fault_now() ? NULL : calloc(1, sizeof(repeats));
}

static repeat *find(repeats *all, nu_str sql, uint64_t hash)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].hash == hash && nu_eq(sql, all->items[i].sql))
            return &all->items[i];
    return NULL;
}

void nu__repeats_note(nu_str sql)
{
    repeats *all = nu__here->locals[NU__LOCAL_REPEATS];
    uint64_t hash;
    repeat *one;

    if (!all || !nu_starts_with(sql, S("SELECT")))
        return;
    hash = nu__hash(sql.ptr, sql.len);
    one = find(all, sql, hash);
    if (one && one->n++ == 1) {
        one->file = nu__here->file;
        one->line = nu__here->line;
    }
    if (one || all->n == MOST)
        return;
    one = &all->items[all->n];
    one->sql = strndup(sql.ptr, sql.len);
    if (!one->sql)
        return;
    one->hash = hash;
    one->n = 1;
    all->n++;
}

static void tell(const repeat *one)
{
    if (one->file)
        nu_warning("{} equal queries from {}:{}: {}", (int64_t)one->n, one->file, one->line,
                   one->sql);
    else
        nu_warning("{} equal queries: {}", (int64_t)one->n, one->sql);
}

void nu__repeats_end(void)
{
    repeats *all = nu__here->locals[NU__LOCAL_REPEATS];

    for (size_t i = 0; all && i < all->n; i++)
        if (all->items[i].n > 1)
            tell(&all->items[i]);
    drop(NULL);
}
