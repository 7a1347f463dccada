/**
 * @file
 * All migrations of the installed apps, and in which order they run.
 *
 * Nodes are migrations, edges their dependencies. Orders are Django's: depth first, parents by
 * name, so that two runs on two machines agree. A squashed migration takes the place of those that
 * it replaces, unless some of them, and not all, are applied. Counterpart: MigrationLoader,
 * MigrationGraph.
 */
#pragma once
#include "db/migrations/state.h"

#include <nuages/conf.h>

/* What a database says has been applied. */
typedef struct nu__applied {
    nu_str app, name, at; /* at: "2024-05-01 12:00:00" */
} nu__applied;
typedef struct nu__history {
    nu__applied *items;
    size_t n;
} nu__history;

typedef struct nu__node {
    const nu_migration *migration;
    struct nu__node **parents, **children; /* by name */
    size_t n_parents, n_children;
    uint32_t visited;
    bool applied;
    bool left_out;                  /* replaced, or a replacement that cannot be used */
    const struct nu__node *instead; /* of one that is replaced */
} nu__node;

typedef struct nu__graph {
    nu__node *nodes; /* by app label and name; those that are left out too */
    size_t n;
    uint32_t visit;
} nu__graph;

/* Of the installed apps over what is applied; NULL: nothing is. Raises NodeNotFoundError for an
   unknown dependency (with a suggestion), CircularDependencyError. */
nu__graph *nu__graph_build(const nu__history *history);
/* Of all that there are, none in the place of others: what sqlmigrate can show. */
nu__graph *nu__graph_build_whole(void);
/* Raises CommandError for two leaves in one app; `apps` NULL or empty: in any. */
void nu__graph_check_conflicts(const nu__graph *graph, const nu_list *apps);
/* Raises InconsistentMigrationHistory for one that is applied before what it depends on. */
void nu__graph_check_consistent(const nu__graph *graph, const char *alias);
/* NULL where it has none of that name. */
const nu__applied *nu__history_find(const nu__history *history, const char *app, const char *name);
bool nu__history_has(const nu__history *history, const char *app, const char *name);

nu__node *nu__graph_find(const nu__graph *graph, nu_str app, nu_str name);
/* By a name or its unambiguous beginning ("0001"), also one that is left out. Raises CommandError.
 */
nu__node *nu__graph_prefix(const nu__graph *graph, nu_str app, nu_str prefix);
/* The same as where to migrate to: of a squashed one that is applied in part the last that it
   replaces. Raises NodeNotFoundError for one that a squashed one stands for. */
nu__node *nu__graph_target(const nu__graph *graph, nu_str app, nu_str prefix);
/* The last migration of an app; NULL when it has none. */
nu__node *nu__graph_leaf(const nu__graph *graph, nu_str app);
/* All of them: more than one is a conflict. */
nu__node **nu__graph_leaves(const nu__graph *graph, nu_str app, size_t *n);
bool nu__graph_has_app(const nu__graph *graph, nu_str app);

/* What must have run before `node`, and it, in order; backwards: what rests on it, and it. */
nu__node **nu__graph_order(nu__graph *graph, nu__node *node, bool forwards, size_t *n);
/* All nodes, as `migrate` without arguments runs them. */
nu__node **nu__graph_full(nu__graph *graph, size_t *n);

/* The state after (or, `before`, just before) a migration; NULL: after all of them. */
nu__project_state *nu__graph_state(nu__graph *graph, nu__node *node, bool before);
void nu__migration_apply_state(const nu_migration *migration, nu__project_state *state);
