#include "cli/autoreload.h"

#include "cli/command.h"
#include "core/buf.h"
#include "core/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <nuages/json.h>
#include <nuages/timezone.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_FOLDERS = 4096, MOST_ARGUMENTS = 64, QUIET_MS = 30, MOST_DEPTH = 24 };

typedef struct watcher {
    char program[PATH_MAX]; /* the executable */
    char build[PATH_MAX];   /* the folder of build.ninja */
    nu_str sources;
    nu_str report; /* the file for what a failed build says */
    int inotify, signals;
    nu_str folders[MOST_FOLDERS]; /* by watch descriptor */
    size_t n_folders;
    pid_t server;
    bool stopping; /* told so while a build ran */
    sigset_t blocked, before;
} watcher;

/* ---- where things are ------------------------------------------------------------------------ */

static bool exists(const char *folder, const char *name)
{
    return access(nu_fmt("{}/{}", folder, name).ptr, R_OK) == 0;
}

/* The executable, and the folder above it that has build.ninja. */
static bool find_build(char program[static PATH_MAX], char build[static PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", program, PATH_MAX - 1);
    char *slash;

    if (n <= 0)
        return false;
    program[n] = 0;
    memcpy(build, program, (size_t)n + 1);
    while ((slash = strrchr(build, '/')) && slash > build) {
        *slash = 0;
        if (exists(build, "build.ninja"))
            return true;
    }
    return false;
}

bool nu__autoreload_possible(void)
{
    char program[PATH_MAX], build[PATH_MAX];

    return find_build(program, build);
}

static nu_str read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    nu__buf out = { 0 };
    char block[4096];
    size_t n;

    while (file && (n = fread(block, 1, sizeof block, file)))
        nu__buf_add(&out, block, n);
    if (file)
        fclose(file);
    return nu__buf_str(&out);
}

/* Meson tells the source folder; without its word it is the one above the build folder. */
static nu_str source_folder(const char *build)
{
    nu_str text = read_file(nu_fmt("{}/meson-info/meson-info.json", build).ptr);
    nu_value info = nu_null(), folders, source = nu_null();
    const char *slash = strrchr(build, '/');

    if (text.len && !nu_catch(NU_VALUE_ERROR, info = nu_json_read(text)) &&
        info.kind == NU_KIND_DICT) {
        folders = nu_item(info.dict, "directories");
        if (folders.kind == NU_KIND_DICT)
            source = nu_item(folders.dict, "source");
    }
    return source.kind == NU_KIND_STR ? source.s
                                      : nu_copy((nu_str){ build, (size_t)(slash - build) });
}

/* ---- what is watched ------------------------------------------------------------------------- */

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
           !exists(path, "build.ninja") && !exists(path, "pyvenv.cfg");
}

static void watch(watcher *w, nu_str folder, int depth)
{
    DIR *dir = opendir(folder.ptr);
    const struct dirent *entry;
    struct stat about;
    int number = dir ? inotify_add_watch(w->inotify, folder.ptr,
                                         IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE |
                                             IN_MOVED_FROM | IN_ONLYDIR)
                     : -1;

    if (number >= 0 && number < MOST_FOLDERS) {
        w->folders[number] = folder;
        w->n_folders++;
    }
    while (dir && depth < MOST_DEPTH && w->n_folders < MOST_FOLDERS && (entry = readdir(dir))) {
        nu_str path = nu_fmt("{}/{}", folder, (const char *)entry->d_name);

        if (lstat(path.ptr, &about) == 0 && S_ISDIR(about.st_mode) &&
            is_watched_folder(path.ptr, entry->d_name))
            watch(w, path, depth + 1);
    }
    if (dir)
        closedir(dir);
}

