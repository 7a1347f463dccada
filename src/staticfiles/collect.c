#include "staticfiles/collect.h"

#include "conf/settings.h"
#include "staticfiles/manifest.h"
#include "staticfiles/staticfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct collector {
    const nu__collect_options *options;
    nu_str root;   /* without a slash at its end */
    nu_dict *seen; /* paths */
    nu__collected counts;
} collector;

/* ---- the disk -------------------------------------------------------------------------------- */

static NU_NORETURN void refuse(const char *what, nu_str path)
{
    nu_raise(NU_OS_ERROR, "cannot {} {}: {}", what, path, strerror(errno));
}

/* The folders above a file, made where they are missing. */
static void folders_make(nu_str path)
{
    char *text = (char *)nu_copy(path).ptr;

    for (char *slash = strchr(text + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(text, 0755) && errno != EEXIST)
            refuse("make the folder", nu_s(text));
        *slash = '/';
    }
}

static void close_fd(void *fd)
{
    close((int)(intptr_t)fd);
}

/* Written beside and then renamed, so that a server never sees half a file. */
void nu__static_write(nu_str path, nu_str content)
{
    nu_str beside = nu_fmt("{}.part", path);
    int fd;

    folders_make(path);
    fd = open(beside.ptr, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        refuse("write", beside);
    {
        nu_defer(close_fd, (void *)(intptr_t)fd);
        for (size_t at = 0; at < content.len;) {
            ssize_t n = write(fd, content.ptr + at, content.len - at);

            if (n < 0)
                refuse("write", beside);
            at += (size_t)n;
        }
    }
    if (rename(beside.ptr, nu_copy(path).ptr))
        refuse("rename", beside);
}

/* ---- collecting ------------------------------------------------------------------------------ */

/* As it is wanted: a link or a copy, and of what is there now. */
static bool is_current(const collector *c, nu_str target, const nu__static_file *file)
{
    struct stat st;
    bool linked = c->options->link && !file->embedded;

    if (lstat(target.ptr, &st) || S_ISLNK(st.st_mode) != linked)
        return false;
    return stat(target.ptr, &st) == 0 && st.st_mtime >= nu__static_modified(file);
}

static void link_make(nu_str from, nu_str to)
{
    char *real = realpath(from.ptr, NULL);
    int status;

    if (!real)
        refuse("link to", from);
    folders_make(to);
    unlink(to.ptr);
    status = symlink(real, to.ptr);
    free(real);
    if (status)
        refuse("make the link", to);
}

static void tell(const collector *c, int64_t verbosity, nu_str line)
{
    if (c->options->tell)
        c->options->tell(c->options->self, verbosity, line);
}

static void take(const collector *c, const nu__static_file *file, nu_str target)
{
    bool linked = c->options->link && !file->embedded;
    nu_str from = file->embedded ? nu_fmt("{} (compiled in)", file->path)
                                 : nu_fmt("{}/{}", file->folder, file->path);

    if (c->options->dry)
        tell(c, 1, nu_fmt("Pretending to {} '{}'", linked ? "link" : "copy", from));
    else
        tell(c, 2, nu_fmt("{} '{}'", linked ? "Linking" : "Copying", from));
    if (c->options->dry)
        return;
    nu_scratch_scope();
    if (linked)
        link_make(from, target);
    else
        nu__static_write(target, nu__static_read(file));
}

/* What an earlier finder had. The files of a folder that are compiled in, too, are the same. */
static void skip_duplicate(const collector *c, const nu__static_file *file)
{
    if (!file->embedded)
        tell(c, 1,
             nu_fmt("Found another file with the destination path '{}'. It will be ignored since "
                    "only the first encountered file is collected. If this is not what you want, "
                    "make sure every static file has a unique path.",
                    file->path));
}

static void collect_one(void *self, const nu__static_file *file)
{
    collector *c = self;
    nu_str target = nu_fmt("{}/{}", c->root, file->path);
    struct stat st;
    nu_value there;

    if (nu_dict_find(c->seen, file->path, &there)) {
        skip_duplicate(c, file);
        return;
    }
    nu_dict_set_str(c->seen, file->path, nu_v_bool(true));
    if (is_current(c, target, file)) {
        tell(c, 2, nu_fmt("Skipping '{}' (not modified)", file->path));
        c->counts.unmodified++;
        return;
    }
    if (lstat(target.ptr, &st) == 0)
        tell(c, 2,
             nu_fmt("{} '{}'", c->options->dry ? "Pretending to delete" : "Deleting", file->path));
    take(c, file, target);
    c->counts.copied++;
}

static void remove_one(void *self, nu_str path)
{
    const collector *c = self;
    nu_str whole = nu_fmt("{}/{}", c->root, path);

    tell(c, 1, nu_fmt("{} '{}'", c->options->dry ? "Pretending to delete" : "Deleting", path));
    if (!c->options->dry && unlink(whole.ptr))
        refuse("remove", whole);
}

static void tell_processed(void *self, nu_str path, nu_str name)
{
    tell(self, 2,
         name.len ? nu_fmt("Post-processed '{}' as '{}'", path, name)
                  : nu_fmt("Skipped post-processing '{}'", path));
}

static void manifest_make(collector *c)
{
    nu__manifest *manifest = nu__manifest_new(c->root, tell_processed, c);

    for (size_t i = 0; i < nu_dict_len(c->seen); i++)
        nu__manifest_add(manifest, nu_dict_key(c->seen, i));
    c->counts.post_processed = nu__manifest_write(manifest);
}

nu__collected nu__staticfiles_collect(const nu__collect_options *options)
{
    collector c = { .options = options, .root = options->root, .seen = nu_dict_new() };

    while (nu_ends_with(c.root, S("/")) && c.root.len > 1)
        c.root.len--;
    c.root = nu_copy(c.root);
    if (options->clear)
        nu__walk_by(c.root, &(nu__walk_rules){ .no_defaults = true, .entries = true }, remove_one,
                    &c);
    nu__static_each(&options->rules, collect_one, &c);
    if (nu__settings.staticfiles_manifest && !options->dry && !options->no_post_process)
        manifest_make(&c);
    return c.counts;
}
