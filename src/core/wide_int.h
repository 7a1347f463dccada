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
/* OverflowError for one that no decimal holds, which neither a column nor JSON takes. */
void nu__wide_int_refuse(nu_value value);
