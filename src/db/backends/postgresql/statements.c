/* Prepared statements of a connection, by text and by what was said of their parameters. */
#include "db/backends/postgresql/postgresql.h"
#include "db/backends/postgresql/put.h"

#include "core/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a over words of eight bytes. */
static uint64_t hash_of(nu_str sql)
{
    uint64_t hash = 0xcbf29ce484222325ULL ^ sql.len, word;
    const char *at = sql.ptr, *end = at + sql.len;

    for (; end - at >= 8; at += 8) {
        memcpy(&word, at, 8);
        hash = (hash ^ word) * 0x100000001b3ULL;
        hash ^= hash >> 29;
    }
    for (; at < end; at++)
        hash = (hash ^ (uint8_t)*at) * 0x100000001b3ULL;
    return hash ^ hash >> 32;
}

static bool takes(const nu__pg_statement *statement, nu_values params)
{
    if (statement->n_declared != params.len)
        return false;
    for (size_t i = 0; i < params.len; i++) {
        nu__oid inferred = i < statement->n_params ? statement->params[i] : 0;

        if (!nu__pg_accepts(statement->declared[i], inferred, params.items[i]))
            return false;
    }
    return true;
}

/* ---- by last use -------------------------------------------------------------------------- */

static void unlink_use(nu__pg_cache *cache, nu__pg_statement *statement)
{
    *(statement->newer ? &statement->newer->older : &cache->newest) = statement->older;
    *(statement->older ? &statement->older->newer : &cache->oldest) = statement->newer;
}

static void link_newest(nu__pg_cache *cache, nu__pg_statement *statement)
{
    statement->newer = NULL;
    statement->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = statement;
    cache->newest = statement;
}

static bool is_for(const nu__pg_statement *statement, nu_str sql, nu_values params)
{
    return statement->sql_len == sql.len && memcmp(statement->sql, sql.ptr, sql.len) == 0 &&
           takes(statement, params);
}

/* The one that was last used is looked for twice a run, and often comes again: no text is as long
   to compare as to hash. */
nu__pg_statement *nu__pg_cache_find(nu__pg *pg, nu_str sql, nu_values params)
{
    nu__pg_statement *statement = pg->cache.newest;
    uint64_t hash;

    if (statement && is_for(statement, sql, params))
        return statement;
    hash = hash_of(sql);
    statement = pg->cache.buckets[hash % NU__PG_BUCKETS];
    while (statement && (statement->hash != hash || !is_for(statement, sql, params)))
        statement = statement->chain;
    if (statement && statement != pg->cache.newest) {
        unlink_use(&pg->cache, statement);
        link_newest(&pg->cache, statement);
    }
    return statement;
}

/* ---- in and out --------------------------------------------------------------------------- */

void nu__pg_statement_unref(nu__pg_statement *statement)
{
    if (!statement || --statement->references)
        return;
    free(statement->params);
    free(statement->types);
    nu__columns_unref(statement->columns);
    free(statement);
}

static void remove_from(nu__pg_cache *cache, nu__pg_statement *statement)
{
    nu__pg_statement **place = &cache->buckets[statement->hash % NU__PG_BUCKETS];

    while (*place != statement)
        place = &(*place)->chain;
    *place = statement->chain;
    unlink_use(cache, statement);
    cache->n--;
    statement->cached = false;
    nu__wait_wake_all(&statement->waiting);
    nu__pg_statement_unref(statement);
}

/* The server forgets it too, with the next message that is sent. Requests on their way have bound
   it by then. */
void nu__pg_cache_drop(nu__pg *pg, nu__pg_statement *statement)
{
    if (!statement->cached)
        return;
    if (statement->name[0] && !pg->broken) {
        size_t at = nu__pg_begin(pg, 'C');

        nu__pg_put(pg, "S", 1);
        nu__pg_put_text(pg, nu_s(statement->name));
        nu__pg_end(pg, at);
    }
    remove_from(&pg->cache, statement);
}

void nu__pg_cache_forget(nu__pg *pg, nu__pg_statement *statement)
{
    if (statement->cached)
        remove_from(&pg->cache, statement);
}

void nu__pg_cache_clear(nu__pg *pg)
{
    while (pg->cache.newest)
        remove_from(&pg->cache, pg->cache.newest);
}

static nu__pg_statement *new_statement(nu_str sql, const nu__oid *declared, size_t n)
{
    size_t types = n * sizeof(nu__oid);
    nu__pg_statement *statement = nu__malloc_zeroed(sizeof *statement + types + sql.len + 1);
    char *behind;

    if (!statement)
        return NULL;
    behind = (char *)(statement + 1);
    statement->references = 1;
    statement->declared = (nu__oid *)(void *)behind;
    statement->n_declared = (uint16_t)n;
    if (n)
        memcpy(behind, declared, types);
    statement->sql = behind + types;
    memcpy(statement->sql, sql.ptr, sql.len);
    statement->sql_len = (uint32_t)sql.len;
    statement->hash = hash_of(sql);
    return statement;
}

nu__pg_statement *nu__pg_cache_add(nu__pg *pg, nu_str sql, const nu__oid *declared, size_t n)
{
    const nu__pg_config *config = nu__pg_config_of(pg->handle.database);
    nu__pg_statement *statement = new_statement(sql, declared, n), **bucket;

    if (!statement)
        return NULL;
    while (pg->cache.n >= config->cache_size && pg->cache.oldest)
        nu__pg_cache_drop(pg, pg->cache.oldest);
    if (!config->unprepared)
        snprintf(statement->name, sizeof statement->name, "n%x", pg->n_named++);
    statement->pg = pg;
    bucket = &pg->cache.buckets[statement->hash % NU__PG_BUCKETS];
    statement->chain = *bucket;
    *bucket = statement;
    statement->cached = true;
    link_newest(&pg->cache, statement);
    pg->cache.n++;
    return statement;
}
