#include "files/file.h"

#include "core/arena.h"
#include "core/object.h"
#include "loop/pool.h"
#include "utils/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct io {
    int fd;
    char *bytes;
    size_t len;
    int64_t offset;
    ssize_t done; /* bytes, or -1 */
    int error;
} io;

static void write_job(void *arg)
{
    io *job = arg;

    while (job->len) {
        ssize_t n = pwrite(job->fd, job->bytes, job->len, job->offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            job->error = errno;
            return;
        }
        job->bytes += n;
        job->offset += n;
        job->len -= (size_t)n;
    }
}

static void read_job(void *arg)
{
    io *job = arg;

    do
        job->done = pread(job->fd, job->bytes, job->len, job->offset);
    while (job->done < 0 && errno == EINTR);
    job->error = job->done < 0 ? errno : 0;
}

static void check(const nu_file *file, const io *job, const char *what)
{
    if (job->error)
        nu_raise(NU_OS_ERROR, "cannot {} the upload “{}”: {}", what, file->name,
                 strerror(job->error));
}

/* ---- making -------------------------------------------------------------------------------------
 */

/* A file that no folder lists: it is gone with its descriptor, whatever becomes of the process. */
static int open_nameless(const char *dir)
{
    char path[4096];
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
        return fd;
    if (snprintf(path, sizeof path, "%s/nuages-XXXXXX.upload", dir) >= (int)sizeof path)
        return -1;
    fd = mkostemps(path, 7, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

static void close_file(void *arg)
{
    nu_file *file = arg;

    close(file->fd);
    file->fd = -1;
}

static void open_on_disk(nu_file *file, const char *dir)
{
    if (!dir)
        dir = getenv("TMPDIR");
    if (!dir || !*dir)
        dir = "/tmp";
    file->fd = open_nameless(dir);
    if (file->fd < 0)
        nu_raise(NU_OS_ERROR, "cannot make a temporary file for an upload in {}: {}", dir,
                 strerror(errno));
    nu_on_fiber_end(close_file, file);
}

nu_file *nu__file_new(nu_str name, bool on_disk, const char *temp_dir)
{
    nu_file *file = nu_alloc(nu_file);

    file->object.type = &nu__file_class;
    file->name = nu__file_name_base(name);
    file->fd = -1;
    if (on_disk)
        open_on_disk(file, temp_dir);
    return file;
}

void nu__file_write(nu_file *file, const char *bytes, size_t len)
{
    io job = {
        .fd = file->fd, .bytes = (char *)(uintptr_t)bytes, .len = len, .offset = file->size
    };

    if (file->fd < 0) {
        nu__buf_add(&file->memory, bytes, len);
    } else {
        nu__pool_run(write_job, &job);
        check(file, &job, "store");
    }
    file->size += (int64_t)len;
}

/* ---- reading ------------------------------------------------------------------------------------
 */

nu_str nu_file_name(const nu_file *file)
{
    return file->name;
}

int64_t nu_file_size(const nu_file *file)
{
    return file->size;
}

nu_str nu_file_content_type(const nu_file *file)
{
    return file->content_type;
}

static size_t available(const nu_file *file, int64_t offset, size_t size)
{
    if (offset < 0 || offset >= file->size)
        return 0;
    return (int64_t)size < file->size - offset ? size : (size_t)(file->size - offset);
}

size_t nu_file_read(nu_file *file, int64_t offset, void *into, size_t size)
{
    size_t n = available(file, offset, size);
    io job = { .fd = file->fd, .bytes = into, .len = n, .offset = offset };

    if (!n)
        return 0;
    if (file->fd < 0) {
        memcpy(into, file->memory.data + offset, n);
        return n;
    }
    nu__pool_run(read_job, &job);
    check(file, &job, "read");
    return (size_t)job.done;
}

nu_str nu_file_content(nu_file *file)
{
    char *bytes;
    size_t at = 0, got;

    if (file->fd < 0)
        return nu__buf_str(&file->memory);
    bytes = nu__alloc_raw((size_t)file->size + 1);
    while ((got = nu_file_read(file, (int64_t)at, bytes + at, (size_t)file->size - at)) > 0)
        at += got;
    bytes[at] = '\0';
    return (nu_str){ bytes, at };
}

/* ---- for templates ------------------------------------------------------------------------------
 */

static bool get(const nu_object *self, nu_str name, nu_value *out)
{
    const nu_file *file = (const nu_file *)self;

    if (nu_eq(name, "name"))
        *out = nu_v_str(file->name);
    else if (nu_eq(name, "size"))
        *out = nu_v_int(file->size);
    else if (nu_eq(name, "content_type"))
        *out = nu_v_str(file->content_type);
    else if (nu_eq(name, "charset"))
        *out = nu_v_str(file->charset);
    else
        return false;
    return true;
}

static nu_value text(const nu_object *self)
{
    return nu_v_str(((const nu_file *)self)->name);
}

static const nu_object_ops ops = { .kind = "file", .get = get, .text = text };
const nu_class nu__file_class = { .ops = &ops, .name = "UploadedFile" };
