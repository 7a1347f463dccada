/* BROKER_URL: checked at the start, so that a site beside Celery hears of a wrong one there, and
 * not when its first task waits. */
#include "conf/parse.h"

#include "core/suggest.h"
#include "core/text.h"
#include "utils/url.h"

#include <nuages/strings.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    bool numbered; /* its path is the number of a database */
} schemes[] = {
    { "redis", true },  { "rediss", true },  { "amqp", false },
    { "amqps", false }, { "pyamqp", false },
};
enum { N_SCHEMES = sizeof schemes / sizeof *schemes };

static size_t scheme_at(nu_str name)
{
    size_t i = 0;

    while (i < N_SCHEMES && !nu_eq(name, schemes[i].name))
        i++;
    return i;
}

static nu_str unknown_scheme(nu_str name)
{
    const char *names[N_SCHEMES], *near;

    for (size_t i = 0; i < N_SCHEMES; i++)
        names[i] = schemes[i].name;
    near = nu__suggest(name, names, N_SCHEMES);
    return nu_fmt("it begins with “{}:”, and brokers are redis, rediss, amqp and amqps.{}", name,
                  near ? nu_fmt(" Perhaps you meant {}?", near) : S(""));
}

static bool is_number(nu_str text, int64_t most)
{
    int64_t number = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || number > most)
            return false;
        number = number * 10 + text.ptr[i] - '0';
    }
    return text.len && number <= most;
}

/* What follows the host's colon; null: none does. */
static nu_str port_of(nu_str netloc)
{
    const char *at = netloc.len ? memrchr(netloc.ptr, '@', netloc.len) : NULL;
    nu_str host = at ? nu__sub(netloc, (size_t)(at + 1 - netloc.ptr), netloc.len) : netloc;
    const char *bracket = host.len ? memrchr(host.ptr, ']', host.len) : NULL;
    const char *colon = host.len ? memrchr(host.ptr, ':', host.len) : NULL;

    if (!colon || (bracket && colon < bracket))
        return (nu_str){ 0 };
    return nu__sub(host, (size_t)(colon + 1 - host.ptr), host.len);
}

/* What follows the account alone: where its @ is missing, or not the last, all else may be the
   password. */
static nu_str shown(nu_str part, const nu__url *url)
{
    bool more = nu__find(url->path, S("@")) >= 0 || nu__find(url->query, S("@")) >= 0 ||
                nu__find(url->fragment, S("@")) >= 0;
    bool account = nu__find(url->netloc, S("@")) >= 0 && !more;

    return account || nu__find(url->netloc, S(":")) < 0 ? part : S("…");
}

nu_str nu__conf_broker_wrong(nu_str text)
{
    nu__url url;
    nu_str port, path;
    size_t i;

    if (!nu__urlsplit(text, &url) || !url.scheme.len)
        return S("it is no URL: write such as redis://localhost:6379/0 or "
                 "amqp://user:password@localhost:5672/vhost.");
    i = scheme_at(url.scheme);
    if (i == N_SCHEMES)
        return unknown_scheme(url.scheme);
    port = port_of(url.netloc);
    if (port.len && (!is_number(port, 65535) || nu_eq(port, "0")))
        return nu_fmt(
            "its port is “{}”: write one from 1 to 65535, and @, : and / of a password as "
            "%40, %3A and %2F.",
            shown(port, &url));
    path = nu__strip_chars(url.path, "/");
    if (schemes[i].numbered && path.len && !is_number(path, INT32_MAX))
        return nu_fmt("its database is “{}”: Redis numbers them from 0 on.", shown(path, &url));
    return (nu_str){ 0 };
}
