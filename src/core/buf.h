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

#include "core/short.h"

typedef struct nu__buf {
    char *data;
    size_t len, cap;
    bool foreign; /* data is the caller's own memory: left behind when it is full */
} nu__buf;        /* all zero: empty, on the running fiber's arena */

/* A buffer that begins in an array on the stack. */
#define NU__BUF_OVER(array)                                                                        \
    {                                                                                              \
        .data = (array), .cap = sizeof(array), .foreign = true                                     \
    }

void nu__buf_reserve(nu__buf *buf, size_t more); /* room for `more` bytes and a NUL */
nu_str nu__buf_str(nu__buf *buf); /* the text, NUL-terminated, shared with the buffer */
/* The same for the last time: what the text does not need goes back, and the buffer is empty. */
nu_str nu__buf_take(nu__buf *buf);
void nu__buf_fmt_(nu__buf *buf, const char *format, nu_values args); /* as nu_fmt() */
/* The digits of a number where there is room for NU__DIGITS bytes: where they end. */
enum { NU__DIGITS = 20 };
char *nu__put_uint(char *to, uint64_t number);
char *nu__put_int(char *to, int64_t number);
/* Bytes as small hex digits where there is room for two each: where they end. */
char *nu__put_hex(char *to, const void *bytes, size_t len);
void nu__buf_hex(nu__buf *buf, nu_bytes bytes);
void nu__buf_int(nu__buf *buf, int64_t number);
void nu__buf_uint(nu__buf *buf, uint64_t number);
void nu__buf_fill(nu__buf *buf, char c, size_t n);
void nu__buf_value(nu__buf *buf, nu_value value); /* str(value); see object.h */
void nu__buf_repr(nu__buf *buf, nu_value value);  /* repr(value) */
#define nu__buf_fmt(b, f, ...) nu__buf_fmt_((b), "" f, NU_ARGS(__VA_ARGS__))

/* Room for `more` bytes and a NUL, without a call where it is there. */
static inline void nu__buf_room(nu__buf *buf, size_t more)
{
    if (more >= buf->cap - buf->len) /* cap 0 wraps nothing: len 0, cap 0 reserves */
        nu__buf_reserve(buf, more);
}

static inline void nu__buf_add(nu__buf *buf, const void *bytes, size_t len)
{
    nu__buf_room(buf, len);
    memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
}

/* The same where little is added, as a rule. */
static inline void nu__buf_add_short(nu__buf *buf, const char *bytes, size_t len)
{
    nu__buf_room(buf, len);
    nu__copy_short(buf->data + buf->len, bytes, len);
    buf->len += len;
}

/* The same of bytes behind which NU__PADDING more may be read. */
static inline void nu__buf_add_padded(nu__buf *buf, const char *bytes, size_t len)
{
    char *to;

    nu__buf_room(buf, len + NU__PADDING);
    to = buf->data + buf->len;
    nu__copy_16(to, bytes);
    if (len > 16)
        nu__copy_16(to + 16, bytes + 16);
    if (len > 32)
        memcpy(to + 32, bytes + 32, len - 32);
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
