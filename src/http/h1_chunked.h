/**
 * @file
 * Decodes a chunked request body in place. Leaf: no allocation, no copy, never raises.
 *
 *     7;ext=1 CRLF  seven b CRLF  0 CRLF  Trailer: x CRLF  CRLF
 *
 * Sizes are plain hexadecimal digits with nothing around them. Extensions and trailers are checked,
 * limited over the whole body and dropped.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum {
    NU__CHUNKED_MAX_EXTENSIONS = 4096, /* bytes in one body */
    NU__CHUNKED_MAX_TRAILERS = 8192,
};

typedef enum nu__chunked_result {
    NU__CHUNKED_DATA, /* `*data`, `*data_len`: a piece of the body */
    NU__CHUNKED_MORE, /* all of the input is used: call again with more */
    NU__CHUNKED_END,  /* the body has ended; the input behind `*used` is the next request's */
    NU__CHUNKED_BAD,  /* 400 and close */
} nu__chunked_result;

/* All zero: at the start of a body. */
typedef struct nu__chunked {
    uint8_t state;
    uint8_t digits;
    uint32_t extensions, trailers; /* bytes so far */
    uint64_t left;                 /* of the chunk */
} nu__chunked;

nu__chunked_result nu__chunked_next(nu__chunked *body, const char *input, size_t len, size_t *used,
                                    const char **data, size_t *data_len);
