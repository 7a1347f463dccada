/**
 * @file
 * What the SQL of a query depends on, as words: queries whose words are equal share their SQL.
 *
 *     nu__tree  --nu__query_key_of-->  words[]   everything that compiling looks at
 *                                      holes[]   lookups whose value only becomes a parameter
 *
 * All of a query is in its words, values too. Left out is alone what a row of the lookups' table
 * declares to be a parameter (nu__lookup.param), where it stands in WHERE, and what is not looked
 * at by compiling. A node whose class has no `key` of its own makes the query one of a kind: it has
 * no key, and is compiled each time. See docs/decisions/0012.
 */
#pragma once
#include "db/sql/expression.h"

enum { NU__KEY_WORDS = 250, NU__KEY_HOLES = 16 };

struct nu__query_key {
    uint64_t hash;
    uint32_t n_words, n_holes;
    bool impossible; /* something has no words, or there are too many */
    const nu_expr *holes[NU__KEY_HOLES];
    uint64_t words[NU__KEY_WORDS];
};

/* false: the query has no key. `always`: see nu__compile_select_always(). */
bool nu__query_key_of(const nu__tree *tree, const nu__backend *backend, bool always,
                      nu__query_key *out);
/* The same of a query that get() narrows by one condition, before it is narrowed: the condition's
   lookup as it is written, and the kind of its value. The value is to be the last hole. */
bool nu__query_key_of_get(const nu__tree *tree, const nu__backend *backend,
                          const nu_cond *condition, nu__query_key *out);
/* A lookup whose value is a hole, where it stands in WHERE. */
bool nu__query_key_leaves_out(const nu_expr *lookup);
/* Which of its holes the lookup is; -1: none. A NULL key has none. */
int nu__query_key_hole(const nu__query_key *key, const nu_expr *lookup);
