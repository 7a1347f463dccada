/**
 * @file
 * The Cache-Control header. Django: django.utils.cache
 */
#pragma once
#include <nuages/urls.h>

/* One directive: {"max-age", "300"}; a null value: the name alone. */
typedef struct nu__cache_directive {
    nu_str name, value;
} nu__cache_directive;

/* Add directives to what the response has: the least max-age counts, and public and private
   override each other. */
void nu__patch_cache_control(nu_response *response, const nu__cache_directive *directives,
                             size_t n);
/* The same for the options of a path(). */
void nu__apply_cache_control(nu_response *response, const nu_cache_control *options);
/* Expires now, and every directive that keeps the page from caches. Django: never_cache */
void nu__never_cache(nu_response *response);
/* The max-age of the response, false when it has none that is a number. */
bool nu__cache_max_age(const nu_response *response, int64_t *seconds);
