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
/* get() by one condition: what the query narrowed by it was compiled to, without narrowing it.
   false: not known. Raises what the condition's value raises. */
bool nu__compiled_get(const nu__tree *tree, const nu__backend *backend, const nu_cond *conditions,
                      nu__compiled *out);
/* Keep what `narrowed` is compiled to, if get() comes so for the second time and can be kept. */
void nu__compiled_get_keep(const nu__tree *tree, const nu__backend *backend,
                           const nu_cond *conditions, const nu__tree *narrowed);

/* Put the values into holes; the array is changed. */
void nu__compiled_fill(const nu__query_key *key, const nu__backend *backend, nu_values params);

/* What a condition of get() is about: a column of the query's own, compared. */
typedef struct nu__get_by {
    const nu__lookup *lookup; /* NULL: no get() */
    nu_expr column;
    nu_kind kind; /* of the value that is compared */
} nu__get_by;
/* That of an entry; NULL: there is none. */
const nu__get_by *nu__compiled_get_by(const nu__query_key *key);
void nu__compiled_put_get_by(const nu__query_key *key, nu__get_by by);
/* Does the key come for the second time? Each call counts. */
bool nu__compiled_comes_again(const nu__query_key *key);
/* Keep it at once. */
bool nu__compiled_put(const nu__query_key *key, const nu__compiled *compiled);

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
