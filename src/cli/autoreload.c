#include "cli/autoreload.h"

#include "cli/build_folder.h"
#include "cli/command.h"
#include "cli/source_watch.h"
#include "cli/text_files.h"
#include "core/buf.h"
#include "core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <nuages/timezone.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 64 };

typedef struct watcher {
    char program[PATH_MAX]; /* the executable */
    char build[PATH_MAX];   /* the folder of build.ninja */
    nu_str sources;
    nu_str report; /* the file for what a failed build says */
    int signals;
    nu__source_watch watch;
    pid_t server;
    bool stopping; /* told so while a build ran */
    sigset_t blocked, before;
} watcher;

bool nu__autoreload_possible(void)
{
    char program[PATH_MAX], build[PATH_MAX];

    return nu__build_find(program, build);
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

static void tell_warnings(nu_str told)
{
    if (nu__find(told, S("warning: ")) >= 0)
        fprintf(stderr, "%s\n", without_commands(told).ptr);
}

/* The build had nothing to do, such as for a file that the project does not compile. */
static void tell_unchanged(const watcher *w, nu_str changed, nu_str name)
{
    nu_str commands = nu_fmt("{}/compile_commands.json", (const char *)w->build);
    bool unknown = nu_ends_with(changed, S(".c")) && !access(changed.ptr, F_OK) &&
                   !access(commands.ptr, R_OK) &&
                   nu__find(nu__read_text_file(commands), nu_fmt("{}\"", name)) < 0;

    if (unknown)
        printf("nothing to build: no meson.build lists %s\n", name.ptr);
    else
        printf("built; the program is the same as before\n");
    fflush(stdout);
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
        static const char failed[] = "The build failed; the last good one is served.";

        fprintf(stderr, "%s\n%s\n", report.ptr, failed);
        write_report(w, nu_fmt("{}\n{}", (const char *)failed, report));
        return;
    }
    unlink(w->report.ptr);
    if (w->stopping)
        return;
    tell_warnings(nu__buf_str(&told));
    stat(w->program, &after);
    if (before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
        before.st_mtim.tv_nsec == after.st_mtim.tv_nsec) {
        tell_unchanged(w, changed, name);
        return;
    }
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
    close(w->watch.inotify);
    close(w->signals);
}

static void set_up(watcher *w)
{
    const char *temporary = getenv("TMPDIR");

    nu__build_find(w->program, w->build);
    w->sources = nu__build_sources(w->build);
    w->report = nu_fmt("{}/nuages-build-{}.txt", temporary ? temporary : "/tmp", (int64_t)getpid());
    sigemptyset(&w->blocked);
    sigaddset(&w->blocked, SIGCHLD);
    sigaddset(&w->blocked, SIGTERM);
    sigaddset(&w->blocked, SIGINT);
    sigaddset(&w->blocked, SIGQUIT);
    sigaddset(&w->blocked, SIGHUP);
    sigprocmask(SIG_BLOCK, &w->blocked, &w->before);
    w->signals = signalfd(-1, &w->blocked, SFD_CLOEXEC);
    if (w->signals < 0)
        nu_raise(NU_OS_ERROR, "signals can't be waited for: {}", (const char *)strerror(errno));
    nu__source_watch_begin(&w->watch, w->sources);
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
        struct pollfd polled[] = { { .fd = w->watch.inotify, .events = POLLIN },
                                   { .fd = w->signals, .events = POLLIN } };

        poll(polled, 2, -1);
        if (polled[1].revents && heed_signal(w, &status))
            return status;
        if (polled[0].revents) {
            nu_str changed = nu__source_watch_read(&w->watch);

            if (changed.len)
                rebuild(w, nu__source_watch_settled(&w->watch, changed));
            if (!w->stopping && has_ended(w, &status))
                return status;
        }
    }
    waitpid(w->server, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