/* The name of the last source among the events that are there; null: none was. */
static nu_str read_events(watcher *w)
{
    char bytes[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
    nu_str changed = { 0 };
    ssize_t n;

    while ((n = read(w->inotify, bytes, sizeof bytes)) > 0)
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *event = (const struct inotify_event *)(bytes + at);

            at += (ssize_t)(sizeof *event + event->len);
            if (!event->len || event->wd < 0 || event->wd >= MOST_FOLDERS)
                continue;
            if (event->mask & IN_ISDIR && event->mask & (IN_CREATE | IN_MOVED_TO))
                watch(w, nu_fmt("{}/{}", w->folders[event->wd], (const char *)event->name), 0);
            else if (is_source(event->name))
                changed = nu_fmt("{}/{}", w->folders[event->wd], (const char *)event->name);
        }
    return changed;
}

/* Editors write in several steps: what comes within a moment is one change. */
static nu_str settled(watcher *w, nu_str changed)
{
    struct pollfd polled = { .fd = w->inotify, .events = POLLIN };

    while (poll(&polled, 1, QUIET_MS) > 0) {
        nu_str more = read_events(w);

        changed = more.len ? more : changed;
    }
    return changed;
}

/* ---- building -------------------------------------------------------------------------------- */

static NU_NORETURN void become(watcher *w, const char *const *argv)
{
    sigprocmask(SIG_SETMASK, &w->before, NULL);
    execvp(argv[0], (char *const *)argv);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

/* Whoever stops the server stops the build. */
static void heed_while_building(watcher *w, pid_t ninja)
{
    struct signalfd_siginfo info;

    if (read(w->signals, &info, sizeof info) != sizeof info)
        return;
    if (info.ssi_signo == SIGCHLD) /* ninja's, or looked at after the build */
        return;
    w->stopping = true;
    kill(ninja, SIGTERM);
    kill(w->server, (int)info.ssi_signo);
}

/* Run ninja, keeping what it prints. Its exit status. */
static int run_ninja(watcher *w, nu__buf *told)
{
    nu_str lock = nu_fmt("{}/.building", (const char *)w->build);
    const char *target = w->program + strlen(w->build) + 1;
    /* `make` beside this holds the same lock: two of ninja would write the same files, and Meson
       refuses to configure twice at once. */
    const char *const argv[] = {
        "flock", lock.ptr, "ninja", "-C", w->build, "--quiet", target, NULL
    };
    char block[4096];
    int ends[2], status = 0;
    ssize_t n;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) || (pid = fork()) < 0)
        nu_raise(NU_OS_ERROR, "ninja can't be run: {}", (const char *)strerror(errno));
    if (!pid) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        become(w, argv);
    }
    close(ends[1]);
    do {
        struct pollfd polled[] = { { .fd = ends[0], .events = POLLIN },
                                   { .fd = w->signals, .events = POLLIN } };

        poll(polled, w->stopping ? 1 : 2, -1);
        if (polled[1].revents && !w->stopping)
            heed_while_building(w, pid);
        n = polled[0].revents ? read(ends[0], block, sizeof block) : 1;
        if (polled[0].revents && n > 0)
            nu__buf_add(told, block, (size_t)n);
    } while (n > 0 || (n < 0 && errno == EINTR));
    close(ends[0]);
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void write_report(const watcher *w, nu_str text)
{
    FILE *file = fopen(w->report.ptr, "we");

    if (!file)
        return;
    fwrite(text.ptr, 1, text.len, file);
    fclose(file);
}

/* The compiler's command line helps nobody: the lines from the first message on do. */
static nu_str without_commands(nu_str told)
{
    nu_list *lines = nu__split(told, S("\n")), *kept = nu_list_new();

    for (size_t i = 0; i < nu_list_len(lines); i++) {
        nu_str line = nu_at(lines, i).s;

        if (nu__find(line, S(" -o ")) < 0 && !nu_starts_with(line, S("ninja: ")) &&
            !nu_starts_with(line, S("FAILED: ")))
            nu_list_append(kept, line);
    }
    return nu__join(S("\n"), kept);
}

