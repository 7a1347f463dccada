/* .bz2: libbz2 over a plain file. Its own way to open a path tells no error of the last bytes. */
#include "serializers/compressions.h"

#include <bzlib.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

typedef struct packed {
    BZFILE *stream;
    FILE *below;
    bool writes, ended; /* ended: of what is read */
} packed;

static ssize_t take(void *cookie, char *into, size_t len)
{
    packed *p = cookie;
    int n, status = BZ_OK;

    if (p->ended)
        return 0;
    n = BZ2_bzRead(&status, p->stream, into, (int)len);
    p->ended = status == BZ_STREAM_END;
    if (status == BZ_OK || p->ended)
        return n;
    errno = EBADMSG;
    return -1;
}

static ssize_t give(void *cookie, const char *from, size_t len)
{
    packed *p = cookie;
    int status = BZ_OK;

    BZ2_bzWrite(&status, p->stream, (void *)(size_t)from, (int)len);
    return status == BZ_OK ? (ssize_t)len : 0; /* 0: an error */
}

/* Frees the stream whatever becomes of its last bytes: with an error of the file libbz2 keeps it.
 */
static bool end_writing(packed *p)
{
    int status = BZ_OK, reason;

    BZ2_bzWriteClose(&status, p->stream, 0, NULL, NULL);
    if (status == BZ_OK)
        return true;
    reason = errno;
    clearerr(p->below);
    BZ2_bzWriteClose(&status, p->stream, 1, NULL, NULL);
    errno = reason;
    return false;
}

static int end(void *cookie)
{
    packed *p = cookie;
    bool well = true;
    int status = BZ_OK, reason;

    if (p->writes)
        well = end_writing(p);
    else
        BZ2_bzReadClose(&status, p->stream);
    reason = errno;
    if (fclose(p->below) != 0 && well)
        well = false;
    else
        errno = reason;
    free(p);
    return well ? 0 : -1;
}

static BZFILE *stream_over(FILE *below, bool writes)
{
    int status = BZ_OK;

    return writes ? BZ2_bzWriteOpen(&status, below, 9, 0, 0)
                  : BZ2_bzReadOpen(&status, below, 0, 0, NULL, 0);
}

static packed *packed_open(const char *path, bool writes)
{
    packed *p = calloc(1, sizeof(*p));

    if (!p || !(p->below = fopen(path, writes ? "wbe" : "rbe"))) {
        free(p);
        return NULL;
    }
    p->writes = writes;
    if ((p->stream = stream_over(p->below, writes)))
        return p;
    fclose(p->below);
    free(p);
    errno = ENOMEM;
    return NULL;
}

static FILE *open_bzip2(const char *path, const char *mode)
{
    packed *p = packed_open(path, *mode == 'w');
    FILE *file;

    if (!p)
        return NULL;
    file =
        fopencookie(p, mode, (cookie_io_functions_t){ .read = take, .write = give, .close = end });
    if (!file)
        end(p);
    return file;
}

const nu__compression nu__bzip2 = { .extension = "bz2", .open = open_bzip2 };
