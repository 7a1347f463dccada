#include "core/arena.h"
#include "core/decimal.h"
#include "core/float.h"
#include "core/json.h"
#include "core/scan.h"
#include "core/text.h"
#include "core/wide_int.h"

#include <math.h>
#include <nuages/decimal.h>

/* A list or dict that is not closed yet; a dict's is the key whose value is being read. */
typedef struct {
    nu_value container;
    nu_str key;
} frame;

enum { FIRST_FRAMES = 16 };

typedef struct {
    const char *start, *at, *end;
    const char *message, *blamed; /* the error and where it stands */
    frame *frames;
    size_t depth, capacity;
    frame first[FIRST_FRAMES];
    bool wide;    /* integers past 64 bits stay exact, as far as a decimal goes */
    bool python;  /* NaN, Infinity and -Infinity are numbers too */
    bool exact;   /* integers past 64 bits are decimals, and no floats */
    bool refused; /* it is JSON, but more than is taken */
} reader;

static bool fail(reader *r, const char *at, const char *message)
{
    r->blamed = at;
    r->message = message;
    return false;
}

/* What Python takes, and this reader does not. */
static bool refuse(reader *r, const char *at, const char *message)
{
    r->refused = true;
    return fail(r, at, message);
}

static void skip_space(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

static bool next_is(const reader *r, char c)
{
    return r->at < r->end && *r->at == c;
}

/* ---- strings ------------------------------------------------------------------------------ */

/* The first byte that ends a run of plain ASCII: a quote, a backslash, a control character, or one
   of a longer character. */
static const char *skip_plain(const char *at, const char *end)
{
#ifdef NU__BLOCK
    for (; end - at >= NU__BLOCK; at += NU__BLOCK) {
        nu__block block = nu__block_load(at);
        unsigned stops = nu__block_bits(nu__block_or(
                             nu__block_up_to(block, 0x1f),
                             nu__block_or(nu__block_eq(block, '"'), nu__block_eq(block, '\\')))) |
                         nu__block_bits(block);

        if (stops)
            return at + __builtin_ctz(stops);
    }
#endif
    while (at < end && *at >= ' ' && *at != '"' && *at != '\\') /* char is signed: past 7F is < 0 */
        at++;
    return at;
}

/* The closing quote; what must be done to the bytes between. */
static const char *find_quote(reader *r, bool *escaped, bool *wide)
{
    const char *at = r->at;

    for (;;) {
        at = skip_plain(at, r->end);
        if (at == r->end || *at == '"')
            return at;
        if (*at == '\\') {
            *escaped = true;
            at += r->end - at > 1 ? 2 : 1;
        } else if ((unsigned char)*at >= 0x80) {
            *wide = true;
            while (at < r->end && (unsigned char)*at >= 0x80)
                at++;
        } else {
            return at;
        }
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of a \u escape, or -1. */
static int hex_four(const char *at, const char *end)
{
    int code = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int value = hex_value(at[i]);

        if (value < 0)
            return -1;
        code = code << 4 | value;
    }
    return code;
}

/* `at` stands behind "\u". A pair of surrogates is one character. */
static bool unescape_unicode(reader *r, const char **at, const char *end, char **out)
{
    int code = hex_four(*at, end), low;

    if (code < 0)
        return fail(r, *at - 1, "Invalid \\uXXXX escape");
    *at += 4;
    if (code >= 0xD800 && code < 0xE000) {
        low = end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u' ? hex_four(*at + 2, end) : -1;
        if (code >= 0xDC00 || low < 0xDC00 || low >= 0xE000)
            return refuse(r, *at - 6, "Lone surrogate");
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        *at += 6;
    }
    *out += nu__utf8_encode((uint32_t)code, *out);
    return true;
}

/* What stands for the letter after a backslash; 0 for none. */
static char simple_escape(char letter)
{
    static const char letters[] = "\"\\/bfnrt", characters[] = "\"\\/\b\f\n\r\t";
    const char *found = letter ? strchr(letters, letter) : NULL;

    return found ? characters[found - letters] : 0;
}

/* No escape is shorter than what it stands for: the bytes fit in as many. */
static bool unescape(reader *r, const char *at, const char *end, nu_str *out)
{
    char *text = nu__alloc_raw((size_t)(end - at) + NU__UTF8_MAX), *to = text;

    while (at < end) {
        const char *run = memchr(at, '\\', (size_t)(end - at));
        size_t len = (size_t)((run ? run : end) - at);

        memcpy(to, at, len);
        to += len;
        at += len;
        if (at == end)
            break;
        if (at[1] == 'u') {
            at += 2;
            if (!unescape_unicode(r, &at, end, &to))
                return false;
        } else {
            *to = simple_escape(at[1]);
            if (!*to++)
                return fail(r, at, "Invalid \\escape");
            at += 2;
        }
    }
    *to = 0;
    *out = (nu_str){ text, (size_t)(to - text) };
    return true;
}

/* `at` stands behind the opening quote. */
static bool read_string(reader *r, nu_str *out)
{
    const char *start = r->at, *end;
    bool escaped = false, wide = false;
    nu_str raw;

    end = find_quote(r, &escaped, &wide);
    raw = (nu_str){ start, (size_t)(end - start) };
    if (wide && !nu__utf8_valid(raw))
        return fail(r, start + nu__utf8_valid_prefix(raw), "Invalid UTF-8");
    if (end == r->end)
        return fail(r, start - 1, "Unterminated string starting at");
    if (*end != '"')
        return fail(r, end, "Invalid control character at");
    r->at = end + 1;
    if (escaped)
        return unescape(r, start, end, out);
    *out = nu_copy(raw);
    return true;
}

/* ---- numbers and words -------------------------------------------------------------------- */

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* Where a fraction and an exponent end; as far as they are well formed, like Python's. */
static const char *skip_fraction(const char *at, const char *end)
{
    const char *digits, *after;

    if (at < end && *at == '.') {
        after = skip_digits(at + 1, end);
        if (after > at + 1)
            at = after;
    }
    if (at < end && (*at | 0x20) == 'e') {
        digits = at + 1 + (at + 1 < end && (at[1] == '-' || at[1] == '+'));
        after = skip_digits(digits, end);
        if (after > digits)
            at = after;
    }
    return at;
}

/* False when the digits need more than 64 bits. */
static bool whole_number(const char *at, const char *end, bool negative, nu_value *out)
{
    uint64_t number = 0;

    for (; at < end; at++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*at - '0'), &number))
            return false;
    if (negative && number > (uint64_t)INT64_MAX + 1)
        return false;
    if (!negative && number > INT64_MAX)
        *out = (nu_value){ .kind = NU_KIND_UINT, .u = number };
    else
        *out = (nu_value){ .kind = NU_KIND_INT, .i = (int64_t)(negative ? -number : number) };
    return true;
}

