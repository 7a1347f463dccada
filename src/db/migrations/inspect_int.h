/**
 * @file
 * Between the parts of inspectdb: a table while its model is made.
 */
#pragma once
#include "db/migrations/inspect.h"

/* What is known of the table. */
typedef struct nu__reading {
    nu__inspection *all;
    nu__inspected *item;
    nu__table_column *columns;
    size_t n_columns;
    nu__table_constraint *constraints;
    size_t n_constraints;
    nu_list *checks;
    nu_str keys[16];
    size_t n_keys;
    nu_str key; /* the column that stands for the row */
} nu__reading;

/* The model of a table; NULL: it is not among those that are read. */
nu__inspected *nu__inspected_of(const nu__inspection *what, nu_str table);
/* SQLite's names are the same in any case. */
bool nu__same_identifier(const nu__inspection *what, nu_str a, nu_str b);
bool nu__is_unique_column(const nu__inspection *what, const nu__table_constraint *constraints,
                          size_t n, nu_str column);
bool nu__is_inspected_key(const nu__reading *r, nu_str column);
/* The foreign key over just this column, to a table that is among the models; NULL: none. */
const nu__table_constraint *nu__inspected_reference(const nu__reading *r, nu_str column);
/* The fields of all columns. Yields. */
void nu__inspect_fields(nu__reading *r);
/* Foreign keys to other columns than the key, by the names of the fields that those became. Once
   all tables are read. */
void nu__inspect_targets(nu__inspection *what);
/* One after the other; either may be NULL. */
const char *nu__both_notes(const char *a, const char *b);
/* unique_together, the indexes that migrations are to look after, a note of those that no model
   says. */
void nu__inspect_sets(nu__reading *r);
