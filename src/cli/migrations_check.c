#include "cli/migrations_check.h"

#include "db/migrations/linter.h"
#include "db/migrations/recorder.h"

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

nu_list *nu__lint_unapplied(const char *alias)
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
