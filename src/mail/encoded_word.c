#include "mail/encoded_word.h"

#include "core/buf.h"
#include "utils/base64.h"

#include <string.h>

static bool plain_in_q(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr("-!*+/", c));
}

size_t nu__q_len(nu_str text)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++)
        len += plain_in_q((unsigned char)text.ptr[i]) || text.ptr[i] == ' ' ? 1 : 3;
    return len;
}

size_t nu__b_len(size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}

nu_str nu__encoded_word(nu_str text, bool b)
{
    static const char hex[] = "0123456789ABCDEF";
    nu__buf out = { 0 };

    if (!text.len)
        return S("");
    nu__buf_str_add(&out, b ? S("=?utf-8?b?") : S("=?utf-8?q?"));
    if (b)
        nu__base64_encode_to(&out, (nu_bytes){ (const uint8_t *)text.ptr, text.len }, NU__BASE64);
    for (size_t i = 0; !b && i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (plain_in_q(c) || c == ' ') {
            nu__buf_char(&out, c == ' ' ? '_' : (char)c);
        } else {
            nu__buf_char(&out, '=');
            nu__buf_char(&out, hex[c >> 4]);
            nu__buf_char(&out, hex[c & 15]);
        }
    }
    nu__buf_lit(&out, "?=");
    return nu__buf_str(&out);
}
