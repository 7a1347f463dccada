#include "test/leaks.h"

#include "loop/fiber_int.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- descriptors and fibers ------------------------------------------------------------------ */

void nu__belongings_count(nu__belongings *belongings)
{
    DIR *dir = opendir("/proc/self/fd");
    const struct dirent *entry;

    *belongings = (nu__belongings){ .fibers = nu__fiber_count() };
    if (!dir)
        return;
    while ((entry = readdir(dir))) {
        long fd = strtol(entry->d_name, NULL, 10);

        if (entry->d_name[0] != '.' && fd != dirfd(dir) && fd < NU__MOST_DESCRIPTORS)
            belongings->open[fd] = true;
    }
    closedir(dir);
}

void nu__belongings_keep(nu__belongings *before, const nu__belongings *since)
{
    nu__belongings now;

    nu__belongings_count(&now);
    for (int fd = 0; fd < NU__MOST_DESCRIPTORS; fd++)
        before->open[fd] |= now.open[fd] && !since->open[fd];
}

/* The file of a database, or what comes with one. */
static bool belongs_to_database(const char *path)
{
    return strstr(path, "sqlite") || strstr(path, "-wal") || strstr(path, "-shm") ||
           strstr(path, ".db");
}

/* Databases' connections and the system's own helpers stay for the next test. */
static bool is_kept(const char *what)
{
    return belongs_to_database(what) || strncmp(what, "socket:", 7) == 0 ||
           strncmp(what, "anon_inode:", 11) == 0 || strncmp(what, "/dev/", 5) == 0;
}

void nu__belongings_compare(const nu__belongings *before, nu__buf *told)
{
    nu__belongings now;
    char what[512];

    nu__belongings_count(&now);
    for (int fd = 0; fd < NU__MOST_DESCRIPTORS; fd++) {
        ssize_t len;

        if (!now.open[fd] || before->open[fd])
            continue;
        len = readlink(nu_fmt("/proc/self/fd/{}", (int64_t)fd).ptr, what, sizeof what - 1);
        what[len > 0 ? len : 0] = 0;
        if (!is_kept(what))
            nu__buf_fmt(told, "the test left descriptor {} open: {}\n", (int64_t)fd,
                        (const char *)what);
    }
    if (now.fibers > before->fibers)
        nu__buf_fmt(told, "the test left {} fiber{} running\n",
                    (int64_t)(now.fibers - before->fibers),
                    now.fibers - before->fibers == 1 ? "" : "s");
}
