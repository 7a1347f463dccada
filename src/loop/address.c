#include "loop/address.h"

#include <string.h>

static bool copy(char *into, size_t size, const char *from, size_t len)
{
    if (len >= size || memchr(from, 0, len))
        return false;
    memcpy(into, from, len);
    into[len] = 0;
    return true;
}

static bool is_port(const char *text, size_t len)
{
    uint32_t port = 0;

    if (!len || len > 5)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        port = port * 10 + (uint32_t)(text[i] - '0');
    }
    return port <= 65535;
}

/* Where the host ends; NULL: the brackets are wrong. */
static const char *host_end(const char *text, const char *end)
{
    if (text < end && *text == '[') {
        const char *close = memchr(text, ']', (size_t)(end - text));

        return close && close + 1 < end && close[1] == ':' ? close + 1 : NULL;
    }
    return memrchr(text, ':', (size_t)(end - text));
}

static const char *parse_tcp(const char *text, size_t len, nu__address *out)
{
    const char *end = text + len, *colon = host_end(text, end), *host = text;
    size_t host_len;

    if (!colon || !is_port(colon + 1, (size_t)(end - colon - 1)))
        return "a port from 0 to 65535 is missing: write host:port, [IPv6]:port or unix:/path";
    host_len = (size_t)(colon - text);
    if (host_len && *host == '[') {
        host++;
        host_len -= 2;
    } else if (memchr(host, ':', host_len)) {
        return "an IPv6 address stands in brackets: [::1]:8000";
    }
    if (!copy(out->host, sizeof(out->host), host, host_len))
        return "the host is longer than 255 bytes or has a NUL byte";
    copy(out->port, sizeof(out->port), colon + 1, (size_t)(end - colon - 1));
    return NULL;
}

const char *nu__address_parse(nu_str text, nu__address *out)
{
    memset(out, 0, sizeof(*out));
    if (text.len < 5 || memcmp(text.ptr, "unix:", 5) != 0)
        return parse_tcp(text.ptr, text.len, out);
    if (text.len == 5)
        return "the path of the Unix socket is missing";
    if (!copy(out->path, sizeof(out->path), text.ptr + 5, text.len - 5))
        return "the path of a Unix socket has at most 107 bytes";
    return NULL;
}

struct sockaddr_un nu__address_unix(const nu__address *address)
{
    struct sockaddr_un unix_address = { .sun_family = AF_UNIX };

    memcpy(unix_address.sun_path, address->path, sizeof(unix_address.sun_path));
    return unix_address;
}
