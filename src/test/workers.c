/* The processes that run the tests. */
#include "core/context.h"
#include "db/connection.h"
#include "loop/loop.h"
#include "test/captured.h"

#include <errno.h>
#include <fcntl.h>
#include <nuages/logging.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_WORKERS = 64, LEAKED = 97 };

/* Between the processes: which test is the next. */
typedef struct shared {
    atomic_size_t next;
    atomic_bool stop;
} shared;

/* What a worker writes for a test: this, then `len` bytes of text. `began`: it begins only. */
typedef struct record {
    uint32_t test, len;
    uint32_t outcome;
    bool began;
    double seconds;
} record;

typedef struct worker {
    pid_t pid;
    int fd; /* to read records from */
    nu__captured captured;
    int number;
    ssize_t at; /* the test that it runs; -1: none */
    double since;
    bool late;     /* it was ended for the time it took */
    char *pending; /* bytes of records that are not whole yet */
    size_t len, room;
} worker;

static shared *state;

/* ---- in the worker --------------------------------------------------------------------------- */

typedef struct job {
    const nu__tests *tests;
    const nu__test_options *options;
    int fd;
    nu__captured captured;
    int slot;   /* from 1 */
    int number; /* the same in the names of databases; 0: of the only process */
} job;

static void write_all(int fd, const void *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno != EINTR)
            _exit(1); /* the parent is gone */
        bytes = (const char *)bytes + (n > 0 ? n : 0);
        len -= (size_t)(n > 0 ? n : 0);
    }
}

static bool stops(const nu__test_options *options, nu__outcome outcome)
{
    return options->failfast && nu__outcome_is_bad(outcome);
}

static bool run_one(const job *j, size_t i)
{
    record head = { .test = (uint32_t)i, .began = true };
    nu__case_result result;
    nu_str told;

    nu__captured_begin(j->captured);
    write_all(j->fd, &head, sizeof head);
    nu__case_run(j->tests->items[i].def, &result);
    nu__captured_end(j->captured);
    if (stops(j->options, result.outcome))
        atomic_store(&state->stop, true);
    told = nu__captured_told(j->captured, nu_s(result.told), result.outcome);
    head = (record){ .test = (uint32_t)i,
                     .outcome = result.outcome,
                     .seconds = result.seconds,
                     .len = (uint32_t)told.len };
    write_all(j->fd, &head, sizeof head);
    write_all(j->fd, told.ptr, told.len);
    free(result.told);
    return !result.leaked_memory;
}

static int run_tests(void *arg)
{
    const job *j = arg;
    size_t i;

    nu__here->what = "test";
    nu__test_databases_make(j->options, j->number);
    while (!atomic_load(&state->stop) && (i = atomic_fetch_add(&state->next, 1)) < j->tests->n) {
        nu_scratch_scope();

        if (!run_one(j, i)) {
            nu__databases_close();
            return LEAKED;
        }
    }
    nu__test_databases_drop(j->options);
    nu__databases_close();
    return 0;
}

static NU_NORETURN void be_worker(job *j)
{
    int status;

    nu__timing_of_process(j->slot);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN);
    nu__captured_redirect(j->captured);
    status = nu__loop_main(run_tests, j);
    if (status)
        _exit(status);
    exit(0); /* not _exit(): the counts of a build for coverage are written at the end */
}

/* ---- in the parent --------------------------------------------------------------------------- */

static void start(worker *w, nu__tests *tests, const nu__test_options *options)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC))
        nu_raise(NU_OS_ERROR, "no pipe to a test process: {}", (const char *)strerror(errno));
    fflush(stdout);
    w->pid = fork();
    if (w->pid < 0)
        nu_raise(NU_OS_ERROR, "no test process: {}", (const char *)strerror(errno));
    if (!w->pid) {
        close(ends[0]);
        be_worker(&(job){ tests, options, ends[1], w->captured, w->number,
                          options->processes > 1 ? w->number : 0 });
    }
    close(ends[1]);
    w->fd = ends[0];
    w->at = -1;
    w->late = false;
    w->len = 0;
}

static void finish(worker *w, nu__chosen *test, nu__outcome outcome, double seconds, nu_str told,
                   void (*report)(const nu__chosen *))
{
    test->ran = true;
    test->outcome = outcome;
    test->seconds = seconds;
    test->told = nu_copy(told);
    w->at = -1;
    report(test);
}

/* Take the whole records that have come. */
static void take_records(worker *w, nu__tests *tests, void (*report)(const nu__chosen *))
{
    size_t used = 0;
    record head;

    while (w->len - used >= sizeof head) {
        memcpy(&head, w->pending + used, sizeof head);
        if (w->len - used - sizeof head < head.len)
            break;
        if (head.began) {
            w->at = head.test;
            w->since = nu_monotonic();
        } else {
            finish(w, &tests->items[head.test], (nu__outcome)head.outcome, head.seconds,
                   (nu_str){ w->pending + used + sizeof head, head.len }, report);
        }
        used += sizeof head + head.len;
    }
    memmove(w->pending, w->pending + used, w->len - used);
    w->len -= used;
}

