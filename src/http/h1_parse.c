/* The head as a whole, and its fields. */
#include "http/h1_parse_int.h"

#include "core/text.h"
#include "http/h1_scan.h"

#include <string.h>

#define T8(n)                                                                                      \
    [n] = 1, [n + 1] = 1, [n + 2] = 1, [n + 3] = 1, [n + 4] = 1, [n + 5] = 1, [n + 6] = 1,         \
    [n + 7] = 1
const uint8_t nu__h1_token[256] = {
    ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['*'] = 1,
    ['+'] = 1, ['-'] = 1, ['.'] = 1, ['^'] = 1, ['_'] = 3, ['`'] = 1,  ['|'] = 1,
    ['~'] = 1, T8('0'),   ['8'] = 1, ['9'] = 1, T8('A'),   T8('I'),    T8('Q'),
    ['Y'] = 1, ['Z'] = 1, T8('a'),   T8('i'),   T8('q'),   ['y'] = 1,  ['z'] = 1,
};
#undef T8

void nu__h1_begin(nu__h1_head *head)
{
    memset(head, 0, offsetof(nu__h1_head, fields));
    head->host = -1;
    head->content_length = -1;
}

static bool same(const char *p, size_t len, const char *word, size_t word_len)
{
    return nu__eq_ignore_ascii_case((nu_str){ p, len }, (nu_str){ word, word_len });
}
#define SAME(p, len, lit) same((p), (len), "" lit, sizeof(lit) - 1)

/* ---- fields --------------------------------------------------------------------------------- */

static nu__h1_result read_length(nu__h1_head *head, const char *p, size_t len)
{
    int64_t length = 0;

    if (head->content_length >= 0)
        return nu__h1_bad(head, 400, "Content-Length is given twice");
    if (len == 0)
        return nu__h1_bad(head, 400, "Content-Length is no number");
    for (size_t i = 0; i < len; i++) {
        if (p[i] < '0' || p[i] > '9')
            return nu__h1_bad(head, 400, "Content-Length is no number");
        if (__builtin_mul_overflow(length, 10, &length) ||
            __builtin_add_overflow(length, p[i] - '0', &length))
            return nu__h1_bad(head, 413, "Content-Length is too large");
    }
    head->content_length = length;
    return NU__H1_OK;
}

static nu__h1_result read_coding(nu__h1_head *head, const char *p, size_t len)
{
    if (head->chunked)
        return nu__h1_bad(head, 400, "Transfer-Encoding is given twice");
    if (!SAME(p, len, "chunked"))
        return nu__h1_bad(head, 501, "the only transfer coding is chunked");
    head->chunked = true;
    return NU__H1_OK;
}

static nu__h1_result read_connection(nu__h1_head *head, const char *p, size_t len)
{
    for (const char *end = p + len; p < end;) {
        const char *word, *stop;

        while (p < end && (*p == ' ' || *p == '\t' || *p == ','))
            p++;
        word = p;
        p = nu__h1_token_end(p, end);
        stop = p;
        while (p < end && (*p == ' ' || *p == '\t'))
            p++;
        if (p < end && *p != ',')
            return nu__h1_bad(head, 400, "Connection is no list of tokens");
        head->connection_close |= SAME(word, (size_t)(stop - word), "close");
        head->keep_alive |= SAME(word, (size_t)(stop - word), "keep-alive");
    }
    return NU__H1_OK;
}

static nu__h1_result read_host(nu__h1_head *head, const char *p, size_t len)
{
    (void)p;
    (void)len;
    if (head->host >= 0)
        return nu__h1_bad(head, 400, "Host is given twice");
    head->host = (int16_t)(head->n_fields - 1);
    return NU__H1_OK;
}

static nu__h1_result read_expect(nu__h1_head *head, const char *p, size_t len)
{
    if (head->http_1_0)
        return NU__H1_OK;
    if (!SAME(p, len, "100-continue"))
        return nu__h1_bad(head, 417, "the only expectation is 100-continue");
    head->expect_continue = true;
    return NU__H1_OK;
}

/* The fields that decide how the message is read. */
static const struct framing {
    const char *name;
    uint8_t len;
    nu__h1_result (*read)(nu__h1_head *head, const char *p, size_t len);
} framing[] = {
    { "host", 4, read_host },
    { "expect", 6, read_expect },
    { "connection", 10, read_connection },
    { "content-length", 14, read_length },
    { "transfer-encoding", 17, read_coding },
};
enum { FRAMING_LENGTHS = 1 << 4 | 1 << 6 | 1 << 10 | 1 << 14 | 1 << 17 };

static nu__h1_result read_framing(nu__h1_head *head, const char *name, size_t name_len,
                                  const char *value, size_t len)
{
    if (name_len > 17 || !(FRAMING_LENGTHS >> name_len & 1))
        return NU__H1_OK;
    for (size_t i = 0; i < sizeof framing / sizeof *framing; i++)
        if ((name[0] | 0x20) == framing[i].name[0] &&
            same(name, name_len, framing[i].name, framing[i].len))
            return framing[i].read(head, value, len);
    return NU__H1_OK;
}

