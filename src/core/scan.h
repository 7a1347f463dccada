/**
 * @file
 * Sixteen bytes at a time, where the machine can (SSE2): finding the few bytes of a text that an
 * escaper or a parser must look at. Elsewhere callers go byte by byte.
 */
#pragma once

#if defined(__SSE2__) && defined(__x86_64__)
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/* Fewer than NU__BLOCK bytes, and zeros behind them. Nothing is read past them. */
static inline nu__block nu__block_load_short(const char *at, size_t n)
{
    uint64_t low = 0, high = 0;
    uint32_t first, last;

    if (n >= 8) {
        memcpy(&low, at, 8);
        memcpy(&high, at + n - 8, 8);
        high = n > 8 ? high >> (8 * (16 - n)) : 0;
    } else if (n >= 4) {
        memcpy(&first, at, 4);
        memcpy(&last, at + n - 4, 4);
        low = first | (uint64_t)last << (8 * (n - 4));
    } else if (n) {
        low = (uint8_t)at[0] | (uint64_t)(uint8_t)at[n / 2] << (8 * (n / 2)) |
              (uint64_t)(uint8_t)at[n - 1] << (8 * (n - 1));
    }
    return _mm_set_epi64x((int64_t)high, (int64_t)low);
}

/* `c` in every lane. */
static inline nu__block nu__block_of(char c)
{
    return _mm_set1_epi8(c);
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

/* The lanes that hold no printable ASCII, but for 0x7f: as signed numbers, all below a space. */
static inline nu__block nu__block_below_space(nu__block block)
{
    return _mm_cmplt_epi8(block, _mm_set1_epi8(' '));
}

/* Letters of the 26 from `first` on, in ASCII, in the other case. */
static inline nu__block nu__block_other_case(nu__block block, char first)
{
    nu__block from_first = _mm_sub_epi8(block, _mm_set1_epi8(first));

    return _mm_xor_si128(block,
                         _mm_and_si128(nu__block_up_to(from_first, 25), _mm_set1_epi8(0x20)));
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
