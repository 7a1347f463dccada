#include "utils/url.h"

#include "core/text.h"
#include "utils/ipv6.h"
#include "utils/percent.h"

/* ---- quoting ------------------------------------------------------------------------------ */

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool hex_digit(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool is_safe(char c, const char *safe)
{
    return is_alphanumeric(c) || (c > 0 && c < 0x7F && (strchr("_.-~", c) || strchr(safe, c)));
}

static void put_percent(nu__buf *buf, unsigned char c)
{
    static const char hex[] = "0123456789ABCDEF";
    char text[3] = { '%', hex[c >> 4], hex[c & 15] };

    nu__buf_add(buf, text, sizeof text);
}

void nu__urlquote_to(nu__buf *buf, nu_str text, const char *safe)
{
    nu__buf_reserve(buf, text.len);
    for (size_t i = 0; i < text.len; i++) {
        if (is_safe(text.ptr[i], safe))
            nu__buf_char(buf, text.ptr[i]);
        else
            put_percent(buf, (unsigned char)text.ptr[i]);
    }
}

nu_str nu__urlquote(nu_str text, const char *safe)
{
    nu__buf buf = { 0 };

    nu__urlquote_to(&buf, text, safe);
    return nu__buf_str(&buf);
}

void nu__urlquote_plus_to(nu__buf *buf, nu_str text, const char *safe)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == ' ')
            nu__buf_char(buf, '+');
        else
            nu__urlquote_to(buf, nu__sub(text, i, i + 1), safe);
    }
}

void nu__urlencode_pair(nu__buf *buf, nu_str key, nu_str value)
{
    if (buf->len)
        nu__buf_char(buf, '&');
    nu__urlquote_plus_to(buf, key, "");
    nu__buf_char(buf, '=');
    nu__urlquote_plus_to(buf, value, "");
}

/* ---- unquoting ---------------------------------------------------------------------------- */

static nu_str unquote(nu_str text, bool plus)
{
    char *decoded = nu_alloc_array(char, text.len + 1);

    return nu__utf8_replace((nu_str){ decoded, nu__percent_decode(text, plus, decoded) });
}

nu_str nu__unquote(nu_str text)
{
    return text.len && memchr(text.ptr, '%', text.len) ? unquote(text, false) : text;
}

nu_str nu__unquote_plus(nu_str text)
{
    return unquote(text, true);
}

/* ---- splitting ---------------------------------------------------------------------------- */

/* Browsers drop what could hide a scheme: controls and spaces in front, newlines and tabs
   anywhere. */
