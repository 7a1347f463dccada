/**
 * @file
 * The Cookie header read, the Set-Cookie header written.
 * Counterpart: parse_cookie() of django.http.cookie, http.cookies, HttpResponse.set_cookie().
 */
#pragma once
#include "core/buf.h"
#include "http/message.h"

/* Leaf: the next "name=value" of a Cookie header, trimmed, the value still quoted. *at starts at 0;
   false at the end. */
bool nu__cookie_next(nu_str header, size_t *at, nu_str *name, nu_str *value);
/* Without quotes and backslash escapes, as http.cookies._unquote(). */
nu_str nu__cookie_unquote(nu_str value);
/* Name to value; the last of several wins. */
nu_dict *nu__cookies_parse(nu_str header);
/* request.COOKIES, parsed at the first look. */
nu_dict *nu__request_cookies(nu_request *req);

/* The cookie of that name that the response sets, made when there is none: attributes that were set
   before stay. Raises CookieError for a name that no cookie may have. */
nu__cookie *nu__cookie_of(nu_response *response, nu_str name);
/* name=value and the attributes in the order of http.cookies. */
void nu__cookie_write(const nu__cookie *cookie, nu__buf *out);
/* All "Set-Cookie: …" lines of the response with their CRLF; null when it sets none. */
nu_str nu__cookies_write(const nu_response *response);
