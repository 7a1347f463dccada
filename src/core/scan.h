/**
 * @file
 * Sixteen bytes at a time, where the machine can (SSE2): finding the few bytes of a text that an
 * escaper or a parser must look at. Elsewhere callers go byte by byte.
 */
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#define NU__BLOCK 16
typedef __m128i nu__block;

static inline nu__block nu__block_load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)at);
}

static inline void nu__block_store(char *at, nu__block block)
{
    _mm_storeu_si128((__m128i *)at, block);
}

/* All ones in the lanes that hold `c`. */
static inline nu__block nu__block_eq(nu__block block, char c)
{
    return _mm_cmpeq_epi8(block, _mm_set1_epi8(c));
}

/* The lanes that hold 0 to `last`, unsigned. */
static inline nu__block nu__block_up_to(nu__block block, char last)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(last)), block);
}

static inline nu__block nu__block_or(nu__block a, nu__block b)
{
    return _mm_or_si128(a, b);
}

/* A bit a lane, the first lowest. Of an unchanged block: which bytes are not ASCII. */
static inline unsigned nu__block_bits(nu__block block)
{
    return (unsigned)_mm_movemask_epi8(block);
}
#endif
