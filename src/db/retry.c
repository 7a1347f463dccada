/* A transaction again from its start, when the database could not serialize it with others. */
#include "db/transaction.h"

#include "core/context.h"
#include <nuages/loop.h>

#include <stdlib.h>
#include <string.h>

typedef struct attempt {
    void *(*fn)(void *);
    void *arg, *result;
    const nu_atomic_options *options;
} attempt;

static void *run_once(const attempt *attempt)
{
    NU_UNUSED NU_CLEANUP(nu__atomic_end) nu_transaction transaction =
        nu__atomic_begin(attempt->options);

    return attempt->fn(attempt->arg);
}

/* Worth another try: nothing is wrong with the statements, only with their company. */
static bool may_try_again(const nu_error *error)
{
    return nu_error_is_a(error->klass, NU_SERIALIZATION_FAILURE) ||
           nu_error_is_a(error->klass, NU_DEADLOCK_DETECTED) ||
           (error->code && strcmp(error->code, "locked") == 0);
}

/* 2, 4, 8, … ms and up to as much again, so that those who collided come apart. */
static double pause_before(int tries)
{
    int most = tries < 8 ? 2 << tries : 512;

    return (most + (double)(random() % most)) / 1000;
}

void *nu_run_atomic_(void *(*fn)(void *), void *arg, const nu_atomic_options *options)
{
    attempt attempt = { .fn = fn, .arg = arg, .options = options };
    bool nested = nu_in_atomic(.using = options->using);

    for (int tries = 0;; tries++) {
        const nu_error *error = nu_catch(NU_OPERATIONAL_ERROR, attempt.result = run_once(&attempt));

        if (!error)
            return attempt.result;
        if (nested || tries >= options->retries || !may_try_again(error))
            nu_reraise(error);
        nu_sleep(pause_before(tries));
    }
}
