/**
 * @file
 * Copying and comparing a few bytes without a call: names, pieces of markup between two values.
 *
 * Nothing is read or written past the given length: two overlapping words cover any length between
 * one word and two. Where memory ends in NU__PADDING bytes that nobody cares for, whole words will
 * do.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { NU__SHORT = 32, NU__PADDING = 32 };

/* One load and store of `type` at each end. */
#define NU__COPY_ENDS(type)                                                                        \
    do {                                                                                           \
        type head_, tail_;                                                                         \
        memcpy(&head_, from, sizeof(type));                                                        \
        memcpy(&tail_, from + len - sizeof(type), sizeof(type));                                   \
        memcpy(to, &head_, sizeof(type));                                                          \
        memcpy(to + len - sizeof(type), &tail_, sizeof(type));                                     \
    } while (0)

typedef struct nu__sixteen {
    uint64_t halves[2];
} nu__sixteen;

static inline void nu__copy_16(char *to, const char *from)
{
    nu__sixteen block;

    memcpy(&block, from, sizeof(block));
    memcpy(to, &block, sizeof(block));
}

/* memcpy(); fast up to NU__SHORT bytes. */
static inline void nu__copy_short(char *to, const char *from, size_t len)
{
    if (len > NU__SHORT)
        memcpy(to, from, len);
    else if (len >= 16)
        NU__COPY_ENDS(nu__sixteen);
    else if (len >= 8)
        NU__COPY_ENDS(uint64_t);
    else if (len >= 4)
        NU__COPY_ENDS(uint32_t);
    else if (len >= 2)
        NU__COPY_ENDS(uint16_t);
    else if (len)
        *to = *from;
}

/* One comparison of `type` at each end. */
#define NU__EQUAL_ENDS(type)                                                                       \
    ({                                                                                             \
        type a_, b_, c_, d_;                                                                       \
        memcpy(&a_, a, sizeof(type));                                                              \
        memcpy(&b_, b, sizeof(type));                                                              \
        memcpy(&c_, a + len - sizeof(type), sizeof(type));                                         \
        memcpy(&d_, b + len - sizeof(type), sizeof(type));                                         \
        a_ == b_ &&c_ == d_;                                                                       \
    })

/* memcmp() == 0; fast up to 16 bytes. */
static inline bool nu__equal_short(const char *a, const char *b, size_t len)
{
    if (len > 16)
        return memcmp(a, b, len) == 0;
    if (len >= 8)
        return NU__EQUAL_ENDS(uint64_t);
    if (len >= 4)
        return NU__EQUAL_ENDS(uint32_t);
    if (len >= 2)
        return NU__EQUAL_ENDS(uint16_t);
    return !len || *a == *b;
}
