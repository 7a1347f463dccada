/* Addresses of hosts, people and pages: what text is one. */
#include "core/text.h"
#include "db/models/validators.h"
#include "utils/ipv6.h"

#include <arpa/inet.h>
#include <string.h>

#define MAX_URL   2048
#define MAX_EMAIL 320
#define MAX_HOST  253
#define MAX_LABEL 63
#define MAX_NAME  255

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static nu_str drop(nu_str text, size_t n)
{
    return (nu_str){ text.ptr + n, text.len - n };
}

/* The part before the first of `stops`, which stays in `rest`. */
static nu_str take_until(nu_str *rest, const char *stops)
{
    nu_str part = { rest->ptr, 0 };

    while (part.len < rest->len && !strchr(stops, rest->ptr[part.len]))
        part.len++;
    *rest = drop(*rest, part.len);
    return part;
}

/* ---- addresses ---------------------------------------------------------------------------- */

static bool ipv4_valid(nu_str text)
{
    char copy[INET_ADDRSTRLEN];
    struct in_addr address;

    if (!text.len || text.len >= sizeof(copy) || memchr(text.ptr, 0, text.len))
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    return inet_pton(AF_INET, copy, &address) == 1;
}

bool nu__ip_valid(nu_str text, int protocol)
{
    return (protocol != 6 && ipv4_valid(text)) ||
           (protocol != 4 && nu__is_valid_ipv6_address(text));
}

/* ---- host names --------------------------------------------------------------------------- */

typedef struct label_rule {
    bool unicode, digits;
    int min;
} label_rule;

/* Letters, hyphens inside, by the rule digits and what lies from U+00A1 to U+FFFF. */
static bool label_valid(nu_str label, label_rule rule)
{
    int n = 0;

    if (!label.len || label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
        return false;
    for (const char *at = label.ptr; at < label.ptr + label.len; n++) {
        uint32_t c = nu__utf8_next(&at, label.ptr + label.len);

        if (!is_letter(c) && c != '-' && !(rule.digits && is_digit(c)) &&
            !(rule.unicode && c >= 0xa1 && c <= 0xffff))
            return false;
    }
    return n >= rule.min && n <= MAX_LABEL;
}

static bool punycode_valid(nu_str label)
{
    label_rule ascii = { false, true, 1 };

    return label.len > 4 && label.len <= MAX_LABEL && !strncasecmp(label.ptr, "xn--", 4) &&
           !memchr(label.ptr + 4, '-', label.len - 4) && label_valid(drop(label, 4), ascii);
}

/* Two or more labels with dots between; the last one by a rule of its own. */
static bool labels_valid(nu_str host, label_rule inner, label_rule last)
{
    while (host.len) {
        nu_str label = take_until(&host, ".");

        if (!host.len)
            return label_valid(label, last) || (last.unicode && punycode_valid(label));
        if (!label_valid(label, inner))
            return false;
        host = drop(host, 1);
    }
    return false;
}

static bool host_valid(nu_str host)
{
    static const label_rule inner = { true, true, 1 }, last = { true, false, 2 };

    return memchr(host.ptr, '.', host.len) && labels_valid(host, inner, last);
}

static nu_str without_dot(nu_str host)
{
    return host.len && host.ptr[host.len - 1] == '.' ? (nu_str){ host.ptr, host.len - 1 } : host;
}

bool nu__domain_valid(nu_str text, bool accept_idna)
{
    static const label_rule inner = { false, true, 1 }, last = { false, true, 2 };
    nu_str host = without_dot(text);

    if (!host.len || nu__utf8_count(text) > MAX_NAME)
        return false;
    if (accept_idna)
        return host_valid(host);
    return memchr(host.ptr, '.', host.len) && labels_valid(host, inner, last);
}

/* ---- e-mail ------------------------------------------------------------------------------- */

static bool is_atom(unsigned char c)
{
    return is_letter(c) || is_digit(c) || (c && strchr("-!#$%&'*+/=?^_`{}|~", c));
}

static bool dot_atom(nu_str text)
{
    bool atom = false;

    for (size_t i = 0; i < text.len; i++) {
        bool dot = text.ptr[i] == '.';

        if (dot ? !atom : !is_atom((unsigned char)text.ptr[i]))
            return false;
        atom = !dot;
    }
    return atom;
}

static bool quoted_string(nu_str text)
{
    if (text.len < 2 || text.ptr[0] != '"' || text.ptr[text.len - 1] != '"')
        return false;
    for (size_t i = 1; i < text.len - 1; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool escaped = c == '\\';

        if (escaped) {
            if (++i == text.len - 1)
                return false;
            c = (unsigned char)text.ptr[i];
        }
        if (!c || c > 0x7f || c == '\n' || c == '\r')
            return false;
        if (!escaped && (c == '\t' || c == ' ' || c == '"'))
            return false;
    }
    return true;
}

/* An address in brackets, or a name; "localhost" where no others are told. */
static bool mail_domain(nu_str domain, const char *const *allowed)
{
    static const char *const local[] = { "localhost", NULL };

    for (const char *const *name = allowed ? allowed : local; *name; name++)
        if (nu_eq(domain, nu_s(*name)))
            return true;
    if (domain.len > 2 && domain.ptr[0] == '[' && domain.ptr[domain.len - 1] == ']')
        return nu__ip_valid((nu_str){ domain.ptr + 1, domain.len - 2 }, 46);
    return domain.len && host_valid(domain);
}

bool nu__email_valid(nu_str text, const char *const *allowed)
{
    const char *at = text.len ? memrchr(text.ptr, '@', text.len) : NULL;
    nu_str user;

    if (!at || nu__utf8_count(text) > MAX_EMAIL)
        return false;
    user = (nu_str){ text.ptr, (size_t)(at - text.ptr) };
    return (dot_atom(user) || quoted_string(user)) &&
           mail_domain(drop(text, user.len + 1), allowed);
}

/* ---- slugs and URLs ----------------------------------------------------------------------- */

bool nu__unicode_slug_valid(nu_str text)
{
    for (const char *at = text.ptr; at < text.ptr + text.len;) {
        uint32_t c = nu__utf8_next(&at, text.ptr + text.len);

        if (c != '-' && !nu__is_word(c))
            return false;
    }
    return text.len > 0;
}

bool nu__slug_valid(nu_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_')
            return false;
    }
    return text.len > 0;
}

