#include "loop/address.h"
#include "loop/pool.h"
#include "loop/socket_int.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- name look-up ---------------------------------------------------------------------------- */

typedef struct lookup {
    const nu__address *address;
    struct addrinfo *found;
    int status;
} lookup;

static void look_up(void *arg)
{
    lookup *job = arg;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };

    job->status = getaddrinfo(job->address->host, job->address->port, &hints, &job->found);
}

/* Numbers need no look-up, hence no thread. */
static bool is_numeric(lookup *job)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };

    return getaddrinfo(job->address->host, job->address->port, &hints, &job->found) == 0;
}

/* ---- connecting ------------------------------------------------------------------------------ */

/* 0, or the errno of what went wrong; ETIMEDOUT at the deadline. The socket is closed either way
   by its fiber. */
static int connect_one(nu__socket *socket, const struct sockaddr *address, socklen_t len,
                       double deadline)
{
    int error = 0;
    socklen_t size = sizeof(error);

    if (connect(socket->fd, address, len) == 0)
        return 0;
    if (errno != EINPROGRESS && errno != EAGAIN && errno != EINTR)
        return errno;
    if (!nu__watch_wait(socket->watch, NU__WRITABLE, deadline))
        return ETIMEDOUT;
    return getsockopt(socket->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

static nu__socket *try_address(const struct sockaddr *address, socklen_t len, double deadline,
                               int *error)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    nu__socket *opened;

    if (fd < 0) {
        *error = errno;
        return NULL;
    }
    opened = nu__socket_open(fd);
    *error = connect_one(opened, address, len, deadline);
    if (!*error)
        return opened;
    nu__socket_close(opened);
    return NULL;
}

static void free_found(void *found)
{
    freeaddrinfo(found);
}

static nu__socket *connect_tcp(const nu__address *address, double deadline, int *error)
{
    lookup job = { .address = address };
    nu__socket *opened = NULL;

    if (!is_numeric(&job))
        nu__pool_run(look_up, &job);
    if (job.status != 0)
        nu_raise(NU_CONNECTION_ERROR, "no address for host \"{}\": {}", (const char *)address->host,
                 gai_strerror(job.status));
    nu_defer(free_found, job.found);
    for (struct addrinfo *a = job.found; a && !opened; a = a->ai_next)
        opened = try_address(a->ai_addr, a->ai_addrlen, deadline, error);
    return opened;
}

nu__socket *nu__socket_connect(nu_str text, double timeout)
{
    double deadline = timeout > 0 ? nu__time() + timeout : NU__FOREVER;
    int error = 0;
    nu__address address;
    nu__socket *opened;
    const char *wrong = nu__address_parse(text, &address);

    if (wrong)
        nu_raise(NU_VALUE_ERROR, "the address \"{}\": {}", text, wrong);
    if (*address.path) {
        struct sockaddr_un path = nu__address_unix(&address);

        opened = try_address((struct sockaddr *)&path, sizeof(path), deadline, &error);
    } else {
        opened = connect_tcp(&address, deadline, &error);
    }
    if (!opened && error == ETIMEDOUT)
        nu_raise(NU_TIMEOUT, "no connection to {} within {} s", text, timeout);
    if (!opened)
        nu_raise(NU_CONNECTION_ERROR, "no connection to {}: {}", text, strerror(error));
    opened->timeout = timeout;
    opened->address = nu_copy(text).ptr;
    return opened;
}
