/**
 * @file
 * One pattern of a urlconf, taken apart: the parts of a path() route, the groups of a re_path().
 *
 *   "a/<int:x>-<slug:y>.z"  ->  'a/'  int x  '-'  slug y  '.z'
 *
 * A route is `simple` when each converter's longest match is the only one that can lead to a match
 * (what follows it can't continue it), so that it can be walked without going back; any other is
 * matched by the regular expression that Django would make of it. `regex_text` is that expression
 * for both: reverse() joins them, and its messages show them.
 */
#pragma once
#include "core/arena.h"
#include "urls/converters.h"
#include "utils/regex.h"

/* The most values one URL may capture, all its includes together. */
#define NU__URL_MAX_CAPTURES 32

typedef struct nu__url_part {
    nu_str literal;                 /* bytes as they stand in the URL, when `converter` is NULL */
    const nu__converter *converter; /* else what is captured */
    nu_str name;
} nu__url_part;

typedef struct nu__url_capture {
    nu_str name;                    /* {NULL, 0}: by position */
    const nu__converter *converter; /* NULL: the text */
    int group;                      /* of the regular expression */
} nu__url_capture;

typedef struct nu__url_pattern {
    const nu_url_entry *entry;
    nu_str route;      /* as the site wrote it */
    nu_str regex_text; /* Django's, with the leading "^" */
    nu_str match_text; /* the same with numbered groups in routes, without "^": what is compiled */
    bool simple;
    bool named; /* re_path with named groups: those without a name are dropped */
    nu__url_part *parts;
    size_t n_parts;
    nu__url_capture *captures; /* in order of the text */
    size_t n_captures;
    const nu__re *regex; /* NULL when simple */
} nu__url_pattern;

/* What patterns are made in: memory that lives as long as the resolver, and its compiled regular
   expressions. */
typedef struct nu__url_memory {
    nu__arena *arena;
    nu__re **regexes;
    size_t n_regexes, capacity;
} nu__url_memory;

void *nu__url_alloc(nu__url_memory *memory, size_t n, size_t size); /* raises MemoryError */
nu_str nu__url_copy(nu__url_memory *memory, nu_str text);
/* Compile and own. Raises ImproperlyConfigured that names the regular expression. */
const nu__re *nu__url_regex(nu__url_memory *memory, nu_str pattern, unsigned flags);
nu_str nu__url_repr(nu_value value); /* Python's repr(), for messages */
void nu__url_memory_release(nu__url_memory *memory);

/**
 * Take an entry of `urlconf` apart.
 * @raises  ImproperlyConfigured for a route or regular expression that is wrong, in Django's words
 */
nu__url_pattern *nu__url_pattern_new(nu__url_memory *memory, const nu_urlconf *urlconf,
                                     const nu_url_entry *entry);
