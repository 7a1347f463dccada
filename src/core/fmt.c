/* nu_fmt(): Python's format mini-language, [[fill]align][sign][#][0][width][,][.precision][type],
   and the conversion !r. */
#include "core/decimal.h"
#include "core/error.h"
#include "core/float.h"
#include "core/object.h"
#include "core/text.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH_MAX = 1 << 20, PRECISION_MAX = 300, NUMBER_TEXT = 768 };

typedef struct spec {
    nu_str fill;
    char align; /* < > ^ = or 0: the kind's own */
    char sign;  /* + - or a space */
    bool alternate, zero, repr;
    char grouping; /* , or _ or 0 */
    size_t width;
    int precision; /* -1: none */
    char type;
} spec;

static NU_NORETURN void bad_format(const char *format, const char *why)
{
    nu_raise(NU_VALUE_ERROR, "format {!r}: {}", format, why);
}

/* ---- reading a specification ---------------------------------------------------------------- */

static bool one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* An option that is there: take it. */
static char take_one(nu_str *rest, const char *set)
{
    if (!rest->len || !one_of(rest->ptr[0], set))
        return 0;
    *rest = nu__sub(*rest, 1, rest->len);
    return rest->ptr[-1];
}

static bool take_number(nu_str *rest, size_t max, size_t *out)
{
    *out = 0;
    for (; rest->len && rest->ptr[0] >= '0' && rest->ptr[0] <= '9';
         *rest = nu__sub(*rest, 1, rest->len)) {
        *out = *out * 10 + (size_t)(rest->ptr[0] - '0');
        if (*out > max)
            return false;
    }
    return true;
}

static void take_alignment(nu_str *rest, spec *s)
{
    const char *after = rest->ptr;

    if (!rest->len)
        return;
    nu__utf8_next(&after, nu__str_end(*rest));
    if (after < nu__str_end(*rest) && one_of(*after, "<>^=")) {
        s->fill = (nu_str){ rest->ptr, (size_t)(after - rest->ptr) };
        *rest = nu__sub(*rest, s->fill.len, rest->len);
    }
    s->align = take_one(rest, "<>^=");
}

static bool parse_spec(nu_str text, spec *s)
{
    nu_str rest = text;
    size_t precision;

    *s = (spec){ .precision = -1 };
    s->repr = nu_starts_with(rest, S("!r"));
    rest = nu__sub(rest, s->repr ? 2 : 0, rest.len);
    if (rest.len && !take_one(&rest, ":"))
        return false;
    take_alignment(&rest, s);
    s->sign = take_one(&rest, "+- ");
    s->alternate = take_one(&rest, "#");
    s->zero = take_one(&rest, "0");
    if (!take_number(&rest, WIDTH_MAX, &s->width))
        return false;
    s->grouping = take_one(&rest, ",_");
    if (take_one(&rest, ".")) {
        if (!rest.len || !take_number(&rest, PRECISION_MAX, &precision))
            return false;
        s->precision = (int)precision;
    }
    s->type = take_one(&rest, "bdeEfFgGosxX%");
    if (!s->fill.len)
        s->fill = s->zero ? S("0") : S(" ");
    return !rest.len;
}

/* ---- laying out ----------------------------------------------------------------------------- */

static void add_fill(nu__buf *out, const spec *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        nu__buf_str_add(out, s->fill);
}

/* head (a sign, a prefix) and body, padded to the width; `own` is the kind's own alignment. */
static void add_padded(nu__buf *out, const spec *s, nu_str head, nu_str body, char own)
{
    size_t len = head.len + nu__utf8_count(body);
    size_t pad = s->width > len ? s->width - len : 0;
    char align = s->align ? s->align : own;
    size_t left = align == '>' ? pad : align == '^' ? pad / 2 : 0;
    size_t right = align == '<' ? pad : align == '^' ? pad - left : 0;

    add_fill(out, s, left);
    nu__buf_str_add(out, head);
    add_fill(out, s, align == '=' ? pad : 0);
    nu__buf_str_add(out, body);
    add_fill(out, s, right);
}

static void add_text(nu__buf *out, const char *format, const spec *s, nu_str text)
{
    if (s->type && s->type != 's')
        bad_format(format, "a number's type for what is no number");
    if (s->sign || s->grouping || s->alternate || s->align == '=')
        bad_format(format, "a number's option for what is no number");
    if (s->precision >= 0)
        text = nu__utf8_slice(text, 0, (size_t)s->precision);
    add_padded(out, s, (nu_str){ 0 }, text, '<');
}

