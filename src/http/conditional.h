/**
 * @file
 * Requests that ask for an answer only when something changed.
 * Counterpart: get_conditional_response() of django.utils.cache, RFC 9110 section 13.
 */
#pragma once
#include "http/message.h"

/* 304 or 412 in the place of `response` (NULL: none yet; a failed one is returned as it is).
   `etag` with its quotes, null: none; `last_modified`: seconds since 1970, 0: not known. */
nu_response *nu__conditional_response(nu_request *req, nu_str etag, int64_t last_modified,
                                      nu_response *response);
/* If-Modified-Since alone, as static files ask: whether `mtime` is newer than the client's copy. */
bool nu__was_modified_since(nu_str if_modified_since, int64_t mtime);
/* The ETag of a body: the MD5 of its bytes. Null for an empty one or a stream. */
nu_str nu__response_etag(const nu_response *response);
