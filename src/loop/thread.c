#include "loop/thread.h"

#include "loop/jobs.h"

#include <stdlib.h>

struct nu__thread {
    nu__crew crew;
};

nu__thread *nu__thread_start(const char *name)
{
    nu__thread *thread = malloc(sizeof(*thread));

    if (thread)
        nu__crew_init(&thread->crew, name, 1);
    return thread;
}

void nu__thread_stop(nu__thread *thread)
{
    if (!thread)
        return;
    nu__crew_release(&thread->crew);
    free(thread);
}

void nu__thread_run(nu__thread *thread, void (*job)(void *), void *arg)
{
    nu__thread_run_interruptible(thread, job, arg, NULL);
}

void nu__thread_run_interruptible(nu__thread *thread, void (*job)(void *), void *arg,
                                  void (*interrupt)(void *))
{
    nu__cancel_check();
    nu__crew_run(&thread->crew, job, arg, interrupt);
}
