#include "core/float.h"
#include "core/object.h"
#include "core/text.h"
#include "utils/numberformat.h"

#include <math.h>
#include <nuages/errors.h>
#include <stdlib.h>

enum {
    LONGEST = 200, /* digits and zeros of a number; longer ones are shown as they came */
    PLACES_CAP = 1000
};

/* A number of any length in digits: 0.d1d2d3… * 10^point, without zeros in front. */
typedef struct {
    char digits[LONGEST + 2];
    int n, point;
    int written;  /* digits as written, zeros in front of them not counted; at least 1 */
    int exponent; /* as written */
    bool negative;
} number;

/* ---- reading ------------------------------------------------------------------------------ */

static nu_str without_underscores(nu_str text)
{
    return nu__replace(nu_trim(text), S("_"), S(""));
}

static bool read_exponent(const char **at, const char *end, int *exponent)
{
    bool negative = *at < end && **at == '-';
    const char *start;

    *at += *at < end && (**at == '-' || **at == '+');
    start = *at;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at)
        if (*exponent < 100000)
            *exponent = *exponent * 10 + (**at - '0');
    if (negative)
        *exponent = -*exponent;
    return *at > start;
}

static void add_digit(number *n, char digit)
{
    if (n->n == 0 && digit == '0')
        return;
    if (n->n <= LONGEST)
        n->digits[n->n] = digit;
    n->n++;
}

/* As Decimal(text) reads it, but finite. False for no number. */
static bool read_number(nu_str text, number *n)
{
    const char *at, *end, *start;
    bool point = false, any = false;
    int exponent = 0;

    text = nu__ascii_digits(without_underscores(text));
    at = text.ptr;
    end = nu__str_end(text);
    *n = (number){ .negative = at < end && *at == '-' };
    at += at < end && (*at == '-' || *at == '+');
    for (start = at; at < end && (*at == '.' ? !point : *at >= '0' && *at <= '9'); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        any = true;
        add_digit(n, *at);
        n->exponent -= point;
    }
    if (!any || at - start > 100000)
        return false;
    if (at < end && (*at | 0x20) == 'e') {
        at++;
        if (!read_exponent(&at, end, &exponent))
            return false;
    }
    n->exponent += exponent;
    n->written = n->n ? n->n : 1;
    n->point = n->n ? n->n + n->exponent : 0;
    return at == end;
}

static bool is_too_long(const number *n)
{
    return n->written + abs(n->exponent) > LONGEST;
}

static bool has_fraction(const number *n)
{
    for (int i = n->point < 0 ? 0 : n->point; i < n->n; i++)
        if (n->digits[i] != '0')
            return true;
    return false;
}

/* ---- rounding ----------------------------------------------------------------------------- */

/* Cut to `places` behind the point, half up. */
static void round_to(number *n, int places)
{
    int keep = n->point + places, i;

    if (keep >= n->n)
        return;
    if (keep < 0 || n->digits[keep] < '5') {
        n->n = keep < 0 ? 0 : keep;
        return;
    }
    for (i = keep - 1; i >= 0 && n->digits[i] == '9'; i--)
        n->digits[i] = '0';
    if (i >= 0) {
        n->digits[i]++;
    } else {
        memmove(n->digits + 1, n->digits, (size_t)keep);
        n->digits[0] = '1';
        n->point++;
        keep++;
    }
    n->n = keep;
}

static char digit_at(const number *n, int i)
{
    return i >= 0 && i < n->n ? n->digits[i] : '0';
}

static nu_str plain_text(const number *n, int places)
{
    nu__buf buf = { 0 };

    if (n->negative && n->n)
        nu__buf_char(&buf, '-');
    for (int i = n->point > 0 ? 0 : n->point - 1; i < n->point; i++)
        nu__buf_char(&buf, digit_at(n, i));
    nu__buf_char(&buf, '.');
    for (int i = 0; i < places; i++)
        nu__buf_char(&buf, digit_at(n, n->point + i));
    return nu__buf_str(&buf);
}

/* ---- the filter --------------------------------------------------------------------------- */

typedef struct {
    int64_t places;
    bool group, unlocalized;
} options;

/* Python's int(arg): false where that raises. */
static bool read_places(nu_value arg, options *o)
{
    nu_str text;
    const char *at, *end;
    bool negative, after_digit = false;

    if (arg.kind == NU_KIND_INT || arg.kind == NU_KIND_BOOL) {
        o->places = arg.kind == NU_KIND_INT ? arg.i : arg.b;
        return true;
    }
    if (arg.kind == NU_KIND_FLOAT) {
        o->places = (int64_t)arg.f;
        return isfinite(arg.f) && fabs(arg.f) < 1e6;
    }
    text = nu__ascii_digits(nu_trim(nu_string(arg)));
    at = text.ptr;
    end = nu__str_end(text);
    negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    if (at == end)
        return false;
    o->places = 0;
    for (; at < end && ((*at >= '0' && *at <= '9') || (*at == '_' && after_digit)); at++) {
        after_digit = *at != '_';
        if (after_digit && o->places < INT32_MAX)
            o->places = o->places * 10 + (*at - '0');
    }
    if (negative)
        o->places = -o->places;
    return at == end && after_digit;
}

