#include "http/cookies.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/text.h"
#include "utils/percent.h"
#include "utils/signing.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

static nu_str trimmed(const char *p, const char *end)
{
    while (p < end && is_blank(*p))
        p++;
    while (p < end && is_blank(end[-1]))
        end--;
    return (nu_str){ p, (size_t)(end - p) };
}

bool nu__cookie_next(nu_str header, size_t *at, nu_str *name, nu_str *value)
{
    while (*at < header.len) {
        const char *p = header.ptr + *at, *end, *equals;

        end = memchr(p, ';', header.len - *at);
        if (!end)
            end = header.ptr + header.len;
        *at = (size_t)(end - header.ptr) + 1;
        equals = memchr(p, '=', (size_t)(end - p));
        *name = equals ? trimmed(p, equals) : S("");
        *value = trimmed(equals ? equals + 1 : p, end);
        if (name->len || value->len)
            return true;
    }
    return false;
}

static bool is_octal(const char *p, char highest)
{
    return *p >= '0' && *p <= highest;
}

nu_str nu__cookie_unquote(nu_str value)
{
    const char *p, *end;
    nu__buf out = { 0 };

    if (value.len < 2 || value.ptr[0] != '"' || value.ptr[value.len - 1] != '"')
        return value;
    p = value.ptr + 1;
    end = value.ptr + value.len - 1;
    if (!memchr(p, '\\', (size_t)(end - p)))
        return (nu_str){ p, (size_t)(end - p) };
    while (p < end) {
        if (*p != '\\' || p + 1 == end || p[1] == '\n') {
            nu__buf_char(&out, *p++);
        } else if (end - p > 3 && is_octal(p + 1, '3') && is_octal(p + 2, '7') &&
                   is_octal(p + 3, '7')) {
            nu__buf_utf8(&out, (uint32_t)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0')));
            p += 4;
        } else {
            nu__buf_char(&out, p[1]);
            p += 2;
        }
    }
    return nu__buf_str(&out);
}

nu_dict *nu__cookies_parse(nu_str header)
{
    nu_dict *cookies = nu_dict_new();
    nu_str name, value;
    size_t at = 0;

    while (nu__cookie_next(header, &at, &name, &value))
        nu_dict_set_str(cookies, name, nu_v_str(nu__cookie_unquote(value)));
    return cookies;
}

/* What is no UTF-8 in it becomes U+FFFD. */
static nu_str cookie_header(const nu_request *req)
{
    return nu__utf8_replace(nu__headers_get(&req->headers, S("Cookie")));
}

nu_dict *nu__request_cookies(nu_request *req)
{
    if (!req->cookies)
        req->cookies = nu__cookies_parse(cookie_header(req));
    return req->cookies;
}

/* A few look-ups need no dict: the header is walked each time, until somebody asks for them all. */
nu_str nu_request_cookie(nu_request *req, const char *name)
{
    nu_str header = cookie_header(req), key, value, wanted, found = { 0 };
    nu_value known;
    size_t at = 0;

    if (!header.len)
        return found;
    wanted = nu_s(name);
    if (req->cookies)
        return nu_dict_find(req->cookies, wanted, &known) && known.kind == NU_KIND_STR
                   ? known.s
                   : (nu_str){ 0 };
    while (nu__cookie_next(header, &at, &key, &value))
        if (nu_eq_(key, wanted))
            found = value;
    return found.ptr ? nu__cookie_unquote(found) : found;
}

nu_str nu_request_signed_cookie(nu_request *req, const char *name, const char *salt,
                                int64_t max_age)
{
    nu_str cookie = nu_request_cookie(req, name);

    if (!cookie.ptr)
        nu_raise(NU_KEY_ERROR, "the client sent no cookie “{}”", name);
    return nu__signed_cookie_value(nu_s(name), salt ? nu_s(salt) : S(""), cookie,
                                   max_age ? (double)max_age : NU__NO_MAX_AGE, true);
}
