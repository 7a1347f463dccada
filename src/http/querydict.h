/**
 * @file
 * Names with lists of values, in order: request.GET, request.POST and request.FILES.
 *
 *   keys:    [ a ] [ b ]          in order of first appearance
 *              |     |
 *   entries: [a=1][b=2][a=3]      each knows the next of its name
 *
 * Few names are found by walking over `keys`; past a dozen a dict from name to position is kept
 * beside them, so that a form of a thousand fields costs no square.
 */
#pragma once
#include <nuages/http.h>

typedef struct nu__query_entry {
    nu_value value;
    uint32_t next; /* index + 1 of the next value of the same name; 0: the last */
} nu__query_entry;

typedef struct nu__query_key {
    nu_str name;
    uint32_t first, last, count; /* entries */
} nu__query_key;

struct nu_querydict {
    nu_object object;
    nu__query_key *keys;
    nu__query_entry *entries;
    uint32_t n_keys, keys_cap, n_entries, entries_cap;
    nu_dict *index;
    bool latin1; /* the encoding to write in, when it is not UTF-8 */
};

extern const nu_class nu__querydict_class;

/* How the bytes of a query string become text. */
typedef enum nu__encoding { NU__UTF8, NU__LATIN1 } nu__encoding;

/* Add what "a=1&b" holds. Raises TooManyFieldsSent past max_fields (0: no limit). */
void nu__querydict_read(nu_querydict *dict, nu_str query_string, size_t max_fields,
                        nu__encoding encoding);
void nu__querydict_add(nu_querydict *dict, nu_str name, nu_value value);
/* The last value of a name: STR, or FILE in request.FILES. false: there is none. */
bool nu__querydict_last(const nu_querydict *dict, nu_str name, nu_value *value);

/* Leaf: the next "name=value" of a query string, as slices still encoded. *at starts at 0; false at
   the end. Empty pairs are passed over. */
bool nu__query_string_next(nu_str text, size_t *at, nu_str *name, nu_str *value);
