#include "db/statement_cache.h"

#include <string.h>

uint64_t nu__statement_hash(nu_str sql)
{
    uint64_t hash = sql.len * 0x9e3779b97f4a7c15u, word;
    size_t i = 0;

    for (; sql.len - i >= sizeof word; i += sizeof word) {
        memcpy(&word, sql.ptr + i, sizeof word);
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    word = 0;
    if (sql.len - i)
        memcpy(&word, sql.ptr + i, sql.len - i);
    hash = (hash ^ word) * 0xff51afd7ed558ccdu;
    return hash ^ hash >> 29;
}

static void link_newest(nu__statement_cache *cache, nu__cached_statement *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void unlink_use(nu__statement_cache *cache, nu__cached_statement *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static nu__cached_statement *among(nu__cached_statement *entry, nu_str sql, uint64_t hash)
{
    while (entry && (entry->hash != hash || entry->sql_len != sql.len ||
                     memcmp(entry->sql, sql.ptr, sql.len) != 0))
        entry = entry->chain;
    return entry;
}

nu__cached_statement *nu__statement_find(const nu__statement_cache *cache, nu_str sql,
                                         uint64_t hash)
{
    return among(cache->buckets[hash % NU__STATEMENT_BUCKETS], sql, hash);
}

nu__cached_statement *nu__statement_next(const nu__cached_statement *entry)
{
    return among(entry->chain, (nu_str){ entry->sql, entry->sql_len }, entry->hash);
}

void nu__statement_use(nu__statement_cache *cache, nu__cached_statement *entry)
{
    if (cache->newest == entry)
        return;
    unlink_use(cache, entry);
    link_newest(cache, entry);
}

void nu__statement_add(nu__statement_cache *cache, nu__cached_statement *entry, nu_str sql,
                       uint64_t hash)
{
    nu__cached_statement **bucket = &cache->buckets[hash % NU__STATEMENT_BUCKETS];

    entry->hash = hash;
    entry->sql = sql.ptr;
    entry->sql_len = sql.len;
    entry->cached = true;
    entry->chain = *bucket;
    *bucket = entry;
    link_newest(cache, entry);
    cache->n++;
}

void nu__statement_remove(nu__statement_cache *cache, nu__cached_statement *entry)
{
    nu__cached_statement **at = &cache->buckets[entry->hash % NU__STATEMENT_BUCKETS];

    while (*at != entry)
        at = &(*at)->chain;
    *at = entry->chain;
    unlink_use(cache, entry);
    entry->cached = false;
    cache->n--;
}
