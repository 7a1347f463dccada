/**
 * @file
 * What queries were compiled to, by their keys: a query whose shape was seen before is not
 * compiled.
 *
 * One for each process, of at most NU__COMPILED_MOST entries; when it is full it starts anew. A
 * shape is kept when it comes for the second time, so that queries that come once push nothing out.
 * Nothing that is handed out points into the cache.
 */
#pragma once
#include "db/sql/compiler.h"
#include "db/sql/query_key.h"

enum { NU__COMPILED_MOST = 512, NU__COMPILED_BYTES = 1024 * 1024 };

/* false: there is none. Else a copy in the fiber's arena, with the values of the key's holes as
   parameters. */
bool nu__compiled_find(const nu__query_key *key, const nu__backend *backend, nu__compiled *out);
/* Keep it, if the key comes for the second time: true. Parameters that are holes stand in it as
   their lookups (NU_KIND_EXPR). */
bool nu__compiled_keep(const nu__query_key *key, const nu__compiled *compiled);
/* Put the values into holes; the array is changed. */
void nu__compiled_fill(const nu__query_key *key, const nu__backend *backend, nu_values params);

/* With the address sanitizer, which tests run with, each shape is kept at once, and whatever comes
   from the cache is compared with what compiling gives: aborts where they differ. */
void nu__compiled_check(const nu__compiled *kept, const nu__compiled *anew);

/* Forget all: the models are others now. */
void nu__compiled_clear(void);
typedef struct nu__compiled_counts {
    uint64_t hits, misses, impossible; /* impossible: of queries without a key */
    uint32_t entries;
} nu__compiled_counts;
extern nu__compiled_counts nu__compiled_counted;
