/* The order in which the operations of one app can run. */
#include "db/migrations/detector.h"

#include <string.h>

/* A topological sort that keeps to the given order where it can: rounds of what is ready, as
   Python's graphlib has them. */
typedef struct sorting {
    nu__generated **items;
    size_t n;
    size_t *order; /* of the items, as they were first met */
    size_t n_order;
    bool *met;
    size_t *waits_for; /* how many others */
    bool *before;      /* [i * n + k]: i comes before k */
} sorting;

static void meet(sorting *s, size_t i)
{
    if (s->met[i])
        return;
    s->met[i] = true;
    s->order[s->n_order++] = i;
}

static void add_edges(sorting *s, const char *app, size_t i)
{
    const nu__dependencies *deps = &s->items[i]->deps;

    meet(s, i);
    for (size_t d = 0; d < deps->n; d++) {
        nu__dependency dep = nu__resolved(&deps->items[d]);

        if (strcmp(dep.app, app))
            continue;
        for (size_t k = 0; k < s->n; k++) {
            if (k == i || !nu__depends_on(&dep, &s->items[k]->op))
                continue; /* a model whose key refers to itself is there once it is made */
            meet(s, k);
            if (!s->before[k * s->n + i]) {
                s->before[k * s->n + i] = true;
                s->waits_for[i]++;
            }
        }
    }
}

NU_NORETURN void nu__raise_circle(const char *app)
{
    nu_raise(NU_CIRCULAR_DEPENDENCY_ERROR,
             "the changes of {} depend on each other in a circle: make them in two steps, with "
             "makemigrations after each",
             app);
}

/* The next round: those whose last one waited for has just been taken, in its order. */
static size_t release(const sorting *s, const size_t *round, size_t n, size_t *next)
{
    size_t n_next = 0;

    for (size_t r = 0; r < n; r++)
        for (size_t i = 0; i < s->n; i++)
            if (s->before[round[r] * s->n + i] && !--s->waits_for[i])
                next[n_next++] = i;
    return n_next;
}

void nu__sort_operations(nu__app_operations *app)
{
    size_t n = app->n, n_round = 0, done = 0;
    sorting s = { .items = app->items,
                  .n = n,
                  .order = nu_alloc_array(size_t, n + 1),
                  .met = nu_alloc_array(bool, n + 1),
                  .waits_for = nu_alloc_array(size_t, n + 1),
                  .before = nu_alloc_array(bool, n *n + 1) };
    size_t *round = nu_alloc_array(size_t, n + 1);
    nu__generated **sorted = nu_alloc_array(nu__generated *, n + 1);

    for (size_t i = 0; i < n; i++)
        add_edges(&s, app->app, i);
    for (size_t o = 0; o < n; o++)
        if (!s.waits_for[s.order[o]])
            round[n_round++] = s.order[o];
    while (n_round) {
        size_t *next = nu_alloc_array(size_t, n + 1);

        for (size_t r = 0; r < n_round; r++)
            sorted[done++] = app->items[round[r]];
        n_round = release(&s, round, n_round, next);
        round = next;
    }
    if (done < n)
        nu__raise_circle(app->app);
    app->items = sorted;
}
