/**
 * @file
 * Constraints of a table as they are found: introspection.c asks the PRAGMAs, inline_constraints.c
 * reads the text of CREATE TABLE. Memory is the arena's; nothing here yields.
 */
#pragma once
#include "db/backends/base.h"

typedef struct nu__found_constraints {
    nu__table_constraint *items;
    size_t n;
    size_t unnamed;
    const nu__table_column *columns; /* of the table */
    size_t n_columns;
} nu__found_constraints;

/* One more, empty. */
nu__table_constraint *nu__found_add(nu__found_constraints *found);
void nu__constraint_add_column(nu__table_constraint *constraint, nu_str name);
/* UNIQUE and CHECK of the text that made the table, by their names or those that Django makes up.
 */
void nu__find_inline(nu__found_constraints *found, nu_str sql);
