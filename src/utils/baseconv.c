#include "utils/baseconv.h"

#include <string.h>

static const char base36[] = "0123456789abcdefghijklmnopqrstuvwxyz";
static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static size_t number_text(char *out, uint64_t number, const char *digits, unsigned base)
{
    char reversed[NU__BASECONV_TEXT];
    size_t n = 0;

    do
        reversed[n++] = digits[number % base];
    while (number /= base);
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    out[n] = 0;
    return n;
}

size_t nu__base36_text(char out[NU__BASECONV_TEXT], uint64_t number)
{
    return number_text(out, number, base36, 36);
}

size_t nu__base62_text(char out[NU__BASECONV_TEXT], int64_t number)
{
    if (number >= 0)
        return number_text(out, (uint64_t)number, base62, 62);
    *out = '-';
    return 1 + number_text(out + 1, -(uint64_t)number, base62, 62);
}

static int base36_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : -1;
}

static int base62_digit(char c)
{
    const char *found = c ? strchr(base62, c) : NULL;

    return found ? (int)(found - base62) : -1;
}

static bool add_digit(int64_t *number, int digit, int base, bool negative)
{
    return digit >= 0 && !__builtin_mul_overflow(*number, base, number) &&
           !__builtin_add_overflow(*number, negative ? -digit : digit, number);
}

bool nu__base36_parse(nu_str text, int64_t *out)
{
    nu_str digits = nu_trim(text);
    bool negative = digits.len && *digits.ptr == '-';

    if (text.len > 13)
        return false;
    if (digits.len && (*digits.ptr == '-' || *digits.ptr == '+')) {
        digits = (nu_str){ digits.ptr + 1, digits.len - 1 };
    }
    *out = 0;
    for (size_t i = 0; i < digits.len; i++) {
        bool single =
            digits.ptr[i] == '_' && i > 0 && i + 1 < digits.len && digits.ptr[i - 1] != '_';

        if (!single && !add_digit(out, base36_digit(digits.ptr[i]), 36, negative))
            return false;
    }
    return digits.len > 0;
}

bool nu__base62_parse(nu_str text, int64_t *out)
{
    bool negative = text.len && *text.ptr == '-';

    *out = 0;
    if (text.len == negative)
        return false;
    for (size_t i = negative; i < text.len; i++)
        if (!add_digit(out, base62_digit(text.ptr[i]), 62, negative))
            return false;
    return true;
}
