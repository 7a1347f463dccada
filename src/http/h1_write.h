/**
 * @file
 * Writes the head of a response. Leaf: the caller asks for the size, then hands the memory.
 */
#pragma once
#include "http/message.h"

/* What the driver adds to the response's own headers. */
typedef struct nu__h1_answer {
    const nu_response *response;
    nu_str set_cookies;              /* whole "Set-Cookie: …" lines, each with its CRLF */
    const char *date;                /* "Date: …" with its CRLF, NU__H1_DATE_LEN bytes */
    int64_t content_length;          /* -1: none is written */
    bool chunked, close, keep_alive; /* keep_alive: said to a client of HTTP/1.0 */
} nu__h1_answer;

enum { NU__H1_DATE_LEN = 37 };

/* An upper bound of what nu__h1_write_head() writes. */
size_t nu__h1_head_size(const nu__h1_answer *answer);
/* The end of what was written. Headers of the driver's own (Date, Content-Length, Connection…) and
   ones that hold a line break are left out. */
char *nu__h1_write_head(char *out, const nu__h1_answer *answer);
/* "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" */
void nu__h1_write_date(char *out, int64_t unix_seconds);
/* Digits without sign; the end. */
char *nu__h1_write_uint(char *out, uint64_t number);
/* "1a3f\r\n", the line before a chunk of that many bytes; the end. At most 18 bytes. */
char *nu__h1_write_chunk_size(char *out, uint64_t size);
