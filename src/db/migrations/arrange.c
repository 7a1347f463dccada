/* Operations, in an order in which they can run, cut into migrations and made shorter. */
#include "core/text.h"
#include "db/migrations/detector.h"
#include "db/migrations/reduce.h"

#include <stdlib.h>
#include <string.h>

/* ---- cutting ------------------------------------------------------------------------------- */

typedef struct pair {
    const char *app, *name;
} pair;

/* A migration in the making. */
typedef struct draft {
    const char *app;
    nu__generated **items;
    size_t n;
    pair deps[64];
    size_t n_deps;
    bool initial;
    size_t number; /* among its app's, from 1 */
    const char *name;
} draft;

typedef struct cutting {
    nu__detector *d;
    draft *drafts;
    size_t n_drafts;
    bool chop; /* where nothing else goes, cut in the middle of an app's operations */
} cutting;

static const char *draft_name(size_t number)
{
    return nu_fmt("auto_{}", (int64_t)number).ptr;
}

static draft *last_draft(const cutting *c, const char *app)
{
    draft *found = NULL;

    for (size_t i = 0; i < c->n_drafts; i++)
        if (!strcmp(c->drafts[i].app, app))
            found = &c->drafts[i];
    return found;
}

static void add_dep(draft *draft, const char *app, const char *name)
{
    for (size_t i = 0; i < draft->n_deps; i++)
        if (!strcmp(draft->deps[i].app, app) && !strcmp(draft->deps[i].name, name))
            return;
    if (draft->n_deps == 64)
        nu_raise(NU_MIGRATION_ERROR, "a migration of {} depends on more than 64 others",
                 draft->app);
    draft->deps[draft->n_deps++] = (pair){ app, name };
}

static bool is_still_to_come(const cutting *c, const nu__dependency *dep)
{
    for (size_t i = 0; i < c->d->n_apps; i++)
        for (size_t k = 0; k < c->d->apps[i].n; k++)
            if (!strcmp(c->d->apps[i].app, dep->app) &&
                nu__depends_on(dep, &c->d->apps[i].items[k]->op))
                return true;
    return false;
}

/* The migration of another app that a dependency means; false: it is not known yet. */
static bool meet_dependency(const cutting *c, draft *draft, const nu__dependency *dep)
{
    nu__dependency resolved = nu__resolved(dep);
    const struct draft *last;
    nu__node *leaf;

    if (!strcmp(resolved.app, draft->app))
        return true;
    if (is_still_to_come(c, &resolved))
        return false;
    last = last_draft(c, resolved.app);
    leaf = nu__graph_leaf(c->d->graph, nu_s(resolved.app));
    if (!strcmp(dep->app, NU_AUTH_USER_MODEL))
        add_dep(draft, NU_AUTH_USER_MODEL, "__first__");
    else if (last)
        add_dep(draft, resolved.app, draft_name(last->number));
    else if (c->chop)
        add_dep(draft, resolved.app, leaf ? leaf->migration->name : "__first__");
    else
        return false;
    return true;
}

static bool meet_dependencies(const cutting *c, draft *draft, const nu__generated *generated)
{
    size_t had = draft->n_deps;

    for (size_t i = 0; i < generated->deps.n; i++)
        if (!meet_dependency(c, draft, &generated->deps.items[i])) {
            draft->n_deps = had;
            return false;
        }
    return true;
}

static bool is_new_app(const nu__detector *d, const char *app)
{
    for (size_t i = 0; i < d->from->n; i++)
        if (!strcmp(d->from->models[i]->app_label, app))
            return false;
    return true;
}

/* As many of an app's operations as can be had now; all of them, unless it must be chopped. */
static void cut(cutting *c, nu__app_operations *app)
{
    draft draft = { .app = app->app, .items = app->items }, *last = last_draft(c, app->app);

    while (draft.n < app->n && meet_dependencies(c, &draft, app->items[draft.n]))
        draft.n++;
    if ((!draft.n && !draft.n_deps) || (draft.n < app->n && !c->chop))
        return;
    app->items += draft.n;
    app->n -= draft.n;
    draft.initial = is_new_app(c->d, app->app);
    draft.number = last ? last->number + 1 : 1;
    c->drafts[c->n_drafts++] = draft;
    c->chop = false;
}

static size_t count_left(const nu__detector *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n_apps; i++)
        n += d->apps[i].n;
    return n;
}

static int by_app(const void *a, const void *b)
{
    return strcmp(((const nu__app_operations *)a)->app, ((const nu__app_operations *)b)->app);
}

static void cut_all(cutting *c)
{
    size_t left = count_left(c->d);

    c->drafts = nu_alloc_array(draft, left + 1);
    while (left) {
        size_t was = left;

        for (size_t i = 0; i < c->d->n_apps; i++)
            cut(c, &c->d->apps[i]);
        left = count_left(c->d);
        if (left == was && c->chop)
            nu_raise(NU_CIRCULAR_DEPENDENCY_ERROR, "the changes of the apps depend on each other "
                                                   "in a circle: make them in two steps, with "
                                                   "makemigrations after each");
        if (left == was)
            c->chop = true;
    }
    for (size_t i = 0; i < c->n_drafts; i++)
        if (c->drafts[i].number > 1)
            add_dep(&c->drafts[i], c->drafts[i].app, draft_name(c->drafts[i].number - 1));
}

/* ---- migrations ---------------------------------------------------------------------------- */

