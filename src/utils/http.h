/**
 * @file
 * What headers, redirects and query strings need, as django.utils.http. Results lie in the fiber's
 * arena. None raises but MemoryError, unless said; none yields.
 */
#pragma once
#include <nuages/timezone.h>

/* ---- dates -------------------------------------------------------------------------------- */

enum { NU__HTTP_DATE_LEN = 29 };

/* "Fri, 17 May 2024 12:30:45 GMT"; `out` holds a NUL too. For seconds since 1970. */
void nu__http_date(char out[NU__HTTP_DATE_LEN + 1], int64_t unix_seconds);
/* Raises ValueError outside of the years 1 to 9999. */
nu_str nu__http_date_str(int64_t unix_seconds);
/* The three forms of RFC 9110. False when it is none or there is no such day. */
bool nu__parse_http_date(nu_str text, int64_t *unix_seconds);

/* ---- entity tags -------------------------------------------------------------------------- */

/* The tags of an If-Match or If-None-Match header with their quotes and W/, or "*" alone. */
nu_list *nu__parse_etags(nu_str header);
nu_str nu__quote_etag(nu_str tag);

/* ---- hosts -------------------------------------------------------------------------------- */

/* `pattern` ".example.com" is the domain and all below it; `host` is lower case. */
bool nu__is_same_domain(nu_str host, nu_str pattern);
/* A URL that a redirect may go to: relative, or http(s) to one of the hosts. */
bool nu__url_has_allowed_host_and_scheme(nu_str url, const nu_str *hosts, size_t n_hosts,
                                         bool require_https);
/* "//evil.example" would leave the site: the second slash is escaped. */
nu_str nu__escape_leading_slashes(nu_str url);

/* ---- parameters --------------------------------------------------------------------------- */

/* `text/html; charset="utf-8"`: the type in lower case, and the parameters (names in lower case,
   values unquoted, RFC 2231 decoded) in a dict. False where RFC 2231 names an unknown charset. */
bool nu__parse_header_parameters(nu_str line, nu_str *type, nu_dict **params);
/* Null when there is neither a name nor an attachment. */
nu_str nu__content_disposition_header(bool as_attachment, nu_str filename);

/* "a=1&b=2" of a dict or a list of pairs; `doseq`: a list is a pair for each of its items. Raises
   TypeError on null. Django: urlencode() */
nu_str nu__urlencode(nu_value query, bool doseq);
