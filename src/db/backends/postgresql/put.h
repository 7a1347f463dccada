/**
 * @file
 * Bytes of messages out. Inline: a statement is twenty pieces of a few bytes each. Without memory
 * the connection is marked (out_of_memory), and what is put is dropped.
 */
#pragma once
#include "db/backends/postgresql/postgresql.h"

#include <string.h>

static inline void nu__pg_put(nu__pg *pg, const void *bytes, size_t len)
{
    if (!len)
        return;
    if (len > pg->out_size - pg->out_len || pg->out_of_memory) {
        nu__pg_put_grown(pg, bytes, len);
        return;
    }
    memcpy(pg->out + pg->out_len, bytes, len);
    pg->out_len += len;
}

static inline void nu__pg_put16(nu__pg *pg, uint16_t number)
{
    number = __builtin_bswap16(number);
    nu__pg_put(pg, &number, sizeof number);
}

static inline void nu__pg_put32(nu__pg *pg, uint32_t number)
{
    number = __builtin_bswap32(number);
    nu__pg_put(pg, &number, sizeof number);
}

static inline void nu__pg_put64(nu__pg *pg, uint64_t number)
{
    number = __builtin_bswap64(number);
    nu__pg_put(pg, &number, sizeof number);
}

/* With a NUL behind it. */
static inline void nu__pg_put_text(nu__pg *pg, nu_str text)
{
    nu__pg_put(pg, text.ptr, text.len);
    nu__pg_put(pg, "", 1);
}
