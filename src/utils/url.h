/**
 * @file
 * URLs apart and together, percent-encoding: Python's urllib.parse, and django.utils.encoding.
 *
 * Texts are UTF-8; results lie in the fiber's arena. None raises but MemoryError, none yields.
 */
#pragma once
#include "core/buf.h"

typedef struct nu__url {
    nu_str scheme; /* lower case */
    nu_str netloc, path, query, fragment;
} nu__url;

/* False where Python raises ValueError: brackets that do not match, a host that normalises to
   something else. */
bool nu__urlsplit(nu_str text, nu__url *out);
nu_str nu__urlunsplit(const nu__url *url);

/* Percent-encode all but letters, digits, _ . - ~ and the bytes of `safe`. */
void nu__urlquote_to(nu__buf *buf, nu_str text, const char *safe);
nu_str nu__urlquote(nu_str text, const char *safe);
/* The same with + for a space. */
void nu__urlquote_plus_to(nu__buf *buf, nu_str text, const char *safe);
/* Percent escapes as bytes; wrong ones stay as they are; what is no UTF-8 then is U+FFFD. */
nu_str nu__unquote(nu_str text);
/* The same with spaces for +. */
nu_str nu__unquote_plus(nu_str text);
/* "key=value", with & before it where the buffer has a pair already. */
void nu__urlencode_pair(nu__buf *buf, nu_str key, nu_str value);

/* django.utils.encoding; see iri.c. */
nu_str nu__iri_to_uri(nu_str iri);
nu_str nu__uri_to_iri(nu_str uri);
nu_str nu__escape_uri_path(nu_str path);
nu_str nu__filepath_to_uri(nu_str path);
