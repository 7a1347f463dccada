#include "files/walk.h"

#include "core/text.h"

#include <dirent.h>
#include <nuages/errors.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 32 };

typedef struct walker {
    nu_str folder;
    void (*visit)(void *self, nu_str path);
    void *self;
} walker;

static bool is_ignored(const char *name)
{
    return name[0] == '.' || name[strlen(name) - 1] == '~' || !strcmp(name, "CVS");
}

static void close_dir(void *dir)
{
    closedir(dir);
}

static void walk(const walker *w, nu_str below, int depth);

static void one_entry(const walker *w, nu_str name, int depth)
{
    nu_str path = nu_fmt("{}/{}", w->folder, name);
    struct stat status;

    if (stat(path.ptr, &status))
        return;
    if (S_ISREG(status.st_mode))
        w->visit(w->self, name);
    else if (S_ISDIR(status.st_mode))
        walk(w, name, depth + 1);
}

static void walk(const walker *w, nu_str below, int depth)
{
    nu_str path = below.len ? nu_fmt("{}/{}", w->folder, below) : nu_copy(w->folder);
    DIR *dir = depth < MAX_DEPTH ? opendir(path.ptr) : NULL;

    if (!dir)
        return;
    nu_defer(close_dir, dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        if (!is_ignored(entry->d_name))
            one_entry(w,
                      below.len ? nu_fmt("{}/{}", below, nu_s(entry->d_name))
                                : nu_copy_cstr(entry->d_name),
                      depth);
}

void nu__walk(nu_str folder, void (*visit)(void *self, nu_str path), void *self)
{
    walk(&(walker){ folder, visit, self }, S(""), 0);
}
