#include "loop/pool.h"

#include "loop/jobs.h"

#include <stdlib.h>

typedef struct pool {
    nu__crew crew; /* first: loop->pool points here */
    nu__wait_queue line;
    uint32_t out;
} pool;

/* Made with the first job; NULL where no loop runs or there is no memory. */
static pool *pool_of(nu__loop_state *loop)
{
    pool *made;

    if (!loop || loop->pool)
        return loop ? (pool *)loop->pool : NULL;
    made = malloc(sizeof(*made));
    if (!made)
        return NULL;
    *made = (pool){ .out = 0 };
    nu__crew_init(&made->crew, "nuages-pool", NU__POOL_THREADS);
    loop->pool = &made->crew;
    return made;
}

void nu__pool_run(void (*job)(void *), void *arg)
{
    pool *pool = pool_of(nu__loop_here);

    nu__cancel_check();
    if (!pool) {
        nu__run_inline(job, arg);
        return;
    }
    while (pool->out == NU__POOL_QUEUE)
        nu__wait(&pool->line);
    pool->out++;
    nu__crew_run(&pool->crew, job, arg, NULL);
    pool->out--;
    nu__wait_wake_one(&pool->line);
}

void nu__pool_release(nu__loop_state *loop)
{
    if (!loop->pool)
        return;
    nu__crew_release(loop->pool);
    free(loop->pool);
    loop->pool = NULL;
}