/* "2g", "u", "-1gu": the suffixes go, and -1 stands for nothing. */
static nu_value take_suffixes(nu_value arg, options *o)
{
    nu_str text;

    if (arg.kind != NU_KIND_STR && arg.kind != NU_KIND_SAFE)
        return arg;
    text = arg.s;
    o->group = nu_ends_with(text, S("g")) || nu_ends_with(text, S("gu"));
    o->unlocalized = nu_ends_with(text, S("u")) || nu_ends_with(text, S("ug"));
    text = nu__sub(text, 0, text.len - o->group - o->unlocalized);
    return text.len || !(o->group || o->unlocalized) ? V(text) : nu_v_int(-1);
}

/* Django's int(arg) and arg[-1] raise where others are ignored. */
static void check_arg(nu_value arg)
{
    bool text = arg.kind == NU_KIND_STR || arg.kind == NU_KIND_SAFE;

    if (text && !arg.s.len)
        nu_raise(NU_INDEX_ERROR, "string index out of range");
}

static nu_str format_rounded(number *n, const options *o)
{
    const nu__locale *locale = o->unlocalized ? nu__locale_settings() : nu__locale_current();
    int places = (int)(o->places < 0 ? -o->places : o->places);

    if (!has_fraction(n) && o->places <= 0) {
        nu_str whole = plain_text(n, 0);

        return nu__number_format(V(nu__sub(whole, 0, whole.len - 1)), 0, locale, o->group);
    }
    round_to(n, places);
    return nu__number_format(V(plain_text(n, places)), places, locale, o->group);
}

/* The value as Decimal(str(value)) or Decimal(str(float(value))) would be; `*shown`: neither finite
   nor an error, but infinity or not a number. */
static bool read_value(nu_str text, number *n, bool *shown)
{
    char float_text[NU__FLOAT_TEXT];
    double as_float;

    *shown = false;
    if (read_number(text, n))
        return true;
    if (!nu__float_try_parse(nu__ascii_digits(text), &as_float))
        return false;
    *shown = !isfinite(as_float);
    return *shown || read_number((nu_str){ float_text, nu__float_text(float_text, as_float) }, n);
}

/* ---- the common case: a double of ordinary size to a few places, without groups -------------- */

enum { QUICK_PLACES = 9, QUICK_TEXT = 64 };

/* number * 10^places rounded half up, where arithmetic on doubles cannot be wrong: not close to a
   half, and so small that what it is off by is far smaller than that margin. */
static bool scale(double number, int places, uint64_t *scaled)
{
    static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
    double product = number * powers[places], rest;

    if (product >= 0x1p40)
        return false;
    *scaled = (uint64_t)product;
    rest = product - (double)*scaled;
    *scaled += rest > 0.5;
    return fabs(rest - 0.5) >= 0x1p-8;
}

/* The text's end stands at the end of `text`; its length, 0 where the long way has to be gone. */
static size_t quick_format(double number, int64_t arg, char text[QUICK_TEXT])
{
    const char *point = nu__locale_current()->decimal_separator;
    char *at = text + QUICK_TEXT;
    uint64_t scaled;
    int places = (int)(arg < 0 ? -arg : arg);
    bool negative;

    if (nu__use_thousand_separator() || arg < -QUICK_PLACES || arg > QUICK_PLACES || !point[0] ||
        point[1] || !(fabs(number) < 0x1p40))
        return 0;
    if (arg <= 0 && number == (double)(int64_t)number)
        places = 0;
    if (!scale(fabs(number), places, &scaled))
        return 0;
    negative = number < 0 && scaled;
    for (int i = 0; i < places; i++, scaled /= 10)
        *--at = (char)('0' + scaled % 10);
    if (places)
        *--at = point[0];
    do
        *--at = (char)('0' + scaled % 10);
    while (scaled /= 10);
    if (negative)
        *--at = '-';
    return (size_t)(text + QUICK_TEXT - at);
}

bool nu__floatformat_to(nu__buf *out, double number, int64_t places)
{
    char text[QUICK_TEXT];
    size_t len = quick_format(number, places, text);

    nu__buf_add_short(out, text + QUICK_TEXT - len, len);
    return len;
}

nu_value nu__floatformat(nu_value value, nu_value arg)
{
    options o = { .places = -1 };
    char quick[QUICK_TEXT];
    nu_str text;
    number n;
    size_t len;
    bool shown;

    if (value.kind == NU_KIND_FLOAT && arg.kind == NU_KIND_INT &&
        (len = quick_format(value.f, arg.i, quick)))
        return (nu_value){ .kind = NU_KIND_SAFE,
                           .s = nu_copy((nu_str){ quick + QUICK_TEXT - len, len }) };
    check_arg(arg);
    text = nu_string(value);
    arg = take_suffixes(arg, &o);
    if (!read_value(value.kind == NU_KIND_BOOL ? nu_fmt("{:d}", value) : text, &n, &shown))
        return V(S(""));
    if (arg.kind == NU_KIND_NULL || arg.kind >= NU_KIND_DATE)
        nu_raise(NU_TYPE_ERROR,
                 "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                 nu__kind_name(arg.kind));
    if (shown || !read_places(arg, &o) || is_too_long(&n) || o.places > PLACES_CAP ||
        o.places < -PLACES_CAP)
        return V(text);
    return (nu_value){ .kind = NU_KIND_SAFE, .s = format_rounded(&n, &o) };
}
