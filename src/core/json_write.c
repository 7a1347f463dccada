#include "core/decimal.h"
#include "core/float.h"
#include "core/json.h"
#include "core/object.h"
#include "core/scan.h"
#include "core/text.h"
#include "core/time.h"
#include "core/uuid.h"

#include <math.h>

const nu__json_style nu__json_django = {
    .spaced = true, .ascii = true, .nan = true, .milliseconds = true
};
const nu__json_style nu__json_rest = { .spaced = false };
const nu__json_style nu__json_compact = { .ascii = true, .nan = true, .plain = true };
const nu__json_style nu__json_dumps = { .spaced = true, .ascii = true, .nan = true, .plain = true };

/* ---- strings ------------------------------------------------------------------------------ */

#ifdef NU__BLOCK
#define SLACK NU__BLOCK /* a block is stored whole, though less of it may be meant */
#else
#define SLACK 1
#endif

enum { ESCAPE = 12 }; /* bytes of the longest: a pair of surrogates */

/* Bytes that may not stand as they are. In ASCII all from 7F on; else E2, which begins U+2028. */
#ifdef NU__BLOCK
static inline unsigned specials(nu__block block, bool ascii)
{
    nu__block beyond =
        ascii ? nu__block_or(nu__block_below_space(block), nu__block_eq(block, 0x7f))
              : nu__block_or(nu__block_up_to(block, 0x1f), nu__block_eq(block, (char)0xe2));

    return nu__block_bits(
        nu__block_or(beyond, nu__block_or(nu__block_eq(block, '"'), nu__block_eq(block, '\\'))));
}

/* Copy up to the first special byte; room for all the rest and SLACK is there. Behind the end are
   zeros, the first of which stops like a special byte. */
static inline const char *copy_plain(char **out, const char *at, const char *end, bool ascii)
{
    char *to = *out;

    for (;;) {
        size_t n = (size_t)(end - at);
        bool whole = n >= NU__BLOCK;
        nu__block block = whole ? nu__block_load(at) : nu__block_load_short(at, n);
        unsigned stops = specials(block, ascii);

        nu__block_store(to, block);
        if (stops) {
            *out = to + __builtin_ctz(stops);
            return at + __builtin_ctz(stops);
        }
        at += NU__BLOCK;
        to += NU__BLOCK;
    }
}
#else
static bool is_special(unsigned char c, bool ascii)
{
    return c < 0x20 || c == '"' || c == '\\' || (ascii ? c >= 0x7f : c == 0xe2);
}

static const char *copy_plain(char **out, const char *at, const char *end, bool ascii)
{
    char *to = *out;

    while (at < end && !is_special((unsigned char)*at, ascii))
        *to++ = *at++;
    *out = to;
    return at;
}
#endif

static char *put_hex_escape(char *to, unsigned unit)
{
    static const char hex[] = "0123456789abcdef";

    *to++ = '\\';
    *to++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *to++ = hex[unit >> shift & 15];
    return to;
}

