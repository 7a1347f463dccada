/**
 * @file
 * All migrations of the installed apps, and in which order they run.
 *
 * Nodes are migrations, edges their dependencies. Orders are Django's: depth first, parents by
 * name, so that two runs on two machines agree. Counterpart: MigrationLoader, MigrationGraph.
 */
#pragma once
#include "db/migrations/state.h"

#include <nuages/conf.h>

typedef struct nu__node {
    const nu_migration *migration;
    struct nu__node **parents, **children; /* by name */
    size_t n_parents, n_children;
    uint32_t visited;
    bool applied;
} nu__node;

typedef struct nu__graph {
    nu__node *nodes; /* by app label and name */
    size_t n;
    uint32_t visit;
} nu__graph;

/* Of the installed apps. Raises MigrationError: an unknown dependency (with a suggestion), a
   circle, two leaves in one app. */
nu__graph *nu__graph_build(void);
nu__node *nu__graph_find(const nu__graph *graph, nu_str app, nu_str name);
/* By a name or its unambiguous beginning ("0001"). Raises CommandError. */
nu__node *nu__graph_prefix(const nu__graph *graph, nu_str app, nu_str prefix);
/* The last migration of an app; NULL when it has none. */
nu__node *nu__graph_leaf(const nu__graph *graph, nu_str app);
bool nu__graph_has_app(const nu__graph *graph, nu_str app);

/* What must have run before `node`, and it, in order; backwards: what rests on it, and it. */
nu__node **nu__graph_order(nu__graph *graph, nu__node *node, bool forwards, size_t *n);
/* All nodes, as `migrate` without arguments runs them. */
nu__node **nu__graph_full(nu__graph *graph, size_t *n);

/* The state after (or, `before`, just before) a migration; NULL: after all of them. */
nu__project_state *nu__graph_state(nu__graph *graph, nu__node *node, bool before);
void nu__migration_apply_state(const nu_migration *migration, nu__project_state *state);
