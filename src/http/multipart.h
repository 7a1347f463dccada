/**
 * @file
 * Cuts a multipart/form-data body into parts, as its bytes arrive. Leaf: no allocation, no copy.
 *
 *   --boundary CRLF headers CRLF CRLF content CRLF --boundary … --boundary--
 *
 * The caller keeps a window of the body: it adds bytes behind, calls, drops `used` in front. The
 * parser keeps no pointer between two calls. As with Django, a part runs from one "--boundary" to
 * the next wherever that stands, the line end before it is no content, and the last boundary may be
 * missing.
 */
#pragma once
#include <nuages/strings.h>

enum {
    NU__MULTIPART_MAX_BOUNDARY = 201,
    NU__MULTIPART_MAX_HEADER = 1024, /* bytes of one part's header, with the line before it */
    NU__MULTIPART_WINDOW = 2048,     /* the least room the caller's window must have */
};

typedef enum nu__multipart_event {
    NU__MULTIPART_MORE,   /* more bytes are needed */
    NU__MULTIPART_HEADER, /* a part begins: `text` are its header lines */
    NU__MULTIPART_RAW,    /* a part without header: to be counted, nothing else */
    NU__MULTIPART_DATA,   /* `text`: some of the part's content */
    NU__MULTIPART_PART_END,
    NU__MULTIPART_END, /* of the body */
    NU__MULTIPART_BAD, /* a header is too long */
} nu__multipart_event;

typedef struct nu__multipart {
    char delimiter[NU__MULTIPART_MAX_BOUNDARY + 2]; /* "--" and the boundary */
    size_t delimiter_len;
    enum { NU__PART_START, NU__PART_RAW, NU__PART_DATA, NU__PART_AFTER, NU__PARTS_DONE } state;
} nu__multipart;

/* false: no boundary that RFC 2046 allows. */
bool nu__multipart_init(nu__multipart *parser, nu_str boundary);
/* `end`: no bytes follow those of the window. */
nu__multipart_event nu__multipart_next(nu__multipart *parser, const char *window, size_t len,
                                       bool end, size_t *used, nu_str *text);
