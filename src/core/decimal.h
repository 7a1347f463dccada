/**
 * @file
 * Decimals for the library's own parts: statuses instead of raises, contexts, roundings, text.
 *
 * A number is coefficient * 10^exponent with a sign apart (Python keeps -0 and 1.20 as they are).
 * Operations work on 256 bits, enough for the product of two coefficients of 38 digits and for one
 * shifted by 39 more digits, then round once to the context's precision.
 */
#pragma once
#include <nuages/values.h>

#define NU__DECIMAL_DIGITS    38 /* of a coefficient */
#define NU__DECIMAL_PRECISION 28 /* of Python's default context, which Django leaves alone */
#define NU__DECIMAL_TEXT      64 /* bytes that hold any str() and a NUL */

typedef enum nu__decimal_kind {
    NU__DECIMAL_NULL,
    NU__DECIMAL_FINITE,
    NU__DECIMAL_NAN,
    NU__DECIMAL_MINUS_ZERO
} nu__decimal_kind;

typedef enum nu__rounding {
    NU__ROUND_HALF_EVEN,
    NU__ROUND_HALF_UP,
    NU__ROUND_HALF_DOWN,
    NU__ROUND_DOWN, /* to zero */
    NU__ROUND_UP,   /* from zero */
    NU__ROUND_CEILING,
    NU__ROUND_FLOOR
} nu__rounding;

typedef struct nu__decimal_context {
    int precision; /* 1 to NU__DECIMAL_DIGITS */
    nu__rounding rounding;
} nu__decimal_context;

extern const nu__decimal_context nu__decimal_default; /* 28 digits, half to even */

typedef enum nu__decimal_status {
    NU__DECIMAL_OK,
    NU__DECIMAL_IS_NULL,         /* an operand is */
    NU__DECIMAL_NO_NUMBER,       /* text that is none */
    NU__DECIMAL_TOO_MANY_DIGITS, /* of a coefficient, or past the context's precision */
    NU__DECIMAL_OUT_OF_RANGE,    /* the exponent leaves 16 bits */
    NU__DECIMAL_BY_ZERO,
    NU__DECIMAL_COMPARED_NAN
} nu__decimal_status;

/* The sign, coefficient and exponent of a finite decimal. */
typedef struct nu__decimal_parts {
    unsigned __int128 coefficient;
    int32_t exponent;
    bool negative;
} nu__decimal_parts;

/* Finite decimals only; null and NaN give 0. */
nu__decimal_parts nu__decimal_unpack(nu_decimal number);
nu__decimal_status nu__decimal_pack(nu__decimal_parts parts, nu_decimal *out);
int nu__decimal_count_digits(unsigned __int128 coefficient); /* 1 for 0, as Python */
static inline bool nu__decimal_is_finite(nu_decimal number)
{
    return number.kind == NU__DECIMAL_FINITE || number.kind == NU__DECIMAL_MINUS_ZERO;
}

typedef nu__decimal_status nu__decimal_operation(nu_decimal a, nu_decimal b,
                                                 const nu__decimal_context *context,
                                                 nu_decimal *out);
nu__decimal_operation nu__decimal_add, nu__decimal_sub, nu__decimal_mul, nu__decimal_div;
/* +a or -a, rounded to the context. */
nu__decimal_status nu__decimal_plus(nu_decimal a, bool negate, const nu__decimal_context *context,
                                    nu_decimal *out);
/* To the exponent, TOO_MANY_DIGITS past the context's precision. */
nu__decimal_status nu__decimal_quantize(nu_decimal a, int exponent,
                                        const nu__decimal_context *context, nu_decimal *out);
nu__decimal_status nu__decimal_compare(nu_decimal a, nu_decimal b, int *order);
/* Without trailing zeros, as Decimal.normalize(). */
nu_decimal nu__decimal_normalize(nu_decimal a);

/* TOO_MANY_DIGITS and OUT_OF_RANGE leave the nearest number that there is: its first digits, its
   exponent within 16 bits. NO_NUMBER leaves `out` alone. */
nu__decimal_status nu__decimal_parse(nu_str text, nu_decimal *out);
/* str(); null gives "". Returns the length. */
size_t nu__decimal_text(char out[NU__DECIMAL_TEXT], nu_decimal number);
/* False past 64 bits, and for NaN and null. */
bool nu__decimal_try_int(nu_decimal number, int64_t *out);
