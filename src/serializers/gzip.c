#include "serializers/compressions.h"

#include <errno.h>
#include <zlib.h>

static int failed(void)
{
    errno = EBADMSG;
    return -1;
}

/* A file that ends too early gives what it has, and Z_BUF_ERROR beside. */
static ssize_t take(void *cookie, char *into, size_t len)
{
    int n = gzread(cookie, into, (unsigned)len), status;

    gzerror(cookie, &status);
    return n < 0 || (n == 0 && status != Z_OK && status != Z_STREAM_END) ? failed() : n;
}

static ssize_t give(void *cookie, const char *from, size_t len)
{
    return gzwrite(cookie, from, (unsigned)len); /* 0: an error, as here */
}

static int end(void *cookie)
{
    return gzclose(cookie) == Z_OK ? 0 : -1;
}

static FILE *open_gzip(const char *path, const char *mode)
{
    gzFile file = gzopen(path, *mode == 'w' ? "wbe" : "rbe");
    FILE *stream;

    if (!file)
        return NULL;
    stream = fopencookie(file, mode,
                         (cookie_io_functions_t){ .read = take, .write = give, .close = end });
    if (!stream)
        gzclose(file);
    return stream;
}

const nu__compression nu__gzip = { .extension = "gz", .open = open_gzip };
