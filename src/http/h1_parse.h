/**
 * @file
 * Reads the head of an HTTP/1.1 request, strictly. Leaf: no allocation, no copy, never raises.
 *
 * The head is read line by line. When the bytes end inside a line, the parser says MORE and goes on
 * from the start of that line when it is called again with more bytes behind the same ones; the
 * bytes may have moved in between, since all it keeps are offsets.
 *
 * What it refuses, because two servers that read it differently can be played against each other:
 * bare CR or LF, NUL and other controls, white space around a name, folded lines, both
 * Content-Length and Transfer-Encoding, either of them twice, lengths that are not plain digits,
 * codings other than one `chunked`, a missing or second Host, a target with another host than Host,
 * and two names that are the same but for `_` and `-`.
 */
#pragma once
#include <nuages/http.h>

enum {
    NU__H1_MAX_FIELDS = 100,
    NU__H1_MAX_LINE = 8190,  /* the request line, or one field, without its CRLF */
    NU__H1_MAX_HEAD = 32768, /* request line and all fields */
};

typedef enum nu__h1_result {
    NU__H1_OK,   /* a whole head: `len` bytes */
    NU__H1_MORE, /* call again with more behind the same bytes */
    NU__H1_BAD,  /* answer `status` and close */
} nu__h1_result;

/* One field line, as offsets into the head. */
typedef struct nu__h1_field {
    uint16_t name, name_len, value, value_len;
} nu__h1_field;

typedef struct nu__h1_head {
    uint32_t pos;   /* what lies before it has been read */
    uint32_t len;   /* of the whole head, with its empty line */
    uint32_t start; /* of the method: past an empty line that some clients send */
    uint16_t method_len;
    uint16_t target, target_len;
    uint16_t n_fields;
    int16_t host;                      /* index of the Host field; -1 without one */
    uint16_t authority, authority_len; /* of a target in absolute form */
    nu_method method;
    int64_t content_length; /* -1: none given */
    bool line_read, http_1_0;
    bool chunked, keep_alive, connection_close, expect_continue, has_underscore;
    int status;          /* of BAD: 400, 414, 417, 431, 501, 505 */
    const char *problem; /* of BAD: why, in a few words */
    nu__h1_field fields[NU__H1_MAX_FIELDS];
} nu__h1_head;

/* Forget everything: a new request begins. Leaves the fields' bytes as they are. */
void nu__h1_begin(nu__h1_head *head);
/* Go on with `data`: all bytes of the request so far. `head` was begun; afterwards, OK or BAD is
   final. */
nu__h1_result nu__h1_parse(nu__h1_head *head, const char *data, size_t len);
