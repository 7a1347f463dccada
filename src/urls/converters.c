#include "urls/converters.h"

#include <nuages/decimal.h>
#include <string.h>

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(unsigned char c) /* as Django's uuid converter: lower case only */
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_slug(unsigned char c)
{
    return is_digit(c) || c == '-' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_segment(unsigned char c)
{
    return c != '/';
}

static bool is_line(unsigned char c)
{
    return c != '\n';
}

static bool is_nothing(unsigned char c)
{
    (void)c;
    return false;
}

static size_t scan_while(nu_str text, bool (*in)(unsigned char))
{
    size_t n = 0;

    while (n < text.len && in((unsigned char)text.ptr[n]))
        n++;
    return n;
}

static size_t scan_int(nu_str text)
{
    return scan_while(text, is_digit);
}

static size_t scan_slug(nu_str text)
{
    return scan_while(text, is_slug);
}

static size_t scan_str(nu_str text)
{
    const char *slash = text.len ? memchr(text.ptr, '/', text.len) : NULL;

    return slash ? (size_t)(slash - text.ptr) : text.len;
}

static size_t scan_path(nu_str text)
{
    return scan_while(text, is_line);
}

#define UUID_LENGTH 36

static bool is_uuid_dash(size_t at)
{
    return at == 8 || at == 13 || at == 18 || at == 23;
}

static size_t scan_uuid(nu_str text)
{
    if (text.len < UUID_LENGTH)
        return 0;
    for (size_t i = 0; i < UUID_LENGTH; i++)
        if (is_uuid_dash(i) ? text.ptr[i] != '-' : !is_hex((unsigned char)text.ptr[i]))
            return 0;
    return UUID_LENGTH;
}

static const nu__converter converters[] = {
    { "int", "[0-9]+", scan_int, is_digit, NULL },
    { "path", ".+", scan_path, is_line, NULL },
    { "slug", "[-a-zA-Z0-9_]+", scan_slug, is_slug, NULL },
    { "str", "[^/]+", scan_str, is_segment, NULL },
    { "uuid", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", scan_uuid, is_nothing,
      NULL },
};

const nu__converter *nu__converters(size_t *n)
{
    *n = sizeof(converters) / sizeof(converters[0]);
    return converters;
}

const nu__converter *nu__converter_find(nu_str name)
{
    size_t n;
    const nu__converter *all = nu__converters(&n);

    for (size_t i = 0; i < n; i++)
        if (nu_eq(name, all[i].name))
            return &all[i];
    return NULL;
}

/* Python's int(text) as far as a value goes: past 64 bits a decimal, past 38 digits the text. */
static nu_value int_value(nu_str digits)
{
    uint64_t number = 0;
    bool big = false;
    nu_str bare = digits;
    nu_decimal decimal;

    for (size_t i = 0; i < digits.len && !big; i++)
        big = __builtin_mul_overflow(number, (uint64_t)10, &number) ||
              __builtin_add_overflow(number, (uint64_t)(digits.ptr[i] - '0'), &number);
    if (!big)
        return number <= INT64_MAX ? nu_v_int((int64_t)number) : nu_v_uint(number);
    while (bare.len > 1 && *bare.ptr == '0')
        bare.ptr++, bare.len--;
    return nu_decimal_try_parse(bare, &decimal) ? nu_v_decimal(decimal) : nu_v_str(bare);
}

static unsigned hex_digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static nu_value uuid_value(nu_str text)
{
    nu_uuid uuid = { 0 };

    for (size_t i = 0, n = 0; i < UUID_LENGTH; i++)
        if (!is_uuid_dash(i)) {
            uuid.bytes[n / 2] = (uint8_t)(uuid.bytes[n / 2] << 4 | hex_digit(text.ptr[i]));
            n++;
        }
    return (nu_value){ .kind = NU_KIND_UUID, .uuid = uuid };
}

bool nu__converter_to_value(const nu__converter *converter, nu_str text, nu_value *value)
{
    if (converter && converter->own && converter->own->to_value)
        return converter->own->to_value(text, value);
    if (converter && converter->scan == scan_int)
        *value = int_value(text);
    else if (converter && converter->scan == scan_uuid)
        *value = uuid_value(text);
    else
        *value = (nu_value){ .kind = NU_KIND_STR, .s = text };
    return true;
}

bool nu__converter_to_url(const nu__converter *converter, nu_value value, nu_str *text)
{
    if (converter && converter->own && converter->own->to_url)
        return converter->own->to_url(value, text);
    *text = nu_string(value);
    return true;
}
