#include "db/statement_cache.h"

#include "core/fault.h"

static inline uint64_t mixed(uint64_t hash, const char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    hash ^= word;
    return (hash << 29 | hash >> 35) * 0xff51afd7ed558ccdu;
}

/* Texts come from the compiler and from the site's source, so speed counts, not secrecy. The last
   word may overlap the one before it. */
static uint64_t hash_of(nu_str sql)
{
    char few[sizeof(uint64_t)] = { 0 };
    uint64_t hash = sql.len * 0x9e3779b97f4a7c15u;

    if (sql.len < sizeof few) {
        for (size_t i = 0; i < sql.len; i++)
            few[i] = sql.ptr[i];
        hash = mixed(hash, few);
    } else {
        const char *last = sql.ptr + sql.len - sizeof few;

        for (const char *at = sql.ptr; at < last; at += sizeof few)
            hash = mixed(hash, at);
        hash = mixed(hash, last);
    }
    return hash ^ hash >> 32;
}

void *nu__statement_new(size_t size, nu_str sql)
{
    nu__cached_statement *entry = nu__malloc_zeroed(size + sql.len + 1);

    if (!entry)
        return NULL;
    entry->sql = (nu_str){ (char *)entry + size, sql.len };
    if (sql.len)
        memcpy((char *)entry + size, sql.ptr, sql.len);
    return entry;
}

/* ---- finding -------------------------------------------------------------------------------- */

static nu__cached_statement *among(nu__cached_statement *entry, nu_str sql, uint64_t hash)
{
    while (entry && (entry->hash != hash || entry->sql.len != sql.len ||
                     memcmp(entry->sql.ptr, sql.ptr, sql.len) != 0))
        entry = entry->chain;
    return entry;
}

nu__cached_statement *nu__statement_hashed(const nu__statement_cache *cache, nu_str sql)
{
    uint64_t hash = hash_of(sql);

    return among(cache->buckets[hash % NU__STATEMENT_BUCKETS], sql, hash);
}

nu__cached_statement *nu__statement_next(const nu__cached_statement *entry)
{
    return among(entry->chain, entry->sql, entry->hash);
}

nu__cached_statement *nu__statement_oldest_idle(const nu__statement_cache *cache)
{
    nu__cached_statement *entry = cache->oldest;

    while (entry && entry->users)
        entry = entry->newer;
    return entry;
}

/* ---- in, out, and to the front -------------------------------------------------------------- */

static nu__cached_statement **bucket_of(nu__statement_cache *cache,
                                        const nu__cached_statement *entry)
{
    return &cache->buckets[entry->hash % NU__STATEMENT_BUCKETS];
}

static void chain_first(nu__cached_statement **bucket, nu__cached_statement *entry)
{
    entry->chain = *bucket;
    *bucket = entry;
}

static void unchain(nu__cached_statement **at, const nu__cached_statement *entry)
{
    while (*at != entry)
        at = &(*at)->chain;
    *at = entry->chain;
}

static void link_newest(nu__statement_cache *cache, nu__cached_statement *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void unlink_use(nu__statement_cache *cache, const nu__cached_statement *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

void nu__statement_renew(nu__statement_cache *cache, nu__cached_statement *entry)
{
    nu__cached_statement **bucket = bucket_of(cache, entry);

    if (*bucket != entry) {
        unchain(bucket, entry);
        chain_first(bucket, entry);
    }
    unlink_use(cache, entry);
    link_newest(cache, entry);
}

void nu__statement_add(nu__statement_cache *cache, nu__cached_statement *entry)
{
    entry->hash = hash_of(entry->sql);
    entry->cached = true;
    chain_first(bucket_of(cache, entry), entry);
    link_newest(cache, entry);
    cache->n++;
}

void nu__statement_remove(nu__statement_cache *cache, nu__cached_statement *entry)
{
    unchain(bucket_of(cache, entry), entry);
    unlink_use(cache, entry);
    entry->cached = false;
    cache->n--;
}
