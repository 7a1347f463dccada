/**
 * @file
 * Resolving a reference against the address of the running request, as urllib.parse.urljoin().
 */
#pragma once
#include <nuages/strings.h>

/* Slices of the reference; what is missing is empty. `rest` is the query and fragment with their
   "?" and "#". */
typedef struct nu__url_parts {
    nu_str scheme, netloc, path, rest;
} nu__url_parts;

nu__url_parts nu__url_split(nu_str url);
bool nu__url_is_absolute(nu_str url); /* it has both scheme and host */
/* `origin`: "https://example.com"; `path`: of the page that refers to `reference`. */
nu_str nu__url_join(nu_str origin, nu_str path, nu_str reference);
