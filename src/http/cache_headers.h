/**
 * @file
 * Cache-Control and Vary, patched without losing what others have said.
 * Counterpart: patch_cache_control(), patch_vary_headers() of django.utils.cache.
 */
#pragma once
#include "http/message.h"

/* One directive to add: `value` {NULL, 0}: the name alone. */
typedef struct nu__cache_directive {
    const char *name; /* "max-age", "no-cache", "private"… */
    nu_str value;
} nu__cache_directive;

/* Of two max-age the smaller stays; private and public replace each other. Raises ValueError where
   max-age is to be compared with what is no number. */
void nu__patch_cache_control(nu_response *response, const nu__cache_directive *directives,
                             size_t n);
/* max-age of the response; false when it has none that is a number. */
bool nu__cache_max_age(const nu_response *response, int64_t *seconds);
/* Expires in the past, and every directive against caching. */
void nu__add_never_cache_headers(nu_response *response);
bool nu__vary_has(const nu_response *response, nu_str name);
