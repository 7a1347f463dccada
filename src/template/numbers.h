/**
 * @file
 * Python's int() and float() of a value, for filters and tags.
 *
 * Integers have 128 bits here: sums and products of what a value can hold do not overflow. What
 * then fits no machine word becomes an exact decimal, which is written the same.
 */
#pragma once
#include <nuages/values.h>

typedef __int128 nu__integer;

/* int(value). False where Python raises ValueError, TypeError or OverflowError. */
bool nu__cast_int(nu_value value, nu__integer *out);
/* The same, but raises OverflowError for an infinity, which Django's filters do not catch. */
bool nu__cast_int_or_overflow(nu_value value, nu__integer *out);
/* The same, but raises what Python raises, in its words. */
nu__integer nu__cast_int_or_raise(nu_value value);
/* int() within the range of the bounds: what lies outside is a bound. */
bool nu__cast_int_within(nu_value value, int64_t low, int64_t high, int64_t *out);
/* int(value) fails with TypeError rather than ValueError. */
bool nu__int_is_type_error(nu_value value);
/* float(value); also false past the range of doubles, where Python raises OverflowError. */
bool nu__cast_float(nu_value value, double *out);
/* INT, UINT, or DECIMAL past 64 bits. */
nu_value nu__integer_value(nu__integer number);