static bool read_word(reader *r, nu_value *out)
{
    static const struct {
        nu_str word;
        nu_value value;
        bool python;
    } words[] = {
        { { "true", 4 }, { .kind = NU_KIND_BOOL, .b = true }, false },
        { { "false", 5 }, { .kind = NU_KIND_BOOL, .b = false }, false },
        { { "null", 4 }, { .kind = NU_KIND_NULL }, false },
        { { "NaN", 3 }, { .kind = NU_KIND_FLOAT, .f = NAN }, true },
        { { "Infinity", 8 }, { .kind = NU_KIND_FLOAT, .f = INFINITY }, true },
        { { "-Infinity", 9 }, { .kind = NU_KIND_FLOAT, .f = -INFINITY }, true },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        nu_str word = words[i].word;

        if ((r->python || !words[i].python) && (size_t)(r->end - r->at) >= word.len &&
            memcmp(r->at, word.ptr, word.len) == 0) {
            r->at += word.len;
            *out = words[i].value;
            return true;
        }
    }
    return fail(r, r->at, "Expecting value");
}

static bool exact_number(reader *r, nu_str digits, nu_value *out)
{
    nu_decimal number;

    if (!nu_decimal_try_parse(digits, &number))
        return fail(
            r, digits.ptr,
            nu_fmt("The number {} has more than {} digits", digits, NU__DECIMAL_DIGITS).ptr);
    *out = nu_v_decimal(number);
    return true;
}

static bool read_number(reader *r, nu_value *out)
{
    const char *start = r->at, *digits = start + (*start == '-'), *whole, *end;

    if (digits == r->end || *digits < '0' || *digits > '9')
        return read_word(r, out);
    whole = *digits == '0' ? digits + 1 : skip_digits(digits, r->end);
    end = skip_fraction(whole, r->end);
    r->at = end;
    if (end == whole && whole_number(digits, whole, *start == '-', out))
        return true;
    if (end == whole && r->wide && end - digits <= NU__DECIMAL_DIGITS) {
        *out = nu__wide_int((nu_str){ start, (size_t)(end - start) });
        return true;
    }
    if (end == whole && r->exact)
        return exact_number(r, (nu_str){ start, (size_t)(end - start) }, out);
    *out = (nu_value){ .kind = NU_KIND_FLOAT, .f = nu__float_parse(start, (size_t)(end - start)) };
    return r->python || !isinf(out->f) || refuse(r, start, "Number out of range");
}

/* ---- lists and dicts ---------------------------------------------------------------------- */

static bool push(reader *r, nu_value container)
{
    frame *grown;

    if (r->depth == NU__JSON_DEPTH)
        return refuse(r, r->at - 1, "Nested too deep");
    if (r->depth == r->capacity) {
        grown = nu_alloc_array(frame, 2 * r->capacity);
        memcpy(grown, r->frames, r->depth * sizeof *grown);
        r->frames = grown;
        r->capacity *= 2;
    }
    r->frames[r->depth++].container = container;
    return true;
}

