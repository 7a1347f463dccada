#include "files/storage.h"

#include "core/object.h"
#include "files/safe_join.h"
#include "loop/pool.h"
#include "utils/crypto.h"
#include "utils/text.h"
#include "utils/url.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static nu_str root, url;

void nu__storage_setup(nu_str media_root, nu_str media_url)
{
    root = media_root;
    url = media_url;
}

/* ---- writing ------------------------------------------------------------------------------- */

enum { CHUNK = 64 * 1024, TRIES = 16, SUFFIX_CHARS = 7 };

/* One blocking call of the file system, for a thread of the pool. */
typedef struct disk_job {
    const char *path;
    const void *bytes;
    size_t len;
    int fd, error;
} disk_job;

static void make_folders_and_create(void *arg)
{
    disk_job *job = arg;
    char *path = (char *)job->path;

    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        job->error = mkdir(path, 0777) && errno != EEXIST ? errno : 0;
        *slash = '/';
        if (job->error)
            return;
    }
    job->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    job->error = job->fd < 0 ? errno : 0;
}

static void write_chunk(void *arg)
{
    disk_job *job = arg;
    const char *at = job->bytes;

    while (job->len && !job->error) {
        ssize_t n = write(job->fd, at, job->len);

        if (n < 0 && errno != EINTR)
            job->error = errno;
        if (n > 0) {
            at += n;
            job->len -= (size_t)n;
        }
    }
}

static void close_file(void *arg)
{
    close(((disk_job *)arg)->fd);
}

static void remove_file(void *arg)
{
    disk_job *job = arg;

    job->error = unlink(job->path) && errno != ENOENT ? errno : 0;
}

static NU_NORETURN void failed(nu_str path, int error)
{
    nu_raise(NU_OS_ERROR, "the uploaded file {} could not be stored: {}. MEDIA_ROOT is {}.", path,
             strerror(error), root);
}

static void copy_into(nu_file *file, disk_job *job)
{
    char *chunk = nu_alloc_array(char, CHUNK);
    int64_t offset = 0;
    size_t n;

    while ((n = nu_file_read(file, offset, chunk, CHUNK))) {
        job->bytes = chunk;
        job->len = n;
        nu__pool_run(write_chunk, job);
        if (job->error)
            failed(nu_s(job->path), job->error);
        offset += (int64_t)n;
    }
}

/* "photos/face.png", then "photos/face_a1B2c3D.png" when that is taken. */
static nu_str candidate(nu_str folder, nu_str base, int attempt)
{
    const char *dot = memrchr(base.ptr, '.', base.len);
    size_t stem = dot && dot != base.ptr ? (size_t)(dot - base.ptr) : base.len;

    if (!attempt)
        return nu_fmt("{}{}", folder, base);
    return nu_fmt("{}{}_{}{}", folder, ((nu_str){ base.ptr, stem }),
                  nu__get_random_string(SUFFIX_CHARS, NULL),
                  ((nu_str){ base.ptr + stem, base.len - stem }));
}

static nu_str folder_of(const char *upload_to)
{
    size_t len = upload_to ? strlen(upload_to) : 0;

    return nu_fmt("{}{}", len ? upload_to : "", len && upload_to[len - 1] != '/' ? "/" : "");
}

nu_file_ref nu_store(nu_file *file, const char *upload_to)
{
    nu_str base = nu__get_valid_filename(nu_file_name(file)), folder = folder_of(upload_to);

    if (!root.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "uploaded files need a folder: set MEDIA_ROOT");
    for (int attempt = 0; attempt < TRIES; attempt++) {
        nu_str name = candidate(folder, base, attempt);
        disk_job job = { .path = nu__safe_join(root, name).ptr };

        nu__pool_run(make_folders_and_create, &job);
        if (job.error == EEXIST)
            continue;
        if (job.error)
            failed(nu_s(job.path), job.error);
        nu_defer(close_file, &job);
        copy_into(file, &job);
        return (nu_file_ref){ name };
    }
    failed(base, EEXIST);
}

void nu__storage_delete(nu_str name)
{
    disk_job job = { .path = nu__safe_join(root, name).ptr };

    nu__pool_run(remove_file, &job);
    if (job.error)
        nu_raise(NU_OS_ERROR, "{} could not be removed: {}", job.path, strerror(job.error));
}

/* ---- for templates -------------------------------------------------------------------------- */

nu_str nu__storage_url(nu_str name)
{
    if (!name.len)
        nu_raise(NU_VALUE_ERROR, "this field has no file associated with it.");
    return nu_fmt("{}{}", url, nu__filepath_to_uri(name));
}

typedef struct field_file {
    nu_object object;
    nu_str name;
} field_file;

static nu_str name_of(const nu_object *self)
{
    return ((const field_file *)self)->name;
}

static bool get(const nu_object *self, nu_str name, nu_value *out)
{
    if (nu_eq(name, "name"))
        *out = nu_v_str(name_of(self));
    else if (nu_eq(name, "url") && name_of(self).len)
        *out = nu_v_str(nu__storage_url(name_of(self)));
    else if (nu_eq(name, "path") && name_of(self).len)
        *out = nu_v_str(nu__safe_join(root, name_of(self)));
    else
        return false;
    return true;
}

static nu_value text(const nu_object *self)
{
    return nu_v_str(name_of(self));
}

static bool truth(const nu_object *self)
{
    return name_of(self).len > 0;
}

static const nu_object_ops field_file_ops = {
    .kind = "file", .get = get, .text = text, .truth = truth
};
static const nu_class field_file_class = { &field_file_ops, "FieldFile" };

nu_value nu__field_file_value(nu_str name)
{
    field_file *file = nu_alloc(field_file);

    *file = (field_file){ .object = { .type = &field_file_class }, .name = name };
    return nu_v_object(&file->object);
}
