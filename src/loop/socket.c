#include "loop/pool.h"
#include "loop/socket_int.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

static double deadline_after(double seconds)
{
    return seconds > 0 ? nu__time() + seconds : NU__FOREVER;
}

void nu__socket_close(nu__socket *socket)
{
    if (socket->fd < 0)
        return;
    nu__watch_close(socket->watch);
    close(socket->fd);
    socket->fd = -1;
}

static void close_at_end(void *socket)
{
    nu__socket_close(socket);
}

nu__socket *nu__socket_open(int fd)
{
    nu__socket *socket = nu_alloc(nu__socket);

    socket->fd = fd;
    socket->address = "the peer";
    socket->watch = nu__watch_open(fd);
    nu_on_fiber_end(close_at_end, socket);
    if (!socket->watch)
        nu_raise(NU_MEMORY_ERROR, "no memory to watch a socket");
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return socket;
}

void nu__socket_set_timeout(nu__socket *socket, double seconds)
{
    socket->timeout = seconds;
}

int nu__socket_fd(const nu__socket *socket)
{
    return socket->fd;
}

void nu__socket_shutdown(nu__socket *socket)
{
    shutdown(socket->fd, SHUT_WR);
}

/* After a call that failed with errno: wait if it would have blocked, else raise. */
static void wait_or_raise(nu__socket *socket, int events, double deadline, const char *doing)
{
    int error = errno;

    if (error == EINTR)
        return;
    if (error != EAGAIN && error != EWOULDBLOCK)
        nu_raise(NU_CONNECTION_ERROR, "{} {}: {}", doing, socket->address, strerror(error));
    if (!nu__watch_wait(socket->watch, events, deadline))
        nu_raise(NU_TIMEOUT, "{} {}: nothing for {} s", doing, socket->address, socket->timeout);
}

size_t nu__socket_read(nu__socket *socket, void *into, size_t size)
{
    double deadline = deadline_after(socket->timeout);

    for (;;) {
        ssize_t n = recv(socket->fd, into, size, MSG_DONTWAIT);

        if (n >= 0)
            return (size_t)n;
        wait_or_raise(socket, NU__READABLE, deadline, "reading from");
    }
}

void nu__socket_write(nu__socket *socket, const void *bytes, size_t len)
{
    double deadline = deadline_after(socket->timeout);
    const char *next = bytes;

    while (len) {
        ssize_t n = send(socket->fd, next, len, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0) {
            wait_or_raise(socket, NU__WRITABLE, deadline, "writing to");
            continue;
        }
        next += n;
        len -= (size_t)n;
    }
}

/* ---- files ------------------------------------------------------------------------------------
 */

typedef struct send_job {
    int socket, file, error;
    int64_t offset;
    size_t size;
    ssize_t sent;
} send_job;

/* On a thread: the disk may have to be waited for, the socket never is. */
static void send_piece(void *arg)
{
    send_job *job = arg;
    off_t offset = job->offset;

    job->sent = sendfile(job->socket, job->file, &offset, job->size);
    job->error = job->sent < 0 ? errno : 0;
}

size_t nu__socket_untaken(int fd)
{
    int n = 0;

    return ioctl(fd, SIOCOUTQ, &n) == 0 && n > 0 ? (size_t)n : 0;
}

/* As long as the peer takes some in each time-out. */
static void wait_for_room(nu__socket *socket)
{
    size_t before, now = nu__socket_untaken(socket->fd);

    do {
        before = now;
        if (nu__watch_wait(socket->watch, NU__WRITABLE, deadline_after(socket->timeout)))
            return;
        now = nu__socket_untaken(socket->fd);
    } while (now < before);
    nu_raise(NU_TIMEOUT, "sending a file to {}: it took nothing for {} s", socket->address,
             socket->timeout);
}

ssize_t nu__socket_send_file(nu__socket *socket, int file, int64_t offset, size_t size)
{
    send_job job = { .socket = socket->fd, .file = file, .offset = offset, .size = size };

    for (;;) {
        nu__pool_run(send_piece, &job);
        if (job.sent >= 0)
            return job.sent;
        if (job.error == EINVAL || job.error == ENOSYS || job.error == EOPNOTSUPP)
            return -1;
        if (job.error == EAGAIN)
            wait_for_room(socket);
        else if (job.error != EINTR)
            nu_raise(NU_CONNECTION_ERROR, "sending a file to {}: {}", socket->address,
                     strerror(job.error));
    }
}
