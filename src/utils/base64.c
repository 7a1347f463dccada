#include "utils/base64.h"

#include <nuages/strings.h>

static const char alphabets[][65] = {
    [NU__BASE64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    [NU__BASE64_URL] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
};

void nu__base64_encode_to(nu__buf *buf, nu_bytes bytes, nu__base64 alphabet)
{
    const char *letters = alphabets[alphabet];

    nu__buf_reserve(buf, bytes.len / 3 * 4 + 4);
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t three = (uint32_t)bytes.ptr[i] << 16 | (left > 1 ? bytes.ptr[i + 1] << 8 : 0) |
                         (left > 2 ? bytes.ptr[i + 2] : 0);
        char four[4] = { letters[three >> 18], letters[three >> 12 & 63],
                         left > 1 ? letters[three >> 6 & 63] : '=',
                         left > 2 ? letters[three & 63] : '=' };

        nu__buf_add(buf, four, alphabet == NU__BASE64 || left > 2 ? 4 : left + 1);
    }
}

nu_str nu__base64_encode(nu_bytes bytes, nu__base64 alphabet)
{
    nu__buf buf = { 0 };

    nu__base64_encode_to(&buf, bytes, alphabet);
    return nu__buf_str(&buf);
}

/* -1 for what is no letter. Python's decoder for URLs takes both alphabets. */
static int letter_value(char c, nu__base64 alphabet)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || (c == '-' && alphabet == NU__BASE64_URL))
        return 62;
    return c == '/' || (c == '_' && alphabet == NU__BASE64_URL) ? 63 : -1;
}

size_t nu__base64_read(nu__base64_reader *reader, nu_str text, uint8_t *into)
{
    uint32_t group = reader->group;
    uint8_t *out = into;

    for (size_t i = 0; i < text.len && !reader->done; i++) {
        int value = letter_value(text.ptr[i], reader->alphabet);

        if (text.ptr[i] == '=' && reader->letters >= 2)
            reader->done = reader->letters + ++reader->pads >= 4;
        if (value < 0)
            continue;
        reader->pads = 0;
        group = group << 6 | (uint32_t)value;
        if (reader->letters++)
            *out++ = (uint8_t)(group >> (8 - 2 * reader->letters));
        reader->letters %= 4;
    }
    reader->group = group;
    return (size_t)(out - into);
}

bool nu__base64_decode(nu_str text, nu__base64 alphabet, nu_bytes *out)
{
    uint8_t *bytes = nu_alloc_array(uint8_t, text.len / 4 * 3 + 4);
    nu__base64_reader reader = { .alphabet = alphabet };

    *out = (nu_bytes){ bytes, nu__base64_read(&reader, text, bytes) };
    return nu__base64_is_whole(&reader);
}

static bool decode_with_pads(nu_str text, size_t pads, nu_bytes *out)
{
    nu__buf padded = { 0 };

    nu__buf_str_add(&padded, text);
    nu__buf_fill(&padded, '=', pads);
    return nu__base64_decode(nu__buf_str(&padded), NU__BASE64_URL, out);
}

bool nu__base64_decode_unpadded(nu_str text, nu_bytes *out)
{
    return decode_with_pads(text, (4 - text.len % 4) % 4, out);
}

bool nu__urlsafe_base64_decode(nu_str text, nu_bytes *out)
{
    return decode_with_pads(text, text.len % 4, out);
}
