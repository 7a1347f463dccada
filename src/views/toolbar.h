/**
 * @file
 * The bar at the foot of HTML pages under DEBUG: queries, templates, cache, signals, time, headers;
 * and what a failed build says, while the last good one is served. Django: django-debug-toolbar
 */
#pragma once
#include <nuages/http.h>

/* Put it into the response, where that is an HTML page of one piece; and let a policy of the site's
   (Content-Security-Policy) admit its style, and that of a debug page. Raises nothing but
   MemoryError. */
void nu__toolbar_add(nu_request *req, nu_response *response);