static nu_str without_unsafe(nu_str text)
{
    nu__buf buf = { 0 };

    while (text.len && (unsigned char)*text.ptr <= ' ')
        text = nu__sub(text, 1, text.len);
    if (!text.len || (!memchr(text.ptr, '\t', text.len) && !memchr(text.ptr, '\n', text.len) &&
                      !memchr(text.ptr, '\r', text.len)))
        return text;
    for (size_t i = 0; i < text.len; i++)
        if (!strchr("\t\r\n", text.ptr[i]) || !text.ptr[i])
            nu__buf_char(&buf, text.ptr[i]);
    return nu__buf_str(&buf);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void take_scheme(nu_str *text, nu__url *out)
{
    const char *colon = text->len ? memchr(text->ptr, ':', text->len) : NULL;
    size_t len = colon ? (size_t)(colon - text->ptr) : 0;

    if (!len || !is_letter(*text->ptr))
        return;
    for (size_t i = 0; i < len; i++)
        if (!is_alphanumeric(text->ptr[i]) && !memchr("+-.", text->ptr[i], 3))
            return;
    out->scheme = nu_lower(nu__sub(*text, 0, len));
    *text = nu__sub(*text, len + 1, text->len);
}

static void take_netloc(nu_str *text, nu__url *out)
{
    size_t end = 2;

    if (text->len < 2 || memcmp(text->ptr, "//", 2) != 0)
        return;
    while (end < text->len && !memchr("/?#", text->ptr[end], 3))
        end++;
    out->netloc = nu__sub(*text, 2, end);
    *text = nu__sub(*text, end, text->len);
}

/* Cut off what follows the first `mark`. */
static nu_str take_after(nu_str *text, char mark)
{
    const char *found = text->len ? memchr(text->ptr, mark, text->len) : NULL;
    size_t at = found ? (size_t)(found - text->ptr) : 0;
    nu_str rest = S("");

    if (found) {
        rest = nu__sub(*text, at + 1, text->len);
        *text = nu__sub(*text, 0, at);
    }
    return rest;
}

static bool holds(nu_str text, char c)
{
    return text.len && memchr(text.ptr, c, text.len);
}

/* What stands in brackets: an IPv6 address, or an address of a kind to come ("v1.x"). */
static bool is_bracketed_host(nu_str host)
{
    size_t digits = 1;

    if (!nu_starts_with(host, S("v")))
        return nu__is_valid_ipv6_address(host);
    while (digits < host.len && hex_digit(host.ptr[digits]))
        digits++;
    return digits > 1 && digits + 1 < host.len && host.ptr[digits] == '.';
}

static bool has_good_brackets(nu_str netloc)
{
    ptrdiff_t open = nu__find(netloc, S("[")), close;

    if (open < 0 || !holds(netloc, ']'))
        return open < 0 && !holds(netloc, ']');
    netloc = nu__sub(netloc, (size_t)open + 1, netloc.len);
    close = nu__find(netloc, S("]"));
    return is_bracketed_host(close < 0 ? netloc : nu__sub(netloc, 0, (size_t)close));
}

/* Characters that compatibility normalisation turns into a delimiter would split the host
   elsewhere. */
static bool is_stable(nu_str netloc)
{
    nu__buf bare = { 0 };
    nu_str normalized;

    if (nu__is_ascii(netloc))
        return true;
    for (size_t i = 0; i < netloc.len; i++)
        if (!memchr("@:#?", netloc.ptr[i], 4))
            nu__buf_char(&bare, netloc.ptr[i]);
    normalized = nu__normalize_kc(nu__buf_str(&bare));
    if (nu_eq(normalized, nu__buf_str(&bare)))
        return true;
    for (const char *delimiter = "/?#@:"; *delimiter; delimiter++)
        if (holds(normalized, *delimiter))
            return false;
    return true;
}

bool nu__urlsplit(nu_str text, nu__url *out)
{
    *out = (nu__url){ S(""), S(""), S(""), S(""), S("") };
    text = without_unsafe(text);
    take_scheme(&text, out);
    take_netloc(&text, out);
    if (!has_good_brackets(out->netloc))
        return false;
    out->fragment = take_after(&text, '#');
    out->query = take_after(&text, '?');
    out->path = text;
    return is_stable(out->netloc);
}

/* Schemes whose URLs may have a host though none was written. */
static bool uses_netloc(nu_str scheme)
{
    static const char *const schemes[] = {
        "",        "ftp",   "http",  "gopher", "nntp",     "telnet", "imap",  "wais",  "file",
        "mms",     "https", "shttp", "snews",  "prospero", "rtsp",   "rtspu", "rsync", "svn",
        "svn+ssh", "sftp",  "nfs",   "git",    "git+ssh",  "ws",     "wss",
    };

    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (nu_eq(scheme, schemes[i]))
            return true;
    return false;
}

nu_str nu__urlunsplit(const nu__url *url)
{
    nu__buf buf = { 0 };
    bool slashes = nu_starts_with(url->path, S("//"));

    if (url->scheme.len) {
        nu__buf_str_add(&buf, url->scheme);
        nu__buf_char(&buf, ':');
    }
    if (url->netloc.len || (url->scheme.len && uses_netloc(url->scheme) && !slashes)) {
        nu__buf_lit(&buf, "//");
        nu__buf_str_add(&buf, url->netloc);
        if (url->path.len && url->path.ptr[0] != '/')
            nu__buf_char(&buf, '/');
    }
    nu__buf_str_add(&buf, url->path);
    if (url->query.len) {
        nu__buf_char(&buf, '?');
        nu__buf_str_add(&buf, url->query);
    }
    if (url->fragment.len) {
        nu__buf_char(&buf, '#');
        nu__buf_str_add(&buf, url->fragment);
    }
    return nu__buf_str(&buf);
}
