#include "serializers/compressions.h"

#include <bzlib.h>
#include <errno.h>

static ssize_t take(void *cookie, char *into, size_t len)
{
    int n = BZ2_bzread(cookie, into, (int)len), status;

    BZ2_bzerror(cookie, &status);
    if (n >= 0 && status >= BZ_OK)
        return n;
    errno = EBADMSG;
    return -1;
}

static ssize_t give(void *cookie, const char *from, size_t len)
{
    int n = BZ2_bzwrite(cookie, (void *)(size_t)from, (int)len);

    return n > 0 ? n : 0; /* 0: an error */
}

static int end(void *cookie)
{
    BZ2_bzclose(cookie);
    return 0;
}

static FILE *open_bzip2(const char *path, const char *mode)
{
    BZFILE *file = BZ2_bzopen(path, *mode == 'w' ? "w" : "r");
    FILE *stream;

    if (!file)
        return NULL;
    stream = fopencookie(file, mode,
                         (cookie_io_functions_t){ .read = take, .write = give, .close = end });
    if (!stream)
        BZ2_bzclose(file);
    return stream;
}

const nu__compression nu__bzip2 = { .extension = "bz2", .open = open_bzip2 };
