/**
 * @file
 * Powers of ten as 128-bit significands, for the shortest text of a double.
 */
#pragma once
#include <stdint.h>

#define NU__FLOAT_POWER_MIN (-292)
#define NU__FLOAT_POWER_MAX 324

/* [k - NU__FLOAT_POWER_MIN]: the high and the low half. */
extern const uint64_t nu__float_powers[NU__FLOAT_POWER_MAX - NU__FLOAT_POWER_MIN + 1][2];
