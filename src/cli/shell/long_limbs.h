/**
 * @file
 * The limbs of whole numbers past 64 bits: arithmetic of their sizes. Signs are their callers'.
 *
 * Results lie in the arena. What would have more than NU__PY_MOST_LIMBS raises OverflowError.
 */
#pragma once
#include "cli/shell/long.h"

NU_NORETURN void nu__limbs_too_large(void);
nu__py_long nu__limbs_room(uint32_t n);       /* n limbs of 0 */
nu__py_long nu__limbs_trimmed(nu__py_long a); /* without zeros at the top */
nu__py_long nu__limbs_copy(nu__py_long a);
nu__py_long nu__limbs_signed(nu__py_long a, bool negative);
uint32_t nu__limb_at(nu__py_long a, uint32_t i); /* 0 past the highest */
int nu__limbs_compare(nu__py_long a, nu__py_long b);
nu__py_long nu__limbs_add(nu__py_long a, nu__py_long b);
nu__py_long nu__limbs_sub(nu__py_long a, nu__py_long b); /* a >= b */
nu__py_long nu__limbs_mul(nu__py_long a, nu__py_long b);
uint32_t nu__limbs_div_small(nu__py_long *a, uint32_t d); /* in place; what is left */
nu__py_long nu__limbs_divide(nu__py_long a, nu__py_long b,
                             nu__py_long *rest); /* b of 2 limbs or more */
nu__py_long nu__limbs_left(nu__py_long a, uint32_t bits);
nu__py_long nu__limbs_right(nu__py_long a, uint32_t bits);
