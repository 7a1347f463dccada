/**
 * @file
 * What locmem.c keeps: a table by key, and a list by last use. All of it is its own.
 */
#pragma once
#include "cache/cache.h"

typedef struct nu__locmem_entry {
    struct nu__locmem_entry *chain;         /* of the same bucket */
    struct nu__locmem_entry *newer, *older; /* by use */
    nu_datetime expires;
    char *text;
    size_t text_len, key_len;
    uint64_t hash;
    char key[];
} nu__locmem_entry;

/* All caches of one location share it; it outlives changes of the settings. */
typedef struct nu__locmem_store {
    struct nu__locmem_store *next;
    nu__locmem_entry **buckets;
    size_t n_buckets; /* a power of two */
    size_t len;
    nu__locmem_entry *newest, *oldest;
    char location[];
} nu__locmem_store;

/* That of the cache's location, made where there is none. Raises MemoryError, as all that makes. */
nu__locmem_store *nu__locmem_of(const nu__cache *cache);
/* NULL: not there. */
nu__locmem_entry *nu__locmem_find(nu__locmem_store *in, nu_str key);
/* A new one, the newest, without a text; the key must not be there. */
nu__locmem_entry *nu__locmem_insert(nu__locmem_store *in, nu_str key);
void nu__locmem_drop(nu__locmem_store *in, nu__locmem_entry *e);
void nu__locmem_empty(nu__locmem_store *in);
/* It becomes the newest. */
void nu__locmem_used(nu__locmem_store *in, nu__locmem_entry *e);
/* Zeroed memory of malloc's. */
void *nu__locmem_owned(size_t bytes);