static char *put_escape(char *to, uint32_t c)
{
    static const char letters[128] = { ['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
                                       ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't' };

    if (c < 128 && letters[c]) {
        *to++ = '\\';
        *to++ = letters[c];
        return to;
    }
    if (c < 0x10000)
        return put_hex_escape(to, c);
    return put_hex_escape(put_hex_escape(to, 0xD800 + ((c - 0x10000) >> 10)),
                          0xDC00 + ((c - 0x10000) & 0x3FF));
}

/* A character beyond ASCII, escaped or, where only its first byte looked special, as is. */
static const char *put_wide(char **out, const char *at, const char *end, bool ascii)
{
    const char *start = at;
    uint32_t c = nu__utf8_next(&at, end);

    if (ascii || c == 0x2028 || c == 0x2029) {
        *out = put_escape(*out, c);
        return at;
    }
    memcpy(*out, start, (size_t)(at - start));
    *out += at - start;
    return at;
}

static inline const char *put_special(char **out, const char *at, const char *end, bool ascii)
{
    if ((unsigned char)*at >= 0x80)
        return put_wide(out, at, end, ascii);
    *out = put_escape(*out, (unsigned char)*at);
    return at + 1;
}

void nu__json_str(nu__buf *buf, nu_str text, const nu__json_style *style)
{
    const char *at = text.ptr, *end = text.len ? text.ptr + text.len : text.ptr;

    nu__buf_char(buf, '"');
    for (;;) {
        char *out;

        nu__buf_room(buf, (size_t)(end - at) + SLACK + ESCAPE);
        out = buf->data + buf->len;
        at = copy_plain(&out, at, end, style->ascii);
        if (at != end)
            at = put_special(&out, at, end, style->ascii);
        buf->len = (size_t)(out - buf->data);
        if (at == end)
            break;
    }
    nu__buf_char(buf, '"');
}

/* Inline, so that each style has code of its own. */
static inline char *put_str(char *to, nu_str text, bool ascii)
{
    const char *at = text.ptr, *end = text.len ? text.ptr + text.len : text.ptr;

    *to++ = '"';
    while (at != end) {
        at = copy_plain(&to, at, end, ascii);
        if (at != end)
            at = put_special(&to, at, end, ascii);
    }
    *to++ = '"';
    return to;
}

char *nu__json_put_str(char *to, nu_str text, const nu__json_style *style)
{
    return style->ascii ? put_str(to, text, true) : put_str(to, text, false);
}

/* ---- scalars ------------------------------------------------------------------------------ */

void nu__json_float(nu__buf *buf, double number, const nu__json_style *style)
{
    char text[NU__FLOAT_TEXT];

    if (isfinite(number))
        nu__buf_add(buf, text, nu__float_text(text, number));
    else if (!style->nan)
        nu_raise(NU_VALUE_ERROR, "Out of range float values are not JSON compliant: {}", number);
    else if (isnan(number))
        nu__buf_lit(buf, "NaN");
    else if (number > 0)
        nu__buf_lit(buf, "Infinity");
    else
        nu__buf_lit(buf, "-Infinity");
}

/* Text that needs no escape; "" is what null gives. */
static void put_quoted(nu__buf *buf, const char *text, size_t len)
{
    if (!len) {
        nu__json_null(buf);
        return;
    }
    nu__buf_char(buf, '"');
    nu__buf_add(buf, text, len);
    nu__buf_char(buf, '"');
}

void nu__json_decimal(nu__buf *buf, nu_decimal number)
{
    char text[NU__DECIMAL_TEXT];

    put_quoted(buf, text, nu__decimal_text(text, number));
}

void nu__json_date(nu__buf *buf, nu_date date)
{
    char text[NU__TIME_TEXT];

    put_quoted(buf, text, nu__date_iso(text, date));
}

/* "12:30:45.123456": three digits of the fraction go. */
void nu__json_time(nu__buf *buf, nu_time time, const nu__json_style *style)
{
    char text[NU__TIME_TEXT];
    size_t len = nu__time_iso(text, time);

    put_quoted(buf, text, len == 15 && style->milliseconds ? 12 : len);
}

void nu__json_datetime(nu__buf *buf, nu_datetime instant, const nu__json_style *style)
{
    char text[NU__TIME_TEXT];
    size_t len = nu__datetime_iso(text, instant, 'T');

    if (len) {
        len -= 6; /* +00:00 */
        if (len == 26 && style->milliseconds)
            len = 23;
        text[len++] = 'Z';
    }
    put_quoted(buf, text, len);
}

void nu__json_timedelta(nu__buf *buf, nu_timedelta delta)
{
    char text[NU__TIME_TEXT];

    put_quoted(buf, text, nu__timedelta_iso(text, delta));
}

void nu__json_uuid(nu__buf *buf, nu_uuid uuid)
{
    char text[NU__UUID_TEXT];

    nu__uuid_text(text, uuid);
    put_quoted(buf, text, NU__UUID_TEXT - 1);
}

static NU_NORETURN void raise_kind(nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);

    nu_raise(NU_TYPE_ERROR, "Object of type {} is not JSON serializable",
             ops ? ops->kind : nu__kind_name(value.kind));
}

/* What json.dumps() knows nothing of. */
static void put_extended(nu__buf *buf, nu_value value, const nu__json_style *style)
{
    if (value.kind == NU_KIND_DECIMAL && value.plain) { /* an int past 64 bits */
        nu__buf_str_add(buf, nu_string(value));
        return;
    }
    if (style->plain)
        raise_kind(value);
    switch (value.kind) {
    case NU_KIND_DECIMAL:
        nu__json_decimal(buf, *value.decimal);
        break;
    case NU_KIND_DATE:
        nu__json_date(buf, (nu_date){ (int32_t)value.i });
        break;
    case NU_KIND_DATETIME:
        nu__json_datetime(buf, (nu_datetime){ value.i }, style);
        break;
    case NU_KIND_TIME:
        nu__json_time(buf, (nu_time){ value.i + 1 }, style);
        break;
    case NU_KIND_TIMEDELTA:
        nu__json_timedelta(buf, (nu_timedelta){ value.i, true });
        break;
    case NU_KIND_UUID:
        nu__json_uuid(buf, value.uuid);
        break;
    default:
        raise_kind(value);
    }
}

