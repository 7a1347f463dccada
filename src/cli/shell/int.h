/**
 * @file
 * Whole numbers.
 */
#pragma once
#include "cli/shell/object.h"

/* Digits in a base from 2 to 36, with a sign; false when there are others. OverflowError past the
   bits that the shell holds. */
bool nu__py_int_parse(nu_str digits, int base, nu__py *out);
double nu__py_number_as_float(nu__py number);     /* of int, bool and float */
bool nu__py_is_number(nu__py value);              /* int, bool or float */
extern const nu__py_type nu__py_division_by_zero; /* Decimal's */
/* Decimal(0.1): the double's exact value, as far as 38 digits hold it. */
nu_decimal nu__py_decimal_of_float(double number);
