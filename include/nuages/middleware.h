/**
 * @file
 * Middleware: straight code around the rest of the onion.
 */
#pragma once
#include <nuages/http.h>

/* nu_next_call() never raises: an error of the inside has become its response there. */
typedef struct nu_next nu_next;
typedef nu_response *nu_middleware(nu_request *req, const nu_next *next);
nu_response *nu_next_call(const nu_next *next, nu_request *req);

nu_middleware SecurityMiddleware, CommonMiddleware, CsrfViewMiddleware, MessageMiddleware,
    XFrameOptionsMiddleware, GZipMiddleware;
