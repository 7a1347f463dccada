#include "http/host.h"

#include "http/message.h"
#include "http/url_join.h"
#include "utils/http.h"
#include "utils/url.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_domain_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
}

static bool is_address_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || c == '.' || c == ':';
}

/* "[" hex digits ":" at least one more "]": the length with both brackets, 0 when it is none. */
static size_t address_length(nu_str host)
{
    size_t at = 1, colon;

    while (at < host.len && is_address_char(host.ptr[at]) && host.ptr[at] != '.' &&
           host.ptr[at] != ':')
        at++;
    colon = at;
    while (at < host.len && is_address_char(host.ptr[at]))
        at++;
    if (at >= host.len || host.ptr[at] != ']' || host.ptr[colon] != ':' || at < colon + 2)
        return 0;
    return at + 1;
}

nu__host nu__host_split(nu_str host)
{
    nu_str lower = nu_lower(host), port = S("");
    size_t len = 0;
    nu__host none = { S(""), S("") };

    if (lower.len && lower.ptr[0] == '[')
        len = address_length(lower);
    else
        while (len < lower.len && is_domain_char(lower.ptr[len]))
            len++;
    if (!len)
        return none;
    if (len < lower.len) {
        port = (nu_str){ lower.ptr + len + 1, lower.len - len - 1 };
        if (lower.ptr[len] != ':' || !port.len)
            return none;
        for (size_t i = 0; i < port.len; i++)
            if (!is_digit(port.ptr[i]))
                return none;
    }
    if (lower.ptr[len - 1] == '.')
        len--;
    return (nu__host){ { lower.ptr, len }, port };
}

bool nu__host_allowed(nu_str domain, const char *const *patterns)
{
    for (; patterns && *patterns; patterns++)
        if (nu_eq(*patterns, "*") || nu__is_same_domain(domain, nu_s(*patterns)))
            return true;
    return false;
}

/* ---- of a request
 * -------------------------------------------------------------------------------- */

nu_str nu_request_scheme(nu_request *req)
{
    const nu__http_settings *settings = req->settings;
    nu_str value;
    const char *comma;

    if (settings->secure_proxy_header) {
        value = nu_request_header(req, settings->secure_proxy_header);
        if (value.ptr) {
            if (value.len && (comma = memchr(value.ptr, ',', value.len)))
                value.len = (size_t)(comma - value.ptr);
            return nu_eq(nu_trim(value), settings->secure_proxy_value) ? S("https") : S("http");
        }
    }
    return req->tls ? S("https") : S("http");
}

bool nu_request_is_secure(nu_request *req)
{
    return nu_request_scheme(req).len == 5;
}

nu_str nu__request_port(nu_request *req)
{
    nu_str port = { 0 };

    if (req->settings->use_x_forwarded_port)
        port = nu_request_header(req, "X-Forwarded-Port");
    return port.ptr ? port : nu_fmt("{}", (int)req->server_port);
}

static nu_str raw_host(nu_request *req)
{
    nu_str host = { 0 }, port;

    if (req->settings->use_x_forwarded_host)
        host = nu_request_header(req, "X-Forwarded-Host");
    if (!host.ptr)
        host = nu_request_header(req, "Host");
    if (host.ptr)
        return host;
    port = nu__request_port(req);
    if (nu_eq(port, nu_request_is_secure(req) ? "443" : "80"))
        return req->server_name;
    return nu_fmt("{}:{}", req->server_name, port);
}

nu_str nu_request_host(nu_request *req)
{
    static const char *const local[] = { ".localhost", "127.0.0.1", "[::1]", NULL };
    const char *const *allowed = req->settings->allowed_hosts;
    nu_str host;
    nu__host parts;

    if (req->host.ptr)
        return req->host;
    if (req->settings->debug && (!allowed || !*allowed))
        allowed = local;
    host = raw_host(req);
    parts = nu__host_split(host);
    if (parts.domain.len && nu__host_allowed(parts.domain, allowed))
        return req->host = host;
    if (parts.domain.len)
        nu_raise(NU_DISALLOWED_HOST,
                 "Invalid HTTP_HOST header: '{}'. You may need to add '{}' to ALLOWED_HOSTS.", host,
                 parts.domain);
    nu_raise(NU_DISALLOWED_HOST,
             "Invalid HTTP_HOST header: '{}'. The domain name provided is not valid according to "
             "RFC 1034/1035.",
             host);
}

/* ---- addresses ---------------------------------------------------------------------------------
 */

nu_str nu__full_path(nu_str path, nu_str query_string)
{
    path = nu__escape_uri_path(path);
    return query_string.len ? nu_fmt("{}?{}", path, nu__iri_to_uri(query_string)) : path;
}

nu_str nu_request_full_path(nu_request *req)
{
    return nu__full_path(req->path, req->query_string);
}

static bool has_dot_segment(nu_str path)
{
    return path.len &&
           (memmem(path.ptr, path.len, "/./", 3) || memmem(path.ptr, path.len, "/../", 4));
}

/* A reference without a scheme and host of its own, on this site. */
static nu_str on_this_site(nu_request *req, nu_str uri)
{
    nu_str origin = nu_fmt("{}://{}", nu_request_scheme(req), nu_request_host(req));
    nu__url_parts parts = nu__url_split(uri);

    if (parts.netloc.len || parts.scheme.len || !parts.path.len || parts.path.ptr[0] != '/' ||
        has_dot_segment(parts.path))
        return nu__url_join(origin, req->path, uri);
    if (nu_starts_with(uri, S("//"))) /* an empty host before the path */
        uri = (nu_str){ uri.ptr + 2, uri.len - 2 };
    return nu_fmt("{}{}", origin, uri);
}

nu_str nu_build_absolute_uri(nu_request *req, const char *location)
{
    nu_str uri = location ? nu_s(location) : nu_fmt("//{}", nu_request_full_path(req));

    if (!nu__url_is_absolute(uri))
        uri = on_this_site(req, uri);
    return nu__iri_to_uri(uri);
}
