#include "http/static_files.h"

#include "core/arena.h"
#include "core/text.h"
#include "files/content_types.h"
#include "files/safe_join.h"
#include "http/conditional.h"
#include "http/range.h"
#include "loop/pool.h"
#include "utils/http.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files up to this are read in the same job that opens them, and sent like text. */
enum { SMALL = 32768 };

typedef struct source {
    nu_str name;
    int fd; /* -1: `bytes` has all of it */
    nu_bytes bytes;
    int64_t size, modified;
} source;

/* ---- the response
 * ----------------------------------------------------------------------------------- */

static void close_response(void *arg)
{
    close(((nu_response *)arg)->fd);
}

/* `length` bytes from `first` of the source. */
static nu_response *respond_with(const source *file, int status, int64_t first, int64_t length)
{
    nu__content_type type = nu__content_type_of(file->name);
    nu_response *response = nu__response_new(
        status, type.type.ptr ? type.type : S("application/octet-stream"), (nu_str){ 0 });

    if (type.encoding.ptr)
        nu__headers_add(&response->headers, S("Content-Encoding"), type.encoding);
    if (file->fd < 0) {
        response->body = (nu_str){ (const char *)file->bytes.ptr + first, (size_t)length };
        return response;
    }
    response->kind = NU__BODY_FILE;
    response->fd = file->fd;
    response->offset = first;
    response->length = length;
    nu_on_fiber_end(close_response, response);
    return response;
}

/* A range counts only for the version that the client has the rest of. */
static bool range_counts(nu_request *req, int64_t modified)
{
    nu_str condition = nu_request_header(req, "If-Range");
    int64_t seconds;

    return !condition.ptr || (nu__parse_http_date(condition, &seconds) && seconds == modified);
}

static nu_response *respond_range(nu_request *req, const source *file)
{
    nu_str header = nu_request_header(req, "Range");
    int64_t first = 0, length = file->size;
    nu__range_result range = NU__RANGE_NONE;
    nu_response *response;

    if (header.ptr && req->method == GET && range_counts(req, file->modified))
        range = nu__range_parse(header, file->size, &first, &length);
    switch (range) {
    case NU__RANGE_PART:
        response = respond_with(file, 206, first, length);
        nu__headers_add(&response->headers, S("Content-Range"),
                        nu_fmt("bytes {}-{}/{}", first, first + length - 1, file->size));
        return response;
    case NU__RANGE_UNSATISFIABLE:
        response = respond_with(file, 416, 0, 0);
        nu__headers_add(&response->headers, S("Content-Range"), nu_fmt("bytes */{}", file->size));
        return response;
    default:
        return respond_with(file, 200, 0, file->size);
    }
}

static nu_str base_name(nu_str path)
{
    const char *slash = path.len ? memrchr(path.ptr, '/', path.len) : NULL;

    return slash ? nu__sub(path, (size_t)(slash + 1 - path.ptr), path.len) : path;
}

static void close_source(void *arg)
{
    close((int)(intptr_t)arg);
}

static nu_response *respond(nu_request *req, const source *file)
{
    nu_response *response;

    if (!nu__was_modified_since(nu_request_header(req, "If-Modified-Since"), file->modified)) {
        if (file->fd >= 0)
            nu_on_fiber_end(close_source, (void *)(intptr_t)file->fd);
        return nu__response_new(304, (nu_str){ 0 }, (nu_str){ 0 });
    }
    response = respond_range(req, file);
    nu__headers_add(&response->headers, S("Last-Modified"), nu__http_date_str(file->modified));
    nu__headers_add(&response->headers, S("Accept-Ranges"), S("bytes"));
    nu__headers_add(&response->headers, S("Content-Disposition"),
                    nu__content_disposition_header(false, base_name(file->name)));
    return response;
}

/* ---- opening
 * ---------------------------------------------------------------------------------------- */

typedef struct open_job {
    const char *path;
    int fd, error;
    struct stat stat;
    char *bytes; /* SMALL of them */
    size_t got;
} open_job;

static void read_small(open_job *job)
{
    ssize_t n;

    while (job->got < (size_t)job->stat.st_size) {
        n = read(job->fd, job->bytes + job->got, (size_t)job->stat.st_size - job->got);
        if (n <= 0)
            break;
        job->got += (size_t)n;
    }
    close(job->fd);
    job->fd = -1;
    if (job->got < (size_t)job->stat.st_size)
        job->error = EIO;
}

/* Not to wait for the other end of a FIFO, O_NONBLOCK. */
static void open_file(void *arg)
{
    open_job *job = arg;

    job->fd = open(job->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (job->fd < 0 || fstat(job->fd, &job->stat) != 0)
        job->error = errno;
    else if (S_ISDIR(job->stat.st_mode))
        job->error = EISDIR;
    else if (!S_ISREG(job->stat.st_mode))
        job->error = ENOENT;
    if (job->error && job->fd >= 0) {
        close(job->fd);
        job->fd = -1;
    }
    if (job->fd >= 0 && job->stat.st_size <= SMALL)
        read_small(job);
}

static nu_response *respond_path(nu_request *req, nu_str path)
{
    open_job job = { .path = path.ptr, .fd = -1, .bytes = nu__alloc_raw(SMALL) };
    source file;

    nu__pool_run(open_file, &job);
    if (job.error == EISDIR)
        nu_raise(NU_HTTP404, "Directory indexes are not allowed here.");
    if (job.error)
        nu_raise(NU_HTTP404, "“{}” does not exist", path);
    file = (source){ .name = path,
                     .fd = job.fd,
                     .bytes = { (const uint8_t *)job.bytes, job.got },
                     .size = job.stat.st_size,
                     .modified = job.stat.st_mtime };
    return respond(req, &file);
}

nu_response *nu__static_serve(nu_request *req, nu_str path, const char *folder)
{
    while (path.len && path.ptr[0] == '/')
        path = nu__sub(path, 1, path.len);
    if (path.len && memchr(path.ptr, '\0', path.len))
        nu_raise(NU_HTTP404, "“{}” does not exist", path);
    return respond_path(req, nu__safe_join(nu_s(folder), path));
}

nu_response *nu_file_response(nu_request *req, const char *path)
{
    return respond_path(req, nu_copy_cstr(path));
}

nu_response *nu__static_bytes(nu_request *req, nu_str name, nu_bytes bytes, int64_t modified)
{
    source file = {
        .name = name, .fd = -1, .bytes = bytes, .size = (int64_t)bytes.len, .modified = modified
    };

    return respond(req, &file);
}
