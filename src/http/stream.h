/**
 * @file
 * Where a streaming response goes: the connection, or a buffer for requests made in process.
 */
#pragma once
#include <nuages/http.h>

struct nu_stream {
    void (*write)(nu_stream *stream, nu_str piece);
    void *self;
};
