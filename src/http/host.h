/**
 * @file
 * Which host the client asked for, and whether this site answers to it.
 * Counterpart: split_domain_port(), validate_host() of django.http.request.
 */
#pragma once
#include <nuages/http.h>

/* Lower-case domain without a final dot, and port; both empty when `host` is none. */
typedef struct nu__host {
    nu_str domain, port;
} nu__host;

nu__host nu__host_split(nu_str host);
/* `patterns` ends with NULL: "example.com", ".example.com" with its subdomains, "*". */
bool nu__host_allowed(nu_str domain, const char *const *patterns);
/* "8000": X-Forwarded-Port where the settings say so. */
nu_str nu__request_port(nu_request *req);
/* Path and query as nu_request_full_path(), of another path. */
nu_str nu__full_path(nu_str path, nu_str query_string);