static nu__h1_result add_field(nu__h1_head *head, const char *data, const char *name,
                               size_t name_len, const char *value, const char *value_end)
{
    nu__h1_field *field;

    if (head->n_fields == NU__H1_MAX_FIELDS)
        return nu__h1_bad(head, 431, "too many header fields");
    while (value < value_end && (*value == ' ' || *value == '\t'))
        value++;
    while (value < value_end && (value_end[-1] == ' ' || value_end[-1] == '\t'))
        value_end--;
    field = &head->fields[head->n_fields++];
    field->name = (uint16_t)(name - data);
    field->name_len = (uint16_t)name_len;
    field->value = (uint16_t)(value - data);
    field->value_len = (uint16_t)(value_end - value);
    return read_framing(head, name, name_len, value, field->value_len);
}

static nu__h1_result read_field(nu__h1_head *head, const char *data, size_t len)
{
    const char *line = data + head->pos, *end = data + len, *colon, *p, *next;
    nu__h1_result result;
    uint8_t seen;

    colon = nu__h1_name_end(line, end, &seen);
    if (colon == end)
        return nu__h1_unfinished(head, line, end, 431);
    if (*colon != ':' || colon == line)
        return nu__h1_bad(head, 400, "a header line does not begin with a name and a colon");
    head->has_underscore |= seen >> 1;
    p = nu__h1_value_end(colon + 1, end);
    result = nu__h1_line_end(head, line, p, end, 431, &next);
    if (result == NU__H1_OK)
        result = add_field(head, data, line, (size_t)(colon - line), colon + 1, p);
    if (result == NU__H1_OK)
        head->pos = (uint32_t)(next - data);
    return result;
}

/* ---- the head as a whole ----------------------------------------------------------------------
 */

/* A name's character as programs see it that read environment variables. */
static uint8_t as_variable(char c)
{
    return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : (uint8_t)c;
}

static uint32_t hash_as_variable(const char *name, size_t len)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ as_variable(name[i])) * 16777619u;
    return hash;
}

static bool same_as_variable(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (as_variable(a[i]) != as_variable(b[i]))
            return false;
    return true;
}

/* X_Forwarded_For beside X-Forwarded-For: as variables they are one. A table keeps the first field
   of each variable, so that each name is compared with one other. */
static bool has_twin_names(const nu__h1_head *head, const char *data)
{
    uint8_t table[256] = { 0 }; /* index + 1; more slots than there can be fields */

    for (int i = 0; i < head->n_fields; i++) {
        const nu__h1_field *field = &head->fields[i], *first = field;
        uint8_t slot = (uint8_t)hash_as_variable(data + field->name, field->name_len);

        for (; table[slot]; slot++) {
            first = &head->fields[table[slot] - 1];
            if (first->name_len == field->name_len &&
                same_as_variable(data + first->name, data + field->name, field->name_len))
                break;
        }
        if (!table[slot])
            table[slot] = (uint8_t)(i + 1);
        else if (!same(data + first->name, first->name_len, data + field->name, field->name_len))
            return true;
    }
    return false;
}

static nu__h1_result check_host(nu__h1_head *head, const char *data)
{
    const nu__h1_field *host = &head->fields[head->host < 0 ? 0 : head->host];

    if (head->host < 0)
        return head->http_1_0 ? NU__H1_OK : nu__h1_bad(head, 400, "Host is missing");
    if (head->authority_len &&
        !same(data + head->authority, head->authority_len, data + host->value, host->value_len))
        return nu__h1_bad(head, 400, "the request target names another host than Host");
    return NU__H1_OK;
}

static nu__h1_result finish(nu__h1_head *head, const char *data)
{
    head->len = head->pos + 2;
    if (head->chunked && head->content_length >= 0)
        return nu__h1_bad(head, 400, "both Content-Length and Transfer-Encoding are given");
    if (head->chunked && head->http_1_0)
        return nu__h1_bad(head, 400, "HTTP/1.0 has no Transfer-Encoding");
    if (head->has_underscore && has_twin_names(head, data))
        return nu__h1_bad(head, 400, "two header names are the same but for _ and -");
    if (head->connection_close || (head->http_1_0 && !head->keep_alive))
        head->keep_alive = false;
    else
        head->keep_alive = true;
    return check_host(head, data);
}

/* One empty line before a request is passed over: some clients send it after a form. */
static nu__h1_result skip_empty_line(nu__h1_head *head, const char *data, size_t len)
{
    if (head->start || len == 0 || data[0] != '\r')
        return len ? NU__H1_OK : NU__H1_MORE;
    if (len < 2)
        return NU__H1_MORE;
    if (data[1] != '\n')
        return nu__h1_bad(head, 400, "the request does not begin with a method");
    head->start = head->pos = 2;
    return NU__H1_OK;
}

static nu__h1_result parse_within(nu__h1_head *head, const char *data, size_t len)
{
    nu__h1_result result = NU__H1_OK;

    if (!head->line_read) {
        result = skip_empty_line(head, data, len);
        if (result == NU__H1_OK)
            result = nu__h1_read_request_line(head, data, len);
    }
    while (result == NU__H1_OK) {
        const char *p = data + head->pos;
        size_t left = len - head->pos;

        if (left == 0 || (left == 1 && *p == '\r'))
            return NU__H1_MORE;
        if (p[0] == '\r' && p[1] == '\n')
            return finish(head, data);
        result = read_field(head, data, len);
    }
    return result;
}

nu__h1_result nu__h1_parse(nu__h1_head *head, const char *data, size_t len)
{
    size_t within = len < NU__H1_MAX_HEAD ? len : NU__H1_MAX_HEAD;
    nu__h1_result result = parse_within(head, data, within);

    if (result == NU__H1_MORE && within == NU__H1_MAX_HEAD)
        return nu__h1_bad(head, head->line_read ? 431 : 414, "the head is too long");
    return result;
}
