/* Templates in a folder: DIRS, and the templates/ of an app. */
#include "core/text.h"
#include "template/engine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DEPTH = 32, MAX_FILE = 16 << 20 };

static nu_str join(nu_str folder, nu_str name)
{
    return nu_fmt("{}/{}", folder, name);
}

static bool find(const nu__loader *self, nu_str name, nu__source *out)
{
    struct stat status;
    nu_str path;

    out->origin = nu_fmt("{}/{}", self->path, name);
    if (!nu__template_name_normalize(name, &path))
        return false;
    out->origin = join(self->path, path);
    if (stat(out->origin.ptr, &status) || !S_ISREG(status.st_mode))
        return false;
    out->mtime_ns = status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec;
    return true;
}

static void close_file(void *fd)
{
    close((int)(intptr_t)fd);
}

static nu_str read_all(int fd, nu_str path)
{
    nu__buf text = { 0 };
    ssize_t n;

    do {
        nu__buf_reserve(&text, 8192);
        n = read(fd, text.data + text.len, 8192);
        if (n < 0 && errno != EINTR)
            nu_raise(NU_OS_ERROR, "Cannot read the template {}: {}", path, strerror(errno));
        text.len += n > 0 ? (size_t)n : 0;
        if (text.len > MAX_FILE)
            nu_raise(NU_OS_ERROR, "The template {} has more than {} bytes.", path, MAX_FILE);
    } while (n);
    return nu__buf_str(&text);
}

static void read_file(const nu__loader *self, nu_str name, nu__source *out)
{
    int fd = open(out->origin.ptr, O_RDONLY | O_CLOEXEC);

    (void)self;
    (void)name;
    if (fd < 0)
        nu_raise(NU_OS_ERROR, "Cannot open the template {}: {}", out->origin, strerror(errno));
    nu_defer(close_file, (void *)(intptr_t)fd);
    out->text = read_all(fd, out->origin);
}

static void close_folder(void *folder)
{
    closedir(folder);
}

/* A walk for names. Links may lead back to where it comes from, or to each other in ever new
   orders: each folder is looked at once, whatever names lead to it. */
typedef struct walk {
    nu__name_search *names;
    nu_dict *seen; /* "device:inode" of each folder */
} walk;

static bool is_new(walk *walk, const struct stat *status)
{
    nu_str id = nu_fmt("{}:{}", (uint64_t)status->st_dev, (uint64_t)status->st_ino);

    if (nu_dict_find(walk->seen, id, NULL))
        return false;
    nu_dict_set_str(walk->seen, id, nu_null());
    return true;
}

static void add_folder(walk *walk, nu_str path, nu_str prefix, int depth);

static void add_entry(walk *walk, nu_str path, nu_str prefix, const char *entry, int depth)
{
    nu_str name = prefix.len ? nu_fmt("{}/{}", prefix, entry) : nu_copy_cstr(entry);
    nu_str full = join(path, nu_s(entry));
    struct stat status;

    if (entry[0] == '.' || stat(full.ptr, &status))
        return;
    if (S_ISREG(status.st_mode))
        nu_dict_set_str(walk->names->found, name, V(full));
    else if (S_ISDIR(status.st_mode) && depth < MAX_DEPTH && is_new(walk, &status))
        add_folder(walk, full, name, depth + 1);
}

static void add_folder(walk *walk, nu_str path, nu_str prefix, int depth)
{
    DIR *folder = opendir(path.ptr);
    struct dirent *entry;

    if (!folder)
        return;
    nu_defer(close_folder, folder);
    for (; walk->names->left && (entry = readdir(folder)); walk->names->left--)
        add_entry(walk, path, prefix, entry->d_name, depth);
}

static void names(const nu__loader *self, nu__name_search *names)
{
    walk walk = { names, nu_dict_new() };
    struct stat status;

    if (!stat(self->path.ptr, &status) && is_new(&walk, &status))
        add_folder(&walk, self->path, (nu_str){ 0 }, 0);
}

const nu__loader_ops nu__folder_loader_ops = { find, read_file, names };
