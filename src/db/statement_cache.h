/**
 * @file
 * The prepared statements of a connection: a hash table over their text, and a list by last use.
 *
 *   buckets[hash] -> entry -chain-> entry       several may have one text: a busy one, other types
 *   newest <-newer/older-> … <-> oldest         who makes room is found from there
 *
 * An entry is the first member of a driver's own statement. The cache owns none: a driver frees
 * what it has removed. Nothing raises or yields.
 */
#pragma once
#include <nuages/strings.h>

enum { NU__STATEMENT_BUCKETS = 256 };

typedef struct nu__cached_statement {
    uint64_t hash;
    const char *sql; /* the driver's; as long as the entry is in a cache */
    size_t sql_len;
    bool cached;
    struct nu__cached_statement *chain;         /* of its bucket */
    struct nu__cached_statement *newer, *older; /* by last use */
} nu__cached_statement;

typedef struct nu__statement_cache {
    nu__cached_statement *buckets[NU__STATEMENT_BUCKETS];
    nu__cached_statement *newest, *oldest;
    uint32_t n;
} nu__statement_cache;

/* Texts come from the compiler and from the site's source, so speed counts, not secrecy. */
uint64_t nu__statement_hash(nu_str sql);
/* The first of a text; the next of the same; NULL. */
nu__cached_statement *nu__statement_find(const nu__statement_cache *cache, nu_str sql,
                                         uint64_t hash);
nu__cached_statement *nu__statement_next(const nu__cached_statement *entry);
/* It is the one used last. */
void nu__statement_use(nu__statement_cache *cache, nu__cached_statement *entry);
void nu__statement_add(nu__statement_cache *cache, nu__cached_statement *entry, nu_str sql,
                       uint64_t hash);
void nu__statement_remove(nu__statement_cache *cache, nu__cached_statement *entry);
