/* Files of caches, read and written by threads of the pool. */
#include "cache/file_disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define HEAD "nuages-cache 1 "
enum {
    DIGITS = 20,
    EXPIRES_AT = sizeof HEAD - 1,
    LENGTH_AT = EXPIRES_AT + DIGITS + 1,
    HEAD_LEN = LENGTH_AT + DIGITS + 1,
    MOST_BYTES = 256 << 20, /* of a value */
    PATH_SIZE = 4096
};

typedef nu__cache_file_job job;

static void fail(job *j)
{
    j->error = errno;
    j->state = errno == ENOENT ? NU__CACHE_FILE_ABSENT : NU__CACHE_FILE_FAILED;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_whole(int fd, void *into, size_t len)
{
    size_t at = 0;

    while (at < len) {
        ssize_t n = read(fd, (char *)into + at, len - at);

        if (n == 0)
            return false;
        if (n < 0 && errno != EINTR)
            return false;
        at += n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* 20 digits and what stands behind them. */
static bool number_in(const char *text, char end, int64_t *number)
{
    int64_t sum = 0;

    for (int i = 0; i < DIGITS; i++)
        if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_add_overflow(sum, text[i] - '0', &sum))
            return false;
    *number = sum;
    return text[DIGITS] == end;
}

static bool read_head(job *j, int fd, int64_t *len)
{
    char head[HEAD_LEN];

    return read_whole(fd, head, HEAD_LEN) && !memcmp(head, HEAD, EXPIRES_AT) &&
           number_in(head + EXPIRES_AT, ' ', &j->expires) &&
           number_in(head + LENGTH_AT, '\n', len) && *len <= MOST_BYTES;
}

static bool unpacked(job *j, const Bytef *packed, size_t packed_len, size_t len)
{
    uLongf got = len;
    uLong used = packed_len;

    j->read = malloc(len + 1);
    if (!j->read || uncompress2((Bytef *)j->read, &got, packed, &used) != Z_OK || got != len ||
        used != packed_len) {
        free(j->read);
        j->read = NULL;
        return false;
    }
    j->read_len = len;
    return true;
}

static bool read_value(job *j, int fd, size_t len)
{
    struct stat st;
    size_t packed_len;
    Bytef *packed;
    bool whole;

    if (fstat(fd, &st) || st.st_size < HEAD_LEN || (size_t)st.st_size > compressBound(MOST_BYTES))
        return false;
    packed_len = (size_t)st.st_size - HEAD_LEN;
    packed = malloc(packed_len + 1);
    whole = packed && read_whole(fd, packed, packed_len) && unpacked(j, packed, packed_len, len);
    free(packed);
    return whole;
}

void nu__cache_file_read(void *arg)
{
    job *j = arg;
    int fd = open(j->path, O_RDONLY | O_CLOEXEC);
    int64_t len;

    if (fd < 0) {
        fail(j);
        return;
    }
    j->state = read_head(j, fd, &len) && (j->head_only || read_value(j, fd, (size_t)len))
                   ? NU__CACHE_FILE_THERE
                   : NU__CACHE_FILE_DAMAGED;
    close(fd);
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool write_whole(int fd, const void *bytes, size_t len)
{
    size_t at = 0;

    while (at < len) {
        ssize_t n = write(fd, (const char *)bytes + at, len - at);

        if (n < 0 && errno != EINTR)
            return false;
        at += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool make_folders(const char *folder)
{
    char path[PATH_SIZE];

    if (snprintf(path, sizeof path, "%s", folder) >= PATH_SIZE) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0700) && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return !mkdir(path, 0700) || errno == EEXIST;
}

static bool write_value(int fd, const job *j)
{
    uLongf len = compressBound(j->text.len);
    Bytef *packed = malloc(HEAD_LEN + len + 1);
    bool done;

    if (!packed) {
        errno = ENOMEM;
        return false;
    }
    snprintf((char *)packed, HEAD_LEN + 1, HEAD "%0*lld %0*zu\n", (int)DIGITS,
             (long long)j->expires, (int)DIGITS, j->text.len);
    done = compress(packed + HEAD_LEN, &len, (const Bytef *)j->text.ptr, j->text.len) == Z_OK;
    if (!done)
        errno = ENOMEM;
    done = done && write_whole(fd, packed, HEAD_LEN + len);
    free(packed);
    return done;
}

/* Under its name; false: `errno`. */
static bool put_in_place(const job *j, const char *beside)
{
    if (!j->only_new)
        return !rename(beside, j->path);
    if (link(beside, j->path))
        return false;
    unlink(beside);
    return true;
}

void nu__cache_file_write(void *arg)
{
    job *j = arg;
    char beside[PATH_SIZE];
    bool done;
    int fd;

    j->state = NU__CACHE_FILE_FAILED;
    if (snprintf(beside, sizeof beside, "%s/tmp-XXXXXX", j->folder) >= PATH_SIZE) {
        j->error = ENAMETOOLONG;
        return;
    }
    fd = make_folders(j->folder) ? mkostemp(beside, O_CLOEXEC) : -1;
    if (fd < 0) {
        j->error = errno;
        return;
    }
    done = write_value(fd, j);
    j->error = errno;
    if (close(fd) && done) { /* a quota may speak only here */
        j->error = errno;
        done = false;
    }
    if (done && put_in_place(j, beside)) {
        j->state = NU__CACHE_FILE_THERE;
        return;
    }
    if (done)
        j->error = errno;
    if (j->error == EEXIST)
        j->state = NU__CACHE_FILE_TAKEN;
    unlink(beside);
}

void nu__cache_file_touch(void *arg)
{
    job *j = arg;
    char digits[DIGITS + 1];
    int fd = open(j->path, O_WRONLY | O_CLOEXEC);

    if (fd < 0) {
        fail(j);
        return;
    }
    snprintf(digits, sizeof digits, "%0*lld", (int)DIGITS, (long long)j->expires);
    if (pwrite(fd, digits, DIGITS, EXPIRES_AT) == DIGITS)
        j->state = NU__CACHE_FILE_THERE;
    else
        fail(j);
    close(fd);
}

void nu__cache_file_remove(void *arg)
{
    job *j = arg;

    if (unlink(j->path))
        fail(j);
    else
        j->state = NU__CACHE_FILE_THERE;
}

/* ---- all of a folder ------------------------------------------------------------------------- */

static bool add_name(nu__cache_file_names *in, const char *name)
{
    if (in->n == in->size) {
        size_t size = in->size ? in->size * 2 : 64;
        char **grown = reallocarray(in->names, size, sizeof *grown);

        if (!grown)
            return false;
        in->names = grown;
        in->size = size;
    }
    in->names[in->n] = strdup(name);
    return in->names[in->n] && ++in->n;
}

void nu__cache_file_list(void *arg)
{
    nu__cache_file_names *in = arg;
    const size_t suffix = sizeof NU__CACHE_FILE_SUFFIX - 1;
    DIR *dir = opendir(in->folder);

    if (!dir) {
        in->error = errno == ENOENT ? 0 : errno;
        return;
    }
    for (struct dirent *entry = readdir(dir); entry && !in->error; entry = readdir(dir)) {
        size_t len = strlen(entry->d_name);

        if (len > suffix && !strcmp(entry->d_name + len - suffix, NU__CACHE_FILE_SUFFIX) &&
            !add_name(in, entry->d_name))
            in->error = ENOMEM;
    }
    closedir(dir);
}

void nu__cache_file_remove_listed(void *arg)
{
    nu__cache_file_names *in = arg;
    char path[PATH_SIZE];

    for (size_t i = 0; i < in->n; i++)
        if (snprintf(path, sizeof path, "%s/%s", in->folder, in->names[i]) < PATH_SIZE &&
            unlink(path) && errno != ENOENT)
            in->error = errno;
}

void nu__cache_file_names_release(void *arg)
{
    nu__cache_file_names *in = arg;

    for (size_t i = 0; i < in->n; i++)
        free(in->names[i]);
    free(in->names);
}
