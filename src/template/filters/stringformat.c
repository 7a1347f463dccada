#include "template/filters/stringformat.h"

#include "core/mapping.h"
#include "core/object.h"
#include "core/text.h"
#include "template/numbers.h"

#include <ctype.h>
#include <math.h>
#include <nuages/errors.h>
#include <stdio.h>

enum { MAX_WIDTH = 1 << 20, MAX_PRECISION = 1000 };

typedef struct spec {
    bool left, plus, space, zero, alternate, has_precision;
    int64_t width, precision;
    char type;
    nu_str key; /* %(key)s; {NULL, 0}: none */
} spec;

/* ---- parsing
 * ------------------------------------------------------------------------------------------- */

static bool read_number(const char **at, const char *end, int64_t *out, int64_t max)
{
    *out = 0;
    for (; *at < end && isdigit((unsigned char)**at); ++*at) {
        *out = *out * 10 + (**at - '0');
        if (*out > max)
            return false;
    }
    return true;
}

static bool read_key(const char **at, const char *end, nu_str *key)
{
    const char *start = *at + 1;
    int depth = 0;

    if (*at == end || **at != '(')
        return true;
    for (; *at < end; ++*at) {
        depth += (**at == '(') - (**at == ')');
        if (!depth) {
            *key = (nu_str){ start, (size_t)(*at - start) };
            ++*at;
            return true;
        }
    }
    return false;
}

static bool read_flag(char c, spec *spec)
{
    switch (c) {
    case '-':
        return spec->left = true;
    case '+':
        return spec->plus = true;
    case ' ':
        return spec->space = true;
    case '0':
        return spec->zero = true;
    case '#':
        return spec->alternate = true;
    default:
        return false;
    }
}

static bool read_spec(const char **at, const char *end, spec *out)
{
    spec spec = { 0 };

    if (!read_key(at, end, &spec.key))
        return false;
    while (*at < end && read_flag(**at, &spec))
        ++*at;
    if (!read_number(at, end, &spec.width, MAX_WIDTH))
        return false;
    if (*at < end && **at == '.') {
        ++*at;
        spec.has_precision = true;
        if (!read_number(at, end, &spec.precision, MAX_WIDTH))
            return false;
    }
    while (*at < end && strchr("hlL", **at) && **at)
        ++*at;
    if (*at == end)
        return false;
    spec.type = *(*at)++;
    *out = spec;
    return true;
}

/* ---- writing
 * ------------------------------------------------------------------------------------------- */

/* To the width: zeros go between what stands before the digits and the digits. */
static void add_padded(nu__buf *out, const spec *spec, nu_str head, nu_str text, bool zeros)
{
    int64_t len = (int64_t)(nu__utf8_count(head) + nu__utf8_count(text));
    size_t fill = spec->width > len ? (size_t)(spec->width - len) : 0;

    if (!spec->left && !zeros)
        nu__buf_fill(out, ' ', fill);
    nu__buf_str_add(out, head);
    if (!spec->left && zeros)
        nu__buf_fill(out, '0', fill);
    nu__buf_str_add(out, text);
    if (spec->left)
        nu__buf_fill(out, ' ', fill);
}

/* ascii(): what of a repr() is beyond ASCII as an escape. */
static nu_str ascii(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    nu__buf out = { 0 };

    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        if (c < 0x80)
            nu__buf_char(&out, (char)c);
        else if (c < 0x100)
            nu__buf_fmt(&out, "\\x{:02x}", (int64_t)c);
        else if (c < 0x10000)
            nu__buf_fmt(&out, "\\u{:04x}", (int64_t)c);
        else
            nu__buf_fmt(&out, "\\U{:08x}", (int64_t)c);
    }
    return nu__buf_str(&out);
}

static bool add_text(nu__buf *out, const spec *spec, nu_value value)
{
    nu_str text = nu_fmt("{}", value);

    if (spec->type != 's')
        text = nu_fmt("{!r}", value);
    if (spec->type == 'a')
        text = ascii(text);
    if (spec->has_precision)
        text = nu__utf8_slice(text, 0, (size_t)spec->precision);
    add_padded(out, spec, S(""), text, false);
    return true;
}

