#include "db/models/validators.h"

#include "core/object.h"
#include "core/text.h"
#include "db/backends/base.h"
#include "utils/regex.h"

#include <nuages/decimal.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define MAX_URL   2048
#define MAX_EMAIL 320
#define MAX_HOST  253
#define MAX_LABEL 63

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

static bool inet_valid(int family, nu_str text)
{
    char copy[64];
    struct in6_addr address;

    if (!text.len || text.len >= sizeof(copy) || memchr(text.ptr, 0, text.len))
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    return inet_pton(family, copy, &address) == 1;
}

bool nu__ip_valid(nu_str text)
{
    return inet_valid(AF_INET, text) || inet_valid(AF_INET6, text);
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

/* Labels with dots between; the last one by its own rule. */
static bool host_valid(nu_str host, label_rule inner, label_rule last)
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

static bool mail_domain(nu_str domain)
{
    static const label_rule inner = { true, true, 1 }, last = { true, false, 2 };

    if (nu_eq(domain, "localhost"))
        return true;
    if (domain.len > 2 && domain.ptr[0] == '[' && domain.ptr[domain.len - 1] == ']')
        return nu__ip_valid((nu_str){ domain.ptr + 1, domain.len - 2 });
    return memchr(domain.ptr, '.', domain.len) && host_valid(domain, inner, last);
}

bool nu__email_valid(nu_str text)
{
    const char *at = text.len ? memrchr(text.ptr, '@', text.len) : NULL;
    nu_str user;

    if (!at || nu__utf8_count(text) > MAX_EMAIL)
        return false;
    user = (nu_str){ text.ptr, (size_t)(at - text.ptr) };
    return (dot_atom(user) || quoted_string(user)) && mail_domain(drop(text, user.len + 1));
}

/* ---- slugs and URLs ----------------------------------------------------------------------- */

bool nu__slug_valid(nu_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_')
            return false;
    }
    return text.len > 0;
}

static bool scheme_valid(nu_str scheme)
{
    static const char *const schemes[] = { "http", "https", "ftp", "ftps" };

    for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
        if (scheme.len == strlen(schemes[i]) && !strncasecmp(scheme.ptr, schemes[i], scheme.len))
            return true;
    return false;
}

/* "user:password" before an "@". */
static bool userinfo_valid(nu_str text)
{
    nu_str user = take_until(&text, ":");

    return user.len && (!text.len || !memchr(text.ptr + 1, ':', text.len - 1));
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

/* The host takes what it needs; what is left must be a port. */
static bool url_host(nu_str *rest)
{
    static const label_rule inner = { true, true, 1 }, last = { true, false, 2 };
    nu_str host;

    if (rest->len && rest->ptr[0] == '[') {
        host = take_until(rest, "]");
        *rest = rest->len ? drop(*rest, 1) : *rest;
        return inet_valid(AF_INET6, drop(host, 1));
    }
    host = take_until(rest, ":");
    if (host.len > MAX_HOST)
        return false;
    if ((host.len == 9 && !strncasecmp(host.ptr, "localhost", 9)) || inet_valid(AF_INET, host))
        return true;
    if (host.len && host.ptr[host.len - 1] == '.')
        host.len--;
    return memchr(host.ptr, '.', host.len) && host_valid(host, inner, last);
}

static bool has_space(nu_str text)
{
    for (const char *at = text.ptr; at < text.ptr + text.len;)
        if (nu__is_space(nu__utf8_next(&at, text.ptr + text.len)))
            return true;
    return false;
}

bool nu__url_valid(nu_str text)
{
    const char *mark = text.len ? memmem(text.ptr, text.len, "://", 3) : NULL, *at;
    nu_str rest, authority;

    if (!mark || nu__utf8_count(text) > MAX_URL || has_space(text) ||
        !scheme_valid((nu_str){ text.ptr, (size_t)(mark - text.ptr) }))
        return false;
    rest = drop(text, (size_t)(mark - text.ptr) + 3);
    authority = take_until(&rest, "/?#");
    at = authority.len ? memchr(authority.ptr, '@', authority.len) : NULL;
    if (at) {
        nu_str user = { authority.ptr, (size_t)(at - authority.ptr) };

        if (!userinfo_valid(user))
            return false;
        authority = drop(authority, user.len + 1);
    }
    if (!authority.len || !url_host(&authority))
        return false;
    return !authority.len || (authority.ptr[0] == ':' && port_valid(drop(authority, 1)));
}

/* ---- the user's validators ---------------------------------------------------------------- */

/* A validator's limit as a value: its digits where they are a number, else the double that the
   compiler made of the expression. */
static nu_value limit_of(const nu_validator *self)
{
    nu_decimal number;

    if (nu_decimal_try_parse(nu_s(self->text), &number))
        return nu_v_decimal(number);
    if (self->limit == (double)(int64_t)self->limit)
        return nu_v_int((int64_t)self->limit);
    return nu_v_float(self->limit);
}

static void limit_check(const nu_validator *self, nu_value value, int wrong, const char *words)
{
    nu_value limit = limit_of(self);
    int order;

    if (!nu__value_compare(value, limit, &order) || order != wrong)
        return;
    if (self->message)
        nu_raise(NU_VALIDATION_ERROR, "{}", self->message);
    nu_raise(NU_VALIDATION_ERROR, "Ensure this value is {} than or equal to {}.", words, limit);
}

void nu__min(const nu_validator *self, nu_value value)
{
    limit_check(self, value, -1, "greater");
}

void nu__max(const nu_validator *self, nu_value value)
{
    limit_check(self, value, 1, "less");
}

/* Patterns are literals of descriptors: each is compiled once, and lives as long as the process. */
static const nu__re *compiled(const char *pattern)
{
    static struct {
        const char *pattern;
        nu__re *re;
    } * known;
    static size_t n;
    char why[96] = "";
    nu__re *re;

    for (size_t i = 0; i < n; i++)
        if (known[i].pattern == pattern)
            return known[i].re;
    re = nu__re_compile(nu_s(pattern), 0, why);
    if (!re)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "Regex(\"{}\"): {}", pattern, (const char *)why);
    known = reallocarray(known, n + 1, sizeof(*known));
    if (!known)
        nu_raise(NU_MEMORY_ERROR, "no memory for a pattern");
    known[n].pattern = pattern;
    known[n++].re = re;
    return re;
}

void nu__regex(const nu_validator *self, nu_value value)
{
    if (!nu__re_test(compiled(self->text), nu_string(value)))
        nu_raise(NU_VALIDATION_ERROR, "{}", self->message ? self->message : "Enter a valid value.");
}

nu__range nu__field_range(const nu__field *field)
{
    const nu__field_type *type = field->type;

    /* SQLite keeps any 64-bit number in any integer column. */
    if (nu__connection_of(NULL)->backend->dialect == NU__SQLITE)
        return (nu__range){ type->min < 0 ? INT64_MIN : 0, INT64_MAX };
    return (nu__range){ type->min, type->max };
}
