/**
 * @file
 * Path converters: what <int:pk> matches, the value it gives, the text it takes back.
 *
 * Django's five have, beside the regular expression that defines them, a scanner: the longest text
 * from a place on that they match. Where what follows in the route can't continue that text, the
 * longest match is the only one, and the route needs no regular expression.
 */
#pragma once
#include <nuages/urls.h>

typedef struct nu__converter {
    const char *name;
    const char *regex;
    /* Bytes matched at the start of `text`, 0 none. NULL: a converter of the site's own. */
    size_t (*scan)(nu_str text);
    bool (*continues)(unsigned char byte); /* may stand in a match after its start */
    const nu_url_converter *own;
} nu__converter;

/* Django's own converter of that name, NULL when there is none. */
const nu__converter *nu__converter_find(nu_str name);
/* The names, for messages: "int, path, slug, str, uuid". */
const nu__converter *nu__converters(size_t *n);

/* The captured text as a value: int (UINT, then DECIMAL, then STR as it grows), uuid, text; or what
   the site's own converter makes of it. false: no match after all. */
bool nu__converter_to_value(const nu__converter *converter, nu_str text, nu_value *value);
/* The text of a value in a URL, not quoted. false: there is none. */
bool nu__converter_to_url(const nu__converter *converter, nu_value value, nu_str *text);