/* The whole part grouped, with as many zeros before it as zero padding to the width takes. */
static void group(nu__buf *out, const spec *s, nu_str whole, size_t taken)
{
    size_t every = s->type && one_of(s->type, "xXob") ? 4 : 3;
    size_t digits = whole.len;

    if (s->zero && (!s->align || s->align == '=') && nu_eq(s->fill, "0"))
        while (digits + (digits - 1) / every + taken < s->width)
            digits++;
    for (size_t left = digits; left; left--) {
        nu__buf_char(out, left > whole.len ? '0' : whole.ptr[whole.len - left]);
        if (left > 1 && (left - 1) % every == 0)
            nu__buf_char(out, s->grouping);
    }
}

/* `body`: digits, perhaps a point or exponent behind them, or inf and nan. */
static void add_number(nu__buf *out, const spec *s, bool negative, const char *prefix, nu_str body)
{
    char head_room[4], grouped_room[NUMBER_TEXT];
    nu__buf head = NU__BUF_OVER(head_room), grouped = NU__BUF_OVER(grouped_room);
    const char *digits = one_of(s->type, "xX") ? "0123456789abcdefABCDEF" : "0123456789";
    size_t whole = 0;

    if (negative || one_of(s->sign, "+ "))
        nu__buf_char(&head, negative ? '-' : s->sign);
    nu__buf_str_add(&head, nu_s(prefix));
    while (whole < body.len && one_of(body.ptr[whole], digits))
        whole++;
    if (s->grouping && whole) {
        group(&grouped, s, nu__sub(body, 0, whole), head.len + body.len - whole);
        nu__buf_str_add(&grouped, nu__sub(body, whole, body.len));
        body = nu__buf_str(&grouped);
    }
    add_padded(out, s, nu__buf_str(&head), body, s->zero ? '=' : '>');
}

/* ---- integers ------------------------------------------------------------------------------- */

static nu_str digits_in(uint64_t number, unsigned base, bool capital, char room[65])
{
    const char *digits = capital ? "0123456789ABCDEF" : "0123456789abcdef";
    char *at = room + 65;

    do
        *--at = digits[number % base];
    while (number /= base);
    return (nu_str){ at, (size_t)(room + 65 - at) };
}

static void add_float(nu__buf *out, const char *format, const spec *s, double number);

static void add_integer(nu__buf *out, const char *format, const spec *s, uint64_t size,
                        bool negative)
{
    unsigned base = s->type == 'x' || s->type == 'X' ? 16
                    : s->type == 'o'                 ? 8
                    : s->type == 'b'                 ? 2
                                                     : 10;
    const char *prefix = !s->alternate || base == 10 ? ""
                         : base == 8                 ? "0o"
                         : base == 2                 ? "0b"
                         : s->type == 'x'            ? "0x"
                                                     : "0X";
    char room[65];

    if (one_of(s->type, "eEfFgG%")) {
        add_float(out, format, s, negative ? -(double)size : (double)size);
        return;
    }
    if (s->type == 's' || s->precision >= 0 || (s->grouping == ',' && base != 10))
        bad_format(format, "a type, precision or grouping that an integer has not");
    add_number(out, s, negative, prefix, digits_in(size, base, s->type == 'X', room));
}

/* ---- floats --------------------------------------------------------------------------------- */

/* printf writes the locale's point, which may be several bytes: make it a point. */
static nu_str with_point(char *text, size_t len)
{
    size_t kept = 0;

    for (size_t i = 0; i < len; i++) {
        bool usual = one_of(text[i], "0123456789+-eE.abcdfinABCDFIN");

        if (usual || (i && one_of(text[i - 1], "0123456789")))
            text[kept++] = usual ? text[i] : '.';
    }
    return (nu_str){ text, kept };
}

static nu_str print_float(double number, const spec *s, char room[NUMBER_TEXT])
{
    int precision = s->precision < 0 ? 6 : s->precision;
    char pattern[] = { '%', '#', '.', '*', s->type == '%' ? 'f' : s->type, '\0' };
    nu_str text;
    int len;

    if (!s->type)
        return (nu_str){ room, nu__float_text(room, number) };
    if (!s->alternate)
        memmove(pattern + 1, pattern + 2, sizeof(pattern) - 2);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    len = snprintf(room, NUMBER_TEXT - 1, pattern, precision, number);
#pragma GCC diagnostic pop
    text = with_point(room, len > 0 ? (size_t)len : 0);
    if (s->type == '%')
        room[text.len++] = '%';
    return text;
}

static void add_float(nu__buf *out, const char *format, const spec *s, double number)
{
    bool negative = signbit(number) && !isnan(number);
    double size = negative ? -number : number;
    char room[NUMBER_TEXT];

    if (one_of(s->type, "bdosxX"))
        bad_format(format, "a type that a float has not");
    if (!s->type && (s->precision >= 0 || s->alternate))
        bad_format(format, "a float's precision needs a type: {:.2f}");
    add_number(out, s, negative, "", print_float(s->type == '%' ? size * 100 : size, s, room));
}

