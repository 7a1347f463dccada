#include "cli/source_watch.h"

#include "cli/build_folder.h"
#include "core/text.h"

#include <dirent.h>
#include <errno.h>
#include <nuages/errors.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { QUIET_MS = 30, MOST_DEPTH = 24 };

static bool is_source(const char *name)
{
    static const char *const endings[] = {
        ".c", ".h", ".build", ".inc", ".po", "meson_options.txt"
    };

    for (size_t i = 0; name[0] != '.' && i < sizeof endings / sizeof *endings; i++)
        if (nu_ends_with(nu_s(name), nu_s(endings[i])))
            return true;
    return false;
}

static bool is_watched_folder(const char *path, const char *name)
{
    return name[0] != '.' && strcmp(name, "node_modules") && strcmp(name, "__pycache__") &&
           !nu__file_exists(path, "build.ninja") && !nu__file_exists(path, "pyvenv.cfg");
}

static void watch(nu__source_watch *w, nu_str folder, int depth)
{
    DIR *dir = opendir(folder.ptr);
    const struct dirent *entry;
    struct stat about;
    int number = dir ? inotify_add_watch(w->inotify, folder.ptr,
                                         IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE |
                                             IN_MOVED_FROM | IN_ONLYDIR)
                     : -1;

    if (number >= 0 && number < NU__MOST_FOLDERS) {
        w->folders[number] = folder;
        w->n_folders++;
    }
    while (dir && depth < MOST_DEPTH && w->n_folders < NU__MOST_FOLDERS && (entry = readdir(dir))) {
        nu_str path = nu_fmt("{}/{}", folder, (const char *)entry->d_name);

        if (lstat(path.ptr, &about) == 0 && S_ISDIR(about.st_mode) &&
            is_watched_folder(path.ptr, entry->d_name))
            watch(w, path, depth + 1);
    }
    if (dir)
        closedir(dir);
}

void nu__source_watch_begin(nu__source_watch *w, nu_str folder)
{
    w->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (w->inotify < 0)
        nu_raise(NU_OS_ERROR, "the sources can't be watched: {}", (const char *)strerror(errno));
    watch(w, folder, 0);
}

nu_str nu__source_watch_read(nu__source_watch *w)
{
    char bytes[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
    nu_str changed = { 0 };
    ssize_t n;

    while ((n = read(w->inotify, bytes, sizeof bytes)) > 0)
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *event = (const struct inotify_event *)(bytes + at);

            at += (ssize_t)(sizeof *event + event->len);
            if (!event->len || event->wd < 0 || event->wd >= NU__MOST_FOLDERS)
                continue;
            if (event->mask & IN_ISDIR && event->mask & (IN_CREATE | IN_MOVED_TO))
                watch(w, nu_fmt("{}/{}", w->folders[event->wd], (const char *)event->name), 0);
            else if (is_source(event->name))
                changed = nu_fmt("{}/{}", w->folders[event->wd], (const char *)event->name);
        }
    return changed;
}

nu_str nu__source_watch_settled(nu__source_watch *w, nu_str changed)
{
    struct pollfd polled = { .fd = w->inotify, .events = POLLIN };

    while (poll(&polled, 1, QUIET_MS) > 0) {
        nu_str more = nu__source_watch_read(w);

        changed = more.len ? more : changed;
    }
    return changed;
}
