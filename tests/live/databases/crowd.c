#include "live.h"

#include <nuages/loop.h>
#include <nuages/transaction.h>
#include <string.h>

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

void crowd_expect(crowd_work *work, bool right)
{
    work->wrong += !right;
    work->done++;
}

/* ---- each its own answers ----------------------------------------------------------------- */

typedef struct asking {
    crowd_work work;
    const crowd_shape *shapes;
    size_t n_shapes;
    int64_t asked;
} asking;

static struct pace {
    int64_t asked, all;
} pace;

static void step_on(void)
{
    int64_t part = pace.all / 20;

    if (++pace.asked % (part ? part : 1) == 0)
        live_progress(nu_fmt("{} of {} statements", pace.asked, pace.all));
}

/* What is raised ends the fiber, and is missed in `asked`. */
static void ask_on(void *arg)
{
    asking *one = arg;

    while (one->asked < one->work.rounds) {
        int64_t n = (int64_t)(next_random(&one->work.seed) % 1000000);
        nu_scratch_scope();

        one->shapes[next_random(&one->work.seed) % one->n_shapes](&one->work, n);
        one->asked++;
        step_on();
    }
}

void crowd_ask(const crowd_shape *shapes, size_t n_shapes, int n_fibers, int64_t statements)
{
    asking *all = nu_alloc_array(asking, (size_t)n_fibers);
    int64_t wrong = 0, done = 0, asked = 0;

    pace = (struct pace){ 0, statements };
    for (int i = 0; i < n_fibers; i++) {
        all[i] = (asking){ { .seed = 0x9e3779b97f4a7c15ULL * (uint64_t)(i + 1),
                             .rounds = statements / n_fibers },
                           shapes,
                           n_shapes,
                           0 };
        nu__fiber_spawn("asking", ask_on, &all[i]);
    }
    live_join();
    for (int i = 0; i < n_fibers; i++) {
        wrong += all[i].work.wrong;
        done += all[i].work.done;
        asked += all[i].asked;
    }
    printf("figure: %lld statements, %lld answers checked, %lld wrong\n", (long long)asked,
           (long long)done, (long long)wrong);
    CHECK_INT(wrong, 0);
    CHECK_INT(asked, statements / n_fibers * n_fibers);
}

/* ---- random cancellations ----------------------------------------------------------------- */

enum { FIBERS = 500, COUNTERS = 50, ROUNDS = 30 };

typedef struct member {
    crowd_work work;
    const crowd_sql *sql;
    nu__fiber *fiber;
    bool failed, ended;
} member;

typedef struct totals {
    int64_t done, wrong, failed, cancelled;
} totals;

static void move_one(const char *sql, int64_t id)
{
    nu__db_execute(DB, nu_s(sql), NU_ARGS(id), NULL);
}

/* Rows are locked in one order: no deadlocks. */
static void transfer(member *one)
{
    int64_t from = (int64_t)(next_random(&one->work.seed) % COUNTERS), to = (from + 7) % COUNTERS;
    nu_atomic_scope();

    if (from > to) {
        move_one(one->sql->add, to);
        move_one(one->sql->take, from);
    } else {
        move_one(one->sql->take, from);
        move_one(one->sql->add, to);
    }
}

static void read_number(member *one)
{
    int64_t n = (int64_t)(next_random(&one->work.seed) % 1000000);
    nu__rows *rows = nu__db_query(DB, nu_s(one->sql->read), NU_ARGS(n));

    crowd_expect(&one->work, nu__rows_next(rows) && rows->cells[0].i == n);
    nu__rows_close(rows);
}

static void read_and_move(void *arg)
{
    member *one = arg;

    one->fiber = nu__fiber_current();
    for (int64_t i = 0; i < one->work.rounds; i++) {
        nu_scratch_scope();
        if (next_random(&one->work.seed) % 4)
            read_number(one);
        else
            transfer(one);
    }
}

static void take_part(void *arg)
{
    member *one = arg;
    const nu_error *error = nu__guard(read_and_move, one);

    one->failed = error && error->klass != NU_CANCELLED;
    one->ended = true;
    if (error)
        nu_reraise(error);
}

static void count(totals *all, const member *one)
{
    all->done += one->work.done;
    all->wrong += one->work.wrong;
    all->failed += one->failed;
}

/* Who has ended is replaced; who is there is cancelled, once in a while. */
static void stir(member *one, const crowd_sql *sql, uint64_t *seed, totals *all)
{
    if (one->ended) {
        count(all, one);
        *one = (member){ .work = { .seed = next_random(seed) | 1, .rounds = ROUNDS }, .sql = sql };
        nu__fiber_spawn("crowd", take_part, one);
    } else if (one->fiber && next_random(seed) % COUNTERS == 0) {
        nu__fiber_cancel(one->fiber);
        one->fiber = NULL;
        all->cancelled++;
    }
}

void crowd_soak(const crowd_sql *sql, double seconds)
{
    member *members = nu_alloc_array(member, FIBERS);
    double end = nu__time() + seconds, tell = end - seconds;
    uint64_t seed = 42;
    totals all = { 0 };

    for (int i = 0; i < FIBERS; i++)
        members[i].ended = true;
    while (nu__time() < end) {
        for (int i = 0; i < FIBERS; i++)
            stir(&members[i], sql, &seed, &all);
        if (nu__time() >= tell) {
            live_progress(nu_fmt("{:.0f} s to go, {} answers checked", end - nu__time(), all.done));
            tell += seconds / 20;
        }
        nu_sleep(0.01);
    }
    live_join();
    for (int i = 0; i < FIBERS; i++)
        count(&all, &members[i]);
    printf("figure: %lld answers checked, %lld wrong, %lld fibers cancelled, %lld failed\n",
           (long long)all.done, (long long)all.wrong, (long long)all.cancelled,
           (long long)all.failed);
    CHECK_INT(all.wrong, 0);
    CHECK_INT(all.failed, 0);
    CHECK(all.done > 100 && all.cancelled > 0);
}
