/**
 * @file
 * What a migration would do to a site that runs: lock or rewrite a large table, break the code that
 * is still running during a deploy, lose data; each with the safe sequence to use instead.
 *
 * Tables that the same migration makes are nobody's yet, so nothing is said about them. A migration
 * with .reviewed = true is let by.
 */
#pragma once
#include "db/migrations/operations.h"

/* The dangers as dicts: id ("migrations.W101"), msg, hint, object ("registry.0002_student_gpa").
   `state` is the one before the migration, and becomes the one after it. */
nu_list *nu__lint_migration(const nu_migration *migration, nu__project_state *state);
nu_str nu__danger_text(const nu_dict *danger);

/* How a column changes: not at all, with room for more (which databases note down without looking
   at the rows), with less room, or so that each row is written again. */
typedef enum nu__column_change {
    NU__COLUMN_KEPT,
    NU__COLUMN_WIDER,
    NU__COLUMN_SHORTER,
    NU__COLUMN_REWRITTEN,
} nu__column_change;
nu__column_change nu__column_change_of(const nu_field *old, const nu_field *field);
/* An index that is not unique; a constraint that it refers to a row. */
bool nu__field_has_index(const nu_field *field);
bool nu__field_has_reference(const nu_field *field);

/* What an operation means for those who use the table meanwhile, on this kind of database; null
   when it touches no table that is there. */
nu_str nu__operation_locks(const nu__operation_run *run, const nu_operation *op);
/* The table that is there already and that an operation changes; null: none. */
nu_str nu__operation_table(const nu__operation_run *run, const nu_operation *op);
