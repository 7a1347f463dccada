/**
 * @file
 * What the files of the linter share: the operation that is looked at, and what is asked of it.
 */
#pragma once
#include "db/migrations/linter.h"

typedef struct nu__linting {
    const nu_migration *migration;
    nu__project_state *before, *after; /* the operation */
    nu_dict *made;
} nu__linting;

/* Whether a danger is there. */
typedef bool nu__lint_condition(const nu__linting *l, const nu_operation *op);
nu__lint_condition nu__lint_always,
    /* tables and columns */
    nu__renames_table, nu__renames_column, nu__drops_column, nu__drops_many,
    /* AddField */
    nu__breaks_inserts, nu__is_stored, nu__varies, nu__calls_default, nu__is_unique, nu__has_index,
    nu__has_filled_reference, nu__has_empty_reference, nu__has_column_check,
    /* AlterField */
    nu__loses_db_default, nu__becomes_not_null, nu__becomes_unique, nu__becomes_indexed,
    nu__becomes_reference, nu__becomes_checked, nu__is_rewritten, nu__is_rewritten_on_postgresql,
    nu__is_rewritten_on_mariadb, nu__sorts_index_anew, nu__loses_values, nu__loses_choice,
    /* order, indexes, constraints */
    nu__gets_order, nu__loses_order, nu__gets_together, nu__is_check, nu__is_unique_constraint,
    nu__is_exclusion,
    /* code and SQL */
    nu__keeps_locks, nu__has_no_reverse;
