#include "i18n/files.h"

#include "core/text.h"
#include "i18n/translation.h"

#include <nuages/conf.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An open catalogue with the place it came from. */
typedef struct opened {
    char *path;
    uint8_t *bytes; /* NULL: compiled in */
    nu__catalog *catalogue;
    struct opened *next;
} opened;
static opened *all;

static const nu__catalog *already_open(nu_str path)
{
    for (opened *one = all; one; one = one->next)
        if (nu_eq(path, one->path))
            return one->catalogue;
    return NULL;
}

/* Takes `bytes`, when they are malloc'd, whatever happens. */
static const nu__catalog *open_bytes(nu_str path, const uint8_t *bytes, size_t len, uint8_t *own)
{
    opened *one = calloc(1, sizeof *one);
    const char *why = "out of memory";

    if (one)
        one->path = strndup(path.ptr, path.len);
    if (one && one->path)
        one->catalogue = nu__catalog_open(bytes, len, &why);
    if (!one || !one->catalogue) {
        if (one)
            free(one->path);
        free(one);
        free(own);
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "The catalogue {} can't be used: {}. Make it anew with compilemessages.", path,
                 why);
    }
    one->bytes = own;
    one->next = all;
    all = one;
    return one->catalogue;
}

/* The whole file, malloc'd; NULL with errno set. */
static uint8_t *read_whole(int fd, size_t len)
{
    uint8_t *bytes = malloc(len ? len : 1);
    size_t done = 0;
    ssize_t n = 1;

    while (bytes && done < len && n) {
        n = read(fd, bytes + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (bytes && done < len) {
        free(bytes);
        errno = n ? errno : EIO;
        return NULL;
    }
    return bytes;
}

static uint8_t *read_file(nu_str path, size_t *len)
{
    struct stat status;
    int fd = open(path.ptr, O_RDONLY | O_CLOEXEC), kept_errno;
    uint8_t *bytes = NULL;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &status) == 0) {
        if (S_ISREG(status.st_mode) && status.st_size <= NU__CATALOG_LARGEST)
            bytes = read_whole(fd, *len = (size_t)status.st_size);
        else
            errno = EFBIG;
    }
    kept_errno = errno;
    close(fd);
    errno = kept_errno;
    return bytes;
}

/* As os.path.exists() says it, by which gettext finds catalogues: one in a folder that this process
   may not search is none, as the source tree of a site that was built in someone's home. Keeps
   errno. */
static bool is_missing(nu_str path)
{
    int kept = errno;
    struct stat status;
    bool missing = stat(path.ptr, &status) != 0;

    errno = kept;
    return missing;
}

const nu__catalog *nu__catalog_in_folder(const void *folder, nu_str locale)
{
    nu_str path = nu_fmt("{}/{}/LC_MESSAGES/django.mo", (const char *)folder, locale);
    const nu__catalog *found = already_open(path);
    size_t len = 0;
    uint8_t *bytes;

    if (found)
        return found;
    bytes = read_file(path, &len);
    if (!bytes && is_missing(path))
        return NULL;
    if (!bytes)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "The catalogue {} can't be read: {}.", path,
                 (const char *)strerror(errno));
    return open_bytes(path, bytes, len, bytes);
}

const nu__catalog *nu__catalog_compiled_in(const void *table, nu_str locale)
{
    nu_str name = nu_fmt("{}/LC_MESSAGES/django.mo", locale);

    for (const nu_embedded_file *file = table; file->name; file++)
        if (nu_eq(name, file->name)) {
            nu_str path = nu_fmt("{} (compiled in, {})", name, (int64_t)(intptr_t)table);
            const nu__catalog *found = already_open(path);

            return found ? found : open_bytes(path, file->bytes, file->len, NULL);
        }
    return NULL;
}

const nu__catalog *nu__catalog_own(const void *place, nu_str locale)
{
    (void)place;
    for (const nu__own_catalogue *own = nu__own_catalogues; own->locale; own++)
        if (nu_eq(locale, own->locale)) {
            nu_str path = nu_fmt("{} (Nuages' own)", locale);
            const nu__catalog *found = already_open(path);

            return found ? found : open_bytes(path, own->bytes, own->len, NULL);
        }
    return NULL;
}

void nu__catalogs_close(void)
{
    while (all) {
        opened *next = all->next;

        nu__catalog_free(all->catalogue);
        free(all->bytes);
        free(all->path);
        free(all);
        all = next;
    }
}
