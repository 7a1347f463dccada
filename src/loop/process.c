#include "loop/process.h"

#include "core/buf.h"
#include "loop/io.h"
#include "loop/valgrind.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

enum { ASK_AGAIN_MS = 10, CHUNK = 4096 };

struct nu__process {
    pid_t pid;
    int fd; /* a pidfd: readable when the child has ended; -1: this kernel has none */
    nu__watch *watch;
    bool ended;
    int status;
};

extern char **environ;

/* ---- starting -------------------------------------------------------------------------------- */

static void redirect(posix_spawn_file_actions_t *actions, int wanted, int number)
{
    if (wanted == NU__NULL_DEVICE)
        posix_spawn_file_actions_addopen(actions, number, "/dev/null", O_RDWR, 0);
    else if (wanted >= 0)
        posix_spawn_file_actions_adddup2(actions, wanted, number);
}

static int spawn(const nu__process_options *options, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t set;
    int error;

    posix_spawn_file_actions_init(&actions);
    redirect(&actions, options->in, STDIN_FILENO);
    redirect(&actions, options->out, STDOUT_FILENO);
    redirect(&actions, options->err, STDERR_FILENO);
    if (options->cwd)
        posix_spawn_file_actions_addchdir_np(&actions, options->cwd);
    posix_spawnattr_init(&attributes);
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attributes, &set);
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attributes, &set);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error = posix_spawnp(pid, options->argv[0], &actions, &attributes,
                         (char *const *)(uintptr_t)options->argv,
                         options->env ? (char *const *)(uintptr_t)options->env : environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

static void reap(nu__process *process, int flags)
{
    int status;

    if (process->ended || waitpid(process->pid, &status, flags) != process->pid)
        return;
    process->ended = true;
    process->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Kill it if it still runs, reap it, close what is open. */
static void end(void *arg)
{
    nu__process *process = arg;

    nu__process_kill(process, SIGKILL);
    reap(process, 0);
    nu__watch_close(process->watch);
    if (process->fd >= 0)
        close(process->fd);
    process->watch = NULL;
    process->fd = -1;
}

nu__process *nu__process_start(const nu__process_options *options)
{
    nu__process *process = nu_alloc(nu__process);
    int error = spawn(options, &process->pid);

    if (error)
        nu_raise(NU_OS_ERROR, "can't run \"{}\": {}", options->argv[0], strerror(error));
    /* valgrind does not know the call, and says so at length */
    process->fd = RUNNING_ON_VALGRIND ? -1 : (int)syscall(SYS_pidfd_open, process->pid, 0);
    if (process->fd >= 0) {
        fcntl(process->fd, F_SETFD, FD_CLOEXEC);
        process->watch = nu__watch_open(process->fd);
    }
    nu_on_fiber_end(end, process);
    return process;
}

/* ---- waiting --------------------------------------------------------------------------------- */

/* A while, or until the child has ended. */
static void wait_a_bit(nu__process *process, double deadline)
{
    double soon = nu__time() + ASK_AGAIN_MS / 1000.0;

    if (process->watch)
        nu__watch_wait(process->watch, NU__READABLE, deadline);
    else
        nu_sleep((soon < deadline ? soon : deadline) - nu__time());
}

bool nu__process_wait(nu__process *process, double deadline, int *status)
{
    for (;;) {
        reap(process, WNOHANG);
        if (process->ended)
            *status = process->status;
        if (process->ended || deadline <= nu__time())
            return process->ended;
        wait_a_bit(process, deadline);
    }
}

void nu__process_kill(nu__process *process, int signal)
{
    if (!process->ended)
        kill(process->pid, signal);
}

int nu__process_id(const nu__process *process)
{
    return process->pid;
}

/* ---- running to the end ---------------------------------------------------------------------- */

typedef struct output {
    int fds[2];
    nu__watch *watch;
} output;

static void close_output(void *arg)
{
    output *out = arg;

    nu__watch_close(out->watch);
    for (int i = 0; i < 2; i++)
        if (out->fds[i] >= 0)
            close(out->fds[i]);
    *out = (output){ { -1, -1 }, NULL };
}

static void open_output(output *out)
{
    if (pipe2(out->fds, O_CLOEXEC) != 0)
        nu_raise(NU_OS_ERROR, "no pipe for a child's output: {}", strerror(errno));
    fcntl(out->fds[0], F_SETFL, O_NONBLOCK);
    out->watch = nu__watch_open(out->fds[0]);
}

static void read_all(output *out, double deadline, size_t limit, const char *name, nu__buf *text)
{
    for (;;) {
        ssize_t n;

        nu__buf_reserve(text, CHUNK);
        n = read(out->fds[0], text->data + text->len, CHUNK);
        if (n == 0)
            return;
        if (n > 0)
            text->len += (size_t)n;
        if (text->len > limit)
            nu_raise(NU_OS_ERROR, "\"{}\" writes more than {} bytes", name, limit);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            nu_raise(NU_OS_ERROR, "reading from \"{}\": {}", name, strerror(errno));
        if (n < 0 && !nu__watch_wait(out->watch, NU__READABLE, deadline))
            nu_raise(NU_TIMEOUT, "\"{}\" has not ended in time", name);
    }
}

int nu__process_run(const nu__process_options *options, double timeout, size_t limit, nu_str *text)
{
    double deadline = timeout > 0 ? nu__time() + timeout : NU__FOREVER;
    nu__process_options piped = *options;
    output out = { { -1, -1 }, NULL };
    nu__buf buffer = { 0 };
    nu__process *process;
    int status;

    nu_defer(close_output, &out);
    open_output(&out);
    piped.out = out.fds[1];
    process = nu__process_start(&piped);
    nu_defer(end, process);
    close(out.fds[1]);
    out.fds[1] = -1;
    read_all(&out, deadline, limit, options->argv[0], &buffer);
    if (!nu__process_wait(process, deadline, &status))
        nu_raise(NU_TIMEOUT, "\"{}\" has not ended in time", options->argv[0]);
    *text = nu__buf_str(&buffer);
    return status;
}
