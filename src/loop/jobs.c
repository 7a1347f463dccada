#include "loop/jobs.h"

#include <signal.h>
#include <stdio.h>

/* ---- on the threads -------------------------------------------------------------------------- */

static void finished(nu__job *job)
{
    nu__loop_state *loop = job->loop;
    nu__job *head = atomic_load_explicit(&loop->finished, memory_order_relaxed);

    do
        job->next = head;
    while (!atomic_compare_exchange_weak(&loop->finished, &head, job));
    /* From here on the job may be gone. */
    if (atomic_load(&loop->sleeping) && atomic_exchange(&loop->sleeping, false))
        uv_async_send(&loop->bell);
}

/* The next job, or NULL when the crew ends. */
static nu__job *next_job(nu__crew *crew)
{
    nu__job *job;

    pthread_mutex_lock(&crew->lock);
    crew->idle++;
    while (!crew->first && !crew->stop)
        pthread_cond_wait(&crew->work, &crew->lock);
    crew->idle--;
    job = crew->first;
    if (job && !(crew->first = job->next))
        crew->end = &crew->first;
    pthread_mutex_unlock(&crew->lock);
    return job;
}

static void *work(void *arg)
{
    nu__crew *crew = arg;
    nu__job *job;

    pthread_setname_np(pthread_self(), crew->name);
    while ((job = next_job(crew))) {
        job->run(job->arg);
        finished(job);
    }
    return NULL;
}

/* ---- on the loop's thread -------------------------------------------------------------------- */

void nu__crew_init(nu__crew *crew, const char *name, uint32_t max)
{
    *crew = (nu__crew){ .max = max };
    crew->end = &crew->first;
    snprintf(crew->name, sizeof(crew->name), "%s", name);
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->work, NULL);
}

void nu__crew_release(nu__crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->stop = true;
    pthread_cond_broadcast(&crew->work);
    pthread_mutex_unlock(&crew->lock);
    for (uint32_t i = 0; i < crew->started; i++)
        pthread_join(crew->threads[i], NULL);
    pthread_cond_destroy(&crew->work);
    pthread_mutex_destroy(&crew->lock);
}

/* Signals are the loop's business. */
static bool start_thread(nu__crew *crew)
{
    sigset_t all, old;
    bool ok;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    ok = pthread_create(&crew->threads[crew->started], NULL, work, crew) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    crew->started += ok;
    return ok;
}

/* false: no thread could be had, and the job is not queued. */
static bool submit(nu__crew *crew, nu__job *job)
{
    bool wake;

    pthread_mutex_lock(&crew->lock);
    wake = crew->idle > 0;
    if (!wake && crew->started < crew->max && !start_thread(crew) && !crew->started) {
        pthread_mutex_unlock(&crew->lock);
        return false;
    }
    *crew->end = job;
    crew->end = &job->next;
    pthread_mutex_unlock(&crew->lock);
    if (wake)
        pthread_cond_signal(&crew->work);
    return true;
}

/* As on a thread: nothing of a fiber is within reach. */
void nu__run_inline(void (*run)(void *), void *arg)
{
    nu__context *context = nu__here;

    nu__here = NULL;
    run(arg);
    nu__here = context;
}

void nu__crew_run(nu__crew *crew, void (*run)(void *), void *arg, void (*interrupt)(void *))
{
    nu__fiber *fiber = nu__fiber_current();
    nu__job job = { .run = run, .arg = arg, .fiber = fiber, .loop = nu__loop_here };

    if (!fiber || !submit(crew, &job)) {
        nu__run_inline(run, arg);
        return;
    }
    fiber->interrupt_arg = arg;
    fiber->interrupt = interrupt;
    nu__fiber_wait_done(&job.done);
    fiber->interrupt = NULL;
}

void nu__cancel_check(void)
{
    nu__fiber *fiber = nu__fiber_current();

    if (fiber && nu__cancel_due(fiber))
        nu__wait_settle(NU__WAIT_CANCELLED, 0);
}

/* ---- in the loop's turn ---------------------------------------------------------------------- */

void nu__jobs_collect(nu__loop_state *loop)
{
    nu__job *job, *next, *oldest = NULL;

    if (!atomic_load_explicit(&loop->finished, memory_order_relaxed))
        return;
    for (job = atomic_exchange(&loop->finished, NULL); job; job = next) {
        next = job->next;
        job->next = oldest;
        oldest = job;
    }
    for (job = oldest; job; job = next) {
        next = job->next;
        job->done = true;
        nu__fiber_wake(job->fiber);
    }
}

bool nu__jobs_may_sleep(nu__loop_state *loop)
{
    atomic_store(&loop->sleeping, true);
    if (!atomic_load(&loop->finished))
        return true;
    atomic_store(&loop->sleeping, false);
    return false;
}
