/**
 * @file
 * The operations that lead from one state to another.
 *
 *   nu__autodetect
 *     detect_models.c         renamed, deleted, created; proxies
 *     detect_options.c        options, tables, unique_together, order_with_respect_to
 *     detect_fields.c         renamed, removed, added, altered
 *     detect_indexes.c        indexes and constraints
 *       nu__detected            each operation with what it depends on (dependencies.c)
 *     nu__arrange             arrange.c: sorted by that, cut into migrations, made shorter, named
 *
 * The order of all of it is Django's, so that both make the same files. Counterpart:
 * MigrationAutodetector.
 */
#pragma once
#include "db/migrations/questioner.h"

/* A migration that is to be written. */
typedef struct nu__new_migration {
    const char *app_label;
    nu_operation *operations; /* ends with { 0 } */
    size_t n;
    nu_migration migration; /* named and with its dependencies; operations as above */
} nu__new_migration;

typedef struct nu__detection {
    nu__project_state *from, *to;
    nu__graph *graph;
    const nu__questioner *questioner; /* NULL: the silent one */
    const char *name;                 /* of the migrations; NULL: made from their operations */
    const nu_list *apps;              /* labels of those that are wanted; NULL or empty: all */
} nu__detection;

/**
 * Compare two states; what only other apps need of it is left out when apps are named.
 *
 * @param n  out: how many
 * @return   in the order in which they are told and written, in the fiber's arena
 * @raises   MigrationError for what cannot be ordered; whatever the questioner raises
 */
nu__new_migration *nu__autodetect(const nu__detection *what, size_t *n);

/* The recorded state and the site's own, as makemigrations compares them. */
nu__detection nu__detection_of_site(nu__graph *graph);

/* The number that a migration's name begins with, or that a squashed one goes up to; 0: none. */
int64_t nu__migration_number(const char *name);
/* "student_gpa" of operations; "auto_…" with the time where they say nothing. */
nu_str nu__migration_words(const nu_operation *operations, bool initial);
