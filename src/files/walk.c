#include "files/walk.h"

#include "core/text.h"

#include <dirent.h>
#include <fnmatch.h>
#include <nuages/errors.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 32 };

typedef struct walker {
    nu_str folder;
    const nu__walk_rules *rules;
    void (*visit)(void *self, nu_str path);
    void *self;
} walker;

static bool is_hidden(const char *name)
{
    return name[0] == '.' || (name[0] && name[strlen(name) - 1] == '~') || !strcmp(name, "CVS");
}

/* One entry, without those above it. */
static bool is_ignored(const nu__walk_rules *rules, nu_str path)
{
    const char *slash = strrchr(path.ptr, '/'), *name = slash ? slash + 1 : path.ptr;

    if (!strcmp(name, ".") || !strcmp(name, "..") || (!rules->no_defaults && is_hidden(name)))
        return true;
    for (size_t i = 0; rules->ignore && i < nu_list_len(rules->ignore); i++) {
        const char *pattern = nu_at(rules->ignore, i).s.ptr;

        if (!fnmatch(pattern, name, FNM_NOESCAPE) || !fnmatch(pattern, path.ptr, FNM_NOESCAPE))
            return true;
    }
    return false;
}

bool nu__walk_ignores(const nu__walk_rules *rules, nu_str path)
{
    nu_str whole = nu_copy(path);

    for (const char *slash = whole.ptr; (slash = strchr(slash, '/')); slash++)
        if (slash > whole.ptr &&
            is_ignored(rules, nu_copy((nu_str){ whole.ptr, (size_t)(slash - whole.ptr) })))
            return true;
    return is_ignored(rules, whole);
}

static void close_dir(void *dir)
{
    closedir(dir);
}

static void walk(const walker *w, nu_str below, int depth);

static void one_entry(const walker *w, nu_str name, int depth)
{
    nu_str path = nu_fmt("{}/{}", w->folder, name);
    struct stat status, link;

    if (lstat(path.ptr, &link))
        return;
    if (w->rules->entries && !S_ISDIR(link.st_mode))
        w->visit(w->self, name);
    else if (stat(path.ptr, &status))
        return;
    else if (S_ISREG(status.st_mode))
        w->visit(w->self, name);
    else if (S_ISDIR(status.st_mode) && !(w->rules->no_links && S_ISLNK(link.st_mode)))
        walk(w, name, depth + 1);
}

static void walk(const walker *w, nu_str below, int depth)
{
    nu_str path = below.len ? nu_fmt("{}/{}", w->folder, below) : nu_copy(w->folder);
    DIR *dir = depth < MAX_DEPTH ? opendir(path.ptr) : NULL;

    if (!dir)
        return;
    nu_defer(close_dir, dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        nu_str name =
            below.len ? nu_fmt("{}/{}", below, nu_s(entry->d_name)) : nu_copy_cstr(entry->d_name);

        if (!is_ignored(w->rules, name))
            one_entry(w, name, depth);
    }
}

void nu__walk(nu_str folder, void (*visit)(void *self, nu_str path), void *self)
{
    nu__walk_by(folder, &(nu__walk_rules){ 0 }, visit, self);
}

void nu__walk_by(nu_str folder, const nu__walk_rules *rules, void (*visit)(void *self, nu_str path),
                 void *self)
{
    walk(&(walker){ folder, rules, visit, self }, S(""), 0);
}
