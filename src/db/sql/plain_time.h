/**
 * @file
 * Does a text hold a date, or the time of a day, as Django's databases store it? Eight bytes at a
 * time, and inline: lists of rows are full of them.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The digits of eight bytes as numbers, each where it stands. `pattern` has zeros for them, and is
   what the others must be. */
typedef union nu__eight {
    uint64_t word;
    uint8_t at[8];
} nu__eight;

/* A digit is what has no high half after XOR with '0', and none after 6 is added. */
static inline bool nu__has_pattern(nu__eight *out, const char *text, const char pattern[8])
{
    nu__eight zeros, others;

    memcpy(&out->word, text, sizeof out->word);
    memcpy(&zeros.word, pattern, sizeof zeros.word);
    for (int i = 0; i < 8; i++)
        others.at[i] = pattern[i] == '0' ? 0xf0 : 0xff;
    out->word ^= zeros.word;
    return !((out->word & others.word) | ((out->word + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0));
}

static inline unsigned nu__pair_of(const uint8_t *at)
{
    return at[0] * 10u + at[1];
}

/* "2024-01-31", which some calendar has. */
bool nu__calendar_has(const char text[10]);

static inline bool nu__plain_date(const char text[10])
{
    uint8_t thousands = (uint8_t)(text[0] - '0'), hundreds = (uint8_t)(text[1] - '0');
    nu__eight rest;
    unsigned day;

    if (thousands > 9 || hundreds > 9 || !nu__has_pattern(&rest, text + 2, "00-00-00"))
        return false;
    day = nu__pair_of(rest.at + 6);
    if (day > 28)
        return nu__calendar_has(text);
    return day && nu__pair_of(rest.at + 3) - 1 < 12 &&
           (thousands | hundreds | rest.at[0] | rest.at[1]);
}

/* "08:00:00" */
static inline bool nu__plain_clock(const char text[8])
{
    nu__eight clock;

    return nu__has_pattern(&clock, text, "00:00:00") && nu__pair_of(clock.at) < 24 &&
           clock.at[3] < 6 && clock.at[6] < 6;
}
