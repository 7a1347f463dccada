/**
 * @file
 * Doubles to their shortest text and back, as Python's repr(float) and float(str). Independent of
 * the C locale. None allocates, raises or yields.
 *
 * The shortest digits are found by Giulietti's method ("The Schubfach way to render doubles",
 * 2021): the rounding interval of the double, scaled by a power of ten so that it holds between 2
 * and 20 integers, is tested for a multiple of ten and then for its nearest integer. The scaling
 * takes two 64-bit products with a table entry, rounded to odd so that no comparison is off.
 */
#pragma once
#include <nuages/values.h>

#define NU__FLOAT_TEXT 32 /* bytes that hold the text of any double and a NUL */

/* repr(number): "0.1", "1.0", "1e+16", "-0.0", "nan", "inf". Returns the length; NUL-terminated. */
size_t nu__float_text(char out[NU__FLOAT_TEXT], double number);

/* The shortest digits and the exponent: number = digits * 10^exponent. Finite and above 0 only. */
uint64_t nu__float_digits(double number, int *exponent);

/* A decimal number, "-1.5e-3", correctly rounded, as strtod but never by locale. The text is all
   digits with at most one point and an exponent, as the caller has checked. Overflow gives an
   infinity. */
double nu__float_parse(const char *text, size_t len);

/* float(str): surrounding space, sign, digits with single underscores, point, exponent, "inf",
   "infinity", "nan" in any case. False when it is none of these. */
bool nu__float_try_parse(nu_str text, double *out);
