/**
 * @file
 * What a migration would do to a site that runs: lock or rewrite a large table, break the code that
 * is still running during a deploy, lose data; each with the safe sequence to use instead.
 *
 * What is said of locks and copies holds on PostgreSQL and MariaDB. SQLite locks its file for each
 * change, and makes most tables anew: there is no other way there, and `migrate --plan` tells it.
 *
 * Tables that the migration makes, or one before it that is not applied, are nobody's yet, so
 * nothing is said about them. A migration with .reviewed = true is let by.
 */
#pragma once
#include "db/migrations/operations.h"

/* The dangers as dicts: id ("migrations.W101"), msg, hint, object ("registry.0002_student_gpa").
   `state` is the one before the migration, and becomes the one after it; `made` gets the labels of
   the models that migrations make, and is given to the next call. */
nu_list *nu__lint_migration(const nu_migration *migration, nu__project_state *state, nu_dict *made);
nu_str nu__danger_text(const nu_dict *danger);

/* An index that is not unique; a constraint that it refers to a row. */
bool nu__field_has_index(const nu_field *field);
bool nu__field_has_reference(const nu_field *field);
