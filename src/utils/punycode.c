#include "utils/punycode.h"

#include "core/buf.h"
#include "core/text.h"

#include <nuages/errors.h>

#include <string.h>

enum { BASE = 36, LEAST = 1, MOST = 26, SKEW = 38, DAMP = 700, LABEL_MAX = 63 };

/* ---- Punycode (RFC 3492) --------------------------------------------------------------------- */

static uint32_t adapt(uint32_t delta, uint32_t n, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    delta += delta / n;
    for (; delta > ((BASE - LEAST) * MOST) / 2; k += BASE)
        delta /= BASE - LEAST;
    return k + (BASE - LEAST + 1) * delta / (delta + SKEW);
}

static char digit(uint32_t d)
{
    return (char)(d < 26 ? 'a' + d : '0' + d - 26);
}

static void write_delta(nu__buf *out, uint32_t delta, uint32_t bias)
{
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = k <= bias ? LEAST : k >= bias + MOST ? MOST : k - bias;

        if (delta < t)
            break;
        nu__buf_char(out, digit(t + (delta - t) % (BASE - t)));
        delta = (delta - t) / (BASE - t);
    }
    nu__buf_char(out, digit(delta));
}

static uint32_t least_from(const uint32_t *chars, size_t n, uint32_t from)
{
    uint32_t least = UINT32_MAX;

    for (size_t i = 0; i < n; i++)
        if (chars[i] >= from && chars[i] < least)
            least = chars[i];
    return least;
}

/* At most LABEL_MAX characters, so that nothing overflows. */
static void encode_label(nu__buf *out, const uint32_t *chars, size_t n)
{
    uint32_t next = 0x80, delta = 0, bias = 72, done = 0, basic;

    for (size_t i = 0; i < n; i++)
        if (chars[i] < 0x80) {
            nu__buf_char(out, (char)chars[i]);
            done++;
        }
    basic = done;
    if (basic)
        nu__buf_char(out, '-');
    while (done < n) {
        uint32_t least = least_from(chars, n, next);

        delta += (least - next) * (done + 1);
        for (size_t i = 0; i < n; i++) {
            if (chars[i] < least)
                delta++;
            if (chars[i] != least)
                continue;
            write_delta(out, delta, bias);
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
        delta++;
        next = least + 1;
    }
}

/* ---- domains --------------------------------------------------------------------------------- */

static NU_NORETURN void refuse(nu_str domain)
{
    nu_raise(NU_VALUE_ERROR, "{!r} is no name of a host: label empty or too long", domain);
}

static void write_label(nu__buf *out, nu_str label, nu_str domain)
{
    uint32_t chars[LABEL_MAX];
    size_t n = 0, start = out->len;
    nu_str plain = nu__is_ascii(label) ? label : nu__normalize_kc(nu__casefold(label));

    if (!plain.len)
        refuse(domain);
    if (nu__is_ascii(plain)) {
        nu__buf_str_add(out, plain);
    } else {
        for (const char *at = plain.ptr; at < nu__str_end(plain); n++) {
            if (n == LABEL_MAX)
                refuse(domain);
            chars[n] = nu__utf8_next(&at, nu__str_end(plain));
        }
        nu__buf_lit(out, "xn--");
        encode_label(out, chars, n);
    }
    if (out->len - start > LABEL_MAX)
        refuse(domain);
}

static bool is_dot(uint32_t c)
{
    return c == '.' || c == 0x3002 || c == 0xff0e || c == 0xff61;
}

nu_str nu__punycode(nu_str domain)
{
    nu__buf out = { 0 };
    const char *at = domain.ptr, *label = at, *end = nu__str_end(domain);

    while (at < end) {
        const char *before = at;

        if (!is_dot(nu__utf8_next(&at, end)))
            continue;
        write_label(&out, (nu_str){ label, (size_t)(before - label) }, domain);
        nu__buf_char(&out, '.');
        label = at;
    }
    if (label < end)
        write_label(&out, (nu_str){ label, (size_t)(end - label) }, domain);
    return nu__buf_str(&out);
}
