#include "apps/registry.h"
#include "conf/settings.h"
#include "core/buf.h"
#include "files/safe_join.h"
#include "files/walk.h"
#include "staticfiles/staticfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- folders --------------------------------------------------------------------------------- */

/* The i-th folder: STATICFILES_DIRS, then the apps' static/. false past the last; an app without a
   path has an empty one. */
static bool folder_at(size_t i, nu_str *folder)
{
    const nu__conf_list *dirs = &nu__settings.staticfiles_dirs;
    const nu__app_config *apps;
    size_t n_apps;

    if (i < dirs->len) {
        *folder = dirs->items[i];
        return true;
    }
    i -= dirs->len;
    apps = nu__apps(&n_apps);
    if (i >= n_apps)
        return false;
    *folder = apps[i].app->path ? nu_fmt("{}/static", nu_s(apps[i].app->path)) : S("");
    return true;
}

/* A folder counts as found too: who serves it says that it has no index. */
static bool is_there(nu_str path)
{
    struct stat st;

    return stat(path.ptr, &st) == 0;
}

static const nu_embedded_file *embedded_find(nu_str path)
{
    const nu__app_config *apps;
    size_t n;

    apps = nu__apps(&n);
    for (size_t i = 0; i < n; i++)
        for (const nu_embedded_file *f = apps[i].app->static_files; f && f->name; f++)
            if (nu_eq(path, f->name))
                return f;
    return NULL;
}

bool nu__static_find(nu_str path, nu__static_file *found)
{
    nu_str folder;

    while (nu_starts_with(path, S("/")))
        path = (nu_str){ path.ptr + 1, path.len - 1 };
    *found = (nu__static_file){ .path = path };
    nu__safe_join(S("/static"), path); /* refuses what leads out, wherever the files lie */
    for (size_t i = 0; folder_at(i, &folder); i++)
        if (folder.len && path.len && is_there(nu__safe_join(folder, path))) {
            found->folder = folder;
            return true;
        }
    found->embedded = embedded_find(path);
    return found->embedded != NULL;
}

nu_list *nu__static_folders(void)
{
    nu_list *folders = nu_list_new();
    nu_str folder;

    for (size_t i = 0; folder_at(i, &folder); i++)
        if (folder.len && is_there(folder))
            nu_list_append(folders, nu_copy(folder));
    return folders;
}

/* ---- all files ------------------------------------------------------------------------------- */

typedef struct walker {
    void (*visit)(void *self, const nu__static_file *file);
    void *self;
    nu_str folder;
} walker;

static void visit_file(void *self, nu_str path)
{
    const walker *w = self;

    w->visit(w->self, &(nu__static_file){ .path = path, .folder = w->folder });
}

/* Of the compiled-in files of an app those that its own folder has not: the others are copies. */
static void visit_embedded(const nu_app *app, const nu__walk_rules *rules, const walker *w)
{
    for (const nu_embedded_file *f = app->static_files; f && f->name; f++)
        if (!nu__walk_ignores(rules, nu_s(f->name)) &&
            !(app->path && is_there(nu_fmt("{}/static/{}", nu_s(app->path), nu_s(f->name)))))
            w->visit(w->self, &(nu__static_file){ .path = nu_s(f->name), .embedded = f });
}

void nu__static_each(const nu__walk_rules *rules,
                     void (*visit)(void *self, const nu__static_file *file), void *self)
{
    walker w = { visit, self, { 0 } };
    const nu__app_config *apps;
    size_t n;

    for (size_t i = 0; folder_at(i, &w.folder); i++)
        if (w.folder.len)
            nu__walk_by(w.folder, rules, visit_file, &w);
    apps = nu__apps(&n);
    for (size_t i = 0; i < n; i++)
        visit_embedded(apps[i].app, rules, &w);
}

/* ---- a file ---------------------------------------------------------------------------------- */

static void close_fd(void *fd)
{
    close((int)(intptr_t)fd);
}

nu_str nu__static_read(const nu__static_file *file)
{
    nu_str path;
    int fd;
    nu__buf out = { 0 };
    ssize_t got;

    if (file->embedded)
        return (nu_str){ (const char *)file->embedded->bytes, file->embedded->len };
    path = nu_fmt("{}/{}", file->folder, file->path);
    fd = open(path.ptr, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        nu_raise(NU_OS_ERROR, "cannot read {}: {}", path, strerror(errno));
    nu_defer(close_fd, (void *)(intptr_t)fd);
    do {
        nu__buf_reserve(&out, 65536);
        got = read(fd, out.data + out.len, 65536);
        if (got < 0)
            nu_raise(NU_OS_ERROR, "cannot read {}: {}", path, strerror(errno));
        out.len += (size_t)got;
    } while (got > 0);
    return nu__buf_str(&out);
}

int64_t nu__static_modified(const nu__static_file *file)
{
    struct stat st;
    const char *path =
        file->embedded ? "/proc/self/exe" : nu_fmt("{}/{}", file->folder, file->path).ptr;

    return stat(path, &st) == 0 ? st.st_mtime : 0;
}