static void rebuild(watcher *w, nu_str changed)
{
    struct stat before = { 0 }, after = { 0 };
    nu__buf told = { 0 };
    double began = nu_monotonic();
    nu_str name = nu_starts_with(changed, w->sources)
                      ? nu__sub(changed, w->sources.len + 1, changed.len)
                      : changed;

    printf("%s changed, building\n", name.ptr);
    fflush(stdout);
    stat(w->program, &before);
    if (run_ninja(w, &told) && !w->stopping) {
        nu_str report = without_commands(nu__buf_str(&told));

        fprintf(stderr, "%s\nThe build failed; the last good one is served.\n", report.ptr);
        write_report(w, report);
        return;
    }
    unlink(w->report.ptr);
    if (w->stopping)
        return;
    stat(w->program, &after);
    if (before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
        before.st_mtim.tv_nsec == after.st_mtim.tv_nsec)
        return;
    kill(w->server, SIGHUP);
    printf("built in %.2f s, restarting\n", nu_monotonic() - began);
    fflush(stdout);
}

/* ---- the server ------------------------------------------------------------------------------ */

static void start_server(watcher *w, const nu_command_run *run)
{
    const char *argv[MOST_ARGUMENTS] = { w->program, "runserver", "--noreload" };

    if (run->argc > MOST_ARGUMENTS - 4)
        nu_raise(NU_COMMAND_ERROR, "more than {} arguments", (int64_t)MOST_ARGUMENTS - 4);
    for (int i = 0; i < run->argc; i++)
        argv[i + 3] = run->argv[i];
    setenv("NUAGES_BUILD_REPORT", w->report.ptr, 1);
    w->server = fork();
    if (w->server < 0)
        nu_raise(NU_OS_ERROR, "the server can't be started: {}", (const char *)strerror(errno));
    if (!w->server) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        become(w, argv);
    }
}

/* A signal came. true: the server has ended, with *status. */
static bool has_ended(const watcher *w, int *status)
{
    int how;

    if (waitpid(w->server, &how, WNOHANG) != w->server)
        return false;
    *status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    return true;
}

static bool heed_signal(watcher *w, int *status)
{
    struct signalfd_siginfo info;

    if (read(w->signals, &info, sizeof info) != sizeof info)
        return false;
    if (info.ssi_signo != SIGCHLD) {
        kill(w->server, (int)info.ssi_signo);
        return false;
    }
    return has_ended(w, status);
}

static void release(void *self)
{
    watcher *w = self;

    unlink(w->report.ptr);
    close(w->inotify);
    close(w->signals);
}

static void set_up(watcher *w)
{
    const char *temporary = getenv("TMPDIR");

    find_build(w->program, w->build);
    w->sources = source_folder(w->build);
    w->report = nu_fmt("{}/nuages-build-{}.txt", temporary ? temporary : "/tmp", (int64_t)getpid());
    sigemptyset(&w->blocked);
    sigaddset(&w->blocked, SIGCHLD);
    sigaddset(&w->blocked, SIGTERM);
    sigaddset(&w->blocked, SIGINT);
    sigaddset(&w->blocked, SIGQUIT);
    sigaddset(&w->blocked, SIGHUP);
    sigprocmask(SIG_BLOCK, &w->blocked, &w->before);
    w->signals = signalfd(-1, &w->blocked, SFD_CLOEXEC);
    w->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (w->signals < 0 || w->inotify < 0)
        nu_raise(NU_OS_ERROR, "the sources can't be watched: {}", (const char *)strerror(errno));
    watch(w, w->sources, 0);
}

int nu__autoreload(const nu_command_run *run)
{
    watcher *w = nu_alloc(watcher);
    int status = 0;

    set_up(w);
    nu_defer(release, w);
    printf("Watching %s\n", w->sources.ptr);
    fflush(stdout);
    start_server(w, run);
    while (!w->stopping) {
        struct pollfd polled[] = { { .fd = w->inotify, .events = POLLIN },
                                   { .fd = w->signals, .events = POLLIN } };

        poll(polled, 2, -1);
        if (polled[1].revents && heed_signal(w, &status))
            return status;
        if (polled[0].revents) {
            nu_str changed = read_events(w);

            if (changed.len)
                rebuild(w, settled(w, changed));
            if (!w->stopping && has_ended(w, &status))
                return status;
        }
    }
    waitpid(w->server, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
