/**
 * @file
 * Exact decimal numbers, with the arithmetic and rounding of Python's decimal in Django's context:
 * results are rounded to 28 significant digits, half to even. A number itself holds up to 38.
 *
 * All raise TypeError when an operand is null; NaN gives NaN, except where comparison would raise
 * InvalidOperation in Python too. Infinities do not exist. None yields.
 */
#pragma once
#include <nuages/errors.h>

/** Read as Decimal(text): "1.20", " -3e5 ", "NaN". Raises InvalidOperation when it is no number, or
 * has more than 38 digits. */
nu_decimal nu_decimal_parse(const char *text);
/** The same, false instead of a raise. */
bool nu_decimal_try_parse(nu_str text, nu_decimal *out);
/** coefficient * 10^exponent: nu_decimal_from(15, -1) is 1.5. */
nu_decimal nu_decimal_from(int64_t coefficient, int exponent);
/** By its shortest text, as Django converts floats: 0.1 is 0.1. Raises InvalidOperation on inf. */
nu_decimal nu_decimal_from_float(double number);

nu_decimal nu_decimal_add(nu_decimal a, nu_decimal b);
nu_decimal nu_decimal_sub(nu_decimal a, nu_decimal b);
nu_decimal nu_decimal_mul(nu_decimal a, nu_decimal b);
/** Raises ZeroDivisionError. */
nu_decimal nu_decimal_div(nu_decimal a, nu_decimal b);
nu_decimal nu_decimal_neg(nu_decimal a);
/** To `places` digits after the point. Raises InvalidOperation when that takes more than 28 digits.
 * Python: Decimal.quantize() */
nu_decimal nu_decimal_quantize(nu_decimal a, int places);

/** -1, 0, 1. By value: 1.0 equals 1. Raises InvalidOperation on NaN. */
int nu_decimal_cmp(nu_decimal a, nu_decimal b);
bool nu_decimal_is_zero(nu_decimal a);
bool nu_decimal_is_nan(nu_decimal a);
/** The nearest double. */
double nu_decimal_to_float(nu_decimal a);
/** int(a): the fraction cut off. Raises OverflowError past 64 bits, ValueError on NaN. */
int64_t nu_decimal_to_int(nu_decimal a);
/** str(a): "1.20", "1E+3", in the arena. */
nu_str nu_decimal_str(nu_decimal a);

/** A decimal by its digits, never through a double: DEC(0.015). */
#define DEC(lit) nu_decimal_parse("" #lit)
