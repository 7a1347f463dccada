/**
 * @file
 * Conditional requests: If-Match, If-None-Match and the two dates, in the order of RFC 9110.
 * Django: django.utils.cache.get_conditional_response()
 */
#pragma once
#include <nuages/http.h>

/**
 * What to answer to the request's conditions.
 *
 * @param etag      quoted; null: none
 * @param modified  seconds since 1970; 0: not known
 * @param response  NULL while there is none; one whose status is not 2xx is returned as it is
 * @return          304 or 412 where a condition says so, else `response`
 */
nu_response *nu__conditional_response(nu_request *req, nu_str etag, int64_t modified,
                                      nu_response *response);
