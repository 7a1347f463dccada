#include "server/listeners.h"

#include "loop/address.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nuages/logging.h>
#include <nuages/strings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

const char *nu__listener_address(const nu__listener *listener)
{
    return listener->address;
}

bool nu__listener_is_unix(const nu__listener *listener)
{
    return listener->is_unix;
}

/* ---- naming ---------------------------------------------------------------------------------- */

static void name_tcp(nu__listener *listener, const struct sockaddr *address, socklen_t len)
{
    char host[256] = "", port[16] = "";

    getnameinfo(address, len, host, sizeof(host), port, sizeof(port),
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(listener->address, sizeof(listener->address),
             address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

/* From the socket itself, with the port that the kernel gave. */
static bool name_listener(nu__listener *listener)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);

    memset(&address, 0, sizeof(address));
    if (getsockname(listener->fd, (struct sockaddr *)&address, &len) != 0)
        return false;
    listener->is_unix = address.ss_family == AF_UNIX;
    if (listener->is_unix)
        snprintf(listener->address, sizeof(listener->address), "unix:%s",
                 ((struct sockaddr_un *)&address)->sun_path);
    else
        name_tcp(listener, (struct sockaddr *)&address, len);
    return true;
}

/* ---- what went wrong ------------------------------------------------------------------------- */

static void tell_failure(const char *text, const nu__address *address, int error)
{
    if (error == EADDRINUSE && *address->path)
        nu_error_log("can't listen at {}: another process listens there; `ss -lxp src {}` shows "
                     "which. Stop it or choose another path",
                     text, (const char *)address->path);
    else if (error == EADDRINUSE)
        nu_error_log("can't listen at {}: the port is in use; `ss -ltnp 'sport = :{}'` shows by "
                     "whom. Stop it or choose another port",
                     text, (const char *)address->port);
    else if (error == EACCES && !*address->path)
        nu_error_log("can't listen at {}: ports below 1024 take root or the capability "
                     "CAP_NET_BIND_SERVICE. Choose a higher port behind a proxy, or grant it",
                     text);
    else if (error == EADDRNOTAVAIL)
        nu_error_log("can't listen at {}: no interface of this machine has that address; "
                     "`ip address` lists them",
                     text);
    else
        nu_error_log("can't listen at {}: {}", text, strerror(error));
}

/* ---- TCP ---------------------------------------------------------------------------------------
 */

/* What connections inherit from their listener they need not be told each. */
static void set_options(int fd, int family)
{
    int on = 1, off = 0;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
}

/* The descriptor, or minus errno. */
static int listen_tcp(const struct addrinfo *info, int backlog)
{
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error;

    if (fd < 0)
        return -errno;
    set_options(fd, info->ai_family);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, backlog) == 0)
        return fd;
    error = errno;
    close(fd);
    return -error;
}

static bool look_up(const char *text, const nu__address *address, struct addrinfo **found)
{
    struct addrinfo hints = { .ai_family = *address->host ? AF_UNSPEC : AF_INET6,
                              .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_PASSIVE };
    const char *host = *address->host ? address->host : NULL;
    int error = getaddrinfo(host, address->port, &hints, found);

    if (error)
        nu_error_log("can't listen at {}: no address for the host: {}", text, gai_strerror(error));
    return error == 0;
}

/* Every address of this machine, where there is no IPv6. */
static int listen_any_v4(const nu__address *address, int backlog)
{
    struct sockaddr_in any = { .sin_family = AF_INET,
                               .sin_port = htons((uint16_t)atoi(address->port)) };
    struct addrinfo info = { .ai_family = AF_INET,
                             .ai_addr = (struct sockaddr *)&any,
                             .ai_addrlen = sizeof(any) };

    return listen_tcp(&info, backlog);
}

/* The first of the found addresses of that family that this machine has. */
static int listen_first(const struct addrinfo *info, bool v4, int backlog)
{
    int fd = -EADDRNOTAVAIL;

    for (; info && (fd == -EADDRNOTAVAIL || fd == -EAFNOSUPPORT); info = info->ai_next)
        if ((info->ai_family == AF_INET) == v4)
            fd = listen_tcp(info, backlog);
    return fd;
}

