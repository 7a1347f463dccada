/**
 * @file
 * Requests, responses, shortcuts, middleware.
 */
#pragma once
#include <nuages/errors.h>

typedef enum {
    GET = 1,
    POST = 2,
    PUT = 4,
    PATCH = 8,
    DELETE = 16,
    HEAD = 32,
    OPTIONS = 64
} nu_method;
typedef nu_response *nu_view(nu_request *);
nu_method nu_request_method(nu_request *);
nu_str nu_query_param(nu_request *, const char *), nu_post_param(nu_request *, const char *),
    nu_request_header(nu_request *, const char *), nu_request_path(nu_request *),
    nu_request_body(nu_request *), nu_remote_addr(nu_request *),
    nu_path_str(nu_request *, const char *), nu_request_cookie(nu_request *, const char *);
nu_id nu_path_id(nu_request *, const char *);
nu_uuid nu_path_uuid(nu_request *, const char *);
int64_t nu_query_int(nu_request *, const char *, int64_t fallback);
nu_file *nu_request_file(nu_request *, const char *);
nu_dict *nu_request_json(nu_request *);
void nu_request_set(nu_request *, const char *, nu_value);
nu_value nu_request_value(nu_request *, const char *);

typedef struct {
    NU_NAMED_ONLY;
    int status;
    const char *content_type;
    nu_str body;
} nu_http;
nu_response *nu_http_response_(const nu_http *);
#define nu_http_response(...) nu_http_response_(&(const nu_http){ __VA_ARGS__ })
nu_response *nu_json_(int status, nu_value value);
#define nu_json(status, ...) nu_json_((status), V(NU_DICT(__VA_ARGS__)))
nu_response *nu_not_allowed(nu_request *, int methods); /* 405 with Allow */
void nu_set_header_(nu_response *, const char *, nu_str);
int nu_status(const nu_response *);
nu_str nu_body(const nu_response *);
#define nu_set_header(r, n, v) nu_set_header_((r), (n), NU_STR(v))