static void put_scalar(nu__buf *buf, nu_value value, const nu__json_style *style)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        nu__json_null(buf);
        break;
    case NU_KIND_BOOL:
        nu__json_bool(buf, value.b);
        break;
    case NU_KIND_INT:
        nu__buf_int(buf, value.i);
        break;
    case NU_KIND_UINT:
        nu__buf_uint(buf, value.u);
        break;
    case NU_KIND_FLOAT:
        nu__json_float(buf, value.f, style);
        break;
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        nu__json_str(buf, value.s, style);
        break;
    default:
        put_extended(buf, value, style);
    }
}

/* ---- trees -------------------------------------------------------------------------------- */

/* A container that is not written to its end. */
typedef struct {
    nu_value container;
    size_t next, len;
} frame;

enum { FIRST_FRAMES = 16 };

typedef struct {
    nu__buf *buf;
    const nu__json_style *style;
    frame *frames;
    size_t depth, capacity;
    frame first[FIRST_FRAMES];
} writer;

/* Objects stand for what their type gives to JSON; a few steps, lest one stands for itself. */
static nu_value resolve(nu_value value)
{
    for (int steps = 0; steps < 8; steps++) {
        const nu_object_ops *ops = nu__value_ops(value);

        if (!ops || !ops->json)
            return value;
        value = ops->json(value.object);
    }
    return value;
}

static void push(writer *w, nu_value container, size_t len)
{
    frame *grown;

    if (w->depth == NU__JSON_DEPTH)
        nu_raise(NU_VALUE_ERROR, "Circular reference detected: nested over {} deep",
                 NU__JSON_DEPTH);
    if (w->depth == w->capacity) {
        grown = nu_alloc_array(frame, 2 * w->capacity);
        memcpy(grown, w->frames, w->depth * sizeof *grown);
        w->frames = grown;
        w->capacity *= 2;
    }
    w->frames[w->depth++] = (frame){ container, 0, len };
}

static bool writes_itself(writer *w, nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);

    return ops && ops->write_json && ops->write_json(value.object, w->buf, w->style);
}

static void put_value(writer *w, nu_value value)
{
    if (value.kind == NU_KIND_QUERY && writes_itself(w, value))
        return;
    if (value.kind == NU_KIND_OBJECT || value.kind == NU_KIND_QUERY)
        value = resolve(value);
    if (value.kind == NU_KIND_LIST && value.plain)
        nu_raise(NU_TYPE_ERROR, "Object of type set is not JSON serializable");
    if (value.kind == NU_KIND_LIST) {
        nu__buf_char(w->buf, '[');
        push(w, value, nu_list_len(value.list));
    } else if (value.kind == NU_KIND_DICT) {
        nu__buf_char(w->buf, '{');
        push(w, value, nu_dict_len(value.dict));
    } else {
        put_scalar(w->buf, value, w->style);
    }
}

static void put_separator(writer *w, char separator)
{
    char text[2] = { separator, ' ' };

    nu__buf_add(w->buf, text, w->style->spaced ? 2 : 1);
}

/* The next item of the innermost container, or its end. */
static void step(writer *w)
{
    frame *top = &w->frames[w->depth - 1];
    bool is_dict = top->container.kind == NU_KIND_DICT;
    size_t i = top->next++;

    if (i == top->len) {
        nu__buf_char(w->buf, is_dict ? '}' : ']');
        w->depth--;
        return;
    }
    if (i)
        put_separator(w, ',');
    if (!is_dict) {
        put_value(w, nu_at(top->container.list, i));
        return;
    }
    nu__json_str(w->buf, nu_dict_key(top->container.dict, i), w->style);
    put_separator(w, ':');
    put_value(w, nu_dict_value(top->container.dict, i));
}

void nu__json_value(nu__buf *buf, nu_value value, const nu__json_style *style)
{
    writer w = { .buf = buf, .style = style, .capacity = FIRST_FRAMES };

    w.frames = w.first;
    put_value(&w, value);
    while (w.depth)
        step(&w);
}

nu_str nu_to_json_(nu_value value)
{
    nu__buf buf = { 0 };

    nu__json_value(&buf, value, &nu__json_django);
    return nu__buf_str(&buf);
}
