/**
 * @file
 * The operations that lead from one state to another.
 *
 *   recorded state, the site's models
 *     -> per model: created, deleted, changed fields, options, indexes, constraints
 *     -> ordered so that what is referred to comes first; a circle of foreign keys is cut by
 *        adding one of them afterwards
 *     -> one migration an app, depending on those it refers to
 *
 * Counterpart: MigrationAutodetector.
 */
#pragma once
#include "db/migrations/graph.h"

/* What makemigrations found for one app. */
typedef struct nu__app_changes {
    const char *app_label;
    nu_operation *operations; /* ends with { 0 } */
    size_t n;
    nu_migration migration; /* named and with its dependencies; operations as above */
} nu__app_changes;

/**
 * Compare the graph's last state with the site's models.
 *
 * @param name  for the migration instead of one made from its operations; NULL: made
 * @param n     out: how many apps changed
 * @return      by app label, in the fiber's arena
 * @raises      MigrationError for a new column that is not null and has no default: says what to
 * add
 */
nu__app_changes *nu__autodetect(nu__graph *graph, const char *name, size_t *n);
