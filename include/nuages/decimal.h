/**
 * @file
 * Exact decimal numbers of up to 38 digits, with the arithmetic and rounding of Python's decimal in
 * Django's context (ROUND_HALF_EVEN). All raise TypeError on null and InvalidOperation past 38
 * digits. None yields.
 */
#pragma once
#include <nuages/errors.h>

nu_decimal nu_decimal_parse(const char *text); /* raises InvalidOperation */
bool nu_decimal_try_parse(nu_str text, nu_decimal *out);
nu_decimal nu_decimal_from(int64_t coefficient, int exponent);
nu_decimal nu_decimal_from_float(double number); /* by its shortest text: 0.1 is 0.1 */
nu_decimal nu_decimal_add(nu_decimal a, nu_decimal b);
nu_decimal nu_decimal_sub(nu_decimal a, nu_decimal b);
nu_decimal nu_decimal_mul(nu_decimal a, nu_decimal b);
nu_decimal nu_decimal_div(nu_decimal a, nu_decimal b);
nu_decimal nu_decimal_neg(nu_decimal a);
nu_decimal nu_decimal_quantize(nu_decimal a, int places);
int nu_decimal_cmp(nu_decimal a, nu_decimal b);
bool nu_decimal_is_zero(nu_decimal a);
double nu_decimal_to_float(nu_decimal a);
nu_str nu_decimal_str(nu_decimal a); /* str(Decimal): "1.20", "1E+3"; in the arena */
/** A decimal by its digits, never through a double: DEC(0.015). */
#define DEC(lit) nu_decimal_parse("" #lit)
