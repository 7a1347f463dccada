/**
 * @file
 * Making the Nth allocation fail, for tests.
 *
 * Every allocation of core/ (arenas, errors, chains of clean-ups) asks nu__fault_now() first. Off,
 * it is one load and a branch that is never taken. A test arms it and walks N upwards until its
 * sample of work passes; see tests/unit/core/test_fault.c. Of the calling thread only.
 */
#pragma once
#include <nuages/base.h>

/* 0: off; n: the nth allocation from now fails, and only that one. */
extern _Thread_local int64_t nu__fault_countdown NU__FAST_TLS;

bool nu__fault_count_down(void);

static inline bool nu__fault_now(void)
{
    return __builtin_expect(nu__fault_countdown != 0, 0) && nu__fault_count_down();
}

/* malloc and realloc for what lies outside of arenas; NULL when out of memory. */
void *nu__malloc(size_t bytes);
void *nu__malloc_zeroed(size_t bytes);
void *nu__realloc(void *old, size_t bytes);
