#include "cli/migrations_check.h"

#include "db/migrations/executor.h"
#include "db/migrations/linter.h"
#include "db/migrations/recorder.h"

#include <stdlib.h>
#include <string.h>

static void append_all(nu_list *out, const nu_list *more)
{
    for (size_t i = 0; i < nu_list_len(more); i++)
        nu_list_append_(out, nu_at(more, i));
}

/* Tables of an app that has none of its migrations applied are not there yet. */
static bool has_tables(const nu__history *history, const char *app)
{
    for (size_t i = 0; i < history->n; i++)
        if (nu_eq(history->items[i].app, app))
            return true;
    return false;
}

/* A site may do without. */
static bool has_database(const char *alias)
{
    const char *each;

    for (size_t i = 0; (each = nu__database_alias(i)); i++)
        if (strcmp(each, alias ? alias : "default") == 0)
            return true;
    return false;
}

static nu_list *lint(const char *alias)
{
    nu__history history = nu__recorder_history(nu__connection_of(alias));
    nu__graph *graph = nu__graph_build(&history);
    nu__project_state *state = nu__state_new(nu__user_model_label());
    nu_list *out = nu_list_new(), *dangers;
    nu_dict *made = nu_dict_new();
    size_t n;
    nu__node **nodes = nu__graph_full(graph, &n);

    for (size_t i = 0; history.n && i < n; i++) {
        const nu_migration *migration = nodes[i]->migration;

        if (nodes[i]->applied) {
            nu__migration_apply_state(migration, state);
            continue;
        }
        dangers = nu__lint_migration(migration, state, made);
        if (has_tables(&history, migration->app_label))
            append_all(out, dangers);
    }
    return out;
}

nu_list *nu__lint_unapplied(const char *alias)
{
    return has_database(alias) ? lint(alias) : nu_list_new();
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t count(const char *alias, nu_list *labels)
{
    nu__history history = nu__recorder_history(nu__connection_of(alias));
    nu__graph *graph = nu__graph_build(&history);
    nu__plan plan = nu__executor_plan(graph, (nu_str){ NULL, 0 }, (nu_str){ NULL, 0 });
    const char **names = nu_alloc_array(const char *, plan.n + 1);

    for (size_t i = 0; i < plan.n; i++)
        names[i] = plan.steps[i].node->migration->app_label;
    qsort(names, plan.n, sizeof *names, by_text);
    for (size_t i = 0; i < plan.n; i++)
        if (!i || strcmp(names[i - 1], names[i]))
            nu_list_append(labels, names[i]);
    return plan.n;
}

size_t nu__count_unapplied(const char *alias, nu_list *labels)
{
    return has_database(alias) ? count(alias, labels) : 0;
}
