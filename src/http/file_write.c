/* A file onto the connection: the first piece with the head, a long rest by sendfile. */
#include "core/arena.h"
#include "http/connection_int.h"
#include "loop/pool.h"
#include "loop/socket.h"

#include <fcntl.h>
#include <unistd.h>

enum { PIECE = 131072, SENT_AT_ONCE = 1 << 20 };

typedef struct rest {
    int fd;
    int64_t offset, left;
} rest;

static void advance(nu__http_connection *c, rest *file, ssize_t n)
{
    if (n <= 0)
        nu_raise(NU_OS_ERROR, "a file became shorter while it was sent");
    file->offset += n;
    file->left -= n;
    c->sent += (uint64_t)n;
}

/* ---- through memory ---------------------------------------------------------------------------
 */

typedef struct read_job {
    int fd;
    int64_t offset;
    char *into;
    size_t size;
    ssize_t got;
} read_job;

static void read_piece(void *arg)
{
    read_job *job = arg;

    job->got = pread(job->fd, job->into, job->size, job->offset);
}

/* Read a piece and send it behind what `head` has, or behind the head, which goes first. */
static bool send_piece(nu__http_connection *c, const nu__h1_answer *answer, rest *file,
                       char *buffer)
{
    read_job job = { .fd = file->fd, .offset = file->offset, .into = buffer };
    nu_str head = { 0 };

    job.size = file->left < PIECE ? (size_t)file->left : PIECE;
    nu__pool_run(read_piece, &job);
    if (job.got > 0 && !c->head_sent)
        head = nu__http_put_head(c, answer);
    advance(c, file, job.got);
    return nu__http_send(c, (nu_str[]){ head, { buffer, (size_t)job.got } }, 2);
}

/* ---- past memory -------------------------------------------------------------------------------
 */

static ssize_t send_some(nu__http_connection *c, nu__socket *socket, const rest *file)
{
    size_t size = file->left < SENT_AT_ONCE ? (size_t)file->left : SENT_AT_ONCE;
    ssize_t n = 0;

    if (!nu_catch(NU_OS_ERROR, n = nu__socket_send_file(socket, file->fd, file->offset, size)))
        return n;
    c->dead = true;
    nu_raise(NU_CANCELLED, "the client does not take the file");
}

/* By a descriptor of the fiber's own: the connection's may be closed, and its number be another's,
   while a thread sends. false: the file's system can't, or there is no descriptor. */
static bool send_past_memory(nu__http_connection *c, rest *file)
{
    int fd = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
    nu__socket *socket = fd < 0 ? NULL : nu__socket_open(fd);
    ssize_t n = 1;

    if (!socket)
        return false;
    nu__socket_set_timeout(socket, (double)c->http->write_ms / 1000);
    while (file->left && n >= 0) {
        n = send_some(c, socket, file);
        if (n >= 0)
            advance(c, file, n);
    }
    nu__socket_close(socket);
    return n >= 0;
}

/* The first piece is read before the head is put, so that both leave with one write. */
void nu__http_send_file(nu__http_connection *c, const nu__h1_answer *answer)
{
    const nu_response *response = answer->response;
    rest file = { response->fd, response->offset, response->length };
    char *buffer = nu__alloc_raw(file.left < PIECE ? (size_t)file.left + 1 : PIECE);

    if (!file.left)
        nu__http_send_text(c, answer, S(""));
    else if (!send_piece(c, answer, &file, buffer) || !file.left || send_past_memory(c, &file))
        return;
    while (file.left && send_piece(c, answer, &file, buffer))
        continue;
}
