#include "core/float.h"

#include "core/float_powers.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the shortest digits ------------------------------------------------------------------ */

/* The double is `c` * 2^`q`. */
typedef struct {
    uint64_t c;
    int q;
    bool narrow; /* a power of two: the next double below is half as far as the one above */
} binary;

static binary binary_of(double number)
{
    uint64_t bits, fraction;
    int exponent;

    memcpy(&bits, &number, sizeof bits);
    fraction = bits & ((1ULL << 52) - 1);
    exponent = (int)(bits >> 52 & 0x7FF);
    if (exponent == 0)
        return (binary){ fraction, -1074, false };
    return (binary){ fraction | 1ULL << 52, exponent - 1075, fraction == 0 && exponent > 1 };
}

/* floor(log2(10^e)), for |e| < 1233 */
static int floor_log2_pow10(int e)
{
    return (e * 1741647) >> 19;
}

/* The high 64 bits of `factor` * 10^k's significand, the lowest bit set if any bit below was. */
static uint64_t scale_to_odd(const uint64_t power[2], uint64_t factor)
{
    unsigned __int128 low = (unsigned __int128)power[1] * factor;
    unsigned __int128 high = (unsigned __int128)power[0] * factor + (uint64_t)(low >> 64);

    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

uint64_t nu__float_digits(double number, int *exponent)
{
    binary b = binary_of(number);
    uint64_t odd = b.c & 1; /* the ends of the interval belong to it when c is even */
    int k = (b.q * 1262611 - (b.narrow ? 524031 : 0)) >> 22; /* floor(log10(2^q)), or of 3/4 2^q */
    int shift = b.q + floor_log2_pow10(-k) + 1;
    const uint64_t *power = nu__float_powers[-k - NU__FLOAT_POWER_MIN];
    uint64_t at = scale_to_odd(power, 4 * b.c << shift);
    uint64_t lower = scale_to_odd(power, (4 * b.c - 2 + b.narrow) << shift) + odd;
    uint64_t upper = scale_to_odd(power, (4 * b.c + 2) << shift) - odd;
    uint64_t s = at / 4, tens = s / 10;
    bool down, up;

    *exponent = k;
    if (s >= 10) {
        down = lower <= 40 * tens;
        up = 40 * tens + 40 <= upper;
        if (down != up) {
            *exponent = k + 1;
            return tens + up;
        }
    }
    down = lower <= 4 * s;
    up = 4 * s + 4 <= upper;
    if (down != up)
        return s + up;
    return s + (at > 4 * s + 2 || (at == 4 * s + 2 && (s & 1)));
}

/* ---- the text ----------------------------------------------------------------------------- */

static int digits_text(char out[20], uint64_t digits)
{
    char reversed[20];
    int n = 0;

    do
        reversed[n++] = (char)('0' + digits % 10);
    while (digits /= 10);
    for (int i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    return n;
}

/* `point` digits stand before the decimal point. */
static size_t fixed_text(char *out, const char *digits, int n, int point)
{
    char *at = out;

    if (point <= 0) {
        memcpy(at, "0.0000", 6);
        at += 2 - point;
        memcpy(at, digits, (size_t)n);
        return (size_t)(at + n - out);
    }
    if (point >= n) {
        memcpy(at, digits, (size_t)n);
        memset(at + n, '0', (size_t)(point - n));
        memcpy(at + point, ".0", 2);
        return (size_t)point + 2;
    }
    memcpy(at, digits, (size_t)point);
    at[point] = '.';
    memcpy(at + point + 1, digits + point, (size_t)(n - point));
    return (size_t)n + 1;
}

static size_t scientific_text(char *out, const char *digits, int n, int exponent)
{
    char *at = out, text[20];
    int len;

    *at++ = digits[0];
    if (n > 1) {
        *at++ = '.';
        memcpy(at, digits + 1, (size_t)(n - 1));
        at += n - 1;
    }
    *at++ = 'e';
    *at++ = exponent < 0 ? '-' : '+';
    len = digits_text(text, (uint64_t)abs(exponent));
    if (len == 1)
        *at++ = '0';
    memcpy(at, text, (size_t)len);
    return (size_t)(at + len - out);
}

static size_t finite_text(char *out, double number)
{
    char digits[20];
    int exponent, n;
    uint64_t shortest = nu__float_digits(number, &exponent);

    while (shortest % 10 == 0) {
        shortest /= 10;
        exponent++;
    }
    n = digits_text(digits, shortest);
    if (n + exponent > 16 || n + exponent < -3)
        return scientific_text(out, digits, n, n + exponent - 1);
    return fixed_text(out, digits, n, n + exponent);
}

static size_t word_text(char *out, const char *word)
{
    size_t len = strlen(word);

    memcpy(out, word, len);
    return len;
}

size_t nu__float_text(char out[NU__FLOAT_TEXT], double number)
{
    size_t len = 0;

    if (isnan(number)) {
        len = word_text(out, "nan");
    } else {
        if (signbit(number))
            out[len++] = '-';
        if (isinf(number))
            len += word_text(out + len, "inf");
        else if (number == 0)
            len += word_text(out + len, "0.0");
        else
            len += finite_text(out + len, fabs(number));
    }
    out[len] = 0;
    return len;
}

/* ---- reading ------------------------------------------------------------------------------ */

static double parse_by_libc(const char *text)
{
    static locale_t plain;

    if (!plain)
        plain = newlocale(LC_ALL_MASK, "C", NULL);
    return plain ? strtod_l(text, NULL, plain) : strtod(text, NULL);
}

#define DIGITS_THAT_MATTER 800 /* a double's halfway points have at most 767 */

/* strtod_l wants a NUL, and any number of digits may come: the text is written anew as digits and
   exponent, where all digits past those that can matter leave a 1 if they were not all zero. */
static double parse_slow(const char *text, const char *end, int exponent)
{
    char copy[DIGITS_THAT_MATTER + 16];
    size_t n = 0, first;
    bool point = false, rest = false;

    if (*text == '-' || *text == '+')
        copy[n++] = *text++;
    first = n;
    for (; text < end; text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (n < DIGITS_THAT_MATTER) {
            copy[n] = *text;
            n += *text != '0' || n > first; /* leading zeros would use up the room */
        } else {
            rest |= *text != '0';
            exponent++;
        }
        exponent -= point;
    }
    if (rest)
        copy[n++] = '1';
    exponent -= rest;
    snprintf(copy + n, sizeof copy - n, "e%d", exponent);
    return parse_by_libc(copy);
}

static int parse_exponent(const char *at, const char *end)
{
    bool negative = at < end && *at == '-';
    int exponent = 0;

    if (at < end && (*at == '-' || *at == '+'))
        at++;
    for (; at < end && exponent < 100000; at++)
        exponent = exponent * 10 + (*at - '0');
    return negative ? -exponent : exponent;
}

/* Up to 15 digits and a power of ten below 23 are both exact in a double, so that one operation
   rounds once (Clinger, 1990). */
double nu__float_parse(const char *text, size_t len)
{
    static const double tens[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
    const char *at = text, *end = text + len;
    bool negative = at < end && *at == '-', point = false;
    uint64_t digits = 0;
    int exponent = 0, written = 0, n = 0;
    double number;

    if (at < end && (*at == '-' || *at == '+'))
        at++;
    for (; at < end && (*at | 0x20) != 'e'; at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        n += n > 0 || *at != '0';
        if (n <= 15)
            digits = digits * 10 + (uint64_t)(*at - '0');
        exponent -= point;
    }
    if (n == 0)
        return negative ? -0.0 : 0.0;
    if (at < end)
        written = parse_exponent(at + 1, end);
    exponent += written;
    if (n > 15 || exponent < -22 || exponent > 22)
        return parse_slow(text, at, written);
    number = exponent < 0 ? (double)digits / tens[-exponent] : (double)digits * tens[exponent];
    return negative ? -number : number;
}

/* Digits with single underscores between them, as Python's grammar has them; the end of them. */
static const char *skip_digits(const char *at, const char *end)
{
    const char *start = at;

    while (at < end &&
           ((*at >= '0' && *at <= '9') || (*at == '_' && at > start && at[-1] != '_' &&
                                           at + 1 < end && at[1] >= '0' && at[1] <= '9')))
        at++;
    return at;
}

static bool is_number(const char *at, const char *end)
{
    const char *whole, *fraction, *start;

    if (at < end && (*at == '-' || *at == '+'))
        at++;
    whole = fraction = skip_digits(start = at, end);
    if (whole < end && *whole == '.')
        fraction = skip_digits(whole + 1, end);
    if (whole == start && fraction <= whole + 1)
        return false;
    if (fraction == end)
        return true;
    if ((*fraction | 0x20) != 'e')
        return false;
    at = fraction + 1;
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    return at < end && *at != '_' && skip_digits(at, end) == end;
}

static bool parse_word(const char *at, size_t len, double *out)
{
    bool negative = len && *at == '-';

    if (len && (*at == '-' || *at == '+')) {
        at++;
        len--;
    }
    if ((len == 3 && strncasecmp(at, "inf", 3) == 0) ||
        (len == 8 && strncasecmp(at, "infinity", 8) == 0))
        *out = negative ? -INFINITY : INFINITY;
    else if (len == 3 && strncasecmp(at, "nan", 3) == 0)
        *out = NAN;
    else
        return false;
    return true;
}

#define TEXT_CAP 1024 /* of a number with underscores */

static bool parse_without_underscores(nu_str text, double *out)
{
    char plain[TEXT_CAP];
    size_t len = 0;

    if (text.len > sizeof plain)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_')
            plain[len++] = text.ptr[i];
    *out = nu__float_parse(plain, len);
    return true;
}

bool nu__float_try_parse(nu_str text, double *out)
{
    const char *at = text.ptr;
    size_t len = text.len;

    while (len && (*at == ' ' || (*at >= '\t' && *at <= '\r'))) {
        at++;
        len--;
    }
    while (len && (at[len - 1] == ' ' || (at[len - 1] >= '\t' && at[len - 1] <= '\r')))
        len--;
    if (!is_number(at, at + len))
        return parse_word(at, len, out);
    if (memchr(at, '_', len))
        return parse_without_underscores((nu_str){ at, len }, out);
    *out = nu__float_parse(at, len);
    return true;
}