/* A key and its colon; `at` stands on the quote. */
static bool read_key(reader *r)
{
    skip_space(r);
    if (!next_is(r, '"'))
        return fail(r, r->at, "Expecting property name enclosed in double quotes");
    r->at++;
    if (!read_string(r, &r->frames[r->depth - 1].key))
        return false;
    skip_space(r);
    if (!next_is(r, ':'))
        return fail(r, r->at, "Expecting ':' delimiter");
    r->at++;
    return true;
}

/* `at` stands behind the bracket. *done: the container is empty, and closed. */
static bool open_container(reader *r, bool is_dict, nu_value *out, bool *done)
{
    *out = is_dict ? (nu_value){ .kind = NU_KIND_DICT, .dict = nu_dict_new() }
                   : (nu_value){ .kind = NU_KIND_LIST, .list = nu_list_new() };
    skip_space(r);
    *done = next_is(r, is_dict ? '}' : ']');
    if (*done) {
        r->at++;
        return true;
    }
    return push(r, *out) && (!is_dict || read_key(r));
}

/* A scalar, or an empty container: *done; or a container opened, whose first item comes next. */
static bool read_value(reader *r, nu_value *out, bool *done)
{
    skip_space(r);
    *done = true;
    if (r->at == r->end)
        return fail(r, r->at, "Expecting value");
    switch (*r->at) {
    case '"':
        r->at++;
        out->kind = NU_KIND_STR;
        return read_string(r, &out->s);
    case '[':
    case '{':
        return open_container(r, *r->at++ == '{', out, done);
    case '-':
    case '0' ... '9':
        return read_number(r, out);
    default:
        return read_word(r, out);
    }
}

/* Put the value into the innermost container, and see what follows. *done: the container is
   closed, and is a value itself. */
static bool attach(reader *r, nu_value *value, bool *done)
{
    frame *top = &r->frames[r->depth - 1];
    bool is_dict = top->container.kind == NU_KIND_DICT;

    if (is_dict)
        nu_dict_set_str(top->container.dict, top->key, *value);
    else
        nu_list_append_(top->container.list, *value);
    skip_space(r);
    if (next_is(r, ',')) {
        r->at++;
        *done = false;
        return !is_dict || read_key(r);
    }
    if (!next_is(r, is_dict ? '}' : ']'))
        return fail(r, r->at, "Expecting ',' delimiter");
    r->at++;
    *value = top->container;
    r->depth--;
    return true;
}

static bool read_text(reader *r, nu_value *out)
{
    bool done;

    do {
        if (!read_value(r, out, &done))
            return false;
        while (done && r->depth)
            if (!attach(r, out, &done))
                return false;
    } while (!done);
    skip_space(r);
    return r->at == r->end || fail(r, r->at, "Extra data");
}

/* Python counts characters, not bytes. */
static void locate(const reader *r, nu__json_error *error)
{
    nu_str before = { r->start, (size_t)(r->blamed - r->start) };
    const char *line = before.len ? memrchr(r->start, '\n', before.len) : NULL;

    error->message = r->message;
    error->refused = r->refused;
    error->position = nu__utf8_count(before);
    error->line = 1;
    for (size_t i = 0; i < before.len; i++)
        error->line += before.ptr[i] == '\n';
    line = line ? line + 1 : r->start;
    error->column = nu__utf8_count((nu_str){ line, (size_t)(r->blamed - line) }) + 1;
}

typedef struct rules {
    bool python, exact, wide;
} rules;

static bool try_read(nu_str text, rules rules, nu_value *out, nu__json_error *error)
{
    reader r = { .python = rules.python,
                 .exact = rules.exact,
                 .wide = rules.wide,
                 .start = text.ptr,
                 .at = text.ptr,
                 .end = text.len ? text.ptr + text.len : text.ptr,
                 .capacity = FIRST_FRAMES };

    r.frames = r.first;
    if (text.len > NU__JSON_BYTES)
        refuse(&r, r.at, "Text over 128 MiB");
    else if (read_text(&r, out))
        return true;
    locate(&r, error);
    return false;
}

bool nu__json_try_read(nu_str text, nu_value *out, nu__json_error *error)
{
    return try_read(text, (rules){ 0 }, out, error);
}

bool nu__json_try_loads(nu_str text, nu_value *out, nu__json_error *error)
{
    return try_read(text, (rules){ .python = true }, out, error);
}

bool nu__json_try_read_exact(nu_str text, nu_value *out, nu__json_error *error)
{
    return try_read(text, (rules){ .exact = true }, out, error);
}

void nu__json_raise(const nu__json_error *error)
{
    nu_raise(NU_JSON_DECODE_ERROR, "{}: line {} column {} (char {})", error->message, error->line,
             error->column, error->position);
}

bool nu__json_try_wide(nu_str text, nu_value *out, nu__json_error *error)
{
    return try_read(text, (rules){ .wide = true }, out, error);
}

nu_value nu_json_read(nu_str text)
{
    nu__json_error error;
    nu_value value;

    if (!nu__json_try_read(text, &value, &error))
        nu__json_raise(&error);
    return value;
}