static bool read_more(worker *w)
{
    ssize_t n;

    if (w->room - w->len < 65536) {
        char *more = realloc(w->pending, w->room + 131072);

        if (!more)
            nu_raise(NU_MEMORY_ERROR, "no memory for what the tests tell");
        w->pending = more;
        w->room += 131072;
    }
    n = read(w->fd, w->pending + w->len, w->room - w->len);
    w->len += n > 0 ? (size_t)n : 0;
    return n > 0 || (n < 0 && errno == EINTR);
}

static nu_str how_it_ended(const worker *w, int status, double limit)
{
    if (w->late)
        return nu_fmt("the test ran longer than {} s and was ended (--time-limit)\n", limit);
    if (WIFSIGNALED(status))
        return nu_fmt("the test ended its process: {} (signal {})\n",
                      (const char *)strsignal(WTERMSIG(status)), (int64_t)WTERMSIG(status));
    return nu_fmt("the test ended its process with status {}\n", (int64_t)WEXITSTATUS(status));
}

/* The worker has ended: by itself, by a leak, or by what its test did. */
static void buried(worker *w, nu__tests *tests, const nu__test_options *options,
                   void (*report)(const nu__chosen *))
{
    bool was_at = w->at >= 0;
    int status = 0;

    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    close(w->fd);
    w->pid = 0;
    if (was_at) {
        finish(w, &tests->items[w->at], NU__TEST_ERROR, nu_monotonic() - w->since,
               nu__captured_told(w->captured, how_it_ended(w, status, options->time_limit),
                                 NU__TEST_ERROR),
               report);
        if (options->failfast)
            atomic_store(&state->stop, true);
    }
    if (!was_at &&
        !(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == LEAKED)))
        nu_raise(NU_COMMAND_ERROR, "a test process could not make its databases (see above)");
    if (!atomic_load(&state->stop) && atomic_load(&state->next) < tests->n &&
        (was_at || WEXITSTATUS(status) == LEAKED))
        start(w, tests, options);
}

static void kill_late(worker *workers, size_t n, double limit)
{
    for (size_t i = 0; i < n; i++)
        if (workers[i].pid && !workers[i].late && workers[i].at >= 0 && limit > 0 &&
            nu_monotonic() - workers[i].since > limit) {
            workers[i].late = true;
            kill(workers[i].pid, SIGKILL);
        }
}

static void release(void *arg)
{
    worker *workers = arg;

    for (size_t i = 0; i < MOST_WORKERS; i++) {
        if (workers[i].pid) {
            kill(workers[i].pid, SIGKILL);
            waitpid(workers[i].pid, NULL, 0);
            close(workers[i].fd);
        }
        if (workers[i].number)
            nu__captured_close(workers[i].captured);
        free(workers[i].pending);
    }
    munmap(state, sizeof *state);
}

static void follow(worker *workers, size_t n, nu__tests *tests, const nu__test_options *options,
                   void (*report)(const nu__chosen *))
{
    struct pollfd polled[MOST_WORKERS];
    size_t which[MOST_WORKERS], n_polled = 0;

    for (size_t i = 0; i < n; i++)
        if (workers[i].pid) {
            polled[n_polled] = (struct pollfd){ .fd = workers[i].fd, .events = POLLIN };
            which[n_polled++] = i;
        }
    poll(polled, n_polled, 1000);
    for (size_t i = 0; i < n_polled; i++) {
        worker *w = &workers[which[i]];

        if (!polled[i].revents)
            continue;
        if (read_more(w))
            take_records(w, tests, report);
        else
            buried(w, tests, options, report);
    }
    kill_late(workers, n, options->time_limit);
}

static size_t n_alive(const worker *workers, size_t n)
{
    size_t alive = 0;

    for (size_t i = 0; i < n; i++)
        alive += workers[i].pid != 0;
    return alive;
}

/* A number was taken, but nobody began with the test. */
static void tell_lost(nu__tests *tests, void (*report)(const nu__chosen *))
{
    for (size_t i = 0; i < tests->n; i++)
        if (!tests->items[i].ran)
            finish(&(worker){ 0 }, &tests->items[i], NU__TEST_ERROR, 0,
                   S("it did not run: its process ended first\n"), report);
}

void nu__workers_run(nu__tests *tests, const nu__test_options *options,
                     void (*report)(const nu__chosen *test))
{
    size_t n = (size_t)options->processes;
    worker *workers = nu_alloc_array(worker, MOST_WORKERS);

    state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (state == MAP_FAILED)
        nu_raise(NU_MEMORY_ERROR, "no memory that the test processes share");
    nu_defer(release, workers);
    for (size_t i = 0; i < n && i < MOST_WORKERS; i++) {
        workers[i] = (worker){ .captured = nu__captured_open(options), .number = (int)i + 1 };
        start(&workers[i], tests, options);
    }
    while (n_alive(workers, n))
        follow(workers, n, tests, options, report);
    if (!atomic_load(&state->stop))
        tell_lost(tests, report);
}
