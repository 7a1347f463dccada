/**
 * @file
 * The prepared statements of a connection: a hash table over their text, and a list by last use.
 *
 *   buckets[hash] -> entry -chain-> entry       several may have one text: a busy one, other types
 *   newest <-newer/older-> … <-> oldest         who makes room is found from there
 *
 * What was run last often comes again, and is sooner compared than hashed: it is looked at first.
 * So entries of a bucket stand in the order of their last use too, and the newest is its bucket's
 * first.
 *
 * An entry is the first member of a driver's own statement. The cache owns none: a driver frees
 * what it has removed, once nobody uses it. Nothing raises or yields.
 */
#pragma once
#include <nuages/strings.h>

#include <string.h>

enum { NU__STATEMENT_BUCKETS = 256 };

typedef struct nu__cached_statement {
    nu_str sql; /* its own copy */
    uint64_t hash;
    uint32_t users; /* who runs it, or reads its rows; the driver counts */
    bool cached;
    struct nu__cached_statement *chain;         /* of its bucket */
    struct nu__cached_statement *newer, *older; /* by last use */
} nu__cached_statement;

typedef struct nu__statement_cache {
    nu__cached_statement *buckets[NU__STATEMENT_BUCKETS];
    nu__cached_statement *newest, *oldest;
    uint32_t n;
} nu__statement_cache;

/* `size` zeroed bytes that begin with an entry, and the text behind them; free() ends both. NULL:
   out of memory. */
void *nu__statement_new(size_t size, nu_str sql);
void nu__statement_add(nu__statement_cache *cache, nu__cached_statement *entry);
void nu__statement_remove(nu__statement_cache *cache, nu__cached_statement *entry);
/* The one that nobody uses and that was used longest ago; NULL. */
nu__cached_statement *nu__statement_oldest_idle(const nu__statement_cache *cache);

/* Parts of those below. */
nu__cached_statement *nu__statement_hashed(const nu__statement_cache *cache, nu_str sql);
void nu__statement_renew(nu__statement_cache *cache, nu__cached_statement *entry);

/* The last used of a text; NULL. */
static inline nu__cached_statement *nu__statement_find(const nu__statement_cache *cache, nu_str sql)
{
    nu__cached_statement *newest = cache->newest;

    if (newest && newest->sql.len == sql.len && memcmp(newest->sql.ptr, sql.ptr, sql.len) == 0)
        return newest;
    return nu__statement_hashed(cache, sql);
}

/* The one of the same text that was used before it; NULL. */
nu__cached_statement *nu__statement_next(const nu__cached_statement *entry);

/* It is the one used last. */
static inline void nu__statement_use(nu__statement_cache *cache, nu__cached_statement *entry)
{
    if (cache->newest != entry)
        nu__statement_renew(cache, entry);
}

/* For statements that one at a time can use: one of the text that nobody does, which the caller
   uses from now on, and last; NULL. */
static inline nu__cached_statement *nu__statement_take(nu__statement_cache *cache, nu_str sql)
{
    nu__cached_statement *entry = nu__statement_find(cache, sql);

    while (entry && entry->users)
        entry = nu__statement_next(entry);
    if (!entry)
        return NULL;
    nu__statement_use(cache, entry);
    entry->users = 1;
    return entry;
}