static bool add_char(nu__buf *out, const spec *spec, nu_value value)
{
    char bytes[NU__UTF8_MAX];
    nu__integer c;

    if (value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE) {
        if (nu__utf8_count(value.s) != 1)
            return false;
        add_padded(out, spec, S(""), value.s, false);
        return true;
    }
    if ((value.kind != NU_KIND_INT && value.kind != NU_KIND_BOOL) || !nu__cast_int(value, &c))
        return false;
    if (c < 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        nu_raise(NU_OVERFLOW_ERROR, "%c arg not in range(0x110000)");
    add_padded(out, spec, S(""), (nu_str){ bytes, (size_t)nu__utf8_encode((uint32_t)c, bytes) },
               false);
    return true;
}

static nu_str sign_of(const spec *spec, bool negative)
{
    return negative ? S("-") : spec->plus ? S("+") : spec->space ? S(" ") : S("");
}

/* The digits to a base, with zeros up to the precision. */
static nu_str digits_of(nu__integer number, unsigned base, bool upper, int64_t precision)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned __int128 rest = (unsigned __int128)(number < 0 ? -number : number);
    char text[132], *at = text + sizeof(text);
    nu__buf out = { 0 };

    do {
        *--at = digits[rest % base];
        rest /= base;
    } while (rest);
    if (precision > text + sizeof(text) - at)
        nu__buf_fill(&out, '0', (size_t)(precision - (text + sizeof(text) - at)));
    nu__buf_add(&out, at, (size_t)(text + sizeof(text) - at));
    return nu__buf_str(&out);
}

static bool add_integer(nu__buf *out, const spec *spec, nu_value value)
{
    bool decimal = strchr("diu", spec->type), hex = spec->type == 'x' || spec->type == 'X';
    bool integral =
        value.kind == NU_KIND_INT || value.kind == NU_KIND_UINT || value.kind == NU_KIND_BOOL;
    nu_str head, prefix = spec->type == 'x' ? S("0x") : hex ? S("0X") : S("0o");
    nu__integer number;

    if (value.kind > NU_KIND_DECIMAL || (!decimal && !integral))
        return false;
    if (!nu__cast_int_or_overflow(value, &number))
        return false;
    head = sign_of(spec, number < 0);
    if (spec->alternate && !decimal)
        head = nu_fmt("{}{}", head, prefix);
    add_padded(out, spec, head,
               digits_of(number,
                         decimal ? 10
                         : hex   ? 16
                                 : 8,
                         spec->type == 'X', spec->precision),
               spec->zero);
    return true;
}

static bool add_float(nu__buf *out, const spec *spec, nu_value value)
{
    char format[] = { '%', '#', '.', '*', spec->type, '\0' };
    char text[512 + MAX_PRECISION];
    int64_t precision = spec->has_precision ? spec->precision : 6;
    double number;
    int len;

    if (value.kind > NU_KIND_DECIMAL || !nu__cast_float(value, &number) ||
        precision > MAX_PRECISION)
        return false;
    if (!spec->alternate)
        memmove(format + 1, format + 2, sizeof(format) - 2);
    if (isnan(number))
        number = NAN; /* without a sign */
    len = snprintf(text, sizeof(text), format, (int)precision, fabs(number));
    add_padded(out, spec, sign_of(spec, signbit(number) && !isnan(number)),
               (nu_str){ text, (size_t)len }, spec->zero);
    return true;
}

static bool add_value(nu__buf *out, const spec *spec, nu_value value)
{
    if (strchr("sra", spec->type))
        return add_text(out, spec, value);
    if (spec->type == 'c')
        return add_char(out, spec, value);
    if (strchr("diuxXo", spec->type))
        return add_integer(out, spec, value);
    return strchr("eEfFgG", spec->type) && add_float(out, spec, value);
}

/* One specification; `used` tells whether the value was. */
static bool add_spec(nu__buf *out, const char **at, const char *end, nu_value value, bool *used)
{
    spec spec;

    if (*at < end && **at == '%') {
        nu__buf_char(out, *(*at)++);
        return true;
    }
    if (!read_spec(at, end, &spec) || !spec.type)
        return false;
    if (spec.key.ptr) {
        if (value.kind != NU_KIND_DICT)
            return false;
        if (!nu_dict_find(value.dict, spec.key, &value))
            nu_raise(NU_KEY_ERROR, "{!r}", spec.key);
    } else if (*used) {
        return false;
    }
    *used = true;
    return add_value(out, &spec, value);
}

static bool add_rest(nu__buf *out, const char *at, const char *end, nu_value value, bool used)
{
    while (at < end) {
        if (*at != '%') {
            nu__buf_char(out, *at++);
            continue;
        }
        at++;
        if (!add_spec(out, &at, end, value, &used))
            return false;
    }
    return used || value.kind == NU_KIND_DICT || value.kind == NU_KIND_LIST ||
           nu__mapping_keys(value);
}

bool nu__percent_format_text(nu__buf *out, nu_str text, nu_value value)
{
    return add_rest(out, text.ptr, nu__str_end(text), value, false);
}

bool nu__percent_format(nu__buf *out, nu_str spec, nu_value value)
{
    const char *at = spec.ptr, *end = nu__str_end(spec);
    bool used = false;

    return add_spec(out, &at, end, value, &used) && add_rest(out, at, end, value, used);
}