static bool scheme_valid(nu_str scheme, const char *const *schemes)
{
    static const char *const usual[] = { "http", "https", "ftp", "ftps", NULL };

    for (schemes = schemes ? schemes : usual; *schemes; schemes++)
        if (scheme.len == strlen(*schemes) && !strncasecmp(scheme.ptr, *schemes, scheme.len))
            return true;
    return false;
}

/* How long "user:password@" at the start is; 0: there is none. */
static size_t userinfo_length(nu_str text)
{
    nu_str rest = text, user = take_until(&rest, ":@/");

    if (rest.len && rest.ptr[0] == ':') {
        rest = drop(rest, 1);
        take_until(&rest, ":@/");
    }
    return user.len && rest.len && rest.ptr[0] == '@' ? text.len - rest.len + 1 : 0;
}

static bool port_valid(nu_str port)
{
    if (!port.len || port.len > 5)
        return false;
    for (size_t i = 0; i < port.len; i++)
        if (!is_digit((unsigned char)port.ptr[i]))
            return false;
    return true;
}

/* Takes a host; false when there is none. */
static bool url_host(nu_str *rest)
{
    nu_str host;

    if (rest->len && rest->ptr[0] == '[') {
        host = take_until(rest, "]");
        if (!rest->len)
            return false;
        *rest = drop(*rest, 1);
        return nu__ip_valid(drop(host, 1), 6);
    }
    host = take_until(rest, ":/?#");
    if (!host.len || host.len > MAX_HOST)
        return false;
    return (host.len == 9 && !strncasecmp(host.ptr, "localhost", 9)) || ipv4_valid(host) ||
           host_valid(without_dot(host));
}

/* A host, a port or none, and the end or a path. */
static bool place_valid(nu_str rest)
{
    if (!url_host(&rest))
        return false;
    if (rest.len && rest.ptr[0] == ':') {
        nu_str port;

        rest = drop(rest, 1);
        port = take_until(&rest, "/?#");
        if (!port_valid(port))
            return false;
    }
    return !rest.len || strchr("/?#", rest.ptr[0]);
}

static bool has_space(nu_str text)
{
    for (const char *at = text.ptr; at < text.ptr + text.len;)
        if (nu__is_space(nu__utf8_next(&at, text.ptr + text.len)))
            return true;
    return false;
}

/* What stands before the path must name a host, also where a "?" comes before the "@". */
static bool names_host(nu_str rest)
{
    nu_str authority = take_until(&rest, "/?#");
    const char *at = authority.len ? memrchr(authority.ptr, '@', authority.len) : NULL;
    size_t user = at ? (size_t)(at - authority.ptr) + 1 : 0;

    return authority.len > user && authority.ptr[user] != ':';
}

bool nu__url_valid(nu_str text, const char *const *schemes)
{
    const char *mark = text.len ? memmem(text.ptr, text.len, "://", 3) : NULL;
    size_t user;
    nu_str rest;

    if (!mark || nu__utf8_count(text) > MAX_URL || has_space(text) ||
        !scheme_valid((nu_str){ text.ptr, (size_t)(mark - text.ptr) }, schemes))
        return false;
    rest = drop(text, (size_t)(mark - text.ptr) + 3);
    user = userinfo_length(rest);
    return names_host(rest) && ((user && place_valid(drop(rest, user))) || place_valid(rest));
}
