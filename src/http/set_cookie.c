#include "core/arena.h"
#include "core/buf.h"
#include "core/text.h"
#include "core/time.h"
#include "http/cookies.h"
#include "utils/http.h"
#include "utils/signing.h"

#include <nuages/timezone.h>
#include <string.h>

static const char *const reserved[] = { "expires", "path",     "comment", "domain",  "max-age",
                                        "secure",  "httponly", "version", "samesite" };

static bool is_legal(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~:", c));
}

static bool is_plain(nu_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_legal(text.ptr[i]))
            return false;
    return text.len > 0;
}

static void check_name(nu_str name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (nu__eq_ignore_ascii_case(name, nu_s(reserved[i])))
            nu_raise(NU_COOKIE_ERROR, "Attempt to set a reserved key {}", nu__repr_str(name));
    if (!is_plain(name))
        nu_raise(NU_COOKIE_ERROR, "Illegal key {}", nu__repr_str(name));
}

nu__cookie *nu__cookie_of(nu_response *response, nu_str name)
{
    nu__cookie *cookies;
    uint32_t cap = response->cookies_cap * 2 + 4;

    check_name(name);
    for (uint32_t i = 0; i < response->n_cookies; i++)
        if (nu_eq_(response->cookies[i].name, name))
            return &response->cookies[i];
    if (response->n_cookies == response->cookies_cap) {
        cookies = nu_alloc_array(nu__cookie, cap);
        if (response->n_cookies)
            memcpy(cookies, response->cookies, response->n_cookies * sizeof *cookies);
        response->cookies = cookies;
        response->cookies_cap = cap;
    }
    response->cookies[response->n_cookies].name = nu_copy(name);
    return &response->cookies[response->n_cookies++];
}

/* ---- setting -----------------------------------------------------------------------------------
 */

static nu_str copied(const char *text)
{
    return text ? nu_copy_cstr(text) : (nu_str){ 0 };
}

static void set_max_age(nu__cookie *cookie, int64_t max_age)
{
    int64_t now = (nu_now().us - NU__UNIX_EPOCH_US) / 1000000, expires;

    cookie->max_age = max_age;
    cookie->has_max_age = true;
    if (!cookie->expires.len && !__builtin_add_overflow(now, max_age, &expires))
        cookie->expires = nu__http_date_str(expires);
}

static void set_attributes(nu__cookie *cookie, const nu_cookie_options *options)
{
    cookie->path = options->path ? nu_copy_cstr(options->path) : S("/");
    if (options->domain)
        cookie->domain = copied(options->domain);
    cookie->secure |= options->secure;
    cookie->httponly |= options->httponly;
    if (options->samesite && *options->samesite) {
        nu_str lower = nu_lower(nu_s(options->samesite));

        if (!nu_eq(lower, "lax") && !nu_eq(lower, "none") && !nu_eq(lower, "strict"))
            nu_raise(NU_VALUE_ERROR, "samesite must be \"lax\", \"none\", or \"strict\".");
        cookie->samesite = copied(options->samesite);
    }
}

void nu_set_cookie_(nu_response *response, const char *name, nu_str value,
                    const nu_cookie_options *options)
{
    nu__cookie *cookie = nu__cookie_of(response, nu_s(name));

    cookie->value = nu_copy(value);
    cookie->expires = (nu_str){ 0 };
    if (options->max_age)
        set_max_age(cookie, options->max_age);
    set_attributes(cookie, options);
}

void nu_set_signed_cookie_(nu_response *response, const char *name, nu_str value, const char *salt,
                           const nu_cookie_options *options)
{
    nu_str text = nu__signed_cookie(nu_s(name), salt ? nu_s(salt) : S(""), value);

    nu_set_cookie_(response, name, text, options);
}

/* Browsers pass over the removal of a cookie that had to be secure when it is not secure itself. */
void nu_delete_cookie_(nu_response *response, const char *name, const nu_cookie_options *options)
{
    nu__cookie *cookie = nu__cookie_of(response, nu_s(name));
    nu_cookie_options with = *options;

    with.secure =
        nu_starts_with(cookie->name, S("__Secure-")) ||
        nu_starts_with(cookie->name, S("__Host-")) ||
        (options->samesite && nu__eq_ignore_ascii_case(nu_s(options->samesite), S("none")));
    with.httponly = false;
    cookie->value = S("");
    cookie->expires = S("Thu, 01 Jan 1970 00:00:00 GMT");
    set_max_age(cookie, 0);
    set_attributes(cookie, &with);
}

/* ---- writing -----------------------------------------------------------------------------------
 */

static bool is_unescaped(uint32_t c)
{
    return c > 0xff || (c < 0x80 && (is_legal((char)c) || (c && strchr(" ()/<=>?@[]{}", (int)c))));
}

static void write_value(nu__buf *out, nu_str value)
{
    const char *at = value.ptr, *end = nu__str_end(value);

    if (is_plain(value)) {
        nu__buf_str_add(out, value);
        return;
    }
    nu__buf_char(out, '"');
    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        if (is_unescaped(c)) {
            nu__buf_utf8(out, c);
        } else if (c == '"' || c == '\\') {
            nu__buf_char(out, '\\');
            nu__buf_char(out, (char)c);
        } else {
            char octal[4] = { '\\', (char)('0' + (c >> 6)), (char)('0' + (c >> 3 & 7)),
                              (char)('0' + (c & 7)) };

            nu__buf_add(out, octal, sizeof octal);
        }
    }
    nu__buf_char(out, '"');
}

static void write_text(nu__buf *out, const char *name, nu_str value)
{
    if (value.len)
        nu__buf_fmt(out, "; {}={}", name, value);
}

void nu__cookie_write(const nu__cookie *cookie, nu__buf *out)
{
    nu__buf_str_add(out, cookie->name);
    nu__buf_char(out, '=');
    write_value(out, cookie->value);
    write_text(out, "Domain", cookie->domain);
    write_text(out, "expires", cookie->expires);
    if (cookie->httponly)
        nu__buf_lit(out, "; HttpOnly");
    if (cookie->has_max_age)
        nu__buf_fmt(out, "; Max-Age={}", cookie->max_age);
    write_text(out, "Path", cookie->path);
    write_text(out, "SameSite", cookie->samesite);
    if (cookie->secure)
        nu__buf_lit(out, "; Secure");
}

static bool holds_controls(const nu__buf *out, size_t from)
{
    for (size_t i = from; i < out->len; i++)
        if ((uint8_t)out->data[i] < 0x20 || out->data[i] == 0x7f)
            return true;
    return false;
}

nu_str nu__cookies_write(const nu_response *response)
{
    nu__buf out = { 0 };

    if (!response->n_cookies)
        return (nu_str){ 0 };
    for (uint32_t i = 0; i < response->n_cookies; i++) {
        size_t start = out.len;

        nu__buf_lit(&out, "Set-Cookie: ");
        nu__cookie_write(&response->cookies[i], &out);
        if (holds_controls(&out, start)) /* of a path or domain */
            out.len = start;
        else
            nu__buf_lit(&out, "\r\n");
    }
    return nu__buf_str(&out);
}