/* ---- decimals ------------------------------------------------------------------------------- */

/* coefficient * 10^exponent without an exponent. */
static void add_plain_decimal(nu__buf *out, nu__decimal_parts parts)
{
    char digits[40], *end = digits + sizeof(digits), *at = end;
    int point;

    for (; parts.coefficient || at == end; parts.coefficient /= 10)
        *--at = (char)('0' + (int)(parts.coefficient % 10));
    point = (int)(end - at) + parts.exponent;
    if (point <= 0) {
        nu__buf_lit(out, "0.");
        nu__buf_fill(out, '0', (size_t)-point);
        nu__buf_add(out, at, (size_t)(end - at));
        return;
    }
    nu__buf_add(out, at, (size_t)(parts.exponent < 0 ? point : end - at));
    nu__buf_fill(out, '0', parts.exponent > 0 ? (size_t)parts.exponent : 0);
    if (parts.exponent < 0) {
        nu__buf_char(out, '.');
        nu__buf_add(out, at + point, (size_t)-parts.exponent);
    }
}

static void add_decimal(nu__buf *out, const char *format, const spec *s, nu_decimal number)
{
    const nu__decimal_context whole = { NU__DECIMAL_DIGITS, NU__ROUND_HALF_EVEN };
    nu__decimal_parts parts = nu__decimal_unpack(number);
    nu__buf body = { 0 };

    if (s->type && !one_of(s->type, "fF"))
        bad_format(format, "a type that a decimal has not: only f");
    if (!nu__decimal_is_finite(number) || (!s->type && s->precision < 0 && !s->grouping)) {
        char text[NU__DECIMAL_TEXT];
        size_t len = nu__decimal_text(text, number), skip = text[0] == '-';

        add_number(out, s, skip, "", (nu_str){ text + skip, len - skip });
        return;
    }
    if (s->precision >= 0 &&
        nu__decimal_quantize(number, -s->precision, &whole, &number) != NU__DECIMAL_OK)
        bad_format(format, "a decimal of more than 38 digits");
    parts = nu__decimal_unpack(number);
    add_plain_decimal(&body, parts);
    add_number(out, s, parts.negative, "", nu__buf_str(&body));
}

/* ---- the format ----------------------------------------------------------------------------- */

static void add_value(nu__buf *out, const char *format, const spec *s, nu_value value)
{
    nu__buf text = { 0 };

    if (s->repr) {
        nu__buf_repr(&text, value);
        add_text(out, format, s, nu__buf_str(&text));
        return;
    }
    switch (value.kind) {
    case NU_KIND_BOOL:
        add_integer(out, format, s, value.b, false);
        return;
    case NU_KIND_INT:
        add_integer(out, format, s, value.i < 0 ? -(uint64_t)value.i : (uint64_t)value.i,
                    value.i < 0);
        return;
    case NU_KIND_UINT:
        add_integer(out, format, s, value.u, false);
        return;
    case NU_KIND_FLOAT:
        add_float(out, format, s, value.f);
        return;
    case NU_KIND_DECIMAL:
        add_decimal(out, format, s, *value.decimal);
        return;
    default:
        nu__buf_value(&text, value);
        add_text(out, format, s, nu__buf_str(&text));
    }
}

/* One field, from behind its `{`; what follows its `}`. */
static const char *add_field(nu__buf *out, const char *format, const char *at, nu_value value)
{
    const char *end = strchr(at, '}');
    spec s;

    if (!end)
        bad_format(format, "a { without its }");
    if (end == at) {
        nu__buf_value(out, value);
        return end + 1;
    }
    if (!parse_spec((nu_str){ at, (size_t)(end - at) }, &s))
        bad_format(format, "a field that is none of {}, {!r}, {:>8}, {:05}, {:.2f}, {:x}, {:,}");
    add_value(out, format, &s, value);
    return end + 1;
}

void nu__buf_fmt_(nu__buf *buf, const char *format, nu_values args)
{
    const char *at = format;
    size_t used = 0;

    for (;;) {
        size_t plain = strcspn(at, "{}");

        nu__buf_add(buf, at, plain);
        at += plain;
        if (!*at)
            break;
        if (at[0] == at[1]) {
            nu__buf_char(buf, *at);
            at += 2;
            continue;
        }
        if (*at == '}')
            bad_format(format, "a } alone: }} writes one");
        if (used == args.len)
            bad_format(format, "more fields than arguments");
        at = add_field(buf, format, at + 1, args.items[used++]);
    }
    if (used < args.len)
        bad_format(format, "more arguments than fields");
}

nu_str nu_fmt_(const char *format, nu_values args)
{
    nu__buf text = { 0 };

    nu__buf_fmt_(&text, format, args);
    return nu__buf_take(&text);
}
