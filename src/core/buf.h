/**
 * @file
 * A growing byte buffer in an arena: response bodies, rendered templates, SQL, JSON.
 *
 * The bytes move as it grows, so take `data` only when done. `nu__buf_str` NUL-terminates. Appends
 * raise MemoryError past the arena's cap. The inline ones are for hot paths.
 */
#pragma once
#include <nuages/strings.h>
#include <string.h>

typedef struct nu__buf {
    char *data;
    size_t len, cap;
} nu__buf; /* all zero: empty, on the running fiber's arena */

void nu__buf_reserve(nu__buf *buf, size_t more); /* room for `more` bytes and a NUL */
nu_str nu__buf_str(nu__buf *buf); /* the text, NUL-terminated, shared with the buffer */
void nu__buf_fmt_(nu__buf *buf, const char *format, nu_values args);
void nu__buf_int(nu__buf *buf, int64_t number);
#define nu__buf_fmt(b, f, ...) nu__buf_fmt_((b), "" f, NU_ARGS(__VA_ARGS__))

static inline void nu__buf_add(nu__buf *buf, const void *bytes, size_t len)
{
    if (len >= buf->cap - buf->len) /* cap 0 wraps nothing: len 0, cap 0 reserves */
        nu__buf_reserve(buf, len);
    memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
}

static inline void nu__buf_str_add(nu__buf *buf, nu_str text)
{
    if (text.len)
        nu__buf_add(buf, text.ptr, text.len);
}

static inline void nu__buf_char(nu__buf *buf, char c)
{
    nu__buf_add(buf, &c, 1);
}

#define nu__buf_lit(b, lit) nu__buf_add((b), "" lit, sizeof(lit) - 1)
