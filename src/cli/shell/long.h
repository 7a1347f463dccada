/**
 * @file
 * Whole numbers past 64 bits.
 *
 * A nu__py_long lies in the arena and is never changed once made. What fits 64 bits is never one:
 * nu__py_long_value() gives the plain int then.
 */
#pragma once
#include "cli/shell/object.h"

#define NU__PY_MOST_LIMBS 2048 /* 65,536 bits */

typedef struct nu__py_long {
    bool negative;
    uint32_t n;      /* limbs; the last is not 0 */
    uint32_t *limbs; /* lowest first */
} nu__py_long;

extern const nu__py_type nu__py_long_type; /* an int whose payload is a nu__py_long */

nu__py_long nu__py_long_of(nu__py number); /* of int, bool and long */
nu__py nu__py_long_value(nu__py_long number);
/* Any operator of ints; false: there is no such. */
bool nu__py_long_operate(nu__py_operator op, nu__py_long a, nu__py_long b, nu__py *out);
int nu__py_long_compare(nu__py_long a, nu__py_long b);
double nu__py_long_as_float(nu__py_long number); /* OverflowError */
nu__py nu__py_long_of_float(double number);      /* cut to a whole number */
nu__py_long nu__py_long_parse(nu_str digits, int base);
nu_str nu__py_long_text(nu__py_long number, int base);
int64_t nu__py_long_bits(nu__py_long number);
