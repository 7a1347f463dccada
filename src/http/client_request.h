/**
 * @file
 * Requests made in process, without a socket: what tests and the test client stand on.
 * Counterpart: django.test.RequestFactory, Client.
 */
#pragma once
#include "http/message.h"

typedef struct nu__client_options {
    nu_method method;          /* 0: GET */
    nu_str target;             /* "/path/?query", percent-encoded */
    nu_str body;               /* {NULL, 0}: none */
    const char *content_type;  /* NULL: none is sent */
    const nu__header *headers; /* besides Host, which is "testserver" unless given here */
    size_t n_headers;
    bool tls;
    const nu__http_settings *settings; /* NULL: the defaults, with every host allowed */
} nu__client_options;

/* A request in the running fiber's arena; the options' texts are borrowed. */
nu_request *nu__client_request(const nu__client_options *options);
/* What the handler answers, as the client sees it: streams and files are read into the body, HEAD
   has none. The request is the fiber's own meanwhile. Raises what the handler raises. Yields. */
nu_response *nu__client_run(nu_response *(*handler)(nu_request *), nu_request *req);
