/* Reads that can only fail are not made. The library reads at once behind each question, gets
 * EAGAIN and then lets us wait: a call to the kernel for each statement, and as dear as the true
 * read. So a connection gets a table of its own of the library's methods of streams, by which the
 * first read behind a write says EAGAIN by itself. The answer, should it be there already, is found
 * by the wait.
 *
 * The table is that of Connector/C's stream plugins (ma_pvio.h). Under TLS OpenSSL reads: not
 * there. */
#include "db/backends/mysql/mysql.h"

#include <errno.h>
#include <sys/types.h>

static nu__mysql_stream *stream_of(const MARIADB_PVIO *pvio)
{
    return (nu__mysql_stream *)(void *)((char *)pvio->methods -
                                        offsetof(nu__mysql_stream, methods));
}

static ssize_t write_question(MARIADB_PVIO *pvio, const unsigned char *bytes, size_t len)
{
    nu__mysql_stream *stream = stream_of(pvio);
    ssize_t n = stream->library->async_write(pvio, bytes, len);

    stream->asked |= n > 0;
    return n;
}

static ssize_t read_answer(MARIADB_PVIO *pvio, unsigned char *into, size_t size)
{
    nu__mysql_stream *stream = stream_of(pvio);

    if (stream->asked) {
        stream->asked = false;
        errno = EAGAIN;
        return -1;
    }
    return stream->library->async_read(pvio, into, size);
}

void nu__mysql_watch_stream(nu__mysql *handle)
{
    MARIADB_PVIO *pvio = handle->mysql->net.pvio;
    nu__mysql_stream *stream = &handle->stream;

    if (!pvio || pvio->ctls || !pvio->methods->async_read || !pvio->methods->async_write)
        return;
    stream->library = pvio->methods;
    stream->methods = *pvio->methods;
    stream->methods.async_read = read_answer;
    stream->methods.async_write = write_question;
    pvio->methods = &stream->methods;
}
