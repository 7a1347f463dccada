#include "harness_loop.h"

#include "loop/pool.h"
#include "loop/thread.h"
#include "loop/wait.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

/* ---- the pool -------------------------------------------------------------------------------- */

typedef struct look {
    pthread_t thread;
    bool has_context;
} look;

static void look_around(void *arg)
{
    look *seen = arg;

    seen->thread = pthread_self();
    seen->has_context = nu__here != NULL;
}

static void a_job_runs_on_another_thread_without_a_context(void)
{
    look seen = { .has_context = true };

    nu__pool_run(look_around, &seen);
    CHECK(!pthread_equal(seen.thread, pthread_self()));
    CHECK(!seen.has_context);
    CHECK(nu__here != NULL);
}

static atomic_int running, most_running, jobs_done;

static void short_job(void *arg)
{
    int now = ++running, most = most_running;

    (void)arg;
    while (now > most && !atomic_compare_exchange_weak(&most_running, &most, now))
        continue;
    usleep(200);
    running--;
    jobs_done++;
}

static void run_short_job(void *arg)
{
    (void)arg;
    nu__pool_run(short_job, NULL);
}

static void the_pool_is_bounded_and_serves_all(void)
{
    jobs_done = most_running = 0;
    for (int i = 0; i < 500; i++)
        nu__fiber_enter("job", run_short_job, NULL);
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK_INT(jobs_done, 500);
    CHECK(most_running <= NU__POOL_THREADS);
}

static sem_t gate;
static bool job_ran, fiber_went_on;

static void wait_at_gate(void *arg)
{
    (void)arg;
    sem_wait(&gate);
    job_ran = true;
}

static void run_gated_job(void *arg)
{
    (void)arg;
    nu__pool_run(wait_at_gate, NULL);
    fiber_went_on = true;
    nu_sleep(100);
    CHECK(false);
}

static void a_cancelled_fiber_waits_for_its_job_first(void)
{
    nu__fiber *fiber = nu__fiber_spawn("job", run_gated_job, NULL);

    sem_init(&gate, 0, 0);
    job_ran = fiber_went_on = false;
    nu_sleep(0);
    nu__fiber_cancel(fiber);
    nu_sleep(0.01);
    CHECK_INT(nu__fiber_count(), 2);
    CHECK(!fiber_went_on);
    sem_post(&gate);
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK(job_ran && fiber_went_on);
    sem_destroy(&gate);
}

static void run_late_job(void *arg)
{
    (void)arg;
    nu__fiber_cancel(nu__fiber_current());
    nu__pool_run(wait_at_gate, NULL);
    CHECK(false);
}

static void a_fiber_cancelled_before_does_not_begin_a_job(void)
{
    job_ran = false;
    nu__fiber_enter("job", run_late_job, NULL);
    CHECK_INT(nu__fiber_count(), 1);
    CHECK(!job_ran);
}

/* ---- dedicated threads ----------------------------------------------------------------------- */

typedef struct order {
    nu__thread *thread;
    char name;
} order;

static char written[16];
static atomic_int n_written;

static void write_down(void *arg)
{
    written[n_written++] = *(char *)arg;
}

static void run_on_thread(void *arg)
{
    order *o = arg;

    nu__thread_run(o->thread, write_down, &o->name);
}

static void jobs_of_a_thread_run_in_order(void)
{
    nu__thread *thread = nu__thread_start("test");
    order orders[5];

    n_written = 0;
    for (int i = 0; i < 5; i++) {
        orders[i] = (order){ thread, (char)('a' + i) };
        nu__fiber_enter("job", run_on_thread, &orders[i]);
    }
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    written[n_written] = 0;
    CHECK_STR(written, "abcde");
    nu__thread_stop(thread);
}

static void a_thread_is_always_the_same(void)
{
    nu__thread *thread = nu__thread_start("test");
    look first, second;

    nu__thread_run(thread, look_around, &first);
    nu__thread_run(thread, look_around, &second);
    CHECK(pthread_equal(first.thread, second.thread));
    CHECK(!pthread_equal(first.thread, pthread_self()));
    nu__thread_stop(thread);
}

static void open_gate(void *arg)
{
    (void)arg;
    sem_post(&gate);
}

static void run_interruptible(void *thread)
{
    nu__thread_run_interruptible(thread, wait_at_gate, NULL, open_gate);
    fiber_went_on = true;
    nu_sleep(100);
}

static void cancelling_interrupts_a_job_that_can_be(void)
{
    nu__thread *thread = nu__thread_start("test");
    nu__fiber *fiber = nu__fiber_spawn("job", run_interruptible, thread);

    sem_init(&gate, 0, 0);
    job_ran = fiber_went_on = false;
    nu_sleep(0.005);
    CHECK(!job_ran);
    nu__fiber_cancel(fiber);
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
    CHECK(job_ran && fiber_went_on);
    nu__thread_stop(thread);
    sem_destroy(&gate);
}

static void add_one(void *arg)
{
    ++*(int *)arg;
}

static void many_small_jobs_all_come_back(void)
{
    nu__thread *thread = nu__thread_start("test");
    int n = 0;
    double before = nu__time();

    for (int i = 0; i < 20000; i++)
        nu__thread_run(thread, add_one, &n);
    printf("a job on a thread and back: %.1f us\n", (nu__time() - before) / 20000 * 1e6);
    CHECK_INT(n, 20000);
    nu__thread_stop(thread);
}

HARNESS_IN_FIBER(a_job_runs_on_another_thread_without_a_context, the_pool_is_bounded_and_serves_all,
                 a_cancelled_fiber_waits_for_its_job_first,
                 a_fiber_cancelled_before_does_not_begin_a_job, jobs_of_a_thread_run_in_order,
                 a_thread_is_always_the_same, cancelling_interrupts_a_job_that_can_be,
                 many_small_jobs_all_come_back)