/* IPv4 first, so that "localhost" is 127.0.0.1, as Django has it. */
static int open_tcp(const char *text, const nu__address *address, int backlog)
{
    struct addrinfo *found;
    int fd;

    if (!look_up(text, address, &found))
        return -1;
    fd = listen_first(found, true, backlog);
    if (fd == -EADDRNOTAVAIL || fd == -EAFNOSUPPORT)
        fd = listen_first(found, false, backlog);
    freeaddrinfo(found);
    if (!*address->host && (fd == -EADDRNOTAVAIL || fd == -EAFNOSUPPORT))
        fd = listen_any_v4(address, backlog);
    if (fd < 0)
        tell_failure(text, address, -fd);
    return fd;
}

/* ---- Unix ------------------------------------------------------------------------------------ */

/* A file that a server left behind which is gone: nobody answers there. */
static void remove_stale(const struct sockaddr_un *address)
{
    struct stat found;
    int fd;

    if (lstat(address->sun_path, &found) != 0 || !S_ISSOCK(found.st_mode))
        return;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
        errno == ECONNREFUSED)
        unlink(address->sun_path);
    close(fd);
}

static int open_unix(const char *text, const nu__address *address, int backlog)
{
    struct sockaddr_un path = nu__address_unix(address);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    remove_stale(&path);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&path, sizeof(path)) == 0 &&
        listen(fd, backlog) == 0)
        return fd;
    tell_failure(text, address, errno);
    if (fd >= 0)
        close(fd);
    return -1;
}

/* ---- opening --------------------------------------------------------------------------------- */

nu__listener *nu__listeners_add(nu__listeners *listeners, int fd, const char *asked)
{
    nu__listener *listener = &listeners->items[listeners->len];

    if (listeners->len == NU__MOST_LISTENERS) {
        nu_error_log("more than {} addresses to listen at", NU__MOST_LISTENERS);
        close(fd);
        return NULL;
    }
    *listener = (nu__listener){ .fd = fd };
    snprintf(listener->asked, sizeof(listener->asked), "%s", asked);
    if (!name_listener(listener)) {
        nu_error_log("descriptor {} was passed on to listen at but is no socket", fd);
        return NULL;
    }
    listeners->len++;
    return listener;
}

bool nu__listeners_open_one(nu__listeners *listeners, const char *text, int backlog)
{
    nu__address address;
    const char *wrong = nu__address_parse(nu_s(text), &address);
    nu__listener *listener;
    struct stat made;
    int fd;

    if (wrong) {
        nu_error_log("can't listen at \"{}\": {}", text, wrong);
        return false;
    }
    fd = *address.path ? open_unix(text, &address, backlog) : open_tcp(text, &address, backlog);
    if (fd < 0 || !(listener = nu__listeners_add(listeners, fd, text)))
        return false;
    if (listener->is_unix && stat(address.path, &made) == 0)
        listener->inode = made.st_ino;
    return true;
}

void nu__listener_close(nu__listener *listener, bool remove)
{
    const char *path = listener->address + strlen("unix:");
    struct stat present;

    close(listener->fd);
    listener->fd = -1;
    if (remove && listener->inode && stat(path, &present) == 0 && present.st_ino == listener->inode)
        unlink(path);
}

void nu__listeners_close(nu__listeners *listeners, bool remove)
{
    for (size_t i = 0; i < listeners->len; i++)
        nu__listener_close(&listeners->items[i], remove);
    listeners->len = 0;
}

bool nu__listeners_open(nu__listeners *listeners, const char *const *addresses, int backlog)
{
    nu__listeners passed;

    listeners->len = 0;
    nu__listeners_from_before(&passed);
    while (nu__listeners_reuse(listeners, &passed, "")) /* systemd's, before a reload */
        continue;
    if (listeners->len || nu__listeners_from_systemd(listeners)) {
        nu__listeners_close(&passed, true);
        return true;
    }
    for (; addresses && *addresses; addresses++) {
        if (nu__listeners_reuse(listeners, &passed, *addresses) ||
            nu__listeners_open_one(listeners, *addresses, backlog))
            continue;
        nu__listeners_close(listeners, true);
        nu__listeners_close(&passed, true);
        return false;
    }
    nu__listeners_close(&passed, true);
    if (!listeners->len)
        nu_error_log("no address to listen at: give host:port or unix:/path");
    return listeners->len > 0;
}
