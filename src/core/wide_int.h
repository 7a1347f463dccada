/**
 * @file
 * Whole numbers past 64 bits: what Python's int holds and nu_value's INT and UINT do not.
 *
 * Those of up to 38 digits are decimals that are marked as `plain`, which JSON writes as a number;
 * those of more are objects of their digits, which text and UUIDs of 128 bits are made of, and
 * nothing else.
 */
#pragma once
#include "core/object.h"

/* Of decimal digits with a sign or without, which are shared: the arena's. */
nu_value nu__wide_int(nu_str digits);
bool nu__is_wide_int(nu_value value);
/* Of more digits than a decimal has, which neither a column nor JSON takes: OverflowError for it,
   and the decimal of 38 digits that is nearest, by which it is compared and put into columns of
   decimals. */
bool nu__is_too_wide(nu_value value);
void nu__wide_int_refuse(nu_value value);
nu_decimal nu__wide_int_rounded(nu_value value);