static nu_operation *shortened(const draft *draft)
{
    nu_operation *all = nu_alloc_array(nu_operation, draft->n + 1);

    for (size_t i = 0; i < draft->n; i++)
        all[i] = draft->items[i]->op;
    return nu__optimize(all, draft->app);
}

static void name_draft(const nu__detector *d, draft *draft, const nu_operation *operations)
{
    nu__node *leaf = nu__graph_leaf(d->graph, nu_s(draft->app));
    int64_t number =
        (leaf ? nu__migration_number(leaf->migration->name) : 0) + (int64_t)draft->number;
    nu_str words = d->what->name                 ? nu_s(d->what->name)
                   : draft->number == 1 && !leaf ? S("initial")
                                                 : nu__migration_words(operations, draft->initial);

    draft->name = nu_fmt("{:04}_{}", number, nu__utf8_slice(words, 0, 100)).ptr;
    if (leaf && draft->number == 1)
        add_dep(draft, draft->app, leaf->migration->name);
}

/* "auto_2" of a draft under the name that it has now. */
static const char *name_now(const cutting *c, const pair *dep)
{
    for (size_t i = 0; i < c->n_drafts; i++)
        if (!strcmp(c->drafts[i].app, dep->app) &&
            !strcmp(draft_name(c->drafts[i].number), dep->name))
            return c->drafts[i].name;
    return dep->name;
}

static int by_pair(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    bool x_user = !strcmp(x[0], NU_AUTH_USER_MODEL), y_user = !strcmp(y[0], NU_AUTH_USER_MODEL);
    int order = x_user - y_user; /* last, as in Django's files */

    if (!order)
        order = strcmp(x[0], y[0]);
    return order ? order : strcmp(x[1], y[1]);
}

static void set_dependencies(const cutting *c, const draft *draft, nu_migration *migration)
{
    if (draft->n_deps > 15)
        nu_raise(NU_MIGRATION_ERROR, "a migration of {} would depend on more than 15 others",
                 draft->app);
    for (size_t i = 0; i < draft->n_deps; i++) {
        migration->dependencies[i][0] = draft->deps[i].app;
        migration->dependencies[i][1] = name_now(c, &draft->deps[i]);
    }
    qsort(migration->dependencies, draft->n_deps, sizeof *migration->dependencies, by_pair);
}

/* Drafts of one app follow each other, apps in the order of their first. */
static size_t next_draft(const cutting *c, bool *taken, const char *app)
{
    size_t first = c->n_drafts;

    for (size_t i = c->n_drafts; i-- > 0;)
        if (!taken[i] && (!app || !strcmp(c->drafts[i].app, app)))
            first = i;
    if (first == c->n_drafts)
        return app ? next_draft(c, taken, NULL) : first;
    taken[first] = true;
    return first;
}

/* ---- only what is wanted ------------------------------------------------------------------- */

static bool is_listed(const nu_list *apps, const char *app)
{
    for (size_t i = 0; i < nu_list_len(apps); i++)
        if (nu_eq(nu_at(apps, i).s, app))
            return true;
    return false;
}

static bool add_required(nu_list *required, const nu__new_migration *all, size_t n)
{
    size_t had = nu_list_len(required);

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0;
             is_listed(required, all[i].app_label) && k < 16 && all[i].migration.dependencies[k][0];
             k++)
            if (!is_listed(required, all[i].migration.dependencies[k][0]))
                nu_list_append(required, all[i].migration.dependencies[k][0]);
    return nu_list_len(required) > had;
}

static size_t trim(nu__new_migration *all, size_t n, const nu_list *wanted)
{
    nu_list *required = nu_list_new();
    size_t kept = 0;

    if (!wanted || !nu_list_len(wanted))
        return n;
    for (size_t i = 0; i < nu_list_len(wanted); i++)
        nu_list_append(required, nu_at(wanted, i).s);
    while (add_required(required, all, n))
        ;
    for (size_t i = 0; i < n; i++)
        if (is_listed(required, all[i].app_label))
            all[kept++] = all[i];
    return kept;
}

nu__new_migration *nu__arrange(nu__detector *d, size_t *n)
{
    cutting c = { .d = d };
    nu__new_migration *made;
    nu_operation **operations;
    bool *taken;

    qsort(d->apps, d->n_apps, sizeof *d->apps, by_app);
    for (size_t i = 0; i < d->n_apps; i++)
        nu__sort_operations(&d->apps[i]);
    cut_all(&c);
    made = nu_alloc_array(nu__new_migration, c.n_drafts + 1);
    operations = nu_alloc_array(nu_operation *, c.n_drafts + 1);
    taken = nu_alloc_array(bool, c.n_drafts + 1);
    for (size_t i = 0; i < c.n_drafts; i++) {
        operations[i] = shortened(&c.drafts[i]);
        name_draft(d, &c.drafts[i], operations[i]);
    }
    *n = 0;
    for (size_t i = next_draft(&c, taken, NULL); i < c.n_drafts;
         i = next_draft(&c, taken, c.drafts[i].app)) {
        nu__new_migration *migration = &made[(*n)++];

        *migration = (nu__new_migration){ .app_label = c.drafts[i].app,
                                          .operations = operations[i],
                                          .n = nu__operation_count(operations[i]) };
        migration->migration = (nu_migration){ .app_label = c.drafts[i].app,
                                               .name = c.drafts[i].name,
                                               .initial = c.drafts[i].initial,
                                               .operations = operations[i] };
        set_dependencies(&c, &c.drafts[i], &migration->migration);
    }
    *n = trim(made, *n, d->what->apps);
    return made;
}
