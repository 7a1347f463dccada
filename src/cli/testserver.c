/* testserver: the development server over a temporary database with fixtures. */
#include "cli/build_folder.h"
#include "cli/command.h"
#include "cli/commands.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_WORDS = 64 };

typedef struct place {
    char folder[PATH_MAX], program[PATH_MAX];
} place;

static void remove_folder(void *self)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
    const place *p = self;

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        unlink(nu_fmt("{}/test.sqlite3{}", (const char *)p->folder, endings[i]).ptr);
    rmdir(p->folder);
}

static volatile pid_t running;

/* The server is to end, then the folder is removed. From a terminal SIGINT reaches it by itself. */
static void forward(int number)
{
    if (running && number == SIGTERM)
        kill(running, number);
}

/* Run this program with other words; its exit status. What ends this process ends that one. */
static int run_self(const place *p, const char *const *words)
{
    const char *argv[MOST_WORDS] = { p->program };
    int status = 0;
    pid_t pid;

    for (size_t i = 0; words[i] && i < MOST_WORDS - 2; i++)
        argv[i + 1] = words[i];
    pid = fork();
    if (pid < 0)
        nu_raise(NU_OS_ERROR, "no process for {}: {}", words[0], (const char *)strerror(errno));
    if (!pid) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execv(p->program, (char *const *)argv);
        _exit(127);
    }
    running = pid;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    running = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void make_place(place *p, const nu_settings *settings)
{
    const char *temporary = getenv("TMPDIR"), *url_env = settings->databases[0].url_env;

    snprintf(p->folder, sizeof p->folder, "%s/nuages-testserver-XXXXXX",
             temporary ? temporary : "/tmp");
    if (!nu__program_find(p->program) || !mkdtemp(p->folder))
        nu_raise(NU_OS_ERROR, "no folder for the database: {}", (const char *)strerror(errno));
    setenv(url_env ? url_env : "DATABASE_URL",
           nu_fmt("sqlite:///{}/test.sqlite3", (const char *)p->folder).ptr, 1);
}

static int load_fixtures(const place *p, const nu_list *fixtures)
{
    const char *words[MOST_WORDS] = { "loaddata" };
    size_t n = nu_list_len(fixtures);

    for (size_t i = 0; i < n && i < MOST_WORDS - 3; i++)
        words[i + 1] = nu_at(fixtures, i).s.ptr;
    return n ? run_self(p, words) : 0;
}

/* With --ipv6 a port alone, or none, is one of ::1. */
static nu_str address_of(const nu_command_run *run)
{
    nu_str given = nu_command_text(run, "--addrport");
    bool port_alone = strspn(given.ptr, "0123456789") == given.len;

    return nu_command_flag(run, "--ipv6") && port_alone
               ? nu_fmt("[::1]:{}", given.len ? given : S("8000"))
               : given;
}

static int testserver(const nu_command_run *run)
{
    place *p = nu_alloc(place);
    const char *address = address_of(run).ptr;
    int status;

    make_place(p, run->settings);
    nu_defer(remove_folder, p);
    signal(SIGINT, forward);
    signal(SIGTERM, forward);
    status = run_self(p, (const char *const[]){ "migrate", "--noinput", "-v", "0", NULL });
    if (!status)
        status = load_fixtures(p, nu_command_list(run, "fixture"));
    if (!status)
        status = run_self(p, (const char *const[]){ "runserver", "--noreload", address, NULL });
    return status;
}

const nu_command nu__testserver_command = {
    .name = "testserver",
    .help = "Serve the site over a temporary SQLite database that has the given fixtures.",
    .run = testserver, .needs = NU_NEEDS_ITSELF,
    .arguments = {
        { "fixture", .optional = true, .repeated = true, .help = "names or paths, as loaddata takes them" },
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing (nothing is asked)" },
        { "--addrport", .metavar = "ADDRESS", .default_ = "", .help = "where to listen: 8000, 127.0.0.1:8000, [::1]:8000" },
        { "--ipv6", .short_name = "-6", .flag = true, .help = "listen on ::1" },
    },
};
